// A firm of the works fills in and confirms its own part of somebody else's application, and reaches nothing else of it.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { creditCode, lastMessage, register } from './people.mjs'
import { kDeclarations, packageOf } from './stories.mjs'

const kUnknownId = '01900000-0000-7000-8000-000000000000'
const kDesigner = 2
const kContractor = 3
const kSurveyor = 1
const kDesignersName = '陈设计甲'
const kStranger = creditCode('MA0TPA01')

describe('invited parts', { skip: missing }, () => {
  // The school owns the works; the estate stands for the designer, the factory for the contractor.
  let bureau, school, estate, factory, clerk, draft, form, designer

  const codeOf = (person) => person.session.account.credit_code
  const refused = async (status, reason, person, ...act) => {
    const reply = await person.ask(...act)
    assert.deepEqual([reply.status, reply.json?.reason], [status, reason], `${act[0]} ${act[1]}`)
    return reply.json
  }
  const current = () => school.must('GET', `/applications/${draft.application_id}`)
  const saveForm = async (next) => school.must('PUT', `/applications/${draft.application_id}/form`, { json: { form: next }, version: (await current()).version })
  const parts = async () => (await school.must('GET', `/applications/${draft.application_id}/invited-parts`)).parts
  const standing = async (id) => (await parts()).find((one) => one.part_id === id).standing
  const invitation = (person, role, more = {}) => ({ part: 'own_row', credit_code: codeOf(person), role, kind: 'fill', ...more })
  /** The rule about confirmations, as the owner sees it now: rows at fault, and the words. */
  const unconfirmed = async () => {
    const found = (await current()).findings.find((one) => one.rule === 'R-520' && one.outcome === 'fail')
    return { rows: (found?.fields ?? []).map((path) => Number(/^participants\[(\d+)\]\.confirmed_at_ms$/.exec(path)[1])), message: found?.message ?? '', remedy: found?.remedy ?? '' }
  }
  const invite = (json) => school.must('POST', `/applications/${draft.application_id}/invited-parts`, { json, key: true })
  const withdraw = (id) => school.must('DELETE', `/applications/${draft.application_id}/invited-parts/${id}`)
  const show = (person, id) => person.must('GET', `/invited-parts/${id}`)
  const save = (person, part, row) => person.must('PUT', `/invited-parts/${part.part_id}/values`, { json: { values: { participants: [row] } }, version: part.version })
  const confirm = (person, part) => person.must('POST', `/invited-parts/${part.part_id}/confirmation`, { json: { declared: true }, version: part.version })

  before(async () => {
    bureau = await Bureau.start()
    for (const [name, set] of Object.entries({ school: (p) => (school = p), estate: (p) => (estate = p), factory: (p) => (factory = p), clerk: (p) => (clerk = p) })) set(await bureau.person(name))
    draft = await school.must('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })
    form = structuredClone(packageOf('school').form)
    form.participants[kDesigner].credit_code = codeOf(estate)
    form.participants[kContractor].credit_code = codeOf(factory)
    form.participants[kSurveyor].credit_code = kStranger
    // Whoever sends what only the system says has not said it.
    for (const row of form.participants) Object.assign(row, { confirmed_at_ms: 1795141800000, confirmation_standing: 'confirmed' })
    await saveForm(form)
    form = (await current()).form
  })
  after(async () => assert.equal(await bureau?.stop(), 0))

  test('an owner who sends confirmations confirms nothing, in a draft and while typing', async () => {
    assert.ok(!JSON.stringify(form).includes('confirm'))
    const { rows, message, remedy } = await unconfirmed()
    assert.deepEqual(rows, [1, 2, 3, 4])
    assert.match(message, /没有有效的邀请/)
    assert.match(remedy, /请参建单位填报或确认/)
    const sent = structuredClone(form)
    for (const row of sent.participants) row.confirmed_at_ms = 1795141800000
    const typed = await school.must('POST', `/applications/${draft.application_id}/precheck`, { json: { form: sent } })
    assert.equal(typed.findings.find((one) => one.rule === 'R-520').outcome, 'fail')
    // Of a wrong type it is no more than of a right one.
    for (const row of sent.participants) row.confirmed_at_ms = { at: 'now' }
    await saveForm(sent)
    assert.deepEqual((await current()).form, form)
  })

  test('a firm of the form is invited once to a part of its role; nobody else', async () => {
    const path = `/applications/${draft.application_id}/invited-parts`
    const { invitable } = await school.must('GET', path)
    assert.ok(invitable.some((one) => one.credit_code === codeOf(estate) && one.part === 'own_row'))
    assert.ok(invitable.some((one) => one.credit_code === codeOf(factory) && one.part === 'site_safety'))
    assert.ok(invitable.every((one) => one.credit_code !== codeOf(school)))
    const wrong = [
      ['applications.part_unknown', { part: 'nothing' }],
      ['applications.part_unknown', { part: 'site_safety' }],
      ['applications.credit_code_malformed', { credit_code: '91330105MA0DEM021A' }],
      ['applications.part_is_own', { credit_code: codeOf(school) }],
      ['applications.firm_not_listed', { role: 'surveyor' }],
    ]
    for (const [reason, more] of wrong) await refused(422, reason, school, 'POST', path, { json: invitation(estate, 'designer', more), key: true })
    const key = crypto.randomUUID()
    const first = await school.must('POST', path, { json: invitation(estate, 'designer'), key })
    assert.deepEqual(await school.must('POST', path, { json: invitation(estate, 'designer'), key }), first)
    assert.equal(first.message, 'not_needed')
    designer = first.part_id
    await refused(409, 'applications.part_already_invited', school, 'POST', path, { json: invitation(estate, 'designer'), key: true })
    assert.equal(await standing(designer), 'invited')
  })

  test('a firm that is not here is told how to come, in words that nobody typed', async () => {
    const wanted = { part: 'own_row', credit_code: kStranger, role: 'surveyor', kind: 'confirm' }
    const path = `/applications/${draft.application_id}/invited-parts`
    await refused(422, 'applications.firm_not_here', school, 'POST', path, { json: wanted, key: true })
    await refused(422, 'identity.phone_malformed', school, 'POST', path, { json: { ...wanted, phone: '12' }, key: true })
    const sent = await invite({ ...wanted, phone: '138 0000 7001' })
    assert.equal(sent.message, 'sent')
    const words = await lastMessage(bureau, '13800007001')
    assert.match(words, /教育建设中心/)
    assert.match(words, /\/app\/register/)
    assert.ok(!words.includes(form.works.works_name))
    // It comes, is verified, and finds what waits for it.
    const founder = await register(bureau, { phone: '13800007001', name: 'surveyors' })
    const firm = await founder.must('POST', '/organisations', { json: { credit_code: kStranger, organisation_name: '示例勘测' } })
    await refused(404, 'identity.not_found', founder, 'PUT', '/session/organisation', { json: { organisation_id: firm.organisation_id } })
    assert.equal((await founder.ask('GET', '/invited-parts')).status, 403)
    await clerk.must('POST', `/admin/organisations/${firm.organisation_id}/verification`, { version: firm.version })
    await founder.must('PUT', '/session/organisation', { json: { organisation_id: firm.organisation_id } })
    const { parts: waiting } = await founder.must('GET', '/invited-parts')
    assert.deepEqual(waiting.map((one) => one.part_id), [sent.part_id])
    const part = await show(founder, sent.part_id)
    assert.equal(part.can_edit, false)
    await refused(403, 'applications.part_only_confirmed', founder, 'PUT', `/invited-parts/${sent.part_id}/values`, { json: { values: part.values }, version: part.version })
    const confirmed = await confirm(founder, part)
    assert.deepEqual([confirmed.standing, confirmed.confirmation.authority_duty], ['confirmed', 'admin'])
    assert.deepEqual((await unconfirmed()).rows, [2, 3, 4])
    // Who ends to act for the firm has lost its parts with the next request.
    await founder.must('PUT', '/session/organisation', { json: { organisation_id: null } })
    assert.equal((await founder.ask('GET', `/invited-parts/${sent.part_id}`)).status, 403)
  })

  test('the firm sees its row and the names, and nothing else of the application', async () => {
    const { parts: waiting } = await estate.must('GET', '/invited-parts')
    assert.deepEqual(waiting.map((one) => [one.part_id, one.works_name]), [[designer, form.works.works_name]])
    const part = await show(estate, designer)
    assert.deepEqual(Object.keys(part.values), ['participants'])
    assert.equal(part.values.participants.length, 1)
    assert.equal(part.values.participants[0].lead.id_number, form.participants[kDesigner].lead.id_number)
    const text = JSON.stringify([part, waiting])
    for (const hidden of [form.works.works_address, form.participants[kContractor].organisation_name, form.participants[kContractor].lead.phone, form.agent.phone, draft.application_id]) assert.ok(!text.includes(hidden), hidden)
    for (const path of ['', '/submissions', '/letters', '/invited-parts', '/documents']) assert.notEqual((await estate.ask('GET', `/applications/${draft.application_id}${path}`)).status, 200, path)
    await refused(404, 'applications.not_found', estate, 'GET', `/applications/${draft.application_id}`)
    await refused(404, 'applications.not_found', estate, 'PUT', `/applications/${draft.application_id}/form`, { json: { form }, version: 1 })
  })

  test('a stranger and an id that is none are the same', async () => {
    const values = { participants: [{}] }
    for (const id of [designer, kUnknownId, 'no-id']) {
      await refused(404, 'invited_parts.not_found', factory, 'GET', `/invited-parts/${id}`)
      await refused(404, 'invited_parts.not_found', school, 'GET', `/invited-parts/${id}`)
      await refused(404, 'invited_parts.not_found', factory, 'PUT', `/invited-parts/${id}/values`, { json: { values }, version: 1 })
      await refused(404, 'invited_parts.not_found', factory, 'POST', `/invited-parts/${id}/confirmation`, { json: { declared: true }, version: 1 })
    }
    for (const id of [draft.application_id, kUnknownId]) {
      await refused(404, 'applications.not_found', estate, 'GET', `/applications/${id}/invited-parts`)
      await refused(404, 'applications.not_found', estate, 'DELETE', `/applications/${id}/invited-parts/${designer}`)
      await refused(404, 'applications.not_found', estate, 'POST', `/applications/${id}/invited-parts`, { json: invitation(factory, 'main_contractor'), key: true })
    }
    await refused(403, 'authz.not_permitted', clerk, 'GET', `/applications/${draft.application_id}/invited-parts`)
    assert.deepEqual((await factory.must('GET', '/invited-parts')).parts, [])
  })

  test('it saves its row; other paths, other rows, its own identity and wrong types are refused by their names', async () => {
    const part = await show(estate, designer)
    const row = part.values.participants[0]
    const path = `/invited-parts/${designer}/values`
    const fields = (reply) => reply.fields.map((one) => one.field)
    const put = (values, version = part.version) => ['PUT', path, { json: { values }, version }]
    assert.deepEqual(fields(await refused(422, 'applications.outside_part', estate, ...put({ participants: [row, row] }))), ['participants'])
    assert.deepEqual(fields(await refused(422, 'applications.outside_part', estate, ...put({ participants: [row], works: { works_name: '别的' } }))), ['participants'])
    assert.deepEqual(fields(await refused(422, 'applications.outside_part', estate, ...put({ participants: [{ ...row, credit_code: codeOf(factory) }] }))), ['participants[0].credit_code'])
    assert.deepEqual(fields(await refused(422, 'applications.outside_part', estate, ...put({ participants: [{ ...row, confirmed_at_ms: 1 }] }))), ['participants[0].confirmed_at_ms'])
    assert.deepEqual(fields(await refused(422, 'catalog.form_invalid', estate, ...put({ participants: [{ ...row, nonsense: 1 }] }))), ['participants[0].nonsense'])
    assert.deepEqual(fields(await refused(422, 'catalog.form_invalid', estate, ...put({ participants: [{ ...row, lead: { name: 7 } }] }))), ['participants[0].lead.name'])
    assert.equal((await estate.ask(...put({ participants: [row] }, part.version + 1))).status, 412)
    const saved = await save(estate, part, { ...row, lead: { ...row.lead, name: kDesignersName } })
    assert.deepEqual([saved.standing, saved.version], ['filled', part.version + 1])
    const now = (await current()).form
    assert.equal(now.participants[kDesigner].lead.name, kDesignersName)
    assert.deepEqual({ ...now, participants: now.participants.filter((_, i) => i !== kDesigner) }, { ...form, participants: form.participants.filter((_, i) => i !== kDesigner) })
  })

  test('both write at the same time and nobody’s typing is lost', async () => {
    const known = await current()
    const part = await show(estate, designer)
    const row = part.values.participants[0]
    const mine = structuredClone(known.form)
    mine.works.works_name = '示例小学校舍（改名）'
    const [firms, owners] = await Promise.all([
      estate.ask('PUT', `/invited-parts/${designer}/values`, { json: { values: { participants: [{ ...row, contract_number: 'HT-77' }] } }, version: part.version }),
      school.ask('PUT', `/applications/${draft.application_id}/form`, { json: { form: mine }, version: known.version }),
    ])
    assert.equal(firms.status, 200, 'the owner’s save is no hindrance')
    // Whoever came second as the owner reads again, and puts his own typing on top.
    if (owners.status !== 200) {
      assert.equal(owners.status, 412)
      const again = (await current()).form
      again.works.works_name = mine.works.works_name
      await saveForm(again)
    }
    const { form: now } = await current()
    assert.deepEqual([now.works.works_name, now.participants[kDesigner].contract_number], [mine.works.works_name, 'HT-77'])
    // What the owner changed in the part itself is not overwritten by what the firm saw before.
    const seen = await show(estate, designer)
    now.participants[kDesigner].phone = '0571-87000077'
    await saveForm(now)
    await refused(412, 'applications.part_changed', estate, 'PUT', `/invited-parts/${designer}/values`, { json: { values: seen.values }, version: seen.version })
    assert.equal((await show(estate, designer)).values.participants[0].phone, '0571-87000077')
    form = (await current()).form
  })

  test('a confirmation holds for the values as they were; both sides see that it is stale', async () => {
    const renamed = (await current()).form
    renamed.participants[kDesigner].organisation_name = '示例置业设计部'
    await saveForm(renamed)
    form = (await current()).form
    let part = await show(estate, designer)
    assert.equal(part.organisation_name, '示例置业设计部', 'what is confirmed is the name as it stands')
    await refused(422, 'applications.declaration_missing', estate, 'POST', `/invited-parts/${designer}/confirmation`, { json: { declared: false }, version: part.version })
    await refused(412, 'applications.part_changed', estate, 'POST', `/invited-parts/${designer}/confirmation`, { json: { declared: true }, version: part.version - 1 })
    part = await confirm(estate, part)
    assert.equal(part.standing, 'confirmed')
    assert.deepEqual((await unconfirmed()).rows, [3, 4], 'the rules know it')
    const [seen] = (await parts()).filter((one) => one.part_id === designer)
    assert.equal(seen.standing, 'confirmed')
    assert.equal(seen.confirmation.by_name, estate.session.account.display_name)
    // What is not of the part leaves it as it is; the row's number too.
    form.works.works_name = '示例小学校舍'
    const moved = structuredClone(form)
    moved.participants.forEach((row, i) => (row.participant_no = i + 10))
    await saveForm(moved)
    assert.equal((await show(estate, designer)).values.participants[0].participant_no, kDesigner + 10)
    await saveForm({ ...moved, works: { ...moved.works, works_name: '又改名' } })
    assert.equal(await standing(designer), 'confirmed')
    const changed = structuredClone((await current()).form)
    changed.participants[kDesigner].lead.phone = '13911110077'
    await saveForm(changed)
    assert.equal(await standing(designer), 'stale')
    const fell = await unconfirmed()
    assert.deepEqual(fell.rows, [2, 3, 4], 'a changed row loses it')
    assert.match(fell.message, /示例置业设计部确认后内容又有改动/)
    // So it is while he types and has not saved.
    const typed = await school.must('POST', `/applications/${draft.application_id}/precheck`, { json: { form } })
    assert.equal(typed.findings.find((one) => one.rule === 'R-520').outcome, 'fail')
    assert.equal((await show(estate, designer)).standing, 'stale')
    assert.equal((await estate.must('GET', '/invited-parts')).parts[0].standing, 'stale')
    part = await show(estate, designer)
    part = await save(estate, part, part.values.participants[0])
    assert.equal(part.standing, 'stale', 'saving is not confirming')
    assert.equal((await confirm(estate, part)).standing, 'confirmed')
    form = (await current()).form
  })

  test('withdrawn, the firm has lost it with the next request', async () => {
    const { part_id: id } = await invite(invitation(factory, 'main_contractor', { part: 'site_safety' }))
    const part = await show(factory, id)
    assert.deepEqual(Object.keys(part.values), ['safety'])
    await refused(422, 'applications.outside_part', factory, 'PUT', `/invited-parts/${id}/values`, { json: { values: { safety: { registration_number: '1' } } }, version: part.version })
    await withdraw(id)
    await refused(404, 'applications.part_not_found', school, 'DELETE', `/applications/${draft.application_id}/invited-parts/${id}`)
    await refused(404, 'invited_parts.not_found', factory, 'GET', `/invited-parts/${id}`)
    await refused(404, 'invited_parts.not_found', factory, 'PUT', `/invited-parts/${id}/values`, { json: { values: part.values }, version: part.version })
    await refused(404, 'invited_parts.not_found', factory, 'POST', `/invited-parts/${id}/confirmation`, { json: { declared: true }, version: part.version })
    assert.deepEqual((await factory.must('GET', '/invited-parts')).parts, [])
    assert.equal(await standing(id), 'withdrawn')
    // Of a firm that is no longer in the list there is no part, and it comes back with the row.
    const { part_id: again } = await invite(invitation(factory, 'main_contractor', { part: 'site_safety' }))
    await saveForm({ ...form, participants: form.participants.filter((_, i) => i !== kContractor) })
    await refused(404, 'applications.part_gone', factory, 'GET', `/invited-parts/${again}`)
    assert.deepEqual((await factory.must('GET', '/invited-parts')).parts, [], 'the names of the works are gone at once')
    assert.equal(await standing(again), 'unlisted')
    await saveForm(form)
    assert.equal((await show(factory, again)).standing, 'invited')
    assert.deepEqual((await factory.must('GET', '/invited-parts')).parts.map((one) => one.part_id), [again])
    // Another code in the row is another firm; an invitation that waits for its row can be withdrawn.
    const other = structuredClone(form)
    other.participants[kContractor].credit_code = creditCode('MA0TPA09')
    await saveForm(other)
    assert.deepEqual((await factory.must('GET', '/invited-parts')).parts, [])
    await withdraw(again)
    await saveForm(form)
    await refused(404, 'invited_parts.not_found', factory, 'GET', `/invited-parts/${again}`)
    await invite(invitation(factory, 'main_contractor', { part: 'site_safety' }))
  })

  test('invited at the moment in which its row goes, a firm still has nothing when that is saved', async () => {
    const [{ part_id: open }] = (await parts()).filter((one) => one.credit_code === codeOf(factory) && one.standing === 'invited')
    await withdraw(open)
    for (let i = 0; i < 4; i++) {
      const { version } = await current()
      const [asked, saved] = await Promise.all([
        school.ask('POST', `/applications/${draft.application_id}/invited-parts`, { json: invitation(factory, 'main_contractor', { part: 'site_safety' }), key: true }),
        school.ask('PUT', `/applications/${draft.application_id}/form`, { json: { form: { ...form, participants: form.participants.filter((_, one) => one !== kContractor) } }, version }),
      ])
      assert.equal(saved.status, 200)
      assert.ok(asked.status === 201 || asked.json.reason === 'applications.firm_not_listed', asked.body.toString())
      assert.deepEqual((await factory.must('GET', '/invited-parts')).parts, [])
      if (asked.status === 201) await withdraw(asked.json.part_id)
      await saveForm(form)
    }
    await invite(invitation(factory, 'main_contractor', { part: 'site_safety' }))
  })

  test('a page of the firm’s list goes on where the last one ended', async () => {
    await invite(invitation(factory, 'main_contractor'))
    const first = await factory.must('GET', '/invited-parts?limit=1')
    const second = await factory.must('GET', `/invited-parts?limit=1&cursor=${encodeURIComponent(first.next_cursor)}`)
    const all = (await factory.must('GET', '/invited-parts')).parts.map((one) => one.part_id)
    assert.deepEqual([...first.parts, ...second.parts].map((one) => one.part_id), all)
    assert.deepEqual([all.length, second.next_cursor], [2, null])
  })

  test('a day’s invitations are counted; a discarded draft takes them along', async () => {
    const other = await school.must('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })
    await school.must('PUT', `/applications/${other.application_id}/form`, { json: { form }, version: other.version })
    const { part_id: id } = await school.must('POST', `/applications/${other.application_id}/invited-parts`, { json: invitation(estate, 'designer'), key: true })
    // A day's invitations are counted.
    for (let i = 0; i < 49; i++) {
      // A phone that gets no message, because the firm is here, is not counted.
      const { part_id: one, message } = await school.must('POST', `/applications/${other.application_id}/invited-parts`, { json: invitation(factory, 'main_contractor', { phone: '13800007009' }), key: true })
      assert.equal(message, 'not_needed')
      await school.must('DELETE', `/applications/${other.application_id}/invited-parts/${one}`)
    }
    await refused(429, 'applications.too_many_invitations', school, 'POST', `/applications/${other.application_id}/invited-parts`, { json: invitation(factory, 'main_contractor'), key: true })
    const gone = await school.must('GET', `/applications/${other.application_id}`)
    await school.must('DELETE', `/applications/${other.application_id}`, { version: gone.version })
    await refused(404, 'invited_parts.not_found', estate, 'GET', `/invited-parts/${id}`)
  })

  test('filed: the round keeps who confirmed what, officers see it, and the firm is out', async () => {
    const { version } = await current()
    await school.must('POST', `/applications/${draft.application_id}/submission`, { json: { declarations: kDeclarations }, key: true, version })
    await refused(404, 'invited_parts.not_found', estate, 'GET', `/invited-parts/${designer}`)
    assert.deepEqual((await estate.must('GET', '/invited-parts')).parts, [])
    await refused(409, 'applications.not_your_turn', school, 'DELETE', `/applications/${draft.application_id}/invited-parts/${designer}`)
    const filed = async () => (await clerk.must('GET', `/applications/${draft.application_id}/submissions/1`)).invited_parts
    let list = []
    for (let i = 0; i < 100 && list.length === 0; i++) {
      list = (await clerk.ask('GET', `/applications/${draft.application_id}/submissions/1`)).status === 200 ? await filed() : []
      if (list.length === 0) await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const of = (person, part) => list.find((one) => one.credit_code === codeOf(person) && one.part === part)
    assert.equal(of(estate, 'own_row').standing, 'confirmed')
    assert.equal(of(estate, 'own_row').confirmation.by_name, estate.session.account.display_name)
    assert.equal(of(factory, 'site_safety').standing, 'invited')
    assert.ok(!JSON.stringify(list).includes('digest'))
    // What was filed says it as it stood then, whoever looks.
    const round = await clerk.must('GET', `/applications/${draft.application_id}/submissions/1`)
    const rows = round.form.participants.map((row) => [typeof row.confirmed_at_ms, row.confirmation_standing ?? null])
    assert.deepEqual(rows, [['undefined', null], ['number', 'confirmed'], ['number', 'confirmed'], ['undefined', 'invited'], ['undefined', null]])
    assert.deepEqual(round.findings.find((one) => one.rule === 'R-520' && one.outcome === 'fail').fields, ['participants[3].confirmed_at_ms', 'participants[4].confirmed_at_ms'])
    assert.equal(await standing(designer), 'confirmed')
  })

  test('the audit log names the acts and no value', async () => {
    const { entries } = await clerk.must('GET', `/applications/${draft.application_id}/audit`)
    const acts = new Set(entries.map((one) => one.act))
    for (const act of ['invite_part', 'withdraw_part', 'unlist_part', 'relist_part', 'fill_part', 'confirm_part']) assert.ok(acts.has(`applications.${act}`), act)
    const text = JSON.stringify(entries)
    assert.ok(!text.includes(kDesignersName) && !text.includes('13800007001'))
  })

  test('an invitation ends by itself, and may be made anew', async () => {
    draft = await school.must('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })
    await saveForm(form)
    const { part_id: id, expires_at_ms: until } = await invite(invitation(estate, 'designer'))
    const anybody = await bureau.person(null)
    await anybody.must('POST', '/demo/clock', { json: { advance_to_ms: until - 1_000 } })
    await show(estate, id)
    await anybody.must('POST', '/demo/clock', { json: { advance_to_ms: until + 1_000 } })
    await refused(404, 'invited_parts.not_found', estate, 'GET', `/invited-parts/${id}`)
    assert.deepEqual((await estate.must('GET', '/invited-parts')).parts, [])
    assert.equal(await standing(id), 'expired')
    const again = await invite(invitation(estate, 'designer'))
    assert.deepEqual((await parts()).map((one) => one.part_id), [again.part_id])
  })
})
