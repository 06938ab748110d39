// Officers who come in through the provider and in no other way, and the few who still do when it is down.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { totpCode } from '../api/authenticator.mjs'
import { binary, kEnvironment, missing, root } from '../api/binary.mjs'
import { Bureau } from '../api/harness.mjs'
import { codeIn, goOn, lastMessage, signIn } from '../api/people.mjs'
import { ProviderOfOthers } from './provider.mjs'

const kSecret = 'a secret of the test'
const kStepMs = 30_000
const kPhone = '13800009999'

describe('officers come in through the provider only', { skip: missing }, () => {
  let bureau, provider, folder, secret

  const clockStart = '2026-11-24T08:00:00+08:00'
  const settings = (more = {}) => ({ KAIGONG_PROVIDER_ISSUER: provider.issuer, KAIGONG_PROVIDER_CLIENT_ID: 'kaigong', KAIGONG_PROVIDER_CLIENT_SECRET_FILE: join(folder, 'secret'), ...more })
  const kOnly = { KAIGONG_IDENTITY_OFFICERS_BY_PROVIDER_ONLY: 'true', KAIGONG_IDENTITY_EMERGENCY_ACCOUNTS: 'admin,housing', KAIGONG_SERVER_TRUSTED_PROXIES: '127.0.0.1' }
  const cookies_of = (reply) => [reply.headers['set-cookie'] ?? []].flat().map((one) => one.split(';')[0])
  const through_provider = async (subject) => {
    const begun = await bureau.ask('GET', '/oauth/provider/sign-in')
    return bureau.ask('GET', `/oauth/provider/callback?${provider.visit(begun.headers.location, subject).query}`, { headers: { cookie: cookies_of(begun)[0] } })
  }
  const second_step = async (account, atMs) => {
    const { person } = await signIn(bureau, account)
    assert.equal(person.session?.stage, 'second_factor')
    const done = await goOn(person, 'second-factor', { code: totpCode(secret, atMs) })
    assert.equal(done.status, 200, done.body.toString('utf8'))
    return person
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kaigong-provider-'))
    writeFileSync(join(folder, 'secret'), kSecret, { mode: 0o600 })
    provider = await ProviderOfOthers.start({ client_id: 'kaigong', client_secret: kSecret })
    bureau = await Bureau.start({ clockStart, environment: settings() })
    const admin = await bureau.person('admin')
    const begun = await admin.must('POST', '/account/factors/totp', { json: { name: '应急' } })
    secret = begun.secret
    await admin.must('POST', `/account/factors/totp/${begun.factor_id}/confirmation`, { json: { code: totpCode(secret, Date.now() - kStepMs) } })
    for (const name of ['clerk', 'security']) {
      const person = await bureau.person(name)
      const link = await person.ask('POST', '/oauth/provider/link')
      assert.equal((await bureau.ask('GET', `/oauth/provider/callback?${provider.visit(link.json.redirect_to, `${name}-1`).query}`, { headers: { cookie: cookies_of(link)[0] } })).status, 303)
    }
    const security = await bureau.person('security')
    const { challenge_id } = await security.must('POST', '/account/contacts', { json: { phone: kPhone } })
    await security.must('POST', '/account/contacts/confirmation', { json: { challenge_id, code: codeIn(await lastMessage(bureau, kPhone)) } })
    await bureau.stop({ keep: true })
  })
  after(async () => {
    await provider?.stop()
    if (folder) rmSync(folder, { recursive: true })
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  test('a bureau that nobody could enter while the provider is down does not start, and says why', () => {
    const database = bureau.database ? ['--database', bureau.database] : []
    const start = (environment) => spawnSync(binary, ['serve', '--demo', '--data', bureau.folder, '--quick-passwords', '--port', '0', ...database], { cwd: root, env: { ...kEnvironment, ...environment }, encoding: 'utf8', timeout: 120_000 }).stderr
    assert.match(start({ KAIGONG_IDENTITY_OFFICERS_BY_PROVIDER_ONLY: 'true' }), /app\.provider_missing/)
    assert.match(start(settings({ ...kOnly, KAIGONG_IDENTITY_EMERGENCY_ACCOUNTS: '' })), /identity\.no_emergency_account/)
    for (const wrong of ['admin,nobody_here', 'admin,school']) assert.match(start(settings({ ...kOnly, KAIGONG_IDENTITY_EMERGENCY_ACCOUNTS: wrong })), /identity\.emergency_account_unfit/, wrong)
    assert.match(start(settings({ ...kOnly, KAIGONG_IDENTITY_EMERGENCY_ACCOUNTS: 'housing' })), /identity\.no_emergency_factor/)
  })

  test('a password opens no officer’s account, and an applicant’s as before', async () => {
    await bureau.reopen({ clockStart, environment: settings(kOnly) })
    assert.match(bureau.log, /identity\.emergency_account_without_factor/, 'who lacks a factor is told at the start')
    for (const name of ['clerk', 'security', 'fire']) assert.equal((await signIn(bureau, name)).reason, 'identity.provider_only', name)
    assert.equal((await signIn(bureau, 'clerk', 'not the password')).reason, 'identity.wrong_credentials', 'who guesses learns nothing')
    assert.equal((await signIn(bureau, 'housing')).reason, 'identity.emergency_needs_factor', 'a password alone binds no factor')
    assert.equal((await signIn(bureau, 'school')).status, 200)
  })

  test('who comes through the provider is in, and keeps that way', async () => {
    const reply = await through_provider('clerk-1')
    const cookie = cookies_of(reply).find((one) => one.startsWith('__Host-kaigong='))
    const { json: session } = await bureau.ask('GET', '/api/v1/session', { headers: { cookie } })
    assert.deepEqual([session.account.account_name, session.stage], ['clerk', 'full'])
    const unlinked = await bureau.ask('DELETE', '/api/v1/oauth/provider/link', { headers: { cookie, 'x-csrf-token': session.csrf_token } })
    assert.equal(unlinked.json.reason, 'oauth.only_way_in')
  })

  test('while the provider is down or slow the emergency account gets in, which the security administrator sees', async () => {
    const reply = await through_provider('security-1')
    const cookie = cookies_of(reply).find((one) => one.startsWith('__Host-kaigong='))
    const { port } = provider
    await provider.stop()
    assert.equal((await signIn(bureau, 'fire')).reason, 'identity.provider_only')
    await second_step('admin', Date.now())
    await provider.listen(port)
    provider.fault = { slow: true }
    const admin = await second_step('admin', Date.now() + kStepMs)
    provider.fault = {}
    const { json: log } = await bureau.ask('GET', '/api/v1/admin/sign-ins?outcome=emergency_signed_in', { headers: { cookie } })
    assert.deepEqual(log.sign_ins.map((one) => [one.account_name, one.method]), [['admin', 'totp'], ['admin', 'totp']])
    assert.match(await lastMessage(bureau, kPhone), /应急账号 admin 用密码登录了系统/)
    const [factor] = (await admin.must('GET', '/account/factors')).factors
    assert.equal((await admin.ask('DELETE', `/account/factors/${factor.factor_id}`)).status, 409, 'the way of an emergency keeps its factor')
  })

  test('from every network an emergency account answers strangers like others, and lets its owner in', async () => {
    const kWrong = 'not the password'
    const [here, there, home] = ['203.0.113.1', '2001:db8:1::1', '203.0.113.3']
    const seen = new Map(['admin', 'fire', 'nobody_at_all'].map((name) => [name, { answers: [], took: [] }]))
    // In turns: a busy machine is busy for all of them.
    for (const from of [...Array(6).fill(here), ...Array(10).fill(there), here]) {
      for (const [name, { answers, took }] of seen) {
        const begun = performance.now()
        const { status, reply } = await signIn(bureau, name, kWrong, { from })
        if (status === 429) took.push(performance.now() - begun)
        answers.push([status, reply.json.reason, reply.json.detail])
      }
    }
    const [admin, fire, nobody] = [...seen.values()]
    const [quickest, slowest] = [Math.min, Math.max].map((of) => of(...[...seen.values()].map(({ took }) => Math.min(...took))))
    assert.deepEqual(admin.answers, nobody.answers)
    assert.deepEqual(fire.answers, nobody.answers)
    assert.deepEqual(admin.answers.map(([status]) => status), [...Array(5).fill(401), ...Array(12).fill(429)])
    assert.ok(slowest < 2 * quickest, JSON.stringify([...seen]))

    assert.equal((await signIn(bureau, 'admin', undefined, { from: here })).status, 429, 'five guesses a network')
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 2; i++) assert.equal((await signIn(bureau, 'admin', kWrong, { from: home })).status, 429)
      assert.equal((await signIn(bureau, 'admin', undefined, { from: home })).person.session?.stage, 'second_factor', 'the right password begins the count anew')
    }
    assert.equal((await signIn(bureau, 'admin', kWrong, { from: there })).status, 429, 'strangers do not see that he came in')

    const cookie = cookies_of(await through_provider('security-1')).find((one) => one.startsWith('__Host-kaigong='))
    const { json: session } = await bureau.ask('GET', '/api/v1/session', { headers: { cookie } })
    const shown = async () => (await bureau.ask('GET', '/api/v1/admin/accounts?query=admin', { headers: { cookie } })).json.accounts.find((one) => one.account_name === 'admin')
    const locked = await shown()
    assert.ok(locked.locked_until_ms > Date.now())
    const lifted = await bureau.ask('POST', `/api/v1/admin/accounts/${locked.account_id}/unlocking`, { headers: { cookie, 'x-csrf-token': session.csrf_token, 'if-match': `"${locked.version}"` } })
    assert.deepEqual([lifted.status, lifted.json.locked_until_ms], [200, null])
    assert.equal((await signIn(bureau, 'admin', undefined, { from: here })).person.session?.stage, 'second_factor')
  })
})
