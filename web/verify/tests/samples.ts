/**
 * A folder of good and forged files by a throwaway authority, for whoever verifies: `trust.json` whom to trust,
 * `expected.json` what is to be said of each file. `node verify/tests/write_samples.mjs FOLDER` writes one.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { joined, latin1_bytes, latin1_text, utf8_bytes, utf8_text } from '../src/core/bytes'
import type { JsonObject } from '../src/core/canonical_json'
import type { Verdict } from '../src/core/answer'
import { make_party, make_timestamp } from './der_writer'
import { make_forgeries } from './forgeries'
import * as make from './make'

export interface Sample {
  file: string
  bytes: Uint8Array
  verdict: Verdict
  /** `<check> <code>` of what fails, in the order of the checks. */
  failures: string[]
}

export function changed(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const text = utf8_text(bytes)
  if (!text.includes(from)) throw new Error(`${from} is not there`)
  return utf8_bytes(text.replace(from, to))
}

export function make_samples(): { trust_text: string; samples: Sample[] } {
  const ours = make.make_authority()
  const stranger = make.make_authority()
  const good = make.make_case(ours)
  const project = { ...(make.make_certificate().project as JsonObject), scale_text: '22 345.67 平方米' }
  const larger = make.make_certificate({ project })
  const json = (one: make.Case, by = ours.signer) => make.make_json({ ...one }, by)
  const with_proof = (change: (proof: string) => string) =>
    json({ ...good, evidence: { ...good.evidence, proof: change(String(good.evidence.proof)) } })
  const samples: Sample[] = []
  const add = (file: string, bytes: Uint8Array, verdict: Verdict, ...failures: string[]) =>
    samples.push({ file, bytes, verdict, failures })
  const forged = (file: string, bytes: Uint8Array, ...failures: string[]) =>
    add(file, bytes, 'not_genuine', ...failures)

  add('genuine.json', json(good), 'genuine')
  add('genuine.xml', make.make_xml(good, ours.signer), 'genuine')
  add('genuine.pdf', make.make_pdf(ours, good), 'genuine')
  add('genuine.ofd', make.make_ofd(ours, good), 'genuine')
  const copy = { number: 3, purpose: '投标', made_for: '示例公司', made_on: '2026-12-04' }
  add('genuine-copy.json', make.make_json({ ...good, copy }, ours.signer), 'genuine')
  add('genuine-copy.xml', make.make_xml(good, ours.signer, copy), 'genuine')
  const clock = make_party({ kind: 'p256', name: '时间戳', by: ours.root, purposes: ['1.3.6.1.5.5.7.3.8'] })
  const stamped = (what?: Uint8Array) => ({
    cms: { timestamp: (signature: Uint8Array) => make_timestamp(clock, what ?? signature, make.kLoggedAtMs + 3000) },
  })
  add('genuine-timestamp.pdf', make.make_pdf(ours, good, stamped()), 'genuine')
  const training = make.make_case(ours, make.make_certificate({ sandbox: true }))
  add('training.pdf', make.make_pdf(ours, training), 'training')

  forged(
    'changed-value.json',
    changed(json(good), '12 345.67', '22 345.67'),
    'signature verify.bytes_changed',
    'content verify.content_differs',
  )
  forged(
    'changed-value.xml',
    changed(make.make_xml(good, ours.signer), '<scale_text>12', '<scale_text>22'),
    'signature verify.bytes_changed',
    'content verify.content_differs',
  )
  forged(
    'comment-added.xml',
    changed(make.make_xml(good, ours.signer), '<Signature', '<!-- x --><Signature'),
    'signature verify.bytes_changed',
  )
  const pdf = make.make_pdf(ours, good)
  const taller = latin1_bytes(latin1_text(pdf).replace('595 842', '595 843'))
  forged('changed-byte.pdf', taller, 'signature verify.bytes_changed')
  forged(
    'broken-signature.pdf',
    make.make_pdf(ours, good, { cms: { broken_signature: true } }),
    'signature verify.signature_wrong',
  )
  forged('added-page.pdf', make.with_added_page(pdf), 'signature verify.added_after_signing')
  forged(
    'timestamp-of-another.pdf',
    make.make_pdf(ours, good, stamped(utf8_bytes('x'))),
    'timestamp verify.timestamp_wrong',
  )
  forged(
    'unsigned-with-evidence.pdf',
    make.make_pdf(ours, good, { unsigned: true }),
    'signature verify.signature_missing',
  )
  const page = 'Doc_0/Pages/Page_0/Content.xml'
  forged(
    'replaced-file.ofd',
    make.make_ofd(ours, good, {
      afterwards: (files) => (files[page] = joined(files[page] ?? new Uint8Array(), utf8_bytes(' '))),
    }),
    'seal verify.package_file_changed',
  )
  forged(
    'added-file.ofd',
    make.make_ofd(ours, good, { afterwards: (files) => (files['Doc_0/Res/more.png'] = Uint8Array.of(1)) }),
    'seal verify.package_file_not_covered',
  )
  forged('broken-seal.ofd', make.make_ofd(ours, good, { broken_seal: true }), 'seal verify.seal_broken')
  forged(
    'seal-of-others.ofd',
    make.make_ofd(ours, good, { listed: ours.seal_maker }),
    'seal verify.seal_signer_not_listed',
  )
  forged(
    'seal-expired.ofd',
    make.make_ofd(ours, good, { valid: [0, Date.UTC(2026, 5, 1)] }),
    'seal verify.seal_expired',
  )
  forged('missing-attachment.ofd', make.make_ofd(ours, good, { without_attachment: true }), 'data verify.data_missing')

  const resigned = { ...good, certificate: larger }
  const codes = ['signer verify.signer_unknown', 'content verify.content_differs']
  forged('stranger.json', json(resigned, stranger.signer), ...codes)
  forged('stranger.xml', make.make_xml(resigned, stranger.signer), ...codes)
  forged('stranger.pdf', make.make_pdf(ours, resigned, { by: stranger.signer }), ...codes)
  forged(
    'stranger.ofd',
    make.make_ofd(ours, resigned, { signer: stranger.seal_signer, maker: stranger.seal_maker }),
    ...codes,
  )
  const old = ours.former_signer
  forged('signer-expired.json', json(good, old), 'signer verify.signer_expired')
  const lines = make.printed_lines(larger)
  forged('page-differs.pdf', make.make_pdf(ours, good, { lines }), 'page verify.page_differs')
  forged('page-differs.ofd', make.make_ofd(ours, good, { lines }), 'page verify.page_differs')

  const other = make.make_case(ours, make.make_certificate({ permit_number: '330106202612020102' }))
  forged(
    'entry-of-another.json',
    json({ ...good, evidence: other.evidence }),
    'data verify.entry_differs',
    'content verify.content_differs',
  )
  const right = make.make_identifier('330106202612020101', 1)
  const wrong = right.slice(0, -1) + (right.endsWith('0') ? '1' : '0')
  forged(
    'check-character.json',
    json(make.make_case(ours, make.make_certificate({ certificate_identifier: wrong }))),
    'data verify.identifier_wrong',
  )
  const issuer = { name: '某某局', code: '11330105002500287C' }
  forged(
    'issuer-unknown.json',
    json(make.make_case(ours, make.make_certificate({ issuer }))),
    'data verify.issuer_unknown',
  )
  forged('content-differs.json', json(resigned), 'content verify.content_differs')
  forged(
    'proof-missing.json',
    with_proof(() => ''),
    'proof verify.proof_missing',
  )
  forged(
    'proof-malformed.json',
    with_proof((proof) => proof.replace('@v1', '@v9')),
    'proof verify.proof_malformed',
  )
  forged(
    'proof-of-another-place.json',
    with_proof((proof) => proof.replace('index 4', 'index 5')),
    'proof verify.proof_wrong',
  )
  forged(
    'other-log.json',
    json(make.make_case(ours, good.certificate, { origin: 'elsewhere.example/permits' })),
    'checkpoint verify.log_unknown',
  )
  forged(
    'checkpoint-resigned.json',
    json(make.make_case(ours, good.certificate, { log: stranger.log })),
    'checkpoint verify.checkpoint_signature_wrong',
  )
  forged(
    'no-witness.json',
    json(make.make_case(ours, good.certificate, { cosigned_at_ms: null })),
    'checkpoint verify.witnesses_missing',
  )
  forged(
    'backdated.json',
    json(make.make_case(ours, make.make_certificate({ issued_on: '2026-11-10' }))),
    'times verify.time_impossible',
  )

  add(
    'scan.pdf',
    make.make_pdf(ours, good, { unsigned: true, without_metadata: true }),
    'cannot_judge',
    'signature verify.signature_missing',
    'data verify.data_missing',
  )
  add('photo.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'cannot_judge', 'file verify.kind_unknown')
  add('damaged.xml', utf8_bytes('<certificate'), 'cannot_judge', 'file verify.file_unreadable')
  return { trust_text: ours.trust_text, samples: [...samples, ...make_forgeries({ ours, stranger, good })] }
}

export function write_samples(folder: string): Sample[] {
  const { trust_text, samples } = make_samples()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'trust.json'), trust_text)
  for (const { file, bytes } of samples) writeFileSync(join(folder, file), bytes)
  const expected = samples.map(({ file, verdict, failures }) => ({ file, verdict, failures }))
  writeFileSync(join(folder, 'expected.json'), `${JSON.stringify(expected, null, 1)}\n`)
  return samples
}
