// Plays one application package: the story of its steps, then the comparison with what it expects.
import { perform } from './acts.mjs'
import { Client } from './client.mjs'
import { DemoClock } from './clock.mjs'
import { applicationDifferences, outcomeOfState, stepDifferences } from './expectations.mjs'
import { withChanges } from './patch.mjs'
import { checkOriginalNames, fetchLetters, fetchPermit, fetchSubmissions } from './results.mjs'
import { patience, waitFor } from './waiting.mjs'

function newApplication(account, form, part) {
  return { account, form, materials: part.materials, commitments: part.commitments ?? [], id: null, number: null, states: [], documents: [], points: 0 }
}

function applicationsOf(pack) {
  const applications = { main: newApplication(pack.account, pack.form, pack) }
  for (const [key, more] of Object.entries(pack.more_applications ?? {})) applications[key] = newApplication(more.account ?? pack.account, withChanges(pack.form, more.changes), more)
  return applications
}

// News travels inside the bureau: right after filing there may be no progress yet.
async function progressOf(owner, application) {
  return owner.get(`/applications/${application.id}/progress`).catch((refusal) => {
    if (refusal.status === 404) return null
    throw refusal
  })
}

// The server has finished when no job of it is under way; an incident stops the play.
async function settled(owner, application) {
  let seen = '还没有办理记录'
  return waitFor('后台作业完成', async () => {
    const progress = await progressOf(owner, application)
    if (!progress) return null
    const incident = progress.waiting_for.find((w) => w.kind === 'incident')
    if (incident) throw new Error(`流程停在故障上：${incident.name}`)
    seen = progress.waiting_for.map((w) => w.name).join('、')
    return progress.waiting_for.some((w) => w.kind === 'job') ? null : progress
  }, { seen: () => seen })
}

// What a step says must be true soon after it; the differences that are left when it does not become true.
async function differencesAfter(step, owner, application, reply, where) {
  let progress = await settled(owner, application)
  let differences = stepDifferences(step.then, progress, reply, where)
  if (differences.length) {
    await waitFor(where, async () => {
      progress = (await progressOf(owner, application)) ?? progress
      differences = stepDifferences(step.then, progress, reply, where)
      return differences.length ? null : true
    }, { deadlineMs: patience.lateMs }).catch(() => {})
  }
  note(application.states, progress.state)
  return differences
}

// The end that an application comes to; null when it is still under way after a while.
async function endOf(owner, application) {
  let state = null
  const outcome = await waitFor('办结', async () => {
    state = (await owner.get(`/applications/${application.id}`)).state
    return outcomeOfState(state)
  }, { deadlineMs: patience.lateMs }).catch(() => null)
  if (state) note(application.states, state)
  return outcome
}

function note(states, state) {
  if (states.at(-1) !== state) states.push(state)
}

export class Player {
  #clients = new Map()

  constructor({ url, folder, say = () => {} }) {
    this.url = url.replace(/\/$/, '')
    this.folder = folder
    this.say = say
    this.clock = new DemoClock(new Client(this.url))
  }

  client(account) {
    if (!this.#clients.has(account)) this.#clients.set(account, new Client(this.url, account))
    return this.#clients.get(account)
  }

  /** The result in the shape that `demo --json` prints. Throws only when the play may not begin (clock too late, no server). */
  async play(pack) {
    const result = { ok: false, case: pack.name, findings: [], outcome: null, permit_number: null, files: [], verify_url: null, steps: [], differences: [] }
    const applications = applicationsOf(pack)
    await this.clock.start(pack.start_ms)
    for (const [i, step] of pack.steps.entries()) {
      const done = await this.#step(pack, applications, step, `第 ${i + 1} 步（${[step.actor ?? '时钟'].flat().join('、')} ${step.act}）`, result)
      if (!done) break
    }
    for (const [key, application] of Object.entries(applications)) {
      const expect = key === 'main' ? pack.expect : { states: undefined, ...pack.expect.more_applications?.[key] }
      await this.#compare(key, application, expect, result)
    }
    result.ok = result.differences.length === 0
    return result
  }

  async #step(pack, applications, step, where, result) {
    const application = applications[step.application ?? 'main']
    const owner = this.client(application.account)
    const begun = Date.now()
    try {
      await this.clock.advance(step.after)
      const actors = step.act === 'wait' ? [null] : [step.actor].flat()
      const replies = await Promise.all(actors.map((actor) => perform({ pack, application, owner, act: step.act, input: step.input, client: actor ? this.client(actor) : owner, clientOf: (account) => this.client(account) })))
      result.differences.push(...(await differencesAfter(step, owner, application, Object.assign({}, ...replies), where)))
      return true
    } catch (error) {
      result.differences.push(`${where}没有做成：${error.message}`)
      return false
    } finally {
      result.steps.push({ actor: [step.actor ?? 'clock'].flat().join('+'), act: step.act, ms: Date.now() - begun })
      this.say(`  ${result.differences.length ? '✗' : '✓'} ${where} ${Date.now() - begun} 毫秒 → ${application.states.at(-1) ?? '—'}`)
    }
  }

  async #compare(key, application, expect, result) {
    const main = key === 'main'
    const prefix = main ? '' : `申请 ${key}：`
    const { differences, files } = result
    if (!application.id) return differences.push(`${prefix}没有建成申请`)
    const owner = this.client(application.account)
    const shared = { url: this.url, owner, application, folder: this.folder, prefix: main ? '' : `${key}-`, files, differences }
    try {
      const outcome = await endOf(owner, application)
      const permit = outcome === 'issued' ? await fetchPermit(shared) : { number: null, verify_url: null }
      const letters = await fetchLetters({ ...shared, expected: expect.letters?.length ?? 0 })
      const submissions = await fetchSubmissions(shared)
      await checkOriginalNames(shared)
      differences.push(...applicationDifferences(expect, { outcome, letters, submissions, states: application.states, points: application.points, permit_number: permit.number }, prefix))
      if (main) {
        const findings = (submissions.at(-1)?.findings ?? []).map((f) => ({ rule: f.rule, severity: f.severity, outcome: f.outcome, field: f.fields?.[0] ?? null, legal_basis: f.legal_basis }))
        Object.assign(result, { findings, outcome, permit_number: permit.number, verify_url: permit.verify_url })
      }
    } catch (error) {
      differences.push(`${prefix}取结果时出错：${error.message}`)
    }
  }
}
