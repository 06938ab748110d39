/**
 * The enveloped signature of certificate.xml (W3C xmldsig-core1), in the one form that we write: one reference to the
 * whole document, enveloped and exclusive C14N, ECDSA with P-256 and SHA-256. Every other form is refused, which leaves
 * no room for signatures that cover something else than what is read.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { base64_bytes, equal_bytes, malformed, utf8_bytes } from './bytes'
import { p256_holds } from './signatures'
import { attribute, canonical_xml, element, elements, inner_text, type XmlElement } from './xml'
import { readable_certificates, type Certificate } from './x509'
import type { Finding } from './cms'

export const kDsig = 'http://www.w3.org/2000/09/xmldsig#'
const kExclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const kEnveloped = `${kDsig}enveloped-signature`
const kEcdsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'
const kDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
const kSha256 = 'http://www.w3.org/2001/04/xmlenc#sha256'

export interface XmlSignature {
  finding: Finding
  signer: Certificate
  others: Certificate[]
}

export function find_xml_signature(root: XmlElement): XmlElement | undefined {
  return elements(root, 'Signature').find((one) => one.namespace === kDsig)
}

/** Base64 in XML may be broken into lines. */
function wrapped_base64(of: XmlElement | undefined): Uint8Array {
  return base64_bytes(inner_text(of).replace(/[ \t\r\n]/g, ''))
}

function only(parent: XmlElement | undefined, local: string): XmlElement {
  const found = parent ? elements(parent, local) : []
  if (found.length !== 1 || found[0]?.namespace !== kDsig) return malformed(`not one ${local}`)
  return found[0]
}

/** Throws Malformed where the signature is not of our form or its certificate cannot be read. `file` is its text. */
export function judge_xml_signature(file: string, root: XmlElement, signature: XmlElement): XmlSignature {
  const signed_info = only(signature, 'SignedInfo')
  const reference = only(signed_info, 'Reference')
  const transforms = elements(only(reference, 'Transforms')).map((one) => attribute(one, 'Algorithm'))
  const [signer, ...others] = readable_certificates(
    elements(only(element(signature, 'KeyInfo'), 'X509Data'), 'X509Certificate').map(wrapped_base64),
  )
  if (!signer) return malformed('no certificate of the signer')
  const is_our_form =
    attribute(only(signed_info, 'CanonicalizationMethod'), 'Algorithm') === kExclusive &&
    attribute(only(signed_info, 'SignatureMethod'), 'Algorithm') === kEcdsaSha256 &&
    attribute(only(reference, 'DigestMethod'), 'Algorithm') === kSha256 &&
    attribute(reference, 'URI') === '' &&
    transforms.join(' ') === `${kEnveloped} ${kExclusive}` &&
    elements(root, 'Signature').length === 1
  const digest = sha256(utf8_bytes(canonical_xml(root, signature)))
  const value = wrapped_base64(only(signature, 'SignatureValue'))
  const point = signer.key.kind === 'p256' ? signer.key.point : null
  const signed = sha256(utf8_bytes(canonical_xml(signed_info)))
  let finding: Finding = 'holds'
  if (!is_our_form || !point || !p256_holds(value, signed, point)) finding = 'signature_wrong'
  else if (!equal_bytes(digest, wrapped_base64(only(reference, 'DigestValue')))) finding = 'bytes_changed'
  // The file is written in canonical form: comments and other spellings came later.
  else if (file !== kDeclaration + canonical_xml(root)) finding = 'bytes_changed'
  return { finding, signer, others }
}
