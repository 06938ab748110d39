/** What the one who is signed in may do here, by the same table as the server: for showing and hiding, never for guarding. */
import { computed } from 'vue'
import { use_loaded } from '@/shared/api/load'
import { use_session } from '@/shared/session'
import { list_rights } from './api'
import type { Grant, Role } from './types'

/** The acts of this part, in the order in which a page shows them, and who does each. */
export const kActs = [
  ['accounts.change', 'system_admin'],
  ['accounts.block', 'system_admin'],
  ['accounts.give_password', 'system_admin'],
  ['accounts.propose_factor_reset', 'system_admin'],
  ['accounts.grant', 'security_admin'],
  ['accounts.give_enrolment_code', 'security_admin'],
  ['accounts.unlock', 'security_admin'],
  ['accounts.end_sessions', 'security_admin'],
  ['accounts.reset_factors', 'security_admin'],
] as const
export type Act = (typeof kActs)[number][0]

export function roles_that_may(grants: Grant[], action: string): Role[] {
  return [...new Set(grants.filter((one) => one.action === action).map((one) => one.role))]
}

/** A grant of the whole installation is nothing for who has an area. */
export function gives(grant: Grant, person: { roles: readonly Role[]; region_code?: string | null }): boolean {
  return person.roles.includes(grant.role) && !(grant.scope === 'whole' && person.region_code)
}

export function use_may() {
  const { account } = use_session()
  const rights = use_loaded(list_rights)
  const grants = computed(() => rights.value.value ?? [])

  function may(action: string): boolean {
    const person = account.value
    return person !== null && grants.value.some((one) => one.action === action && gives(one, person))
  }

  return { rights, grants, may }
}
