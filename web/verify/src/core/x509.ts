/** Certificates (RFC 5280) as far as a seal or a signature needs them: key, days, who signed whom. */
import { equal_bytes, malformed, number_of_bytes } from './bytes'
import {
  bit_string,
  children,
  expect_tag,
  instant_ms,
  kTag,
  object_identifier,
  octets,
  parse_der,
  sequence,
  unsigned_integer,
  type Der,
} from './der'
import { signature_holds, type PublicKey } from './signatures'

const kIntermediatesMax = 5

export interface Certificate {
  der: Uint8Array
  serial: Uint8Array
  issuer: Uint8Array
  subject: Uint8Array
  from_ms: number
  through_ms: number
  key: PublicKey
  /** May sign certificates. */
  is_authority: boolean
  /** Purposes of the key, when it is held to some. */
  purposes: string[] | null
  signed: Uint8Array
  algorithm: string
  signature: Uint8Array
}

export const kTimeStamping = '1.3.6.1.5.5.7.3.8'
const kBasicConstraints = '2.5.29.19'
const kKeyUsage = '2.5.29.15'
const kExtendedKeyUsage = '2.5.29.37'
/** keyCertSign is the sixth bit. */
const kCertSign = 0x04

export function parse_certificate(der: Uint8Array): Certificate {
  const [signed, algorithm, signature] = sequence(parse_der(der))
  const parts = sequence(signed)
  if (parts[0]?.tag === 0xa0) parts.shift()
  const [serial, inner, issuer, validity, subject, key, ...optional] = parts
  const [from, through] = sequence(validity)
  const outer = object_identifier(sequence(algorithm)[0])
  if (object_identifier(sequence(inner)[0]) !== outer) malformed('two algorithms')
  return {
    der,
    serial: expect_tag(serial, kTag.integer).value,
    issuer: expect_tag(issuer, kTag.sequence).whole,
    subject: expect_tag(subject, kTag.sequence).whole,
    from_ms: instant_ms(from),
    through_ms: instant_ms(through),
    key: public_key(key),
    ...extensions(optional.find((part) => part.tag === 0xa3)),
    signed: expect_tag(signed, kTag.sequence).whole,
    algorithm: outer,
    signature: bit_string(signature),
  }
}

function public_key(der: Der | undefined): PublicKey {
  const [algorithm, bits] = sequence(der)
  const [kind, curve] = sequence(algorithm)
  switch (object_identifier(kind)) {
    case '1.2.840.113549.1.1.1': {
      const [n, e] = sequence(parse_der(bit_string(bits))).map(unsigned_integer)
      if (!n || !e) return malformed('not an RSA key')
      return { kind: 'rsa', n: number_of_bytes(n), e: number_of_bytes(e), bytes: n.length }
    }
    case '1.2.840.10045.2.1': {
      const point = bit_string(bits)
      const name = object_identifier(curve)
      if (name === '1.2.840.10045.3.1.7') return { kind: 'p256', point }
      if (name === '1.2.156.10197.1.301') return { kind: 'sm2', point }
      return malformed('an unknown curve')
    }
    default:
      return malformed('an unknown key')
  }
}

function extensions(der: Der | undefined): Pick<Certificate, 'is_authority' | 'purposes'> {
  let is_authority = false
  let may_sign = true
  let purposes: string[] | null = null
  for (const extension of der ? sequence(children(der)[0]) : []) {
    const parts = sequence(extension)
    const value = octets(parts.at(-1))
    switch (object_identifier(parts[0])) {
      case kBasicConstraints:
        is_authority = sequence(parse_der(value)).some((part) => part.tag === kTag.boolean && part.value[0] !== 0)
        break
      case kKeyUsage:
        may_sign = ((parse_der(value, kTag.bit_string).value[1] ?? 0) & kCertSign) !== 0
        break
      case kExtendedKeyUsage:
        purposes = sequence(parse_der(value)).map(object_identifier)
        break
    }
  }
  return { is_authority: is_authority && may_sign, purposes }
}

export function was_valid(certificate: Certificate, at_ms: number): boolean {
  return certificate.from_ms <= at_ms && at_ms <= certificate.through_ms
}

function signed_by(certificate: Certificate, authority: Certificate): boolean {
  return (
    equal_bytes(certificate.issuer, authority.subject) &&
    signature_holds(certificate.algorithm, certificate.signature, certificate.signed, authority.key)
  )
}

export type Standing = 'trusted' | 'unknown' | 'expired'

/**
 * Whether the certificate leads to a root, over `others` from the file, and whether each on the way was valid then.
 * A root that is itself the signer's certificate is trusted too: small authorities have no authority above them.
 */
export function standing_of(leaf: Certificate, others: Certificate[], roots: Certificate[], at_ms: number): Standing {
  let expired = false
  const seek = (certificate: Certificate, depth: number): boolean => {
    const valid = was_valid(certificate, at_ms)
    for (const root of roots) {
      const reached = equal_bytes(root.der, certificate.der) || (root.is_authority && signed_by(certificate, root))
      if (!reached) continue
      if (valid && was_valid(root, at_ms)) return true
      expired = true
    }
    if (depth >= kIntermediatesMax) return false
    return others
      .filter(
        (other) => other.is_authority && !equal_bytes(other.der, certificate.der) && signed_by(certificate, other),
      )
      .some((other) => {
        const found = seek(other, depth + 1)
        if (found && !valid) expired = true
        return found && valid
      })
  }
  if (seek(leaf, 0)) return 'trusted'
  return expired ? 'expired' : 'unknown'
}

/** Those that can be read; a file may carry some that are of no use here. */
export function readable_certificates(ders: Uint8Array[]): Certificate[] {
  return ders.flatMap((der) => {
    try {
      return [parse_certificate(der)]
    } catch {
      return []
    }
  })
}
