import type { CertificateEdition, Certificates } from '@/shared/api/types'

/** The edition that an address asks for (`?edition=2`), else the newest; null where none is published yet. */
export function edition_shown(certificates: Certificates, asked: unknown): CertificateEdition | null {
  const found = certificates.editions.find((one) => String(one.certificate_version) === asked)
  return found ?? certificates.editions[0] ?? null
}

/** The number of the newest edition when it is a later one; null for the newest itself. */
export function replaced_by(certificates: Certificates, edition: CertificateEdition): number | null {
  const newest = certificates.editions[0]?.certificate_version ?? 0
  return newest > edition.certificate_version ? newest : null
}
