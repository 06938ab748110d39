/** Bytes and the texts that stand for them. Readers throw Malformed on anything that is not exactly of the form. */

/** What a reader throws: the bytes are not of the form, whatever else they may be. */
export class Malformed extends Error {}

export function malformed(what: string): never {
  throw new Malformed(what)
}

const strict_utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const utf8 = new TextEncoder()

export function utf8_bytes(text: string): Uint8Array {
  return utf8.encode(text)
}

/** A byte order mark stays, so that what was read can be written again byte by byte. */
export function utf8_text(bytes: Uint8Array): string {
  try {
    return strict_utf8.decode(bytes)
  } catch {
    return malformed('not UTF-8')
  }
}

/** One character a byte, for formats that are bytes with words between (PDF). */
export function latin1_text(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return text
}

export function latin1_bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = text.charCodeAt(at)
  return bytes
}

export function equal_bytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}

export function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export function hex_text(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Lower case only, as everything of ours is written. */
export function hex_bytes(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) malformed('not hexadecimal')
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16))
}

/** RFC 4648 §4, padded, nothing between; bits left over are zero, so that one value has one text. */
export function base64_bytes(text: string): Uint8Array {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) malformed('not base64')
  const bytes = latin1_bytes(atob(text))
  if (base64_text(bytes) !== text) malformed('base64 with bits left over')
  return bytes
}

export function base64_text(bytes: Uint8Array): string {
  return btoa(latin1_text(bytes))
}

/** RFC 4648 §5 without padding, as JOSE writes it. */
export function base64url_bytes(text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) malformed('not base64url')
  const plain = text.replaceAll('-', '+').replaceAll('_', '/')
  return base64_bytes(plain + '='.repeat((4 - (plain.length % 4)) % 4))
}

/** Big-endian. */
export function number_of_bytes(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${hex_text(bytes)}`)
}

export function bytes_of_number(value: bigint, length: number): Uint8Array {
  return hex_bytes(value.toString(16).padStart(2 * length, '0'))
}

export function index_of_bytes(whole: Uint8Array, part: Uint8Array, from = 0): number {
  for (let at = from; at + part.length <= whole.length; at += 1) {
    let same = 0
    while (same < part.length && whole[at + same] === part[same]) same += 1
    if (same === part.length) return at
  }
  return -1
}
