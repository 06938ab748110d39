/**
 * The objects of a PDF (ISO 32000-2 §7.5), found by reading the file from its beginning: the last one of a number
 * counts. Good enough for files whose every byte is signed; what is not signed is not believed anyway.
 */
import { latin1_text, malformed } from '../bytes'
import { inflated } from '../inflate'
import { Steps } from '../steps'
import { is_name, is_reference, PdfReader, type PdfDictionary, type PdfStream, type PdfValue } from './values'

/** Of all streams that are looked at, as often as they are. */
const kStreamBytesMax = 16 << 20
/** Looking at a stream costs something, even at an empty one. */
const kVisitBytes = 16 << 10
const kPagesMax = 64
/** A certificate with five hundred buildings takes a hundredth of it; all of it, a second or two. */
const kStepsMax = 4_000_000

export class PdfFile {
  readonly text: string
  readonly objects = new Map<number, PdfValue | PdfStream>()
  readonly steps = new Steps(kStepsMax)
  private root: PdfValue | undefined
  private bytes_left = kStreamBytesMax

  constructor(readonly bytes: Uint8Array) {
    this.text = latin1_text(bytes)
    this.read_objects()
    for (const object of [...this.objects.values()]) if (is_stream(object)) this.read_packed(object)
    this.read_trailers()
  }

  private read_objects(): void {
    const begin = /(?:^|[\0\t\n\f\r ])(\d{1,9})[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+obj(?![a-z])/g
    for (let found = begin.exec(this.text); found; found = begin.exec(this.text)) {
      const reader = new PdfReader(this.text, begin.lastIndex, this.steps)
      const value = reader.next()
      if (value === undefined) break
      const is_packed = value instanceof Map && reader.match(/[\0\t\n\f\r ]*stream(?:\r\n|\n)/y) !== null
      const object = is_packed ? { dictionary: value, from: reader.at } : value
      this.objects.set(Number(found[1]), object)
      begin.lastIndex = is_packed ? this.end_of({ dictionary: value, from: reader.at }) : reader.at
    }
  }

  /** The length may stand in an object that comes later. */
  private end_of({ dictionary, from }: PdfStream): number {
    const length = this.value(dictionary.get('Length'))
    if (typeof length === 'number' && /^[\r\n ]*endstream/.test(this.text.slice(from + length, from + length + 15)))
      return from + length
    const end = this.text.indexOf('endstream', from)
    return end < 0 ? malformed('a stream without end') : end
  }

  private read_packed(stream: PdfStream): void {
    if (is_name(stream.dictionary.get('Type'), 'XRef')) this.root = stream.dictionary.get('Root') ?? this.root
    if (!is_name(stream.dictionary.get('Type'), 'ObjStm')) return
    const text = latin1_text(this.stream_bytes(stream))
    const first = this.value(stream.dictionary.get('First'))
    const count = this.value(stream.dictionary.get('N'))
    if (typeof first !== 'number' || typeof count !== 'number') return malformed('packed objects without their table')
    const table = new PdfReader(text.slice(0, first), 0, this.steps)
    for (let at = 0; at < count; at += 1) {
      const number = table.next()
      const offset = table.next()
      if (typeof number !== 'number' || typeof offset !== 'number') return malformed('a table of objects too short')
      if (this.objects.has(number)) continue
      this.objects.set(number, new PdfReader(text, first + offset, this.steps).next() ?? null)
    }
  }

  private read_trailers(): void {
    for (const { index } of this.text.matchAll(/trailer[\0\t\n\f\r ]*<</g)) {
      const trailer = new PdfReader(this.text, index + 'trailer'.length, this.steps).next()
      if (!(trailer instanceof Map)) continue
      if (trailer.has('Encrypt')) malformed('a file with a password')
      this.root = trailer.get('Root') ?? this.root
    }
  }

  /** Follows a reference; a stream gives its dictionary. */
  value(value: PdfValue | undefined): PdfValue | undefined {
    if (!is_reference(value)) return value
    const found = this.objects.get(value.reference)
    return is_stream(found) ? found.dictionary : is_reference(found) ? malformed('a reference to a reference') : found
  }

  dictionary(value: PdfValue | undefined): PdfDictionary | undefined {
    const found = this.value(value)
    return found instanceof Map ? found : undefined
  }

  stream(value: PdfValue | undefined): PdfStream | undefined {
    const found = is_reference(value) ? this.objects.get(value.reference) : undefined
    return is_stream(found) ? found : undefined
  }

  catalog(): PdfDictionary {
    return this.dictionary(this.root) ?? malformed('a PDF without catalogue')
  }

  /** Packed once at the most, and in no way that says how to unpack it: a few bytes could ask for a gigabyte. */
  stream_bytes({ dictionary, from }: PdfStream): Uint8Array {
    const raw = this.bytes.subarray(from, this.end_of({ dictionary, from }))
    const filter = this.value(dictionary.get('Filter')) ?? []
    const filters = Array.isArray(filter) ? filter : [filter]
    if (dictionary.has('DecodeParms') || filters.length > 1) malformed('a stream packed in another way')
    const [packing] = filters
    if (packing !== undefined && !is_name(packing, 'FlateDecode')) malformed('a stream packed in another way')
    const bytes = packing === undefined ? raw : inflated('zlib', raw, this.bytes_left)
    if ((this.bytes_left -= bytes.length + kVisitBytes) < 0) malformed('a file too large unpacked')
    return bytes
  }

  /** With the resources that a page inherits. One list of pages alone, as we write it. */
  pages(): { contents: PdfStream[]; resources: PdfDictionary }[] {
    const root = this.dictionary(this.catalog().get('Pages'))
    const kids = this.value(root?.get('Kids'))
    if (!root || !Array.isArray(kids) || kids.length > kPagesMax) return malformed('pages in no list')
    const inherited = this.dictionary(root.get('Resources'))
    const seen = new Set<PdfDictionary>()
    return kids.map((kid) => {
      const page = this.dictionary(kid)
      if (!page || page.has('Kids') || seen.has(page)) return malformed('pages in a tree')
      seen.add(page)
      const resources = this.dictionary(page.get('Resources')) ?? inherited ?? new Map<string, PdfValue>()
      return { contents: this.contents_of(page), resources }
    })
  }

  private contents_of(page: PdfDictionary): PdfStream[] {
    const contents = page.get('Contents')
    const listed = this.value(contents)
    return (Array.isArray(listed) ? listed : [contents]).flatMap((one) => this.stream(one) ?? [])
  }
}

export function is_stream(value: PdfValue | PdfStream | undefined): value is PdfStream {
  return typeof value === 'object' && value !== null && 'dictionary' in value
}
