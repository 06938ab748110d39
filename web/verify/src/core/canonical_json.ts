/**
 * JSON as it is signed: read strictly (RFC 7493: UTF-8, no name twice) and written in the one form of RFC 8785.
 * The browser's own reader lets the last of two equal names win; others take the first, and a file could then say
 * two things. Records have whole numbers alone: any other is not a number here, and refused where it is used.
 */
import { malformed } from './bytes'

export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [name: string]: Json
}

export interface JsonLimits {
  characters_max: number
  depth_max: number
  values_max: number
}

const kLimits: JsonLimits = { characters_max: 1 << 20, depth_max: 32, values_max: 100_000 }
/** A whole file of JSON. */
export const kFileLimits: JsonLimits = { characters_max: 50_000_000, depth_max: 64, values_max: 1_000_000 }
const kNameMax = 1024
const kLoneSurrogate = /\p{Surrogate}/u
const kWhole = /^-?(?:0|[1-9]\d*)$/

/** Throws Malformed. */
export function parse_json(text: string, limits = kLimits): Json {
  if (text.length > limits.characters_max) malformed('JSON too large')
  const reader = new Reader(text, limits)
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
  if (typeof value === 'number' && !Number.isFinite(value)) malformed('a number that records do not have')
  if (Array.isArray(value)) return `[${value.map(canonical_json).join(',')}]`
  if (!is_object(value)) return JSON.stringify(value)
  const members = Object.keys(value)
    .sort()
    .map((name) => `${canonical_json(name)}:${canonical_json(value[name] ?? null)}`)
  return `{${members.join(',')}}`
}

class Reader {
  private at = 0
  private count = 0
  constructor(
    private readonly text: string,
    private readonly limits: JsonLimits,
  ) {}

  value(depth: number): Json {
    if ((this.count += 1) > this.limits.values_max) malformed('too many values')
    this.space()
    const first = this.text[this.at]
    const is_container = first === '{' || first === '['
    if (is_container && depth >= this.limits.depth_max) malformed('JSON too deep')
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
      if (name in object || name.length > kNameMax) malformed(`the name ${name.slice(0, kNameMax)}`)
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
    const found = this.text[this.at] === '"' ? this.quoted() : this.word()
    const value = parsed(found)
    if (typeof value === 'string' && kLoneSurrogate.test(value)) malformed('half a surrogate pair')
    if (typeof value !== 'number') return value
    return kWhole.test(found) && Number.isSafeInteger(value) ? value : NaN
  }

  private word(): string {
    const token = /-?\d[\d.eE+-]*|true|false|null/y
    token.lastIndex = this.at
    const found = token.exec(this.text)?.[0] ?? malformed('not JSON')
    this.at += found.length
    return found
  }

  /** Character by character: an expression would need room for each of them. */
  private quoted(): string {
    const from = this.at
    do this.at += this.text[this.at] === '\\' ? 2 : 1
    while (this.at < this.text.length && this.text[this.at] !== '"')
    this.at += 1
    return this.text.slice(from, this.at)
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

function parsed(token: string): Json {
  try {
    return JSON.parse(token) as Json
  } catch {
    return malformed('not JSON')
  }
}
