// A bureau with clients: two administrators register them, a person agrees at the consent page's own interface.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from '../api/binary.mjs'

export const require = createRequire(join(root, 'tools/package.json'))

export const kReading = ['openid', 'profile', 'organisation', 'offline_access', 'permits.read', 'applications.read']

/** What administrators sent and answered on the way, and the client as openid-client wants to know it. */
export async function register(bureau, registration, { secret = true } = {}) {
  const admin = await bureau.person('admin')
  const security = await bureau.person('security')
  const whole = { client_name: '示例系统', organisation_name: '示例单位', scopes: kReading, ...registration }
  const proposal = await admin.must('POST', '/oauth/clients', { json: { reason: '接入测试', registration: whole } })
  await security.must('POST', `/oauth/proposals/${proposal.proposal_id}/approval`)
  const client = { client_id: proposal.client_id }
  if (secret && whole.proof?.startsWith('client_secret')) {
    client.client_secret = await new_secret(bureau, client)
  }
  return client
}

/** One administrator asks for it, another one makes it. */
export async function new_secret(bureau, client, json = {}) {
  const of_client = `/oauth/clients/${client.client_id}/secret-proposals`
  const { proposal_id } = await (await bureau.person('admin')).must('POST', of_client, { json: { reason: '接入测试', ...json } })
  return (await (await bureau.person('security')).must('POST', `${of_client}/${proposal_id}/confirmation`)).client_secret
}

/** Goes where a browser would go from the client's link; the request's id on the consent page. */
export async function follow(bureau, url) {
  const { pathname, search } = new URL(url)
  const reply = await bureau.ask('GET', pathname + search)
  assert.equal(reply.status, 303, `${reply.status} ${reply.body.toString('utf8').slice(0, 300)}`)
  return new URL(reply.headers.location, bureau.url)
}

export async function request_of(bureau, url) {
  const page = await follow(bureau, url)
  assert.equal(page.pathname, '/app/authorise', page.href)
  return page.searchParams.get('request')
}

/** Where the person's browser lands after he agreed. */
export async function agree(bureau, person, url) {
  const request = await request_of(bureau, url)
  return new URL((await person.must('POST', `/oauth/requests/${request}/approval`)).redirect_to)
}

/** A form to one of the endpoints, exactly as told. */
export async function post(bureau, path, form, headers = {}) {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString()
  return bureau.ask('POST', path, { headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body })
}

/** A request with a token in place of a cookie. */
export function with_token(bureau, token, target, method = 'GET') {
  return bureau.ask(method, target, { headers: { authorization: `Bearer ${token}` } })
}
