// 督办台 over the API: load and lateness, 责任追溯, 督办单 and its answer, warnings, and the self-check, as each role sees them.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { inboxRows, packageOf, playUntil } from './stories.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { DemoClock } from '../../tools/demo/clock.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'

const kDemand = { demand: '请说明迟延原因，今天办结', consequence: '在科务会上通报', answer_within_working_days: 1 }

describe('the supervisor’s side', { skip: missing }, () => {
  let bureau, unwatch, open, task
  const people = {}
  const kNames = ['housing', 'housing2', 'fire', 'fire_head', 'head', 'leader', 'clerk', 'school', 'head_gongshu', 'leader_gongshu', 'admin']

  const overseen = (name, query = '') => people[name].must('GET', `/oversight/tasks${query}`)
  const loadOf = async (name, department) => (await people[name].must('GET', '/oversight/departments')).departments.find((one) => one.department === department)
  const issue = (name, key = true) => people[name].ask('POST', `/tasks/${task.task_id}/expedite-order`, { json: kDemand, key, version: task.version })
  const answer = (name, text, key = true) => people[name].ask('POST', `/tasks/${task.task_id}/expedite-order/answer`, { json: { answer: text }, key, version: task.version })
  const isRefused = (reply, status, reason) => assert.deepEqual([reply.status, reply.json.reason], [status, reason], reply.body.toString('utf8'))

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    open = await playUntil(bureau, packageOf('school'), 'review')
    for (const name of kNames) people[name] = await bureau.person(name)
    const [row] = await inboxRows(people.housing, 1, (one) => one.application_id === open.id)
    task = await people.housing.must('POST', `/tasks/${row.task_id}/claim`, { version: row.version })
    await new DemoClock(new Client(bureau.url)).advance({ working_days: 9 })
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  test('a section head sees his department, a leader all of them, another district nothing of it', async () => {
    const heads = await people.head.must('GET', '/oversight/departments')
    assert.deepEqual(heads.departments.map((one) => one.department), ['housing'])
    assert.ok(heads.departments[0].red > 0)
    const leaders = await people.leader.must('GET', '/oversight/departments')
    assert.ok(leaders.departments.length > 4)
    assert.equal((await loadOf('leader', 'fire')).red, 1)
    for (const name of ['head_gongshu', 'leader_gongshu']) assert.equal((await people[name].must('GET', '/oversight/departments')).all.open, 0, name)
    for (const name of ['housing', 'clerk', 'school', 'admin']) isRefused(await people[name].ask('GET', '/oversight/departments'), 403, 'authz.not_permitted')
  })

  test('each number is as long as the list behind it, and the one clock says the same of its rows', async () => {
    for (const name of ['head', 'leader']) {
      for (const { department, open: all, yellow, red } of (await people[name].must('GET', '/oversight/departments')).departments) {
        const rows = async (query) => (await overseen(name, `?department=${department}${query}`)).rows
        assert.equal((await rows('')).length, all, department)
        const late = await rows('&light=red')
        assert.equal(late.length, red, department)
        assert.ok(late.every((one) => one.task.light === 'red' && one.task.department === department))
        assert.equal((await rows('&light=yellow')).length, yellow, department)
      }
    }
  })

  test('by person, and what nobody has claimed', async () => {
    const wang = (await people.head.must('GET', '/oversight/people?department=housing')).people.find((one) => one.name === '王住建')
    assert.equal(wang.red, 1)
    const { rows } = await overseen('head', `?holder=${wang.account_id}`)
    assert.deepEqual(rows.map((one) => one.task.task_id), [task.task_id])
    const free = await overseen('leader', '?department=fire&holder=nobody')
    assert.ok(free.rows.length === 1 && free.rows[0].task.assignee_name === null)
    isRefused(await people.head.ask('GET', '/oversight/people?department=fire'), 403, 'authz.outside_scope')
    isRefused(await people.head.ask('GET', '/oversight/tasks?department=fire'), 403, 'authz.outside_scope')
    assert.deepEqual((await overseen('leader_gongshu', `?holder=${wang.account_id}`)).rows, [])
    assert.deepEqual((await overseen('head', `?holder=${randomUUID()}`)).rows, [])
    assert.equal((await people.head.ask('GET', '/oversight/people?department=')).status, 422)
    assert.equal((await people.head.ask('GET', '/oversight/tasks?light=blue')).status, 422)
    assert.equal((await people.head.ask('GET', '/oversight/tasks?holder=me')).status, 422)
  })

  test('pages of one row show each task once, in order', async () => {
    const seen = []
    let cursor = ''
    do {
      const page = await overseen('leader', `?limit=1${cursor && `&cursor=${cursor}`}`)
      seen.push(...page.rows.map((one) => one.task.task_id))
      cursor = page.next_cursor
    } while (cursor)
    const { rows } = await overseen('leader', '?limit=100')
    assert.deepEqual(seen, rows.map((one) => one.task.task_id))
    assert.equal(new Set(seen).size, seen.length)
    assert.ok(seen.length >= 5)
  })

  test('who held a case for how long adds up, and is the officers’ to read', async () => {
    const { holds, totals, working_day_ms } = await people.head.must('GET', `/applications/${open.id}/holding`)
    assert.equal(working_day_ms, 8 * 3_600_000)
    const mine = holds.filter((one) => one.task_id === task.task_id)
    assert.deepEqual(mine.map((one) => one.holder_name), [null, '王住建（住房和城乡建设局）'])
    assert.ok(mine[1].worked_ms > 8 * working_day_ms && mine[1].worked_ms <= 9.5 * working_day_ms, `${mine[1].worked_ms}`)
    const sum = (list) => list.reduce((all, one) => all + one.worked_ms, 0)
    assert.equal(sum(holds), sum(totals))
    for (const name of ['school', 'head_gongshu']) isRefused(await people[name].ask('GET', `/applications/${open.id}/holding`), 404, 'approval.not_found')
  })

  test('the warning ladder told everybody in his turn, once for each task', async () => {
    const { warnings, orders } = await waitFor('时限预警', async () => {
      const found = await people.head.must('GET', `/applications/${open.id}/expedite-orders`)
      return found.warnings.some((one) => one.task_id === task.task_id) ? found : null
    })
    const mine = warnings.filter((one) => one.task_id === task.task_id).map((one) => one.warning)
    assert.deepEqual(mine.slice(0, 3), ['remind_holder', 'tell_section_head', 'tell_deputy_leader'])
    assert.equal(new Set(warnings.map((one) => `${one.task_id} ${one.step_no}`)).size, warnings.length)
    assert.equal(orders.filter((one) => one.task_id === task.task_id).length, mine.includes('expedite_order') ? 1 : 0)
    const told = (await people.head.must('GET', '/oversight/warnings')).warnings
    assert.ok(told.length > 0 && told.every((one) => one.warning === 'tell_section_head' && one.department === 'housing'))
    assert.ok((await people.leader.must('GET', '/oversight/warnings')).warnings.every((one) => one.warning === 'tell_deputy_leader'))
    assert.deepEqual((await people.head_gongshu.must('GET', '/oversight/warnings')).warnings, [])
    const progress = await people.school.must('GET', `/applications/${open.id}/progress`)
    assert.ok(!JSON.stringify(progress).includes('预警'))
  })

  test('an order is answered once, by who holds the task; a repeated request changes nothing', async () => {
    const { orders } = await people.head.must('GET', `/applications/${open.id}/expedite-orders`)
    // The ladder may have sent one already.
    if (orders.some((one) => one.task_id === task.task_id && one.state !== 'answered')) assert.equal((await answer('housing', '马上办')).status, 200)
    const before = (await people.head.must('GET', `/applications/${open.id}/expedite-orders`)).orders.length
    for (const name of ['housing', 'clerk', 'school', 'admin']) isRefused(await issue(name), 403, 'authz.not_permitted')
    isRefused(await issue('fire_head'), 403, 'authz.outside_scope')
    isRefused(await issue('head_gongshu'), 404, 'approval.not_found')
    isRefused(await people.head.ask('POST', `/tasks/${task.task_id}/expedite-order`, { json: kDemand, key: true, version: task.version + 1 }), 412, 'db.version_is_stale')
    assert.equal((await people.head.ask('POST', `/tasks/${task.task_id}/expedite-order`, { json: { ...kDemand, answer_within_working_days: 11 }, key: true, version: task.version })).status, 422)
    const key = randomUUID()
    const first = await issue('head', key)
    assert.equal(first.status, 200, first.body.toString('utf8'))
    assert.deepEqual((await issue('head', key)).json, first.json)
    assert.equal(first.json.orders.length, before + 1)
    const order = first.json.orders.at(-1)
    assert.deepEqual([order.state, order.demand, order.issued_by.slice(0, 3)], ['open', kDemand.demand, '陈科长'])
    assert.ok(order.held_ms > 0)
    isRefused(await issue('leader'), 409, 'approval.expedite_open')
    assert.equal((await loadOf('head', 'housing')).orders_open, 1)
    const { rows } = await overseen('head', '?department=housing&light=red')
    const row = rows.find((one) => one.task.task_id === task.task_id)
    assert.equal(row.order.order_id, order.order_id)
    assert.match(row.expedite_blocked_because, /在等回复/)
    isRefused(await answer('housing2', '我来答'), 409, 'approval.task_held_by_other')
    isRefused(await answer('fire', '我来答'), 403, 'approval.not_your_task')
    const answered = (await answer('housing', '等消防数据，明天上午办结')).json.orders.at(-1)
    assert.deepEqual([answered.state, answered.answer], ['answered', '等消防数据，明天上午办结'])
    isRefused(await answer('housing', '再答'), 409, 'approval.expedite_not_open')
    const listed = (await people.head.must('GET', '/oversight/expedite-orders?state=answered')).orders
    assert.ok(listed.some((one) => one.order_id === order.order_id))
    assert.deepEqual((await people.head.must('GET', '/oversight/expedite-orders')).orders.filter((one) => one.task_id === task.task_id), [])
    for (const state of ['overdue', 'cancelled']) assert.ok(Array.isArray((await people.leader.must('GET', `/oversight/expedite-orders?state=${state}`)).orders))
    assert.equal((await people.head.ask('GET', '/oversight/expedite-orders?state=lost')).status, 422)
    const acts = (await people.head.must('GET', `/tasks/${task.task_id}`)).acts.map((one) => one.act)
    assert.ok(acts.includes('expedite') && acts.at(-1) === 'answer_expedite')
  })

  test('a self-check by hand finds every living case in somebody’s hands', async () => {
    for (const name of ['housing', 'school', 'admin']) isRefused(await people[name].ask('POST', '/oversight/self-checks', { key: true }), 403, 'authz.not_permitted')
    const started = await people.head.ask('POST', '/oversight/self-checks', { key: true })
    assert.ok([200, 409].includes(started.status), started.body.toString('utf8'))
    const check = await waitFor('自查结束', async () => {
      const { checks } = await people.head.must('GET', '/oversight/self-checks')
      return checks.some((one) => one.state === 'running') ? null : checks[0]
    })
    assert.equal(check.found, 0)
    assert.ok(check.looked_at >= 1)
    assert.deepEqual((await people.head.must('GET', `/oversight/self-checks/${check.check_id}/findings`)).findings, [])
    for (const name of ['housing', 'school', 'admin']) isRefused(await people[name].ask('GET', `/oversight/self-checks/${check.check_id}/findings`), 403, 'authz.not_permitted')
    isRefused(await people.head.ask('GET', `/oversight/self-checks/${randomUUID()}/findings`), 404, 'approval.not_found')
  })
})
