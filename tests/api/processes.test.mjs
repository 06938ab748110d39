// Processes that an official owns, over HTTP: what is wrong is named by its element and never published, a change is tried on past
// cases and published by a second person; running cases finish on the old process, new ones take the new one.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { missing, routes } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { complete, fileNight, inboxRows } from './stories.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'

const kPackage = '/process-packages/night-construction'
const kDraft = `${kPackage}/draft`
const kRules = '/rule-packages/night-construction'
const kToday = '2026-11-27'
const kCases = 4

/** A second look between acceptance and decision, done by the section head. */
const kRecheck = `<userTask id="recheck" name="复核"><extensionElements>
  <kaigong:task kind="recheck" department="housing" role="section_head" legalBasis="行政许可法 37"/>
  <kaigong:outcome code="agree" label="同意" tone="primary" consequence="送分管领导。"/></extensionElements>
  <incoming>flow_record_concluded_decide</incoming><outgoing>flow_recheck_decide</outgoing></userTask>
  <sequenceFlow id="flow_recheck_decide" sourceRef="recheck" targetRef="decide"/>`

function withRecheck(bpmn) {
  return bpmn
    .replace(/(id="flow_record_concluded_decide"[^>]*targetRef=)"decide"/, '$1"recheck"')
    .replace('<incoming>flow_record_concluded_decide</incoming>', '<incoming>flow_recheck_decide</incoming>')
    .replace('<userTask id="decide"', `${kRecheck}<userTask id="decide"`)
}

/** Both ways of an exclusive gateway come to a parallel one. */
function joinOfChoices(bpmn) {
  return bpmn
    .replace(/(id="flow_record_concluded_decide"[^>]*targetRef=)"decide"/, '$1"both"')
    .replace(/(id="flow_record_refuse_acceptance_end_not_accepted"[^>]*targetRef=)"end_not_accepted"/, '$1"both"')
    .replace(/<endEvent id="end_not_accepted"[\s\S]*?<\/endEvent>/, '')
    .replace('<flowNodeRef>end_not_accepted</flowNodeRef>', '')
    .replace('<incoming>flow_record_concluded_decide</incoming>', '<incoming>flow_both_decide</incoming>')
    .replace('<userTask id="decide"', `<parallelGateway id="both" name="汇合"><incoming>flow_record_concluded_decide</incoming>
      <incoming>flow_record_refuse_acceptance_end_not_accepted</incoming><outgoing>flow_both_decide</outgoing></parallelGateway>
      <sequenceFlow id="flow_both_decide" sourceRef="both" targetRef="decide"/><userTask id="decide"`)
}

/** [what is done, how, the code that names it, the element it names] */
const kBreaks = [
  ['a condition that is no FEEL', (x) => x.replace('=accept_outcome = "accept"', '=accept_outcome = = "accept"'), /expression/, /acceptance_record_accept/],
  ['a task without department', (x) => x.replace('department="housing"\n            role="deciding_leader"', 'role="deciding_leader"'), /task_malformed/, /^decide$/],
  ['an event that no table has', (x) => x.replace('name="accept" letter', 'name="accept_it" letter'), /event_unknown/, /^record_accept$/],
  ['a letter that the matter lacks', (x) => x.replace('letter="acceptance_notice"', 'letter="thank_you"'), /letter_unknown/, /^record_accept$/],
  ['a job that nobody does', (x) => x.replace('type="certificates.make"', 'type="certificates.paint"'), /job_unknown/, /^make_certificate$/],
  ['an outcome without a way', (x) => x.replace('<kaigong:outcome code="grant"', '<kaigong:outcome code="later" label="以后再说"/><kaigong:outcome code="grant"'), /outcome_without_way/, /^decide$/],
  ['a variable that nobody writes', (x) => x.replaceAll('=decide_outcome', '=decision_outcome'), /variable_unknown/, /^flow_decided/],
  ['a role that nobody has', (x) => x.replace('role="acceptance_officer"', 'role="gate_keeper"'), /role_unknown/, /^accept$/],
  ['an end that is gone', (x) => x.replace(/<endEvent id="end_refused"[\s\S]*?<\/endEvent>/, ''), /./, /end_refused/],
  ['a join that waits for ways of which only one is taken', joinOfChoices, /^bpmn\.join_never_fires$/, /^both$/],
]

