// The judge itself: a reply that does not fit openapi.yaml must not pass.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Contract } from './contract.mjs'

const kJson = { 'content-type': 'application/json', 'x-request-id': 'a-1' }
const reply = (target, json, more = {}) => ({ method: 'GET', target, status: 200, headers: { ...kJson, ...more.headers }, body: Buffer.from(JSON.stringify(json)), ...more.rest })
const problem = (more = {}) => ({ type: 'about:blank', title: '没有找到', status: 404, detail: '请核对。', reason: 'catalog.matter_unknown', request_id: 'a-1', fields: [], ...more })
const refused = (json) => ({ ...reply('/api/v1/matters/x', json), status: 404, headers: { 'content-type': 'application/problem+json', 'x-request-id': 'a-1' } })

describe('the contract', () => {
  const contract = new Contract()
  const clock = { now_ms: 1_796_000_000_000, today_on: '2026-11-30' }

  test('takes what fits, and remembers it', () => {
    contract.check(reply('/api/v1/demo/clock', clock))
    contract.check(refused(problem()))
    assert.ok(!contract.missing().includes('get /api/v1/demo/clock 200'))
    assert.ok(contract.missing().includes('post /api/v1/demo/clock 200'))
  })

  test('a literal path wins over a parameter', () => {
    assert.equal(contract.find('/api/v1/public/permits?limit=1'), '/api/v1/public/permits')
    assert.equal(contract.find('/api/v1/public/permits/330106202612020101'), '/api/v1/public/permits/{permit_number}')
    assert.equal(contract.find('/api/v1/unknown'), null)
  })

  for (const [what, given] of Object.entries({
    'a member too many': reply('/api/v1/demo/clock', { ...clock, extra: 1 }),
    'a member too few': reply('/api/v1/demo/clock', { now_ms: 1 }),
    'a member of another type': reply('/api/v1/demo/clock', { ...clock, now_ms: '1' }),
    'a date that is none': reply('/api/v1/demo/clock', { ...clock, today_on: '2026-02-30' }),
    'another content type': reply('/api/v1/demo/clock', clock, { headers: { 'content-type': 'text/plain' } }),
    'no request id': reply('/api/v1/demo/clock', clock, { headers: { 'x-request-id': undefined } }),
    'a success that is not described': { ...reply('/api/v1/demo/clock', clock), status: 202 },
    'a path that is not described': reply('/api/v1/unknown', {}),
    'a missing header': { ...reply('/api/v1/public/permits/1', {}), headers: kJson },
    'a problem that is not Chinese': refused(problem({ detail: 'not found' })),
    'a problem with another status inside': refused(problem({ status: 400 })),
    'a problem of another request': refused(problem({ request_id: 'a-2' })),
    'a body where none is described': { method: 'DELETE', target: '/api/v1/documents/x', status: 204, headers: kJson, body: Buffer.from('{}') },
  }))
    test(`refuses ${what}`, () => assert.throws(() => contract.check(given), assert.AssertionError))
})
