/** The provider of identities through which people may sign in beside their password. */
import { client, take } from '@/shared/api/client'
import type { Reply } from '@/shared/api/types'

export type Provider = NonNullable<Reply<'show_provider'>['provider']>

/** null where the office has none. */
export async function load_provider(): Promise<Provider | null> {
  return (await take(client.GET('/api/v1/oauth/provider'))).provider
}

/** Since when who is signed in is bound to his identity there; null: he is not. */
export async function load_link(): Promise<number | null> {
  return (await take(client.GET('/api/v1/oauth/provider/link'))).linked_at_ms
}

/** Where the browser goes to be bound. */
export async function begin_link(): Promise<string> {
  return (await take(client.POST('/api/v1/oauth/provider/link'))).redirect_to
}

export async function unlink(): Promise<void> {
  await take(client.DELETE('/api/v1/oauth/provider/link'))
}

/**
 * `next` as the pages of this client name it, without the folder that they lie in. `again`: the provider is to look at
 * the person anew, whoever is signed in there.
 */
export function sign_in_address(provider: Provider, next: string | null, again = false): string {
  return `${provider.sign_in_path}?next=${encodeURIComponent(`/app${next ?? '/'}`)}${again ? '&again=1' : ''}`
}

const kFaults = [
  'visit_not_there',
  'provider_refused',
  'identity_not_proved',
  'not_proved_again',
  'not_linked',
  'already_linked',
  'provider_away',
  'provider_unfit',
  'no_provider',
  'account_blocked',
]

/** The last word of a reason of the server, under oauth.provider.fault; null where there was no fault. */
export function fault_of(said: unknown): string | null {
  if (typeof said !== 'string' || said === 'linked') return null
  const word = said.split('.').pop() ?? ''
  return kFaults.includes(word) ? word : 'other'
}
