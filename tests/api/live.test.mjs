// An open page learns what others do: two officers on one case, coming back after a break, many pages at once, and who is not told.
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { inboxRows, packageOf, playUntil } from './stories.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'

/** The events of one stream as they come. */
class Listener {
  constructor(person, path, lastId = '') {
    this.events = []
    this.ended = false
    const headers = { cookie: person.cookie, ...(lastId ? { 'last-event-id': lastId } : {}) }
    this.request = request({ host: '127.0.0.1', port: person.bureau.port, path: `/api/v1${path}`, headers, agent: false })
    this.request.on('error', () => (this.ended = true))
    this.request.on('response', (response) => {
      this.status = response.statusCode
      let text = ''
      response.setEncoding('utf8')
      response.on('error', () => (this.ended = true))
      response.on('end', () => (this.ended = true))
      response.on('data', (chunk) => {
        text += chunk
        for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) this.#take(text.slice(0, end))
      })
    })
    this.request.end()
  }

  #take(block) {
    const fields = Object.fromEntries(block.split('\n').filter((line) => !line.startsWith(':')).map((line) => line.split(/: (.*)/s).slice(0, 2)))
    if (fields.event) this.events.push({ id: fields.id, name: fields.event, data: JSON.parse(fields.data) })
  }

  next(name, fits = () => true) {
    return waitFor(`${name} 到达`, async () => this.events.find((one) => one.name === name && fits(one.data)) ?? null, { deadlineMs: 10_000 })
  }

  close() {
    this.request.destroy()
  }
}

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
