// 抄送 over the API: whoever gets a case reads it and nothing else, wherever he works; the giver sees when.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { fileNight, inboxRows, packageOf, playUntil } from './stories.mjs'

const kNames = ['housing', 'housing2', 'fire', 'planning', 'head', 'clerk', 'school', 'estate', 'planning_gongshu', 'housing_gongshu']

describe('a copy', { skip: missing }, () => {
  let bureau, unwatch, open, other
  const people = {}

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    open = await playUntil(bureau, packageOf('school'), 'review')
    for (const name of kNames) people[name] = await bureau.person(name)
    other = await fileNight(people.school, '330106', 1)
    await inboxRows(people.clerk, 1, (row) => row.application_id === other)
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const idOf = (name) => people[name].session.account.account_id
  const path = () => `/applications/${open.id}/copies`
  const give = (by, to, key = true, note = '请了解') => people[by].ask('POST', path(), { json: { to: to.map(idOf), note }, key })
  const refused = async (status, reason, reply) => assert.deepEqual([(await reply).status, (await reply).json.reason], [status, reason], (await reply).body.toString('utf8'))

  test('is given by who works on the case or leads, and by nobody else', async () => {
    await refused(403, 'approval.copy_not_yours', give('fire', ['planning_gongshu']))
    await refused(403, 'authz.not_permitted', give('school', ['planning_gongshu']))
    await refused(404, 'approval.not_found', give('housing_gongshu', ['planning_gongshu']))
    await refused(422, 'approval.person_unknown', give('head', ['school']))
    await refused(422, 'approval.person_not_suitable', give('head', ['head']))
    const [row] = await inboxRows(people.housing, 1, (one) => one.application_id === open.id)
    await people.housing.must('POST', `/tasks/${row.task_id}/claim`, { version: row.version })
    assert.equal((await give('housing', ['housing2'])).status, 201)
  })

  test('is offered to officers of other regions, and not twice', async () => {
    const near = (await people.head.must('GET', `${path()}/candidates`)).candidates
    assert.match(near.find((one) => one.name === '孙住建').excluded_because, /已经抄送过/)
    const far = (await people.head.must('GET', `${path()}/candidates?region=330105&query=${encodeURIComponent('郑规划')}`)).candidates
    assert.deepEqual(far.map((one) => [one.account_id, one.excluded_because]), [[idOf('planning_gongshu'), null]])
  })

  test('given twice by one request is given once', async () => {
    const key = randomUUID()
    const first = await give('head', ['planning_gongshu'], key)
    assert.equal(first.status, 201)
    assert.deepEqual((await give('head', ['planning_gongshu'], key)).json, first.json)
    await refused(409, 'db.idempotency_key_reused', give('head', ['planning_gongshu'], key, '另一句'))
    await refused(422, 'approval.copied_already', give('head', ['planning_gongshu']))
    assert.equal(first.json.copies.length, 2)
    const audit = await people.head.must('GET', `/applications/${open.id}/audit`)
    assert.equal(audit.entries.filter((one) => one.act === 'approval.copy_case').length, 2)
  })

  test('lets its reader read this case in another region, and no other, and act on nothing', async () => {
    const reader = people.planning_gongshu
    for (const rest of ['', '/progress', '/tasks', '/process', '/audit', '/letters', '/submissions/1', '/copies']) await reader.must('GET', `/applications/${open.id}${rest}`)
    assert.equal((await reader.ask('GET', `/documents/${open.documents[0].document_id}/content`)).status, 200)
    assert.equal((await reader.ask('GET', `/applications/${other}`)).status, 404)
    assert.equal((await reader.ask('GET', `/applications/${other}/progress`)).status, 404)
    assert.equal((await people.housing_gongshu.ask('GET', `/applications/${open.id}`)).status, 404)
    assert.deepEqual((await reader.must('GET', '/inbox')).rows, [])
    const { tasks } = await reader.must('GET', `/applications/${open.id}/tasks`)
    for (const task of tasks.filter((one) => one.state === 'open')) {
      assert.deepEqual(task.operations, [], task.name)
      assert.equal((await reader.ask('POST', `/tasks/${task.task_id}/claim`, { version: task.version })).status, 404)
      assert.equal((await reader.ask('POST', `/tasks/${task.task_id}/completion`, { json: { outcome: 'agree' }, key: true, version: task.version })).status, 404)
    }
    assert.ok((await reader.must('GET', path())).blocked_because)
    assert.ok((await reader.ask('POST', path(), { json: { to: [idOf('housing')] }, key: true })).status >= 403)
  })

  test('is unread until it is opened, and then says when', async () => {
    const reader = people.planning_gongshu
    assert.equal((await reader.must('GET', '/inbox')).counts.copies, 1)
    const { rows, unread } = await reader.must('GET', '/copies')
    assert.deepEqual([unread, rows[0].note, rows[0].read_at_ms], [1, '请了解', null])
    await reader.must('GET', `/tasks/${rows[0].task_id}`)
    const first = await reader.must('POST', `/copies/${rows[0].copy_id}/receipt`)
    assert.ok(first.read_at_ms > 0)
    assert.equal((await reader.must('POST', `/copies/${rows[0].copy_id}/receipt`)).read_at_ms, first.read_at_ms)
    assert.equal((await reader.must('GET', '/inbox')).counts.copies, 0)
    const seen = (await people.head.must('GET', path())).copies.find((one) => one.copy_id === rows[0].copy_id)
    assert.equal(seen.read_at_ms, first.read_at_ms)
    assert.equal((await people.head.ask('POST', `/copies/${rows[0].copy_id}/receipt`)).status, 404)
  })

  test('is its reader’s own: whoever stands in for him does not get it', async () => {
    const { now_ms } = await people.housing2.must('GET', '/demo/clock')
    const on = new Date(now_ms + 8 * 3_600_000).toISOString().slice(0, 10)
    await people.housing2.must('POST', '/deputyships', { json: { deputy: idOf('housing'), from_on: on, through_on: on, reason: '外出' }, key: true })
    assert.equal((await people.housing2.must('GET', '/copies')).rows.length, 1)
    assert.equal((await people.housing.must('GET', '/copies')).rows.length, 0)
  })

  test('shows an owner nothing of this', async () => {
    assert.equal((await people.school.ask('GET', path())).status, 404)
    const progress = await people.school.must('GET', `/applications/${open.id}/progress`)
    assert.ok(!JSON.stringify(progress).includes('抄送'))
  })
})
