/** Files that would keep a reader busy for minutes, or for ever: there is an answer in seconds. */
import { zlibSync } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import { joined, latin1_bytes, utf8_bytes } from '../src/core/bytes'
import { certificate_of } from '../src/core/contents'
import { missing_on_page } from '../src/core/fields'
import { verify_file } from '../src/core/verify'
import { parse_xml } from '../src/core/xml'
import { unzip } from '../src/core/zip'
import * as make from './make'
import { write_zip } from './zip_writer'

/** Of a machine that does other things too. */
const kMsMax = 12_000
let ours: make.Authority
let good: make.Case

beforeAll(() => {
  ours = make.make_authority()
  good = make.make_case(ours)
})

function codes(bytes: Uint8Array): string[] {
  const begin = performance.now()
  const { checks } = verify_file({ name: 'dear', bytes }, ours.trust, make.kNowMs)
  expect(performance.now() - begin).toBeLessThan(kMsMax)
  return checks.flatMap(({ code, outcome }) => (outcome === 'fail' ? code : []))
}

interface Drawn {
  resources?: string
  pages?: string
  /** Objects from 6 on. */
  more?: Uint8Array[]
  members?: string
}

/** One page of a certificate of ours, without signature. */
function drawn(
  content: string,
  { resources = '', pages = '/Kids [3 0 R] /Count 1', more = [], members = '' }: Drawn = {},
): Uint8Array {
  return make.pdf_of([
    latin1_bytes('<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R >>'),
    latin1_bytes(`<< /Type /Pages ${pages} >>`),
    latin1_bytes(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << ${resources} >> >>`),
    make.stream(zlibSync(latin1_bytes(content)), `/Filter /FlateDecode ${members}`),
    make.stream(utf8_bytes(make.make_metadata(good.certificate, good.evidence)), '/Type /Metadata'),
    ...more,
  ])
}

const kPageDiffers = ['verify.signature_missing', 'verify.page_differs']
const kUnreadable = ['verify.file_unreadable']

describe('a PDF', () => {
  it('with images that have no end', () => {
    expect(codes(drawn('ID '.repeat(1_000_000)))).toEqual(kPageDiffers)
  })

  it('with forms that draw forms', () => {
    const form = (number: number) =>
      make.stream(
        latin1_bytes('/X Do '.repeat(10)),
        `/Subtype /Form /Resources << /Font << >> /XObject << /X ${number} 0 R >> >>`,
      )
    const forms = Array.from({ length: 12 }, (_, at) => form(7 + at))
    expect(codes(drawn('/X Do', { resources: '/XObject << /X 6 0 R >>', more: forms }))).toEqual(kPageDiffers)
    const again = '/X Do '.repeat(100_000)
    expect(codes(drawn(again, { resources: '/XObject << /X 6 0 R >>', more: [form(7), form(0)] }))).toEqual(
      kPageDiffers,
    )
  })

  it('with trailers within trailers', () => {
    const count = 20_000
    const nested = latin1_bytes('trailer<</A('.repeat(count) + ')>>'.repeat(count))
    expect(codes(joined(drawn(''), nested))).toEqual(kUnreadable)
  })

  it('with pages that name each other, deeper than calls may go', () => {
    const parent = (number: number) => latin1_bytes(`<< /Type /Pages /Kids [${number} 0 R] /Count 1 >>`)
    const parents = Array.from({ length: 20_000 }, (_, at) => parent(7 + at))
    expect(codes(drawn('', { pages: '/Kids [6 0 R] /Count 1', more: parents }))).toEqual(kPageDiffers)
    expect(codes(drawn('', { pages: `/Kids [${'3 0 R '.repeat(2)}] /Count 2` }))).toEqual(kPageDiffers)
    expect(codes(drawn('', { pages: `/Kids [${'3 0 R '.repeat(100_000)}] /Count 2` }))).toEqual(kPageDiffers)
  })

  it('with a map that makes a book of each glyph', () => {
    const mapped = (map: string) => [
      latin1_bytes('<< /Type /Font /Subtype /Type1 /ToUnicode 7 0 R >>'),
      make.stream(zlibSync(latin1_bytes(map)), '/Filter /FlateDecode'),
    ]
    const resources = '/Font << /F 6 0 R >>'
    const book = '0041'.repeat(1_000_000)
    for (const map of [`1 beginbfchar <00> <${book}> endbfchar`, `1 beginbfrange <00> <FF> <${book}> endbfrange`])
      expect(codes(drawn(`/F 1 Tf <${'00'.repeat(2_000_000)}> Tj`, { resources, more: mapped(map) }))).toEqual(
        kPageDiffers,
      )
  })

  it('with a stream that says how to unpack it', () => {
    const line = make.printed_lines(good.certificate).join(' ')
    expect(codes(drawn(line, { members: '/DecodeParms << /Predictor 12 /Columns 1000000000 >>' }))).toEqual(
      kPageDiffers,
    )
  })

  it('with numbers, blanks and values without end', () => {
    expect(codes(drawn(`${'1'.repeat(1_000_000)}x`))).toEqual(kPageDiffers)
    expect(codes(drawn(' '.repeat(8_000_000)))).toEqual(kPageDiffers)
    expect(codes(drawn(`${'%\n'.repeat(4_000_000)}`))).toEqual(kPageDiffers)
    expect(codes(drawn('[]'.repeat(5_000_000)))).toEqual(kPageDiffers)
    expect(codes(joined(drawn(''), latin1_bytes(' '.repeat(10_000_000))))).toEqual(kPageDiffers)
  })
})

describe('a package', () => {
  const changed = (change: (files: Map<string, Uint8Array>) => void) => {
    const files = new Map(unzip(make.make_ofd(ours, good)))
    change(files)
    return codes(write_zip([...files].map(([name, bytes]) => ({ name, bytes }))))
  }
  const replace = (path: string, from: string | RegExp, to: string) => (files: Map<string, Uint8Array>) =>
    files.set(
      path,
      utf8_bytes(
        Buffer.from(files.get(path) ?? '')
          .toString('utf8')
          .replace(from, to),
      ),
    )

  it('that covers one file again and again', () => {
    const again = replace('Doc_0/Signs/Sign_0/Signature.xml', /<ofd:Reference .*?<\/ofd:Reference>/, '$&$&')
    expect(changed(again)).toEqual(kUnreadable)
  })

  it('with a seal list that holds something else than one seal', () => {
    const list = 'Doc_0/Signs/Signatures.xml'
    for (const more of [
      '<!-- anything -->',
      '<?anything?>',
      '<x>anything</x>',
      'anything',
      '<ofd:MaxSignId>2</ofd:MaxSignId>',
      '<ofd:Signature ID="2" BaseLoc="/none.xml"/>',
      '<ofd:Signature ID="2" Type="Seal" BaseLoc="/Doc_0/Signs/Sign_0/Signature.xml"/>',
    ])
      expect(changed(replace(list, '</ofd:Signatures>', `${more}</ofd:Signatures>`)), more).toEqual(kUnreadable)
    for (const said of ['Type="anything"', 'Type="Seal" X="anything"', 'Type="Seal" ofd:Type="Seal"'])
      expect(changed(replace(list, 'Type="Seal"', said)), said).toEqual(kUnreadable)
    expect(changed(replace(list, '<ofd:MaxSignId>1</ofd:MaxSignId>', ' \n'))).toEqual([])
  })

  const with_templates = (count: number, pages: number, characters: number) => (files: Map<string, Uint8Array>) => {
    const page = '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
    replace('Doc_0/Document.xml', page, page.repeat(pages))(files)
    replace('Doc_0/Document.xml', '<ofd:CommonData>', '$&<ofd:TemplatePage ID="9" BaseLoc="T.xml"/>')(files)
    const used = '<ofd:Template TemplateID="9"/>'.repeat(count)
    replace('Doc_0/Pages/Page_0/Content.xml', '<ofd:Content>', `${used}$&`)(files)
    const text = `<ofd:TextObject Boundary="0 0 1 1"><ofd:TextCode>${'x'.repeat(characters)}</ofd:TextCode></ofd:TextObject>`
    const layer = `<ofd:Layer>${text}${'<ofd:PathObject/>'.repeat(5000)}</ofd:Layer>`
    files.set('Doc_0/T.xml', utf8_bytes(`<ofd:Page xmlns:ofd="u"><ofd:Content>${layer}</ofd:Content></ofd:Page>`))
  }

  it('with templates without end, or more text than anybody reads', () => {
    expect(changed(with_templates(16, 1, 200_000))).toEqual(['verify.package_file_changed'])
    expect(changed(with_templates(17, 1, 1))).toEqual(kUnreadable)
    expect(changed(with_templates(16, 900, 1))).toEqual(kUnreadable)
    expect(changed(with_templates(16, 1, 300_000))).toEqual(kUnreadable)
  })
})

it('XML with a hundred thousand namespaces is refused before they are counted in each element', () => {
  const names = Array.from({ length: 100_000 }, (_, at) => `xmlns:a${at}="u"`).join(' ')
  expect(() => parse_xml(`<r ${names}>${'<a xmlns:b="u"/>'.repeat(100_000)}</r>`)).toThrow('too many namespaces')
})

it('a value is looked for on a page in one go, however it repeats itself', () => {
  const long = 'a'.repeat(5000)
  const certificate = certificate_of(make.make_certificate({ remark: `${long}b${long}` }))
  const names = (printed: string) => missing_on_page(certificate, printed).map(({ key }) => key)
  const lines = make.printed_lines(make.make_certificate({ remark: `${long}b${long}` })).join('\n')
  const begin = performance.now()
  expect(names(lines)).toEqual([])
  expect(names(lines.replace(`${long}b`, long) + 'a'.repeat(3_000_000))).toEqual(['remark'])
  expect(performance.now() - begin).toBeLessThan(kMsMax)
  const buildings = Array.from({ length: 100_000 }, () => ({ building_name: '楼' }))
  const many = certificate_of(make.make_certificate({ buildings }))
  expect(missing_on_page(many, lines + '楼'.repeat(100_000)).length).toBeGreaterThan(100_000)
})
