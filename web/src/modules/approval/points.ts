import type { Finding, OmissionDraft, PointDraft } from '@/shared/api/types'

export function empty_point(): PointDraft {
  return { field: null, material_code: null, what: '', how_to_mend: '', legal_basis: '' }
}

/** A finding as the point of a letter; the officer still reads and changes it. */
export function point_of(finding: Finding): PointDraft {
  const field = finding.fields[0] ?? null
  return {
    field,
    material_code: field ? null : (finding.evidence[0]?.material_code ?? null),
    what: finding.message || finding.title,
    how_to_mend: finding.remedy,
    legal_basis: finding.legal_basis,
  }
}

export function is_complete(point: PointDraft): boolean {
  return Boolean(point.what.trim() && point.how_to_mend.trim() && point.legal_basis.trim())
}

export function empty_omission(): OmissionDraft {
  return { material_code: '', working_days: 0, reason: '' }
}

export function is_whole(omission: OmissionDraft): boolean {
  return Boolean(omission.material_code && omission.working_days >= 1 && omission.reason.trim())
}
