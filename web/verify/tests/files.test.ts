/** Good files of each kind, and forgeries: each is told by its codes. */
import { zlibSync } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../src/core/answer'
import { index_of_bytes, joined, latin1_bytes, utf8_bytes, utf8_text } from '../src/core/bytes'
import { canonical_json, parse_json, type JsonObject } from '../src/core/canonical_json'
import { certificate_of } from '../src/core/contents'
import { fields_of } from '../src/core/fields'
import { verify_file } from '../src/core/verify'
import { flip, make_party, make_timestamp, type Extension } from './der_writer'
import * as make from './make'

let ours: make.Authority
let stranger: make.Authority
let good: make.Case
const forged_project = { ...(make.make_certificate().project as JsonObject), scale_text: '22 345.67 平方米' }

beforeAll(() => {
  ours = make.make_authority()
  stranger = make.make_authority()
  good = make.make_case(ours)
})

function verify(bytes: Uint8Array, trust = ours.trust): Answer {
  return verify_file({ name: 'certificate', bytes }, trust, make.kNowMs)
}

function failures(answer: Answer): string[] {
  return answer.checks.filter(({ outcome }) => outcome === 'fail').map(({ check, code }) => `${check} ${code}`)
}

/** What a forgery is told to be. */
function expect_forged(bytes: Uint8Array, ...codes: string[]): void {
  const answer = verify(bytes)
  expect({ codes: failures(answer), verdict: answer.verdict }).toEqual({ codes, verdict: 'not_genuine' })
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice()
  flip(copy, at)
  return copy
}

function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const text = utf8_text(bytes)
  expect(text).toContain(from)
  return utf8_bytes(text.replace(from, to))
}

const json = (one: make.Case, by = ours.signer) => make.make_json({ ...one }, by)

