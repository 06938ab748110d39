// Each attack of RFC 9700 (and its relatives) that applies here, played by the attacker; each has to fail for him.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { kDemoPassword } from '../../tools/demo/client.mjs'
import { Person } from '../api/harness.mjs'
import { kPassword, lastMessage, register, tokenIn } from '../api/people.mjs'
import { agree, follow, kReading, post, request_of, with_token } from './office.mjs'

const kRedirect = 'https://partner.example/callback'
const kVerifier = randomBytes(32).toString('base64url')
const challengeOf = (verifier) => createHash('sha256').update(verifier).digest('base64url')

export function attacks(stage) {
  describe('attackers', () => {
    let bureau, school, web, other, native
    before(() => {
      ;({ bureau, school, web, other, native } = stage)
    })

    const link = (client, parameters = {}) => {
      const whole = { client_id: client.client_id, response_type: 'code', redirect_uri: kRedirect, scope: kReading.join(' '), state: 's', code_challenge: challengeOf(kVerifier), code_challenge_method: 'S256', ...parameters }
      return `${bureau.url}/oauth/authorize?${new URLSearchParams(Object.entries(whole).filter(([, value]) => value !== undefined))}`
    }
    const basic = ({ client_id, client_secret }) => ({ authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}` })
    const redeem = (code, { client = web, verifier = kVerifier, redirect_uri = kRedirect } = {}) => post(bureau, '/oauth/token', { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier }, basic(client))
    const code_of = async () => (await agree(bureau, school, link(web))).searchParams.get('code')
    const tokens_of = async () => (await redeem(await code_of())).json
    const refresh = (refresh_token, client = web) => post(bureau, '/oauth/token', { grant_type: 'refresh_token', refresh_token }, basic(client))
    const is_refused = (reply, error, status = 400) => assert.deepEqual([reply.status, reply.json.error], [status, error], reply.body.toString('utf8'))
    const reaches = async ({ access_token }) => (await with_token(bureau, access_token, '/api/v1/permits')).status
    /** Shown to the person as a page, and never sent on. */
    const is_stopped = async (url, reason) => {
      const { pathname, search } = new URL(url)
      const reply = await bureau.ask('GET', pathname + search)
      assert.equal(reply.headers.location, undefined, url)
      assert.deepEqual([reply.status, reply.json.reason], [422, reason], url)
    }

    test('a code that is used twice takes along what it gave', async () => {
      const code = await code_of()
      const tokens = (await redeem(code)).json
      assert.equal(await reaches(tokens), 200)
      is_refused(await redeem(code), 'invalid_grant')
      assert.equal(await reaches(tokens), 401)
      is_refused(await refresh(tokens.refresh_token), 'invalid_grant')
    })

    test('a code at another verifier, address or client is worth nothing, and burnt by the first wrong verifier', async () => {
      const code = await code_of()
      is_refused(await post(bureau, '/oauth/token', { grant_type: 'authorization_code', code, redirect_uri: kRedirect, code_verifier: kVerifier, client_id: other.client_id, client_secret: other.client_secret }), 'invalid_grant')
      is_refused(await redeem(code, { verifier: randomBytes(32).toString('base64url') }), 'invalid_grant')
      is_refused(await redeem(code), 'invalid_grant')
      is_refused(await redeem(await code_of(), { redirect_uri: `${kRedirect}/` }), 'invalid_grant')
      is_refused(await redeem(await code_of(), { verifier: '' }), 'invalid_request')
    })

    test('a code dies with the session that gave it', async () => {
      const visitor = new Person(bureau, 'school')
      await visitor.signIn()
      const code = (await agree(bureau, visitor, link(web))).searchParams.get('code')
      await visitor.must('DELETE', '/session')
      is_refused(await redeem(code), 'invalid_grant')
    })

    test('the tokens of a dismissed agent stay dead when he is invited again', async () => {
      const agent = await register(bureau, { phone: '13800006001', name: 'dismissed_agent' })
      const { organisations } = await school.must('GET', '/organisations')
      const path = `/organisations/${organisations.find((one) => one.current).organisation_id}`
      const join_firm = async () => {
        await school.must('POST', `${path}/invitations`, { json: { phone: '13800006001', duty: 'agent', authority_reference: '委托书' } })
        await agent.must('POST', '/invitations/acceptance', { json: { token: tokenIn(await lastMessage(bureau, '13800006001')) } })
      }
      const sign_in_again = async () => {
        const reply = await (await bureau.person(null)).ask('POST', '/session', { json: { account: 'dismissed_agent', password: kPassword } })
        assert.equal(reply.status, 200)
        agent.session = reply.json
        agent.cookie = String(reply.headers['set-cookie']).split(';')[0]
      }
      await join_firm()
      const tokens = (await redeem((await agree(bureau, agent, link(web))).searchParams.get('code'))).json
      assert.equal(await reaches(tokens), 200)
      const { members } = await school.must('GET', path)
      await school.must('POST', `${path}/members/${members.find((one) => one.account_name === 'dismissed_agent').membership_id}/removal`, { json: { reason: '不再委托' } })
      assert.equal(await reaches(tokens), 401)
      await sign_in_again()
      await join_firm()
      assert.equal(await reaches(tokens), 401)
      is_refused(await refresh(tokens.refresh_token), 'invalid_grant')
      const anew = (await redeem((await agree(bureau, agent, link(web))).searchParams.get('code'))).json
      assert.equal(await reaches(anew), 200)
    })

    test('a token stays with the company it was agreed for, whatever its owner does in another window', async () => {
      const company = school.session.account.credit_code
      const elsewhere = new Person(bureau, 'school')
      await elsewhere.signIn()
      const agreed = await tokens_of()
      await elsewhere.must('PUT', '/session/organisation', { json: { organisation_id: null } })
      const asked = await request_of(bureau, link(web))
      assert.equal((await school.must('GET', `/oauth/requests/${asked}`)).credit_code, company, 'the page shows whom this window acts for')
      const later = await tokens_of()
      for (const { access_token } of [agreed, later, (await refresh(agreed.refresh_token)).json]) {
        const { json } = await with_token(bureau, access_token, '/oauth/userinfo')
        assert.equal(json.credit_code, company)
      }
      await elsewhere.must('PUT', '/session/organisation', { json: { organisation_id: school.session.account.organisation_id } })
    })

    test('who changes his password is rid of every token that was given before', async () => {
      const owner = new Person(bureau, 'factory')
      await owner.signIn()
      const tokens = (await redeem((await agree(bureau, owner, link(web))).searchParams.get('code'))).json
      assert.equal(await reaches(tokens), 200)
      await owner.must('PUT', '/account/password', { json: { password: kDemoPassword, new_password: 'Another-Ladder-88' } })
      assert.equal(await reaches(tokens), 401)
      is_refused(await refresh(tokens.refresh_token), 'invalid_grant')
    })

    test('PKCE can be neither left out nor weakened', async () => {
      for (const weaker of [{ code_challenge: undefined }, { code_challenge_method: 'plain' }, { code_challenge_method: undefined }, { code_challenge: 'short' }, { code_challenge: undefined, code_challenge_method: undefined }]) {
        const answer = await follow(bureau, link(web, weaker))
        assert.equal(answer.origin + answer.pathname, kRedirect)
        assert.deepEqual([answer.searchParams.get('error'), answer.searchParams.get('state')], ['invalid_request', 's'])
      }
    })

    test('every answer says who gave it, so that two servers are not mixed up', async () => {
      assert.equal((await agree(bureau, school, link(web))).searchParams.get('iss'), bureau.url)
      assert.equal((await follow(bureau, link(web, { scope: 'nonsense' }))).searchParams.get('iss'), bureau.url)
      const { json } = await bureau.ask('GET', '/.well-known/openid-configuration')
      assert.equal(json.authorization_response_iss_parameter_supported, true)
    })

    test('an address that is not registered to the letter gets no answer', async () => {
      const tricks = ['https://partner.example/callback/', 'https://partner.example/callback/../evil', 'https://partner.example/callback/..%2fevil', 'https://partner.example/', 'https://partner.example/callbackx', 'https://partner.example@evil.example/callback', 'https://partner.example.evil.example/callback', 'https://partner.example:8443/callback', 'http://partner.example/callback', 'https://PARTNER.example/callback', 'https://partner.example/callback#x', 'https://partner.example/callback?next=https://evil.example', 'https://evil.example', '//partner.example/callback', 'javascript:alert(1)', 'data:text/html,x', '']
      for (const redirect_uri of tricks) await is_stopped(link(web, { redirect_uri }), 'oauth.redirect_unknown')
      await is_stopped(link(web, { redirect_uri: undefined }), 'oauth.redirect_unknown')
      await is_stopped(link({ client_id: '01900000-0000-7000-8000-000000000000' }), 'oauth.client_unknown')
      await is_stopped(link({ client_id: "' OR 1=1 --" }), 'oauth.client_unknown')
      const twice = await bureau.ask('GET', `${new URL(link(web)).pathname}${new URL(link(web)).search}&redirect_uri=https%3A%2F%2Fevil.example`)
      assert.deepEqual([twice.status, twice.headers.location], [400, undefined])
    })

    test('only the port of this machine is free for a native app', async () => {
      assert.ok(await request_of(bureau, link(native, { redirect_uri: 'http://127.0.0.1:49152/done' })))
      for (const redirect_uri of ['http://127.0.0.1:49152/other', 'http://127.0.0.1:49152/done?x=1', 'http://127.0.0.1:x/done', 'http://127.0.0.1:123456/done', 'http://127.0.0.1:1@evil.example/done', 'http://localhost:49152/done', 'https://127.0.0.1:49152/done', 'http://127.0.0.1.evil.example:80/done']) {
        await is_stopped(link(native, { redirect_uri }), 'oauth.redirect_unknown')
      }
    })

    test('a refresh token that comes a second time ends its family', async () => {
      const first = await tokens_of()
      const second = (await refresh(first.refresh_token)).json
      assert.equal(await reaches(second), 200)
      is_refused(await refresh(first.refresh_token), 'invalid_grant')
      assert.equal(await reaches(second), 401)
      is_refused(await refresh(second.refresh_token), 'invalid_grant')
    })

    test('two refreshes at once leave at most one that lives', async () => {
      const first = await tokens_of()
      const both = await Promise.all([refresh(first.refresh_token), refresh(first.refresh_token)])
      assert.ok(both.filter((reply) => reply.status === 200).length <= 1)
      const living = await Promise.all(both.map((reply) => (reply.json.access_token ? reaches(reply.json) : 401)))
      assert.deepEqual(living, [401, 401])
    })

    test('tokens of one client are nothing in the hands of another', async () => {
      const tokens = await tokens_of()
      const as_other = { client_id: other.client_id, client_secret: other.client_secret }
      is_refused(await post(bureau, '/oauth/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, ...as_other }), 'invalid_grant')
      assert.equal((await post(bureau, '/oauth/revoke', { token: tokens.refresh_token, ...as_other })).status, 200)
      assert.equal(await reaches(tokens), 200, 'nobody revokes what is not his')
      assert.equal((await refresh(tokens.refresh_token)).status, 200)
    })

    test('no scope is raised: at the request, at the refresh, by a system', async () => {
      assert.equal((await follow(bureau, link(web, { scope: 'openid applications.write' }))).searchParams.get('error'), 'invalid_scope')
      const narrow = (await redeem((await agree(bureau, school, link(web, { scope: 'openid offline_access' }))).searchParams.get('code'))).json
      is_refused(await post(bureau, '/oauth/token', { grant_type: 'refresh_token', refresh_token: narrow.refresh_token, scope: 'openid permits.read' }, basic(web)), 'invalid_scope')
      assert.equal(await reaches(narrow), 403)
      is_refused(await post(bureau, '/oauth/token', { grant_type: 'client_credentials', scope: 'permits.read' }, basic(web)), 'unauthorized_client')
      is_refused(await post(bureau, '/oauth/token', { grant_type: 'password', username: 'school', password: 'x' }, basic(web)), 'unsupported_grant_type')
    })

    test('a pushed request serves its own client, once', async () => {
      const pushed = await post(bureau, '/oauth/par', { response_type: 'code', redirect_uri: kRedirect, scope: 'openid', code_challenge: challengeOf(kVerifier), code_challenge_method: 'S256' }, basic(web))
      assert.equal(pushed.status, 201)
      const at = (client) => `${bureau.url}/oauth/authorize?${new URLSearchParams({ client_id: client.client_id, request_uri: pushed.json.request_uri })}`
      const stolen = await bureau.ask('GET', at(other).slice(bureau.url.length))
      assert.deepEqual([stolen.status, stolen.json.reason], [404, 'oauth.request_not_there'])
      assert.ok(await request_of(bureau, at(web)))
      assert.equal((await bureau.ask('GET', at(web).slice(bureau.url.length))).status, 404)
      is_refused(await post(bureau, '/oauth/par', { response_type: 'code', redirect_uri: 'https://evil.example/', scope: 'openid', code_challenge: challengeOf(kVerifier), code_challenge_method: 'S256' }, basic(web)), 'invalid_request')
    })

    test('a client proves itself as it is registered to, once, and in no other way', async () => {
      const grant = { grant_type: 'refresh_token', refresh_token: 'x' }
      const named = { client_id: web.client_id }
      is_refused(await post(bureau, '/oauth/token', { ...grant, ...named }), 'invalid_client', 401)
      is_refused(await post(bureau, '/oauth/token', { ...grant, ...named, client_secret: web.client_secret }), 'invalid_client', 401)
      is_refused(await post(bureau, '/oauth/token', grant, basic({ ...web, client_secret: 'wrong' })), 'invalid_client', 401)
      is_refused(await post(bureau, '/oauth/token', { ...grant, client_id: other.client_id }, basic(web)), 'invalid_client', 401)
      is_refused(await post(bureau, '/oauth/token', { ...grant, client_secret: web.client_secret }, basic(web)), 'invalid_request')
      is_refused(await post(bureau, '/oauth/token', { ...grant, client_id: native.client_id, client_secret: 'anything' }), 'invalid_client', 401)
      const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ iss: web.client_id, sub: web.client_id, aud: bureau.url, jti: 'a', exp: 4e9 })).toString('base64url')}.`
      is_refused(await post(bureau, '/oauth/token', { ...grant, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: unsigned }), 'invalid_client', 401)
      is_refused(await post(bureau, '/oauth/token', `grant_type=refresh_token&grant_type=password&client_id=${web.client_id}`), 'invalid_request')
      is_refused(await bureau.ask('POST', '/oauth/token', { headers: { 'content-type': 'application/json' }, body: '{}' }), 'invalid_request')
    })

    test('nobody agrees for a person: not another site, not without his token, not a second time', async () => {
      const request = await request_of(bureau, link(web))
      const path = `/oauth/requests/${request}/approval`
      for (const headers of [{ origin: 'https://evil.example' }, { 'x-csrf-token': null }, { 'x-csrf-token': 'wrong' }, { 'sec-fetch-site': 'cross-site' }]) {
        const reply = await school.ask('POST', path, { headers })
        assert.deepEqual([reply.status, reply.json.reason], [403, 'http.csrf_refused'])
      }
      assert.equal((await school.ask('GET', path)).status, 405)
      const nobody = await bureau.person(null)
      assert.equal((await nobody.ask('POST', path)).status, 401)
      await school.must('POST', path)
      assert.equal((await school.ask('POST', path)).status, 404)
    })

    test('what is asked for again must be a new sign-in', async () => {
      const request = await request_of(bureau, link(web, { prompt: 'login' }))
      assert.equal((await school.must('GET', `/oauth/requests/${request}`)).sign_in_again, true)
      assert.equal((await school.ask('POST', `/oauth/requests/${request}/approval`)).json.reason, 'oauth.sign_in_again')
      assert.equal((await follow(bureau, link(web, { prompt: 'none' }))).searchParams.get('error'), 'interaction_required')
    })

    test('who refuses sends the client away without a code', async () => {
      const request = await request_of(bureau, link(web))
      const answer = new URL((await school.must('POST', `/oauth/requests/${request}/refusal`)).redirect_to)
      assert.deepEqual([answer.searchParams.get('error'), answer.searchParams.get('code')], ['access_denied', null])
      assert.equal((await school.ask('POST', `/oauth/requests/${request}/approval`)).status, 404)
    })

    test('the pages stand in nobody’s frame, tell no referrer, and a redirect never repeats a form', async () => {
      const { pathname, search } = new URL(link(web))
      const reply = await bureau.ask('GET', pathname + search)
      assert.equal(reply.status, 303)
      const page = await bureau.exchange('GET', reply.headers.location)
      for (const { headers } of [reply, page]) {
        assert.match(headers['content-security-policy'], /frame-ancestors '(self|none)'/)
        assert.match(headers['referrer-policy'], /^(same-origin|no-referrer)$/)
      }
      assert.equal(reply.headers['cache-control'], 'no-store')
      assert.equal((await redeem(await code_of())).headers['cache-control'], 'no-store')
    })

    test('a device that asks too often is slowed down, and codes are not guessed', async () => {
      const begun = (await post(bureau, '/oauth/device_authorization', { client_id: native.client_id, scope: 'openid' })).json
      const poll = () => post(bureau, '/oauth/token', { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: begun.device_code, client_id: native.client_id })
      is_refused(await poll(), 'authorization_pending')
      is_refused(await poll(), 'slow_down')
      const estate = await bureau.person('estate')
      await estate.must('GET', `/oauth/requests/${begun.user_code}`)
      await estate.must('POST', `/oauth/requests/${begun.user_code}/refusal`)
      is_refused(await poll(), 'access_denied')
      let status = 0
      for (let i = 0; i < 12 && status !== 429; i++) status = (await estate.ask('GET', `/oauth/requests/BCDF-GHJ${'KLMNPQRSTVWX'[i]}`)).status
      assert.equal(status, 429)
    })

    test('a code belongs to the session that entered it, and its request is seen before it is decided', async () => {
      const begun = (await post(bureau, '/oauth/device_authorization', { client_id: native.client_id, scope: 'openid' })).json
      const path = `/oauth/requests/${begun.user_code}`
      const [clerk, fire] = [await bureau.person('clerk'), await bureau.person('fire')]
      assert.equal((await clerk.ask('POST', `${path}/approval`)).json.reason, 'oauth.request_not_there', 'nobody agrees to what he did not see')
      const { client_name, device } = await clerk.must('GET', path)
      assert.deepEqual([client_name, device.address, device.same_address], ['示例系统', '127.0.0.1', true])
      assert.ok(Math.abs(device.asked_at_ms - Date.now()) < 60_000)
      for (const [method, ending] of [['GET', ''], ['POST', '/approval'], ['POST', '/refusal']]) assert.equal((await fire.ask(method, path + ending)).json.reason, 'oauth.request_not_there', method + ending)
      const again = new Person(bureau, 'clerk')
      await again.signIn()
      assert.equal((await again.ask('POST', `${path}/approval`)).json.reason, 'oauth.request_not_there', 'another sign-in of the same person is another one')
      await clerk.must('GET', path)
      await clerk.must('POST', `${path}/approval`)
    })

    test('pages of strangers read no answer, those of a public client do', async () => {
      const { register } = await import('./office.mjs')
      const page = await register(bureau, { kind: 'browser', proof: 'none', redirect_uris: ['http://127.0.0.1:9/done'] })
      const from = async (origin) => (await bureau.ask('GET', '/.well-known/openid-configuration', { headers: { origin } })).headers['access-control-allow-origin']
      assert.equal(await from('http://127.0.0.1:9'), 'http://127.0.0.1:9')
      for (const origin of ['https://evil.example', 'http://127.0.0.1:10', 'https://partner.example', 'null']) assert.equal(await from(origin), undefined, origin)
      const security = await bureau.person('security')
      await security.must('POST', `/oauth/clients/${page.client_id}/suspension`)
      assert.equal(await from('http://127.0.0.1:9'), undefined, 'a suspended client has no origin')
    })
  })
}
