// 退回 over the API: what a leader may send back to, what the officer who gets it sees, and that the case then goes on.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { complete, inboxRows, packageOf, playUntil } from './stories.mjs'

describe('a case that is sent back', { skip: missing }, () => {
  let bureau, unwatch, open, fire, head

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    open = await playUntil(bureau, packageOf('school'), 'recheck')
    fire = await bureau.person('fire')
    head = await bureau.person('head')
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const rowOf = async (person) => (await inboxRows(person, 1, (row) => row.application_id === open.id))[0]
  const send = (task, json, key = true) => head.ask('POST', `/tasks/${task.task_id}/return`, { json, key, version: task.version })

  test('goes to one department alone and straight back, once however often it is asked', async () => {
    const task = await head.must('GET', `/tasks/${(await rowOf(head)).task_id}`)
    const targets = task.return_targets.map((target) => target.element_id)
    assert.ok(targets.includes('review_fire') && targets.every((target) => target.startsWith('review_')), targets.join())
    assert.equal((await send(task, { target: 'accept', onward: 'again', reason: '重新受理' })).json.reason, 'approval.return_impossible')
    assert.equal((await send(task, { target: 'review_fire', onward: 'straight', reason: '' })).status, 422)
    const key = '01900000-0000-7000-8000-00000000ab01'
    const back = { target: 'review_fire', onward: 'straight', reason: '请复核疏散距离' }
    const sent = await send(task, back, key)
    assert.equal(sent.status, 200, sent.body.toString('utf8'))
    assert.equal(sent.json.outcome_label, '退回至“消防设计审查核验”')
    assert.equal((await send(task, back, key)).status, 200)
    const { tasks } = await head.must('GET', `/applications/${open.id}/tasks`)
    assert.deepEqual(tasks.filter((one) => one.state === 'open').map((one) => one.element_id), ['review_fire'])
    assert.equal((await head.must('GET', `/applications/${open.id}/progress`)).state, 'accepted')
  })

  test('says to whom it came who sent it and why, and comes back to the head', async () => {
    const row = await rowOf(fire)
    const task = await fire.must('GET', `/tasks/${row.task_id}`)
    assert.equal(task.returned.reason, '请复核疏散距离')
    assert.equal(task.returned.onward, 'straight')
    assert.ok(task.returned.returned_by.length > 0)
    const done = await complete(fire, row, 'agree')
    assert.equal(done.status, 200, done.body.toString('utf8'))
    assert.equal((await rowOf(head)).kind, 'recheck')
    assert.equal((await head.must('GET', `/applications/${open.id}/progress`)).state, 'awaiting_decision')
  })
})
