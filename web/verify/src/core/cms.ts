/**
 * The signature of a PDF: CMS SignedData (RFC 5652) in the one form that we write, CAdES of EN 319 122 as PAdES has it
 * (EN 319 142). Whatever the signature itself does not cover must be, byte by byte, what we would write there: else a
 * stranger could put something of his own into a file that is genuine.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { equal_bytes, hex_bytes, joined, malformed } from './bytes'
import { Fields, first_der, kTag, whole_fields } from './der'
import { signature_holds, type DigestName } from './signatures'
import { kCertificatesMax, parse_certificate, type Certificate } from './x509'

export const kSignedData = '1.2.840.113549.1.7.2'
export const kMessageDigest = '1.2.840.113549.1.9.4'
const kTimestampToken = '1.2.840.113549.1.9.16.2.14'
const kSha256 = '2.16.840.1.101.3.4.2.1'
const kSignatureBytesMax = 256 << 10
export const kDigestNames: Record<string, DigestName> = {
  [kSha256]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

/** In DER: 1; NULL; the content, which stands outside; and how it is signed. */
const kVersion = hex_bytes('020101')
const kNull = hex_bytes('0500')
const kOutside = hex_bytes('300b06092a864886f70d010701')
const kAlgorithms: [der: Uint8Array, algorithm: string, kind: string][] = [
  [hex_bytes('300d06092a864886f70d0101010500'), '1.2.840.113549.1.1.11', 'rsa'],
  [hex_bytes('300d06092a864886f70d01010b0500'), '1.2.840.113549.1.1.11', 'rsa'],
  [hex_bytes('300a06082a8648ce3d040302'), '1.2.840.10045.4.3.2', 'p256'],
]
/** The three attributes in the order of DER: that the content is bytes, its digest, the digest of the certificate. */
const kAttributes = hex_bytes(
  'a08184301806092a864886f70d010903310b06092a864886f70d010701302f06092a864886f70d01090431220420',
)
const kSigningCertificate = hex_bytes('3037060b2a864886f70d010910022f31283026302430220420')

export type Finding = 'holds' | 'bytes_changed' | 'signature_wrong'

export interface SignedContent {
  signer: Certificate
  /** All that came along. */
  certificates: Certificate[]
  /** Of the content, as the attributes name it. */
  digest: Uint8Array
  /** DER of the attributes, under the tag that they have here. */
  attributes: Uint8Array
  algorithm: string
  /** Of the key that this algorithm goes with. */
  key_kind: string
  signature: Uint8Array
  /** RFC 3161, over the signature. */
  timestamp: Uint8Array | null
}

/** Zeroes after the value, which fill the place that a PDF keeps for it, are no part of it. Throws Malformed. */
export function parse_signed_content(bytes: Uint8Array): SignedContent {
  const { whole } = first_der(bytes)
  if (bytes.subarray(whole.length).some((byte) => byte !== 0)) malformed('something after the signature')
  if (whole.length > kSignatureBytesMax) malformed('a signature too large')
  const info = new Fields(whole).sequence()
  if (info.object_identifier() !== kSignedData) malformed('not SignedData')
  const wrapper = info.enter(0xa0)
  info.finish()
  const fields = wrapper.sequence()
  wrapper.finish()
  expect(fields, kVersion)
  const digests = fields.enter(kTag.set)
  expect_sha256(digests)
  digests.finish()
  expect(fields, kOutside)
  const certificates = parse_set(fields.enter(0xa0))
  return { certificates, ...parse_signer_info(fields, certificates) }
}

function expect(fields: Fields, whole: Uint8Array): void {
  if (!equal_bytes(fields.next().whole, whole)) malformed('something else than we write')
}

/** With NULL beside it (as RFC 5754 lets others write) or without. */
function expect_sha256(fields: Fields): void {
  const algorithm = fields.sequence()
  if (algorithm.object_identifier() !== kSha256) malformed('an unknown digest')
  if (!algorithm.is_empty()) expect(algorithm, kNull)
  algorithm.finish()
}

function parse_set(set: Fields): Certificate[] {
  const certificates: Certificate[] = []
  while (!set.is_empty()) {
    const { whole } = set.next()
    if (certificates.length === kCertificatesMax) malformed('too many certificates')
    certificates.push(parse_certificate(whole))
  }
  return certificates
}

function parse_signer_info(fields: Fields, certificates: Certificate[]) {
  const infos = fields.enter(kTag.set)
  fields.finish()
  const info = infos.sequence()
  infos.finish()
  expect(info, kVersion)
  const id = info.sequence()
  const [issuer, serial] = [id.next(kTag.sequence).whole, id.next(kTag.integer).value]
  id.finish()
  expect_sha256(info)
  const attributes = info.next(0xa0).whole
  const written = info.next(kTag.sequence).whole
  const [, algorithm, key_kind] =
    kAlgorithms.find(([known]) => equal_bytes(known, written)) ?? malformed('an unknown algorithm')
  const signature = info.octets()
  const timestamp = info.is_empty() ? null : parse_unsigned(info.enter(0xa1))
  info.finish()
  const is_signer = (one: Certificate) => equal_bytes(one.issuer, issuer) && equal_bytes(one.serial, serial)
  const digest = message_digest(attributes)
  const signer = certificates.find(is_signer) ?? malformed('the certificate of the signer is missing')
  return { signer, digest, attributes, algorithm, key_kind, signature, timestamp }
}

/** One timestamp, or nothing. */
function parse_unsigned(set: Fields): Uint8Array {
  const attribute = set.sequence()
  set.finish()
  if (attribute.object_identifier() !== kTimestampToken) malformed('an attribute of somebody else')
  const values = attribute.enter(kTag.set)
  attribute.finish()
  const { whole } = values.next(kTag.sequence)
  values.finish()
  return whole
}

/** The digest among the attributes, and nothing else about them. */
function message_digest(attributes: Uint8Array): Uint8Array {
  const list = whole_fields(attributes).enter(0xa0)
  while (!list.is_empty()) {
    const attribute = list.sequence()
    if (attribute.object_identifier() !== kMessageDigest) continue
    const digest = attribute.enter(kTag.set).octets()
    return digest.length === 32 ? digest : malformed('not a digest of SHA-256')
  }
  return malformed('no digest')
}

/** The attributes are made anew rather than read: exactly the profile, and the certificate that was meant. */
export function judge_content(signed: SignedContent, content: Uint8Array): Finding {
  const { signer, attributes } = signed
  const expected = joined(kAttributes, signed.digest, kSigningCertificate, sha256(signer.der))
  const is_signed =
    equal_bytes(attributes, expected) &&
    signer.key.kind === signed.key_kind &&
    signature_holds(signed.algorithm, signed.signature, as_set(expected), signer.key)
  if (!is_signed) return 'signature_wrong'
  return equal_bytes(signed.digest, sha256(content)) ? 'holds' : 'bytes_changed'
}

/** This is what is signed (RFC 5652 §5.4). */
export function as_set(attributes: Uint8Array): Uint8Array {
  return joined(Uint8Array.of(kTag.set), attributes.subarray(1))
}
