// The program kills itself after each step of issuing, and is started again: the permit is issued everywhere or nowhere, its number used
// once, the log whole, no certificate without its entries, and everything that a key was asked to sign is written down.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { binary, missing } from './binary.mjs'
import { progressOf } from './checks.mjs'
import { prepareDecisions } from './decisions.mjs'
import { completeRow } from './load.mjs'
import { World } from './world.mjs'

/** In the order in which they come; of the steps of a file each of the four, and what a crash leaves of asked signatures. */
const kOfEachFile = ['certificates.asked_to_sign', 'certificates.file_signed', 'certificates.file_stored', 'certificates.file_saved']
const kSteps = [
  'certificates.checked',
  'certificates.logged',
  'certificates.proven',
  ...[1, 2, 3, 4].flatMap((file) => kOfEachFile.map((step) => `${step}:${file}`)),
  'certificates.signed',
  'certificates.published',
]
const kDeathMs = 60_000
const kFinishMs = 60_000

const leftUnsigned = (step) => (/asked_to_sign|file_signed|file_stored/.test(step) ? 1 : 0)

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

  /** What stands in the database at the moment of death: nobody sees what is not whole. */
  function checkHalf(step, number) {
    const [permit] = rows(`SELECT state, published_at_ms FROM permits WHERE permit_number = '${number}'`)
    const [edition] = rows(`SELECT state, certificate_identifier AS id FROM certificate_editions WHERE permit_number = '${number}'`)
    assert.equal(permit.published_at_ms !== null, step === 'certificates.published', step)
    assert.equal(edition.state === 'valid', step === 'certificates.published', step)
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
    const signings = rows(`SELECT file_name, file_sha256 FROM certificate_signings WHERE certificate_identifier = '${edition.id}'`)
    assert.equal(signings.filter((one) => one.file_sha256 === '').length, leftUnsigned(step), `${step}: what may have been signed`)
    assert.deepEqual(signings.map((one) => one.file_sha256).filter(Boolean).sort(), files.map((one) => one.sha256).sort())
    return files
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
      await completeRow(world.ledger, leader, waiting[place])
      assert.ok(await world.bureau.died(kDeathMs), `${step} was not reached`)
      const [{ permit_number: begun }] = rows('SELECT permit_number FROM permits ORDER BY numbered_at_ms DESC, permit_number DESC LIMIT 1')
      checkHalf(step, begun)
      const startMs = await world.bureau.start()
      const number = await untilPublished(waiting[place])
      assert.equal(number, begun, `${step}: another number`)
      assert.ok(!numbers.has(number))
      numbers.add(number)
      await checkFiles(number, checkWhole(step, number))
      t.diagnostic(`${step}: ready after ${startMs} ms, ${number}`)
    }
    // The log is as long as what was queued, and a stranger's reader agrees with the database.
    for (const end = Date.now() + 5_000; rows('SELECT count(*) AS n FROM evidence_entries WHERE leaf_index IS NULL')[0].n && Date.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 100))
    for (const log of ['permits', 'audit']) {
      const [{ n }] = rows(`SELECT count(*) AS n FROM evidence_entries WHERE log = '${log}' AND leaf_index IS NOT NULL`)
      const checkpoint = readFileSync(join(world.bureau.folder, 'ledger', log, 'checkpoint'), 'utf8')
      assert.equal(Number(checkpoint.split('\n')[1]), n, log)
    }
    await world.bureau.kill()
    const fsck = spawnSync(binary, ['ledger', 'fsck', '--demo', '--data', world.bureau.folder], { encoding: 'utf8' })
    assert.equal(fsck.status, 0, fsck.stdout + fsck.stderr)
    await world.bureau.start()
  })
})
