// Ids of others where a request carries ids besides its path: papers in marks, people in hand-overs, cursors, keys of
// requests that were already made, streams. What is another's is not taken, not shown and not changed.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { fileNight, inboxRows, nightForm, packageOf, playUntil } from './stories.mjs'

const kPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

describe('ids of others', { skip: missing }, () => {
  let bureau, open, task, foreignPaper
  const people = {}
  const idOf = (name) => people[name].session.account.account_id

  before(async () => {
    bureau = await Bureau.start()
    open = await playUntil(bureau, packageOf('school'), 'review')
    for (const name of ['school', 'estate', 'fire', 'fire2', 'head', 'fire_head', 'fire_gongshu', 'clerk', 'clerk_gongshu']) people[name] = await bureau.person(name)
    ;[task] = await inboxRows(people.fire, 1, (row) => row.application_id === open.id)
    const draft = await people.estate.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
    await people.estate.must('PUT', `/applications/${draft.application_id}/form`, { json: { form: nightForm('330105') }, version: draft.version })
    foreignPaper = await people.estate.must('POST', `/applications/${draft.application_id}/documents?material_code=N-01&file_name=a.png`, { body: kPng, type: 'image/png', key: true })
  })
  after(() => bureau?.stop())

  const refused = (reply, what) => assert.ok([403, 404, 409, 422].includes(reply.status), `${what}: ${reply.status} ${reply.body.toString('utf8').slice(0, 300)}`)

  test('a mark is not made on a paper of another case', async () => {
    const mark = { page: 1, kind: 'point', left_ppm: 0, top_ppm: 0, words: '请看' }
    const there = await people.fire.ask('POST', `/applications/${open.id}/marks`, { json: { ...mark, document_id: foreignPaper.document_id }, key: true })
    const nowhere = await people.fire.ask('POST', `/applications/${open.id}/marks`, { json: { ...mark, document_id: '01900000-0000-7000-8000-000000000000' }, key: true })
    refused(there, 'a paper of another case')
    assert.deepEqual([there.status, there.json.reason, there.json.detail], [nowhere.status, nowhere.json.reason, nowhere.json.detail])
  })

  test('work is not handed to somebody of another region', async () => {
    const claimed = await people.fire.must('POST', `/tasks/${task.task_id}/claim`, { version: task.version })
    task.version = claimed.version
    const acts = {
      transfer: (to) => ({ to, reason: '请办' }),
      delegation: (to) => ({ to, question: '请看' }),
      signers: (to) => ({ position: 'before', to: [to], question: '请看' }),
    }
    for (const [act, body] of Object.entries(acts)) {
      const reply = await people.fire.ask('POST', `/tasks/${task.task_id}/${act}`, { json: body(idOf('fire_gongshu')), key: true, version: task.version })
      assert.equal(reply.status, 422, `${act}: ${reply.body}`)
      assert.ok(reply.json.fields.some(({ field }) => field.startsWith('to')), `${act}: ${reply.body}`)
    }
    const assigned = await people.fire_head.ask('POST', `/tasks/${task.task_id}/assignment`, { json: { to: idOf('fire_gongshu'), reason: '请办' }, key: true, version: task.version })
    refused(assigned, 'assignment')
    assert.equal((await people.fire.must('GET', `/tasks/${task.task_id}`)).version, task.version)
  })

  test('an owner’s agent is nobody that work can be handed to', async () => {
    const reply = await people.fire.ask('POST', `/tasks/${task.task_id}/transfer`, { json: { to: idOf('school'), reason: '请办' }, key: true, version: task.version })
    refused(reply, 'transfer to an agent')
  })

  test('a deputy is not taken from another region, nor an act entered for somebody there', async () => {
    refused(await people.fire.ask('POST', '/deputyships', { json: { deputy: idOf('fire_gongshu'), from_on: '2027-01-04', through_on: '2027-01-05', reason: '休假' }, key: true }), 'deputy')
    refused(await people.fire.ask('POST', `/tasks/${task.task_id}/paper-act`, { json: { outcome: 'agree', happened_at_ms: 1, done_by: idOf('fire_gongshu'), paper_reference: '档 18 号' }, key: true, version: task.version }), 'done by')
  })

  test('a cursor of another’s list shows one’s own rows only', async () => {
    for (let i = 1; i <= 3; i++) await fileNight(people.school, '330106', i)
    const page = await people.school.must('GET', '/applications?limit=1')
    assert.ok(page.next_cursor)
    const seen = await people.estate.ask('GET', `/applications?limit=50&cursor=${encodeURIComponent(page.next_cursor)}`)
    const mine = (await people.estate.must('GET', '/applications?limit=50')).applications.map((one) => one.application_id)
    if (seen.status === 200) for (const { application_id: id } of seen.json.applications) assert.ok(mine.includes(id), `${id} is not estate’s`)
    else refused(seen, 'a cursor')
    await inboxRows(people.clerk, 2)
    const inbox = await people.clerk.must('GET', '/inbox?view=todo&limit=1')
    assert.ok(inbox.next_cursor)
    const other = await people.clerk_gongshu.ask('GET', `/inbox?view=todo&limit=50&cursor=${encodeURIComponent(inbox.next_cursor)}`)
    if (other.status === 200) for (const row of other.json.rows) assert.equal(row.region_code, '330105')
    else refused(other, 'a cursor of the inbox')
  })

  test('a key that another’s request had gives nothing of his', async () => {
    const key = randomUUID()
    const body = { json: { matter_code: 'night-construction' }, key }
    const his = await people.school.must('POST', '/applications', body)
    const mine = await people.estate.must('POST', '/applications', body)
    assert.notEqual(mine.application_id, his.application_id)
    assert.equal((await people.estate.ask('GET', `/applications/${his.application_id}`)).status, 404)
    assert.equal((await people.estate.must('GET', `/applications/${mine.application_id}`)).application_id, mine.application_id)
  })

  test('a stream of another’s case does not begin', async () => {
    for (const name of ['estate', 'school', 'fire_gongshu', 'clerk_gongshu']) {
      const there = await people[name].ask('GET', `/applications/${open.id}/live`)
      const nowhere = await people[name].ask('GET', '/applications/01900000-0000-7000-8000-000000000000/live')
      assert.deepEqual([there.status, there.json?.reason, there.json?.detail], [nowhere.status, nowhere.json?.reason, nowhere.json?.detail], name)
      assert.ok([403, 404].includes(there.status), name)
    }
  })

  test('what somebody keeps for himself is nobody else’s', async () => {
    const opinion = await people.fire.must('POST', '/opinions', { json: { text: '同意' }, key: true })
    for (const name of ['fire2', 'fire_gongshu']) {
      for (const [method, path, json] of [['PUT', '', { text: '不同意' }], ['DELETE', '', undefined], ['POST', '/use', {}]]) {
        refused(await people[name].ask(method, `/opinions/${opinion.opinion_id}${path}`, { json, version: 1, key: method === 'POST' }), `${name} ${method}`)
      }
    }
    const { own } = await people.fire.must('GET', `/tasks/${task.task_id}/opinions`)
    assert.ok(own.some((one) => one.text === '同意'))
  })

  test('a paper of another’s application is neither read nor thrown away', async () => {
    for (const name of ['school', 'fire', 'fire_gongshu']) {
      assert.ok([403, 404].includes((await people[name].ask('GET', `/documents/${foreignPaper.document_id}/content`)).status), name)
      assert.ok([403, 404].includes((await people[name].ask('DELETE', `/documents/${foreignPaper.document_id}`)).status), name)
    }
    assert.equal((await people.estate.ask('GET', `/documents/${foreignPaper.document_id}/content`)).status, 200)
  })
})
