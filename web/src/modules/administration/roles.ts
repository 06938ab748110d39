import type { Role } from './types'

/** In the order in which a case meets them; then who administers, then who stands outside. */
export const kRoles: Role[] = [
  'owner_agent',
  'individual_owner',
  'public_user',
  'window_clerk',
  'acceptance_officer',
  'reviewer',
  'section_head',
  'deciding_leader',
  'certificate_officer',
  'supervisor',
  'system_admin',
  'security_admin',
  'audit_admin',
  'rule_admin',
  'partner_system',
]

const kOfOfficers: Role[] = [
  'window_clerk',
  'acceptance_officer',
  'reviewer',
  'section_head',
  'deciding_leader',
  'certificate_officer',
  'supervisor',
]
const kOfAdministrators: Role[] = ['system_admin', 'security_admin', 'audit_admin', 'rule_admin']

/** What may be granted to an account of a kind; nobody's own company is granted here. */
export function grantable(kind: string): Role[] {
  if (kind === 'officer') return kOfOfficers
  return kind === 'administrator' ? kOfAdministrators : []
}
