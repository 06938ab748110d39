// The few cases from which many are made: played over HTTP by the demo's actors, so that the server itself wrote every row.
import { join } from 'node:path'
import { perform } from '../../tools/demo/acts.mjs'
import { DemoClock } from '../../tools/demo/clock.mjs'
import { readPackage } from '../../tools/demo/package_reader.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { root } from './places.mjs'

/** The issued patterns begin on the one day; those under way on the other, so late in a week that three days before are of the same week. */
export const kIssuedFrom = '2026-11-09T08:55:00+08:00'
export const kOpenFrom = '2026-11-20T09:00:00+08:00'
/** When the measured bureaus open: nothing of what is under way is overdue yet. */
export const kMeasuredFrom = '2026-11-20T16:00:00+08:00'

const kDeclarations = { truth: true, not_split: true }
const kSchool = join(root, 'catalog/construction-permit/cases/school')

export const nightForm = (region, number) => ({
  works: { works_name: `夜间浇筑工程 ${number} 号`, works_address: `杭州市示例路 ${number} 号`, region_code: region },
  night: { work_on: '2026-12-20', reason: '混凝土必须连续浇筑。' },
})

/** A draft of the small matter that could be filed as it is; gives id and version. */
export async function draftNight(owner, region, number) {
  const draft = await owner.call('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
  const saved = await owner.call('PUT', `/applications/${draft.application_id}/form`, { json: { form: nightForm(region, number) }, version: draft.version })
  return { id: draft.application_id, version: saved.version }
}

export const submissionBody = () => ({ declarations: kDeclarations, remarks: [], answers: [] })

/** Until nothing of the case is under way but people's work. */
async function settled(owner, id) {
  return waitFor('后台作业完成', async () => {
    const progress = await owner.get(`/applications/${id}/progress`).catch((refusal) => {
      if (refusal.status === 404) return null
      throw refusal
    })
    if (!progress) return null
    const incident = progress.waiting_for.find((one) => one.kind === 'incident')
    if (incident) throw new Error(`the process stands still: ${incident.name}`)
    return progress.waiting_for.some((one) => one.kind === 'job') ? null : progress
  })
}

class Office {
  #clients = new Map()

  constructor(bureau) {
    this.bureau = bureau
    this.clock = new DemoClock(bureau.client(null))
    this.owner = this.client('school')
  }

  client(account) {
    if (!this.#clients.has(account)) this.#clients.set(account, this.bureau.client(account))
    return this.#clients.get(account)
  }

  async night(number, acts) {
    const { id, version } = await draftNight(this.owner, '330106', number)
    await this.owner.call('POST', `/applications/${id}/submission`, { json: submissionBody(), key: true, version })
    await settled(this.owner, id)
    for (const [account, outcome] of acts) {
      const officer = this.client(account)
      const { rows } = await officer.get('/inbox?view=todo&limit=100')
      const row = rows.find((one) => one.application_id === id)
      await officer.call('POST', `/tasks/${row.task_id}/completion`, { json: { outcome, opinion: '同意', checklist: [], points: [] }, key: true, version: row.version })
      await settled(this.owner, id)
    }
    return id
  }

  /** Takes the first open task of a case that waits for this officer, and leaves it with him. */
  async claim(account, id) {
    const officer = this.client(account)
    const { rows } = await officer.get('/inbox?view=todo&limit=100')
    const row = rows.find((one) => one.application_id === id)
    await officer.call('POST', `/tasks/${row.task_id}/claim`, { key: true, version: row.version })
    return id
  }

  /** The school's package up to and with the act `last`; `moveClock` false: all on one day. */
  async school(last, moveClock) {
    const pack = readPackage(kSchool)
    const application = { account: pack.account, form: structuredClone(pack.form), materials: pack.materials, commitments: pack.commitments ?? [], id: null, number: null, states: [], documents: [], points: 0 }
    for (const step of pack.steps) {
      if (moveClock) await this.clock.advance(step.after)
      await Promise.all([step.actor].flat().map((actor) => perform({ pack, application, owner: this.owner, act: step.act, input: step.input, client: this.client(actor) })))
      await settled(this.owner, application.id)
      if (step.act === last) break
    }
    return application.id
  }
}

/** One case of the small matter, filed and waiting. */
export const playWaiting = (bureau) => new Office(bureau).night(2, [])

/** Plays all patterns; gives their ids with weights: how often each comes in a cycle. */
export async function playPatterns(bureau) {
  const office = new Office(bureau)
  const issued = [
    { application_id: await office.night(1, [['clerk', 'accept'], ['leader', 'grant']]), weight: 49 },
    { application_id: await office.school('deliver', true), weight: 1 },
  ]
  // Nobody took them in hand, or somebody did and left them: overdue when the measured bureaus open.
  const late = [
    { application_id: await office.night(4, []), weight: 1 },
    { application_id: await office.claim('clerk', await office.night(5, [])), weight: 1 },
  ]
  await office.clock.start(Date.parse(kOpenFrom))
  const accepted = await office.school('accept', false)
  await office.claim('fire', accepted)
  const open = [
    ...late,
    { application_id: await office.night(2, []), weight: 5 },
    { application_id: await office.claim('clerk', await office.night(6, [])), weight: 1 },
    { application_id: await office.night(3, [['clerk', 'accept']]), weight: 5 },
    { application_id: await office.claim('leader', await office.night(7, [['clerk', 'accept']])), weight: 1 },
    { application_id: await office.school('submit', false), weight: 1 },
    { application_id: await office.school('accept', false), weight: 1 },
    { application_id: accepted, weight: 1 },
  ]
  return { issued, open }
}
