/** 代理: who stands in for whom, and from when to when. */
import { client, take, version_tag } from '@/shared/api/client'
import type { Candidates, Deputyship, Deputyships, Sent } from '@/shared/api/types'

export function list_deputyships(whose: 'mine' | 'department'): Promise<Deputyships> {
  return take(client.GET('/api/v1/deputyships', { params: { query: { whose } } }))
}

export function name_deputy(body: Sent<'name_deputy'>, key: string): Promise<Deputyship> {
  return take(client.POST('/api/v1/deputyships', { params: { header: { 'Idempotency-Key': key } }, body }))
}

export function end_deputyship(one: Deputyship, reason: string, key: string): Promise<Deputyship> {
  const params = {
    path: { deputyship_id: one.deputyship_id },
    header: { 'If-Match': version_tag(one.version), 'Idempotency-Key': key },
  }
  return take(client.POST('/api/v1/deputyships/{deputyship_id}/ending', { params, body: { reason } }))
}

/** `absent` where somebody else is away. */
export function list_deputy_candidates(
  of: 'absent' | 'deputy',
  absent: string | undefined,
  text: string,
): Promise<Candidates> {
  const query = { of, ...(absent ? { absent } : {}), ...(text ? { query: text } : {}) }
  return take(client.GET('/api/v1/deputyships/candidates', { params: { query } }))
}
