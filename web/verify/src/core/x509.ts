/** Certificates (RFC 5280) as far as a seal or a signature needs them: key, days, who signed whom. */
import { equal_bytes, malformed, Malformed, number_of_bytes } from './bytes'
import { Fields, kTag, whole_fields } from './der'
import { signature_holds, type PublicKey } from './signatures'

const kChainMax = 8
/** Signatures are dear, and a stranger may send along many certificates of one name. */
const kSignaturesMax = 32
/** That one signature brings along. */
export const kCertificatesMax = 8
const kCertificateBytesMax = 64 << 10

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
const kCommonName = '2.5.4.3'
const kOrganisation = '2.5.4.10'
/** Bits of keyUsage: the first is the highest. */
const kSigns = 0xc0
const kSignsCertificates = 0x04
/** The last second is valid to its end. */
const kSecondMs = 999

/** Throws Malformed. */
export function parse_certificate(der: Uint8Array): Certificate {
  if (der.length > kCertificateBytesMax) malformed('a certificate too large')
  const parts = whole_fields(der).sequence()
  const signed = parts.next(kTag.sequence)
  const algorithm = parts.next(kTag.sequence)
  const signature = parts.bits()
  parts.finish()
  return {
    der,
    ...parse_signed(new Fields(signed.value), algorithm.whole),
    signed: signed.whole,
    algorithm: new Fields(algorithm.value).object_identifier(),
    signature,
  }
}

/** RFC 5280 §4.1.1.2: the algorithm inside, which is signed, and `outside` are the same. */
function parse_signed(fields: Fields, outside: Uint8Array) {
  if (fields.at(0xa0)) {
    const wrapper = fields.enter(0xa0)
    const version = wrapper.small_integer()
    wrapper.finish()
    if (version < 1 || version > 2) malformed('a certificate of another version')
  }
  const serial = fields.integer()
  if (!equal_bytes(fields.next(kTag.sequence).whole, outside)) malformed('two algorithms')
  const issuer = fields.next(kTag.sequence).whole
  const validity = fields.sequence()
  const days = { from_ms: validity.instant_ms(), through_ms: validity.instant_ms() + kSecondMs }
  validity.finish()
  const subject = fields.next(kTag.sequence).whole
  check_name(subject, [kCommonName, kOrganisation])
  check_name(issuer, [kCommonName])
  const key = public_key(fields.next(kTag.sequence).value)
  return { serial, issuer, ...days, subject, key, ...extensions(fields) }
}

/** Those that are `shown` somewhere must be texts; names of strangers hold other kinds, which nobody shows. */
function check_name(name: Uint8Array, shown: string[]): void {
  const sets = whole_fields(name).sequence()
  while (!sets.is_empty()) {
    const members = sets.enter(kTag.set)
    while (!members.is_empty()) {
      const member = members.sequence()
      if (shown.includes(member.object_identifier())) member.text()
    }
  }
}

/** A key of another kind holds no signature here, but may stand in a certificate that is of no matter. */
function public_key(value: Uint8Array): PublicKey {
  const other: PublicKey = { kind: 'other' }
  try {
    const fields = new Fields(value)
    const algorithm = fields.sequence()
    const bits = fields.bits()
    const kind = algorithm.object_identifier()
    if (!fields.is_empty()) return other
    if (kind === '1.2.840.113549.1.1.1') return rsa_key(bits)
    const curve = algorithm.object_identifier()
    if (kind !== '1.2.840.10045.2.1' || !algorithm.is_empty()) return other
    if (curve === '1.2.840.10045.3.1.7') return { kind: 'p256', point: bits }
    return curve === '1.2.156.10197.1.301' ? { kind: 'sm2', point: bits } : other
  } catch (error) {
    if (error instanceof Malformed) return other
    throw error
  }
}

function rsa_key(bits: Uint8Array): PublicKey {
  const numbers = whole_fields(bits).sequence()
  const [n, e] = [numbers.unsigned_integer(), numbers.unsigned_integer()]
  numbers.finish()
  return { kind: 'rsa', n: number_of_bytes(n), e: number_of_bytes(e), bytes: n.length }
}

type Bounds = Pick<
  Certificate,
  'is_authority' | 'path_length_max' | 'may_sign' | 'has_unknown_bounds' | 'purposes' | 'purposes_are_critical'
>

/** What stands behind the key: two identifiers that nobody uses, and the extensions. */
function extensions(fields: Fields): Bounds {
  const bounds: Bounds = {
    is_authority: false,
    path_length_max: Infinity,
    may_sign: true,
    has_unknown_bounds: false,
    purposes: null,
    purposes_are_critical: false,
  }
  let usage = 0xff
  while (fields.at(0x81) || fields.at(0x82)) fields.next()
  if (!fields.is_empty()) {
    const wrapper = fields.enter(0xa3)
    const list = wrapper.sequence()
    while (!list.is_empty()) usage = read_extension(list.sequence(), bounds) ?? usage
    wrapper.finish()
    fields.finish()
  }
  bounds.may_sign = (usage & kSigns) !== 0
  if ((usage & kSignsCertificates) === 0) bounds.is_authority = false
  return bounds
}

/** The usages of the key, if it is they. */
function read_extension(extension: Fields, bounds: Bounds): number | undefined {
  const name = extension.object_identifier()
  const is_critical = extension.at(kTag.boolean) && extension.boolean()
  const value = extension.octets()
  extension.finish()
  switch (name) {
    case kBasicConstraints:
      read_constraints(value, bounds)
      return undefined
    case kKeyUsage:
      return read_usage(value)
    case kExtendedKeyUsage:
      bounds.purposes = read_purposes(value)
      bounds.purposes_are_critical = is_critical
      return undefined
    default:
      bounds.has_unknown_bounds ||= is_critical
      return undefined
  }
}

function read_constraints(value: Uint8Array, bounds: Bounds): void {
  const inside = whole_fields(value).sequence()
  if (inside.at(kTag.boolean)) bounds.is_authority = inside.boolean()
  if (inside.at(kTag.integer)) bounds.path_length_max = inside.small_integer()
  inside.finish()
}

function read_usage(value: Uint8Array): number {
  const [unused = 8, usage, ...more] = whole_fields(value).next(kTag.bit_string).value
  return usage === undefined || more.length > 1 || unused > 7 ? malformed('not the usage of a key') : usage
}

function read_purposes(value: Uint8Array): string[] {
  const inside = whole_fields(value).sequence()
  const purposes: string[] = []
  while (!inside.is_empty()) purposes.push(inside.object_identifier())
  return purposes
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
  const path = leaf.has_unknown_bounds ? null : seek([leaf])
  if (!path && expired.length > 0) return { word: 'expired', path: expired }
  return path && leaf.may_sign ? { word: 'trusted', path } : { word: 'unknown', path: [] }
}

/** The signer's certificate first. Throws Malformed where there is none, or one that cannot be read. */
export function parse_certificates(ders: Uint8Array[]): [Certificate, ...Certificate[]] {
  if (ders.length > kCertificatesMax) malformed('too many certificates')
  const [signer, ...others] = ders.map(parse_certificate)
  return signer ? [signer, ...others] : malformed('no certificate of the signer')
}
