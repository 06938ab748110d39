/** An electronic seal (GB/T 38540-2020, SES V4): who made it, who may press it, and what it was pressed upon. */
import { equal_bytes, malformed } from './bytes'
import { Fields, kTag, whole_fields } from './der'
import { kSm2WithSm3, signature_holds } from './signatures'
import { sm3 } from './sm3'
import { parse_certificate, type Certificate } from './x509'

const kVersion = 4
const kListOfCertificates = 1
const kListOfDigests = 2
const kListedMax = 256
const kSealBytesMax = 4 << 20
/** Of SM3. */
const kDigestBytes = 32

export interface Seal {
  name: string
  /** Certificates, or their digests. */
  listed: Uint8Array[]
  lists_certificates: boolean
  made_ms: number
  from_ms: number
  through_ms: number
  maker: Certificate
  /** What its maker signed, and with what. */
  signed: Uint8Array
  signature: Uint8Array
}

export interface Sealing {
  seal: Seal
  at_ms: number
  /** SM3 of the description that was sealed. */
  digest: Uint8Array
  /** Path of the description in its package. */
  description: string
  signer: Certificate
  signed: Uint8Array
  signature: Uint8Array
  /** RFC 3161, over the signature. */
  timestamp: Uint8Array | null
}

/** SignedValue.dat. Throws Malformed. */
export function parse_sealing(bytes: Uint8Array): Sealing {
  if (bytes.length > kSealBytesMax) malformed('a seal too large')
  const fields = whole_fields(bytes).sequence()
  const signed = fields.next(kTag.sequence)
  const said = parse_said(new Fields(signed.value))
  const { certificate: signer, signature } = parse_signed_by(fields)
  const timestamp = fields.is_empty() ? null : parse_stamp(fields.enter(0xa0))
  fields.finish()
  return { ...said, signer, signed: signed.whole, signature, timestamp }
}

function parse_stamp(wrapper: Fields): Uint8Array {
  const token = wrapper.bits()
  wrapper.finish()
  return token
}

function parse_said(fields: Fields) {
  if (fields.small_integer() !== kVersion) malformed('not a seal of version 4')
  const seal = parse_seal(fields.next(kTag.sequence).whole)
  const at_ms = fields.instant_ms()
  const digest = fields.bits()
  if (digest.length !== kDigestBytes) malformed('not a digest of SM3')
  const description = fields.text()
  skip_extensions(fields)
  return { seal, at_ms, digest, description }
}

/** Extensions stand bare in real seals and under [0] in the standard's text; either is signed and passed over. */
function skip_extensions(fields: Fields): void {
  if (fields.at(kTag.sequence) || fields.at(0xa0)) fields.next()
  fields.finish()
}

/** The end that seals and what is sealed share. */
function parse_signed_by(fields: Fields): { certificate: Certificate; signature: Uint8Array } {
  const certificate = parse_certificate(fields.octets())
  if (fields.object_identifier() !== kSm2WithSm3) malformed('signed in another way')
  return { certificate, signature: fields.bits() }
}

function parse_seal(bytes: Uint8Array): Seal {
  const fields = whole_fields(bytes).sequence()
  const signed = fields.next(kTag.sequence)
  const about = parse_about(new Fields(signed.value))
  const { certificate: maker, signature } = parse_signed_by(fields)
  fields.finish()
  return { ...about, maker, signed: signed.whole, signature }
}

function parse_about(fields: Fields) {
  const header = fields.sequence()
  const [kind, version] = [header.text(), header.small_integer()]
  header.text()
  header.finish()
  if (kind !== 'ES' || version !== kVersion) malformed('not a seal of version 4')
  fields.text()
  const property = parse_property(fields.sequence())
  const picture = fields.sequence()
  picture.text()
  picture.octets()
  picture.small_integer()
  picture.small_integer()
  picture.finish()
  skip_extensions(fields)
  return property
}

function parse_property(property: Fields) {
  property.small_integer()
  const name = property.text()
  const kind = property.small_integer()
  if (kind !== kListOfCertificates && kind !== kListOfDigests) malformed('a list of another kind')
  const lists_certificates = kind === kListOfCertificates
  const listed = parse_listed(property.sequence(), lists_certificates)
  const [made_ms, from_ms, through_ms] = [property.instant_ms(), property.instant_ms(), property.instant_ms()]
  property.finish()
  return { name, listed, lists_certificates, made_ms, from_ms, through_ms }
}

/** Certificates, or { type, digest }. */
function parse_listed(list: Fields, lists_certificates: boolean): Uint8Array[] {
  const listed: Uint8Array[] = []
  while (!list.is_empty()) {
    if (listed.length === kListedMax) malformed('too many signers')
    if (lists_certificates) {
      listed.push(list.octets())
      continue
    }
    const member = list.sequence()
    member.next()
    listed.push(member.octets())
    member.finish()
  }
  return listed
}

export function sealing_holds({ signature, signed, signer }: Sealing): boolean {
  return signature_holds(kSm2WithSm3, signature, signed, signer.key)
}

/** The maker signs the description of the seal alone, without his own certificate after it. */
export function seal_is_whole({ signature, signed, maker }: Seal): boolean {
  return signature_holds(kSm2WithSm3, signature, signed, maker.key)
}

export function lists_signer({ seal, signer }: Sealing): boolean {
  const form = seal.lists_certificates ? signer.der : sm3(signer.der)
  return seal.listed.some((one) => equal_bytes(one, form))
}
