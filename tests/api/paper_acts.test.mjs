// 补录 over the API: who may enter what was decided on paper, for whom, with which time; that a request repeated changes
// nothing, and that page, timeline and audit tell it alike.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { inboxRows, packageOf, playUntil } from './stories.mjs'

describe('an act on paper', { skip: missing }, () => {
  let bureau, unwatch, open, task, happened
  const people = {}

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    open = await playUntil(bureau, packageOf('school'), 'review')
    for (const name of ['fire', 'fire2', 'fire_head', 'head', 'school']) people[name] = await bureau.person(name)
    const [row] = await inboxRows(people.fire, 1, (one) => one.application_id === open.id)
    task = await people.fire.must('GET', `/tasks/${row.task_id}`)
    const { timeline } = await people.fire.must('GET', `/applications/${open.id}/progress`)
    happened = Math.max(...timeline.map((one) => one.at_ms))
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const candidates = async (name) => (await people[name].must('GET', `/tasks/${task.task_id}/paper-act/candidates`)).candidates
  const idOf = async (wanted) => (await candidates('fire_head')).find((one) => one.name === wanted).account_id
  const body = async (more = {}) => ({ outcome: 'agree', opinion: '纸面审查合格', happened_at_ms: happened, done_by: await idOf('赵消防'), paper_reference: '西消档〔2026〕18 号', ...more })
  const enter = (name, json, key = true, version = task.version) => people[name].ask('POST', `/tasks/${task.task_id}/paper-act`, { json, key, version })
  const refused = async (status, reason, name, json) => {
    const reply = await enter(name, json)
    assert.deepEqual([reply.status, reply.json.reason], [status, reason], reply.body.toString('utf8'))
  }

  test('is offered to who leads the department, for those who may have done it', async () => {
    const shown = await people.fire_head.must('GET', `/tasks/${task.task_id}`)
    assert.ok(shown.operations.some((one) => one.code === 'enter_paper_act' && one.blocked_because === null))
    const list = await candidates('fire_head')
    assert.equal(list.find((one) => one.name === '赵消防').excluded_because, null)
    assert.ok(list.some((one) => one.excluded_because), 'nobody of the department is excluded')
    assert.equal((await people.school.ask('GET', `/tasks/${task.task_id}/paper-act/candidates`)).status, 403)
  })

  test('is refused of others, for others, and for times that can not be', async () => {
    const other = (await candidates('fire_head')).find((one) => one.excluded_because)
    await refused(403, 'authz.outside_scope', 'fire2', await body())
    assert.ok([403, 404].includes((await enter('head', await body())).status))
    await refused(422, 'approval.person_not_suitable', 'fire_head', await body({ done_by: other.account_id }))
    await refused(422, 'approval.person_unknown', 'fire_head', await body({ done_by: randomUUID() }))
    await refused(422, 'approval.paper_act_in_future', 'fire_head', await body({ happened_at_ms: happened + 400 * 86_400_000 }))
    await refused(422, 'approval.paper_act_too_early', 'fire_head', await body({ happened_at_ms: task.created_at_ms - 1 }))
    assert.equal((await enter('fire_head', await body({ paper_reference: '' }))).status, 422)
    assert.equal((await enter('fire_head', await body(), true, task.version + 7)).status, 412)
  })

  test('is entered once, with its time, and everybody reads who did it and who entered it', async () => {
    const key = randomUUID()
    const asked = await body()
    const first = await enter('fire_head', asked, key)
    assert.equal(first.status, 200, first.body.toString('utf8'))
    assert.deepEqual((await enter('fire_head', asked, key)).json, first.json)
    assert.equal((await enter('fire_head', { ...asked, opinion: '另一句' }, key)).status, 409)
    await refused(409, 'approval.task_not_open', 'fire_head', asked)
    assert.equal(first.json.completed_at_ms, happened)
    assert.match(first.json.actor_name, /赵消防/)
    assert.deepEqual(first.json.acts.map((one) => one.act).slice(-2), ['complete', 'enter_paper_act'])
    assert.match(first.json.acts.at(-1).from_name, /赵消防/)
    assert.equal(first.json.acts.at(-1).reason, '西消档〔2026〕18 号')
    const { timeline } = await people.fire.must('GET', `/applications/${open.id}/progress`)
    const told = timeline.find((one) => one.kind === 'paper_act_entered')
    assert.match(told.title, /^补录：.*赵消防.*于.*在纸面办理$/)
    assert.match(told.detail, /录入；纸质文件：西消档〔2026〕18 号$/)
    const { entries } = await people.fire.must('GET', `/applications/${open.id}/audit?limit=50`)
    const [entered] = entries.filter((one) => one.act === 'approval.enter_paper_act')
    assert.ok(entered.at_ms >= happened)
    const ofApplicant = await people.school.must('GET', `/applications/${open.id}/progress`)
    assert.ok(!ofApplicant.timeline.some((one) => one.kind === 'paper_act_entered'), 'the applicant reads who entered it')
  })
})
