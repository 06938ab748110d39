// 分节审签 over the API: a leader accepts, edits and returns sections of the report; only what he returned is done
// again, and what he wrote goes into the letter while the department's words stay in the record.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { complete, inboxRows, packageOf, playUntil } from './stories.mjs'

describe('a decision section by section', { skip: missing }, () => {
  let bureau, unwatch, open, task
  const people = {}

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    open = await playUntil(bureau, packageOf('school'), 'decide')
    for (const name of ['leader', 'leader2', 'head', 'fire', 'planning', 'housing', 'school']) people[name] = await bureau.person(name)
    const row = await rowOf('leader')
    task = await people.leader.must('POST', `/tasks/${row.task_id}/claim`, { version: row.version })
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const rowOf = async (name) => (await inboxRows(people[name], 1, (row) => row.application_id === open.id))[0]
  const report = () => people.leader.must('GET', `/tasks/${task.task_id}/sections`)
  const one = async (section) => (await report()).sections.find((entry) => entry.section === section)
  const say = (section, json, { by = 'leader', key = true, version = task.version } = {}) =>
    people[by].ask('POST', `/tasks/${task.task_id}/sections/${section}/review`, { json, key, version })
  const said = async (section, verdict, more = {}) => {
    const reply = await say(section, { verdict, version: (await one(section)).version, ...more })
    assert.equal(reply.status, 200, reply.body.toString('utf8'))
    return reply.json
  }
  const refused = async (status, reason, reply) => assert.deepEqual([(await reply).status, (await reply).json.reason], [status, reason], (await reply).body.toString('utf8'))
  const grant = () => complete(people.leader, task, 'grant')

  test('shows each department with who concluded it, when, and what was ticked; and the window', async () => {
    const seen = await report()
    assert.deepEqual(seen.sections.map((entry) => entry.section), ['civil_defence', 'fire', 'housing', 'planning', 'quality_safety', 'window'])
    assert.equal(seen.pending, 6)
    assert.equal(seen.blocked_because, null)
    const fire = seen.sections[1]
    assert.equal(fire.conclusion, '同意')
    assert.ok(fire.concluded_by && fire.concluded_at_ms > 0 && fire.checklist.length === 4)
    assert.deepEqual(seen.sections.map((entry) => entry.may_return), [true, true, true, true, true, false])
    assert.equal((await people.school.ask('GET', `/tasks/${task.task_id}/sections`)).status, 404)
    assert.match((await people.leader2.must('GET', `/tasks/${task.task_id}/sections`)).blocked_because, /领取/)
  })

  test('is said by its holder alone, of a section that is there, in the version that he saw', async () => {
    const { version } = await one('fire')
    await refused(409, 'approval.task_held_by_other', say('fire', { verdict: 'accepted', version }, { by: 'leader2' }))
    await refused(403, 'approval.not_your_task', say('fire', { verdict: 'accepted', version }, { by: 'head' }))
    await refused(404, 'approval.section_unknown', say('gardens', { verdict: 'accepted', version }))
    await refused(412, 'approval.section_changed', say('fire', { verdict: 'accepted', version: 'seen-0' }))
    await refused(412, 'db.version_is_stale', say('fire', { verdict: 'accepted', version }, { version: task.version + 1 }))
    await refused(422, 'approval.wording_missing', say('fire', { verdict: 'edited', version }))
    await refused(422, 'approval.reason_missing', say('fire', { verdict: 'returned', version }))
    await refused(409, 'approval.section_not_returnable', say('window', { verdict: 'returned', reason: '重来', version: (await one('window')).version }))
    assert.equal((await report()).pending, 6)
  })

  test('once for each request, and a page that saw less is told', async () => {
    const key = randomUUID()
    const before = await one('fire')
    const body = { verdict: 'accepted', version: before.version }
    assert.equal((await say('fire', body, { key })).status, 200)
    assert.equal((await say('fire', body, { key })).status, 200)
    assert.equal((await one('fire')).history.length, 1)
    await refused(412, 'approval.section_changed', say('fire', body))
  })

  test('does not count while a section was not looked at, and the page says which', async () => {
    const reply = await grant()
    await refused(409, 'approval.sections_unreviewed', reply)
    assert.match(reply.json.detail, /5 个部分.*规划许可核验/)
    const shown = await people.leader.must('GET', `/tasks/${task.task_id}`)
    assert.equal(shown.has_sections, true)
    assert.match(shown.outcomes.find((entry) => entry.code === 'grant').blocked_because, /没有审签/)
    assert.equal(shown.outcomes.find((entry) => entry.code === 'return').blocked_because, null)
  })

  test('waits for a section that is to go back, which may still be said differently', async () => {
    for (const section of ['housing', 'civil_defence', 'quality_safety', 'window']) await said(section, 'accepted')
    await said('planning', 'edited', { wording: '规划许可有效，面积一致，同意。' })
    await refused(409, 'approval.no_section_returned', people.leader.ask('POST', `/tasks/${task.task_id}/sections/return`, { key: true, version: task.version }))
    await said('housing', 'returned', { reason: '请核对合同价款' })
    await said('fire', 'returned', { reason: '请复核疏散距离' })
    assert.equal((await said('housing', 'accepted')).returned, 1)
    await refused(409, 'approval.section_returned', grant())
  })

  test('sends back only that department, and comes again with all other sections standing', async () => {
    const key = randomUUID()
    const send = () => people.leader.ask('POST', `/tasks/${task.task_id}/sections/return`, { key, version: task.version })
    const sent = await send()
    assert.equal(sent.status, 200, sent.body.toString('utf8'))
    assert.equal(sent.json.state, 'completed')
    assert.equal((await send()).status, 200)
    const { tasks } = await people.head.must('GET', `/applications/${open.id}/tasks`)
    assert.deepEqual(tasks.filter((entry) => entry.state === 'open').map((entry) => entry.element_id), ['review_fire'])
    const back = await people.fire.must('GET', `/tasks/${(await rowOf('fire')).task_id}`)
    assert.deepEqual([back.returned.reason, back.returned.from_name], ['请复核疏散距离', '决定'])
    assert.equal((await one('fire')).concluded, false)
    assert.equal((await complete(people.fire, back, 'agree_with_conditions', { opinion: '疏散门须在开工前改宽。' })).status, 200)
    assert.equal((await complete(people.head, await rowOf('head'), 'pass')).status, 200)
    const row = await rowOf('leader')
    assert.notEqual(row.task_id, task.task_id)
    task = await people.leader.must('POST', `/tasks/${row.task_id}/claim`, { version: row.version })
    const seen = await report()
    assert.deepEqual(seen.sections.filter((entry) => !entry.review?.stands).map((entry) => entry.section), ['fire'])
    assert.equal(seen.pending, 1)
    await refused(409, 'approval.sections_unreviewed', grant())
  })

  test('puts the leader’s words into the decision, and keeps the department’s beside them', async () => {
    await said('fire', 'edited', { wording: '疏散门改宽后方可开工。' })
    const done = await grant()
    assert.equal(done.status, 200, done.body.toString('utf8'))
    const officers = await people.head.must('GET', `/applications/${open.id}/progress`)
    const fire = officers.items.find((item) => item.item === 'fire')
    assert.deepEqual([fire.opinion, fire.edited.original], ['疏散门改宽后方可开工。', '疏散门须在开工前改宽。'])
    const applicant = (await people.school.must('GET', `/applications/${open.id}/progress`)).items.find((item) => item.item === 'fire')
    assert.deepEqual([applicant.opinion, applicant.edited], ['疏散门改宽后方可开工。', null])
    const { history } = await one('fire')
    assert.deepEqual(history.map((entry) => entry.verdict), ['accepted', 'returned', 'edited'])
    assert.deepEqual(history.at(-1).original, '疏散门须在开工前改宽。')
    const { entries } = await people.head.must('GET', `/applications/${open.id}/audit?limit=100`)
    assert.ok(entries.filter((entry) => entry.act === 'approval.review_section').length >= 9)
    assert.equal(entries.filter((entry) => entry.act === 'approval.return_sections').length, 1)
  })

  test('is as before for who opens no section: all were read with the decision', async () => {
    const other = await playUntil(bureau, packageOf('school'), 'decide')
    const [row] = await inboxRows(people.leader, 1, (entry) => entry.application_id === other.id)
    assert.equal((await complete(people.leader, row, 'grant')).status, 200)
    const { sections, blocked_because } = await people.leader.must('GET', `/tasks/${row.task_id}/sections`)
    assert.deepEqual([...new Set(sections.map((entry) => `${entry.review.verdict} ${entry.review.stands}`))], ['read true'])
    assert.ok(blocked_because)
  })
})
