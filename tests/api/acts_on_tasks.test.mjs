// 转办, 委派, 加签, 减签, 指派, 撤回 over the API: whom a task may be given to, that a request repeated changes nothing, that
// a stale page can't act, and that everybody sees the same record.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { complete, inboxRows, packageOf, playUntil } from './stories.mjs'

describe('a department’s task', { skip: missing }, () => {
  let bureau, unwatch, open
  const people = {}
  const kNames = ['housing', 'housing2', 'housing3', 'fire', 'fire2', 'fire_head', 'head', 'clerk', 'school']

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    open = await playUntil(bureau, packageOf('school'), 'review')
    for (const name of kNames) people[name] = await bureau.person(name)
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const taskOf = async (name, id) => people[name].must('GET', `/tasks/${id}`)
  const waiting = async (name) => (await inboxRows(people[name], 1, (row) => row.application_id === open.id))[0]
  const held = async (name) => {
    const row = await waiting(name)
    return row.assigned_to_me ? taskOf(name, row.task_id) : people[name].must('POST', `/tasks/${row.task_id}/claim`, { version: row.version })
  }
  const act = (name, task, path, json, key = true) => people[name].ask('POST', `/tasks/${task.task_id}/${path}`, { json, key, version: task.version })
  const must = async (name, task, path, json) => {
    const reply = await act(name, task, path, json)
    assert.equal(reply.status, 200, reply.body.toString('utf8'))
    return reply.json
  }
  const refused = async (status, reason, name, task, path, json) => {
    const reply = await act(name, task, path, json)
    assert.deepEqual([reply.status, reply.json.reason], [status, reason], reply.body.toString('utf8'))
  }
  const candidate = async (name, task, how, wanted) => {
    const { candidates } = await people[name].must('GET', `/tasks/${task.task_id}/candidates?act=${how}&query=${encodeURIComponent(wanted)}`)
    assert.equal(candidates.length, 1, `${how} ${wanted}`)
    return candidates[0]
  }
  const idOf = async (name, task, how, wanted) => (await candidate(name, task, how, wanted)).account_id
  const why = (task, code) => task.operations.find((one) => one.code === code)?.blocked_because

  test('is given away twice, and its record names whose it was', async () => {
    const task = await held('housing')
    assert.equal(why(task, 'transfer'), null)
    const clerk = await people.housing.must('GET', `/tasks/${task.task_id}/candidates?act=transfer`)
    assert.ok(clerk.candidates.every((one) => one.department_name === '住房和城乡建设局'))
    assert.match(clerk.candidates.find((one) => one.name === '李窗口').excluded_because, /不在办理这一步的部门或岗位/)
    const sun = await idOf('housing', task, 'transfer', '孙住建')
    await refused(422, 'approval.person_unknown', 'housing', task, 'transfer', { to: randomUUID(), reason: '出差' })
    const key = randomUUID()
    const asked = { to: sun, reason: '出差，请代为办理' }
    const first = await act('housing', task, 'transfer', asked, key)
    assert.equal(first.status, 200, first.body.toString('utf8'))
    assert.deepEqual((await act('housing', task, 'transfer', asked, key)).json, first.json)
    assert.equal((await act('housing', task, 'transfer', { ...asked, reason: '另一个理由' }, key)).status, 409)
    await refused(409, 'approval.task_held_by_other', 'housing', first.json, 'completion', { outcome: 'agree', opinion: '同意' })
    const second = await taskOf('housing2', task.task_id)
    await must('housing2', second, 'transfer', { to: await idOf('housing2', second, 'transfer', '吴住建'), reason: '请假' })
    const third = await taskOf('housing3', task.task_id)
    assert.equal(third.assigned_to_me, true)
    assert.match(third.original_assignee_name, /王住建/)
    assert.deepEqual(third.acts.map((one) => one.act), ['claim', 'transfer', 'transfer'])
  })

  test('waits for those who were asked before its holder, who then decides', async () => {
    const task = await held('housing3')
    const experts = [await idOf('housing3', task, 'before', '孙住建'), await idOf('housing3', task, 'before', '赵消防')]
    const waitingTask = await must('housing3', task, 'signers', { position: 'before', to: experts, question: '请核对深基坑方案' })
    assert.deepEqual(waitingTask.signers.map((one) => one.state), ['open', 'open'])
    assert.match(waitingTask.outcomes[0].blocked_because, /孙住建.*赵消防/)
    await refused(409, 'approval.waits_for_signers', 'housing3', waitingTask, 'completion', { outcome: 'agree', opinion: '同意' })
    const rows = await inboxRows(people.fire, 2, (row) => row.application_id === open.id)
    const row = rows.find((one) => one.step_name.startsWith('前加签'))
    const asked = await taskOf('fire', row.task_id)
    assert.equal(asked.parent.question, '请核对深基坑方案')
    assert.deepEqual(asked.outcomes.map((one) => one.code), ['agree', 'disagree'])
    assert.match(why(asked, 'return'), /征求您的意见/)
    await must('fire', asked, 'completion', { outcome: 'disagree', opinion: '第三层支撑缺计算书' })
    const removed = (await taskOf('housing3', task.task_id)).signers.find((one) => one.state === 'open')
    await must('housing3', await taskOf('housing3', task.task_id), `signers/${removed.task_id}/removal`, { reason: '已有意见' })
    const ready = await taskOf('housing3', task.task_id)
    assert.equal(ready.outcomes[0].blocked_because, null)
    assert.deepEqual(ready.signers.map((one) => one.state).sort(), ['cancelled', 'completed'])
  })

  test('comes back from a colleague’s opinion', async () => {
    const task = await held('housing3')
    await must('housing3', task, 'delegation', { to: await idOf('housing3', task, 'delegate', '陈科长'), question: '合同价款口径是否一致' })
    const row = await waiting('head')
    const asked = await taskOf('head', row.task_id)
    assert.equal(asked.kind, 'consult')
    await must('head', asked, 'completion', { outcome: 'answered', opinion: '一致' })
    const back = await taskOf('housing3', task.task_id)
    assert.equal(back.signers.at(-1).opinion, '一致')
  })

  test('counts as decided when those who sign after its holder agree; he may take it back until they do', async () => {
    const task = await held('housing3')
    await must('housing3', task, 'signers', { position: 'after', to: [await idOf('housing3', task, 'after', '孙住建')], question: '请会签' })
    const decided = await must('housing3', await taskOf('housing3', task.task_id), 'completion', { outcome: 'agree', opinion: '同意' })
    assert.equal(decided.state, 'open')
    assert.match(decided.outcomes[0].blocked_because, /等后加签/)
    const again = await must('housing3', decided, 'take-back', { reason: '补充条件' })
    assert.equal(again.outcome, null)
    await must('housing3', again, 'completion', { outcome: 'agree', opinion: '同意，合同已核' })
    await must('housing2', await taskOf('housing2', (await waiting('housing2')).task_id), 'completion', { outcome: 'agree', opinion: '' })
    const done = await taskOf('housing3', task.task_id)
    assert.deepEqual([done.state, done.outcome, done.opinion], ['completed', 'agree', '同意，合同已核'])
    const { items } = await people.head.must('GET', `/applications/${open.id}/progress`)
    assert.equal(items.find((one) => one.item === 'housing').state, 'agreed')
  })

  test('is taken back while nobody has acted after it, and not after', async () => {
    const done = (await people.housing3.must('GET', `/applications/${open.id}/tasks`)).tasks.find((one) => one.element_id === 'review_housing' && one.state === 'completed' && !one.parent)
    await refused(409, 'approval.take_back_not_yours', 'housing2', done, 'take-back', { reason: '看错' })
    await must('housing3', done, 'take-back', { reason: '面积看错' })
    assert.equal((await people.head.must('GET', `/applications/${open.id}/progress`)).items.find((one) => one.item === 'housing').state, 'in_review')
    const row = await waiting('housing3')
    assert.equal(row.assigned_to_me, true)
    assert.equal((await complete(people.housing3, row, 'agree')).status, 200)
  })

  test('is given to one of its people by who leads the department, and by nobody else’s head', async () => {
    const row = await waiting('fire')
    const task = await taskOf('fire_head', row.task_id)
    assert.equal(why(task, 'assign'), null)
    const zhu = await idOf('fire_head', task, 'assign', '褚消防')
    await refused(403, 'authz.outside_scope', 'head', task, 'assignment', { to: zhu, reason: '均衡工作量' })
    await refused(403, 'authz.not_permitted', 'housing', task, 'assignment', { to: zhu, reason: '均衡工作量' })
    await must('fire_head', task, 'assignment', { to: zhu, reason: '均衡工作量' })
    assert.equal((await taskOf('fire2', task.task_id)).assigned_to_me, true)
    await refused(412, 'db.version_is_stale', 'fire2', task, 'completion', { outcome: 'agree', opinion: '同意' })
  })

  test('is urged by who leads, once a day, and its holder goes on undisturbed', async () => {
    const row = await waiting('fire2')
    const task = await taskOf('head', row.task_id)
    assert.equal(why(task, 'urge'), null)
    const urged = await must('head', task, 'urging', { note: '申请人来电询问，请尽快' })
    assert.match(why(urged, 'urge'), /24 小时/)
    await refused(429, 'approval.urged_enough', 'head', task, 'urging', { note: '再催一次' })
    await refused(403, 'authz.not_permitted', 'fire', task, 'urging', { note: '请快办' })
    const seen = await taskOf('fire2', row.task_id)
    assert.deepEqual([seen.version, seen.acts.at(-1).reason], [row.version, '申请人来电询问，请尽快'])
  })

  test('shows an owner nothing of this', async () => {
    const row = await waiting('fire2')
    const reply = await people.school.ask('GET', `/tasks/${row.task_id}/candidates?act=transfer`)
    assert.equal(reply.status, 403)
    const progress = await people.school.must('GET', `/applications/${open.id}/progress`)
    assert.ok(!JSON.stringify(progress).includes('加签'))
  })
})
