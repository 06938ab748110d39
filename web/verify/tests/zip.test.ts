/** Packages that two readers could see differently: none of them is opened. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { joined, Malformed, utf8_bytes, utf8_text } from '../src/core/bytes'
import { unzip } from '../src/core/zip'
import { write_zip, type ZipEntry, type ZipWhole } from './zip_writer'

const conformance = join(process.cwd(), '../../shared/conformance/ofd')
const has_conformance = existsSync(conformance) || Boolean(process.env.CI)
const page = utf8_bytes('<page>genuine</page>'.repeat(20))
const first: ZipEntry = { name: 'OFD.xml', bytes: utf8_bytes('<OFD/>') }
const last: ZipEntry = { name: 'Doc_0/page.xml', bytes: page }
const forged: ZipEntry = { name: 'Doc_0/page.xml', bytes: utf8_bytes('<page>forged</page>') }
const hidden = (entry: ZipEntry = forged): ZipEntry => ({ ...entry, is_hidden: true })

function names(entries: ZipEntry[], whole?: ZipWhole): string[] {
  return [...unzip(write_zip(entries, whole)).keys()]
}

const kBoth = ['OFD.xml', 'Doc_0/page.xml']

describe('a package', () => {
  it('is read, whether its files are packed or not and their sizes stand before or after them', () => {
    expect(names([first, last])).toEqual(kBoth)
    expect(names([{ ...first, stored: true }, last])).toEqual(kBoth)
    expect(
      names([
        { ...first, follows: 'bare' },
        { ...last, follows: 'marked' },
      ]),
    ).toEqual(kBoth)
    expect(names([first, { name: 'Doc_0/', bytes: new Uint8Array(), stored: true }, last])).toEqual(kBoth)
    expect(utf8_text(unzip(write_zip([first, last])).get('Doc_0/page.xml') ?? page)).toBe(utf8_text(page))
    expect([...unzip(zipSync({ 'a.xml': page, 'b.png': [page, { level: 0 }] })).keys()]).toEqual(['a.xml', 'b.png'])
    expect(unzip(write_zip([{ ...first, bytes: new Uint8Array() }])).get('OFD.xml')?.length).toBe(0)
  })

  it.skipIf(!has_conformance)('that others made is read', () => {
    const files = readdirSync(conformance).filter((name) => name.endsWith('.ofd'))
    expect(files.length).toBeGreaterThan(2)
    for (const name of files)
      expect([...unzip(new Uint8Array(readFileSync(join(conformance, name)))).keys()], name).toContain('OFD.xml')
  })

  it('with a file that only readers from file to file see is refused, wherever it stands', () => {
    const whole = write_zip([first, hidden()])
    const alone = whole.subarray(write_zip([first]).indexOf(0x50, 1), whole.length)
    for (const [place, [entries, parts]] of (
      [
        [[first, last, hidden()], {}],
        [[first, hidden(), last], {}],
        [[hidden(), first, last], {}],
        [[first, last], { before: write_zip([forged]) }],
        [[first, { ...last, after: utf8_bytes('x') }], {}],
        [[{ ...first, follows: 'marked', after: utf8_bytes('1234') }, last], {}],
        [[first, last], { after_directory: alone }],
        [[first, last], { comment: utf8_bytes('x') }],
        [[first, last], { comment: write_zip([forged]) }],
        [[first, { ...last, packed_more: utf8_bytes('x') }], {}],
        [[first, { ...last, follows: 'marked', packed_more: write_zip([forged]) }], {}],
      ] satisfies [ZipEntry[], ZipWhole][]
    ).entries())
      expect(() => names(entries, parts), `place ${place}`).toThrow(Malformed)
    expect(() => unzip(joined(write_zip([first, last]), utf8_bytes(' ')))).toThrow(Malformed)
  })

  it('with a file that is called or sized otherwise before it than in the directory is refused', () => {
    const extra = (kind: number) => Uint8Array.of(kind & 0xff, kind >> 8, 1, 0, 0)
    for (const changed of [
      { local_name: 'Doc_0/Page.xml' },
      { size: page.length - 1 },
      { size: page.length + 1 },
      { stored: true, follows: 'marked' },
      { flags: 1 },
      { flags: 0x20 },
      { extra: extra(1) },
      { local_extra: extra(1) },
      { extra: extra(0x7075) },
      { local_extra: extra(0x7075) },
    ] satisfies Partial<ZipEntry>[])
      expect(() => names([first, { ...last, ...changed }]), JSON.stringify(changed)).toThrow(Malformed)
    expect(names([first, { ...last, extra: extra(0x5455), local_extra: extra(0x5455) }])).toEqual(kBoth)
  })

  it('with names that climb, are there twice or are those of folders with bytes is refused', () => {
    for (const name of [
      '/a',
      'a/../b',
      'a\\b',
      'c:a',
      'a//b',
      './a',
      '',
      'evil/',
      'ofd.XML',
      'OFD.xml',
      'a\nb',
      'a'.repeat(241),
    ])
      expect(() => names([first, { name, bytes: page }]), name).toThrow(Malformed)
  })

  it('that grows without end is refused before it has grown', () => {
    const small = { name: 'small', bytes: new Uint8Array(2_000_000) }
    expect(() => names([small])).toThrow(Malformed)
    expect(() => names([{ ...small, size: 33 << 20 }])).toThrow(Malformed)
    expect(() => names([{ ...small, size: 1000 }])).toThrow(Malformed)
  })
})
