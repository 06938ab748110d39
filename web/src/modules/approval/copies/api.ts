/** 抄送: a case that is given to colleagues to read. */
import { client, take } from '@/shared/api/client'
import type { Candidates, CopiesOfCase, CopyList, Sent } from '@/shared/api/types'

export function list_case_copies(application_id: string): Promise<CopiesOfCase> {
  return take(client.GET('/api/v1/applications/{application_id}/copies', { params: { path: { application_id } } }))
}

export function copy_case(application_id: string, body: Sent<'copy_case'>, key: string): Promise<CopiesOfCase> {
  const params = { path: { application_id }, header: { 'Idempotency-Key': key } }
  return take(client.POST('/api/v1/applications/{application_id}/copies', { params, body }))
}

export function list_copy_candidates(application_id: string, region: string, text: string): Promise<Candidates> {
  const query = { ...(region ? { region } : {}), ...(text ? { query: text } : {}) }
  const params = { path: { application_id }, query }
  return take(client.GET('/api/v1/applications/{application_id}/copies/candidates', { params }))
}

export function list_copies(cursor: string | undefined): Promise<CopyList> {
  return take(client.GET('/api/v1/copies', { params: { query: { limit: 50, ...(cursor ? { cursor } : {}) } } }))
}

export async function read_copy(copy_id: string): Promise<void> {
  await take(client.POST('/api/v1/copies/{copy_id}/receipt', { params: { path: { copy_id } } }))
}
