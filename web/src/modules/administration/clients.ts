/** Other systems that come in: clients, who wants them changed, their secrets, and the keys that sign tokens. */
import { client, take } from '@/shared/api/client'
import type { Reply } from '@/shared/api/types'

export type Client = Reply<'list_clients'>['clients'][number]
export type Registration = Client['registration']
export type Proposal = Reply<'list_client_proposals'>['proposals'][number]
export type Secret = NonNullable<Client['secrets']>[number]
export type SecretProposal = NonNullable<Client['secret_proposals']>[number]
export type ScopeLine = Reply<'list_scopes'>['scopes'][number]
export type SigningKey = Reply<'list_signing_keys'>['keys'][number]
export type FieldKeys = Reply<'list_keys'>

const of_client = (client_id: string) => ({ params: { path: { client_id } } })
const of_proposal = (client_id: string, proposal_id: string) => ({ params: { path: { client_id, proposal_id } } })

export async function list_clients(cursor: string | undefined) {
  const query = { limit: 50, ...(cursor ? { cursor } : {}) }
  const page = await take(client.GET('/api/v1/oauth/clients', { params: { query } }))
  return { rows: page.clients, next_cursor: page.next_cursor ?? null }
}

export function load_client(client_id: string): Promise<Client> {
  return take(client.GET('/api/v1/oauth/clients/{client_id}', of_client(client_id)))
}

export async function list_scopes(): Promise<ScopeLine[]> {
  return (await take(client.GET('/api/v1/oauth/scopes'))).scopes
}

export async function list_open_proposals(): Promise<Proposal[]> {
  const query = { limit: 100, state: 'open' as const }
  return (await take(client.GET('/api/v1/oauth/proposals', { params: { query } }))).proposals
}

/** A new client where there is no id yet. */
export async function propose(client_id: string | null, reason: string, registration: Registration): Promise<void> {
  const body = { reason, registration }
  if (client_id) await take(client.POST('/api/v1/oauth/clients/{client_id}/changes', { ...of_client(client_id), body }))
  else await take(client.POST('/api/v1/oauth/clients', { body }))
}

export async function decide(proposal_id: string, agreed: boolean): Promise<void> {
  const sending = { params: { path: { proposal_id } } }
  if (agreed) await take(client.POST('/api/v1/oauth/proposals/{proposal_id}/approval', sending))
  else await take(client.POST('/api/v1/oauth/proposals/{proposal_id}/refusal', sending))
}

export async function suspend(client_id: string): Promise<void> {
  await take(client.POST('/api/v1/oauth/clients/{client_id}/suspension', of_client(client_id)))
}

export async function resume(client_id: string): Promise<void> {
  await take(client.POST('/api/v1/oauth/clients/{client_id}/resumption', of_client(client_id)))
}

export async function propose_secret(client_id: string, reason: string, valid_days: number): Promise<void> {
  const body = { reason, valid_days }
  await take(client.POST('/api/v1/oauth/clients/{client_id}/secret-proposals', { ...of_client(client_id), body }))
}

/** The secret, which nobody is shown again. */
export async function make_secret(client_id: string, proposal_id: string): Promise<string> {
  const path = '/api/v1/oauth/clients/{client_id}/secret-proposals/{proposal_id}/confirmation'
  return (await take(client.POST(path, of_proposal(client_id, proposal_id)))).client_secret ?? ''
}

export async function refuse_secret(client_id: string, proposal_id: string, reason: string): Promise<void> {
  const path = '/api/v1/oauth/clients/{client_id}/secret-proposals/{proposal_id}/refusal'
  await take(client.POST(path, { ...of_proposal(client_id, proposal_id), body: { reason } }))
}

export async function end_secret(client_id: string, secret_id: string): Promise<void> {
  const path = '/api/v1/oauth/clients/{client_id}/secrets/{secret_id}'
  await take(client.DELETE(path, { params: { path: { client_id, secret_id } } }))
}

export async function list_signing_keys(): Promise<SigningKey[]> {
  return (await take(client.GET('/api/v1/oauth/keys'))).keys
}

export async function rotate_signing_keys(urgent: boolean): Promise<void> {
  await take(client.POST('/api/v1/oauth/keys/rotation', { body: { urgent } }))
}

export function load_field_keys(): Promise<FieldKeys> {
  return take(client.GET('/api/v1/keys'))
}

export function has_secrets(registration: Registration): boolean {
  return registration.proof === 'client_secret_basic' || registration.proof === 'client_secret_post'
}

/** Of a client's secrets the one that lasts longest tells when it stands still; `none` where there should be one. */
export function secret_state(one: Client): { look: 'good' | 'warn' | 'bad' | 'plain'; at_ms: number | null } {
  if (!has_secrets(one.registration)) return { look: 'plain', at_ms: null }
  const last = [...(one.secrets ?? [])].sort((a, b) => b.expires_at_ms - a.expires_at_ms)[0]
  if (!last) return { look: 'bad', at_ms: null }
  return { look: last.ends_soon ? 'warn' : 'good', at_ms: last.expires_at_ms }
}

export function empty_registration(): Registration {
  return {
    client_name: '',
    organisation_name: '',
    kind: 'web',
    proof: 'client_secret_basic',
    redirect_uris: [],
    scopes: [],
    region_code: null,
    id_token_algorithm: 'ES256',
    jwks: null,
    resource_server: false,
    internal: false,
    pushed_only: false,
  }
}

export const kProofs: Record<Registration['kind'], Registration['proof'][]> = {
  web: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  browser: ['none'],
  native: ['none'],
  device: ['none'],
  system: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
}

export function takes_redirects(kind: Registration['kind']): boolean {
  return kind === 'web' || kind === 'browser' || kind === 'native'
}
