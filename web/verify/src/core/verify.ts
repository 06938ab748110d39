/** Judges one file: which kind it is, who signed it, and what it proves. Pure: the time comes from the caller. */
import { Findings, type Answer, type Kind, type Verdict } from './answer'
import { equal_bytes, malformed, utf8_text } from './bytes'
import { canonical_json, is_object, kFileLimits, parse_json, type JsonObject } from './canonical_json'
import { judge_content, parse_signed_content, type Finding } from './cms'
import {
  contents_of_attachment,
  contents_of_json,
  contents_of_properties,
  contents_of_xml,
  kNamespace,
  type Contents,
} from './contents'
import { missing_on_page } from './fields'
import { judge_json_signature } from './json_signature'
import { attempt, judge_contents, type Judged } from './judging'
import { find_attachment, find_seal, read_package, type OfdPackage, type OfdSeal } from './ofd'
import { PdfFile } from './pdf/file'
import { certificate_properties } from './pdf/metadata'
import { find_pdf_signature, type PdfSignature } from './pdf/signature'
import { text_of_pages } from './pdf/text'
import { lists_signer, seal_is_whole, sealing_holds } from './seal'
import { all_named, type Words } from './sentences'
import { may_sign_for_authority } from './signer'
import { sm3 } from './sm3'
import { judge_timestamp } from './timestamp'
import type { Trust } from './trust'
import { parse_xml, type XmlElement } from './xml'
import { find_xml_signature, judge_xml_signature, type XmlSignature } from './xml_signature'
import { standing_of, type Certificate, type Standing } from './x509'
import { unzip } from './zip'

/** A certificate with five hundred buildings and its fonts is far below. */
export const kFileBytesMax = 50_000_000

const kKindBytesMax: Record<Kind, number> = {
  pdf: 32 << 20,
  ofd: 32 << 20,
  xml: 4 << 20,
  json: kFileBytesMax,
  unknown: kFileBytesMax,
}
const kTooLarge = 'verify.file_too_large'
const kUnreadable = 'verify.file_unreadable'
const kUnknownKind = 'verify.kind_unknown'
const kByteOrderMark = [0xef, 0xbb, 0xbf]

export interface VerifiedFile {
  name: string
  bytes: Uint8Array
}

/** `now_ms` stands for the time of signing where a file tells none. Never throws for what a file may hold. */
export function verify_file(file: VerifiedFile, trust: Trust, now_ms: number): Answer {
  try {
    return new Judging(file, trust, now_ms).answer()
  } catch (error) {
    // Of an engine: a text too long for an expression, a call too deep.
    if (!(error instanceof RangeError)) throw error
    return unreadable(file)
  }
}

/** What is said of a file that not even its kind is known of. */
export function unreadable({ name }: VerifiedFile): Answer {
  const findings = new Findings()
  findings.fail('file', kUnreadable)
  return {
    file: name,
    kind: 'unknown',
    verdict: 'cannot_judge',
    checks: findings.list(),
    certificate: null,
    copy: null,
    as_of: null,
  }
}

class Judging {
  private copy: JsonObject | null = null
  private readonly findings = new Findings()
  private kind: Kind = 'unknown'
  private judged: Judged = { certificate: null, entry: null, has_evidence: false, proved_at_ms: null }

  constructor(
    private readonly file: VerifiedFile,
    private readonly trust: Trust,
    private readonly now_ms: number,
  ) {}

  answer(): Answer {
    const problem = this.judge()
    if (problem) this.findings.fail('file', problem)
    else this.findings.pass('file')
    if (!problem) this.findings.skip('status', 'verify.offline')
    const { certificate, proved_at_ms } = this.judged
    return {
      file: this.file.name,
      kind: this.kind,
      verdict: this.verdict(),
      checks: this.findings.list(),
      certificate: certificate?.whole ?? null,
      copy: this.copy,
      as_of: proved_at_ms === null ? null : new Date(proved_at_ms).toISOString(),
    }
  }

  private verdict(): Verdict {
    const { findings, judged } = this
    if (findings.outcome('file') === 'fail') return 'cannot_judge'
    if (findings.outcome('signer') !== 'pass' && !judged.has_evidence) return 'cannot_judge'
    if (findings.list().some(({ outcome }) => outcome === 'fail')) return 'not_genuine'
    return judged.certificate?.sandbox || this.trust.sandbox ? 'training' : 'genuine'
  }

