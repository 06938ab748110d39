/** DER (X.690), read strictly: definite lengths in their shortest form. Values are cut out of the bytes, not copied. */
import { malformed, utf8_text } from './bytes'

export const kTag = {
  boolean: 0x01,
  integer: 0x02,
  bit_string: 0x03,
  octet_string: 0x04,
  object_identifier: 0x06,
  utf8_string: 0x0c,
  utc_time: 0x17,
  generalized_time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

const kChildrenMax = 10_000

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

export function parse_der(bytes: Uint8Array, tag?: number): Der {
  const der = first_der(bytes)
  if (der.whole.length !== bytes.length) malformed('something after the DER value')
  return tag === undefined ? der : expect_tag(der, tag)
}

export function expect_tag(der: Der | undefined, tag: number): Der {
  if (der?.tag !== tag) return malformed(`tag ${der?.tag} instead of ${tag}`)
  return der
}

export function children(der: Der): Der[] {
  if ((der.tag & 0x20) === 0) malformed('not made of parts')
  const found: Der[] = []
  for (let rest = der.value; rest.length > 0;) {
    const child = first_der(rest)
    if (found.push(child) > kChildrenMax) malformed('too many parts')
    rest = rest.subarray(child.whole.length)
  }
  return found
}

export function sequence(der: Der | undefined): Der[] {
  return children(expect_tag(der, kTag.sequence))
}

export function object_identifier(der: Der | undefined): string {
  const { value } = expect_tag(der, kTag.object_identifier)
  const numbers: number[] = []
  let number = 0
  for (const byte of value) {
    number = number * 128 + (byte & 0x7f)
    if (number > 2 ** 40) malformed('a number of an identifier too large')
    if (byte < 0x80) {
      numbers.push(number)
      number = 0
    }
  }
  const first = numbers.shift() ?? malformed('an empty identifier')
  const root = Math.min(2, Math.floor(first / 40))
  return [root, first - 40 * root, ...numbers].join('.')
}

/** Unsigned, without the zero before a high bit. */
export function unsigned_integer(der: Der | undefined): Uint8Array {
  const { value } = expect_tag(der, kTag.integer)
  if (value.length === 0 || (value[0] ?? 0) >= 0x80) malformed('a negative number')
  return value[0] === 0 && value.length > 1 ? value.subarray(1) : value
}

export function small_integer(der: Der | undefined): number {
  const bytes = unsigned_integer(der)
  if (bytes.length > 4) malformed('a number too large')
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0)
}

export function octets(der: Der | undefined): Uint8Array {
  return expect_tag(der, kTag.octet_string).value
}

/** Whole bytes only. */
export function bit_string(der: Der | undefined): Uint8Array {
  const { value } = expect_tag(der, kTag.bit_string)
  if (value[0] !== 0) malformed('bits that are no bytes')
  return value.subarray(1)
}

export function text_of(der: Der | undefined): string {
  return utf8_text((der ?? malformed('no text')).value)
}

/** UTCTime or GeneralizedTime in milliseconds; both must be of the form that ends in Z. */
export function instant_ms(der: Der | undefined): number {
  const text = text_of(der)
  const is_short = der?.tag === kTag.utc_time
  if (!is_short && der?.tag !== kTag.generalized_time) malformed('not a time')
  const [, year, ...rest] = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.\d+)?Z$/.exec(text) ?? []
  if (year?.length !== (is_short ? 2 : 4)) malformed('not a time')
  const full_year = is_short ? (Number(year) < 50 ? 2000 : 1900) + Number(year) : Number(year)
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = rest.map(Number)
  return Date.UTC(full_year, month - 1, day, hour, minute, second)
}