describe('a genuine certificate', () => {
  it('is genuine in each of its four files', () => {
    for (const [kind, bytes] of [
      ['json', json(good)],
      ['xml', make.make_xml(good, ours.signer)],
      ['pdf', make.make_pdf(ours, good)],
      ['ofd', make.make_ofd(ours, good)],
    ] as const) {
      const answer = verify(bytes)
      expect({ kind: answer.kind, verdict: answer.verdict, codes: failures(answer) }).toEqual({
        kind,
        verdict: 'genuine',
        codes: [],
      })
      expect(answer.certificate?.permit_number).toBe('330106202612020101')
      expect(answer.as_of).toBe('2026-12-02T07:32:05.000Z')
      expect(answer.checks.filter(({ outcome }) => outcome === 'unchecked').map(({ code }) => code)).toEqual([
        'verify.offline',
      ])
    }
  })

  it('is a training certificate when it says so, or when the whole authority is a sandbox', () => {
    const training = make.make_case(ours, make.make_certificate({ sandbox: true }))
    expect(verify(json(training)).verdict).toBe('training')
    const sandbox = make.make_authority({ sandbox: true })
    expect(verify(json(make.make_case(sandbox), sandbox.signer), sandbox.trust).verdict).toBe('training')
  })

  it('has its timestamp judged, and its time taken where the authority of time is trusted', () => {
    const clock = make_party({ kind: 'rsa', name: '时间戳', by: ours.root, purposes: ['1.3.6.1.5.5.7.3.8'] })
    const stamped = (at_ms: number) => ({
      timestamp: (signature: Uint8Array) => make_timestamp(clock, signature, at_ms),
    })
    const answer = verify(make.make_pdf(ours, good, { cms: stamped(make.kLoggedAtMs + 3000) }))
    expect(answer.checks.find(({ check }) => check === 'timestamp')?.outcome).toBe('pass')
    const foreign_clock = make_party({ kind: 'p256', name: '别的时间戳', purposes: ['1.3.6.1.5.5.7.3.8'] })
    const foreign = make.make_pdf(ours, good, {
      cms: { timestamp: (signature) => make_timestamp(foreign_clock, signature, make.kLoggedAtMs) },
    })
    expect(verify(foreign).verdict).toBe('genuine')
    expect(verify(foreign).checks.find(({ check }) => check === 'timestamp')?.code).toBe(
      'verify.timestamp_authority_unknown',
    )
    const wrong = make.make_pdf(ours, good, {
      cms: { timestamp: () => make_timestamp(clock, utf8_bytes('another'), make.kLoggedAtMs) },
    })
    expect_forged(wrong, 'timestamp verify.timestamp_wrong')
    const sealed = (token: (signature: Uint8Array) => Uint8Array) => make.make_ofd(ours, good, { timestamp: token })
    const right = verify(sealed((signature) => make_timestamp(clock, signature, make.kLoggedAtMs)))
    expect(right.checks.find(({ check }) => check === 'timestamp')?.outcome).toBe('pass')
    expect_forged(
      sealed(() => utf8_bytes('no token')),
      'timestamp verify.timestamp_wrong',
    )
  })

  it('of another kind need not print all that it says, but what every certificate must show', () => {
    const night = make.make_case(ours, make.make_certificate({ certificate_name: '夜间施工许可证' }))
    const must = [
      'permit_number',
      'holder',
      'works_name',
      'works_address',
      'issuer',
      'issued_on',
      'certificate_identifier',
    ]
    const lines = fields_of(certificate_of(night.certificate))
      .filter(({ key }) => must.includes(key))
      .map(({ value }) => value)
    expect(verify(make.make_pdf(ours, night, { lines })).verdict).toBe('genuine')
    for (const at of lines.keys())
      expect_forged(
        make.make_pdf(ours, night, { lines: lines.filter((_, place) => place !== at) }),
        'page verify.page_differs',
      )
    expect_forged(make.make_pdf(ours, good, { lines }), 'page verify.page_differs')
  })

  it('may be signed with RSA in PDF', () => {
    const rsa = make_party({ kind: 'rsa', name: 'RSA', by: ours.root })
    expect(verify(make.make_pdf(ours, good, { by: rsa }), make.trusting(ours, rsa)).verdict).toBe('genuine')
  })

  it('may be a copy for one purpose, whose own members are signed with it', () => {
    const copy = { number: 3, purpose: '投标', made_for: '示例公司', made_on: '2026-12-04' }
    expect(verify(make.make_json({ ...good, copy }, ours.signer)).verdict).toBe('genuine')
    const other = replaced(make.make_json({ ...good, copy }, ours.signer), '投标', '贷款')
    expect_forged(other, 'signature verify.bytes_changed')
  })
})

