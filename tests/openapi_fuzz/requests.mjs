// One request of a seed: fitting, nearly fitting or hostile, for an operation of openapi.yaml, as one of the people.
import { Chance } from './chance.mjs'
import { kHostileBodies, kHostileSegments, kHostileTexts } from './hostile.mjs'
import { Values, uuid } from './values.mjs'
import { kPeople } from './world.mjs'

/** Operations that would end the test instead of testing: each with the reason. */
export const kLeftOut = {
  'post /api/v1/demo/clock': 'years go by in one request, and every session with them: coverage.test.mjs',
  'delete /api/v1/session': 'the person who signs out is needed: coverage.test.mjs',
}

/** A check of all rules is seconds of work, with sanitizers and neighbours many. */
const kPatienceMs = 300_000
const kUuidKeys = ['not a uuid', '', '00000000-0000-0000-0000-000000000000', 'a'.repeat(5000), '{}', "'--"]
const kVersions = ['"0"', '"-1"', '1', '"1", "2"', '*', 'W/"1"', '"99999999999999999999"', '""', '"a"', `"${'1'.repeat(3000)}"`]
const kTypes = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json; charset=utf-16', 'application/xml', '', 'application/json/json', 'a'.repeat(2000)]
/** Members of the query that nobody knows, and ways of writing the known ones that are not theirs. */
const kOddQueries = ['nonsense=1', '__proto__=1', '%00=1', 'limit', '&&&', 'limit=1&limit=2', '=', '%', 'a[]=1', 'cursor=%ff%fe']

export class Requests {
  #account = null
  #permitted

  /** `table`: the routes and grants of the program, so that most requests come from somebody who has the action. */
  constructor(document, operations, world, table) {
    this.operations = operations.filter(({ method, path }) => !(`${method} ${path}` in kLeftOut))
    this.world = world
    this.values = new Values(document, (name, chance) => this.#known(name, chance))
    this.#permitted = new Map(table.routes.map(({ method, path, action }) => [`${method} ${path}`, world.whoMay(action, table.grants)]))
  }

  /** Mostly a thing of the person's own. */
  #known(name, chance) {
    const all = this.world.known.get(name)
    if (!all?.length) return undefined
    const own = chance.happens(0.7) ? all.filter((value) => this.world.isOf(this.#account, value)) : []
    return chance.of(own.length ? own : all)
  }

  #draw(permitted, chance) {
    return permitted?.length && chance.happens(0.7) ? chance.of(permitted) : chance.of(kPeople)
  }

  /** `{number, kind, account, method, target, headers, body}`; the same for the same seed and number. */
  draw(seed, number) {
    const chance = new Chance(seed, number)
    // Each operation has its turn: none is left to luck.
    const { method, path, operation } = this.operations[number % this.operations.length]
    const kind = chance.of(['fitting', 'fitting', 'near', 'near', 'hostile'])
    const place = kind === 'fitting' ? 'nowhere' : chance.of(['path', 'query', 'headers', 'body', 'body', 'body'])
    const parameters = (operation.parameters ?? []).map((one) => this.values.resolve(one))
    const at = (name) => (place === name ? kind : 'fitting')
    const request = { number, kind, place, account: this.#draw(this.#permitted.get(`${method.toUpperCase()} ${path}`), chance), method: method.toUpperCase(), template: path }
    this.#account = request.account
    request.target = this.#path(path, chance, at('path')) + this.#query(parameters, chance, at('query'))
    request.headers = this.#headers(parameters, chance, at('headers'))
    if (method !== 'get' && method !== 'delete') this.#addBody(request, operation, chance, at('body'))
    return request
  }

  #path(path, chance, kind) {
    return path.replace(/\{(\w+)\}/g, (_, name) => {
      if (kind === 'hostile') return chance.of(kHostileSegments)
      const known = this.#known(name, chance)
      if (kind === 'near') return chance.of([uuid(chance), 'a', '0', `${known ?? 'x'}0`])
      return encodeURIComponent(known !== undefined && chance.happens(0.9) ? known : uuid(chance))
    })
  }

  #query(parameters, chance, kind) {
    const parts = parameters.filter((one) => one.in === 'query' && (one.required || chance.happens(0.5))).map(({ name, schema }) => {
      const value = kind === 'hostile' ? chance.of(kHostileTexts) : kind === 'near' ? this.values.broken(schema, chance).value : this.values.fitting(schema, chance, name)
      return `${name}=${encodeURIComponent((typeof value === 'string' ? value : JSON.stringify(value) ?? '').slice(0, 4000).toWellFormed?.() ?? '')}`
    })
    if (kind !== 'fitting') parts.push(chance.of(kOddQueries))
    return parts.length ? `?${parts.join('&')}` : ''
  }

