// People at work until the server dies: owners draft, save, upload and submit; officers accept and decide; the public looks.
import { createHash } from 'node:crypto'
import { nightForm, kDeclarations } from '../api/stories.mjs'
import { Lost } from './ledger.mjs'

export const kRegions = [
  { region_code: '330106', suffix: '' },
  { region_code: '330105', suffix: '_gongshu' },
]
/** Who of them has a colleague to give a case to. */
export const kColleagues = { clerk: 'clerk2', leader: 'leader2' }
export const kOwners = ['school', 'estate', 'factory']
const kOutcomes = { accept: 'accept', decide: 'grant' }
const kIdleMs = 30
/** How often an officer who has a colleague gives a case away. */
const kHandsOver = 0.3

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** A paper of the wanted length that the server takes for a whole PDF; its content is unlike any other. */
export function paper(name, bytes) {
  const line = `% ${name} ${createHash('sha256').update(name).digest('hex')}\n`
  return Buffer.from(`%PDF-1.4\n${line.repeat(Math.max(1, Math.floor(bytes / line.length)))}%%EOF\n`)
}

export async function createDraft(ledger, person, region) {
  const path = '/applications'
  return ledger.write({ person, method: 'POST', path, options: { json: { matter_code: 'night-construction' }, key: true }, about: { kind: 'draft' },
    settle: (json) => ledger.startDraft(json, person.account, region.region_code) })
}

export async function saveForm(ledger, person, id, form) {
  const known = ledger.of(id)
  return ledger.write({ person, method: 'PUT', path: `/applications/${id}/form`, options: { json: { form }, version: known.version }, about: { kind: 'form', id, form },
    settle: (json) => Object.assign(known, { form, version: json.version }) })
}

export async function upload(ledger, person, id, name, bytes) {
  const digest = sha256(bytes)
  const path = `/applications/${id}/documents?${new URLSearchParams({ material_code: 'N-01', file_name: name })}`
  return ledger.write({ person, method: 'POST', path, options: { body: bytes, type: 'application/pdf', key: true }, about: { kind: 'upload', id, name, digest },
    settle: (json) => ledger.of(id).documents.set(json.document_id, { name, sha256: digest, said: json.sha256 }) })
}

export async function submit(ledger, person, id) {
  const known = ledger.of(id)
  return ledger.write({ person, method: 'POST', path: `/applications/${id}/submission`,
    options: { json: { declarations: kDeclarations, remarks: [], answers: [] }, key: true, version: known.version }, about: { kind: 'submission', id },
    settle: (json) => (known.submission = { number: json.application_number, round: json.round }) })
}

/** Completes a row of an inbox the way that leads to a permit. */
export async function completeRow(ledger, person, row) {
  const outcome = kOutcomes[row.kind]
  return ledger.write({ person, method: 'POST', path: `/tasks/${row.task_id}/completion`,
    options: { json: { outcome, opinion: '同意', checklist: [], points: [] }, key: true, version: row.version }, about: { kind: 'completion' },
    settle: () => ledger.complete({ task_id: row.task_id, application_id: row.application_id, outcome }) })
}

/** An answer, or Lost when the server is gone. */
async function asked(person, method, path, options) {
  try {
    return await person.must(method, path, options)
  } catch (error) {
    if (error.code === 'ERR_ASSERTION') throw error
    throw new Lost(error.message)
  }
}

/** What may be done by somebody: of the views `todo` (nobody has it) and `mine`. */
export async function rowsOf(person, views = ['todo', 'mine']) {
  // What somebody has claimed, and died before giving away, stands in both lists.
  const rows = new Map()
  for (const view of views) for (const row of (await asked(person, 'GET', `/inbox?view=${view}&limit=100`)).rows) rows.set(row.task_id, { ...row, view })
  return [...rows.values()]
}

/** Gives a row to a colleague, who decides then. */
async function handOver(ledger, person, row, colleague) {
  const { version } = await asked(person, 'POST', `/tasks/${row.task_id}/claim`, { version: row.version })
  const to = colleague.session.account.account_id
  return ledger.write({ person, method: 'POST', path: `/tasks/${row.task_id}/transfer`, options: { json: { to, reason: '请接着办' }, key: true, version }, about: { kind: 'transfer' },
    settle: () => ledger.handOver({ task_id: row.task_id, application_id: row.application_id, to: `${colleague.session.account.display_name}（${colleague.session.account.department_name}）` }) })
}

async function ownerAtWork(world, person, chance) {
  const region = kRegions[chance.between(0, 1)]
  const { ledger } = world
  const number = ++world.works
  const { application_id: id } = await createDraft(ledger, person, region)
  for (let times = chance.between(1, 3); times > 0; times--) await saveForm(ledger, person, id, nightForm(region.region_code, number * 10 + times))
  for (let papers = chance.between(0, 2); papers > 0; papers--) {
    const name = `说明 ${number}-${papers}.pdf`
    await upload(ledger, person, id, name, paper(name, chance.between(500, chance.is(0.1) ? 3_000_000 : 200_000)))
  }
  if (!chance.is(0.7) || !world.maySubmit(region.region_code)) return
  await submit(ledger, person, id)
}

async function officerAtWork(world, person, chance) {
  const colleague = world.colleagueOf(person)
  const rows = await rowsOf(person)
  for (const row of rows.sort(() => chance.next() - 0.5)) {
    if (!kOutcomes[row.kind]) continue
    if (colleague && row.view === 'todo' && chance.is(kHandsOver)) await handOver(world.ledger, person, row, colleague)
    else await completeRow(world.ledger, person, row)
  }
  if (!rows.length) await pause(kIdleMs)
}

/** Does what was handed over, and nothing that others may take meanwhile. */
async function colleagueAtWork(world, person) {
  const rows = await rowsOf(person, ['mine'])
  for (const row of rows) await completeRow(world.ledger, person, row)
  if (!rows.length) await pause(kIdleMs)
}

async function publicLooks(world, certificates) {
  await world.publicIsRight(certificates)
  await pause(kIdleMs)
}

/** Runs everybody until the server dies; what went wrong besides dying is in the result. */
export function begin(world, people, chance) {
  const surprises = []
  const run = async (act, ...input) => {
    while (!world.over) {
      try {
        await act(world, ...input)
      } catch (error) {
        if (world.over || error instanceof Lost) return
        surprises.push(error.stack ?? error.message)
        return
      }
    }
  }
  const works = [
    ...people.owners.flatMap((person) => [run(ownerAtWork, person, chance), run(ownerAtWork, person, chance)]),
    ...people.officers.map((person) => run(officerAtWork, person, chance)),
    ...people.colleagues.map((person) => run(colleagueAtWork, person)),
    run(publicLooks, people.certificates),
  ]
  return { surprises, ended: Promise.all(works) }
}
