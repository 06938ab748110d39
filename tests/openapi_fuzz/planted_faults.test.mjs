// A fuzzer that finds nothing proves nothing until it has found what was put there: a server of a few lines answers
// wrongly in each of the ways that the fuzzer is there for.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { Contract } from '../api/contract.mjs'
import { Chance } from './chance.mjs'
import { fuzz } from './fuzz.mjs'
import { secretsIn } from './judge.mjs'
import { Requests } from './requests.mjs'
import { Values, kBreakNames, textFor } from './values.mjs'
import { World } from './world.mjs'

const kForeign = '01900000-0000-7000-8000-00000000aaaa'
const kOperation = '/api/v1/applications'
const kFitting = { applications: [], next_cursor: null }

let server, url, answer
const contract = new Contract()

before(async () => {
  server = createServer((request, response) => {
    request.resume()
    const { status = 200, json = kFitting, headers = {} } = answer(request)
    response.writeHead(status, { 'content-type': status < 300 ? 'application/json' : 'application/problem+json', 'x-request-id': 'r1', ...headers })
    response.end(JSON.stringify(json))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${server.address().port}`
})
after(() => server.close())

/** What the fuzzer says of a server that answers so, with an owner's agent asking for his applications. */
async function found(reply, { only = null } = {}) {
  answer = () => reply
  const owner = { account: 'school', cookie: '', session: { csrf_token: 'x', account: { kind: 'owner_agent', roles: ['owner_agent'] } } }
  const bureau = {
    contract,
    people: new Map([['school', owner]]),
    async exchange(method, target, { headers }) {
      const response = await fetch(url, { method, headers: { ...headers, host: undefined } }).catch(() => fetch(url))
      return { method, target, status: response.status, headers: Object.fromEntries(response.headers), body: Buffer.from(await response.arrayBuffer()) }
    },
  }
  const world = new World()
  world.bureau = bureau
  world.belongs.set(kForeign, { owner: 'estate', region: '330106' })
  const requests = new Requests(contract.document, contract.operations().filter(({ method, path }) => method === 'get' && path === kOperation), world, { routes: [{ method: 'GET', path: kOperation, action: 'a.b' }], grants: [{ role: 'owner_agent', action: 'a.b' }] })
  const people = { get: () => owner }
  const { faults } = await fuzz({ bureau, requests, world, people, seed: 1, count: 5, only, atOnce: 1 })
  return faults.map(({ text }) => text)
}

test('replies that are right are no faults', async () => {
  assert.deepEqual(await found({}), [])
})

test('a server that breaks is found', async () => {
  const faults = await found({ status: 500, json: { type: 'about:blank', title: '错', status: 500, detail: '错', reason: 'a.b', request_id: 'r1', fields: [] } })
  assert.match(faults.join(), /500: /)
})

test('a member that openapi.yaml does not know is found', async () => {
  const faults = await found({ json: { ...kFitting, password_hash: 'x' } })
  assert.match(faults.join(), /does not fit openapi\.yaml/)
})

test('a row of another company is found', async () => {
  const row = { nested: [{ application_id: kForeign }] }
  const faults = await found({ json: { ...kFitting, applications: [row] } })
  assert.match(faults.join(), new RegExp(`application_id ${kForeign} is not`))
})

test('a case that somebody was given to read is his to see, and nobody else’s', () => {
  const world = new World()
  const reader = (id) => ({ account: id, session: { account: { account_id: id, kind: 'officer', region_code: '330105' } } })
  world.belongs.set(kForeign, { id: kForeign, owner: 'estate', region: '330106' })
  world.known.set('account_id', ['one', 'other'])
  world.expect({ template: '/api/v1/applications/{application_id}/copies', target: `/api/v1/applications/${kForeign}/copies`, body: '{"to":["one"]}' })
  const foreign = (id) => world.foreign(reader(id), { application_id: kForeign }).length
  assert.deepEqual([foreign('one'), foreign('other')], [0, 1])
})

test('a header that was smuggled in is found', async () => {
  const faults = await found({ headers: { 'set-cookie': '__Host-kaigong=stolen' } })
  assert.match(faults.join(), /header set-cookie holds what was sent/)
})

test('a fault says how its request is sent again, and that one is the same', async () => {
  const broken = { status: 500, json: {} }
  const all = await found(broken)
  assert.match(all[0], /KAIGONG_FUZZ_SEED=1 KAIGONG_FUZZ_ONLY=0 /)
  const third = all.filter((text) => text.includes('KAIGONG_FUZZ_ONLY=3 '))
  assert.ok(third.length > 0)
  assert.deepEqual(await found(broken, { only: 3 }), third)
})

test('a secret in a text is named', () => {
  assert.deepEqual(secretsIn('{"event":"x","cookie":"abc123"}', new Map([['the cookie', 'abc123'], ['the password', 'other']])), ['the cookie'])
})

test('each way of breaking a rule is drawn, and fitting texts fit their patterns', () => {
  const schema = { type: 'object', required: ['a'], properties: { a: { type: 'string', maxLength: 5 }, b: { enum: ['x'] }, c: { type: 'integer' } } }
  const values = new Values({}, () => undefined)
  const drawn = new Set(Array.from({ length: 500 }, (_, i) => values.broken(schema, new Chance(5, i)).broken))
  assert.deepEqual([...drawn].sort(), [...kBreakNames].sort())
  for (const pattern of ['^\\d{6}$', '^"\\d{1,18}"$', '^[A-Z]+-\\d+', '^[a-z_]+\\.[a-z_]+$', '^(attachment|inline); ', '^\\d{6}-\\d{4}-\\d{5,}$', '^sha256:[0-9a-f]{64}$', '^[01]+$']) {
    for (let i = 0; i < 20; i++) assert.match(textFor(pattern, new Chance(9, i)), new RegExp(pattern))
  }
})

test('the same seed and number draw the same', () => {
  const draws = (seed, number) => Array.from({ length: 5 }, ((chance) => () => chance.next())(new Chance(seed, number)))
  assert.deepEqual(draws(7, 3), draws(7, 3))
  assert.notDeepEqual(draws(7, 3), draws(7, 4))
  assert.notDeepEqual(draws(7, 3), draws(8, 3))
})
