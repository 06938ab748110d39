// Clients of others, written by people who never saw this server: openid-client against the running program.
import assert from 'node:assert/strict'
import { generateKeyPairSync, createPublicKey, webcrypto } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { missing } from '../api/binary.mjs'
import { Bureau } from '../api/harness.mjs'
import { attacks } from './attacks.mjs'
import { agree, kReading, register, request_of, require, with_token } from './office.mjs'
import { registry } from './registry.mjs'

const kRedirect = 'https://partner.example/callback'

describe('an authorization server', { skip: missing }, () => {
  const stage = {}
  let oidc, bureau, school, unwatch

  before(async () => {
    oidc = await import(require.resolve('openid-client'))
    bureau = stage.bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    school = stage.school = await bureau.person('school')
    stage.web = await register(bureau, { kind: 'web', proof: 'client_secret_basic', redirect_uris: [kRedirect] })
    stage.other = await register(bureau, { kind: 'web', proof: 'client_secret_post', redirect_uris: ['https://other.example/callback'] })
    stage.native = await register(bureau, { kind: 'native', proof: 'none', redirect_uris: ['http://127.0.0.1/done'] })
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const configured = (client, proof) => oidc.discovery(new URL(bureau.url), client.client_id, {}, proof ?? oidc.ClientSecretBasic(client.client_secret), { execute: [oidc.allowInsecureRequests] })
  /** Code and PKCE, as a person sees it; the tokens. */
  const signed_in = async (config, { redirect_uri = kRedirect, scope = kReading.join(' '), person = school, more = {}, pushed = false } = {}) => {
    const verifier = oidc.randomPKCECodeVerifier()
    const state = oidc.randomState()
    const nonce = oidc.randomNonce()
    const parameters = { redirect_uri, scope, state, nonce, code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...more }
    const url = pushed ? await oidc.buildAuthorizationUrlWithPAR(config, parameters) : oidc.buildAuthorizationUrl(config, parameters)
    const landed = await agree(bureau, person, url)
    return oidc.authorizationCodeGrant(config, landed, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce })
  }
  stage.signed_in = async (client, options) => signed_in(await configured(client), options)

  test('code and PKCE: the tokens come, the identity token holds, the API answers within the scopes', async () => {
    const config = await configured(stage.web)
    const tokens = await signed_in(config)
    const claims = tokens.claims()
    assert.equal(claims.iss, bureau.url)
    assert.equal(claims.sub, school.session.account.account_id)
    assert.ok(Math.abs(claims.auth_time - Date.now() / 1000) < 600)
    const info = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
    assert.equal(info.name, school.session.account.display_name)
    assert.equal(info.credit_code, school.session.account.credit_code)
    assert.equal(info.roles, undefined)
    assert.equal((await with_token(bureau, tokens.access_token, '/api/v1/permits')).status, 200)
    assert.equal((await with_token(bureau, tokens.access_token, '/api/v1/applications')).status, 200)
    const refused = await with_token(bureau, tokens.access_token, '/api/v1/inbox')
    assert.deepEqual([refused.status, refused.json.reason], [403, 'http.token_scope_insufficient'])
    assert.equal((await with_token(bureau, tokens.access_token, '/api/v1/oauth/consents')).status, 403, 'a token looks after no consents')
  })

  test('the signature of the identity token is checked by the published keys, ES256 and RS256', async () => {
    for (const id_token_algorithm of ['ES256', 'RS256']) {
      const client = await register(bureau, { kind: 'web', proof: 'client_secret_basic', redirect_uris: [kRedirect], id_token_algorithm })
      const config = await configured(client)
      oidc.enableNonRepudiationChecks(config)
      config.clientMetadata().id_token_signed_response_alg = id_token_algorithm
      const tokens = await signed_in(config, { scope: 'openid' })
      assert.equal(tokens.refresh_token, undefined, 'without offline_access nothing stays')
      assert.equal(JSON.parse(Buffer.from(tokens.id_token.split('.')[0], 'base64url')).alg, id_token_algorithm)
    }
  })

  test('a pushed request is used once and gives tokens', async () => {
    const config = await configured(stage.other, oidc.ClientSecretPost(stage.other.client_secret))
    assert.ok((await signed_in(config, { redirect_uri: 'https://other.example/callback', pushed: true })).access_token)
  })

  test('a refresh gives new tokens and may narrow them', async () => {
    const config = await configured(stage.web)
    const first = await signed_in(config)
    const narrowed = await oidc.refreshTokenGrant(config, first.refresh_token, { scope: 'openid permits.read' })
    assert.equal((await with_token(bureau, narrowed.access_token, '/api/v1/applications')).status, 403)
    const whole = await oidc.refreshTokenGrant(config, narrowed.refresh_token)
    assert.equal((await with_token(bureau, whole.access_token, '/api/v1/applications')).status, 200)
  })

  test('a system signs its assertion and reads the permits of its own area', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid: 's1', use: 'sig' }
    const client = await register(bureau, { kind: 'system', proof: 'private_key_jwt', scopes: ['permits.read'], region_code: '330106', jwks: { keys: [jwk] } })
    const key = await webcrypto.subtle.importKey('jwk', privateKey.export({ format: 'jwk' }), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
    const config = await configured(client, oidc.PrivateKeyJwt({ key, kid: 's1' }))
    const tokens = await oidc.clientCredentialsGrant(config, {})
    assert.equal(tokens.refresh_token, undefined)
    assert.equal((await with_token(bureau, tokens.access_token, '/api/v1/permits')).status, 200)
    assert.equal((await with_token(bureau, tokens.access_token, '/api/v1/applications')).status, 403)
  })

  test('a device shows a code, the person types it, the device gets its tokens', async () => {
    const config = await configured(stage.native, oidc.None())
    const begun = await oidc.initiateDeviceAuthorization(config, { scope: 'openid permits.read' })
    assert.match(begun.user_code, /^[B-Z]{4}-[B-Z]{4}$/)
    assert.ok(begun.verification_uri_complete.endsWith(begun.user_code))
    const shown = await school.must('GET', `/oauth/requests/${begun.user_code.toLowerCase()}`)
    assert.equal(shown.kind, 'device')
    assert.equal((await school.must('POST', `/oauth/requests/${begun.user_code}/approval`)).redirect_to, null)
    const tokens = await oidc.pollDeviceAuthorizationGrant(config, { ...begun, interval: 0.1 })
    assert.equal((await with_token(bureau, tokens.access_token, '/api/v1/permits')).status, 200)
  })

  test('a resource server learns what a token is worth, and that it is worth nothing after it was given back', async () => {
    const config = await configured(stage.web)
    const tokens = await signed_in(config)
    const desk = await register(bureau, { kind: 'system', proof: 'client_secret_basic', scopes: ['permits.read'], region_code: '330000', resource_server: true })
    const asking = await configured(desk)
    const seen = await oidc.tokenIntrospection(asking, tokens.access_token)
    assert.deepEqual([seen.active, seen.client_id, seen.sub], [true, stage.web.client_id, school.session.account.account_id])
    await assert.rejects(oidc.tokenIntrospection(config, tokens.access_token), { error: 'unauthorized_client' })
    await oidc.tokenRevocation(config, tokens.refresh_token)
    assert.equal((await oidc.tokenIntrospection(asking, tokens.access_token)).active, false)
    assert.equal((await with_token(bureau, tokens.access_token, '/api/v1/permits')).status, 401)
    await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_grant' })
  })

  test('what was agreed to is remembered, listed, and taken back with everything it gave', async () => {
    const client = await register(bureau, { kind: 'web', proof: 'client_secret_basic', redirect_uris: [kRedirect], client_name: '要撤回的系统' })
    const config = await configured(client)
    const tokens = await signed_in(config)
    const url = oidc.buildAuthorizationUrl(config, { redirect_uri: kRedirect, scope: 'openid', code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()), code_challenge_method: 'S256' })
    const again = await school.must('GET', `/oauth/requests/${await request_of(bureau, url)}`)
    assert.equal(again.remembered, true)
    const { consents } = await school.must('GET', '/oauth/consents?limit=100')
    const mine = consents.find((one) => one.client_name === '要撤回的系统')
    assert.ok(mine.scopes.every((one) => one.chinese && one.english))
    const estate = await bureau.person('estate')
    assert.equal((await estate.ask('DELETE', `/oauth/consents/${mine.consent_id}`)).status, 404)
    await school.must('DELETE', `/oauth/consents/${mine.consent_id}`)
    assert.equal((await with_token(bureau, tokens.access_token, '/api/v1/permits')).status, 401)
    await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_grant' })
    assert.equal((await school.must('GET', `/oauth/requests/${await request_of(bureau, url)}`)).remembered, false)
  })

  registry(stage)
  attacks(stage)
})
