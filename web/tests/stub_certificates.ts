/** The certificate of the story's permit, for pages without a server. */
import type { CertificateCopy, CertificateEdition, CertificateFile, Certificates } from '@/shared/api/types'
import { kNow } from './story'
import { permit } from './story_permit'

const kNames = ['certificate.json', 'certificate.ofd', 'certificate.pdf', 'certificate.xml'] as const

function files(signed_at_ms: number): CertificateFile[] {
  return kNames.map((file_name, place) => ({
    file_name,
    sha256: String(place).repeat(64),
    size_bytes: 40_960 * (place + 1),
    signed_at_ms,
  }))
}

/** The finder of a QR and nothing else: enough to draw. */
const kRows = ['1111111', '1000001', '1011101', '1011101', '1011101', '1000001', '1111111']

export function edition(certificate_version: number, leaf_index: number | null): CertificateEdition {
  const certificate_identifier = `1.2.156.3005.2.11100000000013338W009.11330106MB0DEM1133.${permit.permit_number}.00${certificate_version}.X`
  return {
    certificate_identifier,
    certificate_version,
    state: 'valid',
    valid_from_ms: kNow,
    files: files(kNow),
    leaf_index,
    verify_url: `https://permits.example.invalid/v?c=${certificate_identifier}&s=AAAAAAAAAAAAAAAA`,
    verify_qr: kRows,
    anti_forgery_code: '7K3F-9Q2M-4XTB-8LWD',
  }
}

export const copy: CertificateCopy = {
  copy_number: 1,
  state: 'valid',
  purpose: '招标投标',
  made_for: '杭州示例招标代理有限公司',
  made_on: '2026-11-10',
  made_at_ms: kNow,
  files: files(kNow),
}

export interface CertificateStub {
  certificates: Certificates
  /** What the next answer refuses with: status, reason, words. */
  refusal: [number, string, string] | null
  answer: (
    method: string,
    path: string,
    body: Record<string, unknown>,
  ) => { status: number; body: unknown; reason?: string } | null
}

export function make_certificate_stub(): CertificateStub {
  const stub: CertificateStub = {
    certificates: {
      permit_number: permit.permit_number,
      sandbox: true,
      may_copy: true,
      copy_refusal: null,
      log_origin: 'permits.example.invalid/permits',
      editions: [edition(1, 18_204)],
      copies: [],
    },
    refusal: null,
    answer(method, path, body) {
      if (!/^\/permits\/\d+\/(certificates|copies)$/.test(path)) return null
      if (stub.refusal) {
        const [status, reason, words] = stub.refusal
        return { status, reason, body: words }
      }
      if (method !== 'POST') return { status: 200, body: structuredClone(stub.certificates) }
      const made = { ...copy, ...body, copy_number: stub.certificates.copies.length + 1 } as CertificateCopy
      stub.certificates.copies = [made, ...stub.certificates.copies]
      return { status: 201, body: made }
    },
  }
  return stub
}
