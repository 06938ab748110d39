/** CMS SignedData (RFC 5652) with one signer, as PDF (ETSI EN 319 142, CAdES) and timestamps (RFC 3161) carry it. */
import { equal_bytes, joined, malformed } from './bytes'
import {
  children,
  expect_tag,
  first_der,
  instant_ms,
  kTag,
  object_identifier,
  octets,
  parse_der,
  sequence,
  type Der,
} from './der'
import { digest_of, signature_holds, type DigestName } from './signatures'
import { kTimeStamping, parse_certificate, standing_of, type Certificate } from './x509'

const kSignedData = '1.2.840.113549.1.7.2'
const kContentType = '1.2.840.113549.1.9.3'
const kMessageDigest = '1.2.840.113549.1.9.4'
const kSigningCertificateV2 = '1.2.840.113549.1.9.16.2.47'
const kTimestampToken = '1.2.840.113549.1.9.16.2.14'
const kTimestampContent = '1.2.840.113549.1.9.16.1.4'
const kCadesAttributes = 3
const kDigestNames: Record<string, DigestName> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

export interface SignedContent {
  /** Inside, when it is not detached. */
  content: Uint8Array | null
  content_type: string
  certificates: Certificate[]
  signer: Certificate
  digest: DigestName
  /** By identifier; each with its values. */
  attributes: Map<string, Der[]>
  /** DER of the attributes as a set: this is what is signed. */
  signed: Uint8Array
  algorithm: string
  signature: Uint8Array
  unsigned: Map<string, Der[]>
}

/** Zeroes after the value, which fill the place that a PDF keeps for it, are no part of it. */
export function parse_signed_content(bytes: Uint8Array): SignedContent {
  const whole = first_der(bytes)
  if (bytes.subarray(whole.whole.length).some((byte) => byte !== 0)) malformed('something after the signature')
  const [type, wrapped] = sequence(whole)
  if (object_identifier(type) !== kSignedData || !wrapped) malformed('not SignedData')
  const [, , encapsulated, ...rest] = sequence(children(expect_tag(wrapped, 0xa0))[0])
  const [content_type, content] = sequence(encapsulated)
  const set = rest.find((part) => part.tag === 0xa0)
  const certificates = (set ? children(set) : []).map((part) => parse_certificate(part.whole))
  const signers = children(expect_tag(rest.at(-1), kTag.set))
  if (signers.length !== 1) malformed('not one signer')
  return {
    content: content ? octets(children(content)[0]) : null,
    content_type: object_identifier(content_type),
    certificates,
    ...parse_signer(sequence(signers[0]), certificates),
  }
}

function parse_signer(parts: Der[], certificates: Certificate[]) {
  const [, sid, digest, signed_attributes, algorithm, signature, unsigned] = parts
  const [issuer, serial] = sequence(sid)
  const issuer_name = expect_tag(issuer, kTag.sequence).whole
  const serial_number = expect_tag(serial, kTag.integer).value
  const signer = certificates.find(
    (one) => equal_bytes(one.issuer, issuer_name) && equal_bytes(one.serial, serial_number),
  )
  const attributes = expect_tag(signed_attributes, 0xa0)
  return {
    signer: signer ?? malformed('the certificate of the signer is missing'),
    digest: kDigestNames[object_identifier(sequence(digest)[0])] ?? malformed('an unknown digest'),
    attributes: attribute_values(attributes),
    signed: joined(Uint8Array.of(kTag.set), attributes.whole.subarray(1)),
    algorithm: object_identifier(sequence(algorithm)[0]),
    signature: octets(signature),
    unsigned: unsigned ? attribute_values(expect_tag(unsigned, 0xa1)) : new Map<string, Der[]>(),
  }
}

function attribute_values(set: Der): Map<string, Der[]> {
  const found = new Map<string, Der[]>()
  for (const attribute of children(set)) {
    const [type, values] = sequence(attribute)
    const name = object_identifier(type)
    if (found.has(name)) malformed('an attribute twice')
    found.set(name, children(expect_tag(values, kTag.set)))
  }
  return found
}

export type Finding = 'holds' | 'bytes_changed' | 'signature_wrong'

/** The attributes name content, digest and, as CAdES asks, the signer's certificate, and are signed. */
export function judge_content(signed: SignedContent, content: Uint8Array, is_cades = true): Finding {
  const { attributes } = signed
  const type = attributes.get(kContentType)?.[0]
  const digest = attributes.get(kMessageDigest)?.[0]
  // PAdES has the time of signing in the dictionary, so nothing but type, digest and the signer's certificate is here.
  if (is_cades && attributes.size > kCadesAttributes) return 'signature_wrong'
  if (!type || !digest || object_identifier(type) !== signed.content_type) return 'signature_wrong'
  if (!signature_holds(signed.algorithm, signed.signature, signed.signed, signed.signer.key, signed.digest))
    return 'signature_wrong'
  if (!names_signer(signed, is_cades)) return 'signature_wrong'
  return equal_bytes(octets(digest), digest_of(signed.digest, content)) ? 'holds' : 'bytes_changed'
}

/** RFC 5035: hash of the certificate, SHA-256 when no other is named. Timestamps may still have RFC 2634's older form. */
function names_signer({ attributes, signer }: SignedContent, is_cades: boolean): boolean {
  const value = attributes.get(kSigningCertificateV2)?.[0]
  if (!value) return !is_cades
  const parts = sequence(sequence(sequence(value)[0])[0])
  const algorithm = parts[0]?.tag === kTag.sequence ? parts.shift() : undefined
  const name = algorithm ? kDigestNames[object_identifier(sequence(algorithm)[0])] : 'sha256'
  return name !== undefined && equal_bytes(octets(parts[0]), digest_of(name, signer.der))
}

export interface Timestamp {
  at_ms: number
  /** Signed, over this signature, by somebody whose key is for timestamps alone. */
  holds: boolean
  is_trusted: boolean
}

/** Nothing when there is none. */
export function find_timestamp(signed: SignedContent): Uint8Array | null {
  return signed.unsigned.get(kTimestampToken)?.[0]?.whole ?? null
}

/** RFC 3161 §2.4.2. Throws Malformed. */
export function judge_timestamp(token: Uint8Array, stamped: Uint8Array, roots: Certificate[]): Timestamp {
  const inner = parse_signed_content(token)
  if (inner.content_type !== kTimestampContent || !inner.content) return malformed('not a timestamp')
  const [, , imprint, , at] = sequence(parse_der(inner.content))
  const [algorithm, hash] = sequence(imprint)
  const name = kDigestNames[object_identifier(sequence(algorithm)[0])] ?? malformed('an unknown digest')
  const at_ms = instant_ms(at)
  return {
    at_ms,
    holds:
      judge_content(inner, inner.content, false) === 'holds' &&
      equal_bytes(octets(hash), digest_of(name, stamped)) &&
      inner.signer.purposes_are_critical &&
      inner.signer.purposes?.length === 1 &&
      inner.signer.purposes[0] === kTimeStamping,
    is_trusted: standing_of(inner.signer, inner.certificates, roots, at_ms).word === 'trusted',
  }
}
