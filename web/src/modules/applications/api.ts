import { client, take, version_tag } from '@/shared/api/client'
import { ApiProblem } from '@/shared/api/problem'
import type {
  Application,
  ApplicationRow,
  FormObject,
  FormSaved,
  FoundByPerson,
  PersonSearch,
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
  const page = await take(client.GET('/api/v1/applications', { params: { query } }))
  return { rows: page.applications, next_cursor: page.next_cursor }
}

export function create_application(matter_code: string, key: string): Promise<Application> {
  return take(
    client.POST('/api/v1/applications', { params: { header: { 'Idempotency-Key': key } }, body: { matter_code } }),
  )
}

export function load_application(application_id: string): Promise<Application> {
  return take(client.GET('/api/v1/applications/{application_id}', { params: { path: { application_id } } }))
}

/** Whole values of masked fields; the reason goes into the log of acts. */
export async function unmask_fields(
  application_id: string,
  fields: string[],
  reason: string,
): Promise<{ path: string; value: string }[]> {
  const params = { path: { application_id } }
  const body = { fields, reason }
  return (await take(client.POST('/api/v1/applications/{application_id}/unmasked', { params, body }))).fields
}

/** Cases that name a person; who asked and why goes into the log of acts, the number does not. */
export function find_by_person(body: PersonSearch): Promise<FoundByPerson> {
  return take(client.POST('/api/v1/applications/by-person', { body }))
}

export function save_form(application_id: string, version: number, form: FormObject): Promise<FormSaved> {
  const params = { path: { application_id }, header: { 'If-Match': version_tag(version) } }
  return take(client.PUT('/api/v1/applications/{application_id}/form', { params, body: { form } }))
}

export function discard_draft(application_id: string, version: number): Promise<unknown> {
  const params = { path: { application_id }, header: { 'If-Match': version_tag(version) } }
  return take(client.DELETE('/api/v1/applications/{application_id}', { params }))
}

export function commit_materials(
  application_id: string,
  version: number,
  materials: string[],
  key: string,
): Promise<Application> {
  const params = { path: { application_id }, header: { 'If-Match': version_tag(version), 'Idempotency-Key': key } }
  return take(client.PUT('/api/v1/applications/{application_id}/commitments', { params, body: { materials } }))
}

export function precheck(application_id: string, form: FormObject): Promise<Precheck> {
  const params = { path: { application_id } }
  return take(client.POST('/api/v1/applications/{application_id}/precheck', { params, body: { form } }))
}

export function submit_application(
  application_id: string,
  version: number,
  request: SubmissionRequest,
  key: string,
): Promise<SubmissionReceipt> {
  const params = { path: { application_id }, header: { 'If-Match': version_tag(version), 'Idempotency-Key': key } }
  return take(client.POST('/api/v1/applications/{application_id}/submission', { params, body: request }))
}

export async function list_submissions(application_id: string): Promise<SubmissionSummary[]> {
  const params = { path: { application_id } }
  return (await take(client.GET('/api/v1/applications/{application_id}/submissions', { params }))).submissions
}

export function load_submission(application_id: string, round: number): Promise<Submission> {
  const params = { path: { application_id, round } }
  return take(client.GET('/api/v1/applications/{application_id}/submissions/{round}', { params }))
}

export function hand_in_owed_paper(application_id: string, material_code: string, key: string): Promise<unknown> {
  const params = { path: { application_id }, header: { 'Idempotency-Key': key } }
  return take(client.POST('/api/v1/applications/{application_id}/owed-papers', { params, body: { material_code } }))
}

export function withdraw_application(application_id: string, reason: string, key: string): Promise<unknown> {
  const params = { path: { application_id }, header: { 'Idempotency-Key': key } }
  return take(client.POST('/api/v1/applications/{application_id}/withdrawal', { params, body: { reason } }))
}

export function take_back_withdrawal(application_id: string, key: string): Promise<unknown> {
  const params = { path: { application_id }, header: { 'Idempotency-Key': key } }
  return take(client.DELETE('/api/v1/applications/{application_id}/withdrawal', { params }))
}

const kProgressWaitsMs = [100, 200, 400, 800, 1500, 3000]

/**
 * How far an application is. What was just handed in reaches the procedure a moment after its receipt; until then
 * there is no progress of this round, and an older round's would say that the applicant still has to do something.
 */
export async function load_progress_of(application: Application): Promise<Progress> {
  const id = application.application_id
  for (const pause of kProgressWaitsMs) {
    const found = await load_progress(id).catch(null_where_missing)
    if (found && found.round >= application.round) return found
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
  return load_progress(id)
}

function null_where_missing(error: unknown): null {
  if (error instanceof ApiProblem && error.status === 404) return null
  throw error
}

/** Tries again what stopped; the key is that of one press of the button. */
export function resolve_incident(
  application_id: string,
  incident: string,
  reason: string,
  key: string,
): Promise<Progress> {
  const params = { path: { application_id, incident }, header: { 'Idempotency-Key': key } }
  const body = { variables: {}, reason }
  return take(client.POST('/api/v1/applications/{application_id}/incidents/{incident}/resolution', { params, body }))
}

export function load_progress(application_id: string): Promise<Progress> {
  return take(client.GET('/api/v1/applications/{application_id}/progress', { params: { path: { application_id } } }))
}
