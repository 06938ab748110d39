// 合并、分立: what a company can do with the cases of the one whose rights came to it, and what stays the other's.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { packageOf, playUntil, settled } from './stories.mjs'
import { perform } from '../../tools/demo/acts.mjs'
import { Client } from '../../tools/demo/client.mjs'

describe('a company that takes over', { skip: missing }, () => {
  let bureau, factory, estate, school, open, draft

  const status = async (person, ...act) => (await person.ask(...act)).status
  const listed = async (person) => (await person.must('GET', '/applications')).applications.map((one) => one.application_id)
  const paths = () => ['', '/progress', '/letters', '/submissions/1', '/tasks'].map((end) => `/applications/${open.id}${end}`)

  before(async () => {
    bureau = await Bureau.start()
    ;[factory, estate, school] = await Promise.all(['factory', 'estate', 'school'].map((one) => bureau.person(one)))
    open = await playUntil(bureau, packageOf('corrected_and_resubmitted'), 'resubmit')
    draft = (await factory.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })).application_id
  })
  after(async () => assert.equal(await bureau?.stop(), 0))

  test('has nothing of it before two persons of the office have said so', async () => {
    const [admin, security] = [await bureau.person('admin'), await bureau.person('security')]
    const proposal = { predecessor_code: factory.session.account.credit_code, successor_code: estate.session.account.credit_code, reason: '吸收合并' }
    const { proposal_id: id } = await admin.must('POST', '/admin/successions', { json: proposal })
    for (const path of [...paths(), `/applications/${draft}`]) assert.equal(await status(estate, 'GET', path), 404, path)
    assert.ok(!(await listed(estate)).includes(open.id))
    await security.must('POST', `/admin/successions/${id}/confirmation`)
  })

  test('has its cases and drafts at once, in lists and one by one, and others still have nothing', async () => {
    for (const path of [...paths(), `/applications/${draft}`]) {
      assert.equal(await status(estate, 'GET', path), await status(factory, 'GET', path), path)
      assert.equal(await status(school, 'GET', path), 404, path)
    }
    for (const id of [open.id, draft]) assert.ok((await listed(estate)).includes(id))
    assert.ok(!(await listed(school)).includes(open.id))
  })

  test('answers for it: mends the form, uploads and files again, and the case goes on as what it was', async () => {
    assert.equal((await estate.must('GET', `/applications/${open.id}`)).can_edit, true)
    const pack = packageOf('corrected_and_resubmitted')
    const { input } = pack.steps.find((one) => one.act === 'resubmit')
    const client = new Client(bureau.url, 'estate')
    await perform({ pack, application: open, owner: client, act: 'resubmit', input, client })
    await settled(client, open)
    for (const person of [estate, factory]) {
      const { round, findings, owner_name: owner } = await person.must('GET', `/applications/${open.id}`)
      assert.deepEqual([round, owner], [2, pack.form.participants[0].organisation_name], person.account)
      assert.ok(!findings.some((one) => one.rule === 'R-108' && one.outcome === 'fail'), 'the owner is still who filed')
    }
    assert.equal(await status(school, 'GET', `/applications/${open.id}/submissions/2`), 404)
  })

  test('files what is new under its own code, which the predecessor does not see', async () => {
    const { application_id: id } = await estate.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
    assert.equal(await status(factory, 'GET', `/applications/${id}`), 404)
    assert.ok(!(await listed(factory)).includes(id))
  })
})
