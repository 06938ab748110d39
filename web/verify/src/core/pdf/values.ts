/** The values that a PDF is made of (ISO 32000-2 §7.3), read from text with one character a byte. */
import { latin1_bytes, malformed } from '../bytes'
import type { Steps } from '../steps'

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
/** So many characters of a text cost as much as a value. */
const kCharactersAStep = 8
const kNumberCharactersMax = 40
const kRegular = /[^\0\t\n\f\r ()<>[\]{}/%]+/y

export function is_name(value: PdfValue | undefined, name?: string): value is PdfName {
  return typeof value === 'object' && value !== null && 'name' in value && (name === undefined || value.name === name)
}

export function is_reference(value: PdfValue | undefined): value is PdfReference {
  return typeof value === 'object' && value !== null && 'reference' in value
}

export function is_operator(value: PdfValue): value is { operator: string } {
  return typeof value === 'object' && value !== null && 'operator' in value
}

export class PdfReader {
  constructor(
    readonly text: string,
    public at: number,
    private readonly steps: Steps,
  ) {}

  /** Nothing at the end. */
  next(depth = 0): PdfValue | undefined {
    if (depth > kDepthMax) malformed('PDF values too deep')
    const from = this.at
    const value = this.value(depth)
    // What is within a list was paid for already.
    this.steps.spend(Array.isArray(value) || value instanceof Map ? 1 : 1 + (this.at - from) / kCharactersAStep)
    return value
  }

  match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found === undefined) return null
    this.at += found.length
    return found
  }

  private value(depth: number): PdfValue | undefined {
    this.space()
    const first = this.text[this.at]
    if (first === undefined) return undefined
    if (first === '/') return this.name()
    if (first === '(') return this.string()
    if (first === '[') return this.array(depth)
    if (first === '<') return this.text[this.at + 1] === '<' ? this.dictionary(depth) : this.hexadecimal()
    return this.word()
  }

  /** Blanks and comments; one by one, as an expression would need room for each of them. */
  private space(): void {
    for (;;) {
      const character = this.text[this.at]
      if (character === undefined) return
      if (character === '%') this.match(/[^\r\n]*/y)
      else if ('\0\t\n\f\r '.includes(character)) this.at += 1
      else return
    }
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
    if (text.length <= kNumberCharactersMax && /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text)) return Number(text)
    return text === 'true' ? true : text === 'false' ? false : text === 'null' ? null : { operator: text }
  }

  private array(depth: number): PdfValue[] {
    const items: PdfValue[] = []
    this.at += 1
    for (;;) {
      this.space()
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
      this.space()
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
    const bytes = new Uint8Array(Math.ceil(digits.length / 2))
    for (let at = 0; at < bytes.length; at += 1)
      bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2).padEnd(2, '0'), 16)
    return bytes
  }

  private string(): Uint8Array {
    const parts: string[] = []
    this.at += 1
    for (let depth = 1; ;) {
      this.steps.spend(1)
      const plain = this.match(/[^()\\]+/y)
      if (plain !== null) parts.push(plain)
      const character = this.text[this.at] ?? malformed('a string without end')
      if (character === '\\') {
        parts.push(this.escape())
        continue
      }
      this.at += 1
      depth += character === '(' ? 1 : -1
      if (depth === 0) return latin1_bytes(parts.join(''))
      parts.push(character)
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
