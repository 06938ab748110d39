// The program kills itself after each step of issuing and of making a copy, and is started again: the permit is issued everywhere or
// nowhere, its number used once, the log whole, no certificate without its entries, and everything that a key was asked to sign is
// written down. A copy is got whole or not at all, and asking again finishes it under its number.
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { binary, missing } from './binary.mjs'
import { progressOf } from './checks.mjs'
import { prepareDecisions } from './decisions.mjs'
import { Lost } from './ledger.mjs'
import { completeRow } from './load.mjs'
import { World } from './world.mjs'

/** In the order in which they come; of the steps of a file each of the four, and what a crash leaves of asked signatures. */
const kOfEachFile = ['certificates.asked_to_sign', 'certificates.file_signed', 'certificates.file_stored', 'certificates.file_saved']
const kOfFiles = [1, 2, 3, 4].flatMap((file) => kOfEachFile.map((step) => `${step}:${file}`))
/** `permits.issue` and `certificates.make` are jobs that are done and of which their case has not heard yet. */
const kSteps = [
  'permits.issue',
  'certificates.drafted',
  'certificates.checked',
  'certificates.logged',
  'certificates.placed',
  'certificates.proven',
  ...kOfFiles,
  'certificates.signed',
  'certificates.published',
  'certificates.make',
]
const kCopySteps = ['certificates.copy_begun', ...kOfFiles, 'certificates.copy_made']
const kPublished = ['certificates.published', 'certificates.make']
const kDeathMs = 60_000
const kFinishMs = 60_000

const leftUnsigned = (step) => (/asked_to_sign|file_signed|file_stored/.test(step) ? 1 : 0)

/** The first steps come so soon after the decision that its answer may not be out yet. */
function unlessLost(error) {
  if (!(error instanceof Lost)) throw error
}

