// 限制知悉 over the API: who is not cleared finds the case nowhere from that moment, the public no permit; two lift it.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { inboxRows, packageOf, playUntil } from './stories.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'

const kPackage = '/process-packages/construction-permit'
const kDraft = `${kPackage}/draft`

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
  const lift = async (id) => {
    assert.equal((await act('head', id, '/lifting', { reason: '已经解密' })).status, 200)
    const { restriction } = await people.leader.must('GET', `/applications/${id}/episodes`)
    assert.equal((await act('leader', id, '/lifting/confirmation', { proposal_id: restriction.lifting.proposal_id })).status, 200)
  }
  const dayAfter = (day, days) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
  const listed = async (name) => (await people[name].must('GET', '/permits?limit=100')).permits.map((one) => one.permit_number)

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    issued = await playUntil(bureau, packageOf('school'))
    open = await playUntil(bureau, packageOf('school'), 'review')
    number = issued.progress.permit_number
    for (const name of ['head', 'leader', 'fire', 'clerk', 'school', 'security', 'rules']) people[name] = await bureau.person(name)
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
    const cleared = ['陈科长', '林局长'].map((name) => ({ name, department_name: '住房和城乡建设局' }))
    assert.deepEqual(restriction, { confidentiality: 'normal', i_am_cleared: true, cleared, lifting: null })
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

  test('is named to nobody who tries rules, processes and calendars on all cases, and not counted', async () => {
    const { rules } = people
    const shown = async () => {
      const { preview_id: id } = await rules.must('POST', `${kDraft}/previews`, { key: true })
      const preview = await waitFor('预演完成', async () => {
        const one = await rules.must('GET', `${kPackage}/previews/${id}`)
        return one.state === 'running' ? null : one
      })
      return { preview, again: () => rules.must('GET', `${kPackage}/previews/${id}`), changes: async () => (await rules.must('GET', `${kPackage}/previews/${id}/changes`)).changes.map((one) => one.application_id) }
    }
    const draft = await rules.must('POST', `${kDraft}`, { json: { from_version: null }, key: true })
    const bpmn = draft.bpmn.replaceAll(/role="acceptance_officer"/g, 'role="section_head"')
    assert.notEqual(bpmn, draft.bpmn)
    await rules.must('PUT', kDraft, { json: { bpmn, called: draft.called, note: '' }, version: draft.version })
    // The case was restricted before this preview: it has no part in it.
    const tried = await shown()
    assert.equal(tried.preview.state, 'done', tried.preview.failure)
    assert.deepEqual([...new Set(await tried.changes())], [issued.id])
    assert.equal(tried.preview.changed_applications, 1)
    assert.equal(tried.preview.total, 1)
    // And the other one after it: its rows and its share of the counts are gone at once.
    assert.equal((await act('head', issued.id, '', { reason: '涉及国家秘密' })).status, 200)
    assert.deepEqual(await tried.changes(), [])
    const left = await tried.again()
    assert.deepEqual([left.changed_applications, left.changed_results, left.by_subject], [0, 0, []])
    await lift(issued.id)
    assert.deepEqual([...new Set(await tried.changes())], [issued.id])

    const { today, years } = await rules.must('GET', '/calendar')
    const table = { year: Number(today.slice(0, 4)), source: years[0].publication && { title: '通知', document: '国办发明电〔2099〕1号' }, holidays: [{ name: '临时假', from_on: today, through_on: dayAfter(today, 6) }], working_on: [] }
    const effect = async (who) => (await people[who].must('POST', '/calendar/effects', { json: { table } }))
    const seen = await effect('rules')
    assert.ok(!seen.changes.some((one) => one.application_id === open.id))
    await grant('rules', 'restricted')
    people.rules = await bureau.person('rules')
    const cleared = await effect('rules')
    assert.ok(cleared.changes.some((one) => one.application_id === open.id))
    assert.deepEqual([cleared.running_cases - seen.running_cases, cleared.looked_at - seen.looked_at], [1, 1])
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

  test('nothing of the case goes to firms of the works: no invitation anew, and open ones are closed until it is lifted', async () => {
    const corrected = await playUntil(bureau, packageOf('corrected_and_resubmitted'), 'resubmit')
    for (const name of ['head', 'leader', 'factory', 'builder', 'designer']) people[name] = await bureau.person(name)
    const { factory, builder, designer } = people
    const invite = (firm, role) => factory.ask('POST', `/applications/${corrected.id}/invited-parts`, { json: { part: 'own_row', credit_code: firm.session.account.credit_code, role, kind: 'fill' }, key: true })
    const { part_id: id } = (await invite(builder, 'main_contractor')).json
    const { values, version } = await builder.must('GET', `/invited-parts/${id}`)
    assert.equal((await act('head', corrected.id, '', { reason: '涉及国家秘密' })).status, 200)
    await refused(409, 'applications.invite_restricted', invite(designer, 'designer'))
    await refused(404, 'invited_parts.not_found', builder.ask('GET', `/invited-parts/${id}`))
    await refused(404, 'invited_parts.not_found', builder.ask('PUT', `/invited-parts/${id}/values`, { json: { values }, version }))
    await refused(404, 'invited_parts.not_found', builder.ask('POST', `/invited-parts/${id}/confirmation`, { json: { declared: true }, version }))
    assert.deepEqual((await builder.must('GET', '/invited-parts')).parts, [])
    await lift(corrected.id)
    assert.deepEqual((await builder.must('GET', '/invited-parts')).parts.map((one) => one.part_id), [id])
    await builder.must('POST', `/invited-parts/${id}/confirmation`, { json: { declared: true }, version })
    assert.equal((await invite(designer, 'designer')).status, 201)
  })
})
