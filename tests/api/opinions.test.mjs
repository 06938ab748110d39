// 常用意见 and 条款库 over the API: what suits a task, what an officer keeps for himself, and that nobody else sees it.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { inboxRows, packageOf, playUntil } from './stories.mjs'

describe('canned opinions', { skip: missing }, () => {
  let bureau, unwatch, open, row, fire, other, school

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    open = await playUntil(bureau, packageOf('school'), 'review')
    fire = await bureau.person('fire')
    other = await bureau.person('fire2')
    school = await bureau.person('school')
    row = (await inboxRows(fire, 1, (entry) => entry.application_id === open.id))[0]
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const choice = (person = fire) => person.must('GET', `/tasks/${row.task_id}/opinions`)
  const keep = (text, key = true, person = fire) => person.ask('POST', '/opinions', { json: { text }, key })
  const refused = async (status, reason, reply) => assert.deepEqual([(await reply).status, (await reply).json.reason], [status, reason], (await reply).body.toString('utf8'))

  test('of the bureau are those of this task and department, with the clauses they rest on', async () => {
    const { bureau: sentences, clauses, values } = await choice()
    assert.ok(sentences.length > 3)
    const special = sentences.find((one) => one.opinion === 'O-40')
    assert.deepEqual([special.outcome, special.checkpoint, special.material, special.clauses], ['agree', 'C2', '特殊建设工程消防设计审查意见书', ['XFF-11', 'XFF-12']])
    assert.ok(!sentences.some((one) => ['O-01', 'O-30', 'O-80'].includes(one.opinion)), 'of other tasks')
    assert.deepEqual(clauses.slice(0, 3).map((one) => [one.citation, one.of_this_item]), [['《中华人民共和国消防法》第十一条', true], ['《中华人民共和国消防法》第十二条', true], ['《建设工程消防设计审查验收管理暂行规定》第十四条', true]])
    assert.equal(clauses[2].confirmed, false)
    assert.ok(clauses[1].materials.includes('消防设计图纸及技术资料') && clauses[1].rules.includes('R-701'))
    assert.ok(clauses.length > 20 && !clauses.at(-1).of_this_item)
    assert.deepEqual([values.item_name, values.department_name], ['消防设计审查核验', '消防审查（住建局消防科）'])
    assert.equal(values.works_name, row.works_name)
  })

  test('are not for who does not work on the task', async () => {
    assert.equal((await school.ask('GET', `/tasks/${row.task_id}/opinions`)).status, 403)
    await refused(403, 'approval.not_your_task', (await bureau.person('housing')).ask('GET', `/tasks/${row.task_id}/opinions`))
    await refused(404, 'approval.not_found', (await bureau.person('fire_gongshu')).ask('GET', `/tasks/${row.task_id}/opinions`))
  })

  test('of one’s own are kept once, the most used first, and seen by nobody else', async () => {
    const key = randomUUID()
    const first = await keep('疏散距离符合要求。', key)
    assert.equal(first.status, 201, first.body.toString('utf8'))
    assert.deepEqual((await keep('疏散距离符合要求。', key)).json, first.json)
    await refused(422, 'approval.opinion_kept', keep('疏散距离符合要求。'))
    assert.equal((await keep('')).status, 422)
    const second = (await keep('防火分区符合要求。')).json
    assert.equal((await fire.must('POST', `/opinions/${second.opinion_id}/use`)).used_count, 1)
    assert.deepEqual((await choice()).own.map((one) => one.text), ['防火分区符合要求。', '疏散距离符合要求。'])
    assert.deepEqual((await choice(other)).own, [])
    for (const [method, rest, more] of [['PUT', '', { json: { text: '别人的' }, version: 1 }], ['DELETE', '', { version: 1 }], ['POST', '/use', {}]]) {
      await refused(404, 'approval.not_found', other.ask(method, `/opinions/${second.opinion_id}${rest}`, more))
    }
  })

  test('are changed and deleted in the version that was seen', async () => {
    const [one] = (await choice()).own
    const change = (text, version) => fire.ask('PUT', `/opinions/${one.opinion_id}`, { json: { text }, version })
    await refused(422, 'approval.opinion_kept', change('疏散距离符合要求。', one.version))
    assert.equal((await change('防火分区、疏散符合要求。', one.version)).json.version, 2)
    await refused(412, 'db.version_is_stale', change('又改', one.version))
    await refused(412, 'db.version_is_stale', fire.ask('DELETE', `/opinions/${one.opinion_id}`, { version: one.version }))
    assert.equal((await fire.ask('DELETE', `/opinions/${one.opinion_id}`, { version: 2 })).status, 204)
    assert.deepEqual((await choice()).own.map((entry) => entry.text), ['疏散距离符合要求。'])
  })

  test('stop at a hundred, and say to delete some', async () => {
    const { own, own_max } = await choice()
    for (let n = own.length; n < own_max; ++n) assert.equal((await keep(`第 ${n} 条`)).status, 201)
    await refused(409, 'approval.too_many_opinions', keep('再一条'))
    assert.equal((await choice()).own.length, own_max)
  })
})
