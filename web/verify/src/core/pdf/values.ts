/** The values that a PDF is made of (ISO 32000-2 §7.3), read from text with one character a byte. */
import { latin1_bytes, malformed } from '../bytes'

export interface PdfReference {
  reference: number
}
export interface PdfName {
  name: string
}
export interface PdfStream {
  dictionary: PdfDictionary
  from: number
}
export type PdfDictionary = Map<string, PdfValue>
/** Strings are bytes. `operator` stands in contents alone. */
export type PdfValue =
  null | boolean | number | Uint8Array | PdfName | PdfReference | PdfValue[] | PdfDictionary | { operator: string }

const kDepthMax = 60
const kSpace = /(?:[\0\t\n\f\r ]|%[^\r\n]*)*/y
const kRegular = /[^\0\t\n\f\r ()<>[\]{}/%]+/y

export function is_name(value: PdfValue | undefined, name?: string): value is PdfName {
  return typeof value === 'object' && value !== null && 'name' in value && (name === undefined || value.name === name)
}

export function is_reference(value: PdfValue | undefined): value is PdfReference {
  return typeof value === 'object' && value !== null && 'reference' in value
}

export class PdfReader {
  constructor(
    readonly text: string,
    public at = 0,
  ) {}

  /** Nothing at the end. */
  next(depth = 0): PdfValue | undefined {
    if (depth > kDepthMax) malformed('PDF values too deep')
    this.match(kSpace)
    const first = this.text[this.at]
    if (first === undefined) return undefined
    if (first === '/') return this.name()
    if (first === '(') return this.string()
    if (first === '[') return this.array(depth)
    if (first === '<') return this.text[this.at + 1] === '<' ? this.dictionary(depth) : this.hexadecimal()
    return this.word()
  }

  match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found === undefined) return null
    this.at += found.length
    return found
  }

  private name(): PdfName {
    this.at += 1
    const text = this.match(kRegular) ?? ''
    return {
      name: text.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    }
  }

  private word(): PdfValue {
    const reference = this.match(/\d{1,9}[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+R(?![^\0\t\n\f\r ()<>[\]{}/%])/y)
    if (reference !== null) return { reference: Number.parseInt(reference, 10) }
    const text = this.match(kRegular)
    if (text === null) {
      this.at += 1
      return { operator: this.text[this.at - 1] ?? '' }
    }
    if (/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text)) return Number(text)
    return text === 'true' ? true : text === 'false' ? false : text === 'null' ? null : { operator: text }
  }

  private array(depth: number): PdfValue[] {
    const items: PdfValue[] = []
    this.at += 1
    for (;;) {
      this.match(kSpace)
      if (this.text[this.at] === ']') break
      items.push(this.next(depth + 1) ?? malformed('an array without end'))
    }
    this.at += 1
    return items
  }

  private dictionary(depth: number): PdfDictionary {
    const members: PdfDictionary = new Map()
    this.at += 2
    for (;;) {
      this.match(kSpace)
      if (this.text.startsWith('>>', this.at)) break
      const key = this.next(depth + 1)
      const value = this.next(depth + 1)
      if (!is_name(key) || value === undefined) return malformed('a dictionary without end')
      members.set(key.name, value)
    }
    this.at += 2
    return members
  }

  private hexadecimal(): Uint8Array {
    const digits = (this.match(/<[^>]*>/y) ?? malformed('a string without end')).replace(/[^0-9a-fA-F]/g, '')
    return Uint8Array.from({ length: Math.ceil(digits.length / 2) }, (_, at) =>
      Number.parseInt(digits.slice(2 * at, 2 * at + 2).padEnd(2, '0'), 16),
    )
  }

  private string(): Uint8Array {
    let text = ''
    this.at += 1
    for (let depth = 1; ;) {
      const character = this.text[this.at] ?? malformed('a string without end')
      if (character === '\\') {
        text += this.escape()
        continue
      }
      this.at += 1
      depth += character === '(' ? 1 : character === ')' ? -1 : 0
      if (depth === 0) return latin1_bytes(text)
      text += character
    }
  }

  private escape(): string {
    const escaped = this.match(/\\(?:[0-7]{1,3}|\r\n|[^])/y) ?? malformed('a string without end')
    const rest = escaped.slice(1)
    if (/^[0-7]/.test(rest)) return String.fromCharCode(Number.parseInt(rest, 8) & 0xff)
    if (/^[\r\n]/.test(rest)) return ''
    return { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[rest] ?? rest
  }
}
