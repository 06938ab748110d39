// A company comes to the door: registered, verified by the office, its agents invited and removed, its rights passed on.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { codeIn, creditCode, kPassword, lastMessage, register, signIn, tokenIn } from './people.mjs'
import { fileNight, publishedNight } from './stories.mjs'

const kUnknownId = '01900000-0000-7000-8000-000000000000'
const kCode = creditCode('MA0TEA01')

describe('organisations', { skip: missing }, () => {
  let bureau, anybody, clerk, founder, agent, stranger, stranger2, firm, path

  const refused = async (status, reason, person, ...act) => {
    const reply = await person.ask(...act)
    assert.deepEqual([reply.status, reply.json?.reason], [status, reason], `${act[0]} ${act[1]}`)
    return reply.json
  }
  const roles = async (person) => (await person.must('GET', '/session')).account.roles
  const invite = async (by, phone, more = {}) => {
    const sent = await by.must('POST', `${path}/invitations`, { json: { phone, duty: 'agent', authority_reference: '委托书 2026-7 号', ...more } })
    return { ...sent, token: tokenIn(await lastMessage(bureau, phone)) }
  }
  const accept = (person, token) => person.ask('POST', '/invitations/acceptance', { json: { token } })
  const members = async (by) => (await by.must('GET', path)).members
  const remove = (by, member) => by.ask('POST', `${path}/members/${member.membership_id}/removal`, { json: { reason: '不再委托' } })

  /** As the office sees it: with who registered it. */
  const seenBy = async (person, id) => (await person.must('GET', '/admin/organisations?limit=100')).organisations.find((one) => one.organisation_id === id)
  const judge = async (by, seen, how, more = {}) => by.must('POST', `/admin/organisations/${seen.organisation_id}/${how}`, { version: seen.version, ...more })

  before(async () => {
    bureau = await Bureau.start()
    anybody = await bureau.person(null)
    clerk = await bureau.person('clerk')
    founder = await register(bureau, { phone: '13800002001', name: 'founder' })
    agent = await register(bureau, { phone: '13800002002', name: 'agent_one' })
    stranger = await register(bureau, { phone: '13800002003', name: 'stranger' })
    stranger2 = await register(bureau, { phone: '13800002004', name: 'stranger_two' })
  })
  after(async () => assert.equal(await bureau?.stop(), 0))

  test('a registered code gives no right before the office has verified it', async () => {
    await refused(422, 'identity.credit_code_malformed', founder, 'POST', '/organisations', { json: { credit_code: `${kCode.slice(0, 17)}!`, organisation_name: '示例建设' } })
    await refused(403, 'identity.not_for_staff', clerk, 'POST', '/organisations', { json: { credit_code: kCode, organisation_name: '示例建设' } })
    firm = await founder.must('POST', '/organisations', { json: { credit_code: kCode, organisation_name: '示例建设（杭州）有限公司' } })
    path = `/organisations/${firm.organisation_id}`
    assert.equal(firm.state, 'pending')
    await refused(404, 'identity.not_found', founder, 'PUT', '/session/organisation', { json: { organisation_id: firm.organisation_id } })
    assert.deepEqual(await roles(founder), ['public_user'])
    assert.equal((await founder.ask('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })).status, 403)
    await refused(409, 'identity.organisation_pending', founder, 'POST', `${path}/invitations`, { json: { phone: '13800002002', duty: 'agent', authority_reference: '委托书' } })
    await refused(409, 'identity.organisation_registered', stranger, 'POST', '/organisations', { json: { credit_code: kCode, organisation_name: '冒名' } })
  })

  test('what the office rejects is registered anew by whom it belongs to', async () => {
    const code = creditCode('MA0TEA02')
    const squat = await stranger.must('POST', '/organisations', { json: { credit_code: code, organisation_name: '冒名公司' } })
    await judge(clerk, squat, 'rejection', { json: { reason: '与营业执照不符' } })
    const seen = (await stranger.must('GET', '/organisations')).organisations.find((one) => one.credit_code === code)
    assert.deepEqual([seen.state, seen.state_reason, seen.current], ['rejected', '与营业执照不符', false])
    assert.match(await lastMessage(bureau, '13800002003'), /未通过核验：与营业执照不符/)
    const real = await founder.must('POST', '/organisations', { json: { credit_code: code, organisation_name: '示例二公司' } })
    assert.deepEqual([real.state, real.state_reason, real.organisation_name], ['pending', null, '示例二公司'])
    assert.ok(!(await stranger.must('GET', '/organisations')).organisations.some((one) => one.credit_code === code))
    await refused(404, 'identity.not_found', stranger, 'GET', `/organisations/${real.organisation_id}`)
  })

  test('who registers the codes of others does not get far', async () => {
    for (let i = 0; i < 5; i++) await stranger.must('POST', '/organisations', { json: { credit_code: creditCode(`MA0TFQ0${i}`), organisation_name: `占用 ${i}` } })
    await refused(409, 'identity.too_many_organisations', stranger, 'POST', '/organisations', { json: { credit_code: creditCode('MA0TFQ09'), organisation_name: '再一个' } })
  })

  test('the office sees who registered a company before it says yes to him', async () => {
    const seen = await seenBy(clerk, firm.organisation_id)
    assert.deepEqual({ ...seen.registrant, registered_at_ms: 0 }, { display_name: '郑经办', account_name: 'founder', phone: '138****2001', registered_at_ms: 0, authority_reference: null, organisations_count: 2, pending_count: 2 })
    assert.ok(Math.abs(seen.registrant.registered_at_ms - seen.created_at_ms) < 60_000)
    const { registrant: greedy } = (await clerk.must('GET', '/admin/organisations?limit=100')).organisations.find((one) => one.organisation_name === '占用 4')
    assert.deepEqual([greedy.organisations_count, greedy.pending_count, greedy.authority_reference], [5, 5, null])
    const signed = await agent.must('POST', '/organisations', { json: { credit_code: creditCode('MA0TEA03'), organisation_name: '示例三公司', authority_reference: '委托书 2026-3 号' } })
    assert.equal((await seenBy(clerk, signed.organisation_id)).registrant.authority_reference, '委托书 2026-3 号')
  })

  test('nobody verifies what changed after he looked', async () => {
    const code = creditCode('MA0TEA04')
    const squat = await stranger2.must('POST', '/organisations', { json: { credit_code: code, organisation_name: '示例四公司' } })
    const seen = await seenBy(clerk, squat.organisation_id)
    assert.equal(seen.registrant.account_name, 'stranger_two')
    await refused(412, 'http.if_match_missing', clerk, 'POST', `/admin/organisations/${seen.organisation_id}/verification`)
    await refused(412, 'http.if_match_missing', clerk, 'POST', `/admin/organisations/${seen.organisation_id}/rejection`, { json: { reason: '不符' } })
    // Another officer rejects it, and somebody else registers the same code under the same id.
    await judge(clerk, seen, 'rejection', { json: { reason: '请补充委托书' } })
    const anew = await agent.must('POST', '/organisations', { json: { credit_code: code, organisation_name: '示例四公司' } })
    assert.equal(anew.organisation_id, seen.organisation_id)
    await refused(412, 'identity.organisation_changed', clerk, 'POST', `/admin/organisations/${seen.organisation_id}/verification`, { version: seen.version })
    await refused(412, 'identity.organisation_changed', clerk, 'POST', `/admin/organisations/${seen.organisation_id}/rejection`, { version: seen.version, json: { reason: '不符' } })
    assert.equal((await seenBy(clerk, seen.organisation_id)).registrant.account_name, 'agent_one')
  })

  test('who has an address and no phone hears of it there', async () => {
    const school = await bureau.person('school')
    const { challenge_id: challenge } = await school.must('POST', '/account/contacts', { json: { email: 'school@example.com' } })
    await school.must('POST', '/account/contacts/confirmation', { json: { challenge_id: challenge, code: codeIn(await lastMessage(bureau, 'school@example.com')) } })
    const more = await school.must('POST', '/organisations', { json: { credit_code: creditCode('MA0TEA05'), organisation_name: '示例五公司' } })
    const seen = await seenBy(clerk, more.organisation_id)
    assert.equal(seen.registrant.phone, null)
    await judge(clerk, seen, 'rejection', { json: { reason: '缺少委托书' } })
    assert.match(await lastMessage(bureau, 'school@example.com'), /示例五公司 未通过核验：缺少委托书/)
  })

  test('verified, its founder acts for it', async () => {
    const { organisations } = await clerk.must('GET', '/admin/organisations?state=pending')
    const seen = organisations.find((one) => one.organisation_id === firm.organisation_id)
    await refused(403, 'authz.not_permitted', founder, 'POST', `/admin/organisations/${firm.organisation_id}/verification`, { version: seen.version })
    const verified = await judge(clerk, seen, 'verification')
    assert.equal(verified.state, 'active')
    await refused(412, 'identity.organisation_changed', clerk, 'POST', `/admin/organisations/${firm.organisation_id}/verification`, { version: seen.version })
    await refused(409, 'identity.organisation_changed', clerk, 'POST', `/admin/organisations/${firm.organisation_id}/verification`, { version: verified.version })
    await refused(409, 'identity.organisation_changed', clerk, 'POST', `/admin/organisations/${firm.organisation_id}/rejection`, { version: verified.version, json: { reason: '晚了' } })
    await founder.must('PUT', '/session/organisation', { json: { organisation_id: firm.organisation_id } })
    assert.deepEqual(await roles(founder), ['owner_agent'])
    await founder.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
    await founder.must('PUT', '/session/organisation', { json: { organisation_id: null } })
    assert.deepEqual(await roles(founder), ['public_user'])
    await founder.must('PUT', '/session/organisation', { json: { organisation_id: firm.organisation_id } })
  })

  test('a draft is of the company that its session acts for, whatever the person does elsewhere', async () => {
    const { organisations } = await clerk.must('GET', '/admin/organisations?state=pending&limit=100')
    const second = await judge(clerk, organisations.find((one) => one.organisation_name === '示例二公司'), 'verification')
    const { person: elsewhere } = await signIn(bureau, 'founder', kPassword)
    for (const organisation_id of [second.organisation_id, null]) {
      await elsewhere.must('PUT', '/session/organisation', { json: { organisation_id } })
      const draft = await founder.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
      assert.equal(draft.owner_name, firm.organisation_name)
    }
    await elsewhere.must('PUT', '/session/organisation', { json: { organisation_id: second.organisation_id } })
    const other = await elsewhere.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
    assert.equal(other.owner_name, '示例二公司')
    assert.equal((await founder.ask('GET', `/applications/${other.application_id}`)).status, 404)
    await elsewhere.must('DELETE', '/session')
  })

  test('an invited agent accepts once, files for it, and manages nothing', async () => {
    const { token } = await invite(founder, '13800002002')
    const seen = await anybody.must('POST', '/invitations/view', { json: { token } })
    assert.deepEqual([seen.credit_code, seen.duty], [kCode, 'agent'])
    await refused(403, 'identity.not_for_staff', clerk, 'POST', '/invitations/acceptance', { json: { token } })
    assert.equal((await accept(agent, token)).status, 204)
    assert.deepEqual((await agent.must('GET', '/session')).account.credit_code, kCode)
    for (const person of [stranger, agent]) await refused(404, 'identity.invitation_void', person, 'POST', '/invitations/acceptance', { json: { token } })
    await refused(404, 'identity.invitation_void', anybody, 'POST', '/invitations/view', { json: { token } })
    await refused(404, 'identity.not_found', agent, 'GET', path)
    const twice = await invite(founder, '13800002002')
    await refused(409, 'identity.member_already', agent, 'POST', '/invitations/acceptance', { json: { token: twice.token } })
    await founder.must('DELETE', `${path}/invitations/${twice.invitation_id}`)
    assert.equal((await accept(stranger, twice.token)).json.reason, 'identity.invitation_void')
  })

  test('a stranger sees neither what is there nor what is not', async () => {
    const [{ membership_id: member }] = await members(founder)
    const { invitation_id: invitation } = await invite(founder, '13800002009')
    for (const id of [firm.organisation_id, kUnknownId, 'no-id', encodeURIComponent('没有')]) {
      await refused(404, 'identity.not_found', stranger, 'GET', `/organisations/${id}`)
      await refused(404, 'identity.not_found', stranger, 'POST', `/organisations/${id}/members/${member}/removal`, { json: { reason: '试' } })
      await refused(404, 'identity.not_found', stranger, 'DELETE', `/organisations/${id}/invitations/${invitation}`)
      await refused(404, 'identity.not_found', stranger, 'PUT', '/session/organisation', { json: { organisation_id: decodeURIComponent(id) } })
    }
    assert.ok((await members(founder)).some((one) => one.membership_id === member))
  })

  test('removed, his next request is nobody’s, and his own links are void', async () => {
    const { token } = await invite(founder, '13800002002', { duty: 'admin' })
    await refused(409, 'identity.last_admin', founder, 'POST', `${path}/members/${(await members(founder)).find((one) => one.self).membership_id}/removal`, { json: { reason: '离职' } })
    const before = (await members(founder)).find((one) => one.account_name === 'agent_one')
    assert.equal((await remove(founder, before)).status, 204)
    assert.equal((await agent.ask('GET', '/session')).status, 401)
    agent = (await signIn(bureau, 'agent_one', kPassword)).person
    assert.equal((await accept(agent, token)).status, 204, 'invited again, as an administrator')
    const backDoor = await invite(agent, '13800002010', { duty: 'admin' })
    const { person: other } = await signIn(bureau, 'agent_one', kPassword)
    await other.must('PUT', '/session/organisation', { json: { organisation_id: null } })
    const member = (await members(founder)).find((one) => one.account_name === 'agent_one')
    assert.equal((await remove(founder, member)).status, 204)
    assert.equal((await agent.ask('GET', '/session')).status, 401)
    assert.equal((await other.ask('GET', '/session')).status, 200, 'his session for himself goes on')
    await refused(404, 'identity.invitation_void', other, 'POST', '/invitations/acceptance', { json: { token: backDoor.token } })
    await refused(404, 'identity.not_found', founder, 'POST', `${path}/members/${member.membership_id}/removal`, { json: { reason: '再次' } })
  })

  test('what he did for the company stays the company’s, also when he builds for himself from now on', async () => {
    const { token } = await invite(founder, '13800002002')
    const { person: agent } = await signIn(bureau, 'agent_one', kPassword)
    assert.equal((await accept(agent, token)).status, 204)
    const number = await publishedNight(bureau, 2, agent)
    const { application_id: granted } = await agent.must('GET', `/permits/${number}`)
    const filed = await fileNight(agent, '330106', 3)
    const draft = await agent.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
    const { version } = await agent.must('GET', `/applications/${filed}`)
    assert.equal((await remove(founder, (await members(founder)).find((one) => one.account_name === 'agent_one'))).status, 204)
    const { person: alone } = await signIn(bureau, 'agent_one', kPassword)
    await alone.must('PUT', '/account/id-number', { json: { id_number: '330106196801010004' } })
    const { person: builder } = await signIn(bureau, 'agent_one', kPassword)
    assert.ok((await roles(builder)).includes('individual_owner'))

    for (const id of [granted, filed, draft.application_id]) {
      for (const end of ['', '/progress', '/tasks', '/letters', '/submissions', '/submissions/1', '/invited-parts', '/episodes', '/copies']) {
        assert.ok([403, 404].includes((await builder.ask('GET', `/applications/${id}${end}`)).status), `${id}${end}`)
      }
      assert.equal((await builder.ask('GET', `/applications/${id}`)).status, 404)
      assert.equal((await builder.ask('PUT', `/applications/${id}/form`, { json: { form: {} }, version })).status, 404)
      assert.equal((await builder.ask('POST', `/applications/${id}/precheck`, { json: { form: {} } })).status, 404)
      assert.equal((await builder.ask('DELETE', `/applications/${id}`, { version })).status, 404)
      assert.equal((await builder.ask('POST', `/applications/${id}/withdrawal`, { json: { reason: '不建了' }, key: true, version })).status, 404)
    }
    for (const end of ['', '/certificates', '/certificates/1/files/certificate.pdf']) assert.equal((await builder.ask('GET', `/permits/${number}${end}`)).status, 404, end)
    assert.equal((await builder.ask('POST', `/permits/${number}/copies`, { json: { purpose: '办理贷款', made_for: '示例银行' }, key: true })).status, 404)
    assert.deepEqual((await builder.must('GET', '/applications')).applications, [])
    assert.deepEqual((await builder.must('GET', '/permits')).permits, [])
    // What is his own is his, and the company still has what is its.
    const own = await builder.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
    assert.deepEqual((await builder.must('GET', '/applications')).applications.map((one) => one.application_id), [own.application_id])
    for (const id of [granted, filed, draft.application_id]) await founder.must('GET', `/applications/${id}`)
    await founder.must('DELETE', `/applications/${draft.application_id}`, { version: draft.version })
  })

  test('an authority is over when its last day is', async () => {
    const { today_on: today, now_ms: now } = await anybody.must('GET', '/demo/clock')
    await refused(422, 'identity.authority_over', founder, 'POST', `${path}/invitations`, { json: { phone: '13800002002', duty: 'agent', authority_reference: '委托书', valid_through_on: '2026-11-01' } })
    const { token } = await invite(founder, '13800002003', { valid_through_on: today })
    assert.equal((await accept(stranger, token)).status, 204)
    assert.equal((await stranger.must('GET', '/session')).account.credit_code, kCode)
    await anybody.must('POST', '/demo/clock', { json: { advance_to_ms: now + 24 * 3_600_000 } })
    assert.equal((await stranger.ask('GET', '/session')).status, 401)
    assert.equal((await founder.ask('GET', '/session')).status, 200)
    const { person } = await signIn(bureau, 'stranger', kPassword)
    assert.equal((await person.must('GET', '/session')).account.credit_code, null)
  })

  test('rights pass to a successor by two persons, and not in a circle', async () => {
    const [admin, security] = [await bureau.person('admin'), await bureau.person('security')]
    const heir = '91330105MA0DEM021F'
    const wish = { predecessor_code: kCode, successor_code: heir, reason: '吸收合并' }
    await refused(422, 'identity.organisation_unknown', admin, 'POST', '/admin/successions', { json: { ...wish, predecessor_code: creditCode('MA0TEA09') } })
    await refused(422, 'identity.succession_circular', admin, 'POST', '/admin/successions', { json: { ...wish, successor_code: kCode } })
    const first = await admin.must('POST', '/admin/successions', { json: wish })
    await refused(409, 'authz.proposal_is_open', admin, 'POST', '/admin/successions', { json: wish })
    await refused(403, 'authz.not_permitted', admin, 'POST', `/admin/successions/${first.proposal_id}/confirmation`)
    await security.must('POST', `/admin/successions/${first.proposal_id}/refusal`, { json: { reason: '缺少合并协议' } })
    await refused(404, 'authz.proposal_not_found', security, 'POST', `/admin/successions/${encodeURIComponent('没有')}/confirmation`)
    const { proposal_id: second } = await admin.must('POST', '/admin/successions', { json: wish })
    await security.must('POST', `/admin/successions/${second}/confirmation`)
    await refused(409, 'authz.proposal_settled', security, 'POST', `/admin/successions/${second}/refusal`, { json: { reason: '晚了' } })
    await refused(409, 'authz.proposal_settled', security, 'POST', `/admin/successions/${second}/confirmation`)
    await refused(409, 'identity.succeeded_already', admin, 'POST', '/admin/successions', { json: wish })
    await refused(422, 'identity.succession_circular', admin, 'POST', '/admin/successions', { json: { ...wish, predecessor_code: heir, successor_code: kCode } })
    const { successions } = await admin.must('GET', '/admin/successions')
    assert.deepEqual([successions[0].predecessor_code, successions[0].successor_code], [kCode, heir])
    const estate = await bureau.person('estate')
    const { applications } = await founder.must('GET', '/applications')
    for (const { application_id: id } of applications) assert.equal((await estate.ask('GET', `/applications/${id}`)).status, 200, 'the heir takes the cases over')
  })
})
