/** DER, certificates and CMS written for tests, with keys that live as long as the test. */
import { createHash, createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { weierstrass } from '@noble/curves/abstract/weierstrass.js'
import { bytes_of_number, joined, number_of_bytes } from '../src/core/bytes'
import { kSm2Curve, sm2_digest } from '../src/core/signatures'

type Part = Uint8Array

/** Turns one bit. */
export function flip(bytes: Uint8Array, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 1
}

export function der(tag: number, ...parts: Part[]): Uint8Array {
  const value = joined(...parts)
  const length = value.length
  const size =
    length < 0x80
      ? [length]
      : length < 0x100
        ? [0x81, length]
        : length < 0x10000
          ? [0x82, length >> 8, length & 0xff]
          : [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]
  return joined(Uint8Array.of(tag, ...size), value)
}

export const sequence = (...parts: Part[]) => der(0x30, ...parts)
export const set = (...parts: Part[]) => der(0x31, ...parts)
export const octets = (bytes: Uint8Array) => der(0x04, bytes)
export const bits = (bytes: Uint8Array) => der(0x03, Uint8Array.of(0), bytes)
export const text = (tag: number, value: string) => der(tag, Buffer.from(value, 'utf8'))

export function integer(value: number | bigint): Uint8Array {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
  return der(0x02, (bytes[0] ?? 0) >= 0x80 ? joined(Uint8Array.of(0), bytes) : bytes)
}

export function oid(dotted: string): Uint8Array {
  const [a = 0, b = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [40 * a + b, ...rest].flatMap((number) => {
    const groups = [number & 0x7f]
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 0x7f) | 0x80)
    return groups
  })
  return der(0x06, Uint8Array.from(bytes))
}

export function generalized_time(ms: number): Uint8Array {
  return text(0x18, `${new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)}Z`)
}

export type KeyKind = 'p256' | 'sm2' | 'rsa'
export interface Key {
  kind: KeyKind
  /** SubjectPublicKeyInfo. */
  spki: Uint8Array
  /** Over the message, DER where the algorithm has it. */
  sign(message: Uint8Array): Uint8Array
  /** ECDSA as two numbers. */
  sign_raw(message: Uint8Array): Uint8Array
  algorithm: string
}

const Sm2Point = weierstrass(kSm2Curve)

export function make_key(kind: KeyKind): Key {
  if (kind === 'sm2') return make_sm2_key()
  const pair =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key: KeyObject = createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  return {
    kind,
    spki: new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' })),
    sign: (message) => new Uint8Array(sign('sha256', message, key)),
    sign_raw: (message) => new Uint8Array(sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' })),
    algorithm: kind === 'rsa' ? '1.2.840.113549.1.1.11' : '1.2.840.10045.4.3.2',
  }
}

/** GB/T 32918.2 §6.1. */
function make_sm2_key(): Key {
  const secret = number_of_bytes(Sm2Point.Fn.toBytes(number_of_bytes(crypto.getRandomValues(new Uint8Array(31)))))
  const point = Sm2Point.BASE.multiply(secret).toBytes(false)
  const { n } = kSm2Curve
  const Fn = Sm2Point.Fn
  const make = (message: Uint8Array) => {
    const k = number_of_bytes(crypto.getRandomValues(new Uint8Array(31)))
    const e = number_of_bytes(sm2_digest(message, point))
    const r = (e + Sm2Point.BASE.multiply(k).toAffine().x) % n
    const s = Fn.mul(Fn.inv(Fn.create(1n + secret)), Fn.create(k - r * secret))
    return { r, s }
  }
  return {
    kind: 'sm2',
    spki: sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.156.10197.1.301')), bits(point)),
    sign: (message) => {
      const { r, s } = make(message)
      return sequence(integer(r), integer(s))
    },
    sign_raw: (message) => {
      const { r, s } = make(message)
      return joined(bytes_of_number(r, 32), bytes_of_number(s, 32))
    },
    algorithm: '1.2.156.10197.1.501',
  }
}

export interface Party {
  key: Key
  certificate: Uint8Array
  name: Uint8Array
  issuer: Uint8Array
  serial: Uint8Array
}

export interface Extension {
  name: string
  is_critical: boolean
  value: number[]
}

export interface PartyOptions {
  extension?: Extension
  kind: KeyKind
  name: string
  by?: Party
  is_authority?: boolean
  from_ms?: number
  through_ms?: number
  purposes?: string[]
}

let serials = 1000

export function make_party(options: PartyOptions): Party {
  const key = make_key(options.kind)
  const name = sequence(set(sequence(oid('2.5.4.3'), text(0x0c, options.name))))
  const serial = integer((serials += 1))
  const by = options.by ?? { key, name }
  const algorithm = sequence(oid(by.key.algorithm))
  const extensions = [
    sequence(oid('2.5.29.19'), octets(options.is_authority ? sequence(der(0x01, Uint8Array.of(0xff))) : sequence())),
    ...(options.purposes
      ? [sequence(oid('2.5.29.37'), der(0x01, Uint8Array.of(0xff)), octets(sequence(...options.purposes.map(oid))))]
      : []),
  ]
  if (options.extension) {
    const { name: about, is_critical, value } = options.extension
    const critical = is_critical ? [der(0x01, Uint8Array.of(0xff))] : []
    extensions.push(sequence(oid(about), ...critical, octets(Uint8Array.from(value))))
  }
  const validity = sequence(
    generalized_time(options.from_ms ?? Date.UTC(2025, 0, 1)),
    generalized_time(options.through_ms ?? Date.UTC(2035, 0, 1)),
  )
  const signed = sequence(
    der(0xa0, integer(2)),
    serial,
    algorithm,
    by.name,
    validity,
    name,
    key.spki,
    der(0xa3, sequence(...extensions)),
  )
  return { key, name, issuer: by.name, serial, certificate: sequence(signed, algorithm, bits(by.key.sign(signed))) }
}

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())

