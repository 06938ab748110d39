// Second factors over HTTP: an app, a security key and codes on paper, as the signed-in person manages them.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Authenticator, totpCode, wrongTotpCode } from './authenticator.mjs'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'

const kOrigin = 'https://permits.example.gov.cn'
const kUnknownId = '01900000-0000-7000-8000-000000000000'

describe('second factors', { skip: missing }, () => {
  let bureau, clerk, fire, app

  const base = '/account/factors'
  const refused = async (person, status, reason, ...act) => {
    const reply = await person.ask(...act)
    assert.deepEqual([reply.status, reply.json?.reason], [status, reason], act[1])
    return reply.json
  }
  const post = (person, path, json) => person.must('POST', path, { json })
  const addKey = async (person, key, lies) => {
    const { public_key: options } = await post(person, `${base}/webauthn/options`)
    return person.ask('POST', `${base}/webauthn`, { json: key.register(options, '蓝色密钥', lies) })
  }

  before(async () => {
    bureau = await Bureau.start({ environment: { KAIGONG_SERVER_PUBLIC_URL: kOrigin } })
    clerk = await bureau.person('clerk')
    fire = await bureau.person('fire')
  })
  after(async () => assert.equal(await bureau?.stop(), 0))

  test('an app is added with its first code, and not without', async () => {
    assert.deepEqual(await clerk.must('GET', base), { factors: [], recovery_codes_left: 0, webauthn_available: true })
    await refused(clerk, 409, 'identity.factor_none', 'POST', '/account/recovery-codes')
    const begun = await post(clerk, `${base}/totp`, { name: '我的手机' })
    assert.equal(new URL(begun.otpauth_uri).searchParams.get('secret'), begun.secret)
    assert.deepEqual((await clerk.must('GET', base)).factors, [])
    const confirmation = `${base}/totp/${begun.factor_id}/confirmation`
    const wrong = await refused(clerk, 422, 'identity.factor_code_wrong', 'POST', confirmation, { json: { code: wrongTotpCode(begun.secret) } })
    assert.equal(wrong.fields[0].field, 'code')
    await refused(fire, 404, 'identity.factor_not_found', 'POST', confirmation, { json: { code: totpCode(begun.secret) } })
    app = await post(clerk, confirmation, { code: totpCode(begun.secret) })
    assert.deepEqual([app.kind, app.name], ['totp', '我的手机'])
    assert.deepEqual((await clerk.must('GET', base)).factors, [app])
    await refused(clerk, 404, 'identity.factor_not_found', 'POST', confirmation, { json: { code: totpCode(begun.secret) } })
  })

  test('a security key is added by what it signs for this site, and once', async () => {
    const key = new Authenticator(kOrigin)
    const added = await addKey(clerk, key)
    assert.equal(added.status, 201)
    assert.deepEqual([added.json.kind, added.json.name], ['webauthn', '蓝色密钥'])
    assert.equal((await addKey(clerk, key)).json.reason, 'identity.factor_registered_already')
    const { public_key: options } = await post(clerk, `${base}/webauthn/options`)
    assert.deepEqual(options.excludeCredentials, [{ type: 'public-key', id: key.credentialId.toString('base64url') }])
  })

  test('each lie of a browser or a key is refused with its reason', async () => {
    const lies = {
      origin_wrong: { origin: 'https://permits.example.gov.cn.evil.example' },
      rp_wrong: { rpId: 'evil.example' },
      type_wrong: { type: 'webauthn.get' },
      user_absent: { flags: 0x44 },
      user_unverified: { flags: 0x41 },
      authenticator_data_malformed: { flags: 0xc5 },
    }
    for (const [reason, lie] of Object.entries(lies)) {
      const reply = await addKey(clerk, new Authenticator(kOrigin), lie)
      assert.deepEqual([reply.status, reply.json.reason], [422, `crypto.webauthn_${reason}`])
    }
    const key = new Authenticator(kOrigin)
    const { public_key: options } = await post(clerk, `${base}/webauthn/options`)
    await refused(fire, 422, 'identity.factor_challenge_expired', 'POST', `${base}/webauthn`, { json: key.register(options, '别人的请求') })
    await refused(clerk, 422, 'json.fields_invalid', 'POST', `${base}/webauthn`, { json: { ...key.register(options, '坏编码'), client_data_json: 'a+b=' } })
    await refused(clerk, 422, 'json.fields_invalid', 'POST', `${base}/webauthn`, { json: key.register(options, '长'.repeat(61)) })
  })

  test('recovery codes are shown once, and new ones void the old', async () => {
    const first = await post(clerk, '/account/recovery-codes')
    const second = await post(clerk, '/account/recovery-codes')
    assert.equal(new Set([...first.codes, ...second.codes]).size, 20)
    assert.equal((await clerk.must('GET', base)).recovery_codes_left, 10)
  })

  test('factors are renamed and removed by their own person only', async () => {
    const path = `${base}/${app.factor_id}`
    assert.equal((await clerk.must('PATCH', path, { json: { name: '新手机' } })).name, '新手机')
    await refused(fire, 404, 'identity.factor_not_found', 'PATCH', path, { json: { name: '别人的' } })
    await refused(fire, 404, 'identity.factor_not_found', 'DELETE', path)
    await refused(clerk, 404, 'identity.factor_not_found', 'DELETE', `${base}/${kUnknownId}`)
    await refused(clerk, 404, 'identity.factor_not_found', 'DELETE', `${base}/no-id`)
    await clerk.must('DELETE', path)
    const left = await clerk.must('GET', base)
    assert.deepEqual(left.factors.map((factor) => factor.kind), ['webauthn'])
    await clerk.must('DELETE', `${base}/${left.factors[0].factor_id}`)
    assert.deepEqual(await clerk.must('GET', base), { factors: [], recovery_codes_left: 0, webauthn_available: true })
  })

  test('five wrong codes pause the account, the right one too', async () => {
    const begun = await post(fire, `${base}/totp`, { name: '手机' })
    const confirmation = `${base}/totp/${begun.factor_id}/confirmation`
    for (let i = 0; i < 5; i++) await refused(fire, 422, 'identity.factor_code_wrong', 'POST', confirmation, { json: { code: wrongTotpCode(begun.secret) } })
    await refused(fire, 429, 'identity.factor_paused', 'POST', confirmation, { json: { code: totpCode(begun.secret) } })
  })

  test('waiting apps and keys are ten at most', async () => {
    const head = await bureau.person('head')
    for (let i = 0; i < 10; i++) await post(head, `${base}/totp`, { name: `手机 ${i}` })
    await refused(head, 409, 'identity.factor_too_many', 'POST', `${base}/totp`, { json: { name: '又一个' } })
    await refused(head, 409, 'identity.factor_too_many', 'POST', `${base}/webauthn/options`)
  })
})
