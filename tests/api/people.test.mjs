// 三员分立 over HTTP: what each administrator does, what none does alone, and nobody to himself.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { totpCode } from './authenticator.mjs'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { goOn, kPassword, signIn } from './people.mjs'

const kPlace = { organisation_name: '杭州市西湖区', department: 'housing', department_name: '住房和城乡建设局', region_code: '330106', post: '四级主任科员' }

describe('the administration of people', { skip: missing }, () => {
  let bureau
  const who = {}

  const refused = async (status, reason, person, ...act) => {
    const reply = await person.ask(...act)
    assert.deepEqual([reply.status, reply.json?.reason], [status, reason], `${person.account}: ${act[0]} ${act[1]}`)
  }
  const found = async (name) => {
    const { accounts } = await who.audit.must('GET', `/admin/accounts?query=${name}`)
    return accounts.find((one) => one.account_name === name)
  }
  const one = (id, act = '') => `/admin/accounts/${id}${act}`
  const create = (name, more = {}, by = who.admin) => by.must('POST', '/admin/accounts', { json: { account_name: name, kind: 'officer', display_name: '新同事', ...kPlace, ...more } })

  /** He comes in for the first time, and chooses his password. */
  const enter = async (made) => {
    const { person } = await signIn(bureau, made.account_name, made.initial_password)
    await person.must('PUT', '/account/password', { json: { password: made.initial_password, new_password: kPassword } })
    await goOn(person, 'continuation')
    return person
  }

  before(async () => {
    bureau = await Bureau.start()
    for (const name of ['admin', 'security', 'audit', 'rules', 'clerk']) who[name] = await bureau.person(name)
  })
  after(async () => assert.equal(await bureau?.stop(), 0))

  test('each administrator does his part and no other’s', async () => {
    const { account_id: id, version } = await found('fire2')
    const acts = [
      ['admin', 'POST', '/admin/accounts', { json: {} }],
      ['admin', 'PUT', one(id), { json: {}, version }],
      ['admin', 'POST', one(id, '/blocking'), { json: {}, version }],
      ['admin', 'POST', one(id, '/unblocking'), { version: 999 }],
      ['admin', 'POST', one(id, '/password'), { version: 999 }],
      ['admin', 'POST', one(id, '/factor-resets'), { json: {}, version }],
      ['security', 'PUT', one(id, '/rights'), { json: {}, version }],
      ['security', 'POST', one(id, '/unlocking'), { version: 999 }],
      ['security', 'POST', one(id, '/enrolment-code'), { version: 999 }],
      ['security', 'DELETE', one(id, '/sessions'), { version: 999 }],
      ['security', 'POST', one(id, `/factor-resets/${id}/confirmation`), { version: 999 }],
    ]
    for (const [own, ...act] of acts) {
      for (const name of ['admin', 'security', 'audit', 'rules', 'clerk']) {
        if (name !== own) await refused(403, 'authz.not_permitted', who[name], ...act)
        else assert.ok([412, 422].includes((await who[name].ask(...act)).status), `${name} ${act[1]}`)
      }
    }
    for (const name of ['admin', 'security', 'audit']) await who[name].must('GET', one(id))
    for (const name of ['security', 'audit']) await who[name].must('GET', '/admin/sign-ins?limit=1')
    await refused(403, 'authz.not_permitted', who.admin, 'GET', '/admin/sign-ins')
    for (const name of ['rules', 'clerk']) for (const path of [one(id), '/admin/accounts', '/admin/rights', '/admin/sign-ins']) await refused(403, 'authz.not_permitted', who[name], 'GET', path)
    assert.equal((await found('fire2')).version, version, 'nothing changed by all this')
  })

  test('an account is made by one, given rights by another, and its first password is changed before anything else', async () => {
    const made = await create('newcomer')
    assert.deepEqual([made.roles, made.state], [[], 'active'])
    await refused(422, 'identity.account_name_taken', who.admin, 'POST', '/admin/accounts', { json: { account_name: 'NEWCOMER', kind: 'officer', display_name: '又一个', ...kPlace } })
    for (const name of ['13800001234', '张三', 'a b c', 'ab']) await refused(422, 'identity.account_name_malformed', who.admin, 'POST', '/admin/accounts', { json: { account_name: name, kind: 'officer', display_name: '某', ...kPlace } })
    await refused(422, 'identity.kind_refused', who.admin, 'POST', '/admin/accounts', { json: { account_name: 'applicant', kind: 'owner_agent', display_name: '某', ...kPlace } })
    const { person } = await signIn(bureau, 'newcomer', made.initial_password)
    assert.equal(person.session.stage, 'password_change')
    await refused(401, 'http.password_change_needed', person, 'GET', '/inbox')
    assert.equal((await goOn(person, 'continuation')).json.stage, 'password_change')
    assert.equal((await person.ask('PUT', '/account/password', { json: { password: made.initial_password, new_password: kPassword } })).status, 204)
    assert.equal((await goOn(person, 'continuation')).json.stage, 'full')
    await refused(403, 'authz.not_permitted', person, 'GET', '/inbox')
    const rights = { roles: ['reviewer'], matters: ['night-construction'], clearance: 'restricted' }
    for (const [roles, why] of [[['system_admin'], 'an officer no administrator'], [['owner_agent'], 'no applicant'], [['king'], 'nothing unknown']])
      await refused(422, 'identity.roles_refused', who.security, 'PUT', one(made.account_id, '/rights'), { json: { roles }, version: made.version }).catch((fault) => assert.fail(`${why}: ${fault}`))
    const granted = await who.security.must('PUT', one(made.account_id, '/rights'), { json: rights, version: made.version })
    assert.deepEqual([granted.roles, granted.matters, granted.clearance], [rights.roles, rights.matters, rights.clearance])
    await person.must('GET', '/inbox?view=todo')
  })

  test('who is moved leaves his rights behind, until the security administrator gives them again', async () => {
    const { account_id: id, version } = await found('newcomer')
    const same = await who.admin.must('PUT', one(id), { json: { display_name: '新同事', ...kPlace, post: '科长' }, version })
    assert.deepEqual([same.roles, same.post], [['reviewer'], '科长'])
    const moved = await who.admin.must('PUT', one(id), { json: { display_name: '新同事', ...kPlace, region_code: '330105' }, version: same.version })
    assert.deepEqual([moved.roles, moved.matters, moved.clearance, moved.region_code], [[], [], 'normal', '330105'])
    await refused(422, 'identity.place_missing', who.admin, 'PUT', one(id), { json: { display_name: '新同事', organisation_name: '某局' }, version: moved.version })
    await refused(412, 'identity.account_changed', who.admin, 'PUT', one(id), { json: { display_name: '新同事', ...kPlace }, version: same.version })
  })

  test('nobody administers himself, and the last of a kind stays', async () => {
    for (const [name, method, act, json] of [['admin', 'POST', '/blocking', { reason: '试' }], ['admin', 'POST', '/password'], ['admin', 'PUT', '', { display_name: '我', organisation_name: '我' }], ['security', 'PUT', '/rights', { roles: ['audit_admin'] }], ['security', 'POST', '/unlocking'], ['security', 'DELETE', '/sessions']]) {
      const { account_id: id, version } = await found(name)
      await refused(403, 'identity.own_account', who[name], method, one(id, act), { ...(json ? { json } : {}), version })
    }
    const security = await found('security')
    await refused(409, 'identity.last_administrator', who.admin, 'POST', one(security.account_id, '/blocking'), { json: { reason: '试' }, version: security.version })
    await refused(409, 'identity.last_administrator', who.admin, 'PUT', one(security.account_id), { json: { display_name: '安全管理员', organisation_name: '开工演示机构', region_code: '330106' }, version: security.version })
    const audit = await found('audit')
    await refused(409, 'identity.last_administrator', who.security, 'PUT', one(audit.account_id, '/rights'), { json: { roles: [] }, version: audit.version })
    await refused(422, 'identity.roles_refused', who.security, 'PUT', one(audit.account_id, '/rights'), { json: { roles: ['audit_admin', 'system_admin'] }, version: audit.version })
    const made = await create('audit_two', { kind: 'administrator', region_code: null, department: null })
    await who.security.must('PUT', one(made.account_id, '/rights'), { json: { roles: ['audit_admin'] }, version: made.version })
    const blocked = await who.admin.must('POST', one(made.account_id, '/blocking'), { json: { reason: '多余' }, version: made.version + 1 })
    assert.deepEqual([blocked.state, blocked.state_reason], ['blocked', '多余'])
  })

  test('an administrator of a county sees and touches his county', async () => {
    const made = await create('county_admin', { kind: 'administrator' })
    await who.security.must('PUT', one(made.account_id, '/rights'), { json: { roles: ['system_admin'] }, version: made.version })
    const { person } = await signIn(bureau, 'county_admin', made.initial_password)
    await person.must('PUT', '/account/password', { json: { password: made.initial_password, new_password: kPassword } })
    await goOn(person, 'continuation')
    const seen = []
    for (let cursor = ''; cursor !== null; ) {
      const page = await person.must('GET', `/admin/accounts?limit=7${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
      seen.push(...page.accounts)
      cursor = page.next_cursor
    }
    assert.ok(seen.length > 10 && seen.every((account) => account.region_code === '330106'))
    assert.equal(new Set(seen.map((account) => account.account_id)).size, seen.length)
    for (const name of ['clerk_gongshu', 'school', 'audit']) {
      const { account_id: id, version } = await found(name)
      await refused(404, 'identity.not_found', person, 'GET', one(id))
      await refused(404, 'identity.not_found', person, 'POST', one(id, '/blocking'), { json: { reason: '越权' }, version })
    }
    const clerk2 = await found('clerk2')
    await refused(422, 'identity.outside_area', person, 'PUT', one(clerk2.account_id), { json: { display_name: '周窗口', ...kPlace, region_code: '330105' }, version: clerk2.version })
    await refused(422, 'identity.outside_area', person, 'POST', '/admin/accounts', { json: { account_name: 'above', kind: 'administrator', display_name: '某', ...kPlace, region_code: null } })
    await create('beside', {}, person)
  })

  test('the list is narrowed by kind, state, role and name', async () => {
    const list = async (query) => (await who.audit.must('GET', `/admin/accounts?${query}`)).accounts
    assert.ok((await list('kind=owner_agent')).every((account) => account.kind === 'owner_agent'))
    assert.deepEqual((await list('state=blocked')).map((account) => account.account_name), ['audit_two'])
    assert.deepEqual((await list('role=security_admin')).map((account) => account.account_name), ['security'])
    assert.deepEqual((await list('role=reviewer&query=civil_defence_g')).map((account) => account.account_name), ['civil_defence_gongshu'])
    assert.deepEqual(await list(`query=${encodeURIComponent('李')}`), [])
    for (const query of ['kind=king', 'state=gone', 'role=owner_agent', 'cursor=a']) assert.equal((await who.audit.ask('GET', `/admin/accounts?${query}`)).status, 422, query)
    for (const query of ['outcome=odd', 'cursor=a', 'account_id=me']) assert.equal((await who.audit.ask('GET', `/admin/sign-ins?${query}`)).status, 422, query)
  })

  test('second factors are reset by two persons, and his sessions end', async () => {
    const { person: fire } = await signIn(bureau, 'fire2')
    const begun = await fire.must('POST', '/account/factors/totp', { json: { name: '旧手机' } })
    await fire.must('POST', `/account/factors/totp/${begun.factor_id}/confirmation`, { json: { code: totpCode(begun.secret) } })
    const { account_id: id, version, factor_kinds: kinds } = await found('fire2')
    assert.deepEqual(kinds, ['totp'])
    const proposed = await who.admin.must('POST', one(id, '/factor-resets'), { json: { reason: '手机遗失' }, version })
    await refused(409, 'authz.proposal_is_open', who.admin, 'POST', one(id, '/factor-resets'), { json: { reason: '再提' }, version: proposed.version })
    const shown = await who.security.must('GET', one(id))
    const [{ proposal_id: proposal, reason }] = shown.proposals
    assert.equal(reason, '手机遗失')
    await refused(403, 'authz.not_permitted', who.admin, 'POST', one(id, `/factor-resets/${proposal}/confirmation`), { version: proposed.version })
    const other = await found('clerk2')
    await refused(404, 'identity.not_found', who.security, 'POST', one(other.account_id, `/factor-resets/${proposal}/confirmation`), { version: other.version })
    const reset = await who.security.must('POST', one(id, `/factor-resets/${proposal}/confirmation`), { version: proposed.version })
    assert.deepEqual(reset.factor_kinds, [])
    assert.equal((await fire.ask('GET', '/session')).status, 401)
    await refused(409, 'authz.proposal_settled', who.security, 'POST', one(id, `/factor-resets/${proposal}/confirmation`), { version: reset.version })
    assert.equal((await signIn(bureau, 'fire2')).person.session.stage, 'full')
  })

  test('a password that is given is shown once, ends his sessions and is changed at the next sign-in', async () => {
    const { person } = await signIn(bureau, 'housing2')
    const { account_id: id, version } = await found('housing2')
    const { initial_password: given } = await who.admin.must('POST', one(id, '/password'), { version })
    assert.equal((await person.ask('GET', '/session')).status, 401)
    assert.equal((await signIn(bureau, 'housing2', given)).person.session.stage, 'password_change')
    const school = await found('school')
    await refused(403, 'identity.not_staff', who.admin, 'POST', one(school.account_id, '/password'), { version: school.version })
    await who.security.must('DELETE', one(id, '/sessions'), { version: version + 1 })
    assert.deepEqual((await who.security.must('GET', one(id))).sessions, [])
  })

  test('an administrator of a county does not stand in for the last one of the whole installation', async () => {
    const security = await found('security')
    const made = await create('county_security', { kind: 'administrator', region_code: '330106', department: null })
    await enter(made)
    const granted = await who.security.must('PUT', one(made.account_id, '/rights'), { json: { roles: ['security_admin'] }, version: made.version })
    for (const [act, json] of [['/blocking', { reason: '调离' }], ['', { display_name: '安全管理员', organisation_name: '开工演示机构', region_code: '330106' }]])
      await refused(409, 'identity.last_administrator', who.admin, act ? 'POST' : 'PUT', one(security.account_id, act), { json, version: security.version })
    // Whose area lies in another's may go.
    assert.equal((await who.admin.must('POST', one(made.account_id, '/blocking'), { json: { reason: '试用结束' }, version: granted.version })).state, 'blocked')
  })
})
