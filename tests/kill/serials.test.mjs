// Everybody decides at once: a region numbers 99 permits of a kind a day, the next one is told so and nothing of it is written.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { complete, fileNight, inboxRows, inParallel } from '../api/stories.mjs'
import { missing } from './binary.mjs'
import { MortalBureau } from './bureau.mjs'
import { mariadbMissing, startMariadb } from './mariadb.mjs'

const kDecisions = Number(process.env.KAIGONG_DECISIONS ?? 100)
const kADay = 99
const kWidth = 8
const kAllRegions = [
  { region_code: '330106', suffix: '' },
  { region_code: '330105', suffix: '_gongshu' },
  { region_code: '330108', suffix: '_binjiang' },
  { region_code: '330109', suffix: '_xiaoshan' },
]
const kTimeout = { timeout: 600_000 }

const inRegion = (region) => (row) => row.region_code === region.region_code

/** Brings `count` cases of a region before its leader; gives their rows. */
async function prepare(bureau, region, count) {
  const owners = await Promise.all(['school', 'estate', 'factory'].map((account) => bureau.person(account)))
  const clerk = await bureau.person(`clerk${region.suffix}`)
  const leader = await bureau.person(`leader${region.suffix}`)
  const numbers = Array.from({ length: count }, (_, at) => at + 1)
  await inParallel(numbers, kWidth, (number) => fileNight(owners[number % owners.length], region.region_code, number))
  const received = await inboxRows(clerk, count, inRegion(region))
  await inParallel(received, kWidth, async (row) => {
    const reply = await complete(clerk, row, 'accept')
    assert.equal(reply.status, 200, String(reply.body))
  })
  return inboxRows(leader, count, inRegion(region))
}

/** All decisions of these rows at the same moment, each as its own request. */
async function decideAtOnce(bureau, work) {
  return Promise.all(work.map(async ({ leader, row }) => ({ row, reply: await complete(leader, row, 'grant') })))
}

async function permitNumberOf(bureau, leader, row) {
  return (await leader.must('GET', `/applications/${row.application_id}/progress`)).permit_number
}

async function assertSerials(bureau, leader, granted, region) {
  const numbers = await inParallel(granted, kWidth, ({ row }) => permitNumberOf(bureau, leader, row))
  assert.ok(numbers.every((number) => number?.startsWith(region.region_code)), `${numbers}`)
  assert.deepEqual(numbers.map((number) => Number(number.slice(-2))).sort((a, b) => a - b), granted.map((_, at) => at + 1), 'a serial is missing or comes twice')
}

/** The one past the last serial: told so, with a remedy, and its task is where it was. */
async function assertExhausted(leader, { row, reply }) {
  assert.equal(reply.status, 409, String(reply.body))
  assert.equal(reply.json.reason, 'permits.serial_exhausted')
  assert.ok(reply.json.detail.length > 10, 'the refusal names no remedy')
  const task = await leader.must('GET', `/tasks/${row.task_id}`)
  assert.equal(task.state, 'open')
  assert.equal(task.version, row.version, 'something of the refused decision was written')
  const left = await inboxRows(leader, 1)
  assert.ok(left.some((one) => one.task_id === row.task_id), 'the case is in nobody’s inbox')
  const progress = await leader.must('GET', `/applications/${row.application_id}/progress`)
  assert.equal(progress.permit_number, null)
  assert.ok(progress.waiting_for.some((one) => one.kind === 'person'))
}

async function hundredAtOnce(t, database) {
  const bureau = await MortalBureau.open({ database })
  t.after(() => bureau.remove())
  const [region] = kAllRegions
  const leader = await bureau.person('leader')
  let begun = Date.now()
  const rows = await prepare(bureau, region, kDecisions)
  t.diagnostic(`${rows.length} cases before the leader after ${Date.now() - begun} ms`)
  begun = Date.now()
  const decided = await decideAtOnce(bureau, rows.map((row) => ({ leader, row })))
  t.diagnostic(`${decided.length} decisions at once answered in ${Date.now() - begun} ms`)
  const granted = decided.filter(({ reply }) => reply.status === 200)
  const others = decided.filter(({ reply }) => reply.status !== 200)
  assert.equal(granted.length, Math.min(kDecisions, kADay), others.map(({ reply }) => `${reply.status} ${reply.json?.reason}`).join(', '))
  await assertSerials(bureau, leader, granted, region)
  for (const one of others) await assertExhausted(leader, one)
  assert.deepEqual(bureau.complaints(), [])
}

describe('as many decisions at once as a day has numbers, and one more', { skip: missing }, () => {
  test(`${kDecisions} on SQLite`, kTimeout, (t) => hundredAtOnce(t, ''))

  test(`${kDecisions} on MariaDB`, { ...kTimeout, skip: mariadbMissing }, async (t) => {
    const mariadb = await startMariadb()
    t.after(() => mariadb.stop())
    await hundredAtOnce(t, mariadb.url)
  })

  test('300 over four regions all succeed', { timeout: 1_200_000, skip: process.env.KAIGONG_LONG ? false : 'only with KAIGONG_LONG' }, async (t) => {
    const bureau = await MortalBureau.open()
    t.after(() => bureau.remove())
    const work = []
    for (const region of kAllRegions) {
      const leader = await bureau.person(`leader${region.suffix}`)
      for (const row of await prepare(bureau, region, 75)) work.push({ leader, row, region })
    }
    const decided = await decideAtOnce(bureau, work)
    for (const { reply } of decided) assert.equal(reply.status, 200, String(reply.body))
    for (const region of kAllRegions) {
      const own = decided.filter(({ row }) => row.region_code === region.region_code)
      await assertSerials(bureau, await bureau.person(`leader${region.suffix}`), own, region)
    }
  })
})
