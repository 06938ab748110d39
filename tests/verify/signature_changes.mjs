// One change of each byte of a file's signature, and the page's verifier in this process: thousands of files, where each
// start of its program would take longer than what it judges.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { root } from '../api/binary.mjs'

const kPadding = 20
const kValue = 'Doc_0/Signs/Sign_0/SignedValue.dat'

const page = (entry) => import(join(root, 'web/verify/bundled.mjs')).then(({ load_bundled }) => load_bundled(entry))

/** Where the signature begins and ends in the bytes of a file of this kind. */
function placeIn(kind, bytes) {
  const text = bytes.toString('latin1')
  const between = (begin, end) => {
    const from = text.lastIndexOf(begin) + begin.length
    assert.ok(from >= begin.length, begin)
    return [from, text.indexOf(end, from)]
  }
  if (kind === 'json') return between('"signature":"', '"')
  if (kind === 'xml') return [text.lastIndexOf('<Signature '), text.lastIndexOf('</certificate_file>')]
  const [from, to] = between('/Contents <', '>')
  const digits = /0*$/.exec(text.slice(from, to))
  return [from, Math.min(to, from + digits.index + kPadding)]
}

/** With the lowest bit of one byte turned; of a digit, that of its number, in the letters of the others. */
function turned(bytes, at, kind) {
  const changed = Buffer.from(bytes)
  if (kind !== 'pdf') changed[at] ^= 1
  else changed.write((Number.parseInt(String.fromCharCode(bytes[at]), 16) ^ 1).toString(16).toUpperCase(), at, 'latin1')
  return changed
}

/** `judgePage` answers as the page does. */
export async function signatureChanges(kind, bytes, trustText, at) {
  const { verify_file } = await page('src/core/verify.ts')
  const { parse_trust } = await page('src/core/trust.ts')
  const trust = parse_trust(trustText)
  const judgePage = (changed) => verify_file({ name: 'changed', bytes: new Uint8Array(changed) }, trust, Date.parse(at))
  if (kind === 'ofd') return { changes: await packageChanges(bytes), judgePage }
  const [from, to] = placeIn(kind, bytes)
  const places = Array.from({ length: to - from }, (_, place) => from + place)
  return { changes: places.map((place) => ({ at: place, bytes: turned(bytes, place, kind) })), judgePage }
}

/** Packed again, so that the sums of the package fit. */
async function packageChanges(bytes) {
  const { unzip } = await page('src/core/zip.ts')
  const { write_zip } = await page('tests/zip_writer.ts')
  const files = unzip(new Uint8Array(bytes))
  const value = Buffer.from(files.get(kValue))
  return Array.from(value, (_, at) => {
    const entries = [...files].map(([name, whole]) => ({ name, bytes: name === kValue ? turned(value, at, 'ofd') : whole, stored: true }))
    return { at, bytes: Buffer.from(write_zip(entries)) }
  })
}