describe('a changed file', () => {
  it('JSON: a value that was changed breaks the signature and the commitment', () => {
    expect_forged(
      replaced(json(good), '12 345.67', '22 345.67'),
      'signature verify.bytes_changed',
      'content verify.content_differs',
    )
  })

  it('XML: a value that was changed breaks the digest, a changed digest the signature', () => {
    const xml = make.make_xml(good, ours.signer)
    expect_forged(
      replaced(xml, '<scale_text>12', '<scale_text>22'),
      'signature verify.bytes_changed',
      'content verify.content_differs',
    )
    expect_forged(replaced(xml, '<DigestValue>', '<DigestValue>\n'), 'signature verify.signature_wrong')
  })

  it('PDF: one flipped bit anywhere in what is signed is seen', () => {
    const pdf = make.make_pdf(ours, good)
    const place = index_of_bytes(pdf, latin1_bytes('/MediaBox')) + 14
    expect_forged(flipped(pdf, place), 'signature verify.bytes_changed')
    expect_forged(flipped(pdf, pdf.length - 3), 'signature verify.bytes_changed')
    const in_signature = make.make_pdf(ours, good, { cms: { broken_signature: true } })
    expect_forged(in_signature, 'signature verify.signature_wrong')
  })

  it('PDF: a page added after signing is seen', () => {
    expect_forged(make.with_added_page(make.make_pdf(ours, good)), 'signature verify.added_after_signing')
  })

  it('PDF: a signature that does not name its certificate is none', () => {
    expect_forged(
      make.make_pdf(ours, good, { cms: { without_signing_certificate: true } }),
      'signature verify.signature_wrong',
    )
  })

  it('PDF: something hidden behind the signature in its place is seen', () => {
    const pdf = make.make_pdf(ours, good)
    const end = index_of_bytes(pdf, latin1_bytes('> >>\nendobj\nxref'))
    pdf[end - 2] = 'a'.charCodeAt(0)
    const answer = verify(pdf)
    expect(failures(answer)).toEqual(['signature verify.signature_wrong'])
  })

  it('OFD: a file that was replaced, added or taken away is seen', () => {
    const page = 'Doc_0/Pages/Page_0/Content.xml'
    const changed = make.make_ofd(ours, good, {
      afterwards: (files) => (files[page] = joined(files[page] ?? new Uint8Array(), utf8_bytes(' '))),
    })
    expect_forged(changed, 'seal verify.package_file_changed')
    const added = make.make_ofd(ours, good, { afterwards: (files) => (files['Doc_0/Res/more.png'] = Uint8Array.of(1)) })
    expect_forged(added, 'seal verify.package_file_not_covered')
    const missing = make.make_ofd(ours, good, { afterwards: (files) => delete files['Doc_0/Attachs/certificate.json'] })
    expect(failures(verify(missing))).toEqual(['file verify.file_unreadable'])
  })

  it('OFD: a description that was changed is seen', () => {
    const path = 'Doc_0/Signs/Sign_0/Signature.xml'
    const changed = make.make_ofd(ours, good, {
      afterwards: (files) =>
        (files[path] = replaced(files[path] ?? new Uint8Array(), 'ProviderName="test"', 'ProviderName="best"')),
    })
    expect_forged(changed, 'signature verify.bytes_changed')
  })

  it('OFD: a damaged package is unreadable', () => {
    const ofd = make.make_ofd(ours, good)
    const answer = verify(flipped(ofd, 60))
    expect([answer.verdict, failures(answer)]).toEqual(['cannot_judge', ['file verify.file_unreadable']])
  })
})

