// A hundred officers issue at once in one region, on one day, in one category: 01–99 each once; the hundredth is told so
// before anything is written, and its case stays in somebody's inbox. Three hundred over four regions all succeed.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { mariadbMissing, startMariadb } from './mariadb.mjs'
import { complete, fileNight, inboxRows, inParallel } from './stories.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'

const kRegions = { 330105: '_gongshu', 330106: '', 330108: '_binjiang', 330109: '_xiaoshan' }

const issuing = (onMariadb) => () => {
  let bureau, school, mariadb

  before(async () => {
    mariadb = onMariadb ? await startMariadb() : null
    bureau = await Bureau.start({ database: mariadb?.url ?? '' })
    school = await bureau.person('school')
  })
  after(async () => {
    await bureau?.stop()
    await mariadb?.stop()
  })

  /** `count` cases of one region that wait for the leader's decision; their rows in his inbox. */
  async function readyToDecide(region, count, first) {
    const clerk = await bureau.person(`clerk${kRegions[region]}`)
    const leader = await bureau.person(`leader${kRegions[region]}`)
    const ids = new Set(await inParallel(Array.from({ length: count }, (_, i) => first + i), 8, (number) => fileNight(school, region, number)))
    const rows = await inboxRows(clerk, count, (row) => ids.has(row.application_id))
    await inParallel(rows, 8, async (row) => assert.equal((await complete(clerk, row, 'accept')).status, 200))
    return { leader, rows: await inboxRows(leader, count, (row) => ids.has(row.application_id)) }
  }

  const numberOf = async (row) => (await school.must('GET', `/applications/${row.application_id}/progress`)).permit_number

  async function published(count) {
    let seen = 0
    await waitFor(`${count} 个许可证公布`, async () => {
      const all = []
      let cursor = ''
      do {
        const page = await school.must('GET', `/public/permits?${new URLSearchParams({ limit: '100', cursor })}`)
        all.push(...page.permits)
        cursor = page.next_cursor
      } while (cursor)
      seen = all.length
      return seen >= count ? all : null
    }, { deadlineMs: 300_000, seen: () => `${seen} 个` })
  }

  test('99 numbers a day, each once, and the hundredth case stays where it is', async () => {
    const { leader, rows } = await readyToDecide('330106', 100, 1)
    const replies = await Promise.all(rows.map((row) => complete(leader, row, 'grant')))
    const refused = replies.filter((reply) => reply.status !== 200)
    assert.deepEqual(refused.map((reply) => [reply.status, reply.json.reason]), [[409, 'permits.serial_exhausted']])
    const left = rows[replies.findIndex((reply) => reply.status !== 200)]
    const numbers = await inParallel(rows.filter((row) => row !== left), 8, numberOf)
    assert.deepEqual(numbers.map((number) => number.slice(-2)).sort(), Array.from({ length: 99 }, (_, i) => String(i + 1).padStart(2, '0')))
    assert.equal(new Set(numbers.map((number) => number.slice(0, -2))).size, 1)
    assert.equal(await numberOf(left), null)
    const [still] = await inboxRows(leader, 1, (row) => row.application_id === left.application_id)
    assert.equal(still.version, left.version)
    await published(99)
    await school.must('POST', '/demo/clock', { json: { advance_working_days: 1, at: '09:00' } })
    assert.equal((await complete(leader, still, 'grant')).status, 200)
    assert.equal((await numberOf(left)).slice(-2), '01')
  })

  // Officers' acts meet each other on MariaDB; SQLite takes them one after the other.
  test('300 over four regions all succeed', { skip: !onMariadb && !process.env.KAIGONG_LONG && 'with --long' }, async () => {
    await school.must('POST', '/demo/clock', { json: { advance_working_days: 1, at: '09:00' } })
    const all = []
    for (const [i, region] of Object.keys(kRegions).entries()) all.push(await readyToDecide(region, 75, 1_000 * (i + 1)))
    const acts = all.flatMap(({ leader, rows }) => rows.map((row) => ({ leader, row })))
    const replies = await Promise.all(acts.map(({ leader, row }) => complete(leader, row, 'grant')))
    assert.deepEqual(replies.filter((reply) => reply.status !== 200).map((reply) => reply.json.reason), [])
    const numbers = await inParallel(acts, 8, ({ row }) => numberOf(row))
    assert.equal(new Set(numbers).size, 300)
  })
}

describe('issuing at once, on SQLite', { skip: missing }, issuing(false))
describe('issuing at once, on MariaDB', { skip: missing || mariadbMissing }, issuing(true))
