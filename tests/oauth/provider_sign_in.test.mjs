// Signing in through a provider of identities: rightly, and with every fault that OpenID Connect Core has a check for.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { missing } from '../api/binary.mjs'
import { Bureau, Person } from '../api/harness.mjs'
import { goOn, kPassword, signIn } from '../api/people.mjs'
import { ProviderOfOthers } from './provider.mjs'

const kSecret = 'a secret of the test'

describe('signing in through a provider', { skip: missing }, () => {
  let bureau, provider, folder

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kaigong-provider-'))
    writeFileSync(join(folder, 'secret'), kSecret, { mode: 0o600 })
    provider = await ProviderOfOthers.start({ client_id: 'kaigong', client_secret: kSecret })
    bureau = await Bureau.start({ environment: { KAIGONG_PROVIDER_ISSUER: provider.issuer, KAIGONG_PROVIDER_CLIENT_ID: 'kaigong', KAIGONG_PROVIDER_CLIENT_SECRET_FILE: join(folder, 'secret'), KAIGONG_PROVIDER_PROVISION: 'officers', KAIGONG_PROVIDER_OFFICER_CLAIM: 'user_type', KAIGONG_PROVIDER_OFFICER_VALUE: 'officer' } })
  })
  after(async () => {
    await provider?.stop()
    if (folder) rmSync(folder, { recursive: true })
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const cookies_of = (reply) => [reply.headers['set-cookie'] ?? []].flat().map((one) => one.split(';')[0])
  const begin = async (next = '/app/inbox') => {
    const reply = await bureau.ask('GET', `/oauth/provider/sign-in?next=${encodeURIComponent(next)}`)
    return { location: reply.headers.location, cookie: cookies_of(reply)[0], reply }
  }
  const come_back = (query, cookie) => bureau.ask('GET', `/oauth/provider/callback?${query}`, { headers: cookie ? { cookie } : {} })
  const sign_in = async (subject, claims, next) => {
    const begun = await begin(next)
    return come_back(provider.visit(begun.location, subject, claims).query, begun.cookie)
  }
  /** Who is signed in by the answer that the browser got. */
  const person_of = async (reply) => {
    const person = new Person(bureau, null)
    person.cookie = cookies_of(reply).find((one) => one.startsWith('__Host-kaigong='))
    person.session = await person.must('GET', '/session')
    return person
  }
  const account_of = async (reply) => (await person_of(reply)).session.account
  const link = async (person, subject) => {
    const reply = await person.ask('POST', '/oauth/provider/link')
    const [cookie] = cookies_of(reply)
    return come_back(provider.visit(reply.json.redirect_to, subject).query, cookie)
  }
  const is_refused = (reply, reason) => {
    assert.equal(reply.json?.reason, reason, reply.body.toString('utf8'))
    assert.ok(!cookies_of(reply).some((one) => one.startsWith('__Host-kaigong=')))
  }

  test('an officer of the provider gets an account without posts, the same one each time', async () => {
    const first = await sign_in('officer-1', { user_type: 'officer' })
    assert.deepEqual([first.status, first.headers.location], [303, '/app/inbox'])
    const account = await account_of(first)
    assert.deepEqual([account.kind, account.roles, account.display_name], ['officer', [], '统一身份某人'])
    assert.equal((await account_of(await sign_in('officer-1'))).account_id, account.account_id)
    const cookie = cookies_of(first).find((one) => one.startsWith('__Host-kaigong='))
    const { sign_ins } = (await bureau.ask('GET', '/api/v1/account/sign-ins', { headers: { cookie } })).json
    assert.deepEqual(sign_ins.map((one) => [one.outcome, one.method]), Array(2).fill(['signed_in', 'provider']))
  })

  test('whom nobody may provision is told how to be linked, and links himself while signed in', async () => {
    is_refused(await sign_in('school-1', { email: 'school@example.com', name: '孙经办' }), 'oauth.not_linked')
    const school = await bureau.person('school')
    assert.equal((await link(school, 'school-1')).headers.location, '/app/account?provider=linked')
    assert.ok((await school.must('GET', '/oauth/provider/link')).linked_at_ms > 0)
    assert.equal((await account_of(await sign_in('school-1'))).account_name, 'school')
    await school.must('DELETE', '/oauth/provider/link')
    is_refused(await sign_in('school-1'), 'oauth.not_linked')
  })

  test('an account without a password: nothing is asked for that it has not, and its only way in stays', async () => {
    const person = await person_of(await sign_in('officer-2', { user_type: 'officer' }))
    const refused = async (reason, ...act) => assert.equal((await person.ask(...act)).json?.reason, reason, act[1])
    assert.equal(person.session.stage, 'full')
    assert.equal((await person.must('GET', '/account')).has_password, false)
    await refused('identity.no_password', 'PUT', '/account/password', { json: { password: kPassword, new_password: 'Another-Bridge-2028' } })
    await refused('identity.no_password', 'POST', '/session/step-up', { json: { password: kPassword } })
    await refused('oauth.only_way_in', 'DELETE', '/oauth/provider/link')
    for (const password of ['', ' ', 'x', kPassword]) assert.notEqual((await signIn(bureau, person.session.account.account_name, password)).status, 200, 'no password opens it')
    assert.equal((await account_of(await sign_in('officer-2'))).account_id, person.session.account.account_id)
    await person.must('DELETE', `/account/sessions`)
  })

  test('an officer without a password gets one from his administrator, and may then give up the binding', async () => {
    const { session } = await person_of(await sign_in('officer-3', { user_type: 'officer' }))
    const admin = await bureau.person('admin')
    const path = `/admin/accounts/${session.account.account_id}`
    const { initial_password: password } = await admin.must('POST', `${path}/password`, { version: (await admin.must('GET', path)).version })
    const { person } = await signIn(bureau, session.account.account_name, password)
    await person.must('PUT', '/account/password', { json: { password, new_password: kPassword } })
    await goOn(person, 'continuation')
    await person.must('DELETE', '/oauth/provider/link')
    await person.must('DELETE', '/oauth/provider/link')
    const again = await account_of(await sign_in('officer-3', { user_type: 'officer' }))
    assert.notEqual(again.account_id, session.account.account_id, 'whom nobody is bound to is somebody new')
  })

  test('an old sign-on at the provider is no fresh proof; where one is asked for, the provider looks anew and says so', async () => {
    await link(await bureau.person('factory'), 'factory-1')
    const now = Math.floor(Date.now() / 1000)
    const bind = (person) => person.ask('POST', '/account/contacts', { json: { phone: 'no number' } })
    for (const auth_time of [now - 3600, undefined, 'now', 0]) {
      const person = await person_of(await sign_in('factory-1', { auth_time }))
      assert.equal((await bind(person)).json.reason, 'authz.step_up_needed', `${auth_time}`)
      await person.must('GET', '/account')
    }
    assert.equal((await bind(await person_of(await sign_in('factory-1', { auth_time: now + 3600 })))).status, 422, 'never later than now')
    const again = async (auth_time) => {
      const begun = await bureau.ask('GET', '/oauth/provider/sign-in?again=1&next=/app/account')
      const { asked, query } = provider.visit(begun.headers.location, 'factory-1', { auth_time })
      assert.deepEqual([asked.get('prompt'), asked.get('max_age')], ['login', '0'])
      return come_back(query, cookies_of(begun)[0])
    }
    for (const auth_time of [now - 3600, undefined]) is_refused(await again(auth_time), 'oauth.not_proved_again')
    const person = await person_of(await again(Math.floor(Date.now() / 1000)))
    assert.equal((await bind(person)).status, 422, 'proved a moment ago')
  })

  test('one person who comes in twice at once has one account', async () => {
    const replies = await Promise.all([1, 2, 3, 4].map(() => sign_in('officer-4', { user_type: 'officer' })))
    const ids = new Set(await Promise.all(replies.map(async (reply) => (await account_of(reply)).account_id)))
    assert.equal(ids.size, 1)
  })

  test('guessed passwords lock nobody out whom the provider vouches for', async () => {
    const housing = await bureau.person('housing')
    await link(housing, 'housing-1')
    for (let i = 0; i < 6; i++) await signIn(bureau, 'housing', 'not the password')
    assert.equal((await signIn(bureau, 'housing')).reason, 'identity.too_many_attempts')
    assert.equal((await account_of(await sign_in('housing-1'))).account_name, 'housing')
  })

  test('a binding is made for the session that began it, while that lives', async () => {
    const { person: estate } = await signIn(bureau, 'estate')
    const begun = await estate.ask('POST', '/oauth/provider/link')
    const [cookie] = cookies_of(begun)
    const fire = await bureau.person('fire')
    is_refused(await come_back(provider.visit(begun.json.redirect_to, 'estate-1').query, `${cookie}; ${fire.cookie}`), 'oauth.visit_not_there')
    const second = await estate.ask('POST', '/oauth/provider/link')
    await estate.must('DELETE', '/session')
    is_refused(await come_back(provider.visit(second.json.redirect_to, 'estate-1').query, cookies_of(second)[0]), 'oauth.visit_not_there')
    is_refused(await sign_in('estate-1'), 'oauth.not_linked')
  })

  test('a browser that meets a fault comes back to where it was, which is told why', async () => {
    const browse = (target, cookie) => bureau.ask('GET', target, { headers: { accept: 'text/html', ...(cookie ? { cookie } : {}) } })
    assert.equal((await browse('/oauth/provider/callback?state=none&code=1')).headers.location, '/app/sign-in?provider=oauth.visit_not_there')
    const begun = await begin('/app/permits?page=2')
    const { query } = provider.visit(begun.location, 'nobody-here')
    const back = await browse(`/oauth/provider/callback?${query}`, begun.cookie)
    assert.deepEqual([back.status, back.headers.location], [303, '/app/sign-in?next=%2Fpermits%3Fpage%3D2&provider=oauth.not_linked'])
    const school = await bureau.person('school')
    const linking = await school.ask('POST', '/oauth/provider/link')
    const { query: refused } = provider.visit(linking.json.redirect_to, 'officer-1')
    assert.equal((await browse(`/oauth/provider/callback?${refused}`, cookies_of(linking)[0])).headers.location, '/app/account?provider=oauth.already_linked')
  })

  test('an answer belongs to the browser that began, once, and to this provider', async () => {
    const begun = await begin()
    const { query } = provider.visit(begun.location, 'officer-1')
    const other = await begin()
    is_refused(await come_back(query, other.cookie), 'oauth.visit_not_there')
    is_refused(await come_back(query, begun.cookie), 'oauth.visit_not_there')
    is_refused(await come_back(query), 'oauth.visit_not_there')
    provider.fault = { iss: 'https://evil.example' }
    is_refused(await sign_in('officer-1'), 'oauth.visit_not_there')
    provider.fault = {}
    assert.match((await begin()).reply.headers['set-cookie'][0], /^__Host-.*HttpOnly; Secure; SameSite=Lax/)
    for (const next of ['https://evil.example', '//evil.example', '/app/\\evil', '/other']) assert.equal((await sign_in('officer-1', {}, next)).headers.location, '/app/')
  })

  test('a new key of the provider is fetched with its first token', async () => {
    provider.roll('RS256')
    assert.equal((await sign_in('officer-1')).status, 303)
    provider.roll('ES256')
    is_refused(await sign_in('officer-1'), 'oauth.identity_not_proved')
    provider.roll_back()
    assert.equal((await sign_in('officer-1')).status, 303, 'who rolls twice in a minute waits')
  })

  test('an identity token with any fault proves nothing', async () => {
    const now = Math.floor(Date.now() / 1000)
    const faults = [{ claims: { nonce: 'another' } }, { claims: { nonce: undefined } }, { claims: { aud: 'somebody else' } }, { claims: { aud: ['kaigong', 'another'] } }, { claims: { azp: 'another' } }, { claims: { iss: 'https://evil.example' } }, { claims: { exp: now - 120 } }, { claims: { exp: undefined } }, { claims: { exp: 9e18 } }, { claims: { iat: now + 600 } }, { claims: { sub: '' } }, { claims: { sub: 'x'.repeat(300) } }, { unsigned: true }, { header: { alg: 'none' }, unsigned: true }, { header: { alg: 'HS256' } }, { header: { alg: 'PS256' } }, { header: { alg: 'ES256' } }, { header: { crit: ['b64'] } }, { header: { kid: 'nobody' } }]
    for (const fault of faults) {
      provider.fault = fault
      is_refused(await sign_in('officer-1'), 'oauth.identity_not_proved')
    }
    provider.fault = {}
    assert.equal((await sign_in('officer-1')).status, 303, 'a clock that is a little wrong is forgiven, and all is well again')
    provider.fault = { claims: { iat: now + 30, exp: now - 30 } }
    assert.equal((await sign_in('officer-1')).status, 303)
    provider.fault = {}
  })

  test('a provider that is away says so and names the way that is left', async () => {
    const begun = await begin()
    const { query } = provider.visit(begun.location, 'officer-1')
    const { port } = provider
    await provider.stop()
    const reply = await come_back(query, begun.cookie)
    is_refused(reply, 'oauth.provider_away')
    assert.equal(reply.status, 503)
    assert.match(reply.json.detail, /应急账号/)
    await provider.listen(port)
    assert.equal((await sign_in('officer-1')).status, 303)
    for (const [fault, reason] of [[{ slow: true }, 'oauth.provider_away'], [{ huge: true }, 'oauth.provider_unfit']]) {
      const again = await begin()
      const visit = provider.visit(again.location, 'officer-1')
      provider.fault = fault
      is_refused(await come_back(visit.query, again.cookie), reason)
      provider.fault = {}
    }
  })
})

