// What goes wrong behind a case is seen where people look: on the case's page, in /metrics and in the log.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { missing, root } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { complete, fileNight, inboxRows } from './stories.mjs'

const kGone = ['letters/acceptance_notice.json', 'certificate.json']

describe('incidents', { skip: missing }, () => {
  let bureau, folder, school, clerk, leader, id

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kaigong-catalog-'))
    cpSync(join(root, 'catalog'), folder, { recursive: true, filter: (path) => !path.endsWith('/cases') })
    for (const file of kGone) rmSync(join(folder, 'night-construction', file))
    bureau = await Bureau.start({ environment: { KAIGONG_CATALOG_FOLDER: folder } })
    school = await bureau.person('school')
    clerk = await bureau.person('clerk')
    leader = await bureau.person('leader')
    id = await fileNight(school, '330106', 1)
  })
  after(async () => {
    await bureau?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const incidentsOf = async (person) => (await person.must('GET', `/applications/${id}/progress`)).waiting_for.filter((one) => one.kind === 'incident')
  const act = async (officer, outcome) => {
    const [row] = await inboxRows(officer, 1, (one) => one.application_id === id)
    assert.equal((await complete(officer, row, outcome)).status, 200)
  }
  const metric = async (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec((await (await bureau.person(null)).ask('GET', '!/metrics')).body.toString())?.[1])

  test('a letter that cannot be made: the officers read why, the applicant that he need do nothing', async () => {
    const now = (await school.must('GET', '/demo/clock')).now_ms
    await act(clerk, 'accept')
    const [incident] = await waitFor('办理页上看到问题', async () => {
      const found = await incidentsOf(clerk)
      return found.length ? found : null
    }, { deadlineMs: 60_000 })
    assert.match(incident.name, /没有“受理通知书”的模板，请管理员补充/)
    assert.doesNotMatch(incident.name, /template_missing/, 'a code is for the log')
    assert.ok(incident.since_at_ms >= now, 'since the fact, by the office clock')
    const [shown] = await incidentsOf(school)
    assert.match(shown.name, /您不用做什么/)
    assert.doesNotMatch(shown.name, /模板/)
    assert.ok((await metric('kaigong_events_failures')) >= 3)
    assert.equal(await metric('kaigong_events_parked'), 0)
    assert.match(bureau.log, /"event":"events.delivery_failed".*letters\.template_missing/)
  })

  test('nothing of it stops the people: the case goes on to the decision', async () => {
    await act(leader, 'grant')
    assert.equal((await school.must('GET', `/applications/${id}/progress`)).state, 'granted')
  })
})

describe('a certificate that cannot be made', { skip: missing }, () => {
  let bureau, folder

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kaigong-catalog-'))
    cpSync(join(root, 'catalog'), folder, { recursive: true, filter: (path) => !path.endsWith('/cases') })
    rmSync(join(folder, 'night-construction', 'certificate.json'))
    bureau = await Bureau.start({ environment: { KAIGONG_CATALOG_FOLDER: folder } })
  })
  after(async () => {
    await bureau?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('is an incident of the case, counted once', async () => {
    const [school, clerk, leader] = await Promise.all(['school', 'clerk', 'leader'].map((one) => bureau.person(one)))
    const id = await fileNight(school, '330106', 1)
    for (const [officer, outcome] of [[clerk, 'accept'], [leader, 'grant']]) {
      const [row] = await inboxRows(officer, 1, (one) => one.application_id === id)
      assert.equal((await complete(officer, row, outcome)).status, 200)
    }
    const incident = await waitFor('办理页上看到问题', async () => (await leader.must('GET', `/applications/${id}/progress`)).waiting_for.find((one) => one.kind === 'incident'), { deadlineMs: 60_000 })
    assert.match(incident.name, /证照模板/)
    const shown = (await school.must('GET', `/applications/${id}/progress`)).waiting_for.find((one) => one.kind === 'incident')
    assert.match(shown.name, /您不用做什么/)
    assert.equal(shown.incident, null)
    assert.equal((await leader.must('GET', `/applications/${id}/progress`)).waiting_for.find((one) => one.kind === 'incident').incident, null)
    const metrics = (await (await bureau.person(null)).ask('GET', '!/metrics')).body.toString()
    assert.match(metrics, /^kaigong_jobs_failed_total 1$/m)
    assert.match(bureau.log, /"event":"app.job_failed"/)
  })

  test('is tried again by the section head, and only by her, once for one key', async () => {
    const [school, leader, head] = await Promise.all(['school', 'leader', 'head'].map((one) => bureau.person(one)))
    const { rows } = await leader.must('GET', '/inbox?view=done')
    const id = rows[0].application_id
    const incidentOf = async (person) => (await person.must('GET', `/applications/${id}/progress`)).waiting_for.find((one) => one.kind === 'incident')
    const { incident } = await incidentOf(head)
    const path = `/applications/${id}/incidents/${incident}/resolution`
    for (const person of [school, leader]) assert.equal((await person.ask('POST', path, { json: { variables: {}, reason: '已改好设置' }, key: true })).status, 403)
    const forged = await head.ask('POST', path, { json: { variables: { decide_outcome: 'refuse' }, reason: '已改好设置' }, key: true })
    assert.deepEqual([forged.status, forged.json.reason], [422, 'approval.variable_protected'])
    const unexplained = await head.ask('POST', path, { json: { variables: {}, reason: '' }, key: true })
    assert.deepEqual([unexplained.status, unexplained.json.fields.map((one) => one.field)], [422, ['reason']])
    const key = randomUUID()
    const send = () => head.ask('POST', path, { json: { variables: {}, reason: '已改好设置' }, key })
    assert.equal((await send()).status, 200)
    assert.equal((await send()).status, 200)
    assert.equal((await head.ask('POST', path, { json: { variables: {}, reason: '已改好设置' }, key: true })).json.reason, 'bpmn.incident_not_open')
    await waitFor('再次看到问题（模板仍然没有）', async () => {
      const again = await incidentOf(head)
      return again && again.incident !== incident ? again : null
    }, { deadlineMs: 60_000 })
    const { entries } = await head.must('GET', `/applications/${id}/audit`)
    assert.equal(entries.filter((one) => one.act === 'approval.resolve_incident').length, 1)
  })
})
