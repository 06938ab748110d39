/** The checks that are the same for every kind of file: the certificate object, its entry, the log, the times. */
import { sha256 } from '@noble/hashes/sha2.js'
import type { Findings } from './answer'
import { hex_bytes, hex_text, joined, Malformed, utf8_bytes } from './bytes'
import { canonical_json, is_object, type Json } from './canonical_json'
import { certificate_of, entry_of, type CertificateObject, type Contents, type Entry } from './contents'
import { find_identifier } from './identifier'
import { all_named, type Words } from './sentences'
import { cosigned_at_ms, holds, parse_proof, signed_by_log, type Checkpoint, type Proof } from './tlog'
import type { Trust } from './trust'

const kDayMs = 86_400_000
const kShanghaiMs = 8 * 3_600_000
const kIssuedBeforeLoggedDaysMax = 15
const kClockDriftMs = 60_000
const kSaltBytes = 16

export interface Judged {
  certificate: CertificateObject | null
  entry: Entry | null
  has_evidence: boolean
  /** When witnesses saw the log last, or else when the entry was made. */
  proved_at_ms: number | null
}

/** Nothing instead of Malformed: the caller says what that means. */
export function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
}

/** `contents` null: what should hold them could not be read. */
export function judge_contents(contents: Contents | null, trust: Trust, findings: Findings): Judged {
  const evidence = contents?.evidence
  const certificate = attempt_value(contents?.certificate, certificate_of)
  const evidence_object = is_object(evidence) ? evidence : null
  const entry = attempt_value(evidence_object?.entry, entry_of)
  const judged: Judged = {
    certificate,
    entry,
    has_evidence: evidence_object !== null,
    proved_at_ms: entry?.logged_at_ms ?? null,
  }
  if (
    contents &&
    (contents.certificate === undefined ||
      evidence === undefined ||
      (evidence_object && evidence_object.entry === undefined))
  )
    findings.fail('data', 'verify.data_missing')
  else if (!certificate || !entry || !evidence_object) findings.fail('data', 'verify.data_malformed')
  else judge_agreement(certificate, entry, trust, findings)
  judge_commitment(certificate, entry, evidence_object?.salt, findings)
  judge_log(entry, evidence_object?.proof, trust, findings, judged)
  return judged
}

function attempt_value<T>(value: Json | undefined, read: (value: Json) => T): T | null {
  return value === undefined ? null : attempt(() => read(value))
}

function judge_agreement(certificate: CertificateObject, entry: Entry, trust: Trust, findings: Findings): void {
  const identifier = find_identifier(certificate.certificate_identifier)
  const fits =
    identifier?.version === certificate.certificate_version &&
    identifier.type_code === certificate.certificate_type_code
  const differing = differences(certificate, entry)
  if (!fits) findings.fail('data', 'verify.identifier_wrong')
  else if (differing.length > 0) findings.fail('data', 'verify.entry_differs', { names: all_named(differing) })
  else if (!trust.issuers.some(({ code }) => code === certificate.issuer.code))
    findings.fail('data', 'verify.issuer_unknown', { names: certificate.issuer.name })
  else findings.pass('data')
}

/** What the certificate and the entry say differently. */
function differences(certificate: CertificateObject, entry: Entry): Words[] {
  const pairs: [zh: string, en: string, here: unknown, there: unknown][] = [
    ['存证类别', 'kind of entry', 'permit', entry.kind],
    ['电子证照标识', 'identifier', certificate.certificate_identifier, entry.certificate_identifier],
    ['版本', 'version', certificate.certificate_version, entry.certificate_version],
    ['编号', 'permit number', certificate.permit_number, entry.permit_number],
    ['状态', 'state', certificate.state, entry.state],
    ['发证机关', 'authority', certificate.issuer.code, entry.issuer_code],
    ['发证日期', 'day of issue', certificate.issued_on, entry.issued_on],
    // The log does not name the works of a restricted permit; the commitment covers all the same.
    ['工程名称', 'works', certificate.project.works_name, entry.works_name ?? certificate.project.works_name],
    ['建设单位', 'owner', certificate.holder.name, entry.owner_name ?? certificate.holder.name],
    ['培训标记', 'mark of training', certificate.sandbox, entry.sandbox],
  ]
  return pairs.filter(([, , here, there]) => here !== there).map(([zh, en]) => ({ zh: `“${zh}”`, en }))
}

