/**
 * The endpoints in the form that openapi-fetch reads. Replaced by `paths` of the generated `schema.d.ts` in one step.
 */
import type {
  Application,
  ApplicationRow,
  AuditEntry,
  Code,
  Completion,
  DemoClock,
  FormObject,
  FormSaved,
  Inbox,
  InboxView,
  Letter,
  Matter,
  MatterSummary,
  Permit,
  Precheck,
  Problem,
  ProcessView,
  Progress,
  Session,
  Submission,
  SubmissionReceipt,
  SubmissionRequest,
  SubmissionSummary,
  Task,
  TaskRecord,
} from './types'

type Reply<Status extends number, Body> = {
  [S in Status]: { headers: Record<string, unknown>; content: { 'application/json': Body } }
} & { default: { headers: Record<string, unknown>; content: { 'application/problem+json': Problem } } }
type Empty<Status extends number> = {
  [S in Status]: { headers: Record<string, unknown>; content?: never }
} & { default: { headers: Record<string, unknown>; content: { 'application/problem+json': Problem } } }

type Unset = undefined
type Parameters<Path, Query, Header> = (Path extends Unset ? unknown : { path: Path }) &
  (Query extends Unset ? unknown : { query?: Query }) &
  (Header extends Unset ? unknown : { header: Header })
interface Get<Body, Path = Unset, Query = Unset> {
  parameters: Parameters<Path, Query, Unset>
  responses: Reply<200, Body>
}
interface Send<Body, Sent, Path = Unset, Header = Unset, Status extends number = 200> {
  parameters: Parameters<Path, Unset, Header>
  requestBody: { content: { 'application/json': Sent } }
  responses: Reply<Status, Body>
}
interface Act<Body, Path, Header> {
  parameters: Parameters<Path, Unset, Header>
  responses: Reply<200, Body>
}
interface Remove<Path, Header = Unset> {
  parameters: Parameters<Path, Unset, Header>
  responses: Empty<204>
}

interface Page {
  cursor?: string
  limit?: number
}
type Keyed = { 'Idempotency-Key': string }
type Versioned = { 'If-Match': string }
type OfApplication = { application_id: string }
type OfTask = { task_id: string }

export interface paths {
  '/session': {
    get: Get<Session>
    post: Send<Session, { account: string; password: string }>
    delete: Remove<Unset>
  }
  '/matters': { get: Get<{ matters: MatterSummary[] }> }
  '/matters/{matter_code}': { get: Get<Matter, { matter_code: string }> }
  '/regions': { get: Get<{ regions: Code[] }, Unset, { parent?: string }> }
  '/applications': {
    get: Get<{ applications: ApplicationRow[]; next_cursor: string | null }, Unset, Page>
    post: Send<Application, { matter_code: string }, Unset, Keyed, 201>
  }
  '/applications/{application_id}': {
    get: Get<Application, OfApplication>
    delete: Remove<OfApplication, Versioned>
  }
  '/applications/{application_id}/form': {
    put: Send<FormSaved, { form: FormObject }, OfApplication, Versioned>
  }
  '/applications/{application_id}/commitments': {
    put: Send<Application, { materials: string[] }, OfApplication, Keyed & Versioned>
  }
  '/applications/{application_id}/precheck': { post: Send<Precheck, { form: FormObject }, OfApplication> }
  '/applications/{application_id}/submission': {
    post: Send<SubmissionReceipt, SubmissionRequest, OfApplication, Keyed & Versioned, 201>
  }
  '/applications/{application_id}/submissions': {
    get: Get<{ submissions: SubmissionSummary[] }, OfApplication>
  }
  '/applications/{application_id}/submissions/{round}': { get: Get<Submission, OfApplication & { round: number }> }
  '/applications/{application_id}/withdrawal': {
    post: Send<unknown, { reason: string }, OfApplication, Keyed, 202>
  }
  '/documents/{document_id}': { delete: Remove<{ document_id: string }> }
  '/applications/{application_id}/letters': { get: Get<{ letters: Letter[] }, OfApplication> }
  '/applications/{application_id}/progress': { get: Get<Progress, OfApplication> }
  '/applications/{application_id}/tasks': { get: Get<{ tasks: TaskRecord[] }, OfApplication> }
  '/applications/{application_id}/process': { get: Get<ProcessView, OfApplication> }
  '/applications/{application_id}/audit': {
    get: Get<{ entries: AuditEntry[]; next_cursor: string | null }, OfApplication, Page>
  }
  '/inbox': { get: Get<Inbox, Unset, Page & { view?: InboxView; query?: string }> }
  '/tasks/{task_id}': { get: Get<Task, OfTask> }
  '/tasks/{task_id}/claim': { post: Act<Task, OfTask, Versioned> }
  '/tasks/{task_id}/release': { post: Act<Task, OfTask, Versioned> }
  '/tasks/{task_id}/completion': { post: Send<Task, Completion, OfTask, Keyed & Versioned> }
  '/permits': { get: Get<{ permits: Permit[]; next_cursor?: string | null }, Unset, Page> }
  '/permits/{permit_number}': { get: Get<Permit, { permit_number: string }> }
  '/demo/clock': {
    get: Get<DemoClock>
    post: Send<DemoClock, { advance_to_ms: number } | { advance_working_days: number; at: string }>
  }
}
