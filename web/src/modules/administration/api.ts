import { client, take, version_tag } from '@/shared/api/client'
import { without_spaces } from '@/shared/typed'
import type {
  Card,
  EnrolmentCode,
  FirstPassword,
  Grant,
  NewPerson,
  PeopleFilter,
  Person,
  PersonShown,
  Place,
  RegisteredOrganisation,
  Rights,
  Successions,
  SuccessionWanted,
} from './types'

const kPage = 50

/** What a filter of a page leaves open is not asked for. */
function asked<Filter extends object>(filter: Filter, cursor: string | undefined) {
  const wanted = Object.entries({ ...filter, cursor }).filter(([, value]) => value)
  return { ...Object.fromEntries(wanted), limit: kPage }
}

export async function list_people(filter: PeopleFilter, cursor: string | undefined) {
  const page = await take(client.GET('/api/v1/admin/accounts', { params: { query: asked(filter, cursor) } }))
  return { rows: page.accounts, next_cursor: page.next_cursor }
}

export function load_person(account_id: string): Promise<PersonShown> {
  return take(client.GET('/api/v1/admin/accounts/{account_id}', { params: { path: { account_id } } }))
}

function without_empty({ display_name, organisation_name, ...rest }: Place) {
  const codes = { department: without_spaces(rest.department), region_code: without_spaces(rest.region_code) }
  const said = Object.entries({ ...rest, ...codes }).filter(([, value]) => value.trim())
  return { display_name, organisation_name, ...Object.fromEntries(said) }
}

export function create_person(account_name: string, kind: NewPerson['kind'], place: Place) {
  return take(client.POST('/api/v1/admin/accounts', { body: { account_name, kind, ...without_empty(place) } }))
}

/** An act on a person as this page has him: refused when somebody else changed him meanwhile. */
function of(person: Person) {
  return { path: { account_id: person.account_id }, header: { 'If-Match': version_tag(person.version) } }
}

export async function change_person(person: Person, place: Place): Promise<void> {
  const body = without_empty(place)
  await take(client.PUT('/api/v1/admin/accounts/{account_id}', { params: of(person), body }))
}

export async function grant_rights(person: Person, body: Rights): Promise<void> {
  await take(client.PUT('/api/v1/admin/accounts/{account_id}/rights', { params: of(person), body }))
}

export function verify_id_number(body: Card) {
  return take(client.POST('/api/v1/admin/id-number-verifications', { body }))
}

export async function block_person(person: Person, reason: string): Promise<void> {
  const body = { reason }
  await take(client.POST('/api/v1/admin/accounts/{account_id}/blocking', { params: of(person), body }))
}

export async function unblock_person(person: Person): Promise<void> {
  await take(client.POST('/api/v1/admin/accounts/{account_id}/unblocking', { params: of(person) }))
}

export async function unlock_person(person: Person): Promise<void> {
  await take(client.POST('/api/v1/admin/accounts/{account_id}/unlocking', { params: of(person) }))
}

export function give_password(person: Person): Promise<FirstPassword> {
  return take(client.POST('/api/v1/admin/accounts/{account_id}/password', { params: of(person) }))
}

export function give_enrolment_code(person: Person): Promise<EnrolmentCode> {
  return take(client.POST('/api/v1/admin/accounts/{account_id}/enrolment-code', { params: of(person) }))
}

export async function end_sessions_of(person: Person): Promise<void> {
  await take(client.DELETE('/api/v1/admin/accounts/{account_id}/sessions', { params: of(person) }))
}

export async function propose_factor_reset(person: Person, reason: string): Promise<void> {
  const body = { reason }
  await take(client.POST('/api/v1/admin/accounts/{account_id}/factor-resets', { params: of(person), body }))
}

export async function confirm_factor_reset(person: Person, proposal_id: string): Promise<void> {
  const { path, header } = of(person)
  const params = { path: { ...path, proposal_id }, header }
  await take(client.POST('/api/v1/admin/accounts/{account_id}/factor-resets/{proposal_id}/confirmation', { params }))
}

export async function list_rights(): Promise<Grant[]> {
  return (await take(client.GET('/api/v1/admin/rights'))).grants
}

export async function list_all_sign_ins(filter: { account_id: string; outcome: string }, cursor: string | undefined) {
  const page = await take(client.GET('/api/v1/admin/sign-ins', { params: { query: asked(filter, cursor) } }))
  return { rows: page.sign_ins, next_cursor: page.next_cursor }
}

export async function list_registered(state: string, cursor: string | undefined) {
  const page = await take(client.GET('/api/v1/admin/organisations', { params: { query: asked({ state }, cursor) } }))
  return { rows: page.organisations, next_cursor: page.next_cursor }
}

/** A judgement on a company as this page shows it: refused when its registration changed meanwhile. */
function of_registered(one: RegisteredOrganisation) {
  return { path: { organisation_id: one.organisation_id }, header: { 'If-Match': version_tag(one.version) } }
}

export async function verify_organisation(one: RegisteredOrganisation): Promise<void> {
  const params = of_registered(one)
  await take(client.POST('/api/v1/admin/organisations/{organisation_id}/verification', { params }))
}

export async function reject_organisation(one: RegisteredOrganisation, reason: string): Promise<void> {
  const params = of_registered(one)
  await take(client.POST('/api/v1/admin/organisations/{organisation_id}/rejection', { params, body: { reason } }))
}

export function list_successions(): Promise<Successions> {
  return take(client.GET('/api/v1/admin/successions'))
}

export async function propose_succession(body: SuccessionWanted): Promise<void> {
  await take(client.POST('/api/v1/admin/successions', { body }))
}

export async function confirm_succession(proposal_id: string): Promise<void> {
  const params = { path: { proposal_id } }
  await take(client.POST('/api/v1/admin/successions/{proposal_id}/confirmation', { params }))
}

export async function refuse_succession(proposal_id: string, reason: string): Promise<void> {
  const params = { path: { proposal_id } }
  await take(client.POST('/api/v1/admin/successions/{proposal_id}/refusal', { params, body: { reason } }))
}
