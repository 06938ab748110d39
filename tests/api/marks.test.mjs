// 批注 over the API: a department marks a paper, the applicant is told by the letter and answers, replaces the paper, and
// what nobody accepted goes on to the new one.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { complete, inboxRows, kDeclarations, packageOf, playUntil } from './stories.mjs'

const kNames = ['factory', 'school', 'housing', 'housing2', 'planning', 'clerk', 'head', 'certificates', 'housing_gongshu', 'planning_gongshu', 'audit']
const kWords = '合同没有双方签章，请补齐。'

describe('a mark on a paper', { skip: missing }, () => {
  let bureau, unwatch, open, contract, pack
  const people = {}

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    pack = packageOf('corrected_and_resubmitted')
    open = await playUntil(bureau, pack, 'request_correction')
    for (const name of kNames) people[name] = await bureau.person(name)
    contract = open.documents.find((one) => one.material_code === 'M-21')
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const nameOf = (name) => people[name].session.account.display_name
  const of = (rest) => `/applications/${open.id}/${rest}`
  const place = (more = {}) => ({ document_id: contract.document_id, page: 1, kind: 'rectangle', left_ppm: 120_000, top_ppm: 600_000, width_ppm: 300_000, height_ppm: 80_000, words: kWords, ...more })
  const mark = (name, more, key = true) => people[name].ask('POST', of('marks'), { json: place(more), key })
  const marks = async (name) => (await people[name].must('GET', of('marks'))).marks
  const act = (name, one, path, words, key = true, version = one.version) => people[name].ask('POST', `/marks/${one.mark_id}/${path}`, { json: words === undefined ? {} : { words }, key, version })
  const refused = async (status, reason, pending) => {
    const reply = await pending
    assert.deepEqual([reply.status, reply.json.reason ?? reply.json.fields?.[0]?.reason], [status, reason], reply.body.toString('utf8'))
    return reply.json
  }
  const done = async (pending, status = 200) => {
    const reply = await pending
    assert.equal(reply.status, status, reply.body.toString('utf8'))
    return reply.json
  }
  const ofHousing = async (name = 'housing') => (await marks(name)).find((one) => one.words === kWords)

  test('is made by who reviews the case, on a place of its page', async () => {
    const made = await done(mark('housing'), 201)
    assert.deepEqual([made.mark_no, made.state, made.told, made.department, made.round, made.version], [1, 'open', false, 'housing', 1, 1])
    assert.deepEqual(made.places, [{ document_id: contract.document_id, page: 1, carried_from: null }])
    assert.deepEqual([made.left_ppm, made.top_ppm, made.width_ppm, made.height_ppm], [120_000, 600_000, 300_000, 80_000])
    assert.equal((await done(mark('planning', { kind: 'point', width_ppm: 0, height_ppm: 0, words: '红线不清楚。' }), 201)).department, 'planning')
    await refused(403, 'authz.not_permitted', mark('certificates'))
    await refused(403, 'authz.not_permitted', mark('factory'))
    await refused(404, 'approval.not_found', mark('housing_gongshu'))
    assert.ok((await people.certificates.must('GET', of('marks'))).blocked_because)
    assert.equal((await people.housing.must('GET', of('marks'))).blocked_because, null)
  })

  test('lies on a page that there is, and says something', async () => {
    for (const more of [{ page: contract.pages + 1 }, { width_ppm: 900_000 }, { width_ppm: 0, height_ppm: 0 }, { kind: 'point' }]) {
      const reply = await mark('housing', more)
      assert.equal(reply.status, 422, JSON.stringify(more))
      assert.match(JSON.stringify(reply.json), /approval\.mark_place_wrong/)
    }
    for (const more of [{ page: 0 }, { left_ppm: -1 }, { left_ppm: 0.5 }, { kind: 'circle' }, { words: '' }, { words: '长'.repeat(501) }, { document_id: 'x' }, { colour: 'red' }]) assert.equal((await mark('housing', more)).status, 422, JSON.stringify(more))
    const elsewhere = await mark('housing', { document_id: randomUUID() })
    assert.match(JSON.stringify(elsewhere.json), /approval\.mark_paper_unknown/)
  })

  test('made twice by one request is made once', async () => {
    const key = randomUUID()
    const json = { kind: 'text', width_ppm: 0, height_ppm: 0, words: '请注明日期' }
    const first = await done(mark('housing', json, key), 201)
    assert.deepEqual(await done(mark('housing', json, key), 201), first)
    await refused(409, 'db.idempotency_key_reused', mark('housing', { ...json, words: '另一句' }, key))
    assert.equal((await marks('housing')).filter((one) => one.words === '请注明日期').length, 1)
  })

  test('is accepted by its department alone, and the second of two is told who was faster', async () => {
    const one = (await marks('housing')).find((entry) => entry.words === '请注明日期')
    assert.deepEqual([one.may, (await marks('planning')).find((entry) => entry.mark_id === one.mark_id).may], [['accept'], []])
    await refused(403, 'approval.mark_not_yours', act('planning', one, 'acceptance'))
    await refused(404, 'approval.not_found', act('housing_gongshu', one, 'acceptance'))
    await refused(403, 'authz.not_permitted', act('factory', one, 'acceptance'))
    const key = randomUUID()
    const accepted = await done(act('housing', one, 'acceptance', undefined, key))
    assert.deepEqual([accepted.state, accepted.version, accepted.may], ['accepted', 2, ['reopen']])
    assert.deepEqual(await done(act('housing', one, 'acceptance', undefined, key)), accepted)
    const problem = await refused(409, 'approval.mark_changed', act('housing2', one, 'acceptance'))
    assert.match(problem.detail, new RegExp(`由${nameOf('housing')}.*认可`))
    await refused(409, 'approval.mark_accepted_already', act('housing2', accepted, 'acceptance'))
    assert.equal((await act('housing', accepted, 'reopening')).status, 422)
    const reopened = await done(act('housing2', accepted, 'reopening', '日期与合同不一致'))
    assert.deepEqual([reopened.state, reopened.acts.map((entry) => entry.act)], ['open', ['accept', 'reopen']])
    await done(act('housing', reopened, 'acceptance', '误标'))
  })

  test('is not told to the applicant before the letter goes out', async () => {
    assert.deepEqual(await marks('factory'), [])
    const one = await ofHousing()
    await refused(404, 'approval.not_found', act('factory', one, 'answers', '已补'))
    for (const name of ['school', 'housing_gongshu']) assert.equal((await people[name].ask('GET', of('marks'))).status, 404)
    const [row] = await inboxRows(people.clerk, 1, (entry) => entry.application_id === open.id && entry.kind === 'accept')
    await done(complete(people.clerk, row, 'request_correction'))
    await waitFor('补正通知', async () => (await people.factory.must('GET', of('progress'))).correction)
    const told = await marks('factory')
    assert.deepEqual(told.map((entry) => entry.words), [kWords, '红线不清楚。'])
    assert.deepEqual([told[0].author_name, told[0].may, told[0].told], [null, ['answer'], true])
    for (const name of ['housing', 'planning']) assert.ok(!JSON.stringify(told).includes(nameOf(name)), name)
    assert.equal((await ofHousing()).told, true)
  })

  test('is answered by the applicant alone, once for each request', async () => {
    const one = await ofHousing('factory')
    await refused(404, 'approval.not_found', act('school', one, 'answers', '已补'))
    await refused(403, 'authz.not_permitted', act('housing', one, 'answers', '已补'))
    const key = randomUUID()
    const answered = await done(act('factory', one, 'answers', '已请双方补盖公章。', key))
    assert.deepEqual([answered.state, answered.version, answered.acts.length], ['answered', 2, 1])
    assert.deepEqual(await done(act('factory', one, 'answers', '已请双方补盖公章。', key)), answered)
    await refused(409, 'approval.mark_changed', act('factory', one, 'answers', '再说一次'))
    const seen = await ofHousing()
    assert.deepEqual([seen.state, seen.acts[0].actor_name, seen.acts[0].words], ['answered', '申请人', '已请双方补盖公章。'])
  })

  test('made while the application is with the applicant is told with the next letter', async () => {
    await done(mark('housing', { words: '第二处' }), 201)
    assert.ok(!(await marks('factory')).some((one) => one.words === '第二处'))
  })

  test('goes on to the paper that replaces its own, and the old one keeps it', async () => {
    const upload = (code, file) => people.factory.must('POST', `${of('documents')}?${new URLSearchParams({ material_code: code, file_name: '施工合同（补签）.pdf' })}`, { body: readFileSync(join(pack.folder, 'papers', file)), type: 'application/pdf', key: true })
    const fresh = await upload('M-21', 'm38-safety-measures.pdf')
    await refused(422, 'json.fields_invalid', mark('housing', { words: '' }))
    assert.match(JSON.stringify((await mark('housing', { document_id: fresh.document_id, words: '还没提交' })).json), /mark_paper_unknown/)
    const { points } = (await people.factory.must('GET', of('progress'))).correction
    const { version } = await people.factory.must('GET', `/applications/${open.id}`)
    await people.factory.must('POST', of('submission'), { json: { declarations: { ...kDeclarations, already_started: false, privacy_notice_read: true }, remarks: await remarks(), answers: points.map((one) => ({ point_id: one.point_id, answer: '已改正。' })) }, key: true, version })
    await waitFor('补正已收到', async () => {
      const { round, correction } = await people.factory.must('GET', of('progress'))
      return round === 2 && !correction ? true : null
    })
    const carried = await ofHousing()
    assert.deepEqual(carried.places, [{ document_id: contract.document_id, page: 1, carried_from: null }, { document_id: fresh.document_id, page: 1, carried_from: contract.document_id }])
    assert.equal(carried.state, 'answered')
    const accepted = (await marks('housing')).find((one) => one.words === '请注明日期')
    assert.equal(accepted.places.length, 1)
    await refused(409, 'approval.mark_paper_replaced', mark('housing'))
    await refused(409, 'approval.mark_not_your_turn', act('factory', carried, 'answers', '晚了'))
    assert.deepEqual((await ofHousing('factory')).may, [])
    const settled = await done(act('housing', carried, 'acceptance', '章已补齐'))
    assert.equal(settled.state, 'accepted')
    assert.equal(settled.places.length, 2)
    // What officers said after the letter is between them until the next one.
    assert.equal((await ofHousing('factory')).state, 'answered')
  })

  async function remarks() {
    const { findings } = await people.factory.must('GET', `/applications/${open.id}`)
    return findings.filter((one) => one.outcome === 'fail').map((one) => ({ rule: one.rule, remark: '请审查。' }))
  }

  test('leaves a line in the trace for each act, without its words, and none in the log', async () => {
    const { entries } = await people.audit.must('GET', of('audit?limit=100'))
    const count = (what) => entries.filter((one) => one.act === what).length
    assert.deepEqual(['approval.mark_paper', 'approval.accept_mark', 'approval.reopen_mark', 'approval.answer_mark'].map(count), [4, 3, 1, 1])
    assert.ok(!JSON.stringify(entries).includes(kWords))
    assert.ok(!bureau.log.includes(kWords) && !bureau.log.includes('补盖公章'))
  })

  test('is read in another region by who was given the case, and neither made nor judged', async () => {
    const { account_id: to } = people.planning_gongshu.session.account
    await people.head.must('POST', of('copies'), { json: { to: [to] }, key: true })
    assert.ok((await marks('planning_gongshu')).length >= 3)
    await refused(404, 'approval.not_found', mark('planning_gongshu'))
    const one = (await marks('planning')).find((entry) => entry.department === 'planning')
    await refused(404, 'approval.not_found', act('planning_gongshu', one, 'acceptance'))
  })
})
