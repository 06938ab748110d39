import assert from 'node:assert/strict'
import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { FakeBureau } from './fake_bureau.mjs'
import { readPackage, WrongPackage } from './package_reader.mjs'
import { Player } from './player.mjs'
import { patience } from './waiting.mjs'

Object.assign(patience, { mustMs: 3_000, lateMs: 300 })

const kItems = ['housing', 'fire']
const check = { actor: kItems, act: 'check', input: { outcome: 'complete' }, after: { hours: 2 } }
const accept = { actor: 'clerk', act: 'accept', input: { opinion: '受理' }, after: { working_days: 1, at: '10:00' } }
const toGrant = [
  { actor: kItems, act: 'review', input: { outcome: 'agree' } },
  { actor: 'head', act: 'recheck' },
  { actor: 'leader', act: 'decide', input: { outcome: 'grant' } },
  { actor: 'certificates', act: 'deliver' },
]
const kForm = { application: { region_code: '330106' }, works: { works_name: '样例工程', works_category: '01' }, agent: { phone: '13800000000' }, declarations: { truth: true } }

function makePackage(changes = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'kaigong-case-'))
  mkdirSync(join(folder, 'papers'))
  writeFileSync(join(folder, 'papers', 'contract.pdf'), '%PDF-1.7')
  const pack = {
    title: '样例', clock_start: '2026-11-24T09:00:00+08:00', matter_code: 'construction-permit', account: 'school', form: kForm, commitments: ['M-29'],
    materials: [{ material_code: 'M-21', file: 'papers/contract.pdf', file_name: '施工合同.pdf' }],
    steps: [{ actor: 'school', act: 'submit' }, check, accept, ...toGrant],
    expect: { findings: [], outcome: 'issued', letters: ['materials_receipt', 'acceptance_notice', 'grant_decision'], permit_number_pattern: '^330106[0-9]{8}01[0-9]{2}$', states: ['draft', 'submitted', 'accepted', 'awaiting_decision', 'granted'] },
    ...changes,
  }
  writeFileSync(join(folder, 'case.json'), JSON.stringify(pack))
  return folder
}

async function play(folder, options = {}) {
  const bureau = new FakeBureau({ items: kItems, ...options })
  const url = await bureau.start()
  const out = mkdtempSync(join(tmpdir(), 'kaigong-out-'))
  try {
    return { bureau, out, files: () => readdirSync(out), result: await new Player({ url, folder: out }).play(readPackage(folder)) }
  } finally {
    await bureau.stop()
    rmSync(folder, { recursive: true })
  }
}

test('a package that goes well is ok and leaves its letters and its certificate', async () => {
  const { result, files, bureau } = await play(makePackage())
  assert.deepEqual(result.differences, [])
  assert.ok(result.ok)
  assert.equal(result.outcome, 'issued')
  assert.match(result.permit_number, /^330106/)
  assert.match(result.verify_url, new RegExp(`/permits/${result.permit_number}$`))
  assert.deepEqual(files(), ['01-materials_receipt.pdf', '02-acceptance_notice.pdf', '03-grant_decision.pdf', `certificate-${result.permit_number}.pdf`])
  assert.equal(result.steps.length, 7)
  assert.ok(bureau.requests.filter((r) => r === 'POST /session').length > 7, 'sessions end when the clock leaps and the persons sign in again')
})

test('a finding nobody expected is a difference', async () => {
  const { result } = await play(makePackage(), { findings: () => [{ rule: 'R-201', outcome: 'fail', severity: 'block', fields: ['participants[0].credit_code'], legal_basis: 'GB 32100', message: '代码不正确' }] })
  assert.ok(!result.ok)
  assert.equal(result.differences.length, 1)
  assert.match(result.differences[0], /R-201/)
  assert.deepEqual(result.findings, [{ rule: 'R-201', severity: 'block', outcome: 'fail', field: 'participants[0].credit_code', legal_basis: 'GB 32100' }])
})

test('an expected finding that does not come, and a rule that was checked after all, are differences', async () => {
  const expect = { findings: [{ rule: 'R-102', outcome: 'fail' }], unchecked_at_least: ['R-504'], outcome: 'issued' }
  const { result } = await play(makePackage({ expect }))
  assert.equal(result.differences.length, 2)
})

