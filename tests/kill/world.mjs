// One bureau, the people in it and the ledger of what it acknowledged; a round of work, death, start and examination.
import assert from 'node:assert/strict'
import { checkApplication, checkCase, checkCompletions, checkHandovers, checkNothingTwice, checkPublic, progressOf, repeatUnanswered } from './checks.mjs'
import { Ledger } from './ledger.mjs'
import { MortalBureau } from './bureau.mjs'
import { begin, completeRow, kColleagues, kOwners, kRegions, rowsOf } from './load.mjs'

/** A region numbers 99 permits of a kind a day. */
const kPermitsADay = 99
const kPauseMs = 100

export class World {
  ledger = new Ledger()
  over = false
  works = 0
  #seen = new Set()
  #ended = new Set()
  #filings = new Map()
  #filingsMax = 0

  static async open(options) {
    const world = new World()
    world.bureau = await MortalBureau.open(options)
    const officers = kRegions.flatMap(({ suffix }) => [`clerk${suffix}`, `leader${suffix}`])
    world.people = { owners: await world.#persons(kOwners), officers: await world.#persons(officers), colleagues: await world.#persons(Object.values(kColleagues)), certificates: await world.#persons(kRegions.map(({ suffix }) => `certificates${suffix}`)) }
    return world
  }

  #persons(accounts) {
    return Promise.all(accounts.map((account) => this.bureau.person(account)))
  }

  /** Who takes over what this officer gives away; nobody in the second region. */
  colleagueOf(person) {
    return this.people.colleagues.find((one) => one.account === kColleagues[person.account])
  }

  /** Counts the filing when the day still has a number for it. */
  maySubmit(region) {
    const before = this.#filings.get(region) ?? 0
    if (before >= Math.min(this.#filingsMax, kPermitsADay)) return false
    this.#filings.set(region, before + 1)
    return true
  }

  publicIsRight() {
    return checkPublic(this.bureau, this.#seen)
  }

  /** Everybody works for `ms`; then kill -9 and a start without help. Gives figures of the round. */
  async round(chance, ms, filings) {
    this.over = false
    this.#filingsMax += filings
    const before = this.ledger.acknowledged
    const { surprises, ended } = begin(this, this.people, chance)
    await new Promise((resolve) => setTimeout(resolve, ms))
    this.over = true
    await this.bureau.kill()
    await ended
    assert.equal(surprises.length, 0, [...surprises, 'the server says:', ...this.bureau.complaints()].join('\n'))
    const startMs = await this.bureau.start()
    const acknowledged = this.ledger.acknowledged - before
    const examined = await this.examine().catch((error) => {
      throw new Error(`${error.message}\nthe server says: ${this.bureau.complaints().join('\n')}`, { cause: error })
    })
    return { acknowledged, start_ms: startMs, ...examined }
  }

  /** Everything that was written since the last look, and every case under way. */
  async examine() {
    const repeated = await repeatUnanswered(this.ledger)
    const lately = [...this.ledger.touched]
    for (const id of lately) await checkApplication(this.bureau, this.ledger.of(id))
    await checkCompletions(this.bureau, this.ledger, this.ledger.completedLately)
    await checkHandovers(this.bureau, this.ledger, this.ledger.handedOverLately)
    for (const known of this.ledger.submitted) if (!this.#ended.has(known.id)) await this.#noteEnd(known, await checkCase(this.bureau, known))
    await checkNothingTwice(this.bureau, this.ledger)
    await this.publicIsRight()
    this.ledger.touched.clear()
    this.ledger.completedLately = []
    this.ledger.handedOverLately = []
    assert.deepEqual(this.bureau.complaints(), [])
    return { examined: lately.length, repeated }
  }

  /** Officers do what is left until every filed case has its permit, or the time is over. Gives those that have none. */
  async finish(deadlineMs) {
    const end = Date.now() + deadlineMs
    for (;;) {
      for (const person of [...this.people.colleagues, ...this.people.officers]) for (const row of await rowsOf(person)) await completeRow(this.ledger, person, row)
      const open = await this.#open()
      if (!open.length || Date.now() > end) return open
      await new Promise((resolve) => setTimeout(resolve, kPauseMs))
    }
  }

  async #open() {
    const open = []
    for (const known of this.ledger.submitted) {
      if (this.#ended.has(known.id)) continue
      const progress = await progressOf(this.bureau, known)
      if (!(await this.#noteEnd(known, progress))) open.push({ number: known.submission.number, state: progress?.state ?? 'not opened yet', waiting_for: progress?.waiting_for.map((one) => `${one.kind} ${one.name}`) })
    }
    return open
  }

  /** A case is at its end when nothing is waited for and the public sees its permit. */
  async #noteEnd(known, progress) {
    if (!progress?.permit_number || progress.waiting_for.length > 0) return false
    const shown = await this.bureau.anybody().ask('GET', `/public/permits/${progress.permit_number}`)
    if (shown.status !== 200) return false
    known.permit = progress.permit_number
    this.#ended.add(known.id)
    return true
  }

  /** Looks at all that was ever acknowledged, once more, and at the numbers: one a case, no gap. */
  async examineAll() {
    for (const known of this.ledger.applications.values()) await checkApplication(this.bureau, known)
    await checkCompletions(this.bureau, this.ledger, this.ledger.completions.values())
    await checkHandovers(this.bureau, this.ledger, this.ledger.handovers.values())
    for (const known of this.ledger.submitted) assert.equal((await checkCase(this.bureau, known))?.permit_number, known.permit)
    for (const { region_code: region } of kRegions) {
      const numbers = this.ledger.submitted.filter((one) => one.region === region).map((one) => one.permit).sort()
      assert.deepEqual(numbers.map((one) => Number(one.slice(-2))), numbers.map((_, at) => at + 1), `the serials of ${region} have a gap or come twice: ${numbers}`)
    }
    await this.publicIsRight()
  }
}
