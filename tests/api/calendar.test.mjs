// A year's days off are published while cases run: read, tried, published by an administrator, followed by every case.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { kNotice2027 } from './notices.mjs'
import { packageOf, playUntil } from './stories.mjs'

const kPatienceMs = 20_000

/** Asks until the answer is as wanted. */
async function until(ask, isWanted) {
  const end = Date.now() + kPatienceMs
  for (;;) {
    const answer = await ask()
    if (isWanted(answer)) return answer
    assert.ok(Date.now() < end, `still ${JSON.stringify(answer).slice(0, 300)}`)
    await new Promise((go) => setTimeout(go, 100))
  }
}

describe('a calendar year', { skip: missing }, () => {
  let bureau, rules, legal, clerk, school, open, reading

  before(async () => {
    bureau = await Bureau.start({ clockStart: '2026-12-28T08:00:00+08:00' })
    open = await playUntil(bureau, packageOf('school'), 'review')
    rules = await bureau.person('rules')
    legal = await bureau.person('legal')
    clerk = await bureau.person('clerk')
    school = await bureau.person('school')
  })
  after(() => bureau?.stop())

  const progress = () => school.must('GET', `/applications/${open.id}/progress`)
  const year = async (number, person = clerk) => (await person.must('GET', '/calendar')).years.find((one) => one.year === number)

  test('is read by every officer, with its source; one that is not published says so', async () => {
    const published = await year(2026)
    assert.equal(published.working_days, 248)
    assert.match(published.publication.title, /2026年/)
    assert.ok(published.days.some((day) => day.on === '2026-01-04' && day.working && day.name === '调休上班'))
    const next = await year(2027)
    assert.equal(next.publication, null)
    assert.ok(next.days.some((day) => day.on === '2027-02-05' && !day.working))
    assert.equal((await clerk.must('GET', '/calendar')).may_edit, false)
    assert.equal((await clerk.ask('POST', '/calendar/readings', { json: { text: kNotice2027 } })).status, 403)
    assert.equal((await school.ask('GET', '/calendar')).status, 403)
  })

  test('is read from the notice; contradictions are named with their sentence and nothing is kept', async () => {
    const wrong = await rules.must('POST', '/calendar/readings', { json: { text: kNotice2027.replace('5日（周二）', '5日（周一）').replace('共3天', '共4天') } })
    assert.equal(wrong.problems.length, 2)
    assert.match(wrong.problems[0].sentence, /^一、元旦/)
    assert.match(wrong.problems[0].message, /2027年1月5日是周二/)
    reading = await rules.must('POST', '/calendar/readings', { json: { text: kNotice2027 } })
    assert.deepEqual(reading.problems, [])
    assert.equal(reading.replaces, null)
    assert.equal(reading.table.source.document, '国办发明电〔2026〕9号')
    const json = await rules.must('POST', '/calendar/readings', { json: { text: JSON.stringify(reading.table) } })
    assert.deepEqual(json.table, reading.table)
    assert.equal((await year(2027)).publication, null)
  })

  test('shows before publication which cases hang on it and which days would move', async () => {
    const { count, cases } = await rules.must('GET', '/calendar/provisional-cases?limit=10')
    assert.ok(count >= 1 && cases.some((one) => one.application_id === open.id))
    const effect = await rules.must('POST', '/calendar/effects', { json: { table: reading.table } })
    assert.equal(effect.looked_at, effect.running_cases)
    const mine = effect.changes.find((one) => one.application_id === open.id)
    assert.equal(mine.due_on, (await progress()).clock.due_on)
    assert.ok(mine.new_due_on > mine.due_on)
    const old = { ...reading.table, year: 2031 }
    assert.equal((await rules.ask('POST', '/calendar/effects', { json: { table: old } })).status, 422)
  })

  test('is published once, takes effect at once, and every running case follows', async () => {
    const before = await progress()
    assert.equal(before.clock.provisional, true)
    const body = { table: reading.table, replaces: null }
    assert.equal((await rules.ask('POST', '/calendar/years', { json: { ...body, replaces: 99 }, key: true })).json.reason, 'catalog.calendar_replaced')
    const published = await rules.must('POST', '/calendar/years', { json: body, key: true })
    assert.match(published.publication.published_by_name, /^陈可/)
    assert.equal((await legal.ask('POST', '/calendar/years', { json: body, key: true })).json.reason, 'catalog.calendar_replaced')
    assert.equal((await legal.ask('POST', '/calendar/years', { json: { ...body, replaces: published.publication.number }, key: true })).json.reason, 'catalog.calendar_same')
    await until(() => rules.must('GET', '/calendar'), (calendar) => calendar.outdated_cases === 0 && calendar.provisional_cases === 0)
    const now = await until(progress, (one) => one.timeline.some((entry) => entry.kind === 'days_moved'))
    assert.equal(now.clock.provisional, false)
    assert.ok(now.clock.due_on > before.clock.due_on)
    const moved = now.timeline.filter((entry) => entry.kind === 'days_moved')
    assert.equal(moved.length, 1)
    assert.match(moved[0].title, /^截止日由2027年.*改为2027年.*：国务院公布了2027年放假安排$/)
    const fire = await bureau.person('fire')
    const row = (await fire.must('GET', '/inbox?view=todo')).rows.find((one) => one.application_id === open.id)
    assert.equal(row.due_on, now.clock.due_on)
    assert.equal(row.light, now.clock.light)
  })

  test('can be published again; the earlier one stays as its history', async () => {
    const table = { ...reading.table, source: { ...reading.table.source, document: '国办发明电〔2026〕10号' } }
    const { number } = (await year(2027)).publication
    await legal.must('POST', '/calendar/years', { json: { table, replaces: number }, key: true })
    const again = await year(2027)
    assert.equal(again.publication.document, '国办发明电〔2026〕10号')
    assert.deepEqual(again.earlier.map((one) => one.number), [number])
  })

  test('stays published after a restart', async () => {
    await bureau.stop({ keep: true })
    await bureau.reopen({ clockStart: '2026-12-28T08:00:00+08:00' })
    clerk = await bureau.person('clerk')
    assert.equal((await year(2027)).publication.document, '国办发明电〔2026〕10号')
  })
})