  /** The code of what is wrong with the file as a whole, or nothing. */
  private judge(): string | null {
    const { bytes } = this.file
    if (bytes.length > kFileBytesMax) return kTooLarge
    const start = String.fromCharCode(...bytes.subarray(0, 5))
    if (start === '%PDF-')
      return this.readable(
        'pdf',
        () => new PdfFile(bytes),
        (pdf) => this.judge_pdf(pdf),
      )
    if (start.startsWith('PK\x03\x04'))
      return this.readable(
        'ofd',
        () => read_package(unzip(bytes)),
        (read) => this.judge_ofd(read),
      )
    switch (first_character(bytes)) {
      case '<':
        return this.readable(
          'xml',
          () => parse_xml(utf8_text(bytes)),
          (root) => this.judge_xml(root),
        )
      case '{':
        return this.readable(
          'json',
          () => json_object(bytes),
          (root) => this.judge_json(root),
        )
      default:
        return kUnknownKind
    }
  }

  private readable<T>(kind: Kind, read: () => T, judge: (read: T) => boolean): string | null {
    this.kind = kind
    if (this.file.bytes.length > kKindBytesMax[kind]) return kind === 'xml' ? kUnreadable : kTooLarge
    const found = attempt(read)
    if (found === null) return kUnreadable
    if (judge(found)) return null
    this.kind = 'unknown'
    return kUnknownKind
  }

  private signature(finding: Finding): void {
    if (finding === 'holds') this.findings.pass('signature')
    else this.findings.fail('signature', `verify.${finding}`)
  }

  /** Nobody to judge: the signature is missing, or says not whose it is. */
  private unsigned(code: string): void {
    this.findings.fail('signature', code)
    this.findings.skip('signer', 'verify.not_reached')
  }

  private signer(signers: [Certificate, Certificate[], number][], roots: Certificate[]): Standing[] {
    const standings = signers.map(([signer, others, at_ms]) => standing_of(signer, others, roots, at_ms))
    // A second one is the maker of the seal.
    const lists = [this.trust.signers, this.trust.seal_makers]
    const words = signers.map(([signer], place) =>
      may_sign_for_authority(signer, lists[place] ?? []) ? standings[place]?.word : 'unknown',
    )
    if (words.includes('unknown')) this.findings.fail('signer', 'verify.signer_unknown')
    else if (words.includes('expired')) this.findings.fail('signer', 'verify.signer_expired')
    else this.findings.pass('signer')
    return standings
  }

  /** When it was signed, as a trusted timestamp has it. */
  private timestamp(token: Uint8Array | null, stamped: Uint8Array): number | null {
    if (!token) return null
    const timestamp = attempt(() => judge_timestamp(token, stamped, this.trust.signing_roots))
    if (!timestamp?.holds) this.findings.fail('timestamp', 'verify.timestamp_wrong')
    else if (timestamp.is_trusted) this.findings.pass('timestamp')
    else this.findings.skip('timestamp', 'verify.timestamp_authority_unknown')
    return timestamp?.holds && timestamp.is_trusted ? timestamp.at_ms : null
  }

  private contents(read: () => Contents): Contents | null {
    const contents = attempt(read)
    this.copy = is_object(contents?.copy) ? contents.copy : null
    this.judged = judge_contents(contents, this.trust, this.findings)
    return contents
  }

  /** Files without a time of their own were signed when they were logged; copies on the day that they name. */
  private signed_at_ms(): number {
    const made_on = this.copy ? Date.parse(`${String(this.copy.made_on)}T12:00:00+08:00`) : NaN
    return Number.isNaN(made_on) ? (this.judged.entry?.logged_at_ms ?? this.now_ms) : made_on
  }

  private page(read: () => string): void {
    const { certificate } = this.judged
    if (!certificate) return this.findings.skip('page', 'verify.not_reached')
    const missing = missing_on_page(certificate, attempt(read) ?? '')
    if (missing.length === 0) return this.findings.pass('page')
    this.findings.fail('page', 'verify.page_differs', { names: all_named(missing) })
  }

  private judge_json(root: JsonObject): boolean {
    const { signature, ...rest } = root
    if (!('certificate' in root) && !('evidence' in root)) return false
    this.contents(() => contents_of_json(rest))
    if (signature === undefined) this.unsigned('verify.signature_missing')
    else {
      const judged = attempt(() => judge_json_signature(signature, canonical_json(rest)))
      if (!judged) this.unsigned('verify.signature_wrong')
      else {
        this.signature(judged.finding)
        this.signer([[judged.signer, judged.others, this.signed_at_ms()]], this.trust.signing_roots)
      }
    }
    return true
  }

  private judge_xml(root: XmlElement): boolean {
    if (root.namespace !== kNamespace || root.prefix !== '' || root.local !== 'certificate_file') return false
    const contents = this.contents(() => contents_of_xml(root))
    const signature = find_xml_signature(root)
    if (!signature) this.unsigned('verify.signature_missing')
    else {
      const judged = attempt(() => judge_xml_signature(utf8_text(this.file.bytes), signature, contents))
      if (!judged) this.unsigned('verify.signature_wrong')
      else this.signed_by(judged)
    }
    return true
  }

