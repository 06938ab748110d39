// What the applicant types while a correction is open is his alone, and moves nothing: the region is settled with the
// first filing, and names, papers and promises are the officers' when they are filed.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { withChanges } from '../../tools/demo/patch.mjs'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { packageOf, playUntil } from './stories.mjs'

const kPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const kElsewhere = '330105'

describe('an open correction', { skip: missing }, () => {
  let bureau, unwatch, pack, open, owner, clerk, paper

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    pack = packageOf('corrected_and_resubmitted')
    open = await playUntil(bureau, pack, 'resubmit')
    owner = await bureau.person(pack.account)
    clerk = await bureau.person('clerk')
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const of = (path = '') => `/applications/${open.id}${path}`
  const version = async () => (await owner.must('GET', of())).version
  const changed = (change) => {
    const form = structuredClone(open.form)
    change(form)
    return form
  }
  const save = async (form) => owner.ask('PUT', of('/form'), { json: { form }, version: await version() })
  const unmask = () => clerk.ask('POST', of('/unmasked'), { json: { fields: ['agent.phone'], reason: '与纸质材料核对' } })

  test('does not move the case to another region, and its officers keep it', async () => {
    const moved = await save(changed((form) => (form.application.region_code = kElsewhere)))
    assert.deepEqual([moved.status, moved.json.reason], [422, 'applications.region_is_settled'], moved.body.toString())
    assert.deepEqual(moved.json.fields.map((one) => one.field), ['application.region_code'])
    assert.equal((await unmask()).status, 200)
    assert.equal((await save(open.form)).status, 200)
  })

  test('is not filed where an older version let the draft be moved', async () => {
    const file = join(bureau.folder, 'kaigong.db')
    if (!existsSync(file)) return
    const sql = `UPDATE applications SET form = json_set(form, '$.application.region_code', '${kElsewhere}') WHERE application_id = '${open.id}'`
    const { status, stderr } = spawnSync('sqlite3', ['-cmd', '.timeout 10000', file, sql], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    const { input } = pack.steps.find((step) => step.act === 'resubmit')
    const filed = await owner.ask('POST', of('/submission'), { json: { declarations: input.declarations, remarks: [], answers: [] }, key: true, version: await version() })
    assert.deepEqual([filed.status, filed.json.reason], [422, 'applications.region_is_settled'], filed.body.toString())
    assert.equal((await save(open.form)).status, 200)
  })

  test('shows officers no name, paper or promise that was not filed', async () => {
    const before = await clerk.must('GET', of())
    assert.equal((await save(changed((form) => (form.works.works_name = '还没有提交的名称')))).status, 200)
    const upload = await owner.ask('POST', of(`/documents?${new URLSearchParams({ material_code: 'M-38', file_name: '没有提交.png' })}`), { body: kPng, type: 'image/png', key: true })
    assert.equal(upload.status, 201)
    const own = await owner.must('GET', of())
    const promise = own.materials.find((one) => one.may_commit && !one.committed).material_code
    const committed = own.materials.filter((one) => one.committed).map((one) => one.material_code)
    await owner.must('PUT', of('/commitments'), { json: { materials: [...committed, promise] }, version: own.version })

    const seen = await clerk.must('GET', of())
    assert.equal(seen.works_name, before.works_name)
    assert.deepEqual(seen.materials, before.materials)
    assert.deepEqual(seen.findings, before.findings)
    assert.ok((await owner.must('GET', of())).materials.some((one) => one.documents.some((paper) => paper.document_id === upload.json.document_id)))
    const content = (person) => person.ask('GET', `/documents/${upload.json.document_id}/content`)
    assert.equal((await content(clerk)).status, 404)
    assert.equal((await content(owner)).status, 200)
    const found = await clerk.must('POST', '/applications/by-person', { json: { kind: 'phone', number: pack.form.agent.phone, reason: '与纸质材料核对' } })
    assert.deepEqual(found.applications.map((one) => one.works_name), [before.works_name])

    await owner.must('PUT', of('/commitments'), { json: { materials: committed }, version: await version() })
    paper = upload.json.document_id
  })

  test('is filed with what was typed, which is read by officers from then on', async () => {
    const { input } = pack.steps.find((step) => step.act === 'resubmit')
    const saved = await save(withChanges(changed((form) => (form.works.works_name = '补正后的名称')), input.changes))
    assert.equal(saved.status, 200, saved.body.toString())
    assert.notEqual((await clerk.must('GET', of())).works_name, '补正后的名称')
    const filed = await owner.ask('POST', of('/submission'), { json: { declarations: input.declarations, remarks: [], answers: [] }, key: true, version: saved.json.version })
    assert.equal(filed.status, 201, filed.body.toString())
    assert.equal((await clerk.must('GET', of())).works_name, '补正后的名称')
    assert.equal((await clerk.ask('GET', `/documents/${paper}/content`)).status, 200)
  })
})
