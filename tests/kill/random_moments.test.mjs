// kill -9 at random moments under load. KAIGONG_KILL_ROUNDS says how often, KAIGONG_KILL_SEED repeats a run.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { MortalBureau } from './bureau.mjs'
import { chanceOf, seed } from './chance.mjs'
import { World } from './world.mjs'

const kRounds = Number(process.env.KAIGONG_KILL_ROUNDS ?? 20)
/** A fresh bureau after so many rounds: a day has 99 numbers, and a folder must not only grow. */
const kRoundsOfABureau = 20
const kFilingsARound = 2
/** Longer than a lease on background work (two minutes), which a dead server may have left behind. */
const kFinishMs = 200_000
const kWorkMs = [200, 1200]
/** Deaths before the bureau was ever ready. */
const kBirths = 4
const kBirthMs = 1500

describe('kill -9 at random moments', { skip: missing }, () => {
  let world
  after(() => world?.bureau.remove())

  test(`a first start that is killed ${kBirths} times begins again by itself (seed ${seed})`, { timeout: 600_000 }, async (t) => {
    const bureau = await MortalBureau.prepare()
    t.after(() => bureau.remove())
    const chance = chanceOf(seed)
    for (let birth = 0; birth < kBirths; birth++) {
      const ms = chance.between(0, kBirthMs)
      bureau.launch()
      await new Promise((resolve) => setTimeout(resolve, ms))
      await bureau.kill()
      t.diagnostic(`killed ${ms} ms after the start`)
    }
    await bureau.start()
    assert.equal((await bureau.person('school')).session.account.account_name, 'school')
  })

  test(`${kRounds} rounds lose nothing that was acknowledged (seed ${seed})`, { timeout: 60_000 * (5 + kRounds) }, async (t) => {
    for (let done = 0; done < kRounds; ) {
      world = await World.open({ database: process.env.KAIGONG_TEST_DATABASE ?? '' })
      for (let i = 0; i < kRoundsOfABureau && done < kRounds; i++, done++) {
        const chance = chanceOf(seed * 1000 + done)
        const ms = chance.between(...kWorkMs)
        const round = await world.round(chance, ms, kFilingsARound)
        t.diagnostic(`round ${done + 1}: killed after ${ms} ms, ${round.acknowledged} acknowledged, ready again after ${round.start_ms} ms, ${round.examined} applications examined, repeated: ${round.repeated.join(' ') || 'nothing'}`)
      }
      const begun = Date.now()
      assert.deepEqual(await world.finish(kFinishMs), [], 'a case did not come to its end')
      await world.examineAll()
      t.diagnostic(`${world.ledger.acknowledged} acknowledged writes, ${world.ledger.applications.size} applications, ${world.ledger.submitted.length} permits, ${world.ledger.handovers.size} tasks given away; all at their end ${Date.now() - begun} ms after the last start`)
      assert.ok(world.ledger.acknowledged > 0)
      await world.bureau.remove()
    }
  })
})