  /** Beside the signer's, only certificates on his way to a root: none of them is signed where it stands. */
  private signed_by({ finding, signer, others }: XmlSignature): void {
    const [standing] = this.signer([[signer, others, this.signed_at_ms()]], this.trust.signing_roots)
    this.signature(carries_others(others, standing) ? 'signature_wrong' : finding)
  }

  private judge_pdf(pdf: PdfFile): boolean {
    this.contents(() => contents_of_properties(certificate_properties(pdf, kNamespace)))
    this.page(() => text_of_pages(pdf))
    this.judge_pdf_signature(attempt(() => find_pdf_signature(pdf)))
    return true
  }

  /** All is read before anything is said of it: each check is answered once. */
  private judge_pdf_signature(found: PdfSignature | 'missing' | null): void {
    if (found === 'missing') return this.unsigned('verify.signature_missing')
    const content = found && attempt(() => parse_signed_content(found.contents))
    const judged = content && attempt(() => judge_content(content, found.signed))
    if (!found || !content || !judged) return this.unsigned('verify.signature_wrong')
    const { signer, certificates, signature, timestamp } = content
    const at_ms = this.timestamp(timestamp, signature) ?? this.signed_at_ms()
    const [standing] = this.signer([[signer, certificates, at_ms]], this.trust.signing_roots)
    const finding = carries_others(certificates, standing) ? 'signature_wrong' : judged
    if (finding === 'holds' && !found.covers_file) this.findings.fail('signature', 'verify.added_after_signing')
    else this.signature(finding)
  }

  private judge_ofd(read: OfdPackage | 'other'): boolean {
    if (read === 'other') return false
    this.contents(() => contents_of_attachment(find_attachment(read, 'certificate.json')))
    this.page(() => read.text)
    const found = attempt(() => find_seal(read))
    if (found && found !== 'missing') return this.judge_seal(found)
    this.unsigned(found ? 'verify.signature_missing' : 'verify.signature_wrong')
    this.findings.skip('seal', 'verify.not_reached')
    return true
  }

  private judge_seal(found: OfdSeal): true {
    const { sealing } = found
    const { seal } = sealing
    this.timestamp(sealing.timestamp, sealing.signature)
    const is_ours = sealing_holds(sealing) && sealing.description.replace(/^\//, '') === found.description
    if (!is_ours) this.signature('signature_wrong')
    else this.signature(equal_bytes(sealing.digest, sm3(found.description_bytes)) ? 'holds' : 'bytes_changed')
    // Whoever may sign under the same root could make a seal of his own: its maker must lead there too.
    const signers: [Certificate, Certificate[], number][] = [
      [sealing.signer, [], sealing.at_ms],
      [seal.maker, [], seal.made_ms],
    ]
    this.signer(signers, this.trust.seal_roots)
    if (found.changed.length > 0)
      this.findings.fail('seal', 'verify.package_file_changed', { names: all_named(found.changed.map(path_words)) })
    else if (found.not_covered.length > 0)
      this.findings.fail('seal', 'verify.package_file_not_covered', {
        names: all_named(found.not_covered.map(path_words)),
      })
    else if (!seal_is_whole(seal)) this.findings.fail('seal', 'verify.seal_broken')
    else if (!lists_signer(sealing)) this.findings.fail('seal', 'verify.seal_signer_not_listed')
    else if (sealing.at_ms < seal.from_ms || sealing.at_ms > seal.through_ms)
      this.findings.fail('seal', 'verify.seal_expired')
    else this.findings.pass('seal')
    return true
  }
}

/** Certificates beside the way to the root are the only bytes of a signature that nothing else protects. */
function carries_others(certificates: Certificate[], standing: Standing | undefined): boolean {
  const path = standing?.path ?? []
  return path.length > 0 && certificates.some((one) => !path.some((known) => equal_bytes(known.der, one.der)))
}

function path_words(path: string): Words {
  return { zh: `“${path}”`, en: path }
}

function json_object(bytes: Uint8Array): JsonObject {
  const value = parse_json(utf8_text(bytes), kFileLimits)
  return is_object(value) ? value : malformed('not an object')
}

/** After blanks, however many. */
function first_character(bytes: Uint8Array): string {
  let at = kByteOrderMark.every((byte, place) => bytes[place] === byte) ? kByteOrderMark.length : 0
  while (' \t\r\n'.includes(String.fromCharCode(bytes[at] ?? 0))) at += 1
  return String.fromCharCode(bytes[at] ?? 0)
}
