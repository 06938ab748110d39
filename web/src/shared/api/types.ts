/**
 * The shapes of the HTTP interface, by the house contract. Once `npm run api` has made `schema.d.ts`, each line
 * below becomes `export type Application = components['schemas']['Application']`; nothing else has to change.
 */
export type AccountKind = 'owner_agent' | 'officer' | 'administrator'
export type Turn = 'applicant' | 'authority' | 'third_party' | 'nobody'
export type Light = 'green' | 'yellow' | 'red'

export interface FieldProblem {
  field: string
  reason: string
  message: string
}

export interface Problem {
  type: string
  title: string
  status: number
  detail?: string
  reason: string
  request_id?: string
  fields?: FieldProblem[]
}

export interface Account {
  account_id: string
  account_name: string
  display_name: string
  kind: AccountKind
  organisation_name: string
  credit_code: string | null
  department: string | null
  department_name: string | null
  region_code: string | null
  roles: string[]
}

export interface Session {
  account: Account
  csrf_token: string
  demo: boolean
  now_ms: number
}

export interface Code {
  code: string
  name: string
  name_en?: string
}

export interface MatterSummary {
  matter_code: string
  name: string
  summary: string
  statutory_working_days: number
  promised_working_days: number
}

export interface Authority {
  region_code: string
  name: string
  phone: string
  address: string
}

export interface MatterItem {
  item: string
  name: string
  department: string
  department_name: string
  legal_basis: string
  required?: boolean
}

export interface Material {
  material_code: string
  name: string
  required_when?: string
  proves?: string[]
  register?: string | null
  may_commit?: boolean
  generated?: boolean
  formats?: string[]
  pages_max?: number | null
  legal_basis?: string
  seal_required?: boolean
  note?: string
}

/** One property of the form's JSON Schema with the catalogue's own keywords. */
export interface SchemaNode {
  type?: string | string[]
  title?: string
  title_en?: string
  description?: string
  format?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  multipleOf?: number
  minItems?: number
  maxItems?: number
  pattern?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  readOnly?: boolean
  required?: string[]
  properties?: Record<string, SchemaNode>
  items?: SchemaNode
  $ref?: string
  $defs?: Record<string, SchemaNode>
  'x-personal'?: string | boolean
  'x-unit'?: string
  'x-code-table'?: string
  'x-required-when'?: string
  'x-computed'?: string
  'x-help'?: string
  'x-source'?: string[]
  'x-editable'?: boolean
  'x-pattern-message'?: string
  'x-row-number'?: boolean
  uniqueItems?: boolean
}

export interface LayoutField {
  path: string
  width?: string | number
}

export interface LayoutSection {
  title: string
  title_en?: string
  kind: 'fields' | 'repeat' | 'materials' | 'review'
  path?: string | null
  item_title?: string | null
  fields: LayoutField[]
  visible_when?: string | null
}

export interface LayoutStep {
  step: string
  title: string
  title_en?: string
  summary?: string
  sections: LayoutSection[]
}

export interface Layout {
  steps: LayoutStep[]
}

export interface Matter {
  matter_code: string
  name: string
  summary: string
  catalog_version: string
  statutory_working_days: number
  promised_working_days: number
  intake_working_days: number
  authorities: Authority[]
  items: MatterItem[]
  conditions: { text: string; legal_basis: string }[]
  materials: Material[]
  form_schema: SchemaNode
  layout: Layout
  code_tables: Record<string, Code[]>
}

export type FormValue = string | number | boolean | null | FormObject | FormValue[]
export interface FormObject {
  [key: string]: FormValue | undefined
}

export interface ApplicationRow {
  application_id: string
  application_number: string | null
  matter_code: string
  matter_name: string
  works_name: string | null
  state: string
  state_name: string
  turn: Turn
  round: number
  updated_at_ms: number
  due_on: string | null
  provisional: boolean
  light: Light | null
  permit_number: string | null
}

export interface Document {
  document_id: string
  material_code: string
  file_name: string
  media_type: string
  size_bytes: number
  pages: number | null
  sha256: string
  uploaded_at_ms: number
  superseded: boolean
}

export interface MaterialState {
  material_code: string
  name: string
  required: boolean | null
  proved_by: 'file' | 'register' | 'commitment' | 'generated' | null
  may_commit: boolean
  committed: boolean
  legal_basis: string
  documents: Document[]
}

export interface Finding {
  rule: string
  outcome: 'fail' | 'unchecked'
  severity: 'block' | 'warn' | 'info'
  audience: 'applicant' | 'officer' | 'leader'
  leads_to: string | null
  title: string
  message: string
  remedy: string
  legal_basis: string
  basis_confirmed: boolean
  fields: string[]
  evidence: { material_code: string; document_id: string | null; page: number | null }[]
}

export interface Remark {
  rule: string
  remark: string
}

