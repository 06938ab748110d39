import { client, take } from '@/shared/api/client'
import type { Factor, Factors, TotpEnrolment } from '@/shared/api/types'
import { create_credential } from './security_keys'

/** How long a name a factor may have. */
export const kFactorNameMax = 60

export function load_factors(): Promise<Factors> {
  return take(client.GET('/api/v1/account/factors'))
}

export function begin_app(name: string): Promise<TotpEnrolment> {
  return take(client.POST('/api/v1/account/factors/totp', { body: { name } }))
}

export function confirm_app(factor_id: string, code: string): Promise<Factor> {
  const params = { path: { factor_id } }
  return take(client.POST('/api/v1/account/factors/totp/{factor_id}/confirmation', { params, body: { code } }))
}

/** The browser asks the person to touch the key; throws what it says when he does not. */
export async function add_key(name: string): Promise<Factor> {
  const { public_key } = await take(client.POST('/api/v1/account/factors/webauthn/options'))
  const answer = await create_credential(public_key)
  return take(client.POST('/api/v1/account/factors/webauthn', { body: { name, ...answer } }))
}

export function rename_factor(factor_id: string, name: string): Promise<Factor> {
  return take(client.PATCH('/api/v1/account/factors/{factor_id}', { params: { path: { factor_id } }, body: { name } }))
}

export async function remove_factor(factor_id: string): Promise<void> {
  await take(client.DELETE('/api/v1/account/factors/{factor_id}', { params: { path: { factor_id } } }))
}

export async function make_recovery_codes(): Promise<string[]> {
  const { codes } = await take(client.POST('/api/v1/account/recovery-codes'))
  return codes
}