describe('a provider that is not what it says', { skip: missing }, () => {
  let bureau, provider, folder
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kaigong-provider-'))
    writeFileSync(join(folder, 'secret'), kSecret, { mode: 0o600 })
    provider = await ProviderOfOthers.start({ client_id: 'kaigong', client_secret: kSecret })
    bureau = await Bureau.start({ environment: { KAIGONG_PROVIDER_ISSUER: provider.issuer, KAIGONG_PROVIDER_CLIENT_ID: 'kaigong', KAIGONG_PROVIDER_CLIENT_SECRET_FILE: join(folder, 'secret'), KAIGONG_PROVIDER_PROVISION: 'public_accounts', KAIGONG_PROVIDER_ID_NUMBER_CLAIM: 'id_number' } })
  })
  // A provider that still listens keeps this process alive, also when the server did not start.
  after(async () => {
    await provider?.stop()
    if (folder) rmSync(folder, { recursive: true })
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  test('other issuers, other hosts and other keys lead nowhere', async () => {
    const begin = () => bureau.ask('GET', '/oauth/provider/sign-in')
    for (const metadata of [{ issuer: 'https://evil.example' }, { issuer: `${provider.issuer}/` }, { token_endpoint: 'http://127.0.0.1:1/token' }, { jwks_uri: 'http://localhost/keys' }, { authorization_endpoint: 'javascript:alert(1)' }]) {
      provider.fault = { metadata }
      assert.equal((await begin()).json.reason, 'oauth.provider_unfit', JSON.stringify(metadata))
    }
    provider.fault = {}
    provider.roll('PS256')
    const reply = await begin()
    const cookie = reply.headers['set-cookie'][0].split(';')[0]
    const back = await bureau.ask('GET', `/oauth/provider/callback?${provider.visit(reply.headers.location, 'anybody').query}`, { headers: { cookie } })
    assert.equal(back.status, 303, back.body.toString('utf8'))
    const session = back.headers['set-cookie'].map((one) => one.split(';')[0]).find((one) => one.startsWith('__Host-kaigong='))
    const { account } = (await bureau.exchange('GET', '/api/v1/session', { headers: { cookie: session } }).then((got) => JSON.parse(got.body.toString('utf8'))))
    assert.deepEqual([account.kind, account.roles], ['owner_agent', ['public_user']])
  })

  test('an ID number that the provider vouches for is verified; what is none is not taken', async () => {
    const own_account_of = async (subject, claims) => {
      const begun = await bureau.ask('GET', '/oauth/provider/sign-in')
      const back = await bureau.ask('GET', `/oauth/provider/callback?${provider.visit(begun.headers.location, subject, claims).query}`, { headers: { cookie: begun.headers['set-cookie'][0].split(';')[0] } })
      const cookie = back.headers['set-cookie'].map((one) => one.split(';')[0]).find((one) => one.startsWith('__Host-kaigong='))
      const ask = async (path) => (await bureau.ask('GET', `/api/v1${path}`, { headers: { cookie } })).json
      const { has_id_number, id_number_verified_by } = await ask('/account')
      return { has_id_number, id_number_verified_by, roles: (await ask('/session')).account.roles }
    }
    const none = { has_id_number: false, id_number_verified_by: null, roles: ['public_user'] }
    assert.deepEqual(await own_account_of('builder', {}), none)
    assert.deepEqual(await own_account_of('builder', { id_number: '330106199001011234' }), none)
    const vouched = { has_id_number: true, id_number_verified_by: 'provider', roles: ['public_user', 'individual_owner'] }
    assert.deepEqual(await own_account_of('builder', { id_number: '11010519491231002x' }), vouched)
    assert.deepEqual(await own_account_of('builder', {}), vouched, 'what was vouched for once stays')
  })
})