describe('death after each step of issuing', { skip: missing }, () => {
  let world
  before(async () => (world = await World.open({ database: process.env.KAIGONG_TEST_DATABASE ?? '' })), { timeout: 300_000 })
  after(() => world?.bureau.remove())

  /** Rows of the database of the stopped or running program. */
  const rows = (sql) => {
    const done = spawnSync('sqlite3', ['-json', '-readonly', join(world.bureau.folder, 'kaigong.db'), sql], { encoding: 'utf8' })
    assert.equal(done.status, 0, done.stderr)
    return done.stdout.trim() ? JSON.parse(done.stdout) : []
  }
  const published = async (number) => (await world.bureau.anybody().ask('GET', `/public/permits/${number}`)).status === 200

  async function untilPublished(row) {
    for (const end = Date.now() + kFinishMs; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const { permit_number: number, waiting_for: waiting } = await progressOf(world.bureau, world.ledger.of(row.application_id))
      if (number && (await published(number))) return number
      assert.ok(Date.now() < end, `not published: ${number} waits for ${JSON.stringify(waiting)}; ${world.bureau.complaints().join('\n')}`)
    }
  }

  /** Nothing of the case before is left over that the next death could be of. */
  async function untilDelivered() {
    for (const end = Date.now() + kFinishMs; rows('SELECT count(*) AS n FROM event_deliveries')[0].n; await new Promise((resolve) => setTimeout(resolve, 50))) assert.ok(Date.now() < end, 'news that nobody took')
  }

  /** What stands in the database at the moment of death: nobody sees what is not whole. */
  function checkHalf(step, number) {
    const [permit] = rows(`SELECT state, published_at_ms FROM permits WHERE permit_number = '${number}'`)
    const [edition] = rows(`SELECT state, certificate_identifier AS id FROM certificate_editions WHERE permit_number = '${number}'`)
    assert.equal(permit.published_at_ms !== null, kPublished.includes(step), step)
    assert.equal(edition === undefined, step === 'permits.issue', step)
    if (!edition) return
    assert.equal(edition.state === 'valid', kPublished.includes(step), step)
    const entries = rows(`SELECT subject, leaf_index FROM evidence_entries WHERE subject LIKE '%${edition.id}'`)
    const signed = rows(`SELECT file_name FROM certificate_files WHERE certificate_identifier = '${edition.id}'`)
    if (signed.length) assert.ok(entries.some((one) => one.subject.startsWith('permit/') && one.leaf_index !== null), `${step}: a file was signed before its entry had a place`)
  }

  function checkWhole(step, number) {
    const [edition] = rows(`SELECT state, certificate_identifier AS id FROM certificate_editions WHERE permit_number = '${number}'`)
    assert.equal(edition.state, 'valid')
    assert.equal(rows(`SELECT count(*) AS n FROM permits WHERE permit_number = '${number}'`)[0].n, 1)
    const files = rows(`SELECT file_name, sha256 FROM certificate_files WHERE certificate_identifier = '${edition.id}' ORDER BY file_name`)
    assert.deepEqual(files.map((one) => one.file_name), ['certificate.json', 'certificate.ofd', 'certificate.pdf', 'certificate.xml'])
    const entries = rows(`SELECT subject, entry FROM evidence_entries WHERE subject LIKE '%${edition.id}' ORDER BY subject`)
    assert.deepEqual(entries.map((one) => one.subject), [`files/${edition.id}`, `permit/${edition.id}`])
    const logged = JSON.parse(entries[0].entry).files
    for (const { file_name: name, sha256 } of files) assert.equal(logged[name], `sha256:${sha256}`, name)
    checkSignings(step, edition.id, 0, files)
    return files
  }

  /** Each file's signature is written down, and how often more a key was asked. */
  function checkSignings(step, id, copyNumber, files) {
    const signings = rows(`SELECT file_sha256, asked_times FROM certificate_signings WHERE certificate_identifier = '${id}' AND copy_number = ${copyNumber}`)
    const asked = signings.reduce((sum, one) => sum + one.asked_times, 0)
    assert.equal(asked - files.length, leftUnsigned(step), `${step}: what may have been signed`)
    assert.deepEqual(signings.map((one) => one.file_sha256).filter(Boolean).sort(), files.map((one) => one.sha256).sort())
  }

  /** What stands in the database of a copy that is valid: its files, and their digests in the log. */
  function checkCopy(step, id, copyNumber) {
    const files = rows(`SELECT file_name, sha256 FROM certificate_files WHERE certificate_identifier = '${id}' AND copy_number = ${copyNumber}`)
    assert.equal(files.length, 4, step)
    const [entry] = rows(`SELECT entry FROM evidence_entries WHERE subject = 'copy/${id}/${copyNumber}'`)
    const logged = JSON.parse(entry.entry)
    for (const { file_name: name, sha256 } of files) assert.equal(logged.files[name], `sha256:${sha256}`, name)
    checkSignings(step, id, copyNumber, files)
    return logged
  }

  async function checkFiles(number, files) {
    const officer = await world.bureau.person('certificates')
    for (const { file_name: name, sha256 } of files) {
      const bytes = await world.bureau.file(officer, `/permits/${number}/certificates/1/files/${name}`)
      assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256, name)
    }
  }

  test(`${kSteps.length} decisions, each with a death after another step`, { timeout: 1_200_000 }, async (t) => {
    const numbers = new Set()
    const waiting = await prepareDecisions(world, kSteps.length)
    for (const [place, step] of kSteps.entries()) {
      await world.bureau.kill()
      await world.bureau.start({ dieAfter: step })
      const leader = await world.bureau.person('leader')
      await completeRow(world.ledger, leader, waiting[place]).catch(unlessLost)
      assert.ok(await world.bureau.died(kDeathMs), `${step} was not reached`)
      const [{ permit_number: begun }] = rows('SELECT permit_number FROM permits ORDER BY numbered_at_ms DESC, permit_number DESC LIMIT 1')
      checkHalf(step, begun)
      const startMs = await world.bureau.start()
      const number = await untilPublished(waiting[place])
      assert.equal(number, begun, `${step}: another number`)
      assert.ok(!numbers.has(number))
      numbers.add(number)
      await checkFiles(number, checkWhole(step, number))
      await untilDelivered()
      t.diagnostic(`${step}: ready after ${startMs} ms, ${number}`)
    }
    // The log is as long as what was queued, and a stranger's reader agrees with the database.
    for (const end = Date.now() + 5_000; rows('SELECT count(*) AS n FROM evidence_entries WHERE leaf_index IS NULL')[0].n && Date.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 100))
    for (const log of ['permits', 'audit']) {
      const [{ n }] = rows(`SELECT count(*) AS n FROM evidence_entries WHERE log = '${log}' AND leaf_index IS NOT NULL`)
      const checkpoint = readFileSync(join(world.bureau.folder, 'ledger', log, 'checkpoint'), 'utf8')
      assert.equal(Number(checkpoint.split('\n')[1]), n, log)
    }
    await checkFsck()
  })

  test(`${kCopySteps.length} copies, each with a death after another step`, { timeout: 1_200_000 }, async (t) => {
    const [{ number, id }] = rows('SELECT permit_number AS number, certificate_identifier AS id FROM certificate_editions ORDER BY permit_number LIMIT 1')
    for (const [place, step] of kCopySteps.entries()) {
      const copyNumber = place + 1
      const wish = { purpose: `办理第 ${copyNumber} 项`, made_for: '示例银行' }
      const key = randomUUID()
      const file = `/permits/${number}/certificates/1/copies/${copyNumber}/files/certificate.json`
      await world.bureau.kill()
      await world.bureau.start({ dieAfter: step })
      const unanswered = await (await world.bureau.person('school')).ask('POST', `/permits/${number}/copies`, { json: wish, key }).catch(() => null)
      assert.equal(unanswered, null, `${step} was not reached`)
      assert.ok(await world.bureau.died(kDeathMs))
      await world.bureau.start()
      const school = await world.bureau.person('school')
      const isMade = step === 'certificates.copy_made'
      assert.equal((await school.ask('GET', file)).status, isMade ? 200 : 404, `${step}: the files of a copy that is not in the log`)
      assert.equal((await school.must('GET', `/permits/${number}/certificates`)).copies[0].files.length, isMade ? 4 : 0, step)
      // Another key, as after a reload of another browser; what is made already is had again by the same key alone.
      const made = await school.must('POST', `/permits/${number}/copies`, { json: wish, key: isMade ? key : randomUUID() })
      assert.deepEqual([made.copy_number, made.state], [copyNumber, 'valid'], step)
      const logged = checkCopy(step, id, copyNumber)
      checkOpens(logged.purpose, JSON.parse((await world.bureau.file(school, file)).toString('utf8')).copy)
      t.diagnostic(`${step}: copy ${made.copy_number}`)
    }
    await checkFsck()
  })

  /** Whoever has the file can open what the log says of its purpose. */
  function checkOpens(commitment, { salt, ...copy }) {
    const canonical = JSON.stringify(Object.fromEntries(Object.entries(copy).sort(([one], [other]) => (one < other ? -1 : 1))))
    assert.equal(commitment, `sha256:${createHash('sha256').update(Buffer.from(salt, 'hex')).update(canonical).digest('hex')}`)
  }

  async function checkFsck() {
    await world.bureau.kill()
    const fsck = spawnSync(binary, ['ledger', 'fsck', '--demo', '--data', world.bureau.folder], { encoding: 'utf8' })
    assert.equal(fsck.status, 0, fsck.stdout + fsck.stderr)
    await world.bureau.start()
  }
})
