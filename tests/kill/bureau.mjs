// A bureau that dies: the program on a folder that outlives it. `kill` is kill -9, `start` is the same command line again.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request as httpRequest } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../api/binary.mjs'
import { Person } from '../api/harness.mjs'
import { binary } from './binary.mjs'

const kStartMs = 180_000
/** The program refuses settings it does not know; those of the tests are not for it. */
const kEnvironment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KAIGONG_')))
const kClockStart = '2026-11-23T09:00:00+08:00'

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

export class MortalBureau {
  #agent = null
  #said = ''
  #process = null
  #gone = null
  #people = new Map()

  /** A fresh folder; nothing runs yet. */
  static async prepare({ database = '' } = {}) {
    const bureau = new MortalBureau()
    bureau.folder = mkdtempSync(join(tmpdir(), 'kaigong-kill-'))
    bureau.database = database
    bureau.port = await freePort()
    return bureau
  }

  /** A fresh folder with the bureau running in it. */
  static async open(options) {
    const bureau = await MortalBureau.prepare(options)
    await bureau.start().catch(async (error) => {
      await bureau.remove()
      throw error
    })
    return bureau
  }

  /** Begins to start; the program may be killed before it is ready. `dieAfter`: a step of issuing after which it kills itself. */
  launch({ dieAfter = '' } = {}) {
    const args = ['serve', '--demo', '--data', this.folder, '--quick-passwords', '--port', String(this.port), '--clock-start', kClockStart]
    if (dieAfter) args.push('--die-after', dieAfter)
    if (this.database) args.push('--database', this.database)
    this.#said = ''
    this.#agent = new Agent({ keepAlive: true, maxSockets: 256 })
    this.#process = spawn(binary, args, { cwd: root, env: kEnvironment, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#gone = new Promise((resolve) => this.#process.once('exit', resolve))
    for (const stream of [this.#process.stdout, this.#process.stderr]) stream.on('data', (bytes) => (this.#said += bytes))
  }

  /** Gives the milliseconds until it was ready. Nothing in the folder is touched before. */
  async start(options) {
    const begun = Date.now()
    this.launch(options)
    while (!this.#said.includes('kaigong: ready on')) {
      const dead = this.#process.exitCode !== null || this.#process.signalCode !== null
      if (dead || Date.now() - begun > kStartMs) throw new Error(`the server did not start by itself (${this.#process.exitCode ?? this.#process.signalCode}):\n${this.#said.slice(-3000)}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return Date.now() - begun
  }

  async kill() {
    this.#process.kill('SIGKILL')
    await this.#gone
    this.#agent.destroy()
  }

  /** Until the program has killed itself; false when it did not within that time. */
  async died(deadlineMs) {
    const late = new Promise((resolve) => setTimeout(resolve, deadlineMs, 'late').unref())
    if ((await Promise.race([this.#gone, late])) === 'late') return false
    this.#agent.destroy()
    return true
  }

  /** Ends for good; nothing of it stays on the disk. */
  async remove() {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** What the program has complained about since its last start. */
  complaints() {
    const lines = this.#said.split('\n').filter((line) => line.includes('"level":"error"') || /AddressSanitizer|runtime error:|LeakSanitizer/.test(line))
    return lines
  }

  /** The signed-in person of an account. Sessions outlive the death of the server, so nobody signs in twice. */
  async person(account) {
    if (!this.#people.has(account)) {
      const person = new Person(this, account)
      await person.signIn()
      this.#people.set(account, person)
    }
    return this.#people.get(account)
  }

  anybody() {
    return new Person(this, null)
  }

  /** One exchange; rejects when the server died before the whole reply was here. */
  ask(method, target, { headers = {}, body } = {}) {
    return new Promise((resolve, reject) => {
      const sent = body === undefined ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) }
      const request = httpRequest({ host: '127.0.0.1', port: this.port, method, path: target, headers: sent, agent: this.#agent, timeout: 120_000 })
      request.on('timeout', () => request.destroy(new Error(`${method} ${target}: no answer`)))
      request.on('error', reject)
      request.on('response', (response) => {
        const chunks = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const whole = Buffer.concat(chunks)
          const isJson = String(response.headers['content-type'] ?? '').includes('json')
          resolve({ method, target, status: response.statusCode, headers: response.headers, body: whole, json: isJson ? JSON.parse(whole.toString('utf8')) : null })
        })
      })
      request.end(body)
    })
  }

  /** The bytes of a file that has to be there, whole. */
  async file(person, path) {
    const reply = await person.ask('GET', path)
    assert.equal(reply.status, 200, `${path} → ${reply.status} ${reply.body.toString('utf8').slice(0, 300)}`)
    assert.equal(reply.body.length, Number(reply.headers['content-length']), `${path} is cut off`)
    return reply.body
  }
}
