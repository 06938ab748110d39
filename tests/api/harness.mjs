// A bureau of one's own for a test file: starts the program on a fresh folder, speaks raw HTTP to it, checks every reply.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { Agent, request as httpRequest } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binary, kEnvironment, root } from './binary.mjs'
import { Contract } from './contract.mjs'
import { ownDatabase } from './mariadb.mjs'
import { kDemoPassword } from '../../tools/demo/client.mjs'

// The sanitizer's build on a machine that does other things too.
const kStartMs = 300_000
const kPortsTried = 5

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** One running server. `stop` ends it gracefully and says with which code. */
export class Bureau {
  #agent = new Agent({ keepAlive: true, maxSockets: 256 })
  #said = ''

  /** `environment`: settings, or a function of the port that gives them. `beside` another one it has its keys and files: a second process of one installation, on the same database. */
  static async start({ clockStart = '2026-11-24T08:00:00+08:00', database = ownDatabase(), environment = {}, beside = null } = {}) {
    const bureau = new Bureau()
    bureau.folder = mkdtempSync(join(tmpdir(), 'kaigong-api-'))
    if (beside) bureau.#share(beside.folder)
    bureau.contract = new Contract()
    await bureau.#open({ clockStart, database, environment })
    return bureau
  }

  #share(folder) {
    copyFileSync(join(folder, 'keys.json'), join(this.folder, 'keys.json'))
    cpSync(join(folder, 'signing'), join(this.folder, 'signing'), { recursive: true })
    mkdirSync(join(this.folder, 'blobs'))
    symlinkSync(join(folder, 'blobs/content'), join(this.folder, 'blobs/content'))
  }

  /** kill -9: nothing is said, nothing is finished. */
  async kill() {
    this.#agent.destroy()
    this.process.kill('SIGKILL')
    await new Promise((resolve) => this.process.on('exit', resolve))
  }

  /** Stopped and kept, opened again on its folder at a later time. */
  async reopen({ clockStart, database = this.database, environment = {} }) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: 256 })
    await this.#open({ clockStart, database, environment })
  }

  /** A free port may be somebody else's a moment later: then another one. */
  async #open(options) {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#launch(options)
      } catch (fault) {
        if (tries === kPortsTried || !this.#said.includes('http.address_in_use')) throw fault
      }
    }
  }

  async #launch({ clockStart, database, environment }) {
    this.port = await freePort()
    this.url = `http://127.0.0.1:${this.port}`
    this.database = database
    this.people = new Map()
    this.#said = ''
    const more = database ? ['--database', database] : []
    const settings = typeof environment === 'function' ? environment(this.port) : environment
    this.process = spawn(binary, ['serve', '--demo', '--data', this.folder, '--quick-passwords', '--port', String(this.port), '--clock-start', clockStart, ...more], { cwd: root, env: { ...kEnvironment, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] })
    await this.#ready()
  }

  async #ready() {
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (bytes) => (this.#said += bytes))
    const end = Date.now() + kStartMs
    while (!this.#said.includes('kaigong: ready on')) {
      if (this.process.exitCode !== null || this.process.signalCode !== null || Date.now() > end) throw new Error(`the server did not start:\n${this.#said.slice(-2000)}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** What the server wrote to its log so far. */
  get log() {
    return this.#said
  }

  async stop({ keep = false } = {}) {
    this.#agent.destroy()
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGTERM')
      await new Promise((resolve) => this.process.on('exit', resolve))
    }
    if (!keep) rmSync(this.folder, { recursive: true, force: true })
    return this.process.exitCode
  }

  /** Keeps the log with the data, for a scan of both. */
  writeLog() {
    writeFileSync(join(this.folder, 'server.log'), this.#said)
  }

  /** One exchange, exactly as told. `declared` is a Content-Length whose body never comes. */
  exchange(method, target, { headers = {}, body, declared, timeoutMs = 60_000 } = {}) {
    return new Promise((resolve, reject) => {
      const sent = { ...headers }
      if (declared !== undefined) sent['content-length'] = String(declared)
      else if (body !== undefined) sent['content-length'] = String(Buffer.byteLength(body))
      const request = httpRequest({ host: '127.0.0.1', port: this.port, method, path: target, headers: sent, agent: declared === undefined ? this.#agent : false, timeout: timeoutMs })
      request.on('timeout', () => request.destroy(new Error(`${method} ${target}: no answer`)))
      request.on('error', reject)
      request.on('response', (response) => {
        const chunks = []
        response.on('data', (chunk) => {
          chunks.push(chunk)
          // A stream has no end of its own: its first event is the reply.
          if (response.headers['content-type']?.startsWith('text/event-stream')) response.emit('end')
        })
        response.on('error', reject)
        response.on('end', () => {
          if (declared !== undefined || response.headers['content-type']?.startsWith('text/event-stream')) request.destroy()
          resolve({ method, target, status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) })
        })
      })
      if (declared !== undefined) request.flushHeaders()
      else request.end(body)
    })
  }

  /** An exchange whose reply has to be as openapi.yaml says; `json` is the parsed body where there is one. */
  async ask(method, target, options = {}) {
    const reply = await this.exchange(method, target, options)
    this.contract.check(reply)
    const isJson = String(reply.headers['content-type'] ?? '').includes('json')
    return { ...reply, json: isJson ? JSON.parse(reply.body.toString('utf8')) : null }
  }

  /** Somebody who signed in at another process of the installation. */
  visitor(person) {
    return Object.assign(new Person(this, person.account), { session: person.session, cookie: person.cookie })
  }

  /** The signed-in person of an account; null is anybody. */
  async person(account) {
    if (!this.people.has(account ?? '')) {
      const person = new Person(this, account)
      if (account) await person.signIn()
      this.people.set(account ?? '', person)
    }
    return this.people.get(account ?? '')
  }

  /** Replies to the demo player's `fetch` are checked too, until the returned function is called. */
  watchFetch() {
    const real = globalThis.fetch
    globalThis.fetch = async (url, options = {}) => {
      const response = await real(url, options)
      const body = Buffer.from(await response.clone().arrayBuffer())
      const headers = Object.fromEntries(response.headers)
      if (response.headers.getSetCookie().length) headers['set-cookie'] = response.headers.getSetCookie()[0]
      const { pathname, search } = new URL(url)
      this.contract.check({ method: options.method ?? 'GET', target: pathname + search, status: response.status, headers, body })
      return response
    }
    return () => (globalThis.fetch = real)
  }
}

export class Person {
  constructor(bureau, account) {
    this.bureau = bureau
    this.account = account
    this.session = null
    this.cookie = ''
  }

  async signIn() {
    const reply = await this.bureau.ask('POST', '/api/v1/session', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account: this.account, password: kDemoPassword }) })
    assert.equal(reply.status, 200, `${this.account} can not sign in: ${reply.body}`)
    this.session = reply.json
    this.cookie = String(reply.headers['set-cookie']).split(';')[0]
  }

  /** `options`: json | body + type, key (true or a UUID), version, headers (last word), declared. */
  ask(method, path, { json, body, type, key, version, headers = {}, declared } = {}) {
    const sent = {}
    if (this.cookie) sent.cookie = this.cookie
    if (this.session && method !== 'GET') sent['x-csrf-token'] = this.session.csrf_token
    if (json !== undefined || type) sent['content-type'] = type ?? 'application/json'
    if (key) sent['idempotency-key'] = key === true ? randomUUID() : key
    if (version !== undefined) sent['if-match'] = `"${version}"`
    Object.assign(sent, headers)
    for (const name of Object.keys(sent)) if (sent[name] === null) delete sent[name]
    const target = path.startsWith('/api/') || path.startsWith('!') ? path.replace(/^!/, '') : `/api/v1${path}`
    return this.bureau.ask(method, target, { headers: sent, body: json !== undefined ? JSON.stringify(json) : body, declared })
  }

  /** The body of a reply that has to be a success. */
  async must(method, path, options) {
    const reply = await this.ask(method, path, options)
    assert.ok(reply.status < 300, `${this.account}: ${method} ${path} → ${reply.status} ${reply.body.toString('utf8').slice(0, 600)}`)
    return reply.json
  }
}
