import { client, kApiPrefix, take } from '@/shared/api/client'
import type { Permit } from '@/shared/api/types'

export async function list_permits(
  cursor: string | undefined,
): Promise<{ rows: Permit[]; next_cursor: string | null }> {
  const query = { limit: 20, ...(cursor ? { cursor } : {}) }
  const page = await take(client.GET('/api/v1/permits', { params: { query } }))
  return { rows: page.permits, next_cursor: page.next_cursor ?? null }
}

export function load_permit(permit_number: string): Promise<Permit> {
  return take(client.GET('/api/v1/permits/{permit_number}', { params: { path: { permit_number } } }))
}

export function certificate_address(permit_number: string): string {
  return `${kApiPrefix}/permits/${encodeURIComponent(permit_number)}/certificate`
}