test('an outcome in a list of allowed ones is no difference', async () => {
  const expect = { findings: [{ rule: 'R-121', outcome: ['fail', 'unchecked', 'pass'] }], outcome: 'issued' }
  assert.deepEqual((await play(makePackage({ expect }))).result.differences, [])
})

test('points of two departments come back as one correction whose answers go to each point', async () => {
  const steps = [
    { actor: 'school', act: 'submit' },
    { actor: 'housing', act: 'check', input: { outcome: 'points', points: [{ field: 'works.works_name', what: '名称', how_to_mend: '改', legal_basis: '办法 6' }] } },
    { actor: 'fire', act: 'check', input: { outcome: 'points', points: [{ material_code: 'M-33', what: '缺', how_to_mend: '补', legal_basis: '消防法 11' }] } },
    { actor: 'clerk', act: 'request_correction', then: { turn: 'applicant' } },
    { actor: 'school', act: 'resubmit', input: { changes: { 'works.works_name': '样例二期工程' }, answers: [{ about: 'works.works_name', answer: '已改' }, { about: 'M-33', answer: '已补' }] } },
    ...toGrant,
  ]
  const expect = { findings: [], rounds: [{ round: 1, findings: [{ rule: 'R-407', outcome: 'fail' }] }], correction_points: 2, outcome: 'issued', letters: ['materials_receipt', 'correction_notice', 'materials_receipt', 'acceptance_notice', 'grant_decision'] }
  const findings = (form) => (form.works?.works_name === '样例工程' ? [{ rule: 'R-407', outcome: 'fail' }] : [])
  assert.deepEqual((await play(makePackage({ steps, expect }), { findings })).result.differences, [])
})

test('a point without a prepared answer stops the play and is named', async () => {
  const steps = [
    { actor: 'school', act: 'submit' },
    { actor: 'housing', act: 'check', input: { outcome: 'points', points: [{ field: 'works.works_name', what: '名称不对', how_to_mend: '改', legal_basis: '办法 6' }] } },
    { actor: 'fire', act: 'check' },
    { actor: 'clerk', act: 'request_correction' },
    { actor: 'school', act: 'resubmit', input: { answers: [] } },
  ]
  const { result } = await play(makePackage({ steps }))
  assert.ok(result.differences.some((d) => d.includes('works.works_name') && d.includes('名称不对')))
})

test('an outcome that the task does not offer is refused with the ones it offers', async () => {
  const steps = [{ actor: 'school', act: 'submit' }, { actor: 'housing', act: 'check', input: { outcome: 'perfect' } }]
  const { result } = await play(makePackage({ steps, expect: { outcome: 'issued' } }))
  assert.ok(result.differences.some((d) => d.includes('perfect') && d.includes('complete')))
})

test('nobody acts and the application is accepted by default when the clock passes the day', async () => {
  const form = { ...kForm, fake_default_at: '2026-12-02T00:00:00+08:00' }
  const steps = [{ actor: 'school', act: 'submit' }, { act: 'wait', after: { on: '2026-12-01', at: '17:00' }, then: { state: 'submitted' } }, { act: 'wait', after: { on: '2026-12-02', at: '00:05' }, input: { until: { state: 'accepted' } } }, ...toGrant]
  assert.deepEqual((await play(makePackage({ form, steps }))).result.differences, [])
})

test('a withdrawal ends the application, and what a step says afterwards is compared', async () => {
  const steps = [{ actor: 'school', act: 'submit' }, check, accept, { actor: 'school', act: 'withdraw', input: { reason: '方案调整' } }, { actor: 'clerk', act: 'confirm_withdrawal', then: { state: 'accepted' } }]
  const { result } = await play(makePackage({ steps, expect: { outcome: 'withdrawn', letters: ['materials_receipt', 'acceptance_notice', 'withdrawal_confirmation'] } }))
  assert.equal(result.differences.length, 1)
  assert.match(result.differences[0], /state 应为 accepted，实际是 withdrawn/)
})

