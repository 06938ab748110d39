// Logs over https: who is trusted, and who is not. OpenSSL makes the certificates; SSL_CERT_FILE names the roots of a machine.
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { binary, missing } from '../api/binary.mjs'
import { LogKey, filesOf, permitEntry } from './log.mjs'

const without = missing || (spawnSync('openssl', ['version']).error ? 'openssl is not here' : false)

describe('a log over https', { skip: without }, () => {
  let folder, server, port
  const key = new LogKey('kaigong.example/ledger/permits')
  const files = filesOf(key, [permitEntry(1, Date.now())])

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kaigong-https-'))
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key.pem', '-out', 'cert.pem', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], { cwd: folder, stdio: 'ignore' })
    server = createServer({ key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) }, (request, response) => {
      const bytes = files.get(request.url.slice(1))
      response.writeHead(bytes ? 200 : 404).end(bytes ?? '')
    })
    await new Promise((resolve) => server.listen(0, resolve))
    port = server.address().port
  })
  after(async () => {
    await new Promise((resolve) => server.close(resolve))
    rmSync(folder, { recursive: true })
  })

  let copies = 0
  const mirror = (url, roots) =>
    new Promise((resolve) => {
      const done = { stderr: '' }
      const words = ['ledger', 'mirror', '--log-url', url, '--vkey', key.vkey, '--folder', join(folder, `copy${(copies += 1)}`)]
      const child = spawn(binary, words, { env: { ...process.env, SSL_CERT_FILE: roots } })
      child.stderr.on('data', (text) => (done.stderr += text))
      child.on('close', (status) => resolve({ ...done, status }))
    })

  test('is copied when its certificate is trusted and for its name', async () => {
    const done = await mirror(`https://localhost:${port}`, join(folder, 'cert.pem'))
    assert.equal(done.status, 0, done.stderr)
  })

  test('is not when nobody vouches for its certificate', async () => {
    const done = await mirror(`https://localhost:${port}`, '/dev/null')
    assert.equal(done.status, 3)
    assert.match(done.stderr, /http\.not_trusted/)
  })

  test('is not when the certificate is for another name', async () => {
    const done = await mirror(`https://127.0.0.1:${port}`, join(folder, 'cert.pem'))
    assert.equal(done.status, 3)
    assert.match(done.stderr, /http\.not_trusted/)
  })

  test('is not when the other side speaks no TLS', async () => {
    const done = await mirror(`http://localhost:${port}`, join(folder, 'cert.pem'))
    assert.equal(done.status, 3)
    assert.match(done.stderr, /http\.(not_reached|answer_malformed)|ledger\.log_not_reached/)
  })
})