describe('processes that an official owns', { skip: missing }, () => {
  let bureau, rules, legal, school

  before(async () => {
    bureau = await Bureau.start({ clockStart: `${kToday}T09:00:00+08:00` })
    rules = await bureau.person('rules')
    legal = await bureau.person('legal')
    school = await bureau.person('school')
    for (let i = 0; i < kCases; i++) await fileNight(school, '330106', i)
  })
  after(() => bureau?.stop())

  const save = (draft, bpmn, note = '') => rules.must('PUT', kDraft, { json: { bpmn, called: draft.called, note }, version: draft.version })
  const errors = async () => (await rules.must('GET', `${kDraft}/check`)).problems.filter((one) => one.severity === 'error')
  const preview = async () => {
    const { preview_id: id } = await rules.must('POST', `${kDraft}/previews`, { key: true })
    const seen = await waitFor('重走完成', async () => {
      const one = await rules.must('GET', `${kPackage}/previews/${id}`)
      return one.state === 'running' ? null : one
    })
    return { ...seen, changes: (await rules.must('GET', `${kPackage}/previews/${id}/changes`)).changes }
  }

  test('others do not reach any of it', async () => {
    const all = routes().routes.filter((route) => route.path.includes('/process-packages'))
    assert.equal(all.length, 16)
    for (const name of ['school', 'clerk', 'leader', 'admin', 'audit']) {
      const person = await bureau.person(name)
      for (const route of all.filter(({ method }) => method === 'GET')) {
        const path = route.path.replace('{matter_code}', 'night-construction').replace('{catalog_version}', 'x').replace('{preview_id}', randomUUID())
        assert.equal((await person.ask('GET', path)).json.reason, 'authz.not_permitted', `${name} ${route.path}`)
      }
    }
  })

  test('what the office has published is without fault', async () => {
    for (const code of ['night-construction', 'construction-permit']) {
      await rules.must('POST', `/process-packages/${code}/draft`, { json: { from_version: null }, key: true })
      const check = await rules.must('GET', `/process-packages/${code}/draft/check`)
      assert.deepEqual(check.problems, [], code)
      assert.equal(check.proof.verdict, 'proven')
      assert.deepEqual(check.difference, [])
      assert.deepEqual(check.blockers.map((one) => one.code), ['nothing_changed'])
    }
  })

  test('what is wrong is kept, named by its element, and not submitted', async () => {
    let draft = await rules.must('GET', kDraft)
    const whole = draft.bpmn
    for (const [what, spoil, code, element] of kBreaks) {
      const spoilt = spoil(whole)
      assert.notEqual(spoilt, whole, what)
      draft = await save(draft, spoilt)
      assert.equal(draft.bpmn, spoilt)
      const found = await errors()
      assert.ok(found.some((one) => code.test(one.code) && element.test(one.element) && one.zh && one.en), `${what}: ${JSON.stringify(found)}`)
      const refused = await rules.ask('POST', `${kDraft}/submission`, { json: { effective_from_on: kToday, note: '' }, key: true, version: draft.version })
      assert.equal(refused.json.reason, 'catalog.draft_has_blockers', what)
    }
    draft = await save(draft, whole)
    assert.equal((await rules.ask('PUT', kDraft, { json: { bpmn: '<a', called: [], note: '' }, version: draft.version })).json.fields[0].reason, 'catalog.process_unreadable')
  })

  test('past cases are walked again on the draft, and each difference is told', async () => {
    const officer = await bureau.person('clerk')
    const leader = await bureau.person('leader')
    for (const row of (await inboxRows(officer, kCases)).slice(0, 3)) assert.equal((await complete(officer, row, 'accept')).status, 200)
    for (const row of (await inboxRows(leader, 3)).slice(0, 1)) assert.equal((await complete(leader, row, 'grant')).status, 200)
    let draft = await rules.must('GET', kDraft)
    const whole = draft.bpmn
    draft = await save(draft, withRecheck(whole))
    assert.deepEqual(await errors(), [])
    const more = await preview()
    assert.equal(more.state, 'done', more.failure)
    assert.equal(more.total, kCases)
    assert.deepEqual(more.by_subject.map(({ subject, count }) => [subject, count]), [['task_added:recheck', 3]])
    draft = await save(draft, whole.replace('<kaigong:outcome code="grant"', '<kaigong:outcome code="permit"').replace('=decide_outcome = "grant"', '=decide_outcome = "permit"'))
    assert.deepEqual(await errors(), [])
    const stuck = await preview()
    assert.deepEqual(stuck.changes.map(({ subject }) => subject), ['stuck'])
    assert.match(stuck.changes[0].after, /没有当时的结果 grant/)
    await save(draft, whole.replace(/department="housing"\n\s*role="deciding_leader"/, 'department="housing"\n role="section_head"'))
    assert.deepEqual((await preview()).by_subject.map(({ subject, after, count }) => [subject, after, count]), [['group:decide', 'housing:section_head', 3]])
  })

  test('of rules and process drafted side by side, what is published second is first put onto the other', async () => {
    let draft = await rules.must('GET', kDraft)
    const base = draft.base_version
    draft = await save(draft, withRecheck((await rules.must('GET', `${kPackage}/versions/${base}`)).bpmn), '加复核')
    const ruleDraft = await rules.must('POST', `${kRules}/draft`, { json: { from_version: null }, key: true })
    const dmn = ruleDraft.dmn.replace(/length\(night\.reason\) &lt; \d+/, 'length(night.reason) &lt; 5')
    const saved = await rules.must('PUT', `${kRules}/draft`, { json: { dmn, tests: ruleDraft.tests.filter((one) => one.rule !== 'N-102'), note: '放宽' }, version: ruleDraft.version })
    const waiting = await rules.must('POST', `${kRules}/draft/submission`, { json: { effective_from_on: kToday, note: '' }, key: true, version: saved.version })
    const published = await legal.must('POST', `${kRules}/draft/publication`, { json: {}, key: true, version: waiting.version })
    const check = await rules.must('GET', `${kDraft}/check`)
    assert.equal(check.outdated_by, published.catalog_version)
    assert.deepEqual(check.blockers.map((one) => one.code), ['base_outdated'])
    const submit = (version) => rules.ask('POST', `${kDraft}/submission`, { json: { effective_from_on: kToday, note: '' }, key: true, version })
    assert.equal((await submit(draft.version)).json.reason, 'catalog.draft_has_blockers')
    const moved = await rules.must('POST', `${kDraft}/rebase`, { key: true, version: draft.version })
    assert.equal(moved.base_version, published.catalog_version)
    assert.equal(moved.bpmn, draft.bpmn)
    assert.equal((await rules.ask('POST', `${kDraft}/rebase`, { key: true, version: moved.version })).json.reason, 'catalog.draft_not_outdated')
    assert.equal((await submit(moved.version)).status, 200)
  })

  test('a second person publishes; a running case finishes on the old process, a new one takes the new one', async () => {
    const waiting = await rules.must('GET', kDraft)
    const publish = (person) => person.ask('POST', `${kDraft}/publication`, { json: {}, key: true, version: waiting.version })
    assert.equal((await publish(rules)).json.reason, 'catalog.same_person')
    const published = await publish(legal)
    assert.equal(published.json.state, 'in_force', published.body.toString())
    const dmn = (await rules.must('GET', `${kRules}/versions/${published.json.catalog_version}`)).dmn
    assert.match(dmn, /length\(night\.reason\) &lt; 5/)
    const officer = await bureau.person('clerk')
    const head = await bureau.person('head')
    const leader = await bureau.person('leader')
    const before = await inboxRows(leader, 2)
    const [old] = await inboxRows(officer, 1)
    assert.equal((await complete(officer, old, 'accept')).status, 200)
    assert.equal((await inboxRows(leader, before.length + 1)).length, before.length + 1)
    await fileNight(school, '330106', 50)
    const [fresh] = await inboxRows(officer, 1)
    assert.equal((await complete(officer, fresh, 'accept')).status, 200)
    const [row] = await inboxRows(head, 1)
    assert.equal(row.step_name, '复核')
    assert.equal((await complete(head, row, 'agree')).status, 200)
    assert.equal((await inboxRows(leader, before.length + 2)).length, before.length + 2)
  })
})
