/** Invited parts: the owner's side and the firm's. */
import { client, take, version_tag } from '@/shared/api/client'
import type { FormObject, InvitationOfFirm, PartOfFirm, PartRow, PartsOfApplication } from '@/shared/api/types'

const kPageLimit = 20

export function list_parts(application_id: string): Promise<PartsOfApplication> {
  return take(
    client.GET('/api/v1/applications/{application_id}/invited-parts', { params: { path: { application_id } } }),
  )
}

export function invite_firm(application_id: string, body: InvitationOfFirm, key: string) {
  const params = { path: { application_id }, header: { 'Idempotency-Key': key } }
  return take(client.POST('/api/v1/applications/{application_id}/invited-parts', { params, body }))
}

export function withdraw_part(application_id: string, invited_part_id: string): Promise<unknown> {
  const params = { path: { application_id, invited_part_id } }
  return take(client.DELETE('/api/v1/applications/{application_id}/invited-parts/{invited_part_id}', { params }))
}

export async function list_parts_of_firm(
  cursor: string | undefined,
): Promise<{ rows: PartRow[]; next_cursor: string | null }> {
  const query = { limit: kPageLimit, ...(cursor ? { cursor } : {}) }
  const page = await take(client.GET('/api/v1/invited-parts', { params: { query } }))
  return { rows: page.parts, next_cursor: page.next_cursor }
}

export function load_part(part_id: string): Promise<PartOfFirm> {
  return take(client.GET('/api/v1/invited-parts/{part_id}', { params: { path: { part_id } } }))
}

export function save_part(part_id: string, version: number, values: FormObject): Promise<PartOfFirm> {
  const params = { path: { part_id }, header: { 'If-Match': version_tag(version) } }
  return take(client.PUT('/api/v1/invited-parts/{part_id}/values', { params, body: { values } }))
}

export function confirm_part(part_id: string, version: number): Promise<PartOfFirm> {
  const params = { path: { part_id }, header: { 'If-Match': version_tag(version) } }
  return take(client.POST('/api/v1/invited-parts/{part_id}/confirmation', { params, body: { declared: true } }))
}
