import { client, take, version_tag } from '@/shared/api/client'
import type {
  Application,
  ApplicationRow,
  FormObject,
  FormSaved,
  Precheck,
  Progress,
  Submission,
  SubmissionReceipt,
  SubmissionRequest,
  SubmissionSummary,
} from '@/shared/api/types'

const kPageLimit = 20

export async function list_applications(
  cursor: string | undefined,
): Promise<{ rows: ApplicationRow[]; next_cursor: string | null }> {
  const query = { limit: kPageLimit, ...(cursor ? { cursor } : {}) }
  const page = await take(client.GET('/applications', { params: { query } }))
  return { rows: page.applications, next_cursor: page.next_cursor }
}

export function create_application(matter_code: string, key: string): Promise<Application> {
  return take(client.POST('/applications', { params: { header: { 'Idempotency-Key': key } }, body: { matter_code } }))
}

export function load_application(application_id: string): Promise<Application> {
  return take(client.GET('/applications/{application_id}', { params: { path: { application_id } } }))
}

export function save_form(application_id: string, version: number, form: FormObject): Promise<FormSaved> {
  const params = { path: { application_id }, header: { 'If-Match': version_tag(version) } }
  return take(client.PUT('/applications/{application_id}/form', { params, body: { form } }))
}

export function discard_draft(application_id: string, version: number): Promise<unknown> {
  const params = { path: { application_id }, header: { 'If-Match': version_tag(version) } }
  return take(client.DELETE('/applications/{application_id}', { params }))
}

export function commit_materials(
  application_id: string,
  version: number,
  materials: string[],
  key: string,
): Promise<Application> {
  const params = { path: { application_id }, header: { 'If-Match': version_tag(version), 'Idempotency-Key': key } }
  return take(client.PUT('/applications/{application_id}/commitments', { params, body: { materials } }))
}

export function precheck(application_id: string, form: FormObject): Promise<Precheck> {
  const params = { path: { application_id } }
  return take(client.POST('/applications/{application_id}/precheck', { params, body: { form } }))
}

export function submit_application(
  application_id: string,
  version: number,
  request: SubmissionRequest,
  key: string,
): Promise<SubmissionReceipt> {
  const params = { path: { application_id }, header: { 'If-Match': version_tag(version), 'Idempotency-Key': key } }
  return take(client.POST('/applications/{application_id}/submission', { params, body: request }))
}

export async function list_submissions(application_id: string): Promise<SubmissionSummary[]> {
  const params = { path: { application_id } }
  return (await take(client.GET('/applications/{application_id}/submissions', { params }))).submissions
}

export function load_submission(application_id: string, round: number): Promise<Submission> {
  const params = { path: { application_id, round } }
  return take(client.GET('/applications/{application_id}/submissions/{round}', { params }))
}

export function withdraw_application(application_id: string, reason: string, key: string): Promise<unknown> {
  const params = { path: { application_id }, header: { 'Idempotency-Key': key } }
  return take(client.POST('/applications/{application_id}/withdrawal', { params, body: { reason } }))
}

export function load_progress(application_id: string): Promise<Progress> {
  return take(client.GET('/applications/{application_id}/progress', { params: { path: { application_id } } }))
}
