// Administrators of one county: what reaches every authority is not theirs, and what they may read ends at the border.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing, routes } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { goOn, kPassword, signIn } from './people.mjs'
import { packageOf, playUntil } from './stories.mjs'

const kNobody = '01900000-0000-7000-8000-000000000000'
const kRoles = ['system_admin', 'security_admin', 'audit_admin', 'rule_admin']

describe('administrators of a county', { skip: missing }, () => {
  let bureau, admin, security, open
  const of = {}

  /** He comes in for the first time, with a password of his own, and only then gets his right. */
  const appoint = async (role, region_code) => {
    const account_name = `${role}_${region_code}`
    const made = await admin.must('POST', '/admin/accounts', { json: { account_name, kind: 'administrator', display_name: '县区管理员', organisation_name: '县区', region_code } })
    const { person } = await signIn(bureau, account_name, made.initial_password)
    await person.must('PUT', '/account/password', { json: { password: made.initial_password, new_password: kPassword } })
    await goOn(person, 'continuation')
    const { version } = await security.must('GET', `/admin/accounts/${made.account_id}`)
    await security.must('PUT', `/admin/accounts/${made.account_id}/rights`, { json: { roles: [role] }, version })
    return (await signIn(bureau, account_name, kPassword)).person
  }

  before(async () => {
    bureau = await Bureau.start()
    ;[admin, security] = [await bureau.person('admin'), await bureau.person('security')]
    for (const role of kRoles) of[role] = await appoint(role, '330105')
    open = await playUntil(bureau, packageOf('school'), 'review')
  })
  after(async () => assert.equal(await bureau?.stop(), 0))

  test('what reaches the whole installation is refused to each of them, route by route', async () => {
    const { routes: all, grants } = routes()
    const scopes = (role, action) => grants.filter((grant) => grant.role === role && grant.action === action).map((grant) => grant.scope)
    let asked = 0
    for (const role of kRoles) {
      for (const { method, path } of all.filter((route) => route.action && scopes(role, route.action).length === 1 && scopes(role, route.action)[0] === 'whole')) {
        const concrete = path.replace('/api/v1', '').replace(/\{(\w+)\}/g, (_, name) => (name === 'matter_code' ? 'construction-permit' : kNobody))
        const reply = await of[role].ask(method, concrete, method === 'GET' ? {} : { version: 1, key: true, json: {} })
        assert.deepEqual([reply.status, reply.json?.reason], [403, 'authz.whole_installation_only'], `${role}: ${method} ${path}`)
        asked++
      }
    }
    assert.ok(asked > 40, `${asked} routes`)
  })

  test('an audit administrator reads the cases of his county only', async () => {
    const near = await appoint('audit_admin', '330106')
    const whole = await bureau.person('audit')
    for (const part of ['progress', 'audit', 'tasks', 'letters']) {
      const path = `/applications/${open.id}/${part}`
      assert.equal((await of.audit_admin.ask('GET', path)).status, 404, part)
      for (const person of [near, whole]) assert.equal((await person.ask('GET', path)).status, 200, part)
    }
  })
})
