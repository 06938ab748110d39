// One person at the bureau: signs in, keeps the cookie, sends what the server asks of a browser (CSRF token, Idempotency-Key, If-Match).
import { randomUUID } from 'node:crypto'

const kBusyTries = 5
const kBusyWaitMaxS = 5

export const kDemoPassword = 'kaigong-demo-2026'

/** A refusal by the server. `reason` is stable (`module.what_is_wrong`); the text is for people. */
export class Refusal extends Error {
  constructor(method, path, status, problem) {
    const fields = (problem.fields ?? []).slice(0, 5).map((f) => `${f.field}：${f.message}`)
    super(`${method} ${path} → ${status} ${problem.reason ?? ''} ${problem.detail ?? problem.title ?? ''}${fields.length ? `（${fields.join('；')}）` : ''}`)
    this.status = status
    this.reason = problem.reason ?? ''
  }
}

async function problemOf(response) {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return { detail: text.slice(0, 300) }
  }
}

export class Client {
  #cookies = new Map()
  #csrf = ''

  /** `account` null is anybody without a login. */
  constructor(url, account = null, password = kDemoPassword) {
    this.url = url.replace(/\/$/, '')
    this.account = account
    this.password = password
    this.session = null
  }

  async signIn() {
    this.#cookies.clear()
    this.#csrf = ''
    const { json } = await this.#once('POST', '/api/v1/session', { json: { account: this.account, password: this.password } })
    this.session = json
    this.#csrf = json.csrf_token
  }

  get(path) {
    return this.call('GET', path)
  }

  /** `options`: json | body + type, key: true for an Idempotency-Key, version for If-Match. Signs in again once when the session has ended, as it does when the demo clock leaps. */
  async call(method, path, options = {}) {
    if (this.account && !this.session) await this.signIn()
    const sent = options.key ? { ...options, idempotencyKey: randomUUID() } : options
    try {
      return (await this.#once(method, `/api/v1${path}`, sent)).json
    } catch (refusal) {
      if (!(refusal instanceof Refusal) || refusal.status !== 401 || !this.account) throw refusal
      await this.signIn()
      return (await this.#once(method, `/api/v1${path}`, sent)).json
    }
  }

  /** Bytes and headers of a file or page; `path` from the root of the server. */
  async download(path) {
    if (this.account && !this.session) await this.signIn()
    const response = await this.#send('GET', path, {})
    if (!response.ok) throw new Refusal('GET', path, response.status, await problemOf(response))
    return { bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers }
  }

  async #once(method, path, options) {
    let response = await this.#send(method, path, options)
    // A full queue or a rate limit says when to come again; the same Idempotency-Key makes the second try safe.
    for (let tries = 1; (response.status === 429 || response.status === 503) && tries < kBusyTries; tries++) {
      await response.arrayBuffer()
      const seconds = Math.min(Number(response.headers.get('retry-after') ?? 1), kBusyWaitMaxS)
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
      response = await this.#send(method, path, options)
    }
    if (!response.ok) throw new Refusal(method, path, response.status, await problemOf(response))
    const text = await response.text()
    return { json: text === '' ? null : JSON.parse(text) }
  }

  async #send(method, path, { json, body, type, idempotencyKey, version }) {
    const headers = {}
    if (this.#cookies.size) headers.cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    if (method !== 'GET' && this.#csrf) headers['x-csrf-token'] = this.#csrf
    if (idempotencyKey) headers['idempotency-key'] = idempotencyKey
    if (version !== undefined) headers['if-match'] = `"${version}"`
    if (json !== undefined) headers['content-type'] = 'application/json'
    else if (type) headers['content-type'] = type
    const response = await fetch(this.url + path, { method, headers, body: json !== undefined ? JSON.stringify(json) : body, redirect: 'manual', signal: AbortSignal.timeout(60_000) })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name) this.#cookies.set(name, value)
    }
    return response
  }
}
