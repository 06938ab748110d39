import { client, new_idempotency_key, take, version_tag } from '@/shared/api/client'
import type {
  EffectPreview,
  PackageSummary,
  PackageVersion,
  PreviewChange,
  RuleCheck,
  RuleDraft,
  RulePackage,
  TestCase,
  VersionSummary,
} from './types'

type Reply = Promise<{ data?: unknown; error?: unknown; response: Response }>
type Call = (path: string, options: unknown) => Reply
const rules = client as unknown as { GET: Call; POST: Call; PUT: Call }
const kRoot = '/api/v1/rule-packages/{matter_code}'

function answer<Body>(reply: Reply): Promise<Body> {
  return take(reply as Promise<{ data?: Body; error?: unknown; response: Response }>)
}

function post<Body>(path: string, of: Record<string, string>, body: unknown, version?: number): Promise<Body> {
  const header: Record<string, string> = { 'Idempotency-Key': new_idempotency_key() }
  if (version !== undefined) header['If-Match'] = version_tag(version)
  return answer(rules.POST(path, { params: { path: of, header }, body }))
}

export async function list_packages(): Promise<PackageSummary[]> {
  return (await answer<{ packages: PackageSummary[] }>(rules.GET('/api/v1/rule-packages', {}))).packages
}

export function load_package(matter_code: string): Promise<RulePackage> {
  return answer(rules.GET(kRoot, { params: { path: { matter_code } } }))
}

export function load_version(matter_code: string, catalog_version: string): Promise<PackageVersion> {
  const path = { matter_code, catalog_version }
  return answer(rules.GET(`${kRoot}/versions/{catalog_version}`, { params: { path } }))
}

export function load_draft(matter_code: string): Promise<RuleDraft> {
  return answer(rules.GET(`${kRoot}/draft`, { params: { path: { matter_code } } }))
}

export function begin_draft(matter_code: string, from_version: string | null): Promise<RuleDraft> {
  return post(`${kRoot}/draft`, { matter_code }, { from_version })
}

export interface DraftContent {
  dmn: string
  tests: TestCase[]
  note: string
}

export function save_draft(matter_code: string, version: number, content: DraftContent): Promise<RuleDraft> {
  const params = { path: { matter_code }, header: { 'If-Match': version_tag(version) } }
  return answer(rules.PUT(`${kRoot}/draft`, { params, body: content }))
}

export function discard_draft(matter_code: string, version: number): Promise<void> {
  return post(`${kRoot}/draft/discarding`, { matter_code }, undefined, version)
}

export function check_draft(matter_code: string): Promise<RuleCheck> {
  return answer(rules.GET(`${kRoot}/draft/check`, { params: { path: { matter_code } } }))
}

export interface Submission {
  effective_from_on: string
  note: string
}

export function submit_draft(matter_code: string, version: number, submission: Submission): Promise<RuleDraft> {
  return post(`${kRoot}/draft/submission`, { matter_code }, submission, version)
}

export function return_draft(matter_code: string, version: number, reason: string): Promise<RuleDraft> {
  return post(`${kRoot}/draft/return`, { matter_code }, { reason }, version)
}

export function publish_draft(matter_code: string, version: number): Promise<VersionSummary> {
  return post(`${kRoot}/draft/publication`, { matter_code }, {}, version)
}

export function withdraw_version(
  matter_code: string,
  catalog_version: string,
  reason: string,
): Promise<VersionSummary> {
  return post(`${kRoot}/versions/{catalog_version}/withdrawal`, { matter_code, catalog_version }, { reason })
}

export function start_preview(matter_code: string): Promise<EffectPreview> {
  return post(`${kRoot}/draft/previews`, { matter_code }, undefined)
}

export function load_preview(matter_code: string, preview_id: string): Promise<EffectPreview> {
  return answer(rules.GET(`${kRoot}/previews/{preview_id}`, { params: { path: { matter_code, preview_id } } }))
}

export interface ChangesPage {
  changes: PreviewChange[]
  next_cursor: string | null
}

export function list_changes(
  matter_code: string,
  preview_id: string,
  cursor: string | undefined,
): Promise<ChangesPage> {
  const params = { path: { matter_code, preview_id }, query: { cursor, limit: 50 } }
  return answer(rules.GET(`${kRoot}/previews/{preview_id}/changes`, { params }))
}
