/** Who may sign for the authority, wherever his certificate leads: others have theirs under the same root. */
import { sha256 } from '@noble/hashes/sha2.js'
import { hex_text } from './bytes'
import type { Certificate } from './x509'

/** Any, e-mail, documents (RFC 9336), and what Microsoft and Adobe called documents before there was an RFC. */
const kForDocuments = [
  '2.5.29.37.0',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.4.1.311.10.3.12',
  '1.2.840.113583.1.1.5',
]

/** `listed`: SHA-256 of certificates. A key that is held to other purposes, as to timestamps, signs no documents. */
export function may_sign_for_authority(certificate: Certificate, listed: string[]): boolean {
  const purposes = certificate.purposes ?? []
  const is_for_documents = purposes.length === 0 || purposes.some((one) => kForDocuments.includes(one))
  return is_for_documents && listed.includes(hex_text(sha256(certificate.der)))
}
