// 限制知悉 over the API: who is not cleared finds the case nowhere from that moment, the public no permit; two lift it.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { inboxRows, packageOf, playUntil } from './stories.mjs'

describe('a restriction', { skip: missing }, () => {
  let bureau, unwatch, open, issued, number, anybody
  const people = {}

  const grant = async (name, clearance) => {
    const { account_id: id, roles } = people[name].session.account
    const shown = await people.security.must('GET', `/admin/accounts/${id}`)
    await people.security.must('PUT', `/admin/accounts/${id}/rights`, { json: { roles, clearance }, version: shown.version })
  }
  const act = (name, id, path, json) => people[name].ask('POST', `/applications/${id}/restriction${path}`, { json, key: true })
  const refused = async (status, reason, reply) => assert.deepEqual([(await reply).status, (await reply).json.reason], [status, reason], (await reply).body.toString('utf8'))
  const listed = async (name) => (await people[name].must('GET', '/permits?limit=100')).permits.map((one) => one.permit_number)

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    issued = await playUntil(bureau, packageOf('school'))
    open = await playUntil(bureau, packageOf('school'), 'review')
    number = issued.progress.permit_number
    for (const name of ['head', 'leader', 'fire', 'clerk', 'school', 'security']) people[name] = await bureau.person(name)
    anybody = await bureau.person(null)
    for (const name of ['head', 'leader']) {
      await grant(name, 'restricted')
      people[name] = await bureau.person(name)
    }
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  test('is for who leads and is cleared', async () => {
    await refused(403, 'authz.not_permitted', act('fire', open.id, '', { reason: '涉及商业秘密' }))
    await refused(409, 'approval.not_restricted', act('head', open.id, '/lifting', { reason: '已经公开' }))
    const { restriction } = await people.head.must('GET', `/applications/${open.id}/episodes`)
    assert.deepEqual(restriction, { confidentiality: 'normal', lifting: null })
    assert.equal((await people.fire.must('GET', `/applications/${open.id}/episodes`)).restriction, null)
  })

  test('takes the case out of every list of who is not cleared', async () => {
    await inboxRows(people.fire, 1, (row) => row.application_id === open.id)
    assert.equal((await act('head', open.id, '', { reason: '涉及商业秘密' })).status, 200)
    await refused(409, 'approval.restricted_already', act('head', open.id, '', { reason: '涉及商业秘密' }))
    const rows = (await people.fire.must('GET', '/inbox?view=all&limit=100')).rows
    assert.ok(!rows.some((row) => row.application_id === open.id))
    for (const path of ['', '/progress', '/tasks', '/audit', '/letters', '/live']) assert.equal((await people.fire.ask('GET', `/applications/${open.id}${path}`)).status, 404, path)
    for (const path of ['', '/progress', '/tasks', '/audit']) await people.leader.must('GET', `/applications/${open.id}${path}`)
    await people.school.must('GET', `/applications/${open.id}`)
  })

  test('hides a permit from the public and from officers, not from its owner', async () => {
    assert.equal((await anybody.ask('GET', `!/permits/${number}`)).status, 200)
    assert.ok((await listed('clerk')).includes(number))
    assert.equal((await act('head', issued.id, '', { reason: '涉及国家秘密' })).status, 200)
    assert.equal((await anybody.ask('GET', `!/permits/${number}`)).status, 404)
    assert.ok(!(await listed('clerk')).includes(number))
    assert.ok((await listed('leader')).includes(number))
    assert.ok((await listed('school')).includes(number))
  })

  test('is lifted by two', async () => {
    assert.equal((await act('head', issued.id, '/lifting', { reason: '已经解密' })).status, 200)
    await refused(409, 'authz.proposal_is_open', act('leader', issued.id, '/lifting', { reason: '已经解密' }))
    const { restriction } = await people.leader.must('GET', `/applications/${issued.id}/episodes`)
    const { proposal_id, proposed_by_me } = restriction.lifting
    assert.equal(proposed_by_me, false)
    await refused(403, 'authz.second_person_needed', act('head', issued.id, '/lifting/confirmation', { proposal_id }))
    assert.equal((await act('leader', issued.id, '/lifting/refusal', { proposal_id, reason: '再等一等' })).status, 200)
    await refused(409, 'authz.proposal_settled', act('leader', issued.id, '/lifting/confirmation', { proposal_id }))
    assert.equal((await act('head', issued.id, '/lifting', { reason: '已经解密' })).status, 200)
    const again = (await people.leader.must('GET', `/applications/${issued.id}/episodes`)).restriction.lifting.proposal_id
    await refused(404, 'authz.proposal_not_found', act('leader', open.id, '/lifting/confirmation', { proposal_id: again }))
    assert.equal((await act('leader', issued.id, '/lifting/confirmation', { proposal_id: again })).status, 200)
    assert.equal((await anybody.ask('GET', `!/permits/${number}`)).status, 200)
    assert.ok((await listed('clerk')).includes(number))
  })
})
