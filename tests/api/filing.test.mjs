// Filing and its papers: what was acknowledged belongs to a round, whatever happens at the same moment.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { withChanges } from '../../tools/demo/patch.mjs'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { fileNight, inParallel, kDeclarations, nightForm, packageOf, playUntil } from './stories.mjs'

const kPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

describe('filing', { skip: missing }, () => {
  let bureau, school

  before(async () => {
    bureau = await Bureau.start()
    school = await bureau.person('school')
  })
  after(() => bureau?.stop())

  const upload = (person, id, { name = '工艺说明.png', code = 'N-01', key = true, body = kPng } = {}) =>
    person.ask('POST', `/applications/${id}/documents?${new URLSearchParams({ material_code: code, file_name: name })}`, { body, type: 'image/png', key })
  const startNight = async (number) => {
    const draft = await school.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
    const saved = await school.must('PUT', `/applications/${draft.application_id}/form`, { json: { form: nightForm('330106', number) }, version: draft.version })
    return { id: draft.application_id, version: saved.version }
  }
  const submit = ({ id, version }) => school.ask('POST', `/applications/${id}/submission`, { json: { declarations: kDeclarations, remarks: [], answers: [] }, key: true, version })

  test('the rounds can be read straight after the answer to the submission', async () => {
    for (let i = 0; i < 10; i += 1) {
      const id = await fileNight(school, '330106', 100 + i)
      const [list, round] = await Promise.all(['', '/1'].map((end) => school.ask('GET', `/applications/${id}/submissions${end}`)))
      assert.equal(list.status, 200, list.body.toString())
      assert.equal(list.json.submissions.length, 1)
      assert.equal(round.status, 200)
      assert.equal((await (await bureau.person('estate')).ask('GET', `/applications/${id}/submissions`)).status, 404)
    }
  })

  test('a draft has no rounds', async () => {
    const draft = await startNight(1)
    assert.deepEqual((await school.must('GET', `/applications/${draft.id}/submissions`)).submissions, [])
    assert.equal((await school.ask('GET', `/applications/${draft.id}/submissions/1`)).status, 404)
  })

  test('each material of a round lists its papers', async () => {
    const draft = await startNight(2)
    const papers = []
    for (const name of ['甲.png', '乙.png']) papers.push((await upload(school, draft.id, { name })).json)
    assert.equal((await submit(draft)).status, 201)
    const [material] = (await school.must('GET', `/applications/${draft.id}/submissions/1`)).materials
    assert.deepEqual(material.documents, papers.map((paper) => ({ ...paper, round: 1 })))
  })

  test('an upload that races a submission is in the round, or is refused with the remedy', async () => {
    const drafts = await inParallel(Array.from({ length: 40 }), 8, (_, i) => startNight(200 + i))
    let before = 0
    let after = 0
    for (const [at, draft] of drafts.entries()) {
      // More or fewer looks at the draft first, so that the submission falls into another moment of the uploads.
      const lookAndSubmit = async () => {
        for (let i = 0; i < at % 8; i += 1) await school.must('GET', `/applications/${draft.id}`)
        return submit(draft)
      }
      const [filed, ...uploads] = await Promise.all([lookAndSubmit(), ...Array.from({ length: 6 }, (_, i) => upload(school, draft.id, { name: `${i}.png` }))])
      if (filed.status !== 201) {
        assert.equal(filed.json.reason, 'applications.papers_changed')
        assert.equal((await submit(draft)).status, 201, 'the draft is as it was')
      }
      const [material] = (await school.must('GET', `/applications/${draft.id}/submissions/1`)).materials
      const inRound = new Set(material.documents.map((paper) => paper.document_id))
      for (const reply of uploads) {
        if (reply.status === 201) {
          before += 1
          assert.ok(inRound.has(reply.json.document_id), 'a paper was acknowledged and belongs to no round')
        } else {
          after += 1
          assert.equal(reply.status, 409)
          assert.equal(reply.json.reason, 'applications.not_your_turn')
        }
      }
      assert.equal(material.proved_by, inRound.size ? 'file' : '', 'the rules saw what was filed')
    }
    assert.ok(before > 0 && after > 0, `nothing raced: ${before} before, ${after} after`)
  })

  test('what was uploaded for a correction and what comes after it', async () => {
    const pack = packageOf('corrected_and_resubmitted')
    const { id, form } = await playUntil(bureau, pack, 'resubmit')
    const owner = await bureau.person(pack.account)
    const { input } = pack.steps.find((step) => step.act === 'resubmit')
    const draft = await owner.must('GET', `/applications/${id}`)
    const saved = await owner.must('PUT', `/applications/${id}/form`, { json: { form: withChanges(form, input.changes) }, version: draft.version })
    const paper = await upload(owner, id, { code: 'M-38' })
    assert.equal(paper.status, 201)
    const filed = await owner.ask('POST', `/applications/${id}/submission`, { json: { declarations: input.declarations, remarks: [], answers: [] }, key: true, version: saved.version })
    assert.equal(filed.status, 201, filed.body.toString())
    // The procedure takes the answer in a moment later; until then its correction still looks open.
    const late = await Promise.all([upload(owner, id, { code: 'M-38', name: '晚了.png' }), owner.ask('GET', `/applications/${id}`), owner.ask('PUT', `/applications/${id}/form`, { json: { form }, version: saved.version + 1 })])
    assert.deepEqual(late.map((reply) => reply.status), [409, 200, 409])
    assert.equal(late[1].json.turn, 'authority')
    const materials = async (round) => new Map((await owner.must('GET', `/applications/${id}/submissions/${round}`)).materials.map((m) => [m.material_code, m.documents.map((d) => d.document_id)]))
    const [first, second] = [await materials(1), await materials(2)]
    assert.deepEqual(second.get('M-38'), [paper.json.document_id])
    assert.deepEqual(first.get('M-38'), [])
    assert.ok(first.get('M-03').length > 0)
    assert.deepEqual(second.get('M-03'), first.get('M-03'), 'papers that were not renewed still stand')
  })

  test('the retry of an upload gets the first answer, also after the submission; another material or name is refused', async () => {
    const draft = await startNight(3)
    const key = randomUUID()
    const first = await upload(school, draft.id, { key })
    assert.equal(first.status, 201)
    for (const other of [{ code: 'N-02' }, { name: '别名.png' }, { body: Buffer.concat([kPng, Buffer.from([0])]) }]) {
      const reply = await upload(school, draft.id, { key, ...other })
      assert.equal(reply.json.reason, 'db.idempotency_key_reused', JSON.stringify(other))
    }
    assert.equal((await submit(draft)).status, 201)
    const again = await upload(school, draft.id, { key })
    assert.equal(again.status, 201)
    assert.equal(again.json.document_id, first.json.document_id)
    assert.equal((await upload(school, draft.id)).json.reason, 'applications.not_your_turn')
    assert.equal((await school.ask('DELETE', `/documents/${first.json.document_id}`)).status, 409)
  })

  test('materials are committed to by version alone', async () => {
    const draft = await startNight(4)
    const choose = (version) => school.ask('PUT', `/applications/${draft.id}/commitments`, { json: { materials: [] }, version })
    assert.equal((await choose(draft.version)).status, 200)
    assert.equal((await choose(draft.version)).json.reason, 'db.version_is_stale')
  })
})
