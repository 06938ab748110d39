import { ask } from '@/shared/api/by_hand'
import { version_tag } from '@/shared/api/client'
import type {
  Clearance,
  Grant,
  LoggedSignIn,
  Organisation,
  PeopleFilter,
  Person,
  PersonShown,
  Place,
  Role,
} from './types'

const kPage = '50'
const kPerson = '/admin/accounts/{account_id}'

export async function list_people(filter: PeopleFilter, cursor: string | undefined) {
  const wanted = Object.fromEntries(Object.entries(filter).filter(([, value]) => value))
  const page = await ask<{ accounts: Person[]; next_cursor: string | null }>('GET', '/admin/accounts', {
    params: { query: { ...wanted, cursor, limit: kPage } },
  })
  return { rows: page.accounts, next_cursor: page.next_cursor }
}

export function load_person(account_id: string): Promise<PersonShown> {
  return ask('GET', kPerson, { params: { path: { account_id } } })
}

function without_empty(place: Place): Partial<Place> {
  return Object.fromEntries(Object.entries(place).filter(([, value]) => value.trim()))
}

export function create_person(
  account_name: string,
  kind: string,
  place: Place,
): Promise<Person & { initial_password: string }> {
  return ask('POST', '/admin/accounts', { body: { account_name, kind, ...without_empty(place) } })
}

/** An act on a person as this page has him: refused when somebody else changed him meanwhile. */
function of(person: Person) {
  return { path: { account_id: person.account_id }, header: { 'If-Match': version_tag(person.version) } }
}

export async function change_person(person: Person, place: Place): Promise<void> {
  await ask('PUT', kPerson, { params: of(person), body: without_empty(place) })
}

export async function grant_rights(
  person: Person,
  rights: { roles: Role[]; matters: string[]; clearance: Clearance },
): Promise<void> {
  await ask('PUT', `${kPerson}/rights`, { params: of(person), body: rights })
}

export async function block_person(person: Person, reason: string): Promise<void> {
  await ask('POST', `${kPerson}/blocking`, { params: of(person), body: { reason } })
}

export async function unblock_person(person: Person): Promise<void> {
  await ask('POST', `${kPerson}/unblocking`, { params: of(person) })
}

export async function unlock_person(person: Person): Promise<void> {
  await ask('POST', `${kPerson}/unlocking`, { params: of(person) })
}

export async function give_password(person: Person): Promise<string> {
  return (await ask<{ initial_password: string }>('POST', `${kPerson}/password`, { params: of(person) }))
    .initial_password
}

export async function end_sessions_of(person: Person): Promise<void> {
  await ask('DELETE', `${kPerson}/sessions`, { params: of(person) })
}

export async function propose_factor_reset(person: Person, reason: string): Promise<void> {
  await ask('POST', `${kPerson}/factor-resets`, { params: of(person), body: { reason } })
}

export async function confirm_factor_reset(person: Person, proposal_id: string): Promise<void> {
  const { path, header } = of(person)
  await ask('POST', `${kPerson}/factor-resets/{proposal_id}/confirmation`, {
    params: { path: { ...path, proposal_id }, header },
  })
}

export async function list_rights(): Promise<Grant[]> {
  return (await ask<{ grants: Grant[] }>('GET', '/admin/rights')).grants
}

export async function list_all_sign_ins(filter: { account_id: string; outcome: string }, cursor: string | undefined) {
  const wanted = Object.fromEntries(Object.entries(filter).filter(([, value]) => value))
  const page = await ask<{ sign_ins: LoggedSignIn[]; next_cursor: string | null }>('GET', '/admin/sign-ins', {
    params: { query: { ...wanted, cursor, limit: kPage } },
  })
  return { rows: page.sign_ins, next_cursor: page.next_cursor }
}

export async function list_registered(state: string, cursor: string | undefined) {
  const query = state ? { state, cursor, limit: kPage } : { cursor, limit: kPage }
  const page = await ask<{ organisations: Organisation[]; next_cursor: string | null }>('GET', '/admin/organisations', {
    params: { query },
  })
  return { rows: page.organisations, next_cursor: page.next_cursor }
}

export async function verify_organisation(organisation_id: string): Promise<void> {
  await ask('POST', '/admin/organisations/{organisation_id}/verification', { params: { path: { organisation_id } } })
}

export async function reject_organisation(organisation_id: string, reason: string): Promise<void> {
  await ask('POST', '/admin/organisations/{organisation_id}/rejection', {
    params: { path: { organisation_id } },
    body: { reason },
  })
}