/** SHA-256 of the salt and the canonical JSON of the certificate object. */
function judge_commitment(
  certificate: CertificateObject | null,
  entry: Entry | null,
  salt: Json | undefined,
  findings: Findings,
): void {
  if (!certificate || !entry) return findings.skip('content', 'verify.not_reached')
  const bytes = typeof salt === 'string' ? attempt(() => hex_bytes(salt)) : null
  const commitment = bytes?.length === kSaltBytes && commitment_of(bytes, certificate.whole)
  if (commitment === entry.content) findings.pass('content')
  else findings.fail('content', 'verify.content_differs')
}

export function commitment_of(salt: Uint8Array, value: Json): string {
  return `sha256:${hex_text(sha256(joined(salt, utf8_bytes(canonical_json(value)))))}`
}

function judge_log(
  entry: Entry | null,
  text: Json | undefined,
  trust: Trust,
  findings: Findings,
  judged: Judged,
): void {
  const proof = entry && typeof text === 'string' && text !== '' ? attempt(() => parse_proof(text)) : null
  if (!entry) findings.skip('proof', 'verify.not_reached')
  else if (text === undefined || text === '') findings.fail('proof', 'verify.proof_missing')
  else if (!proof) findings.fail('proof', 'verify.proof_malformed')
  else if (!holds(proof, utf8_bytes(canonical_json(entry.whole)))) findings.fail('proof', 'verify.proof_wrong')
  else findings.pass('proof')
  const witnessed = proof ? cosignatures(proof.checkpoint, trust) : []
  const cosigned = witnessed.filter((at_ms) => at_ms !== false)
  judge_checkpoint(proof, witnessed, trust, findings)
  judge_times(entry, cosigned, findings)
  if (cosigned.length > 0) judged.proved_at_ms = Math.max(...cosigned)
}

/** One time for each known witness that cosigned; false for one whose line does not hold. */
function cosignatures(checkpoint: Checkpoint, trust: Trust): (number | false)[] {
  const names = new Set<string>()
  return trust.witnesses.flatMap(({ key }) => {
    const at_ms = cosigned_at_ms(checkpoint, key)
    if (at_ms === null || names.has(key.name)) return []
    names.add(key.name)
    return [at_ms]
  })
}

/** A known key whose line does not hold makes the whole note worthless, as signed-note says. */
function judge_checkpoint(proof: Proof | null, witnessed: (number | false)[], trust: Trust, findings: Findings): void {
  if (!proof) findings.skip('checkpoint', 'verify.not_reached')
  else if (proof.checkpoint.origin !== trust.log.origin) findings.fail('checkpoint', 'verify.log_unknown')
  else if (!signed_by_log(proof.checkpoint, trust.log.key) || witnessed.includes(false))
    findings.fail('checkpoint', 'verify.checkpoint_signature_wrong')
  else if (witnessed.length < trust.witnesses_needed) findings.fail('checkpoint', 'verify.witnesses_missing')
  else findings.pass('checkpoint')
}

/** Of the rules of times, those that one file can break. Days are those of Asia/Shanghai, which knows no summer time. */
function judge_times(entry: Entry | null, cosigned: number[], findings: Findings): void {
  if (!entry) return findings.skip('times', 'verify.not_reached')
  const logged_day = Math.floor((entry.logged_at_ms + kShanghaiMs) / kDayMs)
  const issued_day = Date.parse(`${entry.issued_on}T00:00:00Z`) / kDayMs
  const waited = logged_day - issued_day
  const is_possible =
    waited >= 0 &&
    waited <= kIssuedBeforeLoggedDaysMax &&
    cosigned.every((at_ms) => entry.logged_at_ms <= at_ms + kClockDriftMs)
  if (is_possible) findings.pass('times')
  else findings.fail('times', 'verify.time_impossible')
}
