/**
 * The objects of a PDF (ISO 32000-2 §7.5), found by reading the file from its beginning: the last one of a number
 * counts. Good enough for files whose every byte is signed; what is not signed is not believed anyway.
 */
import { Unzlib } from 'fflate'
import { joined, latin1_text, malformed } from '../bytes'
import { is_name, is_reference, PdfReader, type PdfDictionary, type PdfStream, type PdfValue } from './values'

const kInflatedBytesMax = 60_000_000
const kPieceBytes = 4096
const kPagesMax = 5000

export class PdfFile {
  readonly text: string
  readonly objects = new Map<number, PdfValue | PdfStream>()
  private root: PdfValue | undefined
  private inflated = 0

  constructor(readonly bytes: Uint8Array) {
    this.text = latin1_text(bytes)
    this.read_objects()
    for (const object of [...this.objects.values()]) if (is_stream(object)) this.read_packed(object)
    this.read_trailers()
  }

  private read_objects(): void {
    const begin = /(?:^|[\0\t\n\f\r ])(\d{1,9})[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+obj(?![a-z])/g
    for (let found = begin.exec(this.text); found; found = begin.exec(this.text)) {
      const reader = new PdfReader(this.text, begin.lastIndex)
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
    const table = new PdfReader(text.slice(0, first))
    for (let at = 0; at < count; at += 1) {
      const number = table.next()
      const offset = table.next()
      if (typeof number !== 'number' || typeof offset !== 'number') return malformed('a table of objects too short')
      if (!this.objects.has(number)) this.objects.set(number, new PdfReader(text, first + offset).next() ?? null)
    }
  }

  private read_trailers(): void {
    for (const { index } of this.text.matchAll(/trailer[\0\t\n\f\r ]*<</g)) {
      const trailer = new PdfReader(this.text, index + 'trailer'.length).next()
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

  stream_bytes(stream: PdfStream): Uint8Array {
    const raw = this.bytes.subarray(stream.from, this.end_of(stream))
    const filter = this.value(stream.dictionary.get('Filter'))
    const filters = filter === undefined || filter === null ? [] : Array.isArray(filter) ? filter : [filter]
    return filters.reduce((bytes: Uint8Array, one) => {
      if (!is_name(one, 'FlateDecode')) return malformed('a stream packed in another way')
      return this.inflate(bytes)
    }, raw)
  }

  /** In pieces, so that a small file cannot become a very large one before the limit is seen. */
  private inflate(bytes: Uint8Array): Uint8Array {
    const pieces: Uint8Array[] = []
    const inflater = new Unzlib((piece) => {
      pieces.push(piece)
      if ((this.inflated += piece.length) > kInflatedBytesMax) malformed('a file too large unpacked')
    })
    try {
      for (let at = 0; at < bytes.length; at += kPieceBytes)
        inflater.push(bytes.subarray(at, at + kPieceBytes), at + kPieceBytes >= bytes.length)
    } catch (error) {
      return malformed(`a stream that cannot be unpacked: ${String(error)}`)
    }
    return joined(...pieces)
  }

  /** With the resources that a page inherits. */
  pages(): { contents: PdfStream[]; resources: PdfDictionary }[] {
    const pages: { contents: PdfStream[]; resources: PdfDictionary }[] = []
    const seen = new Set<PdfDictionary>()
    const visit = (node: PdfDictionary | undefined, inherited: PdfDictionary) => {
      if (!node || seen.has(node) || pages.length > kPagesMax) return malformed('pages that go in circles')
      seen.add(node)
      const resources = this.dictionary(node.get('Resources')) ?? inherited
      const kids = this.value(node.get('Kids'))
      if (Array.isArray(kids)) for (const kid of kids) visit(this.dictionary(kid), resources)
      else pages.push({ contents: this.contents_of(node), resources })
    }
    visit(this.dictionary(this.catalog().get('Pages')), new Map())
    return pages
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
