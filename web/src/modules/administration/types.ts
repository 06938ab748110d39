/** What the interface says to administrators about people and rights. */
import type { Account } from '@/shared/api/types'
import type {
  Duty,
  FactorKind,
  Organisation,
  OrganisationState,
  SessionRow,
  SignInEntry,
} from '@/modules/identity/types'

export type Role = Account['roles'][number]
export type Clearance = 'normal' | 'restricted'
export type Scope = 'own' | 'company' | 'department' | 'region' | 'any'

export interface Person {
  account_id: string
  account_name: string
  display_name: string
  kind: string
  state: 'active' | 'blocked'
  state_reason: string | null
  locked_until_ms: number | null
  organisation_name: string
  department: string | null
  department_name: string | null
  region_code: string | null
  post: string | null
  phone: string | null
  roles: Role[]
  matters: string[]
  clearance: Clearance
  factor_kinds: FactorKind[]
  created_at_ms: number
  version: number
}

export interface Proposal {
  proposal_id: string
  act: string
  reason: string
  proposed_by: string
  proposed_at_ms: number
}

export interface PersonShown extends Person {
  sessions: SessionRow[]
  organisations: {
    organisation_id: string
    organisation_name: string
    credit_code: string
    duty: Duty
    state: OrganisationState
  }[]
  proposals: Proposal[]
}

export interface Place {
  display_name: string
  organisation_name: string
  department: string
  department_name: string
  region_code: string
  post: string
}

export interface Grant {
  role: Role
  action: string
  scope: Scope
}

export interface PeopleFilter {
  kind: string
  state: string
  role: string
  query: string
}

export type LoggedSignIn = SignInEntry & { account_id: string | null; account_name: string | null }
export type { Organisation }
