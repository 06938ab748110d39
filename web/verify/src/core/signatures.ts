/** The three kinds of signature that files of ours and their certificates bear. False for whatever does not hold. */
import { p256 } from '@noble/curves/nist.js'
import { weierstrass } from '@noble/curves/abstract/weierstrass.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { bytes_of_number, equal_bytes, hex_bytes, joined, number_of_bytes, utf8_bytes } from './bytes'
import { whole_fields } from './der'
import { sm3 } from './sm3'

export type PublicKey =
  { kind: 'p256' | 'sm2'; point: Uint8Array } | { kind: 'rsa'; n: bigint; e: bigint; bytes: number } | { kind: 'other' }

/** GB/T 32918.5-2017, the recommended curve. */
export const kSm2Curve = {
  p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
  n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
  h: 1n,
  a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
  b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
}
const Sm2Point = weierstrass(kSm2Curve)
/** The user id that GM/T 0009 gives to everybody who was given none. */
const kSm2UserId = utf8_bytes('1234567812345678')

/** DER of two numbers. */
function two_numbers(signature: Uint8Array): [bigint, bigint] {
  const numbers = whole_fields(signature).sequence()
  const [r, s] = [numbers.unsigned_integer(), numbers.unsigned_integer()]
  numbers.finish()
  return [number_of_bytes(r), number_of_bytes(s)]
}

/** `digest` is that of the message; `signature` is r and s, 32 bytes each. Both halves of the curve are taken. */
export function p256_holds(signature: Uint8Array, digest: Uint8Array, point: Uint8Array): boolean {
  try {
    return p256.verify(signature, digest, point, { prehash: false, lowS: false })
  } catch {
    return false
  }
}

function p256_der_holds(signature: Uint8Array, digest: Uint8Array, point: Uint8Array): boolean {
  const [r, s] = two_numbers(signature)
  if (r >= 1n << 256n || s >= 1n << 256n) return false
  return p256_holds(joined(bytes_of_number(r, 32), bytes_of_number(s, 32)), digest, point)
}

/** What SM2 signs: SM3 of Z, which binds the user id and the key, and the message (GB/T 32918.2 §5.5). */
export function sm2_digest(message: Uint8Array, point: Uint8Array): Uint8Array {
  const curve = [kSm2Curve.a, kSm2Curve.b, kSm2Curve.Gx, kSm2Curve.Gy].map((number) => bytes_of_number(number, 32))
  const id_bits = Uint8Array.of(0, kSm2UserId.length * 8)
  return sm3(joined(sm3(joined(id_bits, kSm2UserId, ...curve, point.subarray(1))), message))
}

/** GB/T 32918.2 §7.1; the signature is DER. */
export function sm2_holds(signature: Uint8Array, message: Uint8Array, point: Uint8Array): boolean {
  try {
    const [r, s] = two_numbers(signature)
    const { n } = kSm2Curve
    if (r < 1n || r >= n || s < 1n || s >= n) return false
    const t = (r + s) % n
    if (t === 0n || point.length !== 65) return false
    const sum = Sm2Point.BASE.multiplyUnsafe(s).add(Sm2Point.fromBytes(point).multiplyUnsafe(t))
    const e = number_of_bytes(sm2_digest(message, point))
    return (e + sum.toAffine().x) % n === r
  } catch {
    return false
  }
}

const kDigests = {
  sha256: { hash: sha256, prefix: hex_bytes('3031300d060960864801650304020105000420') },
  sha384: { hash: sha384, prefix: hex_bytes('3041300d060960864801650304020205000430') },
  sha512: { hash: sha512, prefix: hex_bytes('3051300d060960864801650304020305000440') },
}
export type DigestName = keyof typeof kDigests

export function digest_of(name: DigestName, message: Uint8Array): Uint8Array {
  return kDigests[name].hash(message)
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let rest = exponent, square = base % modulus; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

/** RFC 8017 §8.2.2: the padded digest is made anew and compared as a whole, so nothing can hide in the padding. */
function rsa_holds(signature: Uint8Array, message: Uint8Array, key: PublicKey & { kind: 'rsa' }, name: DigestName) {
  if (key.bytes < 256 || key.bytes > 1024 || signature.length !== key.bytes || key.e > 1n << 32n) return false
  const value = number_of_bytes(signature)
  if (value >= key.n) return false
  const tail = joined(Uint8Array.of(0), kDigests[name].prefix, digest_of(name, message))
  const head = new Uint8Array(key.bytes - tail.length).fill(0xff)
  head.set([0, 1])
  return equal_bytes(bytes_of_number(power(value, key.e, key.n), key.bytes), joined(head, tail))
}

/** `algorithm` is the identifier beside the signature; `digest` what an algorithm without one takes (CMS). */
export function signature_holds(
  algorithm: string,
  signature: Uint8Array,
  message: Uint8Array,
  key: PublicKey,
  digest: DigestName = 'sha256',
): boolean {
  try {
    if (key.kind === 'other') return false
    if (key.kind === 'sm2') return algorithm === kSm2WithSm3 && sm2_holds(signature, message, key.point)
    const named = kAlgorithms[algorithm]
    if (named?.kind !== (key.kind === 'rsa' ? 'rsa' : 'ecdsa')) return false
    const name = named.digest ?? digest
    if (key.kind === 'rsa') return rsa_holds(signature, message, key, name)
    return p256_der_holds(signature, digest_of(name, message), key.point)
  } catch {
    return false
  }
}

export const kSm2WithSm3 = '1.2.156.10197.1.501'
const kAlgorithms: Record<string, { kind: 'ecdsa' | 'rsa'; digest?: DigestName }> = {
  '1.2.840.10045.4.3.2': { kind: 'ecdsa', digest: 'sha256' },
  '1.2.840.10045.4.3.3': { kind: 'ecdsa', digest: 'sha384' },
  '1.2.840.10045.4.3.4': { kind: 'ecdsa', digest: 'sha512' },
  '1.2.840.113549.1.1.1': { kind: 'rsa' },
  '1.2.840.113549.1.1.11': { kind: 'rsa', digest: 'sha256' },
  '1.2.840.113549.1.1.12': { kind: 'rsa', digest: 'sha384' },
  '1.2.840.113549.1.1.13': { kind: 'rsa', digest: 'sha512' },
}
