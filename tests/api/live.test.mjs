// An open page learns what others do: two officers on one case, coming back after a break, many pages at once, and who is not told.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { Listener } from './listener.mjs'
import { complete, fileNight, inboxRows, packageOf, playUntil } from './stories.mjs'
import { officeDate } from '../../tools/demo/clock.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'

describe('a case that somebody looks at', { skip: missing }, () => {
  let bureau, unwatch, open, fire, housing
  const listeners = []

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    open = await playUntil(bureau, packageOf('school'), 'review')
    fire = await bureau.person('fire')
    housing = await bureau.person('housing')
  })
  after(async () => {
    unwatch?.()
    listeners.forEach((one) => one.close())
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const listen = (person, lastId) => {
    const listener = new Listener(person, `/applications/${open.id}/live`, lastId)
    listeners.push(listener)
    return listener
  }
  const rowOf = async (person) => (await inboxRows(person, 1, (row) => row.application_id === open.id))[0]

  test('tells the other officer who did what, and the one who did it that it was his', async () => {
    const [hers, his] = [listen(housing), listen(fire)]
    await Promise.all([hers.next('here'), his.next('here')])
    const row = await rowOf(fire)
    const claimed = await fire.must('POST', `/tasks/${row.task_id}/claim`, { version: row.version })
    const told = await hers.next('changed')
    const [act] = told.data.acts
    assert.deepEqual([act.act, act.task_name, act.mine], ['claim', claimed.name, false])
    assert.match(act.actor_name, /\S/)
    assert.equal(told.data.tasks.find((one) => one.task_id === row.task_id).version, claimed.version)
    assert.equal((await his.next('changed')).data.acts[0].mine, true)
  })

  test('who comes back is told what he missed', async () => {
    const first = listen(housing)
    const here = await first.next('here')
    first.close()
    const row = await rowOf(fire)
    await fire.must('POST', `/tasks/${row.task_id}/release`, { version: (await fire.must('GET', `/tasks/${row.task_id}`)).version })
    const again = listen(housing, here.id)
    const told = await again.next('changed')
    assert.deepEqual(told.data.acts.map((one) => one.act), ['release'])
    const nonsense = listen(housing, 'x-y-z')
    await nonsense.next('here')
  })

  test('two hundred open pages leave the server as quick as it was', async () => {
    const names = ['housing2', 'housing3', 'fire2', 'fire_head', 'clerk', 'clerk2', 'head', 'leader', 'civil_defence', 'planning', 'quality']
    const people = await Promise.all(names.map((name) => bureau.person(name)))
    const many = people.flatMap((person) => Array.from({ length: 19 }, () => listen(person))).slice(0, 200)
    await Promise.all(many.map((one) => one.next('here')))
    const begun = Date.now()
    await Promise.all(Array.from({ length: 20 }, () => fire.must('GET', `/applications/${open.id}/progress`)))
    assert.ok(Date.now() - begun < 10_000, `${Date.now() - begun} ms for twenty ordinary requests`)
    many.forEach((one) => one.close())
  })

  test('a person has a bounded number of pages', async () => {
    const quality = await bureau.person('quality')
    const many = Array.from({ length: 24 }, () => listen(quality))
    await waitFor('答复', async () => many.every((one) => one.status) || null, { deadlineMs: 20_000 })
    assert.ok(many.filter((one) => one.status === 429).length >= 4)
    many.forEach((one) => one.close())
  })

  test('is between officers who may read it', async () => {
    for (const name of ['school', 'estate', 'fire_gongshu']) assert.equal((await (await bureau.person(name)).ask('GET', `/applications/${open.id}/live`)).status, 404, name)
    assert.equal((await (await bureau.person(null)).ask('GET', `/applications/${open.id}/live`)).status, 401)
  })
})

describe('an open list of tasks', { skip: missing }, () => {
  let bureau, school, clerk, clerk2
  const listeners = []

  before(async () => {
    bureau = await Bureau.start()
    school = await bureau.person('school')
    clerk = await bureau.person('clerk')
    clerk2 = await bureau.person('clerk2')
  })
  after(async () => {
    listeners.forEach((one) => one.close())
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const listen = async (person, { view = 'todo', lastId } = {}) => {
    const listener = new Listener(person, `/inbox/live?view=${view}`, lastId)
    listeners.push(listener)
    await waitFor('第一个事件', async () => listener.events[0] ?? null)
    return listener
  }
  /** Until the stream says so once more than it did. */
  const told = (listener) => {
    const before = listener.events.length
    return { within: async () => waitFor('changed', async () => listener.events.slice(before).find((one) => one.name === 'changed') ?? null, { deadlineMs: 10_000 }) }
  }

  test('learns of what comes, is claimed by a colleague and goes, without a word of what it was', async () => {
    const hers = await listen(clerk)
    assert.equal(hers.events[0].name, 'here')
    const elsewhere = await listen(await bureau.person('clerk_gongshu'))
    let next = told(hers)
    const id = await fileNight(school, '330106', 1)
    await next.within()
    const [row] = await inboxRows(clerk2, 1, (one) => one.application_id === id)
    next = told(hers)
    const claimed = await clerk2.must('POST', `/tasks/${row.task_id}/claim`, { version: row.version })
    assert.deepEqual((await next.within()).data, {})
    assert.deepEqual((await inboxRows(clerk, 0, (one) => one.application_id === id)), [])
    next = told(hers)
    await clerk2.must('POST', `/tasks/${row.task_id}/release`, { version: claimed.version })
    await next.within()
    assert.deepEqual(elsewhere.events.map((one) => one.name), ['here'])
  })

  test('who comes back is told whether he missed something', async () => {
    const first = await listen(clerk)
    const { id } = first.events.at(-1)
    first.close()
    assert.equal((await listen(clerk, { lastId: id })).events[0].name, 'here')
    await fileNight(school, '330106', 2)
    await inboxRows(clerk, 2)
    assert.equal((await listen(clerk, { lastId: id })).events[0].name, 'changed')
  })

  test('who stands in learns of the absent officer’s tasks on the stream that he has', async () => {
    const his = await listen(clerk2)
    const [row] = await inboxRows(clerk, 1)
    let next = told(his)
    await clerk.must('POST', `/tasks/${row.task_id}/claim`, { version: row.version })
    await next.within()
    const { now_ms } = await clerk.must('GET', '/demo/clock')
    const today = officeDate(now_ms)
    next = told(his)
    await clerk.must('POST', '/deputyships', { json: { deputy: clerk2.session.account.account_id, from_on: today, through_on: today, reason: '外出' }, key: true })
    await next.within()
    next = told(his)
    const task = await clerk.must('GET', `/tasks/${row.task_id}`)
    // It never waited for his group meanwhile: he learns of it as the deputy.
    assert.equal((await complete(clerk, task, 'accept')).status, 200)
    await next.within()
  })

  test('a person has a bounded number of lists open, and only who works on tasks has any', async () => {
    const leader = await bureau.person('leader')
    const many = Array.from({ length: 24 }, () => new Listener(leader, '/inbox/live'))
    listeners.push(...many)
    await waitFor('答复', async () => many.every((one) => one.status) || null, { deadlineMs: 20_000 })
    assert.equal(many.filter((one) => one.status === 429).length, 4)
    for (const name of ['school', 'admin', 'audit']) assert.equal((await (await bureau.person(name)).ask('GET', '/inbox/live')).status, 403, name)
    assert.equal((await (await bureau.person(null)).ask('GET', '/inbox/live')).status, 401)
    assert.equal((await clerk.ask('GET', '/inbox/live?view=some')).json.reason, 'approval.view_unknown')
  })
})
