/**
 * The enveloped signature of certificate.xml (W3C xmldsig-core1), in the one form that we write: one reference to the
 * whole document, enveloped and exclusive C14N, ECDSA with P-256 and SHA-256. The file is written anew from what was
 * read and compared byte by byte: a signature covers neither itself nor its certificates, and no stranger may put
 * something of his own there.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { base64_bytes, base64_text, malformed, utf8_bytes } from './bytes'
import { canonical_json, is_object, type Json, type JsonObject } from './canonical_json'
import type { Finding } from './cms'
import { kNamespace, type Contents } from './contents'
import { attempt } from './judging'
import { p256_holds } from './signatures'
import { attribute, element, elements, escaped_text, inner_text, type XmlElement } from './xml'
import { parse_certificates, type Certificate } from './x509'

const kDsig = 'http://www.w3.org/2000/09/xmldsig#'
const kExclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const kEcdsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'
const kDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
const kOpen = `<certificate_file xmlns="${kNamespace}">`
const kClose = '</certificate_file>'
const kSignatureOpen = `<Signature xmlns="${kDsig}">`
const kName = /^[a-z_][a-z0-9_]{0,63}$/

export interface XmlSignature {
  finding: Finding
  signer: Certificate
  others: Certificate[]
}

interface Parts {
  method: string
  digest: string
  value: Uint8Array
  ders: Uint8Array[]
}

export function find_xml_signature(root: XmlElement): XmlElement | undefined {
  return elements(root, 'Signature').find(({ prefix }) => prefix === '')
}

/** Throws Malformed where nobody can be judged: it is none that we write, or its certificates cannot be read. */
export function judge_xml_signature(file: string, signature: XmlElement, contents: Contents | null): XmlSignature {
  const parts = parts_of(signature)
  const [signer, ...others] = parse_certificates(parts.ders)
  const begin = file.lastIndexOf(kSignatureOpen)
  if (begin < 0) malformed('a signature that is written otherwise')
  const finding = signature_holds(parts, signer) ? spelling(file, begin, parts, contents) : 'signature_wrong'
  return { finding, signer, others }
}

function parts_of(signature: XmlElement): Parts {
  const info = element(signature, 'SignedInfo')
  const method = element(info, 'SignatureMethod')
  const data = element(signature, 'KeyInfo', 'X509Data')
  return {
    method: (method && attribute(method, 'Algorithm')) ?? '',
    digest: inner_text(element(info, 'Reference', 'DigestValue')),
    value: base64_bytes(inner_text(element(signature, 'SignatureValue'))),
    ders: (data ? elements(data, 'X509Certificate') : []).map((one) => base64_bytes(inner_text(one))),
  }
}

function signature_holds({ method, digest, value }: Parts, { key }: Certificate): boolean {
  if (method !== kEcdsaSha256 || key.kind !== 'p256') return false
  const signed = `<SignedInfo xmlns="${kDsig}">${signed_info(digest)}</SignedInfo>`
  return p256_holds(value, sha256(utf8_bytes(signed)), key.point)
}

/** Whether the file is, to the byte, what is written for what was read there. */
function spelling(file: string, begin: number, parts: Parts, contents: Contents | null): Finding {
  const body = file.slice(kDeclaration.length, begin)
  const is_ours =
    file.startsWith(kDeclaration) &&
    base64_text(sha256(utf8_bytes(body + kClose))) === parts.digest &&
    attempt(() => contents && written_contents(contents)) === body &&
    file === kDeclaration + body + written_signature(parts) + kClose
  return is_ours ? 'holds' : 'bytes_changed'
}

/** What stands in SignedInfo. */
function signed_info(digest: string): string {
  return (
    `<CanonicalizationMethod Algorithm="${kExclusive}"></CanonicalizationMethod>` +
    `<SignatureMethod Algorithm="${kEcdsaSha256}"></SignatureMethod><Reference URI=""><Transforms>` +
    `<Transform Algorithm="${kDsig}enveloped-signature"></Transform>` +
    `<Transform Algorithm="${kExclusive}"></Transform></Transforms>` +
    '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></DigestMethod>' +
    `<DigestValue>${digest}</DigestValue></Reference>`
  )
}

function written_signature({ digest, value, ders }: Parts): string {
  const certificates = ders.map((der) => `<X509Certificate>${base64_text(der)}</X509Certificate>`)
  return (
    `${kSignatureOpen}<SignedInfo>${signed_info(digest)}</SignedInfo>` +
    `<SignatureValue>${base64_text(value)}</SignatureValue>` +
    `<KeyInfo><X509Data>${certificates.join('')}</X509Data></KeyInfo></Signature>`
  )
}

/** Up to where the signature is put. */
function written_contents({ certificate, copy, evidence }: Contents): string {
  const parts = Object.entries({ certificate, copy, evidence: evidence && canonical_json(evidence) })
  return kOpen + parts.map(([name, value]) => (value === undefined ? '' : written(name, value))).join('')
}

function written(name: string, value: Json): string {
  const inside = (kind: string, content: string) => `<${name}${kind && ` kind="${kind}"`}>${content}</${name}>`
  if (!kName.test(name)) return malformed(`${name} is no name of an element`)
  if (typeof value === 'string') return inside('', written_text(value))
  if (typeof value === 'boolean') return inside('truth', String(value))
  if (typeof value === 'number') return inside('integer', String(value))
  if (Array.isArray(value)) return inside('list', value.map((one) => written('item', one)).join(''))
  return is_object(value) ? inside('object', written_members(value)) : malformed('a value that records do not have')
}

function written_members(members: JsonObject): string {
  const names = Object.keys(members).sort()
  return names.map((name) => written(name, members[name] ?? null)).join('')
}

function written_text(text: string): string {
  return /[\u0000-\u0008\u000b-\u001f]/.test(text) ? malformed('a control character') : escaped_text(text)
}
