// Two processes of one installation on one MariaDB, as a city runs them: whatever two people, or one person twice, ask of
// both at once, one wins and the other is told who did what; what is repeated changes nothing; what the program does by
// itself happens once; one learns at once of what happened at the other, and goes on when that is killed.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { Listener } from './listener.mjs'
import { mariadbMissing, startMariadb } from './mariadb.mjs'
import { complete, fileNight, inboxRows, inParallel, packageOf, playUntil } from './stories.mjs'

const kRaces = 12

describe('two processes on one MariaDB', { skip: missing || mariadbMissing }, () => {
  let mariadb, left, right, school
  // The same people at both: signed in once, with one session.
  const at = { left: {}, right: {} }
  const listeners = []

  before(async () => {
    mariadb = await startMariadb()
    left = await Bureau.start({ database: mariadb.url })
    right = await Bureau.start({ database: mariadb.url, beside: left })
    for (const name of ['school', 'clerk', 'clerk2', 'leader', 'leader2', 'head', 'fire', 'fire2']) {
      at.left[name] = await left.person(name)
      at.right[name] = right.visitor(at.left[name])
    }
    school = at.left.school
  })
  after(async () => {
    listeners.forEach((one) => one.close())
    await right?.stop()
    await left?.stop()
    await mariadb?.stop()
  })

  let number = 0
  /** Rows of new cases that wait for the window. */
  async function newCases(count) {
    const ids = new Set(await inParallel(Array.from({ length: count }, () => ++number), 6, (one) => fileNight(one % 2 ? school : at.right.school, '330106', one)))
    return inboxRows(at.left.clerk, count, (row) => ids.has(row.application_id))
  }
  const claim = (person, row) => person.ask('POST', `/tasks/${row.task_id}/claim`, { version: row.version })
  const nameOf = (person) => person.session.account.display_name
  /** Exactly one was done; gives the replies of who won and who lost. */
  function oneOf(replies) {
    const won = replies.filter((one) => one.status === 200)
    const lost = replies.filter((one) => one.status !== 200)
    assert.deepEqual([won.length, lost.length], [1, 1], replies.map((one) => `${one.status} ${one.body}`).join('\n'))
    assert.ok([409, 412].includes(lost[0].status), String(lost[0].body))
    return { won: won[0], lost: lost[0], first: replies[0] === won[0] }
  }

  test('of two who claim one task at once one has it, and the other is told who', async () => {
    const firsts = await inParallel(await newCases(kRaces), 4, async (row) => {
      const { lost, first } = oneOf(await Promise.all([claim(at.left.clerk, row), claim(at.right.clerk2, row)]))
      assert.equal(lost.json.reason, 'approval.task_held_by_other')
      assert.match(lost.json.detail, new RegExp(nameOf(first ? at.left.clerk : at.right.clerk2)))
      const task = await at.right.head.must('GET', `/tasks/${row.task_id}`)
      assert.deepEqual(task.acts.map((act) => act.act), ['claim'])
      return first
    })
    assert.equal(firsts.length, kRaces)
  })

  test('of two handovers at once one counts, and the other is told to whom it went', async () => {
    await inParallel(await newCases(kRaces), 4, async (row) => {
      const held = (await claim(at.left.clerk, row)).json
      const give = (person, key) => person.ask('POST', `/tasks/${row.task_id}/transfer`, { json: { to: at.left.clerk2.session.account.account_id, reason: '请办理' }, key, version: held.version })
      const release = (person) => person.ask('POST', `/tasks/${row.task_id}/release`, { version: held.version })
      const { lost, first } = oneOf(await Promise.all([give(at.left.clerk, true), release(at.right.clerk)]))
      if (first) assert.match(lost.json.detail, new RegExp(nameOf(at.left.clerk2)))
      else assert.match(lost.json.detail, new RegExp(`${nameOf(at.left.clerk)}.*放回|先领取`))
    })
  })

  test('of two decisions at once one counts, and the other is told which', async () => {
    await inParallel(await newCases(kRaces), 4, async (row) => {
      const { won, lost } = oneOf(await Promise.all([complete(at.left.clerk, row, 'accept', { opinion: '甲' }), complete(at.right.clerk2, row, 'accept', { opinion: '乙' })]))
      assert.equal(lost.json.reason, 'approval.task_not_open')
      assert.match(lost.json.detail, new RegExp(`${won.json.actor_name}办结：${won.json.outcome_label}`))
      const { tasks } = await at.left.head.must('GET', `/applications/${row.application_id}/tasks`)
      assert.deepEqual(tasks.map((one) => [one.state, one.opinion]).sort(), [['completed', won.json.opinion], ['open', null]])
    })
  })

  test('one request sent to both, at once and again, is done once and gives one answer', async () => {
    await inParallel(await newCases(kRaces), 4, async (row) => {
      const key = randomUUID()
      const send = (person) => complete(person, row, 'accept', {}, key)
      const replies = [...(await Promise.all([send(at.left.clerk), send(at.right.clerk)])), await send(at.right.clerk), await send(at.left.clerk)]
      for (const reply of replies) assert.equal(reply.status, 200, String(reply.body))
      for (const reply of replies) assert.deepEqual(reply.json, replies[0].json)
      assert.equal((await complete(at.right.clerk, row, 'accept', { opinion: '另一个意见' }, key)).status, 409)
      assert.deepEqual(replies[0].json.acts.map((act) => act.act), ['complete'])
    })
  })

  test('a page that is behind can not act at the other process, and is told what came', async () => {
    const [row] = await newCases(1)
    const held = (await claim(at.left.clerk, row)).json
    const stale = await complete(at.right.clerk, row, 'accept')
    assert.deepEqual([stale.status, stale.json.reason], [412, 'db.version_is_stale'])
    assert.match(stale.json.detail, new RegExp(`${nameOf(at.left.clerk)}.*领取了`))
    assert.equal((await complete(at.right.clerk, held, 'accept')).status, 200)
  })

  test('what happened at one reaches pages that are open at the other within two seconds', async () => {
    const [row] = await newCases(1)
    const [list, page] = ['/inbox/live', `/applications/${row.application_id}/live`].map((path) => new Listener(at.right.clerk2, path))
    listeners.push(list, page)
    await Promise.all([list.next('here'), page.next('here')])
    const begun = Date.now()
    await claim(at.left.clerk, row)
    const told = await page.next('changed')
    await list.next('changed')
    assert.ok(Date.now() - begun < 2_000, `${Date.now() - begun} ms`)
    assert.deepEqual(told.data.acts.map((act) => act.act), ['claim'])
  })

  test('a case is sent back or goes on, not both', async () => {
    const open = await playUntil(left, packageOf('school'), 'recheck')
    const rowOf = async (person, kind) => (await inboxRows(person, 1, (row) => row.application_id === open.id && row.kind === kind))[0]
    for (let round = 0; round < 3; round++) {
      const row = await rowOf(at.left.head, 'recheck')
      const back = at.left.head.ask('POST', `/tasks/${row.task_id}/return`, { json: { target: 'review_fire', onward: 'straight', reason: '请复核疏散距离' }, key: true, version: row.version })
      const { won, lost } = oneOf(await Promise.all(round % 2 ? [complete(at.right.head, row, 'pass'), back] : [back, complete(at.right.head, row, 'pass')]))
      assert.match(lost.json.detail, new RegExp(`${nameOf(at.left.head)}.*办结：${won.json.outcome_label}`))
      const { tasks } = await at.right.head.must('GET', `/applications/${open.id}/tasks`)
      const waiting = tasks.filter((one) => one.state === 'open')
      assert.equal(waiting.length, 1)
      if (waiting[0].kind !== 'review') return
      assert.equal((await complete(at.right.fire, await rowOf(at.right.fire, 'review'), 'agree')).status, 200)
    }
  })

  test('what the program does by itself it does once', async () => {
    const opened = []
    for (const bureau of [left, right]) opened.push(await playUntil(bureau, packageOf('school'), 'accept'))
    const forward = (bureau) => bureau.ask('POST', '/api/v1/demo/clock', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ advance_working_days: 6, at: '09:00' }) })
    await Promise.all([forward(left), forward(right)])
    for (const { id } of opened) {
      const letters = await waitFor('受理通知书', async () => {
        const found = (await school.must('GET', `/applications/${id}/letters`)).letters.filter((one) => one.letter_kind === 'acceptance_notice')
        return found.length ? found : null
      }, { deadlineMs: 60_000 })
      const { timeline, state } = await at.right.head.must('GET', `/applications/${id}/progress`)
      assert.equal(state, 'accepted')
      assert.equal(timeline.filter((one) => one.kind === 'accept_by_default').length, 1)
      assert.equal(letters.length, 1)
      const pdf = await at.right.school.ask('GET', `/letters/${letters[0].letter_id}/content`)
      assert.equal(pdf.body.subarray(0, 5).toString('latin1'), '%PDF-')
    }
    const runs = await waitFor('夜间自查', async () => {
      const { checks } = await at.left.head.must('GET', '/oversight/self-checks')
      return checks.length && checks.every((one) => one.state !== 'running') ? checks : null
    }, { deadlineMs: 30_000 })
    assert.equal(new Set(runs.map((one) => new Date(one.started_at_ms + 8 * 3_600_000).toISOString().slice(0, 10))).size, runs.length)
    const [mine, again] = await Promise.all([at.left.head, at.right.head].map((head) => head.ask('POST', '/oversight/self-checks', { key: true })))
    const statuses = [mine.status, again.status].sort()
    assert.ok(statuses.every((status) => [200, 409].includes(status)), statuses.join())
  })

  test('when one is killed the other goes on with everything', async () => {
    // A demo's clock is each process's own; machines of one installation share the time, or a decision would come before its filing.
    const { now_ms: now } = await at.left.school.must('GET', '/demo/clock')
    if ((await at.right.school.must('GET', '/demo/clock')).now_ms < now) await at.right.school.must('POST', '/demo/clock', { json: { advance_to_ms: now } })
    const rows = await newCases(6)
    const accepted = rows.map((row, place) => complete(place % 2 ? at.left.clerk : at.right.clerk, row, 'accept').catch(() => null))
    await left.kill()
    await Promise.all(accepted)
    await inParallel(rows, 3, async (row) => {
      const task = await at.right.clerk.must('GET', `/tasks/${row.task_id}`)
      if (task.state === 'open') assert.equal((await complete(at.right.clerk, task, 'accept')).status, 200)
    })
    const decisions = await inboxRows(at.right.leader, rows.length, (one) => rows.some((row) => row.application_id === one.application_id))
    await inParallel(decisions, 3, async (row) => assert.equal((await complete(at.right.leader, row, 'grant')).status, 200))
    const numbers = await inParallel(rows, 3, (row) => waitFor('证照公布', async () => {
      const { permit_number: found } = await at.right.school.must('GET', `/applications/${row.application_id}/progress`)
      return found && (await at.right.school.ask('GET', `/public/permits/${found}`)).status === 200 ? found : null
    }, { deadlineMs: 60_000 }))
    assert.equal(new Set(numbers).size, rows.length)
  })
})
