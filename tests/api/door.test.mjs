// The door under attack, in small: slow connections, a flood, and people who read meanwhile; what `bench door` measures
// with thousands. Attackers come from addresses of their own, all on this machine.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { Agent as SecureAgent, request as httpsRequest } from 'node:https'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { kDemoPassword } from '../../tools/demo/client.mjs'
import { binary, missing, root } from './binary.mjs'
import { Bureau } from './harness.mjs'

const kSlow = 300
const kConnectionsMax = 320
const kPerAddress = 150
const kPerSecond = 20
/** Generous: the sanitizer's build on a busy machine. */
const kPatienceMs = 8_000
/** A connection has 16 KiB; the sanitizer's allocator keeps about ten times that until it gives memory back. */
const kConnectionKib = 160

const kLimits = {
  KAIGONG_SERVER_LIMITS_CONNECTIONS: String(kConnectionsMax),
  KAIGONG_SERVER_LIMITS_CONNECTIONS_OF_ADDRESS: String(kPerAddress),
  KAIGONG_SERVER_LIMITS_REQUESTS_OF_ADDRESS: String(kPerSecond),
  KAIGONG_SERVER_LIMITS_FIRST_BYTE_S: '4',
  KAIGONG_SERVER_LIMITS_HEADER_S: '4',
}

