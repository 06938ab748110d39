// Cases that lie before the leader, ready to be decided.
import assert from 'node:assert/strict'
import { nightForm } from '../api/stories.mjs'
import { completeRow, createDraft, kRegions, rowsOf, saveForm, submit } from './load.mjs'

const kPrepareMs = 120_000

/** `count` cases of the first region; gives the leader's rows. */
export async function prepareDecisions(world, count) {
  const region = kRegions[0]
  const owner = await world.bureau.person('school')
  const clerk = await world.bureau.person('clerk')
  const leader = await world.bureau.person('leader')
  for (let number = 1; number <= count; number++) {
    const { application_id: id } = await createDraft(world.ledger, owner, region)
    await saveForm(world.ledger, owner, id, nightForm(region.region_code, number))
    await submit(world.ledger, owner, id)
  }
  for (const end = Date.now() + kPrepareMs; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    for (const row of await rowsOf(clerk)) await completeRow(world.ledger, clerk, row)
    const waiting = await rowsOf(leader)
    if (waiting.length === count) return waiting
    assert.ok(Date.now() < end, `only ${waiting.length} of ${count} cases reached the leader`)
  }
}
