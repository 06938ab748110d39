// Rules that an official owns, over HTTP: a threshold is changed, an example added, one seen to fail and mended, tried on
// filed cases, published by a second person for a later day. Cases begun before keep their rule, those after get the new one.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { missing, routes } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { fileNight, kDeclarations, nightForm } from './stories.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'

const kPackage = '/rule-packages/night-construction'
const kDraft = `${kPackage}/draft`
const kMonday = '2026-11-30'
const kCases = 12

describe('rules that an official owns', { skip: missing }, () => {
  let bureau, rules, legal, school, begunBefore

  before(async () => {
    bureau = await Bureau.start({ clockStart: '2026-11-27T09:00:00+08:00' })
    rules = await bureau.person('rules')
    legal = await bureau.person('legal')
    school = await bureau.person('school')
    for (let i = 0; i < kCases; i++) await fileNight(school, '330106', i)
    begunBefore = await draftOf('连续浇筑不能停')
  })
  after(() => bureau?.stop())

  const findingOf = async (id, rule) => (await school.must('GET', `/applications/${id}`)).findings.find((one) => one.rule === rule)
  const draftOf = async (reason) => {
    const made = await school.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
    const form = nightForm('330106', 99)
    form.night.reason = reason
    await school.must('PUT', `/applications/${made.application_id}/form`, { json: { form }, version: made.version })
    return made.application_id
  }
  const withLength = (dmn, length) => dmn.replace(/length\(night\.reason\) &lt; \d+/, `length(night.reason) &lt; ${length}`)
  const save = (draft, more) => rules.must('PUT', kDraft, { json: { dmn: draft.dmn, tests: draft.tests, note: '', ...more }, version: draft.version })

  test('others do not reach any of it', async () => {
    const all = routes().routes.filter((route) => route.path.includes('/rule-packages'))
    assert.equal(all.length, 16)
    for (const name of ['school', 'clerk', 'leader', 'admin', 'audit']) {
      const person = await bureau.person(name)
      for (const route of all) {
        const path = route.path.replace('{matter_code}', 'night-construction').replace('{catalog_version}', 'x').replace('{preview_id}', randomUUID())
        const json = { '/draft': route.method === 'PUT' ? { dmn: '<a/>', tests: [], note: '' } : {}, '/submission': { effective_from_on: kMonday, note: '' }, '/return': { reason: '改' }, '/withdrawal': { reason: '改' }, '/publication': {} }
        const body = route.method === 'GET' ? undefined : (json[Object.keys(json).find((end) => path.endsWith(end))] ?? {})
        const reply = await person.ask(route.method, path, { json: body, key: route.idempotency_key, version: route.if_match ? 1 : undefined })
        assert.equal(reply.status, 403, `${name} ${route.method} ${route.path}: ${reply.body}`)
        assert.equal(reply.json.reason, 'authz.not_permitted')
      }
    }
  })

  test('a threshold is changed, an example fails, is mended, and the draft tried on filed cases', async () => {
    let draft = await rules.must('POST', kDraft, { json: { from_version: null }, key: true })
    draft = await save({ ...draft, dmn: withLength(draft.dmn, 8) }, { tests: [...draft.tests, { rule: 'N-102', expect: 'pass', given: { night: { reason: '连续浇筑不能停' } }, why: '七个字' }] })
    let check = await rules.must('GET', `${kDraft}/check`)
    const [wrong] = check.tests.results.filter((one) => !one.ok)
    assert.equal(wrong.index, draft.tests.length - 1)
    assert.equal(wrong.outcome_in_force, 'pass')
    assert.equal(wrong.outcome, 'fail')
    assert.match(wrong.message, /期望“通过”，得出“不通过”/)
    const line = wrong.explanation.find((one) => one.part === 'fails')
    assert.equal(line.value_text, 'true')
    assert.ok(line.reads.some((read) => read.path === 'night.reason' && read.value_text === '"连续浇筑不能停"'), JSON.stringify(line))
    assert.deepEqual(check.blockers.map((one) => one.code), ['tests_failed'])
    assert.equal(check.difference.length, 1)
    assert.match(check.difference[0].text, /第 2 行（N-102）.*由 .*6.* 改为 .*8/)
    const blocked = await rules.ask('POST', `${kDraft}/submission`, { json: { effective_from_on: kMonday, note: '' }, key: true, version: draft.version })
    assert.equal(blocked.json.reason, 'catalog.draft_has_blockers')
    draft = await save({ ...draft, tests: draft.tests.map((one) => (one.why === '七个字' ? { ...one, expect: 'fail' } : one)) }, { note: '理由至少八个字' })
    check = await rules.must('GET', `${kDraft}/check`)
    assert.deepEqual(check.blockers, [])
    const { preview_id: id } = await rules.must('POST', `${kDraft}/previews`, { key: true })
    const preview = await waitFor('预演完成', async () => {
      const seen = await rules.must('GET', `${kPackage}/previews/${id}`)
      return seen.state === 'running' ? null : seen
    })
    assert.equal(preview.state, 'done')
    assert.equal(preview.done, kCases)
    // All were filed with 「混凝土必须连续浇筑。」, ten characters.
    assert.equal(preview.changed_results, 0)
    const other = await save({ ...draft, dmn: withLength(draft.dmn, 12) })
    const second = await rules.must('POST', `${kDraft}/previews`, { key: true })
    const changed = await waitFor('预演完成', async () => {
      const seen = await rules.must('GET', `${kPackage}/previews/${second.preview_id}`)
      return seen.state === 'running' ? null : seen
    })
    assert.deepEqual(changed.by_rule.map(({ rule, before: was, after: is, count }) => ({ rule, was, is, count })), [{ rule: 'N-102', was: 'pass', is: 'fail', count: kCases }])
    assert.equal(changed.changed_applications, kCases)
    assert.equal((await rules.must('GET', `${kPackage}/previews/${id}`)).state, 'replaced')
    const listed = []
    let cursor = null
    do {
      const page = await rules.must('GET', `${kPackage}/previews/${second.preview_id}/changes?${new URLSearchParams({ limit: '5', ...(cursor ? { cursor } : {}) })}`)
      listed.push(...page.changes)
      cursor = page.next_cursor
    } while (cursor)
    assert.equal(new Set(listed.map((one) => one.application_id)).size, kCases)
    await save({ ...other, dmn: draft.dmn }, { note: '理由至少八个字' })
  })

  test('the same person does not publish; another does, from Monday on', async () => {
    const draft = await rules.must('GET', kDraft)
    const waiting = await rules.must('POST', `${kDraft}/submission`, { json: { effective_from_on: kMonday, note: '' }, key: true, version: draft.version })
    assert.equal(waiting.may_publish, false)
    const publish = (person, key = true) => person.ask('POST', `${kDraft}/publication`, { json: {}, key, version: waiting.version })
    assert.equal((await publish(rules)).json.reason, 'catalog.same_person')
    assert.equal((await legal.must('GET', kDraft)).may_publish, true)
    const key = randomUUID()
    const published = await publish(legal, key)
    assert.equal(published.status, 200, published.body.toString())
    assert.equal(published.json.state, 'waiting')
    assert.equal(published.json.edited_by_name, '陈可（行政审批科）')
    assert.equal(published.json.published_by_name, '沈砚（法规科）')
    assert.deepEqual((await publish(legal, key)).json, published.json)
    assert.equal((await rules.ask('GET', kDraft)).json.reason, 'catalog.no_draft')
    const whole = await rules.must('GET', kPackage)
    assert.equal(whole.in_force.origin, 'folder')
    assert.equal(whole.versions[0].catalog_version, published.json.catalog_version)
  })

  test('what was begun before Monday keeps its rule, what is begun on it has the new one', async () => {
    const friday = await draftOf('连续浇筑不能停')
    assert.equal(await findingOf(friday, 'N-102'), undefined)
    const anybody = await bureau.person(null)
    await anybody.must('POST', '/demo/clock', { json: { advance_to_ms: Date.parse(`${kMonday}T09:00:00+08:00`) } })
    const monday = await draftOf('连续浇筑不能停')
    const finding = await findingOf(monday, 'N-102')
    assert.equal(finding.outcome, 'fail')
    assert.equal(finding.explanation.length, 1)
    assert.equal(finding.explanation[0].part, 'fails')
    for (const id of [friday, begunBefore]) assert.equal(await findingOf(id, 'N-102'), undefined)
    assert.equal((await rules.must('GET', kPackage)).in_force.origin, 'office')
    // It can be filed under its own rule still.
    const { version } = await school.must('GET', `/applications/${begunBefore}`)
    await school.must('POST', `/applications/${begunBefore}/submission`, { json: { declarations: kDeclarations, remarks: [], answers: [] }, key: true, version })
  })

  test('an earlier version comes back by the same two persons', async () => {
    const { versions, in_force: now } = await rules.must('GET', kPackage)
    const earlier = versions.find((one) => one.origin === 'folder')
    const draft = await legal.must('POST', kDraft, { json: { from_version: earlier.catalog_version }, key: true })
    const waiting = await legal.must('POST', `${kDraft}/submission`, { json: { effective_from_on: kMonday, note: '恢复原规则' }, key: true, version: draft.version })
    const back = await rules.must('POST', `${kDraft}/publication`, { json: {}, key: true, version: waiting.version })
    assert.equal(back.state, 'in_force')
    assert.equal(await findingOf(await draftOf('连续浇筑不能停'), 'N-102'), undefined)
    const seen = (await rules.must('GET', kPackage)).versions
    assert.equal(seen.find((one) => one.catalog_version === now.catalog_version).state, 'past')
    const withdrawn = await rules.ask('POST', `${kPackage}/versions/${back.catalog_version}/withdrawal`, { json: { reason: '试一试' }, key: true })
    assert.equal(withdrawn.json.reason, 'catalog.version_in_force')
  })

  test('the whole construction permit is checked within its time, and its examples all hold', async () => {
    const draft = await rules.must('POST', '/rule-packages/construction-permit/draft', { json: {}, key: true })
    const check = await rules.must('GET', '/rule-packages/construction-permit/draft/check')
    assert.equal(check.tests.passed, draft.tests.length)
    assert.ok(draft.tests.length > 300)
    assert.deepEqual(check.difference, [])
    assert.deepEqual(check.blockers.map((one) => one.code), ['nothing_changed'])
    assert.deepEqual(check.problems.filter((one) => one.severity === 'error'), [])
  })
})
