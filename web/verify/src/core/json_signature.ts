/** The detached signature of certificate.json: JWS (RFC 7515) without encoding of the payload (RFC 7797), ES256. */
import { sha256 } from '@noble/hashes/sha2.js'
import { base64_bytes, base64url_bytes, malformed, utf8_bytes, utf8_text } from './bytes'
import { is_object, parse_json, type Json } from './canonical_json'
import type { Finding } from './cms'
import { p256_holds } from './signatures'
import { parse_certificates, type Certificate } from './x509'

const kSignatureCharactersMax = 64 << 10
const kHeaderLimits = { characters_max: kSignatureCharactersMax, depth_max: 3, values_max: 32 }

export interface JsonSignature {
  finding: Finding
  signer: Certificate
  others: Certificate[]
}

/** `payload` is the canonical JSON of the object without its signature. Throws Malformed where it is no such thing. */
export function judge_json_signature(signature: Json, payload: string): JsonSignature {
  if (typeof signature !== 'string' || signature.length > kSignatureCharactersMax) return malformed('not a signature')
  const [header_text, nothing, value, ...more] = signature.split('.')
  if (!header_text || nothing !== '' || !value || more.length > 0) return malformed('not a detached signature')
  const header = parse_json(utf8_text(base64url_bytes(header_text)), kHeaderLimits)
  if (!is_object(header) || !Array.isArray(header.x5c)) return malformed('no certificate of the signer')
  const [signer, ...others] = parse_certificates(header.x5c.map(certificate_bytes))
  const bytes = base64url_bytes(value)
  const is_our_form =
    Object.keys(header).sort().join(' ') === 'alg b64 crit x5c' &&
    header.alg === 'ES256' &&
    header.b64 === false &&
    Array.isArray(header.crit) &&
    header.crit.length === 1 &&
    header.crit[0] === 'b64' &&
    signer.key.kind === 'p256' &&
    bytes.length === 64
  if (!is_our_form || signer.key.kind !== 'p256') return { finding: 'signature_wrong', signer, others }
  const digest = sha256(utf8_bytes(`${header_text}.${payload}`))
  // Header, payload and value are under one signature: which of them was changed cannot be told apart.
  const finding = p256_holds(bytes, digest, signer.key.point) ? 'holds' : 'bytes_changed'
  return { finding, signer, others }
}

function certificate_bytes(text: Json): Uint8Array {
  return typeof text === 'string' ? base64_bytes(text) : malformed('a certificate that is no text')
}
