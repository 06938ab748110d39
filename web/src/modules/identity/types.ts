/** What the interface says about accounts, sessions and organisations. */
export type FactorKind = 'totp' | 'webauthn'
export type Duty = 'admin' | 'agent'
export type OrganisationState = 'pending' | 'active' | 'rejected'

export interface OwnAccount {
  account_name: string
  display_name: string
  phone: string | null
  email: string | null
  has_id_number: boolean
  has_password: boolean
  password_changed_at_ms: number
  password_due_at_ms: number | null
  factor_forced: boolean
}

export interface SessionRow {
  session_id: string
  current: boolean
  stage: string
  method: string
  address: string
  user_agent: string
  created_at_ms: number
  last_seen_at_ms: number
}

export interface SignInEntry {
  entry_id: string
  outcome: string
  method: string
  address: string
  user_agent: string
  at_ms: number
}

export interface OwnOrganisation {
  organisation_id: string
  organisation_name: string
  credit_code: string
  state: OrganisationState
  duty: Duty
  valid_through_on: string | null
  current: boolean
}

export interface Organisation {
  organisation_id: string
  credit_code: string
  organisation_name: string
  state: OrganisationState
  created_at_ms: number
  version: number
}

export interface Member {
  membership_id: string
  display_name: string
  account_name: string
  phone: string | null
  duty: Duty
  authority_reference: string | null
  valid_through_on: string | null
  created_at_ms: number
  self: boolean
}

export interface OpenInvitation {
  invitation_id: string
  phone: string
  duty: Duty
  over: boolean
  expires_at_ms: number
}

export interface OrganisationShown extends Organisation {
  members: Member[]
  invitations: OpenInvitation[]
}

export interface Invitation {
  organisation_name: string
  credit_code: string
  duty: Duty
  authority_reference: string | null
  valid_through_on: string | null
  expires_at_ms: number
}

export interface NewInvitation {
  phone: string
  duty: Duty
  authority_reference: string
  valid_through_on: string | null
}

/** One of these proves that it is the same person. */
export type Proof =
  | { code: string }
  | { recovery_code: string }
  | { password: string }
  | {
      assertion: {
        credential_id: string
        client_data_json: string
        authenticator_data: string
        signature: string
      }
    }

export interface AssertionOptions {
  challenge: string
  rpId: string
  allowCredentials: { type: 'public-key'; id: string }[]
  userVerification: UserVerificationRequirement
  timeout: number
}
