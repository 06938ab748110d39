import { client, take } from '@/shared/api/client'
import type { Reply } from '@/shared/api/types'

export type AuthorizationRequest = Reply<'show_authorization_request'>
export type Consent = Reply<'list_consents'>['consents'][number]

const of = (request_id: string) => ({ params: { path: { request_id } } })

export function load_request(request_id: string): Promise<AuthorizationRequest> {
  return take(client.GET('/api/v1/oauth/requests/{request_id}', of(request_id)))
}

/** Where the browser goes next; null where another device waits for the answer. */
export async function agree(request_id: string): Promise<string | null> {
  return (await take(client.POST('/api/v1/oauth/requests/{request_id}/approval', of(request_id)))).redirect_to
}

export async function refuse(request_id: string): Promise<string | null> {
  return (await take(client.POST('/api/v1/oauth/requests/{request_id}/refusal', of(request_id)))).redirect_to
}

export async function list_consents(
  cursor: string | undefined,
): Promise<{ rows: Consent[]; next_cursor: string | null }> {
  const query = { limit: 20, ...(cursor ? { cursor } : {}) }
  const page = await take(client.GET('/api/v1/oauth/consents', { params: { query } }))
  return { rows: page.consents, next_cursor: page.next_cursor ?? null }
}

export async function revoke_consent(consent_id: string): Promise<void> {
  await take(client.DELETE('/api/v1/oauth/consents/{consent_id}', { params: { path: { consent_id } } }))
}

/** The whole browser goes: the address is the client's, checked by the server. */
export const browser = {
  leave_for(address: string): void {
    location.replace(address)
  },
}
