/** The shapes of people, rights and registered companies by name, as the interface describes them. */
import type { components } from '@/shared/api/schema'
import type { Account, Reply, Sent } from '@/shared/api/types'

type Schemas = components['schemas']

export type Card = Sent<'verify_id_number'>
export type Role = Account['roles'][number]
export type Person = Schemas['Person']
export type PersonShown = Reply<'show_account_of'>
export type Proposal = PersonShown['proposals'][number]
export type NewPerson = Sent<'create_account'>
export type FirstPassword = Reply<'give_password'>
export type EnrolmentCode = Reply<'give_enrolment_code'>
/** What is shown once; its words stand under administration.password and administration.enrolment_code. */
export interface OneTime {
  words: 'password' | 'enrolment_code'
  value: string
  until_ms: number
}
export type Rights = Sent<'grant_rights'>
export type Clearance = Person['clearance']

/** As its form has them: what is not said is empty. */
export type Place = Record<keyof Sent<'change_account'>, string>

export type Grant = Reply<'list_rights'>['grants'][number]
export type Scope = Grant['scope']
export type PeopleFilter = Record<'kind' | 'state' | 'role' | 'query', string>
export type LoggedSignIn = Reply<'list_sign_ins'>['sign_ins'][number]

export type RegisteredOrganisation = Schemas['RegisteredOrganisation']
export type Successions = Reply<'list_successions'>
export type SuccessionProposal = Successions['proposals'][number]
export type Succession = Successions['successions'][number]
export type SuccessionWanted = Sent<'propose_succession'>
