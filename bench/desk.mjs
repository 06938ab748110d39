// desk: what an officer and who leads a department look at all day, at ten thousand cases and at a million: the list, a
// case with everything that its page asks for, the supervisor's desk. The peer is the same page of the small bureau.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Bureau } from './parts/bureau.mjs'
import { bureauWith } from './parts/data.mjs'
import { mariadbWith } from './parts/mariadb.mjs'
import { root } from './parts/places.mjs'
import { kMeasuredFrom } from './parts/seed.mjs'
import { median, quantile, spreadPercent } from './parts/statistics.mjs'
import { kDemoPassword } from '../tools/demo/client.mjs'

const kAim = 1.5
const kPaintMsMax = 1_000
const kPage = 50
/** Of lists that have fewer rows in the small bureau: both sides answer the same number. */
const kShortPage = 20
/** Pages that are opened for one figure; each is another case. */
const kOpened = 30
const kPaints = 9
const kSignInMs = 45_000
const chromium = process.env.KAIGONG_CHROMIUM ?? '/usr/bin/chromium-headless-shell'

/** What the case page asks for one after the other: each line goes out at once, when the line before has come. */
export function casePage({ task_id: task, application_id: id, matter_code: matter }) {
  return [
    [`/tasks/${task}`],
    [`/applications/${id}`, `/applications/${id}/progress`, `/applications/${id}/tasks`, `/applications/${id}/submissions`],
    [`/matters/${matter}`, `/applications/${id}/expedite-orders`, `/applications/${id}/copies`],
  ]
}

/** Every page that is measured: by whom, and what it asks for. A `place` says which of the many cases it is about. */
export const pages = [
  { name: 'desk_inbox', title: "an officer's list with its counts", account: 'fire', asks: () => [[`/inbox?view=todo&limit=${kShortPage}`]] },
  { name: 'desk_inbox_clerk', title: "the window clerk's list, the longest", account: 'clerk', asks: () => [[`/inbox?view=todo&limit=${kPage}`]] },
  { name: 'desk_inbox_mine', title: 'what a clerk holds', account: 'clerk2', asks: () => [[`/inbox?view=mine&limit=${kShortPage}`]] },
  { name: 'desk_case', title: 'a case: all that its page asks for', account: 'clerk', asks: (row) => casePage(row) },
  { name: 'desk_case_standstill', title: 'why a case does not go on', account: 'clerk', asks: (row) => [[`/applications/${row.application_id}/standstill`]] },
  { name: 'desk_departments', title: 'load and lateness by department', account: 'leader', asks: () => [['/oversight/departments']] },
  { name: 'desk_people', title: 'load and lateness by person', account: 'head', asks: () => [['/oversight/people?department=housing']] },
  { name: 'desk_late', title: 'what is nearly late', account: 'leader', asks: () => [[`/oversight/tasks?light=yellow&limit=${kShortPage}`]] },
  { name: 'desk_supervisor', title: "the supervisor's desk: departments, people and what is open", account: 'head', asks: () => [['/oversight/departments', '/oversight/people?department=housing', `/oversight/tasks?limit=${kPage}`]] },
]