describe('a forgery that is signed again', () => {
  it('by a stranger is told by its signer, in every kind of file', () => {
    const changed = { ...good, certificate: make.make_certificate({ project: forged_project }) }
    const codes = ['signer verify.signer_unknown', 'content verify.content_differs']
    expect_forged(json(changed, stranger.signer), ...codes)
    expect_forged(make.make_xml(changed, stranger.signer), ...codes)
    expect_forged(make.make_pdf(ours, changed, { by: stranger.signer }), ...codes)
    expect_forged(make.make_ofd(ours, changed, { signer: stranger.seal_signer, maker: stranger.seal_maker }), ...codes)
  })

  it('by a certificate that was not valid then is told as that', () => {
    const old = ours.former_signer
    expect_forged(json(good, old), 'signer verify.signer_expired')
    expect_forged(make.make_pdf(ours, good, { by: old }), 'signer verify.signer_expired')
  })

  it('by somebody whose certificate was made by a mere signer is a stranger', () => {
    const child = make_party({ kind: 'p256', name: 'child', by: ours.signer })
    const answer = verify(json(good, child), make.trusting(ours, child))
    expect(failures(answer)).toEqual(['signer verify.signer_unknown'])
  })

  it('with certificates beside the way to the root is refused: nothing else protects them', () => {
    const pdf = make.make_pdf(ours, good, { cms: { beside: [stranger.root.certificate] } })
    expect_forged(pdf, 'signature verify.signature_wrong')
    expect(verify(make.make_pdf(ours, good, { cms: { beside: [ours.root.certificate] } })).verdict).toBe('genuine')
  })

  it('by a certificate that is bound to something else is a stranger', () => {
    const usage = (bits: number) => ({ name: '2.5.29.15', is_critical: true, value: [0x03, 0x02, 0x00, bits] })
    const signed_by = (extension: Extension) => {
      const party = make_party({ kind: 'p256', name: 'bound', by: ours.root, extension })
      return failures(verify(json(good, party), make.trusting(ours, party)))
    }
    expect(signed_by(usage(0x20))).toEqual(['signer verify.signer_unknown'])
    expect(signed_by(usage(0x80))).toEqual([])
    const unknown = { name: '1.2.3.4', is_critical: true, value: [0x05, 0x00] }
    expect(signed_by(unknown)).toEqual(['signer verify.signer_unknown'])
    expect(signed_by({ ...unknown, is_critical: false })).toEqual([])
  })

  it('by somebody else whose certificate is of the same authority of certificates is a stranger', () => {
    const other = make_party({ kind: 'p256', name: 'other', by: ours.root })
    const sealer = make_party({ kind: 'sm2', name: 'other', by: ours.seal_root })
    const maker = make_party({ kind: 'sm2', name: 'other', by: ours.seal_root })
    const unknown = 'signer verify.signer_unknown'
    expect_forged(json(good, other), unknown)
    expect_forged(make.make_xml(good, other), unknown)
    expect_forged(make.make_pdf(ours, good, { by: other }), unknown)
    expect_forged(make.make_ofd(ours, good, { signer: sealer, maker }), unknown)
    expect_forged(make.make_ofd(ours, good, { maker }), unknown)
  })

  it('by a key for other purposes than documents is a stranger', () => {
    expect_forged(json(good, ours.clock), 'signer verify.signer_unknown')
    const for_purposes = (...purposes: string[]) => {
      const party = make_party({ kind: 'p256', name: 'purposes', by: ours.root, purposes })
      return failures(verify(json(good, party), make.trusting(ours, party)))
    }
    expect(for_purposes('1.3.6.1.5.5.7.3.2')).toEqual(['signer verify.signer_unknown'])
    expect(for_purposes('1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.4')).toEqual([])
    expect(for_purposes('1.3.6.1.5.5.7.3.36')).toEqual([])
  })

  it('with another algorithm is refused', () => {
    expect_forged(make.make_json({ ...good }, ours.signer, { alg: 'none' }), 'signature verify.signature_wrong')
    expect_forged(make.make_json({ ...good }, ours.signer, { b64: true }), 'signature verify.signature_wrong')
  })

  it('with the seal of somebody else is told by the seal', () => {
    expect_forged(make.make_ofd(ours, good, { maker: stranger.seal_maker }), 'signer verify.signer_unknown')
    expect_forged(make.make_ofd(ours, good, { listed: ours.seal_maker }), 'seal verify.seal_signer_not_listed')
    expect_forged(make.make_ofd(ours, good, { broken_seal: true }), 'seal verify.seal_broken')
    expect_forged(make.make_ofd(ours, good, { valid: [0, Date.UTC(2026, 5, 1)] }), 'seal verify.seal_expired')
  })
})