export interface Application {
  application_id: string
  application_number: string | null
  matter_code: string
  matter_name: string
  catalog_version: string
  works_name: string | null
  owner_name: string | null
  permit_number: string | null
  state: string
  state_name: string
  turn: Turn
  version: number
  round: number
  form: FormObject
  materials: MaterialState[]
  findings: Finding[]
  remarks: Remark[]
  received_at_ms: number | null
  updated_at_ms: number
  can_edit: boolean
}

export interface FormSaved {
  version: number
  saved_at_ms: number
  findings: Finding[]
}

export interface Precheck {
  findings: Finding[]
  counts: { fail: number; unchecked: number; pass: number }
}

export interface SubmissionRequest {
  declarations: Record<string, boolean>
  remarks: Remark[]
  answers: { point_id: string; answer: string }[]
}

export interface SubmissionReceipt {
  application_number: string
  round: number
  received_at_ms: number
  intake_due_on: string
}

export interface SubmissionSummary {
  round: number
  submitted_at_ms: number
  changed_fields: string[]
}

export interface Submission extends SubmissionSummary {
  form: FormObject
  materials: MaterialState[]
  findings: Finding[]
  remarks: Remark[]
}

export interface Letter {
  letter_id: string
  letter_kind: string
  title: string
  number: string
  issued_at_ms: number
  round: number
}

export interface ClockSegment {
  kind: 'authority' | 'applicant' | 'special' | 'non_working'
  from_on: string
  through_on: string
}

export interface ClockView {
  budget_working_days: number
  used_working_days: number
  remaining_working_days: number | null
  due_on: string | null
  due_at_ms: number | null
  promised_due_on: string | null
  provisional: boolean
  paused: boolean
  light: Light | null
  segments: ClockSegment[]
}

export interface TimelineEntry {
  at_ms: number
  kind: string
  title: string
  detail: string | null
  actor: string | null
}

export interface ItemState {
  item: string
  name: string
  department_name: string
  state: string
  state_name: string
  opinion: string | null
  legal_basis: string
}

export interface CorrectionPoint {
  point_id: string
  item: string | null
  department_name: string
  field: string | null
  material_code: string | null
  what: string
  how_to_mend: string
  legal_basis: string
  answer: string | null
}

export interface Progress {
  state: string
  state_name: string
  turn: Turn
  headline: string
  clock: ClockView
  timeline: TimelineEntry[]
  items: ItemState[]
  correction: { points: CorrectionPoint[]; opened_at_ms: number } | null
  waiting_for: { kind: 'person' | 'applicant' | 'timer' | 'job' | 'incident'; name: string; since_at_ms: number }[]
  permit_number: string | null
}

export interface InboxRow {
  task_id: string
  application_id: string
  application_number: string
  matter_code: string
  works_name: string
  owner_name: string
  region_code: string
  step_name: string
  department: string
  due_on: string | null
  provisional: boolean
  light: Light | null
  remaining_working_days: number | null
  assignee_name: string | null
  assigned_to_me: boolean
  last_opinion: string | null
  created_at_ms: number
  completed_at_ms: number | null
}

export type InboxView = 'todo' | 'mine' | 'done' | 'all'

export interface Inbox {
  rows: InboxRow[]
  next_cursor: string | null
  counts: { todo: number; mine: number }
}

export interface Outcome {
  code: string
  label: string
  tone: 'primary' | 'normal' | 'danger'
  reason_required: boolean
  points_required: boolean
  points_allowed: boolean
  consequence: string
  blocked_because: string | null
}

export interface Task {
  task_id: string
  application_id: string
  element_id: string
  name: string
  kind: string
  item: string | null
  department: string
  state: 'open' | 'completed' | 'cancelled'
  assignee_name: string | null
  assigned_to_me: boolean
  version: number
  legal_basis: string | null
  checklist: { code: string; text: string }[]
  outcomes: Outcome[]
}

export interface TaskRecord extends Task {
  opinion: string | null
  outcome: string | null
  completed_at_ms: number | null
  actor_name: string | null
}

export interface PointDraft {
  field: string | null
  material_code: string | null
  what: string
  how_to_mend: string
  legal_basis: string
}

export interface Completion {
  outcome: string
  opinion: string
  checklist: string[]
  points: PointDraft[]
}

export interface ProcessView {
  bpmn_xml: string
  active: string[]
  completed: string[]
}

export interface Participant {
  role: string
  role_name: string
  organisation_name: string
  lead_name: string
}

export interface Permit {
  permit_number: string
  certificate_identifier?: string
  application_id: string
  state: string
  state_name: string
  works_name: string
  works_address: string
  owner_name: string
  issuing_authority: string
  issued_on: string
  start_due_on: string
  start_due_provisional: boolean
  contract_price_text: string
  scale_text: string
  region_code: string
  participants: Participant[]
  version: number
}

export interface AuditEntry {
  at_ms: number
  actor_name: string
  act: string
  summary: string
}

export interface DemoClock {
  now_ms: number
  today_on: string
}
