import { ask } from '@/shared/api/by_hand'
import { adopt_session } from '@/shared/session'
import type { Session } from '@/shared/api/types'
import type {
  AssertionOptions,
  Invitation,
  NewInvitation,
  Organisation,
  OrganisationShown,
  OwnAccount,
  OwnOrganisation,
  Proof,
  SessionRow,
  SignInEntry,
} from './types'

/** The second step of signing in; the session that comes back may ask for a third thing. */
export async function prove_second_factor(body: Proof): Promise<Session> {
  return adopt_session(await ask<Session>('POST', '/session/second-factor', { body }))
}

export function security_key_options(): Promise<AssertionOptions> {
  return ask('POST', '/session/security-key-options')
}

/** After a factor was bound or a password changed: the session as it may now go on. */
export async function continue_session(): Promise<Session> {
  return adopt_session(await ask<Session>('POST', '/session/continuation'))
}

export async function step_up(body: Proof): Promise<void> {
  await ask('POST', '/session/step-up', { body })
}

/** null: for himself. */
export async function act_for(organisation_id: string | null): Promise<Session> {
  const body = organisation_id ? { organisation_id } : {}
  return adopt_session(await ask<Session>('PUT', '/session/organisation', { body }))
}

/** A code goes to the phone; what it is for is proved with the id that comes back. */
async function send_code(path: string, body: Record<string, string>): Promise<string> {
  return (await ask<{ challenge_id: string }>('POST', path, { body })).challenge_id
}

export function send_registration_code(phone: string): Promise<string> {
  return send_code('/registrations/codes', { phone })
}

export async function register(body: {
  challenge_id: string
  code: string
  account_name: string
  display_name: string
  password: string
}): Promise<Session> {
  return adopt_session(await ask<Session>('POST', '/registrations', { body }))
}

export function send_reset_code(account: string, phone: string): Promise<string> {
  return send_code('/password-resets/codes', { account, phone })
}

export async function reset_password(body: {
  challenge_id: string
  code: string
  new_password: string
}): Promise<void> {
  await ask('POST', '/password-resets', { body })
}

export function load_account(): Promise<OwnAccount> {
  return ask('GET', '/account')
}

export async function change_password(password: string, new_password: string): Promise<void> {
  await ask('PUT', '/account/password', { body: { password, new_password } })
}

export function send_contact_code(kind: 'phone' | 'email', contact: string): Promise<string> {
  return send_code('/account/contacts', { [kind]: contact })
}

export async function confirm_contact(challenge_id: string, code: string): Promise<void> {
  await ask('POST', '/account/contacts/confirmation', { body: { challenge_id, code } })
}

export async function set_id_number(id_number: string): Promise<void> {
  await ask('PUT', '/account/id-number', { body: { id_number } })
}

export async function list_sessions(): Promise<SessionRow[]> {
  return (await ask<{ sessions: SessionRow[] }>('GET', '/account/sessions')).sessions
}

export async function end_session(session_id: string): Promise<void> {
  await ask('DELETE', '/account/sessions/{session_id}', { params: { path: { session_id } } })
}

export async function end_other_sessions(): Promise<void> {
  await ask('DELETE', '/account/sessions')
}

export async function list_sign_ins(cursor: string | undefined) {
  const page = await ask<{ sign_ins: SignInEntry[]; next_cursor: string | null }>('GET', '/account/sign-ins', {
    params: { query: { cursor, limit: '20' } },
  })
  return { rows: page.sign_ins, next_cursor: page.next_cursor }
}

export async function list_organisations(): Promise<OwnOrganisation[]> {
  return (await ask<{ organisations: OwnOrganisation[] }>('GET', '/organisations')).organisations
}

export function register_organisation(credit_code: string, organisation_name: string): Promise<Organisation> {
  return ask('POST', '/organisations', { body: { credit_code, organisation_name } })
}

export function load_organisation(organisation_id: string): Promise<OrganisationShown> {
  return ask('GET', '/organisations/{organisation_id}', { params: { path: { organisation_id } } })
}

export async function invite(organisation_id: string, wanted: NewInvitation): Promise<void> {
  const { valid_through_on, ...rest } = wanted
  const body = valid_through_on ? { ...rest, valid_through_on } : rest
  await ask('POST', '/organisations/{organisation_id}/invitations', { params: { path: { organisation_id } }, body })
}

export async function withdraw_invitation(organisation_id: string, invitation_id: string): Promise<void> {
  const path = { organisation_id, invitation_id }
  await ask('DELETE', '/organisations/{organisation_id}/invitations/{invitation_id}', { params: { path } })
}

export async function remove_member(organisation_id: string, membership_id: string, reason: string): Promise<void> {
  const path = { organisation_id, membership_id }
  await ask('POST', '/organisations/{organisation_id}/members/{membership_id}/removal', {
    params: { path },
    body: { reason },
  })
}

export function view_invitation(token: string): Promise<Invitation> {
  return ask('POST', '/invitations/view', { body: { token } })
}

export async function accept_invitation(token: string): Promise<void> {
  await ask('POST', '/invitations/acceptance', { body: { token } })
}
