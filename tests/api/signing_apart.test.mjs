// The keys in a process of their own: the server asks it, waits while it is away, and goes on by itself.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { binary, missing, root } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { grantedNight } from './stories.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'

const kReadyMs = 60_000

class Signer {
  constructor(folder, socket) {
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KAIGONG_')))
    this.process = spawn(binary, ['sign', '--demo', '--data', folder], { cwd: root, env: { ...environment, KAIGONG_SIGNING_SOCKET: socket }, stdio: ['ignore', 'pipe', 'inherit'] })
    this.gone = new Promise((resolve) => this.process.once('exit', resolve))
    this.ready = new Promise((resolve, reject) => {
      this.process.stdout.on('data', (text) => String(text).includes('ready on') && resolve())
      setTimeout(reject, kReadyMs, new Error('the signing service did not start')).unref()
    })
  }
  async stop(signal = 'SIGTERM') {
    this.process.kill(signal)
    return this.gone
  }
}

describe('keys in a process of their own', { skip: missing }, () => {
  let bureau, signer, socket, folder
  before(async () => {
    // A first start makes the folder; then the keys move to where only the signing service looks.
    const first = await Bureau.start({ database: '' })
    folder = first.folder
    socket = join(folder, 's')
    await first.stop({ keep: true })
    signer = new Signer(folder, socket)
    await signer.ready
    await first.reopen({ database: '', clockStart: '2026-11-24T09:00:00+08:00', environment: { KAIGONG_SIGNING_SOCKET: socket } })
    bureau = first
    for (const name of ['document.key.pem', 'seal.key.pem']) renameSync(join(folder, 'signing', name), join(folder, `${name}.away`))
  })
  after(async () => {
    await signer?.stop('SIGKILL')
    await bureau?.stop()
  })

  const journal = () => readFileSync(join(folder, 'signing', 'signed.log'), 'utf8').trim().split('\n')
  const permitOf = async (id) => (await (await bureau.person('school')).must('GET', `/applications/${id}/progress`)).permit_number
  const rows = (sql) => {
    const done = spawnSync('sqlite3', ['-json', '-readonly', join(folder, 'kaigong.db'), sql], { encoding: 'utf8' })
    assert.equal(done.status, 0, done.stderr)
    return done.stdout.trim() ? JSON.parse(done.stdout) : []
  }
  const isPublic = async (number) => (await bureau.ask('GET', `/api/v1/public/permits/${number}`)).status === 200

  test('a certificate is signed by the other process, which writes down what it signed', async () => {
    const id = await grantedNight(bureau, 1)
    const number = await waitFor('证照公布', async () => {
      const found = await permitOf(id)
      return found && (await isPublic(found)) ? found : null
    })
    const lines = journal()
    assert.equal(lines.length, 4)
    for (const line of lines) assert.match(line, /^\d{13} (document|seal) [0-9a-f]{64}$/)
    assert.equal(lines.filter((line) => line.includes(' seal ')).length, 1)
    const school = await bureau.person('school')
    const { editions } = await school.must('GET', `/permits/${number}/certificates`)
    for (const file of editions[0].files) {
      const { body } = await school.ask('GET', `/permits/${number}/certificates/1/files/${file.file_name}`)
      assert.equal(createHash('sha256').update(body).digest('hex'), file.sha256)
    }
  })

  test('while it is away a certificate waits, nothing is public; when it is back it goes on by itself', async () => {
    assert.equal(await signer.stop(), 0)
    assert.equal(existsSync(socket), false)
    const id = await grantedNight(bureau, 2)
    const number = await waitFor('编号', () => permitOf(id))
    await waitFor('几次重试', async () => (bureau.log.match(/app\.signer_away/g)?.length ?? 0) >= 3 || null)
    assert.equal(await isPublic(number), false)
    // Nothing that cannot be taken back was done for a signature that nobody could give, and nothing was asked of anybody.
    assert.deepEqual(rows(`SELECT state FROM certificate_editions WHERE permit_number = '${number}'`), [{ state: 'drafted' }])
    assert.deepEqual(rows(`SELECT signing_id FROM certificate_signings WHERE certificate_identifier LIKE '%${number}%'`), [])
    assert.deepEqual(rows(`SELECT subject FROM evidence_entries WHERE subject LIKE 'permit/%${number}%'`), [])
    for (const name of ['document.key.pem', 'seal.key.pem']) renameSync(join(folder, `${name}.away`), join(folder, 'signing', name))
    signer = new Signer(folder, socket)
    await signer.ready
    await waitFor('证照公布', async () => (await isPublic(number)) || null, { deadlineMs: 90_000 })
    assert.equal(journal().length, 8)
  })
})
