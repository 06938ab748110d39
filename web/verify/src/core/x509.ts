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
  small_integer,
  unsigned_integer,
  type Der,
} from './der'
import { signature_holds, type PublicKey } from './signatures'

const kChainMax = 8
/** Signatures are dear, and a stranger may send along many certificates of one name. */
const kSignaturesMax = 32

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
  /** How many authorities may stand below it. */
  path_length_max: number
  /** Its use is not held to things other than signatures. */
  may_sign: boolean
  /** Bound to something that is not judged here: such a certificate proves nothing. */
  has_unknown_bounds: boolean
  /** Purposes of the key, when it is held to some. */
  purposes: string[] | null
  /** Whoever does not know purposes must refuse the certificate, as RFC 3161 §2.3 wants it of timestamps. */
  purposes_are_critical: boolean
  signed: Uint8Array
  algorithm: string
  signature: Uint8Array
}

export const kTimeStamping = '1.3.6.1.5.5.7.3.8'
const kBasicConstraints = '2.5.29.19'
const kKeyUsage = '2.5.29.15'
const kExtendedKeyUsage = '2.5.29.37'
/** Bits of keyUsage: the first is the highest. */
const kSigns = 0xc0
const kSignsCertificates = 0x04

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

type Bounds = Pick<
  Certificate,
  'is_authority' | 'path_length_max' | 'may_sign' | 'has_unknown_bounds' | 'purposes' | 'purposes_are_critical'
>

function extensions(der: Der | undefined): Bounds {
  const bounds: Bounds = {
    is_authority: false,
    path_length_max: Infinity,
    may_sign: true,
    has_unknown_bounds: false,
    purposes: null,
    purposes_are_critical: false,
  }
  let usage = 0xff
  for (const extension of der ? sequence(children(der)[0]) : []) {
    const parts = sequence(extension)
    const value = octets(parts.at(-1))
    const is_critical = parts[1]?.tag === kTag.boolean && parts[1].value[0] !== 0
    switch (object_identifier(parts[0])) {
      case kBasicConstraints: {
        const [is_authority, length] = sequence(parse_der(value))
        bounds.is_authority = is_authority?.tag === kTag.boolean && is_authority.value[0] !== 0
        if (length) bounds.path_length_max = small_integer(length)
        break
      }
      case kKeyUsage:
        usage = parse_der(value, kTag.bit_string).value[1] ?? 0
        break
      case kExtendedKeyUsage:
        bounds.purposes = sequence(parse_der(value)).map(object_identifier)
        bounds.purposes_are_critical = is_critical
        break
      default:
        if (is_critical) bounds.has_unknown_bounds = true
    }
  }
  bounds.may_sign = (usage & kSigns) !== 0
  if ((usage & kSignsCertificates) === 0) bounds.is_authority = false
  return bounds
}

export function was_valid(certificate: Certificate, at_ms: number): boolean {
  return certificate.from_ms <= at_ms && at_ms <= certificate.through_ms
}

function signed_by(certificate: Certificate, authority: Certificate): boolean {
  return signature_holds(certificate.algorithm, certificate.signature, certificate.signed, authority.key)
}

export interface Standing {
  /** `unknown`: no way to a root; `expired`: a way, on which somebody was not valid then. */
  word: 'trusted' | 'unknown' | 'expired'
  /** From the signer to the root, both included; empty when there is no way. */
  path: Certificate[]
}

/**
 * Whether the certificate leads to a root (RFC 5280 §6.1, without policies and name constraints), over `others` from the
 * file. A root that is itself the signer's certificate is trusted too: small authorities have no authority above them.
 */
export function standing_of(leaf: Certificate, others: Certificate[], roots: Certificate[], at_ms: number): Standing {
  let signatures_left = kSignaturesMax
  let expired: Certificate[] = []
  const is_root = (one: Certificate) => roots.some((root) => equal_bytes(root.der, one.der))
  const issued = (below: Certificate, authority: Certificate, depth: number) =>
    authority.is_authority &&
    !authority.has_unknown_bounds &&
    depth <= authority.path_length_max &&
    equal_bytes(below.issuer, authority.subject) &&
    (signatures_left -= 1) >= 0 &&
    signed_by(below, authority)
  const seek = (path: Certificate[]): Certificate[] | null => {
    const last = path.at(-1)
    if (!last || path.length > kChainMax) return null
    if (is_root(last)) {
      if (path.every((one) => was_valid(one, at_ms))) return path
      expired = path
      return null
    }
    for (const authority of [...roots, ...others]) {
      const found = issued(last, authority, path.length - 1) ? seek([...path, authority]) : null
      if (found) return found
    }
    return null
  }
  const path = leaf.may_sign && !leaf.has_unknown_bounds ? seek([leaf]) : null
  if (path) return { word: 'trusted', path }
  return expired.length > 0 ? { word: 'expired', path: expired } : { word: 'unknown', path: [] }
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
