/** Timestamps (RFC 3161): CMS SignedData with its content inside, as authorities of time write it, each a little otherwise. */
import { equal_bytes, malformed } from './bytes'
import { as_set, kDigestNames, kMessageDigest, kSignedData } from './cms'
import { Fields, kTag, parse_der, whole_fields, type Der } from './der'
import { digest_of, signature_holds, type DigestName } from './signatures'
import { kTimeStamping, parse_certificate, standing_of, type Certificate } from './x509'

const kContentType = '1.2.840.113549.1.9.3'
const kSigningCertificateV2 = '1.2.840.113549.1.9.16.2.47'
const kTimestampContent = '1.2.840.113549.1.9.16.1.4'

export interface Timestamp {
  at_ms: number
  /** Signed, over this signature, by somebody whose key is for timestamps alone. */
  holds: boolean
  is_trusted: boolean
}

interface Token {
  content: Uint8Array
  certificates: Certificate[]
  signer: Certificate
  digest: DigestName
  /** By identifier; each with its values. */
  attributes: Map<string, Der[]>
  signed: Uint8Array
  algorithm: string
  signature: Uint8Array
}

function parse_token(bytes: Uint8Array): Token {
  const info = whole_fields(bytes).sequence()
  if (info.object_identifier() !== kSignedData) malformed('not SignedData')
  const fields = info.enter(0xa0).sequence()
  fields.integer()
  fields.next(kTag.set)
  const encapsulated = fields.sequence()
  if (encapsulated.object_identifier() !== kTimestampContent) malformed('not a timestamp')
  const content = encapsulated.enter(0xa0).octets()
  const set = fields.at(0xa0) ? fields.enter(0xa0) : new Fields(new Uint8Array())
  if (fields.at(0xa1)) fields.next()
  const certificates = all(set).map(({ whole }) => parse_certificate(whole))
  const signers = fields.enter(kTag.set)
  fields.finish()
  const signer = signers.sequence()
  signers.finish()
  return { content, certificates, ...parse_signer(signer, certificates) }
}

function all(fields: Fields): Der[] {
  const found: Der[] = []
  while (!fields.is_empty()) found.push(fields.next())
  return found
}

function parse_signer(fields: Fields, certificates: Certificate[]) {
  fields.integer()
  const id = fields.sequence()
  const [issuer, serial] = [id.next(kTag.sequence).whole, id.integer()]
  const digest = fields.sequence().object_identifier()
  const attributes = fields.next(0xa0)
  const algorithm = fields.sequence().object_identifier()
  const signature = fields.octets()
  const is_signer = (one: Certificate) => equal_bytes(one.issuer, issuer) && equal_bytes(one.serial, serial)
  return {
    signer: certificates.find(is_signer) ?? malformed('the certificate of the signer is missing'),
    digest: kDigestNames[digest] ?? malformed('an unknown digest'),
    attributes: attribute_values(new Fields(attributes.value)),
    signed: as_set(attributes.whole),
    algorithm,
    signature,
  }
}

function attribute_values(set: Fields): Map<string, Der[]> {
  const found = new Map<string, Der[]>()
  while (!set.is_empty()) {
    const attribute = set.sequence()
    const name = attribute.object_identifier()
    if (found.has(name)) malformed('an attribute twice')
    found.set(name, all(attribute.enter(kTag.set)))
    attribute.finish()
  }
  return found
}

/** The attributes name content and digest, and the signer's certificate where they name one, and are signed. */
function token_holds(token: Token): boolean {
  const value = (name: string) => new Fields(token.attributes.get(name)?.[0]?.whole ?? malformed('no attribute'))
  return (
    value(kContentType).object_identifier() === kTimestampContent &&
    equal_bytes(value(kMessageDigest).octets(), digest_of(token.digest, token.content)) &&
    signature_holds(token.algorithm, token.signature, token.signed, token.signer.key, token.digest) &&
    names_signer(token)
  )
}

/** RFC 5035: hash of the certificate, SHA-256 when no other is named. There may still be RFC 2634's older form. */
function names_signer({ attributes, signer }: Token): boolean {
  const value = attributes.get(kSigningCertificateV2)?.[0]
  if (!value) return true
  const id = new Fields(value.whole).sequence().sequence().sequence()
  const name = id.at(kTag.sequence) ? kDigestNames[id.sequence().object_identifier()] : 'sha256'
  return name !== undefined && equal_bytes(id.octets(), digest_of(name, signer.der))
}

/** RFC 3161 §2.4.2. Throws Malformed. */
export function judge_timestamp(bytes: Uint8Array, stamped: Uint8Array, roots: Certificate[]): Timestamp {
  const token = parse_token(bytes)
  const info = new Fields(parse_der(token.content).whole).sequence()
  info.integer()
  info.object_identifier()
  const imprint = info.sequence()
  const name = kDigestNames[imprint.sequence().object_identifier()]
  const hash = imprint.octets()
  info.integer()
  const at_ms = info.instant_ms()
  const { purposes, purposes_are_critical } = token.signer
  return {
    at_ms,
    // Others than SHA-256 are none that a certificate of ours asks for.
    holds:
      name === 'sha256' &&
      equal_bytes(hash, digest_of(name, stamped)) &&
      token_holds(token) &&
      purposes_are_critical &&
      purposes?.length === 1 &&
      purposes[0] === kTimeStamping,
    is_trusted: standing_of(token.signer, token.certificates, roots, at_ms).word === 'trusted',
  }
}
