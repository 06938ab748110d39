/** Where a PDF is signed (ISO 32000-2 §12.8): all but the place of the signature itself, or less. */
import { hex_bytes, joined, malformed } from '../bytes'
import { is_stream, type PdfFile } from './file'

export interface PdfSignature {
  /** CMS. */
  contents: Uint8Array
  signed: Uint8Array
  covers_file: boolean
}

/** The signature that reaches furthest. Throws Malformed for one that lies about its place. */
export function find_pdf_signature(file: PdfFile): PdfSignature | 'missing' {
  const ranges: number[][] = []
  for (const object of file.objects.values()) {
    const range = object instanceof Map && !is_stream(object) ? file.value(object.get('ByteRange')) : undefined
    if (Array.isArray(range)) ranges.push(range.map(Number))
  }
  const reach = ([, , from = 0, length = 0]: number[]) => from + length
  const furthest = ranges.sort((a, b) => reach(b) - reach(a))[0]
  return furthest ? signature_at(file, furthest) : 'missing'
}

function signature_at(file: PdfFile, range: number[]): PdfSignature {
  const [start, before = 0, from = 0, after = 0] = range
  const size = file.bytes.length
  const is_place = range.length === 4 && range.every((one) => Number.isInteger(one) && one >= 0)
  if (!is_place || start !== 0 || before >= from || from + after > size) malformed('a range outside the file')
  // Between the two signed parts stands the signature and nothing else, in small or in capital letters.
  const gap = file.text.slice(before, from)
  if (!/^<(?:[0-9a-f]*|[0-9A-F]*)>$/.test(gap)) malformed('a place that holds more than the signature')
  return {
    contents: hex_bytes(gap.slice(1, -1).toLowerCase()),
    signed: joined(file.bytes.subarray(0, before), file.bytes.subarray(from, from + after)),
    covers_file: from + after === size,
  }
}