class Side {
  static async open(issued, { database }, say) {
    const side = new Side()
    side.data = await bureauWith(issued, say)
    side.cases = side.data.issued + side.data.open
    if (database === 'mariadb') side.mariadb = await mariadbWith(side.data, kMeasuredFrom, say)
    side.bureau = await Bureau.start(side.data.folder, kMeasuredFrom, side.mariadb ? { KAIGONG_DATABASE_URL: side.mariadb.url } : {})
    side.cookies = {}
    for (const account of new Set(pages.map((page) => page.account))) side.cookies[account] = await side.#signIn(account)
    side.rows = (await side.#ask('clerk', `/inbox?view=todo&limit=${kPage}`)).rows
    return side
  }

  async stop() {
    await this.bureau.stop()
    await this.mariadb?.stop()
  }

  async #signIn(account) {
    const reply = await fetch(`${this.bureau.url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account, password: kDemoPassword }) })
    if (!reply.ok) throw new Error(`${account} can not sign in: ${reply.status}`)
    return reply.headers.getSetCookie()[0].split(';')[0]
  }

  async #ask(account, path) {
    const reply = await fetch(`${this.bureau.url}/api/v1${path}`, { headers: { cookie: this.cookies[account] } })
    const body = await reply.json()
    if (!reply.ok) throw new Error(`${account} asks for ${path} → ${reply.status} ${body.reason}`)
    return body
  }

  /** How long each of the pages took, in milliseconds. */
  async measure(page) {
    const times = []
    for (let place = 0; place < kOpened; place++) {
      const begun = performance.now()
      for (const line of page.asks(this.rows[place % this.rows.length])) await Promise.all(line.map((path) => this.#ask(page.account, path)))
      times.push(performance.now() - begun)
    }
    return times
  }
}

/** Rounds `{ ours, peer }` of times become a result; the ratio is that of the medians over all rounds. */
export function growthOf({ name, title }, rounds, [large, small], database = 'sqlite') {
  const all = (side) => rounds.flatMap((round) => round[side])
  const [ours, peer] = [median(all('ours')), median(all('peer'))]
  const p95 = (side) => quantile(all(side), 0.95).toFixed(1)
  return {
    name,
    title: `${title}, ${large.toLocaleString('en')} cases${database === 'mariadb' ? ' on MariaDB' : ''}`,
    ours: Number(ours.toFixed(2)),
    peer: Number(peer.toFixed(2)),
    peer_name: `the same at ${small.toLocaleString('en')} cases`,
    unit: 'ms, median',
    ratio: ours / peer,
    aim: { below: kAim },
    must: true,
    notes: [`of twenty the slowest: ${p95('ours')} ms, at the small bureau ${p95('peer')} ms`],
    spread_percent: spreadPercent(rounds.map((round) => median(round.ours) / median(round.peer))),
  }
}

/** From the click on the address to the name of the works and the first answer on the page, in Chromium. */
async function paintMs(side) {
  const require = createRequire(join(root, 'tools/package.json'))
  const browser = await require('playwright-core').chromium.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'] })
  try {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })).newPage()
    page.setDefaultTimeout(kSignInMs)
    await page.goto(`${side.bureau.url}/app/sign-in`)
    await page.getByLabel('账号').fill('clerk')
    await page.getByLabel('密码', { exact: true }).fill(kDemoPassword)
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByRole('button', { name: '退出' }).waitFor()
    const times = []
    for (let place = 0; place < kPaints; place++) {
      const row = side.rows[place % side.rows.length]
      const begun = performance.now()
      await page.goto(`${side.bureau.url}/app/tasks/${row.task_id}`, { waitUntil: 'commit' })
      await page.getByRole('main').getByText(row.works_name).first().waitFor()
      times.push(performance.now() - begun)
    }
    return times
  } finally {
    await browser.close()
  }
}

async function paint(large, small) {
  const times = await paintMs(large)
  // The first one has no script in the browser's cache yet.
  const warm = times.slice(1)
  return {
    name: 'desk_paint',
    title: `a case in Chromium until the name of its works is there, ${large.cases.toLocaleString('en')} cases`,
    ours: Number(median(warm).toFixed(0)),
    peer: kPaintMsMax,
    peer_name: 'its limit',
    unit: 'ms, median',
    ratio: median(warm) / kPaintMsMax,
    aim: { below: 1 },
    must: true,
    notes: [`the first one of a browser ${times[0].toFixed(0)} ms; at ${small.cases.toLocaleString('en')} cases ${median((await paintMs(small)).slice(1)).toFixed(0)} ms`],
    spread_percent: spreadPercent(warm),
  }
}

export async function desk(options, say) {
  const small = await Side.open(Math.round(options.few_cases * 0.9), options, say)
  try {
    const large = await Side.open(options.permits, options, say)
    try {
      const results = []
      for (const page of pages) {
        say(`${page.name} …`)
        const rounds = []
        // The first round fills what stays in memory, on both sides.
        for (let round = 0; round <= options.rounds; round++) rounds.push({ peer: await small.measure(page), ours: await large.measure(page) })
        results.push(growthOf(page, rounds.slice(1), [large.cases, small.cases], options.database))
      }
      if (existsSync(chromium) && existsSync(join(root, 'web/dist/index.html'))) results.push(await paint(large, small))
      else say('no Chromium, or web/dist is not built: nothing is painted')
      return results
    } finally {
      await large.stop()
    }
  } finally {
    await small.stop()
  }
}
