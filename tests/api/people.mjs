// People who come to the door, for tests: they register, read what the development sink shows, sign in.
import assert from 'node:assert/strict'
import { kDemoPassword } from '../../tools/demo/client.mjs'
import { Person } from './harness.mjs'

export const kPassword = 'Bridge-of-Xihu-2027'

/** Valid 18 digits of GB 32100 for an organisation that nobody has: `body` are 8 of its 9 middle characters. */
export function creditCode(body) {
  const kLetters = '0123456789ABCDEFGHJKLMNPQRTUWXY'
  const kWeights = [3, 7, 9, 10, 5, 8, 4, 2]
  const kAll = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
  const value = (c) => (/\d/.test(c) ? Number(c) : c.charCodeAt(0) - 55)
  const ninth = 11 - ([...body].reduce((sum, c, i) => sum + value(c) * kWeights[i], 0) % 11)
  const middle = body + (ninth === 10 ? 'X' : ninth === 11 ? '0' : String(ninth))
  const first = `91330106${middle}`
  const last = 31 - ([...first].reduce((sum, c, i) => sum + kLetters.indexOf(c) * kAll[i], 0) % 31)
  return first + kLetters[last === 31 ? 0 : last]
}

/** What came last to a phone. */
export async function lastMessage(bureau, recipient) {
  const { messages } = await (await bureau.person(null)).must('GET', '/demo/messages')
  const found = messages.find((one) => one.recipient === recipient)
  assert.ok(found, `nothing came to ${recipient}`)
  return found.words
}

export const codeIn = (words) => /验证码 (\d{6})/.exec(words)?.[1] ?? null
export const tokenIn = (words) => /#([\w-]+)/.exec(words)[1]

function taken(bureau, account, reply) {
  const person = new Person(bureau, account)
  if (reply.json?.csrf_token) person.session = reply.json
  if (reply.headers['set-cookie']) person.cookie = String(reply.headers['set-cookie']).split(';')[0]
  return person
}

/** A try to sign in: the answer, and who is signed in by it. `from`: another address, where the server trusts this machine as a proxy. */
export async function signIn(bureau, account, password = kDemoPassword, { from } = {}) {
  const reply = await (await bureau.person(null)).ask('POST', '/session', { json: { account, password }, headers: from ? { 'x-forwarded-for': from } : {} })
  return { status: reply.status, reason: reply.json?.reason, reply, person: taken(bureau, account, reply) }
}

/** Somebody at a stage goes on: his cookie changes. */
export async function goOn(person, path, json) {
  const reply = await person.ask('POST', `/session/${path}`, json === undefined ? {} : { json })
  if (reply.status === 200 && reply.headers['set-cookie']) {
    person.session = reply.json
    person.cookie = String(reply.headers['set-cookie']).split(';')[0]
  }
  return reply
}

/** A new account of the applicant’s side, signed in. */
export async function register(bureau, { phone, name, shown = '郑经办' }) {
  const anybody = await bureau.person(null)
  const { challenge_id: challenge } = await anybody.must('POST', '/registrations/codes', { json: { phone } })
  const json = { challenge_id: challenge, code: codeIn(await lastMessage(bureau, phone)), account_name: name, display_name: shown, password: kPassword }
  const reply = await anybody.ask('POST', '/registrations', { json })
  assert.equal(reply.status, 200, reply.body.toString())
  return taken(bureau, name, reply)
}
