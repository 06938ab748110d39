// 「为什么没动」 on the shipped procedure: what it says of every button is what then really happens, and asking changes nothing.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { complete, inboxRows, packageOf, playUntil } from './stories.mjs'

const kReviewers = ['housing', 'fire', 'civil_defence', 'planning', 'quality']

describe('what stands still', { skip: missing }, () => {
  let bureau, unwatch, open, head
  const people = {}

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    open = await playUntil(bureau, packageOf('school'), 'review')
    for (const name of [...kReviewers, 'clerk', 'head', 'leader', 'school']) people[name] = await bureau.person(name)
    head = people.head
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const at = (path) => `/applications/${open.id}${path}`
  const openNames = async () => (await head.must('GET', at('/tasks'))).tasks.filter((one) => one.state === 'open').map((one) => one.name).sort()
  const rowOf = async (person) => (await inboxRows(person, 1, (row) => row.application_id === open.id))[0]
  const actOf = (standstill, row, code) => standstill.tasks.find((one) => one.task_id === row.task_id).acts.find((one) => one.code === code)
  /** Whose and in which version everything is; the head may read it all. */
  const everything = async () => JSON.stringify([await head.must('GET', at('/tasks')), (await head.must('GET', at('/progress'))).timeline, (await head.must('GET', at('/audit?limit=100'))).entries])

  test('says of each task who has it and since when, in office hours', async () => {
    const row = await rowOf(people.fire)
    const before = await head.must('GET', at('/standstill'))
    const nobody = before.waits_for.find((one) => one.task_id === row.task_id)
    assert.deepEqual([nobody.kind, nobody.holder_name, nobody.role], ['person', null, 'reviewer'])
    assert.ok(nobody.due_on)
    await people.fire.must('POST', `/tasks/${row.task_id}/claim`, { version: row.version })
    const held = (await head.must('GET', at('/standstill'))).waits_for.find((one) => one.task_id === row.task_id)
    assert.match(held.holder_name, /\S/)
    assert.ok(held.since_at_ms >= nobody.since_at_ms && held.worked_ms >= 0)
  })

  test('shows every guard, met or not, and says what the task’s page says', async () => {
    for (const name of ['fire', 'housing', 'head', 'clerk']) {
      const standstill = await people[name].must('GET', at('/standstill'))
      for (const shown of standstill.tasks) {
        const task = await people[name].must('GET', `/tasks/${shown.task_id}`)
        for (const told of [...(task.state === 'open' ? task.outcomes : []), ...task.operations]) {
          const act = shown.acts.find((one) => one.code === told.code)
          assert.ok(act, `${name}: ${told.code}`)
          if (told.blocked_because) assert.ok(act.guards.some((one) => one.because === told.blocked_because), `${name}: ${told.code}`)
          if (act.possible) assert.equal(told.blocked_because, null, `${name}: ${told.code}`)
        }
      }
    }
    const other = actOf(await people.housing.must('GET', at('/standstill')), await rowOf(people.fire), 'agree')
    assert.equal(other.possible, false)
    assert.ok(other.guards.length > 4)
    assert.deepEqual(other.guards.filter((one) => !one.met).map((one) => one.code), ['your_task', 'not_held_by_other'])
  })

  test('changes nothing, whoever asks', async () => {
    const before = await everything()
    for (const person of Object.values(people)) await person.ask('GET', at('/standstill'))
    assert.equal(await everything(), before)
  })

  test('is not the applicant’s to read', async () => {
    assert.equal((await people.school.ask('GET', at('/standstill'))).status, 404)
  })

  test('foresees each step up to the permit', async () => {
    const acts = [...kReviewers.map((name) => [name, 'agree']), ['head', 'pass'], ['leader', 'grant']]
    for (const [name, code] of acts) {
      const person = people[name]
      const row = await rowOf(person)
      const task = await person.must('GET', `/tasks/${row.task_id}`)
      const chosen = task.outcomes.find((one) => one.code === code) ?? task.outcomes[0]
      const act = actOf(await person.must('GET', at('/standstill')), row, chosen.code)
      assert.equal(act.possible, true, JSON.stringify(act.guards))
      const [effect] = act.effects
      const before = await openNames()
      const done = await complete(person, row, chosen.code)
      assert.equal(done.status, 200, done.body.toString('utf8'))
      const foreseen = [...effect.opens, ...effect.still_waits_for].map((one) => one.name).sort()
      assert.deepEqual(await openNames(), foreseen, `${name} ${chosen.code}, before: ${before}`)
      if (name === 'leader') assert.ok(effect.letters.includes('准予行政许可决定书'), effect.letters.join())
    }
  })
})
