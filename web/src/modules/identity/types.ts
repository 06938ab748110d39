/** The shapes of accounts, sessions and organisations by name, as the interface describes them. */
import type { components } from '@/shared/api/schema'
import type { Reply, Sent, Session } from '@/shared/api/types'

type Schemas = components['schemas']

export type FactorKind = Session['factor_kinds'][number]
export type Duty = Schemas['Duty']
export type OrganisationState = Schemas['OrganisationState']

export type OwnAccount = Reply<'show_account'>
export type SessionRow = Schemas['SessionSeen']
export type SignInOutcome = Schemas['SignInOutcome']
export type SignInMethod = Schemas['SignInMethod']
export type SignInEntry = Reply<'list_own_sign_ins'>['sign_ins'][number]

export type OwnOrganisation = Reply<'list_own_organisations'>['organisations'][number]
export type Organisation = Schemas['Organisation']
export type NewOrganisation = Sent<'register_organisation'>
export type OrganisationShown = Reply<'show_organisation'>
export type Member = OrganisationShown['members'][number]
export type OpenInvitation = OrganisationShown['invitations'][number]
export type Invitation = Reply<'view_invitation'>
export type NewInvitation = Sent<'invite_agent'>

export type PrivacyNotice = Reply<'show_privacy_notice'>

/** One of these proves that it is the same person. */
export type Proof = Sent<'prove_second_factor'> | Sent<'step_up'>
export type AssertionOptions = Reply<'begin_assertion'>
