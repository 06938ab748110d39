// Authorities as a tree over the API: who sees which, what an area's administrator may decide and what not, and that
// running cases keep their promise while they follow local days.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { packageOf, playUntil } from './stories.mjs'

const kMatter = 'construction-permit'
const kHere = '330106'

describe('authorities', { skip: missing }, () => {
  let bureau, unwatch, rules, local, school, anybody, old
  const shown = async (code = kHere, person = rules) => person.must('GET', `/authorities/${code}`)
  const publish = async (settings, { code = kHere, person = local, key = true, replaces } = {}) => person.ask('POST', `/authorities/${code}/publications`, { json: { settings, replaces: replaces ?? (await shown(code)).publication?.number ?? null }, key })
  const refused = (reply, status, reason) => assert.deepEqual([reply.status, reply.json.fields?.[0]?.reason ?? reply.json.reason], [status, reason], reply.body.toString('utf8'))
  const clock = async (application) => (await school.must('GET', `/applications/${application.id}/progress`)).clock
  const promised = (settings) => ({ promised_working_days: { [kMatter]: 2 }, promise_binds_area: false, ...settings })

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    old = await playUntil(bureau, packageOf('school'), 'accept')
    rules = await bureau.person('rules')
    school = await bureau.person('school')
    anybody = await bureau.person(null)
    // Somebody who makes rules for 西湖区 alone.
    const admin = await bureau.person('admin')
    const { account } = (await bureau.person('legal')).session
    const { version } = await admin.must('GET', `/admin/accounts/${account.account_id}`)
    await admin.must('PUT', `/admin/accounts/${account.account_id}`, { json: { display_name: '沈砚', organisation_name: '西湖区', region_code: kHere }, version })
    // Who moves is given his rights anew.
    const moved = await admin.must('GET', `/admin/accounts/${account.account_id}`)
    await (await bureau.person('security')).must('PUT', `/admin/accounts/${account.account_id}/rights`, { json: { roles: account.roles, clearance: 'normal' }, version: moved.version })
    bureau.people.delete('legal')
    local = await bureau.person('legal')
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  test('are seen as a tree by who administers the area, and nothing beyond it', async () => {
    const { authorities } = await rules.must('GET', '/authorities')
    assert.deepEqual(authorities.map((one) => [one.region_code, one.parent]), [['330000', null], ['330100', '330000'], ['330105', '330100'], ['330106', '330100'], ['330108', '330100'], ['330109', '330100']])
    assert.deepEqual(authorities.filter((one) => !one.issues_for.length).map((one) => one.region_code), ['330000', '330100'])
    const mine = await local.must('GET', '/authorities')
    assert.deepEqual(mine.authorities.map((one) => [one.region_code, one.parent]), [[kHere, null]])
    for (const code of ['330100', '330105', '999999']) {
      refused(await local.ask('GET', `/authorities/${code}`), 404, 'authorities.not_found')
      refused(await local.ask('POST', `/authorities/${code}/publications`, { json: { settings: promised(), replaces: null }, key: true }), 404, 'authorities.not_found')
    }
    for (const name of ['clerk', 'leader', 'school']) refused(await (await bureau.person(name)).ask('GET', '/authorities'), 403, 'authz.not_permitted')
    refused(await publish(promised(), { person: await bureau.person('audit'), replaces: 0 }), 403, 'authz.not_permitted')
  })

  test('promise less than the matter, never more, nor more than one above that binds its area', async () => {
    const before = await clock(old)
    assert.equal(before.promised_working_days, 3)
    refused(await publish({ promised_working_days: { [kMatter]: 4 } }), 422, 'catalog.promise_too_long')
    refused(await publish({ promised_working_days: { 'house-painting': 1 } }), 422, 'catalog.promise_matter_unknown')
    refused(await publish({ promised_working_days: { [kMatter]: 0 } }), 422, 'catalog.promise_malformed')
    const key = '01900000-0000-7000-8000-00000000cafe'
    const first = await publish(promised(), { key, replaces: 0 })
    assert.equal(first.status, 201, first.body.toString('utf8'))
    assert.equal((await publish(promised(), { key, replaces: 0 })).status, 201)
    refused(await publish(promised({ promise_binds_area: true }), { replaces: 0 }), 409, 'catalog.settings_replaced')
    refused(await publish(promised()), 409, 'catalog.settings_same')
    const { promises, publication } = await shown()
    assert.deepEqual(promises.filter((one) => one.matter_code === kMatter).map((one) => [one.matter_working_days, one.working_days, /西湖区/.test(one.promised_by_name)]), [[3, 2, true]])
    assert.equal(publication.published_by_name, '沈砚')
    assert.equal((await publish({ promised_working_days: { [kMatter]: 1 }, promise_binds_area: true }, { code: '330100', person: rules })).status, 201)
    refused(await publish(promised({ promise_binds_area: true })), 422, 'catalog.promise_over_superiors')
    assert.equal((await publish({}, { code: '330100', person: rules })).status, 201)
  })

  test('are promised so to everybody, and to whom files from now on; a running case keeps its promise', async () => {
    const { authorities } = await anybody.must('GET', `/matters/${kMatter}`)
    assert.deepEqual(authorities.map((one) => [one.region_code, one.promised_working_days]), [['330105', 3], ['330106', 2], ['330108', 3], ['330109', 2]])
    const guide = (await anybody.ask('GET', `!/guide/${kMatter}`)).body.toString('utf8')
    assert.match(guide, /西湖区住房和城乡建设局（演示）<span class="small">（承诺 2 个工作日）/)
    const fresh = await playUntil(bureau, packageOf('school'), 'accept')
    const [kept, now] = [await clock(old), await clock(fresh)]
    assert.deepEqual([kept.promised_working_days, now.promised_working_days], [3, 2])
    assert.ok(now.promised_due_on < now.due_on)
  })

  test('have days off only by law, and running cases follow them', async () => {
    const { due_on: due } = await clock(old)
    const day = { on: due, name: '本地节日', working: false }
    refused(await publish(promised({ days: [day] })), 422, 'catalog.local_day_without_basis')
    refused(await publish(promised({ days: [{ ...day, working: true }] })), 422, 'catalog.local_day_is_worked')
    refused(await publish(promised({ days: [{ ...day, on: '2026-01-05', document: '杭政〔2026〕1号' }] })), 422, 'catalog.local_day_past')
    const done = await publish(promised({ days: [{ ...day, document: '杭政〔2026〕1号' }] }))
    assert.equal(done.status, 201, done.body.toString('utf8'))
    const progress = await waitFor('时限重新计算', async () => {
      const seen = await school.must('GET', `/applications/${old.id}/progress`)
      return seen.timeline.some((one) => one.title.endsWith('：本地工作日有调整')) ? seen : null
    })
    assert.ok(progress.clock.due_on > due)
    assert.equal(progress.clock.promised_working_days, 3)
  })
})
