/**
 * DER (X.690), read strictly: definite lengths, numbers and identifiers in their shortest form, nothing behind the last
 * value. Values are cut out of the bytes, not copied.
 */
import { malformed, utf8_text } from './bytes'

export const kTag = {
  boolean: 0x01,
  integer: 0x02,
  bit_string: 0x03,
  octet_string: 0x04,
  object_identifier: 0x06,
  utf8_string: 0x0c,
  printable_string: 0x13,
  teletex_string: 0x14,
  ia5_string: 0x16,
  utc_time: 0x17,
  generalized_time: 0x18,
  bmp_string: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

const kTexts: number[] = [kTag.utf8_string, kTag.printable_string, kTag.ia5_string, kTag.teletex_string]
const kIntegerBytesMax = 8
/** So many bits of a number in an identifier may stand before its last seven. */
const kArcBitsMax = 57n

export interface Der {
  tag: number
  /** Tag, length and value. */
  whole: Uint8Array
  value: Uint8Array
}

/** The first value; whatever follows it is left. */
export function first_der(bytes: Uint8Array): Der {
  const tag = bytes[0] ?? malformed('DER ends too early')
  if ((tag & 0x1f) === 0x1f) malformed('a long tag')
  const first = bytes[1] ?? malformed('DER ends too early')
  let length = first
  let start = 2
  if (first >= 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > 4) malformed('a length without end')
    length = 0
    for (start = 2; start < 2 + count; start += 1) length = length * 256 + (bytes[start] ?? malformed('no length'))
    if (length < 0x80 || length < 256 ** (count - 1)) malformed('a length longer than needed')
  }
  if (start + length > bytes.length) malformed('DER ends too early')
  return { tag, whole: bytes.subarray(0, start + length), value: bytes.subarray(start, start + length) }
}

/** One value and nothing behind it. */
export function parse_der(bytes: Uint8Array): Der {
  const der = first_der(bytes)
  return der.whole.length === bytes.length ? der : malformed('something after the DER value')
}

/** Values that stand one after the other, each read when it is asked for. */
export class Fields {
  constructor(private rest: Uint8Array) {}

  is_empty(): boolean {
    return this.rest.length === 0
  }

  at(tag: number): boolean {
    return this.rest[0] === tag
  }

  next(tag?: number): Der {
    const der = first_der(this.rest)
    if (tag !== undefined && der.tag !== tag) malformed(`tag ${der.tag} instead of ${tag}`)
    this.rest = this.rest.subarray(der.whole.length)
    return der
  }

  enter(tag: number): Fields {
    return new Fields(this.next(tag).value)
  }

  sequence(): Fields {
    return this.enter(kTag.sequence)
  }

  finish(): void {
    if (!this.is_empty()) malformed('more values than there are')
  }

  boolean(): boolean {
    const [byte = 1, ...more] = this.next(kTag.boolean).value
    return (byte === 0 || byte === 0xff) && more.length === 0 ? byte !== 0 : malformed('neither true nor false')
  }

  /** Two's complement. */
  integer(): Uint8Array {
    const { value } = this.next(kTag.integer)
    const [first, second = first] = value
    if (first === undefined || second === undefined) return malformed('no number')
    const is_longer = value.length > 1 && (first === 0 ? second < 0x80 : first === 0xff && second >= 0x80)
    return is_longer ? malformed('a number longer than needed') : value
  }

  /** Without the zero before a high bit. */
  unsigned_integer(): Uint8Array {
    const value = this.integer()
    if ((value[0] ?? 0) >= 0x80) malformed('a negative number')
    return value[0] === 0 && value.length > 1 ? value.subarray(1) : value
  }

  small_integer(): number {
    const value = this.integer()
    if (value.length > kIntegerBytesMax) malformed('a number too large')
    const whole = value.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
    return Number(BigInt.asIntN(8 * value.length, whole))
  }

  object_identifier(): string {
    return dotted(this.next(kTag.object_identifier).value)
  }

  octets(): Uint8Array {
    return this.next(kTag.octet_string).value
  }

  /** Whole bytes only. */
  bits(): Uint8Array {
    const { value } = this.next(kTag.bit_string)
    return value[0] === 0 ? value.subarray(1) : malformed('bits that are no bytes')
  }

  text(): string {
    const { tag, value } = this.next()
    if (tag === kTag.bmp_string) return two_bytes_each(value)
    return kTexts.includes(tag) ? utf8_text(value) : malformed('not a text')
  }

  instant_ms(): number {
    const { tag, value } = this.next()
    return parse_instant(tag, value)
  }
}

/** One value, as fields. */
export function whole_fields(bytes: Uint8Array): Fields {
  return new Fields(parse_der(bytes).whole)
}

function dotted(value: Uint8Array): string {
  if ((value.at(-1) ?? 0x80) >= 0x80) malformed('an identifier without end')
  const numbers: bigint[] = []
  let number = 0n
  let begins = true
  for (const byte of value) {
    if ((begins && byte === 0x80) || number >> kArcBitsMax !== 0n) malformed('a number of an identifier too long')
    number = number * 128n + BigInt(byte & 0x7f)
    begins = byte < 0x80
    if (!begins) continue
    numbers.push(number)
    number = 0n
  }
  const [first = 0n, ...more] = numbers
  const root = first < 80n ? first / 40n : 2n
  return [root, first - 40n * root, ...more].join('.')
}

function two_bytes_each(value: Uint8Array): string {
  if (value.length % 2 !== 0) malformed('half a character')
  let text = ''
  for (let at = 0; at < value.length; at += 2)
    text += String.fromCharCode((value[at] ?? 0) * 256 + (value[at + 1] ?? 0))
  return /[\ud800-\udfff]/.test(text) ? malformed('half a surrogate pair') : text
}

/** UTCTime or GeneralizedTime in milliseconds; both must be of the form that ends in Z, of a day that there is. */
function parse_instant(tag: number, value: Uint8Array): number {
  const is_short = tag === kTag.utc_time
  if (!is_short && tag !== kTag.generalized_time) malformed('not a time')
  const form = is_short ? /^(\d{2})(\d{10})()Z$/ : /^(\d{4})(\d{10})((?:\.\d*[1-9])?)Z$/
  const [, year = '', rest = '', fraction = ''] = form.exec(utf8_text(value)) ?? malformed('not a time')
  const full_year = is_short ? (Number(year) < 50 ? 2000 : 1900) + Number(year) : Number(year)
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = (rest.match(/../g) ?? []).map(Number)
  const at = new Date(0)
  at.setUTCFullYear(full_year, month - 1, day)
  const is_day = full_year > 0 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day
  if (!is_day || month === 0 || hour > 23 || minute > 59 || second > 59) malformed('a time that there is not')
  return at.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + Number(fraction.slice(1, 4).padEnd(3, '0'))
}
