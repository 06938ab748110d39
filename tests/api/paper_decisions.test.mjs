// 补录 of a decision in another's name: nobody decides by writing another's name down. It waits for him; he confirms
// or denies, and who had a hand in the case before enters nothing.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { complete, fileNight, inboxRows, settled } from './stories.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'

describe('a decision on paper', { skip: missing }, () => {
  let bureau
  const people = {}

  before(async () => {
    bureau = await Bureau.start()
    for (const name of ['school', 'clerk', 'clerk2', 'leader', 'leader2', 'admin']) people[name] = await bureau.person(name)
  })
  after(async () => assert.equal(await bureau?.stop(), 0, 'the server ended with an error'))

  /** A night permit that waits for its decision. */
  async function atDecision(number) {
    const id = await fileNight(people.school, '330106', number)
    const [row] = await inboxRows(people.clerk, 1, (one) => one.application_id === id)
    assert.equal((await complete(people.clerk, row, 'accept')).status, 200)
    const [decision] = await inboxRows(people.leader, 1, (one) => one.application_id === id)
    const { timeline } = await people.leader.must('GET', `/applications/${id}/progress`)
    return { id, task_id: decision.task_id, happened: Math.max(...timeline.map((one) => one.at_ms)) }
  }
  const taskOf = (one, name = 'leader') => people[name].must('GET', `/tasks/${one.task_id}`)
  const idOf = async (one, name) => (await people.clerk2.must('GET', `/tasks/${one.task_id}/paper-act/candidates?query=${encodeURIComponent(name)}`)).candidates[0].account_id
  async function enter(one, name, more = {}) {
    const { version } = await taskOf(one)
    const json = { outcome: 'grant', opinion: '纸面同意', happened_at_ms: one.happened, done_by: await idOf(one, '林局长'), paper_reference: '西住建档 18 号', ...more }
    return people[name].ask('POST', `/tasks/${one.task_id}/paper-act`, { json, key: true, version })
  }
  async function say(one, name, act, json, key = true) {
    const { version } = await taskOf(one)
    return people[name].ask('POST', `/tasks/${one.task_id}/paper-act/${act}`, { json, key, ...(act === 'confirmation' ? { version } : {}) })
  }
  const refused = (reply, status, reason) => assert.deepEqual([reply.status, reply.json.reason], [status, reason], reply.body.toString())
  const kindsOf = async (one, name) => (await people[name].must('GET', `/applications/${one.id}/progress`)).timeline.map((each) => each.kind)
  const waiting = async (name) => (await people[name].must('GET', '/paper-acts')).paper_acts.map((each) => each.proposal_id)

  test('is not entered by who accepted the case', async () => {
    const one = await atDecision(1)
    refused(await enter(one, 'clerk'), 403, 'authz.excluded_by_past_duty')
    const { operations } = await taskOf(one, 'clerk')
    assert.ok(operations.find((each) => each.code === 'enter_paper_act').blocked_because)
    assert.equal((await taskOf(one)).paper_act, null)
  })

  test('has no effect until he who is named confirms it, and then with its true time', async () => {
    const one = await atDecision(2)
    const entered = await enter(one, 'clerk2')
    assert.equal(entered.status, 200, entered.body.toString())
    const { paper_act: proposed } = entered.json
    assert.deepEqual([entered.json.state, entered.json.outcome], ['open', null])
    assert.deepEqual([proposed.proposed_by_me, proposed.done_by_me, proposed.outcome, proposed.opinion, proposed.paper_reference, proposed.happened_at_ms], [true, false, 'grant', '纸面同意', '西住建档 18 号', one.happened])
    refused(await enter(one, 'clerk2'), 409, 'authz.proposal_is_open')
    const { proposal_id } = proposed
    assert.deepEqual(await waiting('leader'), [proposal_id])
    assert.deepEqual(await waiting('leader2'), [])
    assert.equal((await taskOf(one)).paper_act.done_by_me, true)
    assert.ok((await kindsOf(one, 'leader')).includes('paper_act_proposed'))

    refused(await say(one, 'clerk2', 'confirmation', { proposal_id }), 403, 'authz.second_person_needed')
    refused(await say(one, 'leader2', 'confirmation', { proposal_id }), 403, 'approval.paper_act_not_yours')
    refused(await say(one, 'leader2', 'denial', { proposal_id, reason: '不是我的' }), 403, 'approval.paper_act_not_yours')
    refused(await say(one, 'leader', 'confirmation', { proposal_id: randomUUID() }), 404, 'authz.proposal_not_found')
    refused(await say(one, 'leader', 'withdrawal', { proposal_id }), 404, 'authz.proposal_not_found')
    assert.equal((await taskOf(one)).state, 'open')

    const key = randomUUID()
    const { version } = await taskOf(one)
    const confirm = () => people.leader.ask('POST', `/tasks/${one.task_id}/paper-act/confirmation`, { json: { proposal_id }, key, version })
    const confirmed = await confirm()
    assert.equal(confirmed.status, 200, confirmed.body.toString())
    assert.deepEqual([confirmed.json.state, confirmed.json.outcome, confirmed.json.completed_at_ms, confirmed.json.paper_act], ['completed', 'grant', one.happened, null])
    assert.match(confirmed.json.actor_name, /林局长/)
    assert.deepEqual((await confirm()).json, confirmed.json)
    assert.deepEqual(confirmed.json.acts.map((each) => each.act).slice(-3), ['propose_paper_act', 'complete', 'confirm_paper_act'])
    refused(await say(one, 'leader', 'confirmation', { proposal_id }), 409, 'authz.proposal_settled')
    assert.deepEqual(await waiting('leader'), [])
    const { timeline } = await people.leader.must('GET', `/applications/${one.id}/progress`)
    assert.match(timeline.find((each) => each.kind === 'paper_act_entered').detail, /^由周窗口.*录入，林局长.*确认；纸质文件：西住建档 18 号$/)
    const { entries } = await people.leader.must('GET', `/applications/${one.id}/audit?limit=50`)
    const acts = entries.map((each) => each.act)
    for (const act of ['approval.propose_paper_act', 'approval.confirm_paper_act']) assert.ok(acts.includes(act), act)
    assert.ok((await kindsOf(one, 'school')).every((kind) => !kind.startsWith('paper_act')), 'the applicant reads who entered it')
    await waitFor('许可证编号', async () => (await people.school.must('GET', `/applications/${one.id}/progress`)).permit_number, { deadlineMs: 60_000 })
  })

  test('is denied with a reason, or taken back, and nothing came of it', async () => {
    const one = await atDecision(3)
    let { proposal_id } = (await enter(one, 'clerk2')).json.paper_act
    assert.equal((await say(one, 'leader', 'denial', { proposal_id, reason: '' })).status, 422)
    const denied = await say(one, 'leader', 'denial', { proposal_id, reason: '我没有作出这个决定' })
    assert.deepEqual([denied.status, denied.json.state, denied.json.paper_act], [200, 'open', null])
    const last = denied.json.acts.at(-1)
    assert.deepEqual([last.act, last.reason], ['deny_paper_act', '我没有作出这个决定'])
    refused(await say(one, 'leader', 'denial', { proposal_id, reason: '再说一次' }), 409, 'authz.proposal_settled')
    assert.ok((await kindsOf(one, 'clerk2')).includes('paper_act_denied'))

    ;({ proposal_id } = (await enter(one, 'clerk2')).json.paper_act)
    assert.equal((await say(one, 'clerk2', 'withdrawal', { proposal_id })).status, 200)
    refused(await say(one, 'clerk2', 'withdrawal', { proposal_id }), 409, 'authz.proposal_settled')
    refused(await say(one, 'leader', 'confirmation', { proposal_id }), 409, 'authz.proposal_settled')
    assert.equal((await taskOf(one)).paper_act, null)
  })

  test('is void when the task has been done meanwhile', async () => {
    const one = await atDecision(4)
    const { proposal_id } = (await enter(one, 'clerk2')).json.paper_act
    assert.equal((await complete(people.leader, await taskOf(one), 'refuse')).status, 200)
    const void_now = await say(one, 'leader', 'confirmation', { proposal_id })
    refused(void_now, 409, 'approval.paper_act_void')
    assert.match(void_now.json.detail, /由林局长.*办结/)
    assert.deepEqual(await waiting('leader'), [])
    await settled(people.leader, { id: one.id }).catch(() => null)
    assert.equal((await say(one, 'leader', 'denial', { proposal_id, reason: '已另行决定' })).status, 200)
  })

  test('is not entered in the name of somebody whose account is blocked', async () => {
    const one = await atDecision(5)
    const done_by = await idOf(one, '蒋副局长')
    const person = await people.admin.must('GET', `/admin/accounts/${done_by}`)
    await people.admin.must('POST', `/admin/accounts/${done_by}/blocking`, { json: { reason: '调离' }, version: person.version })
    const reply = await enter(one, 'clerk2', { done_by })
    assert.equal(reply.status, 422, reply.body.toString())
    assert.deepEqual(reply.json.fields.map((each) => each.field), ['done_by'])
    assert.equal((await taskOf(one)).paper_act, null)
  })
})
