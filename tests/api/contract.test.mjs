// The judge itself: a reply that does not fit openapi.yaml must not pass.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Contract } from './contract.mjs'

const kJson = { 'content-type': 'application/json', 'x-request-id': 'a-1' }
const reply = (target, json, more = {}) => ({ method: 'GET', target, status: 200, headers: { ...kJson, ...more.headers }, body: Buffer.from(JSON.stringify(json)), ...more.rest })
const problem = (more = {}) => ({ type: 'about:blank', title: '没有找到', status: 404, detail: '请核对。', reason: 'catalog.matter_unknown', request_id: 'a-1', fields: [], ...more })
const refused = (json) => ({ ...reply('/api/v1/matters/x', json), status: 404, headers: { 'content-type': 'application/problem+json', 'x-request-id': 'a-1' } })

const kPageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}
const page = (html, headers = {}) => ({ method: 'GET', target: '/app/', status: 200, headers: { ...kPageHeaders, ...headers }, body: Buffer.from(html) })

describe('a page', () => {
  const contract = new Contract()
  const policy = kPageHeaders['content-security-policy']

  test('with nothing but files of ours is taken, and a page to keep is no page of ours', () => {
    contract.check(page('<!doctype html><script type="module" src="/app/a.js"></script><link rel="stylesheet" href="/app/a.css"><p>一次性 on=1</p>'))
    contract.check(page('<script>1</script>', { 'content-disposition': 'attachment; filename="a.html"', 'content-security-policy': "default-src 'none'" }))
  })

  for (const [what, given] of Object.entries({
    'a script in itself': page('<script>alert(1)</script>'),
    'a script of somebody else': page('<script src="https://a.example/a.js"></script>'),
    'styles in itself': page('<style>p{}</style>'),
    'code in an attribute': page('<p onclick="a()">'),
    'code in an address': page('<a href="javascript:a()">'),
    'a policy that lets scripts in': page('', { 'content-security-policy': policy.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'") }),
    'a policy that lets anything in': page('', { 'content-security-policy': `${policy}; img-src *` }),
    'no policy': page('', { 'content-security-policy': undefined }),
    'a type that may be guessed': page('', { 'x-content-type-options': undefined }),
  }))
    test(`with ${what} is refused`, () => assert.throws(() => contract.check(given), assert.AssertionError))
})

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
