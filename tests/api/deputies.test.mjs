// 代理 over the API: who names whom, what the deputy's list and the record say, and that nothing stays behind.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { complete, inboxRows, packageOf, playUntil } from './stories.mjs'
import { officeDate } from '../../tools/demo/clock.mjs'

const kNames = ['housing', 'housing2', 'housing3', 'fire', 'fire2', 'fire_head', 'head', 'leader', 'leader2', 'clerk', 'school', 'rules', 'housing_gongshu', 'head_gongshu']

describe('a deputy', { skip: missing }, () => {
  let bureau, unwatch, open, today, tomorrow
  const people = {}

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    open = await playUntil(bureau, packageOf('school'), 'review')
    for (const name of kNames) people[name] = await bureau.person(name)
    const { now_ms } = await people.housing.must('GET', '/demo/clock')
    today = officeDate(now_ms)
    tomorrow = officeDate(now_ms + 86_400_000)
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const idOf = (name) => people[name].session.account.account_id
  const rowsOf = async (name, view = 'todo') => (await people[name].must('GET', `/inbox?view=${view}`)).rows.filter((row) => row.application_id === open.id)
  const wish = (deputy, more = {}) => ({ deputy: idOf(deputy), from_on: today, through_on: tomorrow, reason: '外出培训', ...more })
  const name = (by, json, key = true) => people[by].ask('POST', '/deputyships', { json, key })
  const end = (by, one, reason = '提前回来') => people[by].ask('POST', `/deputyships/${one.deputyship_id}/ending`, { json: { reason }, key: true, version: one.version })
  const named = async (by, json) => {
    const reply = await name(by, json)
    assert.equal(reply.status, 201, reply.body.toString('utf8'))
    return reply.json
  }

  test('is named by whoever is away or leads his department or the authority, and by nobody else', async () => {
    const expected = [
      ['housing3', 'housing', 'housing2', 403, 'authz.outside_scope'],
      ['fire_head', 'housing', 'housing2', 403, 'authz.outside_scope'],
      ['head_gongshu', 'housing', 'housing2', 404, 'approval.not_found'],
      ['school', 'housing', 'housing2', 403, 'authz.not_permitted'],
      ['rules', 'housing', 'housing2', 403, 'authz.not_permitted'],
      ['head', 'leader', 'leader2', 403, 'approval.deputy_of_superior'],
      ['head', 'housing', 'head', 422, 'approval.deputy_names_himself'],
      ['housing', 'housing', 'fire', 422, 'approval.deputy_not_suitable'],
      ['housing', 'housing', 'housing_gongshu', 422, 'approval.deputy_not_suitable'],
      ['housing', 'housing', 'clerk', 422, 'approval.deputy_not_suitable'],
      ['housing', 'housing', 'school', 422, 'approval.person_unknown'],
      ['leader', 'leader', 'housing', 422, 'approval.deputy_not_suitable'],
      ['housing', 'housing', 'housing2', 201],
      ['head', 'housing', 'housing2', 201],
      ['leader', 'fire', 'fire_head', 201],
      ['leader2', 'leader', 'head', 201],
    ]
    for (const [by, absent, deputy, status, reason] of expected) {
      const reply = await name(by, wish(deputy, { absent: by === absent ? null : idOf(absent) }))
      assert.deepEqual([reply.status, reply.json.reason === '外出培训' ? undefined : reply.json.reason], [status, reason], `${by} for ${absent}: ${reply.body}`)
      if (status === 201) assert.equal((await end(by, reply.json)).status, 200)
    }
  })

  test('is offered where he is suitable, with the reason where he is not', async () => {
    const { candidates } = await people.housing.must('GET', '/deputyships/candidates?of=deputy')
    assert.match(candidates.find((one) => one.name === '李窗口').excluded_because, /岗位/)
    assert.equal(candidates.find((one) => one.name === '孙住建').excluded_because, null)
    const absent = (await people.head.must('GET', '/deputyships/candidates?of=absent')).candidates
    assert.equal(absent.find((one) => one.name === '王住建').excluded_because, null)
    assert.match(absent.find((one) => one.name === '林局长').excluded_because, /分管领导/)
    assert.equal((await people.housing3.ask('GET', `/deputyships/candidates?of=deputy&absent=${idOf('housing')}`)).status, 403)
  })

  test('named twice by one request is named once, and two spans of one person never overlap', async () => {
    const key = randomUUID()
    const first = await name('housing', wish('housing2'), key)
    assert.equal(first.status, 201)
    assert.deepEqual((await name('housing', wish('housing2'), key)).json, first.json)
    assert.equal((await name('housing', wish('housing3'), key)).status, 409)
    assert.equal((await name('head', wish('housing3', { absent: idOf('housing') }))).json.reason, 'approval.deputyship_overlaps')
    const stale = await end('housing', { ...first.json, version: 7 })
    assert.deepEqual([stale.status, stale.json.reason], [412, 'db.version_is_stale'])
    const ended = await end('housing', first.json)
    assert.equal(ended.json.state, 'ended')
    assert.equal((await end('housing', ended.json)).json.reason, 'approval.deputyship_over')
    for (const [list, whose] of [['housing', 'mine'], ['housing2', 'mine'], ['head', 'department'], ['leader', 'department']]) {
      const { deputyships } = await people[list].must('GET', `/deputyships?whose=${whose}`)
      assert.ok(deputyships.some((one) => one.deputyship_id === ended.json.deputyship_id), `${list} ${whose}`)
    }
    for (const other of ['housing3', 'fire_head', 'head_gongshu', 'housing_gongshu']) {
      const { deputyships } = await people[other].must('GET', '/deputyships?whose=department')
      assert.ok(!deputyships.some((one) => one.deputyship_id === ended.json.deputyship_id), other)
    }
  })

  test('does what the absent officer holds, and the record says for whom', async () => {
    const [free] = await rowsOf('housing')
    await people.housing.must('POST', `/tasks/${free.task_id}/claim`, { version: free.version })
    assert.deepEqual(await rowsOf('housing2'), [])
    await named('housing', wish('housing2'))
    const [row] = await rowsOf('housing2')
    assert.deepEqual([row.instead_of, row.assigned_to_me], ['王住建', true])
    assert.deepEqual((await rowsOf('housing2', 'mine')).map((one) => one.task_id), [row.task_id])
    assert.deepEqual(await rowsOf('housing3'), [])
    const task = await people.housing2.must('GET', `/tasks/${row.task_id}`)
    assert.equal(task.instead_of, '王住建')
    assert.ok(task.operations.some((one) => one.code === 'transfer' && !one.blocked_because))
    assert.equal((await complete(people.housing3, row, 'agree')).json.reason, 'approval.task_held_by_other')
    const done = await complete(people.housing2, row, 'agree')
    assert.equal(done.status, 200, done.body.toString('utf8'))
    assert.equal(done.json.actor_name, '孙住建（代王住建）')
    assert.match(done.json.assignee_name, /王住建/)
    assert.equal(done.json.acts.at(-1).instead_of, '王住建')
    const { timeline } = await people.head.must('GET', `/applications/${open.id}/progress`)
    assert.ok(timeline.some((one) => one.kind === 'task_completed' && one.actor === '孙住建（代王住建）'))
    const { entries } = await people.head.must('GET', `/applications/${open.id}/audit`)
    assert.ok(entries.some((one) => one.act === 'approval.complete_task' && one.actor_name === '孙住建（代王住建）'))
    assert.ok((await rowsOf('housing2', 'done')).some((one) => one.task_id === row.task_id))
  })

  test('begins and ends a special procedure in the place of who judges the item, and leads in nobody’s place', async () => {
    const [free] = await rowsOf('fire')
    await people.fire.must('POST', `/tasks/${free.task_id}/claim`, { version: free.version })
    const of = (path) => `/applications/${open.id}/${path}`
    const json = { item: 'fire', procedure_kind: 'expert_review', reason: '高度超限', working_days: 10 }
    const begin = (name, key = true) => people[name].ask('POST', of('special-procedures'), { json, key })
    const offered = async (name) => (await people[name].must('GET', of('episodes'))).operations.map((one) => `${one.code} ${one.subject ?? ''}`.trim())
    assert.deepEqual([(await begin('fire2')).json.reason, await offered('fire2')], ['approval.not_your_item', []])
    const deputyship = await named('fire', wish('fire2'))
    assert.deepEqual(await offered('fire2'), ['start_special_procedure fire'])
    const key = randomUUID()
    for (const time of ['first', 'again']) assert.equal((await begin('fire2', key)).status, 200, time)
    const { episodes } = await people.head.must('GET', of('progress'))
    assert.deepEqual(episodes.map((one) => one.kind), ['special_procedure'])
    assert.match(episodes[0].begun_by, /（代/)
    assert.deepEqual(await offered('fire2'), ['end_special_procedure fire'])
    assert.equal((await people.fire2.ask('POST', of('hold'), { json: { ground: 'court', reason: '裁定' }, key: true })).status, 403)
    assert.equal((await people.fire2.ask('POST', of('special-procedures/end'), { json: { item: 'fire', result: '专家组同意' }, key: true })).status, 200)
    const task = (await people.fire.must('GET', of('tasks'))).tasks.find((one) => one.task_id === free.task_id)
    assert.deepEqual(task.acts.filter((one) => one.instead_of).map((one) => one.act), ['start_special_procedure', 'end_special_procedure'])
    assert.equal((await end('fire', deputyship)).status, 200)
    assert.equal((await begin('fire2')).json.reason, 'approval.not_your_item')
    const head = await named('head', wish('housing3'))
    assert.deepEqual(await offered('housing3'), [])
    assert.equal((await people.housing3.ask('POST', of('hold'), { json: { ground: 'court', reason: '裁定' }, key: true })).status, 403)
    assert.equal((await end('head', head)).status, 200)
  })

  test('leaves nothing in his list when it is over', async () => {
    await complete(people.fire, (await rowsOf('fire'))[0], 'agree')
    const head = await named('head', wish('housing3'))
    const night = await people.housing3.must('GET', '/inbox')
    assert.ok(night.counts.todo >= 0)
    assert.equal((await end('head', head)).status, 200)
    assert.deepEqual((await rowsOf('housing3')).filter((row) => row.instead_of), [])
    await people.housing.must('POST', '/demo/clock', { json: { advance_to_ms: Date.parse(`${tomorrow}T23:59:50+08:00`) + 86_400_000 } })
    const { deputyships } = await people.housing.must('GET', '/deputyships')
    assert.ok(deputyships.every((one) => one.state === 'over' || one.state === 'ended'))
  })

  test('acts in the post of a section head on the tasks that wait for him, and not on his other rights', async () => {
    const { now_ms } = await people.housing.must('GET', '/demo/clock')
    const on = officeDate(now_ms)
    await named('head', wish('housing3', { from_on: on, through_on: on }))
    for (const name of ['civil_defence', 'planning', 'quality']) {
      const officer = await bureau.person(name)
      const [row] = await inboxRows(officer, 1, (one) => one.application_id === open.id)
      assert.equal((await complete(officer, row, 'agree')).status, 200, name)
    }
    const [row] = await inboxRows(people.housing3, 1, (one) => one.application_id === open.id)
    assert.deepEqual([row.kind, row.instead_of, row.assignee_name], ['recheck', '陈科长', null])
    // 孙住建 reviewed in this case, 吴住建 did not.
    const claimed = await people.housing3.must('POST', `/tasks/${row.task_id}/claim`, { version: row.version })
    assert.match(claimed.assignee_name, /陈科长/)
    assert.equal(claimed.operations.find((one) => one.code === 'assign'), undefined)
    assert.equal((await people.housing3.ask('POST', `/tasks/${row.task_id}/urging`, { json: { note: '请快' }, key: true, version: claimed.version })).status, 403)
    const [heads] = await rowsOf('head')
    assert.equal(heads.assigned_to_me, true)
  })
})
