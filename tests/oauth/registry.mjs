// Administrators and their clients: two persons, secrets shown once, suspended at once, keys that change.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { goOn, kPassword, signIn } from '../api/people.mjs'
import { kReading, new_secret, post, register, with_token } from './office.mjs'

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
      const next = () => new_secret(bureau, client, { valid_days: 20 })
      const second = await next()
      assert.deepEqual([await proves(client.client_secret), await proves(second)], [true, true])
      const third = await next()
      assert.deepEqual([await proves(client.client_secret), await proves(second), await proves(third)], [false, true, true])
      const shown = await admin.must('GET', `/oauth/clients/${client.client_id}`)
      assert.deepEqual(shown.secrets.map((one) => [one.ends_soon, one.client_secret]), [[true, undefined], [true, undefined]])
      await security.must('DELETE', `/oauth/clients/${client.client_id}/secrets/${shown.secrets[0].secret_id}`)
      assert.deepEqual([await proves(second), await proves(third)], [false, true])
    })

    test('a secret needs two persons who proved lately who they are, and is asked for once at a time', async () => {
      const client = await register(bureau, kRegistration)
      const of_client = `/oauth/clients/${client.client_id}/secret-proposals`
      const ask_for_one = (json = { reason: '到期更换' }) => admin.ask('POST', of_client, { json })
      assert.equal((await ask_for_one({})).status, 422)
      const first = (await ask_for_one()).json
      assert.equal((await ask_for_one()).json.reason, 'authz.proposal_is_open')
      const { secret_proposals } = await admin.must('GET', `/oauth/clients/${client.client_id}`)
      assert.deepEqual(secret_proposals.map((one) => [one.proposal_id, one.valid_days, one.reason]), [[first.proposal_id, 365, '到期更换']])
      assert.equal((await admin.ask('POST', `${of_client}/${first.proposal_id}/confirmation`)).json.reason, 'authz.not_permitted')
      assert.equal((await security.ask('POST', of_client, { json: { reason: '自己来' } })).json.reason, 'authz.not_permitted')
      const other = await register(bureau, kRegistration)
      assert.equal((await security.ask('POST', `/oauth/clients/${other.client_id}/secret-proposals/${first.proposal_id}/confirmation`)).status, 404, 'a proposal is for its client')
      await security.must('POST', `${of_client}/${first.proposal_id}/refusal`, { json: { reason: '还没有到期' } })
      assert.equal((await security.ask('POST', `${of_client}/${first.proposal_id}/confirmation`)).json.reason, 'authz.proposal_settled')
      assert.deepEqual((await admin.must('GET', `/oauth/clients/${client.client_id}`)).secrets.length, 1)
      const { clients } = await admin.must('GET', '/oauth/clients?limit=2')
      assert.deepEqual(clients.map((one) => one.secrets.length), [1, 1], 'the list says when secrets end')
    })

    test('an administrator of an area looks after no clients and no keys', async () => {
      const made = await admin.must('POST', '/admin/accounts', { json: { account_name: 'district', kind: 'administrator', display_name: '区管理员', organisation_name: '上城区', region_code: '330102' } })
      const account = `/admin/accounts/${made.account_id}`
      await security.must('PUT', `${account}/rights`, { json: { roles: ['system_admin'] }, version: made.version })
      const { person: district } = await signIn(bureau, 'district', made.initial_password)
      await district.must('PUT', '/account/password', { json: { password: made.initial_password, new_password: kPassword } })
      await goOn(district, 'continuation')
      for (const [method, path, json] of [['GET', '/oauth/clients'], ['GET', '/oauth/proposals'], ['GET', '/oauth/keys'], ['POST', '/oauth/clients', { reason: '接入', registration: kRegistration }], ['POST', `/oauth/clients/${stage.web.client_id}/secret-proposals`, { reason: '更换' }], ['POST', `/oauth/clients/${stage.web.client_id}/suspension`]]) {
        const reply = await district.ask(method, path, { json })
        assert.deepEqual([reply.status, reply.json.reason], [403, 'authz.whole_installation_only'], path)
      }
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
