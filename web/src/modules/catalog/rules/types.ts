/** The shapes of the rule packages' part of the HTTP interface. */
export type Outcome = 'pass' | 'fail' | 'unchecked' | 'not_applicable'
export type VersionState = 'in_force' | 'waiting' | 'past' | 'withdrawn' | 'superseded'
export type DraftState = 'editing' | 'waiting'
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }
export type JsonObject = { [key: string]: JsonValue }

export interface VersionSummary {
  catalog_version: string
  state: VersionState
  effective_from_on: string
  published_at_ms: number
  origin: 'folder' | 'office'
  edited_by_name: string | null
  published_by_name: string | null
  note: string
}

export interface PackageSummary {
  matter_code: string
  name: string
  rule_count: number
  in_force: VersionSummary
  waiting: VersionSummary[]
  draft: { state: DraftState; edited_by_name: string; edited_at_ms: number } | null
}

export interface RulePackage {
  matter_code: string
  name: string
  rule_count: number
  in_force: VersionSummary
  versions: VersionSummary[]
  folder_waits: VersionSummary | null
  draft: { state: DraftState; edited_by_name: string; edited_at_ms: number } | null
}

export interface TestCase {
  rule: string
  expect: Outcome
  given: JsonObject
  why?: string
}

export interface PackageVersion extends VersionSummary {
  dmn: string
  tests: TestCase[]
}

export interface RuleDraft {
  version: number
  state: DraftState
  base_version: string
  dmn: string
  tests: TestCase[]
  note: string
  edited_by_name: string
  edited_by_me: boolean
  edited_at_ms: number
  effective_from_on: string | null
  submitted_by_name: string | null
  may_publish: boolean
  returned_reason: string | null
}

export interface ExplanationLine {
  part: 'applies' | 'unchecked' | 'fails'
  expression: string
  value_text: string
  reads: { path: string; value_text: string; null_reason: string | null }[]
}

export interface TestResult {
  index: number
  outcome_in_force: Outcome | null
  outcome: Outcome
  ok: boolean
  explanation: ExplanationLine[]
  message: string
}

export interface RuleProblem {
  severity: 'error' | 'warning'
  code: string
  element: string
  decision: string
  decision_name: string
  rule: number | null
  line: number | null
  column: number | null
  zh: string
  en: string
}

export interface DifferenceLine {
  kind: 'added' | 'removed' | 'changed'
  decision: string
  decision_name: string
  rule: number | null
  column_name: string | null
  before: string | null
  after: string | null
  text: string
}

export interface RuleCheck {
  problems: RuleProblem[]
  tests: { passed: number; failed: number; results: TestResult[] }
  coverage: { rules: number; covered: number; uncovered: string[] }
  difference: DifferenceLine[]
  blockers: { code: string; text: string }[]
}

export interface EffectPreview {
  preview_id: string
  state: 'running' | 'done' | 'failed' | 'replaced'
  done: number
  total: number
  started_at_ms: number
  draft_version: number
  changed_applications: number
  changed_results: number
  by_rule: { rule: string; title: string; before: Outcome; after: Outcome; count: number }[]
  failure: string | null
}

export interface PreviewChange {
  application_id: string
  application_number: string
  works_name: string
  owner_name: string
  submitted_on: string
  rule: string
  title: string
  before: Outcome
  after: Outcome
}
