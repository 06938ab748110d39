import { client, take } from '@/shared/api/client'
import { adopt_session } from '@/shared/session'
import type { Sent, Session } from '@/shared/api/types'
import type {
  AssertionOptions,
  Invitation,
  NewInvitation,
  NewOrganisation,
  Organisation,
  OrganisationShown,
  OwnAccount,
  OwnOrganisation,
  PrivacyNotice,
  Proof,
  SessionRow,
} from './types'

/** The second step of signing in; the session that comes back may ask for a third thing. */
export async function prove_second_factor(body: Proof): Promise<Session> {
  return adopt_session(await take(client.POST('/api/v1/session/second-factor', { body })))
}

/** Before the first factor is bound; the session stays at its stage. */
export async function prove_enrolment_code(enrolment_code: string): Promise<Session> {
  return adopt_session(await take(client.POST('/api/v1/session/enrolment-code', { body: { enrolment_code } })))
}

export function security_key_options(): Promise<AssertionOptions> {
  return take(client.POST('/api/v1/session/security-key-options'))
}

/** After a factor was bound or a password changed: the session as it may now go on. */
export async function continue_session(): Promise<Session> {
  return adopt_session(await take(client.POST('/api/v1/session/continuation')))
}

export async function step_up(body: Proof): Promise<void> {
  await take(client.POST('/api/v1/session/step-up', { body }))
}

/** null: for himself. */
export async function act_for(organisation_id: string | null): Promise<Session> {
  const body = organisation_id ? { organisation_id } : {}
  return adopt_session(await take(client.PUT('/api/v1/session/organisation', { body })))
}

/** A code goes to the phone; what it is for is proved with the id that comes back. */
export async function send_registration_code(phone: string): Promise<string> {
  return (await take(client.POST('/api/v1/registrations/codes', { body: { phone } }))).challenge_id
}

export async function register(body: Sent<'register_account'>): Promise<Session> {
  return adopt_session(await take(client.POST('/api/v1/registrations', { body })))
}

export async function send_reset_code(account: string, phone: string): Promise<string> {
  return (await take(client.POST('/api/v1/password-resets/codes', { body: { account, phone } }))).challenge_id
}

export async function reset_password(body: Sent<'reset_password'>): Promise<void> {
  await take(client.POST('/api/v1/password-resets', { body }))
}

export function load_account(): Promise<OwnAccount> {
  return take(client.GET('/api/v1/account'))
}

export async function change_password(password: string, new_password: string): Promise<void> {
  await take(client.PUT('/api/v1/account/password', { body: { password, new_password } }))
}

export async function send_contact_code(kind: 'phone' | 'email', contact: string): Promise<string> {
  const body = kind === 'phone' ? { phone: contact } : { email: contact }
  return (await take(client.POST('/api/v1/account/contacts', { body }))).challenge_id
}

export async function confirm_contact(challenge_id: string, code: string): Promise<void> {
  await take(client.POST('/api/v1/account/contacts/confirmation', { body: { challenge_id, code } }))
}

export async function set_id_number(id_number: string): Promise<void> {
  await take(client.PUT('/api/v1/account/id-number', { body: { id_number } }))
}

export async function list_sessions(): Promise<SessionRow[]> {
  return (await take(client.GET('/api/v1/account/sessions'))).sessions
}

export async function end_session(session_id: string): Promise<void> {
  await take(client.DELETE('/api/v1/account/sessions/{session_id}', { params: { path: { session_id } } }))
}

export async function end_other_sessions(): Promise<void> {
  await take(client.DELETE('/api/v1/account/sessions'))
}

export async function list_sign_ins(cursor: string | undefined) {
  const query = { limit: 20, ...(cursor ? { cursor } : {}) }
  const page = await take(client.GET('/api/v1/account/sign-ins', { params: { query } }))
  return { rows: page.sign_ins, next_cursor: page.next_cursor }
}

export async function list_organisations(): Promise<OwnOrganisation[]> {
  return (await take(client.GET('/api/v1/organisations'))).organisations
}

export function register_organisation(body: NewOrganisation): Promise<Organisation> {
  return take(client.POST('/api/v1/organisations', { body }))
}

export function load_organisation(organisation_id: string): Promise<OrganisationShown> {
  return take(client.GET('/api/v1/organisations/{organisation_id}', { params: { path: { organisation_id } } }))
}

export async function invite(organisation_id: string, body: NewInvitation): Promise<void> {
  const params = { path: { organisation_id } }
  await take(client.POST('/api/v1/organisations/{organisation_id}/invitations', { params, body }))
}

export async function withdraw_invitation(organisation_id: string, invitation_id: string): Promise<void> {
  const params = { path: { organisation_id, invitation_id } }
  await take(client.DELETE('/api/v1/organisations/{organisation_id}/invitations/{invitation_id}', { params }))
}

export async function remove_member(organisation_id: string, membership_id: string, reason: string): Promise<void> {
  const params = { path: { organisation_id, membership_id } }
  const body = { reason }
  await take(client.POST('/api/v1/organisations/{organisation_id}/members/{membership_id}/removal', { params, body }))
}

export function view_invitation(token: string): Promise<Invitation> {
  return take(client.POST('/api/v1/invitations/view', { body: { token } }))
}

export async function accept_invitation(token: string): Promise<void> {
  await take(client.POST('/api/v1/invitations/acceptance', { body: { token } }))
}

export function load_privacy_notice(): Promise<PrivacyNotice> {
  return take(client.GET('/api/v1/privacy-notice'))
}
