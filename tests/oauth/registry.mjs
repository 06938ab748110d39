// Administrators and their clients: two persons, secrets shown once, suspended at once, keys that change.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { kReading, post, register, with_token } from './office.mjs'

const kRedirect = 'https://partner.example/callback'
const kRegistration = { client_name: '省平台', organisation_name: '省厅', kind: 'web', proof: 'client_secret_basic', redirect_uris: [kRedirect], scopes: kReading }

export function registry(stage) {
  describe('administrators', () => {
    let bureau, admin, security
    before(async () => {
      bureau = stage.bureau
      admin = await bureau.person('admin')
      security = await bureau.person('security')
    })
    const propose = (registration, path = '/oauth/clients') => admin.ask('POST', path, { json: { reason: '接入', registration: { ...kRegistration, ...registration } } })

    test('a client is what two persons agreed to, and nobody agrees to his own', async () => {
      const proposal = (await propose({})).json
      assert.equal((await admin.ask('POST', `/oauth/proposals/${proposal.proposal_id}/approval`)).json.reason, 'authz.not_permitted')
      assert.equal((await security.ask('POST', '/oauth/clients', { json: {} })).json.reason, 'authz.not_permitted')
      assert.equal((await admin.ask('GET', `/oauth/clients/${proposal.client_id}`)).status, 404, 'nothing before it is approved')
      await security.must('POST', `/oauth/proposals/${proposal.proposal_id}/approval`)
      assert.equal((await security.ask('POST', `/oauth/proposals/${proposal.proposal_id}/approval`)).json.reason, 'oauth.proposal_decided')
      const first = (await propose({ client_name: '改名一' }, `/oauth/clients/${proposal.client_id}/changes`)).json
      const second = (await propose({ client_name: '改名二' }, `/oauth/clients/${proposal.client_id}/changes`)).json
      await security.must('POST', `/oauth/proposals/${second.proposal_id}/approval`)
      assert.equal((await security.ask('POST', `/oauth/proposals/${first.proposal_id}/approval`)).json.reason, 'oauth.client_changed_meanwhile')
      await security.must('POST', `/oauth/proposals/${first.proposal_id}/refusal`)
      assert.equal((await admin.must('GET', `/oauth/clients/${proposal.client_id}`)).registration.client_name, '改名二')
    })

    test('what could not be kept safe is not registered', async () => {
      const refused = [
        { redirect_uris: ['https://partner.example/callback#x'] },
        { redirect_uris: ['https://user@partner.example/callback'] },
        { redirect_uris: ['http://partner.example/callback'] },
        { redirect_uris: ['https://partner.example'] },
        { redirect_uris: [] },
        { proof: 'none' },
        { kind: 'browser' },
        { kind: 'system', redirect_uris: [], scopes: ['openid'], region_code: '330106' },
        { kind: 'system', redirect_uris: [], scopes: ['permits.read'] },
        { scopes: [...kReading, 'roles'] },
        { proof: 'private_key_jwt' },
        { kind: 'native', proof: 'none', redirect_uris: ['myapp:/done'] },
      ]
      for (const one of refused) assert.equal((await propose(one)).status, 422, JSON.stringify(one))
    })

    test('a new secret overlaps with the one before, an old one ends', async () => {
      const client = await register(bureau, kRegistration)
      const proves = async (client_secret) => (await post(bureau, '/oauth/token', { grant_type: 'refresh_token', refresh_token: 'x' }, { authorization: `Basic ${Buffer.from(`${client.client_id}:${client_secret}`).toString('base64')}` })).json.error !== 'invalid_client'
      const next = async () => (await admin.must('POST', `/oauth/clients/${client.client_id}/secrets`, { json: { valid_days: 20 } })).client_secret
      const second = await next()
      assert.deepEqual([await proves(client.client_secret), await proves(second)], [true, true])
      const third = await next()
      assert.deepEqual([await proves(client.client_secret), await proves(second), await proves(third)], [false, true, true])
      const shown = await admin.must('GET', `/oauth/clients/${client.client_id}`)
      assert.deepEqual(shown.secrets.map((one) => [one.ends_soon, one.client_secret]), [[true, undefined], [true, undefined]])
      await security.must('DELETE', `/oauth/clients/${client.client_id}/secrets/${shown.secrets[0].secret_id}`)
      assert.deepEqual([await proves(second), await proves(third)], [false, true])
    })

    test('a suspended client is nobody at once, with all its tokens', async () => {
      const client = await register(bureau, kRegistration)
      const tokens = await stage.signed_in(client)
      assert.equal((await with_token(bureau, tokens.access_token, '/api/v1/permits')).status, 200)
      await admin.must('POST', `/oauth/clients/${client.client_id}/suspension`)
      assert.equal((await with_token(bureau, tokens.access_token, '/api/v1/permits')).status, 401)
      assert.equal((await admin.ask('POST', `/oauth/clients/${client.client_id}/resumption`)).status, 403)
      await security.must('POST', `/oauth/clients/${client.client_id}/resumption`)
      assert.equal((await with_token(bureau, tokens.access_token, '/api/v1/permits')).status, 200)
    })

    test('lists come in pages, newest first', async () => {
      const first = await admin.must('GET', '/oauth/clients?limit=2')
      assert.equal(first.clients.length, 2)
      const second = await admin.must('GET', `/oauth/clients?limit=2&cursor=${first.next_cursor}`)
      assert.ok(second.clients.every((one) => one.client_id < first.clients[1].client_id))
      assert.ok((await admin.must('GET', '/oauth/proposals?state=approved&limit=1')).proposals.length === 1)
      assert.equal((await (await bureau.person('school')).ask('GET', '/oauth/clients')).status, 403)
    })

    test('the next key is published before it signs; in an emergency the old one goes at once', async () => {
      const published = async () => (await bureau.ask('GET', '/oauth/jwks')).json.keys.filter((key) => key.alg === 'ES256').map((key) => key.kid)
      const signed_by = async () => JSON.parse(Buffer.from((await stage.signed_in(stage.web, { scope: 'openid' })).id_token.split('.')[0], 'base64url')).kid
      const before_all = await published()
      const { keys } = await security.must('POST', '/oauth/keys/rotation', { json: { urgent: false } })
      assert.ok(keys.some((key) => key.signs_from_ms > Date.now()))
      const both = await published()
      assert.equal(both.length, before_all.length + 1)
      assert.ok(before_all.includes(await signed_by()), 'the new key waits a day')
      await security.must('POST', '/oauth/keys/rotation', { json: { urgent: true } })
      const now = await published()
      assert.equal(now.length, 1)
      assert.ok(!both.includes(now[0]))
      assert.equal(await signed_by(), now[0])
      assert.equal((await admin.ask('POST', '/oauth/keys/rotation', { json: { urgent: true } })).status, 403)
    })
  })
}