test('a second application of the same package has its own form and its own expectation', async () => {
  const more_applications = { first_half: { changes: { 'works.works_name': '样例一期工程' }, materials: [] } }
  const steps = [
    { actor: 'school', act: 'submit', application: 'first_half' },
    { ...check, application: 'first_half' },
    { actor: 'clerk', act: 'no_permit_needed', application: 'first_half', input: { opinion: '限额以下' } },
    { actor: 'school', act: 'submit' }, check, accept, ...toGrant,
  ]
  const expect = { outcome: 'issued', more_applications: { first_half: { outcome: 'not_needed', letters: ['materials_receipt', 'no_permit_needed_notice'] } } }
  const { result, files } = await play(makePackage({ more_applications, steps, expect }))
  assert.deepEqual(result.differences, [])
  assert.ok(files().includes('first_half-02-no_permit_needed_notice.pdf'))
})

test('a file that comes back under another name is a difference', async () => {
  const { result } = await play(makePackage(), { faults: { loses_names: true } })
  assert.match(result.differences.join(), /施工合同\.pdf/)
})

test('a personal value on the public page is a difference', async () => {
  const { result } = await play(makePackage(), { faults: { leaks: true } })
  assert.match(result.differences.join(), /13800000000/)
})

test('a bureau that is busy for a moment is asked again', async () => {
  const { result } = await play(makePackage(), { faults: { busy: 1 } })
  assert.deepEqual(result.differences, [])
})

test('news that arrive late are waited for', async () => {
  const { result } = await play(makePackage(), { faults: { late: 3 } })
  assert.deepEqual(result.differences, [])
})

test('an incident stops the play and is named', async () => {
  const { result } = await play(makePackage(), { faults: { incident: true } })
  assert.match(result.differences[0], /证照制作失败/)
})

test('a clock that is later than the package is refused before anything is sent', async () => {
  const bureau = new FakeBureau({ nowMs: Date.parse('2026-11-25T09:00:00+08:00') })
  const url = await bureau.start()
  await assert.rejects(new Player({ url, folder: tmpdir() }).play(readPackage(makePackage())), (error) => error.refused && /2026-11-25/.test(error.message))
  assert.deepEqual(bureau.requests, ['GET /demo/clock'])
  await bureau.stop()
})

test('all mistakes of a package are named at once', () => {
  const folder = makePackage({ clock_start: '24 November', steps: [{ actor: 'school', act: 'dance', after: { weeks: 1 } }], materials: [{ material_code: 'M-21', file: 'papers/none.pdf' }] })
  assert.throws(() => readPackage(folder), (error) => error instanceof WrongPackage && ['clock_start', 'dance', 'weeks', 'none.pdf', 'file_name'].every((word) => error.message.includes(word)))
})

test('every shipped package is well formed', () => {
  const cases = new URL('../../catalog/construction-permit/cases/', import.meta.url).pathname
  for (const name of readdirSync(cases)) {
    const pack = readPackage(join(cases, name))
    assert.ok(pack.materials.length > 0, name)
    assert.ok(!readFileSync(join(cases, name, 'case.json'), 'utf8').includes('\t'), name)
  }
})

test('the firms of the package confirm their rows, each under its own account; who is not named and who can not be invited does not', async () => {
  const participants = [
    { role: 'owner', credit_code: 'A' },
    { role: 'designer', credit_code: 'B' },
    { role: 'surveyor', credit_code: 'C' },
    { role: 'main_contractor', credit_code: 'wrong' },
  ]
  const confirmed_by = { designer: 'designer', main_contractor: 'builder' }
  const { result, bureau } = await play(makePackage({ form: { ...kForm, participants }, confirmed_by }), { faults: { malformed_code: 'wrong' } })
  assert.deepEqual(result.differences, [])
  assert.deepEqual([...bureau.parts.values()].map((one) => [one.credit_code, one.standing, one.by]), [['B', 'confirmed', 'designer']])
  assert.throws(() => readPackage(makePackage({ confirmed_by: { designer: 'designer' } })), (wrong) => wrong instanceof WrongPackage && /no participant has this role/.test(wrong.message))
})