describe('data that do not fit', () => {
  const by_us = (certificate: JsonObject, options: make.CaseOptions = {}) =>
    json(make.make_case(ours, certificate, options))

  it('the entry of another permit', () => {
    const other = make.make_case(ours, make.make_certificate({ permit_number: '330106202612020102' }))
    expect_forged(
      json({ ...good, evidence: other.evidence }),
      'data verify.entry_differs',
      'content verify.content_differs',
    )
  })

  it('an entry of another kind', () => {
    expect_forged(by_us(make.make_certificate(), { entry: { entry: 'state' } }), 'data verify.entry_differs')
  })

  it('a wrong check character, version or type in the identifier', () => {
    const right = make.make_identifier('330106202612020101', 1)
    const wrong = right.slice(0, -1) + (right.endsWith('0') ? '1' : '0')
    expect_forged(by_us(make.make_certificate({ certificate_identifier: wrong })), 'data verify.identifier_wrong')
    expect_forged(by_us(make.make_certificate({ certificate_version: 2 })), 'data verify.identifier_wrong')
    expect_forged(
      by_us(make.make_certificate({ certificate_type_code: '11100000000013338W010' })),
      'data verify.identifier_wrong',
    )
  })

  it('an authority that is not on the list', () => {
    expect_forged(
      by_us(make.make_certificate({ issuer: { name: '某某局', code: '11330105002500287C' } })),
      'data verify.issuer_unknown',
    )
  })

  it('a content that was not committed to', () => {
    const changed = { ...good, certificate: make.make_certificate({ project: forged_project }) }
    expect_forged(json(changed), 'content verify.content_differs')
    expect_forged(
      json({ ...good, evidence: { ...good.evidence, salt: '00'.repeat(16) } }),
      'content verify.content_differs',
    )
  })

  it('a page that says something else', () => {
    const lines = make.printed_lines(make.make_certificate({ project: forged_project }))
    expect_forged(make.make_pdf(ours, good, { lines }), 'page verify.page_differs')
    expect_forged(make.make_ofd(ours, good, { lines }), 'page verify.page_differs')
    expect(verify(make.make_pdf(ours, good, { lines })).checks.find(({ check }) => check === 'page')?.zh).toContain(
      '建设规模',
    )
  })

  it('missing or malformed data', () => {
    const without_entry = { ...good.evidence }
    delete without_entry.entry
    expect_forged(json({ ...good, evidence: without_entry }), 'data verify.data_missing')
    expect_forged(by_us(make.make_certificate({ issued_on: '2026-02-30' })), 'data verify.data_malformed')
    const without = make.make_pdf(ours, good, { without_metadata: true })
    expect([verify(without).verdict, failures(verify(without))]).toEqual(['not_genuine', ['data verify.data_missing']])
    const attachment = make.make_ofd(ours, good, { without_attachment: true })
    expect([verify(attachment).verdict, failures(verify(attachment))]).toEqual([
      'not_genuine',
      ['data verify.data_missing'],
    ])
  })
})

describe('a log that does not hold it', () => {
  const with_proof = (change: (proof: string) => string | undefined) => {
    const { proof, ...rest } = good.evidence
    const changed = change(String(proof))
    return json({ ...good, evidence: { ...rest, ...(changed === undefined ? {} : { proof: changed }) } })
  }

  it('no proof, or one that cannot be read', () => {
    expect_forged(
      with_proof(() => undefined),
      'proof verify.proof_missing',
    )
    expect_forged(
      with_proof((proof) => proof.replace('@v1', '@v9')),
      'proof verify.proof_malformed',
    )
    expect_forged(
      with_proof((proof) => proof.replace('index 4', 'index 04')),
      'proof verify.proof_malformed',
    )
  })

  it('the proof of another place', () => {
    expect_forged(
      with_proof((proof) => proof.replace('index 4', 'index 5')),
      'proof verify.proof_wrong',
    )
  })

  it('a proof of another log', () => {
    const other = make.make_case(ours, good.certificate, { origin: 'elsewhere.example/permits' })
    expect_forged(json(other), 'checkpoint verify.log_unknown')
  })

  it('a checkpoint that is signed by somebody else', () => {
    const again = make.make_case(ours, good.certificate, { log: stranger.log })
    expect_forged(json(again), 'checkpoint verify.checkpoint_signature_wrong')
    const changed = with_proof((proof) => proof.replace(/\n11\n/, '\n12\n'))
    expect_forged(changed, 'checkpoint verify.checkpoint_signature_wrong')
  })

  it('a known witness whose line does not hold', () => {
    const changed = with_proof((proof) =>
      proof.replace(
        /(— witness\S+ \S{30})(.)/u,
        (_, before: string, one: string) => before + (one === 'A' ? 'B' : 'A'),
      ),
    )
    expect_forged(changed, 'checkpoint verify.checkpoint_signature_wrong')
  })

  it('too few witnesses', () => {
    expect_forged(
      json(make.make_case(ours, good.certificate, { cosigned_at_ms: null })),
      'checkpoint verify.witnesses_missing',
    )
  })

  it('times that cannot be', () => {
    const at = (entry: JsonObject, cosigned_at_ms = make.kLoggedAtMs + 5000) =>
      json(make.make_case(ours, good.certificate, { entry, cosigned_at_ms }))
    expect_forged(at({ logged_at_ms: Date.UTC(2026, 11, 1, 15, 59) }), 'times verify.time_impossible')
    expect_forged(
      at({ logged_at_ms: Date.UTC(2026, 11, 17, 16, 0) }, Date.UTC(2026, 11, 18)),
      'times verify.time_impossible',
    )
    expect(verify(at({ logged_at_ms: Date.UTC(2026, 11, 17, 15, 59) }, Date.UTC(2026, 11, 18))).verdict).toBe('genuine')
    expect_forged(at({ logged_at_ms: make.kLoggedAtMs + 70_000 }), 'times verify.time_impossible')
  })
})

