// submit: 64 clients file prepared drafts over HTTP; every answer comes after COMMIT. Beside it a bare loop with one writer
// that commits in groups and writes the very rows that the server writes for a submission, opening of the procedure included.
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Bureau } from './parts/bureau.mjs'
import { Copies } from './parts/copies.mjs'
import { seedFolder } from './parts/data.mjs'
import { programs } from './parts/places.mjs'
import { postAll, signIn } from './parts/posts.mjs'
import { run } from './parts/processes.mjs'
import { draftNight, kMeasuredFrom, submissionBody } from './parts/seed.mjs'
import { median, quantile, spreadPercent } from './parts/statistics.mjs'

const kClients = 64
const kDraftsAtOnce = 8
const kAim = 0.5
const kDrainMs = 120_000
const kWriter = 'db-writer'

const copies = new Copies('submit')

/** A bureau with drafts that could be filed as they are; gives its folder and the drafts. */
async function withDrafts(count, say) {
  const folder = copies.of(await seedFolder(say), 'drafts')
  const bureau = await Bureau.start(folder, kMeasuredFrom)
  const drafts = []
  try {
    const owner = bureau.client('school')
    let next = 0
    await Promise.all(
      Array.from({ length: kDraftsAtOnce }, async () => {
        while (next < count) drafts.push(await draftNight(owner, '330106', ++next))
      }),
    )
  } finally {
    await bureau.stop()
  }
  return { folder, drafts }
}

function requestsFor(bureau, session, drafts) {
  const body = JSON.stringify(submissionBody())
  return drafts.map(({ id, version }) =>
    Buffer.from(
      `POST /api/v1/applications/${id}/submission HTTP/1.1\r\nHost: 127.0.0.1:${bureau.port}\r\nCookie: ${session.cookie}\r\nX-CSRF-Token: ${session.csrf}\r\n` +
        `Content-Type: application/json\r\nIdempotency-Key: ${randomUUID()}\r\nIf-Match: "${version}"\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
  )
}

/** Until the news of every submission has been taken. */
async function drained(bureau) {
  const end = Date.now() + kDrainMs
  while ((await bureau.metric('kaigong_events_pending')) > 0) {
    if (Date.now() > end) throw new Error('the news of the submissions is not taken')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** The rows that one submission writes, noted by triggers in a copy; gives the copy. */
async function note(prepared) {
  const folder = copies.of(prepared.folder, 'noted')
  await run(join(programs, 'bare_loop'), ['watch', join(folder, 'kaigong.db')])
  const bureau = await Bureau.start(folder, kMeasuredFrom)
  try {
    await postAll(bureau.port, requestsFor(bureau, await signIn(bureau, 'school'), prepared.drafts.slice(0, 1)), 1)
    await drained(bureau)
  } finally {
    await bureau.stop()
  }
  return folder
}

async function ours(prepared) {
  const bureau = await Bureau.start(copies.of(prepared.folder, 'ours'), kMeasuredFrom)
  try {
    const requests = requestsFor(bureau, await signIn(bureau, 'school'), prepared.drafts)
    const before = { cpu: bureau.cpuSeconds, writer: bureau.threadCpuSeconds(kWriter), commits: await bureau.metric('kaigong_db_commits') }
    const begun = performance.now()
    const times = await postAll(bureau.port, requests, kClients)
    const seconds = (performance.now() - begun) / 1000
    await drained(bureau)
    const count = requests.length
    return {
      per_cpu_second: count / (bureau.cpuSeconds - before.cpu),
      per_writer_second: count / (bureau.threadCpuSeconds(kWriter) - before.writer),
      per_second: count / seconds,
      for_a_commit: count / ((await bureau.metric('kaigong_db_commits')) - before.commits),
      p99_ms: quantile(times, 0.99),
    }
  } finally {
    await bureau.stop()
  }
}

async function peer(prepared, noted) {
  const folder = copies.of(prepared.folder, 'peer')
  const ids = join(folder, 'ids.txt')
  writeFileSync(ids, prepared.drafts.map(({ id }) => `${id}\n`).join(''))
  const figures = JSON.parse(await run(join(programs, 'bare_loop'), ['run', join(noted, 'kaigong.db'), join(folder, 'kaigong.db'), String(kClients), ids]))
  const count = figures.acts
  return { per_cpu_second: count / figures.cpu_seconds, per_writer_second: count / figures.writer_cpu_seconds, per_second: count / figures.seconds, for_a_commit: count / figures.commits, rows: figures.rows }
}

export async function submit(options, say) {
  say(`preparing ${options.submissions} drafts …`)
  const prepared = await withDrafts(options.submissions, say)
  const noted = await note(prepared)
  say('submit …')
  const mine = []
  const bare = []
  for (let round = 0; round < options.rounds; round++) {
    mine.push(await ours(prepared))
    bare.push(await peer(prepared, noted))
  }
  copies.remove()
  const figure = (list, name) => median(list.map((one) => one[name]))
  const result = (name, title, key, unit) => ({
    name,
    title,
    ours: Math.round(figure(mine, key)),
    peer: Math.round(figure(bare, key)),
    peer_name: `a bare loop of ${kClients} clients and one writer, the same ${bare[0].rows} row changes each`,
    unit,
    ratio: figure(mine, key) / figure(bare, key),
    aim: { at_least: kAim },
    spread_percent: Math.max(...[mine, bare].map((list) => spreadPercent(list.map((one) => one[key])))),
  })
  return [
    {
      ...result('submit', `durable submissions (night construction) with ${kClients} clients over HTTP, rules and opening of the procedure included`, 'per_cpu_second', 'submissions per server CPU second'),
      notes: [`by the clock ${Math.round(figure(mine, 'per_second'))}/s and ${Math.round(figure(bare, 'per_second'))}/s; ${figure(mine, 'for_a_commit').toFixed(1)} and ${figure(bare, 'for_a_commit').toFixed(1)} submissions a COMMIT; p99 ${Math.round(figure(mine, 'p99_ms'))} ms`],
    },
    result('submit_writer', 'the same by the time of the writer\'s thread', 'per_writer_second', 'submissions per writer CPU second'),
  ]
}
