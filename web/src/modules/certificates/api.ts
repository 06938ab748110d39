import { client, kApiPrefix, take } from '@/shared/api/client'
import type { CertificateCopy, CertificateEdition, CertificateFile, Certificates, Sent } from '@/shared/api/types'

export type CopyWish = Sent<'make_certificate_copy'>

/** As the forms tell it: what people print first, what programs read last. */
const kOrder: CertificateFile['file_name'][] = [
  'certificate.pdf',
  'certificate.ofd',
  'certificate.xml',
  'certificate.json',
]

export function load_certificates(permit_number: string): Promise<Certificates> {
  return take(client.GET('/api/v1/permits/{permit_number}/certificates', { params: { path: { permit_number } } }))
}

/** Once for its key: asked again with the same one, the copy that was begun is finished. */
export function make_copy(permit_number: string, wish: CopyWish, key: string): Promise<CertificateCopy> {
  const params = { path: { permit_number }, header: { 'Idempotency-Key': key } }
  return take(client.POST('/api/v1/permits/{permit_number}/copies', { params, body: wish }))
}

export function file_address(
  permit_number: string,
  edition: CertificateEdition,
  file_name: string,
  copy: CertificateCopy | null = null,
): string {
  const of_edition = `${kApiPrefix}/permits/${encodeURIComponent(permit_number)}/certificates/${edition.certificate_version}`
  return `${of_edition}${copy ? `/copies/${copy.copy_number}` : ''}/files/${encodeURIComponent(file_name)}`
}

/** PDF, OFD, XML, JSON: the end of its name in capitals. */
export function format_of(file: CertificateFile): string {
  return file.file_name.slice(file.file_name.lastIndexOf('.') + 1).toUpperCase()
}

export function in_order(files: CertificateFile[]): CertificateFile[] {
  return [...files].sort((one, other) => kOrder.indexOf(one.file_name) - kOrder.indexOf(other.file_name))
}
