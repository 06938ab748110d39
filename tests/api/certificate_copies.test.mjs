// Copies of a certificate by several people at once, and what the page is told where none can be made.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { mariadbMissing, startMariadb } from './mariadb.mjs'
import { publishedNight } from './stories.mjs'

const kClockStart = '2026-12-01T09:00:00+08:00'

const copyBy = async (bureau, account, number, purpose) => (await bureau.person(account)).ask('POST', `/permits/${number}/copies`, { json: { purpose, made_for: '示例银行' }, key: true })

const atOnce = (onMariadb) => () => {
  let bureau, number, mariadb
  before(async () => {
    mariadb = onMariadb ? await startMariadb() : null
    bureau = await Bureau.start({ clockStart: kClockStart, database: mariadb?.url ?? '' })
    number = await publishedNight(bureau)
  })
  after(async () => {
    await bureau?.stop()
    await mariadb?.stop()
  })

  test('two people get a copy for each of their wishes, with the numbers that follow', async () => {
    const replies = await Promise.all(Array.from({ length: 8 }, (_, i) => copyBy(bureau, i % 2 ? 'school' : 'certificates', number, `办理第 ${i} 项`)))
    assert.deepEqual(replies.map((reply) => reply.status), Array(8).fill(201), replies.map((reply) => reply.json.reason).join())
    assert.deepEqual(replies.map((reply) => reply.json.copy_number).sort(), [1, 2, 3, 4, 5, 6, 7, 8])
  })
}

describe('copies at once, on SQLite', { skip: missing }, atOnce(false))
describe('copies at once, on MariaDB', { skip: missing || mariadbMissing }, atOnce(true))

describe('where no copy can be made', { skip: missing }, () => {
  let bureau, number
  before(async () => {
    bureau = await Bureau.start({ clockStart: kClockStart, database: '' })
    number = await publishedNight(bureau)
    assert.equal((await copyBy(bureau, 'school', number, '办理贷款')).status, 201)
  })
  after(() => bureau?.stop())

  const change = async (sql) => {
    await bureau.stop({ keep: true })
    const done = spawnSync('sqlite3', [join(bureau.folder, 'kaigong.db'), sql], { encoding: 'utf8' })
    assert.equal(done.status, 0, done.stderr)
    await bureau.reopen({ clockStart: kClockStart, database: '' })
  }
  const copy = (account, purpose) => copyBy(bureau, account, number, purpose)
  const told = async (account) => {
    const { may_copy: may, copy_refusal: why } = await (await bureau.person(account)).must('GET', `/permits/${number}/certificates`)
    return [may, why]
  }

  test('the page is told who may make one, and why not', async () => {
    assert.deepEqual(await told('school'), [true, null])
    assert.deepEqual(await told('leader'), [false, 'not_yours'])
  })

  test('of a permit that is not in force no more are made; those that are there stay', async () => {
    await change("UPDATE permits SET state = 'revoked'")
    assert.deepEqual(await told('school'), [false, 'not_in_force'])
    const refused = await copy('school', '再办一次')
    assert.deepEqual([refused.status, refused.json.reason], [409, 'certificates.not_in_force'])
    assert.equal((await (await bureau.person('school')).ask('GET', `/permits/${number}/certificates/1/copies/1/files/certificate.pdf`)).status, 200)
    await change("UPDATE permits SET state = 'in_force'")
  })

  test('of an edition from before the log none can be made', async () => {
    await change("UPDATE certificate_editions SET content = '', salt = '', proof = ''")
    assert.deepEqual(await told('school'), [false, 'made_before_the_log'])
    const refused = await copy('school', '再办一次')
    assert.deepEqual([refused.status, refused.json.reason], [404, 'certificates.made_before_the_log'])
  })
})