describe('what is none of ours', () => {
  const cannot_judge = (bytes: Uint8Array, ...codes: string[]) => {
    const answer = verify(bytes)
    expect([answer.verdict, ...failures(answer)]).toEqual(['cannot_judge', ...codes])
  }

  it('is not judged', () => {
    cannot_judge(utf8_bytes('hello'), 'file verify.kind_unknown')
    cannot_judge(new Uint8Array(), 'file verify.kind_unknown')
    cannot_judge(utf8_bytes('{"a":1}'), 'file verify.kind_unknown')
    cannot_judge(utf8_bytes('<a/>'), 'file verify.kind_unknown')
    cannot_judge(utf8_bytes('<a'), 'file verify.file_unreadable')
    cannot_judge(utf8_bytes('{"certificate":{},"certificate":{}}'), 'file verify.file_unreadable')
    cannot_judge(new Uint8Array(50_000_001), 'file verify.file_too_large')
  })

  it('is not judged either without evidence and a trusted signature: anybody may print such a page', () => {
    const page = make.make_pdf(ours, good, { unsigned: true, without_metadata: true })
    cannot_judge(page, 'signature verify.signature_missing', 'data verify.data_missing')
    const ofd = make.make_ofd(ours, good, { unsealed: true, without_attachment: true })
    cannot_judge(ofd, 'signature verify.signature_missing', 'data verify.data_missing')
  })

  it('is a forgery when it brings evidence and no signature', () => {
    expect_forged(make.make_pdf(ours, good, { unsigned: true }), 'signature verify.signature_missing')
    expect_forged(make.make_ofd(ours, good, { unsealed: true }), 'signature verify.signature_missing')
    expect_forged(utf8_bytes(canonical_json({ ...good })), 'signature verify.signature_missing')
  })

  it('never breaks the verifier, whatever bit is flipped', () => {
    const each = (bytes: Uint8Array, judge: (answer: Answer, at: number) => void) => {
      for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 25)) judge(verify(flipped(bytes, at)), at)
    }
    for (const bytes of [json(good), make.make_xml(good, ours.signer), make.make_pdf(ours, good)])
      each(bytes, (answer, at) => expect(answer.verdict, `${answer.kind} at ${at}`).not.toBe('genuine'))
    // Times and versions in the directory of a package say nothing about what is in it.
    each(make.make_ofd(ours, good), ({ verdict, certificate }) => {
      if (verdict === 'genuine') expect(certificate).toEqual(good.certificate)
    })
  })

  it('cannot blow up: a stream that unpacks without end stops the reader', () => {
    const bomb = zlibSync(new Uint8Array(61_000_000), { level: 1 })
    const pdf = joined(
      latin1_bytes(
        `%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N 1 /First 10 /Filter /FlateDecode /Length ${bomb.length} >>\nstream\n`,
      ),
      bomb,
      latin1_bytes('\nendstream\nendobj\n'),
    )
    cannot_judge(pdf, 'file verify.file_unreadable')
  })
})

it('answers have one sentence of each language for each check', () => {
  for (const check of verify(json({ ...good, certificate: parse_json('{}') as JsonObject })).checks) {
    expect(check.zh).toMatch(/\p{Script=Han}/u)
    expect(check.en).toMatch(/^[A-Z]/)
  }
})
