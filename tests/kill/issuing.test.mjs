// kill -9 at each step of issuing: soon after the decision was acknowledged, while record, leaf, file and publication come into being.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { chanceOf, seed } from './chance.mjs'
import { progressOf } from './checks.mjs'
import { prepareDecisions } from './decisions.mjs'
import { completeRow } from './load.mjs'
import { World } from './world.mjs'

const kKills = Number(process.env.KAIGONG_KILL_ISSUINGS ?? 8)
const kLatestMs = 1500
const kCertificateMs = 400
const kPatienceMs = 10_000
/** Longer than a lease on background work that a dead server may have left behind. */
const kFinishMs = 200_000

/** Until the certificate of a decided case is being made; it may be made already. */
async function untilCertificate(world, row) {
  const known = world.ledger.of(row.application_id)
  for (const end = Date.now() + kPatienceMs; Date.now() < end; ) {
    const progress = await progressOf(world.bureau, known)
    if (!progress.waiting_for.some((one) => one.name === 'issue_permit')) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe('kill -9 at each step of issuing', { skip: missing }, () => {
  let world
  before(async () => (world = await World.open({ database: process.env.KAIGONG_TEST_DATABASE ?? '' })), { timeout: 300_000 })
  after(() => world?.bureau.remove())

  test(`${kKills} decisions, each with a death within ${kLatestMs} ms: one number, one publication, no gap (seed ${seed})`, { timeout: 900_000 }, async (t) => {
    const chance = chanceOf(seed)
    const leader = await world.bureau.person('leader')
    for (const row of await prepareDecisions(world, kKills)) {
      await completeRow(world.ledger, leader, row)
      // Half of the deaths come soon after the decision, half while the certificate is being made.
      const late = chance.is(0.5)
      if (late) await untilCertificate(world, row)
      const delay = Math.floor(chance.next() ** 2 * (late ? kCertificateMs : kLatestMs))
      await new Promise((resolve) => setTimeout(resolve, delay))
      await world.bureau.kill()
      const startMs = await world.bureau.start()
      const examined = await world.examine()
      const at = await world.bureau.person('school').then((owner) => owner.must('GET', `/applications/${row.application_id}/progress`))
      assert.equal(at.state, 'granted')
      assert.match(at.permit_number, /^\d{18}$/)
      t.diagnostic(`killed ${delay} ms after ${late ? 'the certificate was begun' : 'the decision'}, ready after ${startMs} ms, ${examined.examined} examined; then waiting for: ${at.waiting_for.map((one) => one.name).join(', ') || 'nothing more'}`)
    }
    const begun = Date.now()
    assert.deepEqual(await world.finish(kFinishMs), [], 'a decided case did not become a published permit')
    t.diagnostic(`all published ${Date.now() - begun} ms after the last start`)
    await world.examineAll()
    assert.equal(world.ledger.submitted.length, kKills)
  })
})
