import { client, new_idempotency_key, take, version_tag } from '@/shared/api/client'
import type { Submission } from '../packages/draft'
import type {
  DraftContent,
  PackageSummary,
  ProcessChange,
  ProcessCheck,
  ProcessDraft,
  ProcessPackage,
  ProcessPreview,
  ProcessVersion,
} from './types'

/** One key for one act, and the version of the draft on which the person acts. */
function act_header(version: number) {
  return { 'Idempotency-Key': new_idempotency_key(), 'If-Match': version_tag(version) }
}

export async function list_packages(): Promise<PackageSummary[]> {
  return (await take(client.GET('/api/v1/process-packages'))).packages
}

export function load_package(matter_code: string): Promise<ProcessPackage> {
  return take(client.GET('/api/v1/process-packages/{matter_code}', { params: { path: { matter_code } } }))
}

export async function load_version(matter_code: string, catalog_version: string): Promise<ProcessVersion> {
  const params = { path: { matter_code, catalog_version } }
  const found = await take(client.GET('/api/v1/process-packages/{matter_code}/versions/{catalog_version}', { params }))
  return found
}

export async function load_draft(matter_code: string): Promise<ProcessDraft> {
  const params = { path: { matter_code } }
  return await take(client.GET('/api/v1/process-packages/{matter_code}/draft', { params }))
}

export async function begin_draft(matter_code: string, from_version: string | null): Promise<ProcessDraft> {
  const params = { path: { matter_code }, header: { 'Idempotency-Key': new_idempotency_key() } }
  const begun = await take(
    client.POST('/api/v1/process-packages/{matter_code}/draft', { params, body: { from_version } }),
  )
  return begun
}

export async function save_draft(matter_code: string, version: number, content: DraftContent): Promise<ProcessDraft> {
  const params = { path: { matter_code }, header: { 'If-Match': version_tag(version) } }
  const body = content
  return await take(client.PUT('/api/v1/process-packages/{matter_code}/draft', { params, body }))
}

export async function rebase_draft(matter_code: string, version: number): Promise<ProcessDraft> {
  const params = { path: { matter_code }, header: act_header(version) }
  const moved = await take(client.POST('/api/v1/process-packages/{matter_code}/draft/rebase', { params }))
  return moved
}

export async function discard_draft(matter_code: string, version: number): Promise<void> {
  const params = { path: { matter_code }, header: act_header(version) }
  await take(client.POST('/api/v1/process-packages/{matter_code}/draft/discarding', { params }))
}

export function check_draft(matter_code: string): Promise<ProcessCheck> {
  return take(client.GET('/api/v1/process-packages/{matter_code}/draft/check', { params: { path: { matter_code } } }))
}

export async function submit_draft(matter_code: string, version: number, body: Submission): Promise<ProcessDraft> {
  const params = { path: { matter_code }, header: act_header(version) }
  const sent = await take(client.POST('/api/v1/process-packages/{matter_code}/draft/submission', { params, body }))
  return sent
}

export async function return_draft(matter_code: string, version: number, reason: string): Promise<ProcessDraft> {
  const params = { path: { matter_code }, header: act_header(version) }
  const back = await take(
    client.POST('/api/v1/process-packages/{matter_code}/draft/return', { params, body: { reason } }),
  )
  return back
}

export function publish_draft(matter_code: string, version: number): Promise<unknown> {
  const params = { path: { matter_code }, header: act_header(version) }
  return take(client.POST('/api/v1/process-packages/{matter_code}/draft/publication', { params, body: {} }))
}

export function withdraw_version(matter_code: string, catalog_version: string, reason: string): Promise<unknown> {
  const params = { path: { matter_code, catalog_version }, header: { 'Idempotency-Key': new_idempotency_key() } }
  return take(
    client.POST('/api/v1/process-packages/{matter_code}/versions/{catalog_version}/withdrawal', {
      params,
      body: { reason },
    }),
  )
}

export function start_preview(matter_code: string): Promise<ProcessPreview> {
  const params = { path: { matter_code }, header: { 'Idempotency-Key': new_idempotency_key() } }
  return take(client.POST('/api/v1/process-packages/{matter_code}/draft/previews', { params }))
}

export function load_preview(matter_code: string, preview_id: string): Promise<ProcessPreview> {
  const params = { path: { matter_code, preview_id } }
  return take(client.GET('/api/v1/process-packages/{matter_code}/previews/{preview_id}', { params }))
}

export interface ChangesPage {
  changes: ProcessChange[]
  next_cursor: string | null
}

export function list_changes(
  matter_code: string,
  preview_id: string,
  cursor: string | undefined,
): Promise<ChangesPage> {
  const params = { path: { matter_code, preview_id }, query: { cursor, limit: 50 } }
  return take(client.GET('/api/v1/process-packages/{matter_code}/previews/{preview_id}/changes', { params }))
}
