// Cases for tests: a shipped application package played through a part of its steps, and the small matter 夜间施工 for many cases at once.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { root } from './binary.mjs'
import { perform } from '../../tools/demo/acts.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { DemoClock } from '../../tools/demo/clock.mjs'
import { readPackage } from '../../tools/demo/package_reader.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'

export const packageOf = (name) => readPackage(join(root, 'catalog/construction-permit/cases', name))

/** Until nothing of a case is under way but people's work; gives its progress. */
export async function settled(owner, application) {
  return waitFor('后台作业完成', async () => {
    const progress = await owner.get(`/applications/${application.id}/progress`).catch((refusal) => {
      if (refusal.status === 404) return null
      throw refusal
    })
    if (!progress) return null
    const incident = progress.waiting_for.find((w) => w.kind === 'incident')
    if (incident) throw new Error(`the process stands still: ${incident.name}`)
    return progress.waiting_for.some((w) => w.kind === 'job') ? null : progress
  }, { deadlineMs: 60_000 })
}

/** Plays the steps of a package before the first act named `until` (all without it); gives the application. `passwords` of accounts that are not the demo's. */
export async function playUntil(bureau, pack, until = null, passwords = {}) {
  const clock = new DemoClock(new Client(bureau.url))
  const clients = new Map()
  const clientOf = (account) => clients.get(account) ?? clients.set(account, new Client(bureau.url, account, passwords[account])).get(account)
  const application = { account: pack.account, form: structuredClone(pack.form), materials: pack.materials, commitments: pack.commitments ?? [], id: null, number: null, states: [], documents: [], points: 0 }
  const owner = clientOf(pack.account)
  for (const step of pack.steps) {
    if (step.act === until) break
    await clock.advance(step.after)
    await Promise.all([step.actor].flat().map((actor) => perform({ pack, application, owner, act: step.act, input: step.input, client: actor ? clientOf(actor) : owner })))
    await settled(owner, application)
  }
  application.progress = await settled(owner, application)
  return application
}

export function nightForm(region, number = 1) {
  return {
    works: { works_name: `夜间浇筑工程 ${number} 号`, works_address: `杭州市示例路 ${number} 号`, region_code: region },
    night: { work_on: '2026-12-20', reason: '混凝土必须连续浇筑。' },
  }
}

export const kDeclarations = { truth: true, not_split: true }

/** Files an application for work at night; gives its id. */
export async function fileNight(owner, region, number) {
  const draft = await owner.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
  const saved = await owner.must('PUT', `/applications/${draft.application_id}/form`, { json: { form: nightForm(region, number) }, version: draft.version })
  await owner.must('POST', `/applications/${draft.application_id}/submission`, { json: { declarations: kDeclarations, remarks: [], answers: [] }, key: true, version: saved.version })
  return draft.application_id
}

/** All rows of an officer's inbox that `fits`, waiting until there are `count`. */
export async function inboxRows(officer, count, fits = () => true, view = 'todo') {
  let found = []
  return waitFor(`${count} 件待办`, async () => {
    found = []
    let cursor = null
    do {
      const page = await officer.must('GET', `/inbox?${new URLSearchParams({ view, limit: '100', ...(cursor ? { cursor } : {}) })}`)
      found.push(...page.rows.filter(fits))
      cursor = page.next_cursor
    } while (cursor)
    return found.length >= count ? found : null
  }, { deadlineMs: 120_000, seen: () => `${found.length} 件` })
}

export const complete = (officer, row, outcome, more = {}, key = true) => officer.ask('POST', `/tasks/${row.task_id}/completion`, { json: { outcome, opinion: '同意', checklist: [], points: [], ...more }, key, version: row.version })

/** A night permit that the leader has granted: the id of its application. */
export async function grantedNight(bureau, number = 1, owner = null) {
  const id = await fileNight(owner ?? (await bureau.person('school')), '330106', number)
  for (const [account, outcome] of [['clerk', 'accept'], ['leader', 'grant']]) {
    const officer = await bureau.person(account)
    const [row] = await inboxRows(officer, 1, (one) => one.application_id === id)
    assert.equal((await complete(officer, row, outcome)).status, 200)
  }
  return id
}

/** The same when everybody can see it: the number of the permit. */
export async function publishedNight(bureau, number = 1, owner = null) {
  const applicant = owner ?? (await bureau.person('school'))
  const id = await grantedNight(bureau, number, applicant)
  return waitFor('证照公布', async () => {
    const { permit_number: found } = await applicant.must('GET', `/applications/${id}/progress`)
    return found && (await bureau.ask('GET', `/api/v1/public/permits/${found}`)).status === 200 ? found : null
  }, { deadlineMs: 60_000 })
}

/** Work in pieces, so that a test of many does not wait for one after the other. */
export async function inParallel(list, width, act) {
  const results = new Array(list.length)
  let next = 0
  await Promise.all(Array.from({ length: Math.min(width, list.length) }, async () => {
    while (next < list.length) {
      const at = next++
      results[at] = await act(list[at], at)
    }
  }))
  return results
}

/** Of bodies by the end of a path that of the longest end: `/lifting/confirmation` before `/confirmation`. */
export function longestEnd(bodies, path) {
  const [end] = Object.keys(bodies).filter((one) => path.endsWith(one)).sort((a, b) => b.length - a.length)
  return bodies[end]
}
