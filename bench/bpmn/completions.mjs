// Tasks of the construction permit completed by officers of a department, one of each of many cases: once through the
// program's own endpoint in its process, once over HTTP.
import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Bureau } from '../parts/bureau.mjs'
import { Copies } from '../parts/copies.mjs'
import { seedFolder } from '../parts/data.mjs'
import { root } from '../parts/places.mjs'
import { postAll, signIn } from '../parts/posts.mjs'
import { kMeasuredFrom } from '../parts/seed.mjs'
import { bare, databaseOf, durableResult, figuresOf, kClients, measured, tool } from './tools.mjs'

/** Five departments check the papers of a case at once; this is what one of them does. */
const kElement = 'check_fire'
const kAccount = 'fire'
const kCompletion = { outcome: 'complete', opinion: '', checklist: [], points: [] }
const kFirstVersion = 1
const kRegions = ['330106']
const kOk = 200

const openTasks = (folder) => tool('complete_tasks', 'list', databaseOf(folder), kElement)

/** A bureau with that many cases that wait for the department; gives its folder and a file with a task a line. */
async function withTasks(copies, count, say) {
  const seed = await seedFolder(say)
  const [pattern] = (await openTasks(seed)).split('\t')
  const folder = copies.of(seed, 'tasks')
  const { issued } = JSON.parse(readFileSync(join(seed, 'patterns.json'), 'utf8'))
  const plan = join(folder, 'plan.json')
  writeFileSync(plan, JSON.stringify({ data: folder, seed: 1, issued: 0, open: count, regions: kRegions, now_on: '2026-11-06', issued_patterns: issued, open_patterns: [{ application_id: pattern, weight: 1 }] }))
  await tool('make_cases', plan)
  const tasks = join(folder, 'tasks.tsv')
  writeFileSync(tasks, await openTasks(folder))
  return { folder, tasks }
}

const inProcess = async (folder, clients, tasks) => measured(await tool('complete_tasks', 'run', folder, join(root, 'catalog'), kAccount, Date.parse(kMeasuredFrom), kCompletion.outcome, clients, tasks))

/** A copy in which the rows of one completion are noted. */
async function noteOne(copies, { folder, tasks }) {
  const noted = copies.of(folder, 'noted')
  const one = join(noted, 'one.tsv')
  writeFileSync(one, `${readFileSync(tasks, 'utf8').split('\n')[0]}\n`)
  await tool('bare_loop', 'watch', databaseOf(noted))
  await inProcess(noted, 1, one)
  return noted
}

function requestsFor(bureau, session, tasks) {
  const body = JSON.stringify(kCompletion)
  const ids = readFileSync(tasks, 'utf8').trim().split('\n').map((line) => line.split('\t').at(-1))
  return ids.map((id) =>
    Buffer.from(
      `POST /api/v1/tasks/${id}/completion HTTP/1.1\r\nHost: 127.0.0.1:${bureau.port}\r\nCookie: ${session.cookie}\r\nX-CSRF-Token: ${session.csrf}\r\n` +
        `Content-Type: application/json\r\nIdempotency-Key: ${randomUUID()}\r\nIf-Match: "${kFirstVersion}"\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
  )
}

async function overHttp(folder, tasks) {
  const bureau = await Bureau.start(folder, kMeasuredFrom)
  try {
    const requests = requestsFor(bureau, await signIn(bureau, kAccount), tasks)
    const before = { cpu: bureau.cpuSeconds, commits: await bureau.metric('kaigong_db_commits') }
    const begun = performance.now()
    await postAll(bureau.port, requests, kClients, kOk)
    const seconds = (performance.now() - begun) / 1000
    const commits = (await bureau.metric('kaigong_db_commits')) - before.commits
    return figuresOf({ tasks: requests.length, commits, seconds, cpu_seconds: bureau.cpuSeconds - before.cpu })
  } finally {
    await bureau.stop()
  }
}

export async function completions(options, say) {
  const copies = new Copies('bpmn-completions')
  try {
    say(`preparing ${options.submissions} cases with an open task …`)
    const prepared = await withTasks(copies, options.submissions, say)
    const noted = await noteOne(copies, prepared)
    say('bpmn_completion …')
    const rounds = []
    for (let at = 0; at < options.rounds; at++) {
      rounds.push({
        inside: await inProcess(copies.of(prepared.folder, 'ours'), kClients, prepared.tasks),
        http: await overHttp(copies.of(prepared.folder, 'ours'), prepared.tasks),
        peer: await bare(noted, copies.of(prepared.folder, 'peer'), prepared.tasks),
      })
    }
    const by = (key) => rounds.map((one) => ({ ours: one[key], peer: one.peer }))
    return [
      durableResult('bpmn_completion', `tasks of the construction permit completed by ${kClients} clients through the program's endpoint in its process, rules of the office included`, by('inside'), 'each'),
      durableResult('bpmn_completion_http', 'the same over HTTP', by('http'), 'each'),
    ]
  } finally {
    copies.remove()
  }
}
