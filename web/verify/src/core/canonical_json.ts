/**
 * JSON as it is signed: read strictly (RFC 7493: UTF-8, no name twice) and written in the one form of RFC 8785.
 * The browser's own reader lets the last of two equal names win; others take the first, and a file could then say
 * two things.
 */
import { malformed } from './bytes'

export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [name: string]: Json
}

const kDepthMax = 64
const kLoneSurrogate = /\p{Surrogate}/u

export function parse_json(text: string): Json {
  const reader = new Reader(text)
  const value = reader.value(0)
  reader.end()
  return value
}

export function is_object(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** RFC 8785: members by the code units of their names, numbers as ECMAScript writes them. */
export function canonical_json(value: Json): string {
  if (typeof value === 'string' && kLoneSurrogate.test(value)) malformed('half a surrogate pair')
  if (typeof value === 'number' && !Number.isFinite(value)) malformed('a number without end')
  if (Array.isArray(value)) return `[${value.map(canonical_json).join(',')}]`
  if (!is_object(value)) return JSON.stringify(value)
  const members = Object.keys(value)
    .sort()
    .map((name) => `${canonical_json(name)}:${canonical_json(value[name] ?? null)}`)
  return `{${members.join(',')}}`
}

class Reader {
  at = 0
  constructor(readonly text: string) {}

  value(depth: number): Json {
    if (depth > kDepthMax) malformed('JSON too deep')
    this.space()
    const first = this.text[this.at]
    const value = first === '{' ? this.object(depth) : first === '[' ? this.array(depth) : this.scalar()
    this.space()
    return value
  }

  end(): void {
    if (this.at !== this.text.length) malformed('something after the JSON value')
  }

  private object(depth: number): JsonObject {
    // Without a prototype `__proto__` is a name like others.
    const object = Object.create(null) as JsonObject
    this.at += 1
    this.space()
    if (this.take('}')) return object
    do {
      this.space()
      const name = this.scalar()
      if (typeof name !== 'string') return malformed('a name that is no string')
      if (name in object) malformed(`the name ${name} twice`)
      this.space()
      this.need(':')
      object[name] = this.value(depth + 1)
    } while (this.take(','))
    this.need('}')
    return object
  }

  private array(depth: number): Json[] {
    const items: Json[] = []
    this.at += 1
    this.space()
    if (this.take(']')) return items
    do items.push(this.value(depth + 1))
    while (this.take(','))
    this.need(']')
    return items
  }

  private scalar(): Json {
    const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/suy
    token.lastIndex = this.at
    const found = token.exec(this.text)?.[0]
    if (found === undefined) return malformed('not JSON')
    this.at += found.length
    try {
      const value = JSON.parse(found) as Json
      if (typeof value === 'string' && kLoneSurrogate.test(value)) malformed('half a surrogate pair')
      if (typeof value === 'number' && !Number.isFinite(value)) malformed('a number too large')
      return value
    } catch {
      return malformed('not JSON')
    }
  }

  private space(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? 'x')) this.at += 1
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false
    this.at += 1
    return true
  }

  private need(character: string): void {
    if (!this.take(character)) malformed(`${character} is missing`)
  }
}
