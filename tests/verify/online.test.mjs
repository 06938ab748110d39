// kaigong verify --online: what the authority says now, asked at the address of the list of whom to trust.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { binary, missing, root } from '../api/binary.mjs'
import { Bureau } from '../api/harness.mjs'
import { packageOf, playUntil } from '../api/stories.mjs'

describe('asking the authority', { skip: missing }, () => {
  let bureau, folder, file, trust, number

  /** Not spawnSync: the servers that it asks live in this process. */
  const verify = (list) =>
    new Promise((resolve, reject) => {
      const path = join(folder, 'trust.json')
      writeFileSync(path, JSON.stringify(list))
      const child = spawn(binary, ['verify', file, '--trust', path, '--online', '--json'], { cwd: root })
      let said = ''
      child.stdout.on('data', (text) => (said += text))
      let complained = ''
      child.stderr.on('data', (text) => (complained += text))
      child.on('error', reject)
      child.on('close', (status) => {
        try {
          resolve({ status, answer: JSON.parse(said)[0] })
        } catch {
          reject(new Error(`exit ${status}: ${complained}`))
        }
      })
    })
  const statusOf = ({ answer }) => answer.checks.find((one) => one.check === 'status')
  const answering = (status, body, act) =>
    new Promise((resolve, reject) => {
      const asked = []
      const server = createServer((request, reply) => {
        asked.push(request.url)
        reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      }).listen(0, '127.0.0.1', () => act(`http://127.0.0.1:${server.address().port}`).then((result) => ({ ...result, asked })).finally(() => (server.close(), server.closeAllConnections())).then(resolve, reject))
    })

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kaigong-online-'))
    bureau = await Bureau.start()
    const { progress } = await playUntil(bureau, packageOf('school'))
    number = progress.permit_number
    const school = await bureau.person('school')
    file = join(folder, 'certificate.pdf')
    writeFileSync(file, (await school.ask('GET', `/permits/${number}/certificates/1/files/certificate.pdf`)).body)
    trust = (await bureau.ask('GET', '/ledger/trust.json')).json ?? JSON.parse((await bureau.ask('GET', '/ledger/trust.json')).body)
  })
  after(async () => {
    await bureau?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('a permit in force is confirmed', async () => {
    const done = await verify(trust)
    assert.equal(done.status, 0)
    assert.deepEqual([statusOf(done).outcome, statusOf(done).code], ['pass', ''])
  })

  test('a revoked one is told; the file stays what it is', async () => {
    const held = (await verify(trust)).answer.certificate
    const body = { state: 'revoked', state_name: '已撤销', certificate_version: 1, certificate_identifier: held.certificate_identifier }
    const done = await answering(200, body, (url) => verify({ ...trust, public_url: url }))
    assert.equal(done.status, 1)
    assert.deepEqual(done.asked, [`/api/v1/public/permits/${number}`])
    assert.equal(statusOf(done).code, 'verify.not_in_force')
    assert.match(statusOf(done).zh, /已撤销/)
    assert.equal(done.answer.verdict, 'training')
  })

  test('a number that the authority does not know is told', async () => {
    const done = await answering(404, {}, (url) => verify({ ...trust, public_url: url }))
    assert.deepEqual([done.status, statusOf(done).code], [1, 'verify.number_unknown'])
  })

  test('an authority that is not reached, or says nothing that can be read, was asked in vain: neither yes nor no', async () => {
    for (const done of [await verify({ ...trust, public_url: 'http://127.0.0.1:1' }), await answering(500, 'x', (url) => verify({ ...trust, public_url: url }))]) {
      assert.deepEqual([done.status, statusOf(done).outcome, statusOf(done).code], [3, 'unchecked', 'verify.authority_unreachable'])
      assert.equal(done.answer.verdict, 'training')
    }
  })

  test('an old edition of a permit that ended is told as ended, not as replaced', async () => {
    const body = { state: 'revoked', state_name: '已撤销', certificate_version: 2, certificate_identifier: 'another' }
    const done = await answering(200, body, (url) => verify({ ...trust, public_url: url }))
    assert.deepEqual([done.status, statusOf(done).code], [1, 'verify.not_in_force'])
    assert.match(statusOf(done).en, /"revoked"/)
  })
})
