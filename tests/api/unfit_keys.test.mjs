// Keys, certificates and seals whose signatures no verifier would take: nothing goes into the log for them, officers read why on the
// case, /metrics counts the days, and a bureau with what never was right does not start.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { grantedNight } from './stories.mjs'

const kEarly = '2026-12-01T09:00:00+08:00'
const kLate = '2026-12-05T09:00:00+08:00'

const rows = (bureau, sql) => {
  const done = spawnSync('sqlite3', ['-json', '-readonly', join(bureau.folder, 'kaigong.db'), sql], { encoding: 'utf8' })
  assert.equal(done.status, 0, done.stderr)
  return done.stdout.trim() ? JSON.parse(done.stdout) : []
}

const daysLeft = async (bureau, what) => Number(new RegExp(`^kaigong_signing_days_left\\{what="${what}"\\} (\\S+)$`, 'm').exec((await (await bureau.person(null)).ask('GET', '!/metrics')).body.toString())?.[1])

/** What stands between this case and its certificate, as the head of section reads it. */
const told = async (bureau, id, words) =>
  waitFor('办理页上看到问题', async () => {
    const { waits_for: waiting } = await (await bureau.person('head')).must('GET', `/applications/${id}/standstill`)
    return waiting.find((one) => one.kind === 'incident' && words.test(one.name)) ?? null
  }, { deadlineMs: 60_000 })

function nothingLogged(bureau) {
  assert.deepEqual(rows(bureau, "SELECT subject FROM evidence_entries WHERE subject LIKE 'permit/%'"), [])
  assert.deepEqual(rows(bureau, 'SELECT DISTINCT state FROM certificate_editions'), [{ state: 'drafted' }])
  assert.deepEqual(rows(bureau, 'SELECT signing_id FROM certificate_signings'), [])
}

describe('keys that no verifier would take', { skip: missing }, () => {
  // Its signers' certificates begin the day before its clock does.
  let later
  before(async () => (later = await Bureau.start({ database: '', clockStart: kLate })))
  after(() => later?.stop())

  test('a certificate that is not in force: drafted and no further, and the reason reaches who asks why nothing moves', async () => {
    const bureau = await Bureau.start({ database: '', clockStart: kEarly, beside: later })
    try {
      assert.match(bureau.log, /"event":"app.signing_unfit".*certificates\.signing_certificate_expired/)
      const id = await grantedNight(bureau, 1)
      const incident = await told(bureau, id, /document\.chain\.pem.*不在有效期内/)
      assert.match(incident.name, /2026-12-04 至 .*更换后重启服务，再由科室负责人重试/)
      nothingLogged(bureau)
      assert.ok((await daysLeft(bureau, 'document')) > 1_800)
    } finally {
      await bureau.stop()
    }
  })

  test('a seal that is not there: the same, and after a restart with the seal it goes on', async () => {
    const bureau = await Bureau.start({ database: '', clockStart: kLate, beside: later })
    const seals = join(bureau.folder, 'signing', 'seals')
    try {
      await bureau.stop({ keep: true })
      for (const seal of readdirSync(seals)) rmSync(join(seals, seal))
      await bureau.reopen({ database: '', clockStart: kLate })
      const id = await grantedNight(bureau, 2)
      await told(bureau, id, /电子印章.*重启服务，再由科室负责人重试/)
      nothingLogged(bureau)
      await bureau.stop({ keep: true })
      for (const seal of readdirSync(join(later.folder, 'signing', 'seals'))) copyFileSync(join(later.folder, 'signing', 'seals', seal), join(seals, seal))
      await bureau.reopen({ database: '', clockStart: kLate })
      const head = await bureau.person('head')
      await waitFor('证照公布', async () => {
        const { permit_number: number, waiting_for: waiting } = await head.must('GET', `/applications/${id}/progress`)
        const parked = waiting.find((one) => one.kind === 'incident' && one.incident)
        if (parked) await head.ask('POST', `/applications/${id}/incidents/${parked.incident}/resolution`, { json: { variables: {}, reason: '已改好设置' }, key: true })
        return (number && (await bureau.ask('GET', `/api/v1/public/permits/${number}`)).status === 200) || null
      }, { deadlineMs: 90_000 })
      for (const what of ['document', 'seal', 'seals']) assert.ok((await daysLeft(bureau, what)) > 1_800, what)
    } finally {
      await bureau.stop()
    }
  })

  test('a key of another chain never was right: the bureau does not start', async () => {
    const bureau = await Bureau.start({ database: '', clockStart: kLate, beside: later })
    const other = await Bureau.start({ database: '', clockStart: kLate })
    try {
      await bureau.stop({ keep: true })
      copyFileSync(join(other.folder, 'signing', 'document.chain.pem'), join(bureau.folder, 'signing', 'document.chain.pem'))
      await assert.rejects(bureau.reopen({ database: '', clockStart: kLate }), /document\.chain\.pem 的第一张证书不是一对/)
    } finally {
      await bureau.stop()
      await other.stop()
    }
  })
})