  #headers(parameters, chance, kind) {
    const headers = {}
    const asked = parameters.filter((one) => one.in === 'header').map((one) => one.name.toLowerCase())
    if (asked.includes('idempotency-key')) headers['idempotency-key'] = uuid(chance)
    if (asked.includes('if-match')) headers['if-match'] = `"${chance.between(1, 4)}"`
    if (kind === 'fitting') return headers
    return { ...headers, ...chance.of([
      { 'idempotency-key': chance.of(kUuidKeys) },
      { 'if-match': chance.of(kVersions) },
      { 'idempotency-key': [uuid(chance), uuid(chance)] },
      { 'if-match': ['"1"', '"2"'] },
      { 'x-csrf-token': chance.of(['', 'wrong', 'a'.repeat(5000)]) },
      { cookie: chance.of(['__Host-kaigong=', '__Host-kaigong=a; __Host-kaigong=b', `__Host-kaigong=${'A'.repeat(4000)}`, ';;;=', '__proto__=1']) },
      { authorization: chance.of(['Bearer ', 'Bearer a.b.c', 'Bearer eyJhbGciOiJub25lIn0.e30.', 'Basic YWRtaW46YWRtaW4=', 'Bearer a, Bearer b', `Bearer ${'A'.repeat(4000)}`]) },
      { host: chance.of(['evil.example', '127.0.0.1:1', '', 'localhost\t']) },
      { origin: chance.of(['https://evil.example', 'null', '']) },
      { 'x-forwarded-for': '1.2.3.4', forwarded: 'for=1.2.3.4' },
      { 'x-http-method-override': 'DELETE' },
      { 'accept-encoding': 'gzip;q=x, *;q=9, br;q=-1' },
      { range: 'bytes=0-0,-1,9999999999-' },
      { 'if-none-match': '*, "a", W/"b"' },
      { 'last-event-id': chance.of(['-1', '9'.repeat(400), 'a']) },
      { 'content-encoding': 'gzip' },
    ]) }
  }

  #addBody(request, operation, chance, kind) {
    const content = this.values.resolve(operation.requestBody).content
    if (!content && kind === 'fitting') return
    const type = chance.of(Object.keys(content ?? { 'application/json': {} }))
    const schema = content?.[type]?.schema
    if (!type.endsWith('json') && kind === 'fitting') {
      request.headers['content-type'] = type
      request.body = Buffer.from(`%PDF-1.4\n${'x'.repeat(chance.below(2000))}`)
      return
    }
    request.headers['content-type'] = kind !== 'fitting' && chance.happens(0.15) ? chance.of(kTypes) : 'application/json'
    request.body = this.#bodyOf(schema, chance, kind)
  }

  #bodyOf(schema, chance, kind) {
    if (kind === 'near') return JSON.stringify(this.values.broken(schema, chance).value) ?? ''
    const fitting = this.values.fitting(schema, chance)
    if (kind === 'fitting') return JSON.stringify(fitting)
    return chance.happens(0.4) ? kHostileBodies[chance.of(Object.keys(kHostileBodies))](JSON.stringify(fitting)) : JSON.stringify(withHostileTexts(fitting, chance))
  }
}

/** Every text of it is one of somebody who wants to break something. */
function withHostileTexts(value, chance) {
  if (typeof value === 'string') return chance.of(kHostileTexts)
  if (Array.isArray(value)) return value.map((one) => withHostileTexts(one, chance))
  if (!value || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withHostileTexts(inner, chance)]))
}

/** Sends it as the person: cookie, token of the session, and what the request itself says last. */
export async function send(bureau, people, request) {
  const person = people.get(request.account)
  const headers = {}
  if (person.cookie) headers.cookie = person.cookie
  if (person.session && request.method !== 'GET') headers['x-csrf-token'] = person.session.csrf_token
  Object.assign(headers, request.headers)
  return bureau.exchange(request.method, request.target, { headers, body: request.body, timeoutMs: kPatienceMs })
}