describe('the door under attack', { skip: missing }, () => {
  let bureau
  const attackers = new Set()

  before(async () => {
    bureau = await Bureau.start({ environment: kLimits })
  })
  after(async () => {
    for (const one of attackers) one.destroy()
    await bureau?.stop()
  })

  function attack(localAddress, bytes = '') {
    return new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: bureau.port, localAddress })
      attackers.add(socket)
      const seen = { socket, text: '', closed: false }
      socket.on('data', (chunk) => (seen.text += chunk))
      socket.on('error', () => {})
      socket.on('close', () => {
        seen.closed = true
        attackers.delete(socket)
        resolve(seen)
      })
      socket.on('connect', () => {
        if (bytes) socket.write(bytes)
        resolve(seen)
      })
    })
  }

  /** A person of an address of his own, over a new connection. */
  function visit(localAddress, path) {
    return new Promise((resolve, reject) => {
      const begun = performance.now()
      const request = httpRequest({ host: '127.0.0.1', port: bureau.port, path, localAddress, agent: false, timeout: kPatienceMs }, (response) => {
        response.resume()
        response.on('end', () => resolve({ status: response.statusCode, ms: performance.now() - begun, retry: response.headers['retry-after'] }))
      })
      request.on('timeout', () => request.destroy(new Error('no answer in time')))
      request.on('error', reject)
      request.end()
    })
  }

  async function metric(name) {
    const text = (await bureau.exchange('GET', '/metrics')).body.toString()
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)[1])
  }

  const residentKib = () => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${bureau.process.pid}/status`, 'utf8'))[1])

  async function until(what, met) {
    const end = Date.now() + kPatienceMs * 2
    while (!(await met())) {
      assert.ok(Date.now() < end, what)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  test('hundreds who are silent, half open or slow keep nobody out and hold little memory', async () => {
    const quietKib = residentKib()
    const half = 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: '
    const body = 'POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{'
    const held = []
    for (let i = 0; i < kSlow; i++) held.push(await attack(`127.1.0.${1 + (i % 3)}`, ['', half, body][i % 3]))
    for (let i = 0; i < 20; i++) assert.equal((await visit(`127.3.0.${1 + i}`, '/healthz')).status, 200)
    assert.ok(residentKib() < quietKib + kSlow * kConnectionKib, `${residentKib()} KiB after ${quietKib}`)
    // Silent ones go soonest, halves after them; a body has its time.
    await until('the silent and the half open are gone', () => held.every((one, i) => one.closed || i % 3 === 2))
    for (const one of held) one.socket.destroy()
  })

  test('an address that asks without end is told 429, when to come again, and waits; others are answered', async () => {
    const flood = await attack('127.2.0.1', 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(2_000))
    await until('the flood is told so', () => flood.text.includes('HTTP/1.1 429'))
    assert.match(flood.text, /Retry-After: \d+\r\n/)
    assert.match(flood.text, /"reason":"http\.too_many_requests"/)
    assert.match(flood.text, /请求太频繁/)
    const served = flood.text.split('HTTP/1.1 200').length - 1
    // Ten seconds' worth at once, and what came while it was read.
    assert.ok(served >= 10 * kPerSecond - 1 && served < 15 * kPerSecond, `${served} answers`)
    for (let i = 0; i < 10; i++) assert.equal((await visit(`127.4.0.${1 + i}`, '/healthz')).status, 200)
    assert.ok(!flood.closed)
    flood.socket.destroy()
    const metrics = (await bureau.exchange('GET', '/metrics')).body.toString()
    assert.match(metrics, /kaigong_http_limited_requests_total\{by="address"\} [1-9]/)
  })

  test('an address has so many connections and no more', async () => {
    const refused = await metric('kaigong_http_refused_address_connections_total')
    const held = []
    for (let i = 0; i < kPerAddress + 10; i++) held.push(await attack('127.5.0.1'))
    await until('those over the limit are closed', () => held.slice(-10).every((one) => one.closed))
    assert.equal(await metric('kaigong_http_refused_address_connections_total'), refused + 10)
    assert.equal((await visit('127.6.0.1', '/healthz')).status, 200)
    for (const one of held) one.socket.destroy()
    await until('its connections are free again', async () => (await visit('127.5.0.1', '/healthz').catch(() => ({}))).status === 200)
  })

  test('every page that strangers reach is shown under the policy for pages', async () => {
    // The harness holds each reply that is a page against it.
    for (const path of ['/app/', '/app/inbox', '/', '/permits/330106202612020101', '/nothing', '/api/v1/nothing']) {
      const page = await bureau.ask('GET', path, { headers: { accept: 'text/html' } })
      assert.ok(path.startsWith('/api/') || String(page.headers['content-type']).startsWith('text/html') || page.status === 303, `${path}: ${page.headers['content-type']}`)
    }
  })

  test('all settles at once when the attackers are gone', async () => {
    for (const one of attackers) one.destroy()
    await until('no connection is left', async () => /kaigong_http_connections [0-3]\n/.test((await bureau.exchange('GET', '/metrics')).body.toString()))
    assert.equal((await visit('127.7.0.1', '/healthz')).status, 200)
    assert.equal(await bureau.stop(), 0)
  })
})

describe('TLS by the server itself', { skip: missing }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaigong-door-'))
  const file = (name) => join(folder, name)
  let bureau
  let redirectPort
  let kept

  /** A certificate for this machine and its key, put in place as a renewal does it: the certificate first. */
  function renew(name) {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', file('new.key'), '-out', file('new.pem')], { stdio: 'ignore' })
    chmodSync(file('new.key'), 0o600)
    renameSync(file('new.pem'), file('chain.pem'))
    renameSync(file('new.key'), file('tls.key'))
  }

  function ask(request, options, body) {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', timeout: kPatienceMs, ...options }, (response) => {
        const { headers, statusCode: status, socket } = response
        const name = socket.getPeerCertificate?.().subject?.CN
        response.resume()
        response.on('end', () => resolve({ status, headers, name, protocol: socket.getProtocol?.() }))
      })
      sent.on('timeout', () => sent.destroy(new Error('no answer in time')))
      sent.on('error', reject)
      sent.end(body)
    })
  }
  /** Over a new connection, by somebody who trusts just the certificate that is there now. */
  const visit = (path, options = {}, body) => ask(httpsRequest, { port: bureau.port, path, ca: readFileSync(file('chain.pem')), agent: false, ...options }, body)

  const settings = () => ({ KAIGONG_SERVER_TLS_CERTIFICATE: file('chain.pem'), KAIGONG_SERVER_TLS_KEY: file('tls.key'), KAIGONG_SERVER_PUBLIC_URL: 'https://127.0.0.1' })

  before(async () => {
    const free = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => free.on('listening', resolve))
    redirectPort = free.address().port
    await new Promise((resolve) => free.close(resolve))
    renew('first')
    bureau = await Bureau.start({ environment: { ...settings(), KAIGONG_SERVER_REDIRECT_PORT: String(redirectPort) } })
  })
  after(async () => {
    kept?.destroy()
    await bureau?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('people sign in over TLS, and browsers are told to come so again', async () => {
    const signedIn = await visit('/api/v1/session', { method: 'POST', headers: { 'content-type': 'application/json' } }, JSON.stringify({ account: 'clerk', password: kDemoPassword }))
    assert.equal(signedIn.status, 200)
    assert.equal(signedIn.protocol, 'TLSv1.3')
    assert.equal(signedIn.headers['strict-transport-security'], 'max-age=31536000')
    assert.match(signedIn.headers['set-cookie'][0], /^__Host-kaigong=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Strict/)
  })

  test('who comes without TLS is sent to the public address', async () => {
    const moved = await ask(httpRequest, { port: redirectPort, path: '/permits/1?x=2', agent: false })
    assert.equal(moved.status, 308)
    assert.equal(moved.headers.location, 'https://127.0.0.1/permits/1?x=2')
    await assert.rejects(ask(httpRequest, { port: bureau.port, path: '/healthz', agent: false }))
  })

  test('a renewed certificate is taken within seconds and no connection is lost', async () => {
    kept = new SecureAgent({ keepAlive: true, maxSockets: 1 })
    const ca = readFileSync(file('chain.pem'))
    const stay = () => visit('/healthz', { agent: kept, ca })
    assert.equal((await stay()).name, 'first')
    renew('second')
    const end = Date.now() + 15_000
    let name
    while ((name = await visit('/healthz').then((reply) => reply.name, () => 'first')) !== 'second') {
      assert.ok(Date.now() < end, 'the renewed certificate is not taken')
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    assert.equal((await stay()).name, 'first')
  })

  test('a key that others can read is refused by name before anything is opened', () => {
    chmodSync(file('tls.key'), 0o644)
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KAIGONG_')))
    const refused = spawnSync(binary, ['serve', '--demo', '--data', join(folder, 'none'), '--port', '0'], { cwd: root, env: { ...environment, ...settings() }, encoding: 'utf8' })
    assert.equal(refused.status, 3)
    assert.match(refused.stderr, /app\.tls_key_too_open/)
  })
})
