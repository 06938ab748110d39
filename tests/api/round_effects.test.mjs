// An answer to a correction, over the API: the department whose field it changed judges once more and reads which, the
// others keep their conclusion; a personal value is never among what changed.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { complete, inboxRows, kDeclarations, packageOf, playUntil } from './stories.mjs'

describe('what a correction changed, department by department', { skip: missing }, () => {
  let bureau, unwatch, open
  const people = {}

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    open = await playUntil(bureau, packageOf('school'), 'accept')
    for (const name of ['school', 'clerk', 'planning', 'fire', 'civil_defence', 'head']) people[name] = await bureau.person(name)
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const of = (path) => `/applications/${open.id}/${path}`
  const stateOf = async (item) => (await people.head.must('GET', of('progress'))).items.find((one) => one.item === item).state
  const rowOf = async (person, kind) => (await inboxRows(person, 1, (row) => row.application_id === open.id && row.kind === kind))[0]
  const act = async (name, kind, outcome) => {
    const done = await complete(people[name], await rowOf(people[name], kind), outcome)
    assert.equal(done.status, 200, done.body.toString('utf8'))
  }
  const effects = async (person) => (await person.must('GET', of('round-effects'))).rounds

  test('nothing is told of the first round', async () => {
    await act('clerk', 'accept', 'accept')
    assert.deepEqual(await effects(people.head), [])
  })

  test('a changed field opens the concluded department that judges it, another keeps its conclusion', async () => {
    await act('fire', 'review', 'agree')
    await act('planning', 'review', 'agree')
    const point = { what: '现场围挡与方案不一致', how_to_mend: '说明整改情况', legal_basis: '办法 4' }
    await people.head.must('POST', of('late-corrections'), { json: { item: 'housing', reason: '踏勘时才能看到', points: [point] }, key: true })
    const mine = await people.school.must('GET', `/applications/${open.id}`)
    const form = structuredClone(mine.form)
    form.fire.review_number = '杭建消审字〔2026〕第0999号'
    form.agent.phone = '13900007777'
    const saved = await people.school.must('PUT', of('form'), { json: { form }, version: mine.version })
    const { correction } = await people.school.must('GET', of('progress'))
    const answers = correction.points.map((one) => ({ point_id: one.point_id, answer: '已整改，消防意见书编号一并更正' }))
    await people.school.must('POST', of('submission'), { json: { declarations: kDeclarations, remarks: [], answers }, key: true, version: saved.version })
    await waitFor('补正收到', async () => ((await people.head.must('GET', of('progress'))).turn === 'authority' ? true : null))
    assert.equal(await stateOf('fire'), 'in_review')
    assert.equal(await stateOf('planning'), 'agreed')
    const [round] = await effects(people.head)
    const item = (name) => round.items.find((one) => one.item === name)
    assert.equal(round.round, 2)
    assert.equal(item('fire').effect, 'reopened')
    assert.deepEqual(item('fire').changes, [{ kind: 'field', path: 'fire.review_number', label: '消防 · 消防设计审查意见书编号', personal: false, before: mine.form.fire.review_number, after: form.fire.review_number }])
    assert.equal(item('planning').effect, 'conclusion_kept')
    assert.deepEqual(item('planning').changes, [])
  })

  test('of a personal value only that it changed is told', async () => {
    const [round] = await effects(people.head)
    const phone = round.items.find((one) => one.item === 'housing').changes.find((one) => one.path === 'agent.phone')
    assert.deepEqual(phone, { kind: 'field', path: 'agent.phone', label: '经办人 · 经办人手机', personal: true, before: null, after: null })
    assert.ok(!JSON.stringify(round).includes('13900007777'))
  })

  test('whoever judges it again reads why, and the record says who keeps the conclusion', async () => {
    const task = await people.fire.must('GET', `/tasks/${(await rowOf(people.fire, 'review')).task_id}`)
    assert.match(task.returned.reason, /第 2 轮补正改动了：消防 · 消防设计审查意见书编号/)
    const { timeline } = await people.head.must('GET', of('progress'))
    assert.match(timeline.find((one) => one.title === '结论不变：没有改动与它有关的内容').detail, /规划许可核验/)
    await act('fire', 'review', 'agree')
    assert.equal(await stateOf('fire'), 'agreed')
  })

  test('the applicant reads it too, strangers do not', async () => {
    assert.equal((await effects(people.school))[0].items.find((one) => one.item === 'planning').effect, 'conclusion_kept')
    const own = await people.school.must('GET', of('progress'))
    assert.match(own.timeline.find((one) => one.kind === 'round_effects').detail, /不用重新看的：.*规划许可核验/)
    const stranger = await bureau.person('factory')
    assert.equal((await stranger.ask('GET', of('round-effects'))).status, 404)
  })
})
