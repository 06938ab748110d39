import { client, take } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'

export type Authority = components['schemas']['Authority']
export type AuthoritySettings = components['schemas']['AuthoritySettings']
export type LocalDay = NonNullable<AuthoritySettings['days']>[number]

export async function list_authorities(): Promise<Authority[]> {
  return (await take(client.GET('/api/v1/authorities'))).authorities
}

/** `key` stays the same while the same publication is tried again. */
export function publish_settings(authority: Authority, settings: AuthoritySettings, key: string): Promise<Authority> {
  return take(
    client.POST('/api/v1/authorities/{region_code}/publications', {
      params: { path: { region_code: authority.region_code }, header: { 'Idempotency-Key': key } },
      body: { settings, replaces: authority.publication?.number ?? null },
    }),
  )
}
