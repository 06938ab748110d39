// What lies over the state of a case, over the API: tolerated omissions, special procedures, holds, late corrections,
// reopened items, withdrawal by confirmation; each with its letter, once however often it is asked.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { textOf } from './pdf.mjs'
import { complete, fileNight, inboxRows, kDeclarations, packageOf, playUntil } from './stories.mjs'

const kPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

describe('what lies over the state of a case', { skip: missing }, () => {
  let bureau, unwatch, open
  const people = {}

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    open = await playUntil(bureau, packageOf('school'), 'accept')
    for (const name of ['school', 'clerk', 'housing', 'fire', 'head', 'leader']) people[name] = await bureau.person(name)
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const of = (path) => `/applications/${open.id}/${path}`
  const progress = () => people.head.must('GET', of('progress'))
  const omission = async () => (await progress()).episodes.find((one) => one.kind === 'tolerated_omission')
  const rowOf = async (person, kind, id = open.id) => (await inboxRows(person, 1, (row) => row.application_id === id && row.kind === kind))[0]
  const claimed = async (person, kind) => {
    const row = await rowOf(person, kind)
    const task = await person.must('GET', `/tasks/${row.task_id}`)
    return task.assigned_to_me ? task : person.must('POST', `/tasks/${row.task_id}/claim`, { version: task.version })
  }
  const letter = (kind, count = 1) =>
    waitFor(`${count} × ${kind}`, async () => {
      const found = (await people.school.must('GET', of('letters'))).letters.filter((one) => one.letter_kind === kind)
      return found.length >= count ? found : null
    })
  const begins = (person, path, json, key = true) => person.ask('POST', of(path), { json, key })
  const upload = (code) => people.school.ask('POST', `${of('documents')}?material_code=${code}&file_name=${encodeURIComponent('证明.png')}`, { body: kPng, type: 'image/png', key: true })
  const handIn = (code) => people.school.ask('POST', of('owed-papers'), { json: { material_code: code }, key: true })

  test('a paper that the matter names may come later, no other', async () => {
    const row = await rowOf(people.clerk, 'accept')
    const accept = (material_code) => complete(people.clerk, row, 'accept_with_omission', { omissions: [{ material_code, working_days: 3, reason: '证明正在开具' }] })
    const refused = await accept('M-11')
    assert.equal(refused.status, 422)
    assert.equal(refused.json.reason, 'approval.omission_impossible')
    assert.match(refused.json.fields[0].message, /建筑法/)
    const accepted = await accept('M-40')
    assert.equal(accepted.status, 200, accepted.body.toString('utf8'))
    // Begun before the acceptance notice is made: that says the due day as it was.
    const at_once = await begins(people.head, 'special-procedures', { item: 'housing', procedure_kind: 'expert_review', reason: '深基坑方案', working_days: 5 })
    assert.equal(at_once.status, 200, at_once.body.toString('utf8'))
    await letter('acceptance_notice')
    assert.equal((await begins(people.head, 'special-procedures/end', { item: 'housing', result: '通过' })).status, 200)
    const [notice] = await letter('tolerated_omission_notice')
    const pdf = await people.school.ask('GET', `/letters/${notice.letter_id}/content`)
    assert.equal(pdf.body.subarray(0, 5).toString('latin1'), '%PDF-')
  })

  test('while it is owed it alone may be uploaded; it is handed in, looked at, refused and brought again', async () => {
    assert.match((await progress()).headline, /请您在\d+月\d+日前补交工伤保险参保证明/)
    assert.equal((await handIn('M-40')).json.reason, 'applications.paper_missing')
    assert.equal((await upload('M-30')).json.reason, 'applications.not_your_turn')
    const form = await people.school.must('GET', `/applications/${open.id}`)
    assert.equal((await people.school.ask('PUT', of('form'), { json: { form: form.form }, version: form.version })).status, 409)
    assert.equal((await upload('M-40')).status, 201)
    assert.equal((await people.head.ask('POST', of('owed-papers'), { json: { material_code: 'M-40' }, key: true })).status, 403)
    assert.equal((await handIn('M-40')).status, 202)
    await waitFor('补交在核对', async () => (await omission()).result)
    assert.equal((await handIn('M-40')).json.reason, 'applications.nothing_owed')
    assert.equal((await complete(people.clerk, await rowOf(people.clerk, 'owed_paper'), 'refuse_paper', { opinion: '印章不清楚' })).status, 200)
    assert.equal((await upload('M-40')).status, 201)
    assert.equal((await handIn('M-40')).status, 202)
    assert.equal((await complete(people.clerk, await rowOf(people.clerk, 'owed_paper'), 'accept_paper')).status, 200)
    assert.equal((await omission()).state, 'ended')
    assert.equal((await upload('M-40')).status, 409)
  })

  test('an expert review is begun once, stops the clock, and its department can not conclude before its result', async () => {
    const json = { item: 'fire', procedure_kind: 'expert_review', reason: '高度超限', working_days: 10 }
    assert.equal((await begins(people.fire, 'special-procedures', json)).json.reason, 'approval.not_your_item')
    const task = await claimed(people.fire, 'review')
    const key = '01900000-0000-7000-8000-00000000ee01'
    for (const time of ['first', 'again']) assert.equal((await begins(people.fire, 'special-procedures', json, key)).status, 200, time)
    const now = await progress()
    assert.equal(now.turn, 'third_party')
    assert.equal(now.state_name, '特别程序')
    assert.equal(now.clock.paused, true)
    assert.equal(now.episodes.filter((one) => one.item === 'fire').length, 1)
    const blocked = await complete(people.fire, task, 'agree')
    assert.equal(blocked.json.reason, 'approval.item_waits')
    const shown = await people.fire.must('GET', `/tasks/${task.task_id}`)
    assert.match(shown.outcomes[0].blocked_because, /专家评审/)
    assert.equal((await letter('special_procedure_notice', 2)).length, 2)
    const own = await people.school.must('GET', of('progress'))
    assert.equal(own.episodes.at(-1).begun_by, null)
    assert.equal((await begins(people.fire, 'special-procedures/end', { item: 'fire', result: '专家组同意' })).status, 200)
    assert.equal((await progress()).turn, 'authority')
  })

  test('a hold stops everybody, and what is not possible says why before it is tried', async () => {
    const offered = await people.head.must('GET', of('episodes'))
    assert.ok(offered.operations.some((one) => one.code === 'hold' && one.blocked_because === null))
    assert.equal((await begins(people.fire, 'hold', { ground: 'court', reason: '裁定' })).status, 403)
    assert.equal((await begins(people.head, 'hold', { ground: 'court', reason: '（2026）浙0106财保12号' })).status, 200)
    const held = await complete(people.fire, await rowOf(people.fire, 'review'), 'agree')
    assert.equal(held.json.reason, 'approval.on_hold')
    assert.match(held.json.detail, /法院/)
    assert.equal((await progress()).state_name, '暂停办理')
    assert.match((await progress()).headline, /暂停办理.*您不用做什么/)
    assert.equal((await begins(people.head, 'resumption', { reason: '解除保全' })).status, 200)
    const refused = await begins(people.leader, 'extension', { working_days: 3, reason: '复杂' })
    assert.equal(refused.json.reason, 'approval.extension_not_allowed')
    const leaders = await people.leader.must('GET', of('episodes'))
    assert.equal(leaders.operations.find((one) => one.code === 'extend').blocked_because, refused.json.detail)
  })

  test('a late point goes out in a letter of its own; only its department waits for the answer', async () => {
    const point = { field: 'works.works_name', material_code: 'M-21', what: '现场围挡与方案不一致', how_to_mend: '按方案整改后拍照', legal_basis: '办法 4' }
    const asked = await begins(people.head, 'late-corrections', { item: 'housing', reason: '踏勘时才能看到', points: [point, { ...point, field: 'x'.repeat(200), what: '写错了位置' }] })
    assert.equal(asked.status, 200, asked.body.toString('utf8'))
    assert.equal(asked.json.turn, 'applicant')
    assert.equal(asked.json.items.find((one) => one.item === 'housing').state, 'needs_correction')
    const [notice] = await letter('correction_notice')
    const text = textOf((await people.school.ask('GET', `/letters/${notice.letter_id}/content`)).body)
    for (const words of ['M-21施工合同', '工程概况·工程名称']) assert.ok(text.includes(words), `the place is told as people read it: ${words} in ${text}`)
    assert.doesNotMatch(text, /works_name/)
    assert.equal((await complete(people.fire, await rowOf(people.fire, 'review'), 'agree')).status, 200)
    const mine = await people.school.must('GET', `/applications/${open.id}`)
    const { correction } = await people.school.must('GET', of('progress'))
    assert.deepEqual(correction.points.map((one) => one.what).sort(), ['写错了位置', point.what].sort())
    const answers = correction.points.map((one) => ({ point_id: one.point_id, answer: '已整改' }))
    await people.school.must('POST', of('submission'), { json: { declarations: kDeclarations, remarks: [], answers }, key: true, version: mine.version })
    await waitFor('补正收到', async () => ((await progress()).turn === 'authority' ? true : null))
    const now = await progress()
    assert.equal(now.items.find((one) => one.item === 'housing').state, 'in_review')
    assert.equal(now.items.find((one) => one.item === 'fire').state, 'agreed')
    await letter('materials_receipt', 2)
  })

  test('a conclusion is looked at again by who leads the department', async () => {
    await claimed(people.housing, 'review')
    assert.equal((await complete(people.housing, await rowOf(people.housing, 'review'), 'agree')).status, 200)
    assert.equal((await begins(people.head, 'reopenings', { item: 'fire', reason: '复查' })).status, 403)
    const again = await begins(people.head, 'reopenings', { item: 'housing', reason: '接到举报' })
    assert.equal(again.status, 200, again.body.toString('utf8'))
    assert.equal(again.json.items.find((one) => one.item === 'housing').state, 'in_review')
    const task = await people.housing.must('GET', `/tasks/${(await rowOf(people.housing, 'review')).task_id}`)
    assert.equal(task.returned.reason, '接到举报')
  })

  test('the applicant asks to withdraw, the window confirms, and until then the case goes on', async () => {
    const id = await fileNight(people.school, '330106', 9)
    await rowOf(people.clerk, 'accept', id)
    const withdraw = () => people.school.ask('POST', `/applications/${id}/withdrawal`, { json: { reason: '不做了' }, key: true })
    assert.equal((await withdraw()).status, 202)
    assert.equal((await withdraw()).status, 202)
    await rowOf(people.clerk, 'withdrawal', id)
    const keep = () => people.school.ask('DELETE', `/applications/${id}/withdrawal`, { key: true })
    assert.equal((await keep()).status, 202)
    await waitFor('不再撤回', async () => (await people.school.must('GET', `/applications/${id}/progress`)).withdrawal_asked_at_ms === null || null)
    assert.equal((await inboxRows(people.clerk, 0, (one) => one.application_id === id && one.kind === 'withdrawal')).length, 0)
    assert.equal((await withdraw()).status, 202)
    const row = await rowOf(people.clerk, 'withdrawal', id)
    const before = await people.school.must('GET', `/applications/${id}/progress`)
    assert.equal(before.state, 'submitted')
    assert.ok(before.withdrawal_asked_at_ms > 0)
    assert.equal((await complete(people.clerk, row, 'confirm_withdrawal')).status, 200)
    const gone = await people.school.must('GET', `/applications/${id}/progress`)
    assert.equal(gone.state, 'withdrawn')
    assert.equal(gone.withdrawal_asked_at_ms, null)
    assert.equal((await withdraw()).status, 202)
    assert.equal((await inboxRows(people.clerk, 0, (one) => one.application_id === id)).length, 0)
  })
})
