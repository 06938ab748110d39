/** What a verifier answers (docs/proof-formats.md, “What is judged, and the words for it”). */
import type { JsonObject } from './canonical_json'
import { passed_text, sentence, type Holes } from './sentences'

export type Kind = 'pdf' | 'ofd' | 'xml' | 'json' | 'unknown'
export type Verdict = 'genuine' | 'training' | 'not_genuine' | 'cannot_judge'
export type Outcome = 'pass' | 'fail' | 'unchecked'
export const kChecks = [
  'file',
  'signature',
  'signer',
  'seal',
  'timestamp',
  'data',
  'content',
  'page',
  'proof',
  'checkpoint',
  'times',
  'status',
] as const
export type CheckName = (typeof kChecks)[number]

export interface Check {
  check: CheckName
  outcome: Outcome
  /** Empty when it passed. */
  code: string
  zh: string
  en: string
}

export interface Answer {
  file: string
  kind: Kind
  verdict: Verdict
  checks: Check[]
  certificate: JsonObject | null
  /** What makes it a copy for one purpose, if it is one. */
  copy: JsonObject | null
  /** Until when the file itself proves that the certificate was in the log; RFC 3339 in UTC. */
  as_of: string | null
}

/** Says each check once, in the order of the page that defines them. */
export class Findings {
  private readonly found = new Map<CheckName, Check>()

  pass(check: CheckName): void {
    this.add(check, 'pass', '', passed_text(check))
  }

  /** `holes` fill the places of the sentence: names of fields, of files. */
  fail(check: CheckName, code: string, holes: Holes = {}): void {
    this.add(check, 'fail', code, sentence(code, holes))
  }

  skip(check: CheckName, code: string, holes: Holes = {}): void {
    this.add(check, 'unchecked', code, sentence(code, holes))
  }

  private add(check: CheckName, outcome: Outcome, code: string, words: { zh: string; en: string }): void {
    if (this.found.has(check)) throw new Error(`${check} was judged twice`)
    this.found.set(check, { check, outcome, code, ...words })
  }

  outcome(check: CheckName): Outcome | undefined {
    return this.found.get(check)?.outcome
  }

  list(): Check[] {
    return kChecks.flatMap((name) => this.found.get(name) ?? [])
  }
}

export function make_check(check: CheckName, outcome: Outcome, code: string, holes: Holes = {}): Check {
  return { check, outcome, code, ...(outcome === 'pass' ? passed_text(check) : sentence(code, holes)) }
}