export interface CmsOptions {
  /** What the attribute of the digest says instead. */
  digest?: Uint8Array
  at_ms?: number
  content?: { type: string; bytes: Uint8Array }
  timestamp?: (signature: Uint8Array) => Uint8Array
  without_signing_certificate?: boolean
  broken_signature?: boolean
  /** Certificates that come along. */
  beside?: Uint8Array[]
  /** Of SignedData, of SignerInfo. */
  version?: number
  signer_version?: number
  without_digests?: boolean
  /** What stands after the certificates: lists of revoked ones. */
  revoked?: Uint8Array
  /** Unsigned attributes. */
  unsigned?: Uint8Array[]
  /** Writes the signature in another way. */
  rewritten?: (signature: Uint8Array) => Uint8Array
}

/** The first number of an ECDSA signature, longer than it need be. */
export function with_longer_number(signature: Uint8Array): Uint8Array {
  const first = signature.subarray(4, 4 + (signature[3] ?? 0))
  return sequence(der(0x02, Uint8Array.of(0), first), signature.subarray(4 + first.length))
}

/** SignedData as CAdES-B asks for it, detached when no content is given. */
export function make_cms(party: Party, content: Uint8Array, options: CmsOptions = {}): Uint8Array {
  const type = options.content?.type ?? '1.2.840.113549.1.7.1'
  const attribute = (name: string, value: Uint8Array) => sequence(oid(name), set(value))
  const attributes = [
    attribute('1.2.840.113549.1.9.3', oid(type)),
    attribute('1.2.840.113549.1.9.4', octets(options.digest ?? sha256(options.content?.bytes ?? content))),
    ...(options.at_ms === undefined ? [] : [attribute('1.2.840.113549.1.9.5', generalized_time(options.at_ms))]),
    ...(options.without_signing_certificate
      ? []
      : [attribute('1.2.840.113549.1.9.16.2.47', sequence(sequence(sequence(octets(sha256(party.certificate))))))]),
  ].sort((a, b) => Buffer.compare(a, b))
  const signature = party.key.sign(set(...attributes))
  if (options.broken_signature) flip(signature, signature.length - 1)
  const sha256_algorithm = sequence(oid('2.16.840.1.101.3.4.2.1'))
  const stamp = options.timestamp?.(signature)
  const unsigned = [...(options.unsigned ?? []), ...(stamp ? [attribute('1.2.840.113549.1.9.16.2.14', stamp)] : [])]
  const signer = sequence(
    integer(options.signer_version ?? 1),
    sequence(party.issuer, party.serial),
    sha256_algorithm,
    der(0xa0, ...attributes),
    party.key.kind === 'rsa' ? sequence(oid('1.2.840.113549.1.1.1'), der(0x05)) : sequence(oid(party.key.algorithm)),
    octets(options.rewritten?.(signature) ?? signature),
    ...(unsigned.length > 0 ? [der(0xa1, ...unsigned)] : []),
  )
  const inner = options.content ? [der(0xa0, octets(options.content.bytes))] : []
  const signed = sequence(
    integer(options.version ?? (options.content ? 3 : 1)),
    options.without_digests ? set() : set(sha256_algorithm),
    sequence(oid(type), ...inner),
    der(0xa0, party.certificate, ...(options.beside ?? [])),
    ...(options.revoked ? [der(0xa1, options.revoked)] : []),
    set(signer),
  )
  return sequence(oid('1.2.840.113549.1.7.2'), der(0xa0, signed))
}

/** RFC 3161. */
export function make_timestamp(party: Party, stamped: Uint8Array, at_ms: number): Uint8Array {
  const imprint = sequence(sequence(oid('2.16.840.1.101.3.4.2.1')), octets(sha256(stamped)))
  const info = sequence(integer(1), oid('1.3.6.1.4.1.99999.1'), imprint, integer(7), generalized_time(at_ms))
  return make_cms(party, info, { content: { type: '1.2.840.113549.1.9.16.1.4', bytes: info }, at_ms })
}
