// inbox: an officer opens the list of what waits in one region, at ten thousand cases and at a million. The peer is the
// same list of the small bureau; the ratio is how much slower the large one's median answer is. And what the compiled scope
// of the permission tables costs: the lists of officers of one district with and without it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Bureau } from './parts/bureau.mjs'
import { bureauWith } from './parts/data.mjs'
import { kMeasuredFrom } from './parts/seed.mjs'
import { median, spreadPercent } from './parts/statistics.mjs'
import { programs } from './parts/places.mjs'
import { run } from './parts/processes.mjs'
import { load } from './parts/wrk.mjs'

const kAim = 1.5
/** Who looks: the clerk at the window has the longest list, the fire department's reviewer one of many departments. */
const kOfficers = ['clerk', 'fire', 'leader']
/** Of the small bureau's list at least three are left. */
const kPage = 20
/** In the name of one works of eleven. */
const kWord = '幼儿园'
const kRowsOfWord = 3

/** A bureau, signed in officers, and for each of them the paths of the kinds of list. */
class Side {
  static async open(issued, say) {
    const side = new Side()
    side.data = await bureauWith(issued, say)
    side.bureau = await Bureau.start(side.data.folder, kMeasuredFrom)
    side.officers = []
    for (const account of kOfficers) side.officers.push(await side.#officer(account))
    return side
  }

  async #officer(account) {
    const reply = await fetch(`${this.bureau.url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account, password: 'kaigong-demo-2026' }) })
    if (!reply.ok) throw new Error(`${account} can not sign in: ${reply.status}`)
    const cookie = reply.headers.getSetCookie()[0].split(';')[0]
    const list = async (query) => {
      const page = await fetch(`${this.bureau.url}/api/v1/inbox?view=todo&limit=${kPage}${query}`, { headers: { cookie } })
      if (!page.ok) throw new Error(`the inbox of ${account} → ${page.status}`)
      return page.json()
    }
    const rows = []
    const cursors = []
    let page = await list('')
    for (; page.next_cursor && cursors.length < 2_000; page = await list(`&cursor=${encodeURIComponent(page.next_cursor)}`)) {
      rows.push(page.rows[0])
      cursors.push(page.next_cursor)
    }
    const middle = rows[Math.floor(rows.length / 2)] ?? page.rows[0]
    // Both sides answer the same number of rows: never the last page, which is shorter, and only as many as the word is in.
    const path = (limit, name, value) => `/api/v1/inbox?view=todo&limit=${limit}${name ? `&${name}=${encodeURIComponent(value)}` : ''}`
    const paths = {
      first: path(kPage),
      middle: path(kPage, 'cursor', cursors[Math.floor((cursors.length - 1) / 2)] ?? ''),
      number: path(kPage, 'query', middle.application_number),
      word: path(kRowsOfWord, 'query', kWord),
      name: path(kPage, 'query', middle.works_name),
    }
    return { account, cookie, pages: cursors.length + 1, paths }
  }

  /** Median answer in milliseconds, over the officers' lists of that kind. */
  async measure(kind, seconds) {
    const medians = []
    for (const [at, officer] of this.officers.entries()) {
      const file = join(this.data.folder, `paths-${at}.txt`)
      writeFileSync(file, `${officer.paths[kind]}\n`)
      const report = await load(this.bureau.url, 'pages.lua', { connections: 1, seconds, args: [file, officer.cookie] })
      medians.push(report.p50_us / 1000)
    }
    return medians
  }
}

const kinds = [
  { name: 'inbox', kind: 'first', title: 'first page of an officer\'s list' },
  { name: 'inbox_middle', kind: 'middle', title: 'a page in the middle, by cursor', pages_min: 3 },
  { name: 'inbox_number', kind: 'number', title: 'found by its number' },
  { name: 'inbox_word', kind: 'word', title: 'found by a word in many names' },
  { name: 'inbox_name', kind: 'name', title: 'found by the name of one works' },
]

async function compare(small, large, { name, kind, title, pages_min: pagesMin = 1 }, options) {
  const ours = []
  const peer = []
  for (let round = 0; round < options.rounds; round++) {
    peer.push(await small.measure(kind, options.seconds_short))
    ours.push(await large.measure(kind, options.seconds_short))
  }
  // By officer the median over rounds; the one whose list grew worst stands for all.
  const growth = kOfficers.flatMap((account, at) => {
    if (small.officers[at].pages < pagesMin) return []
    const [many, few] = [ours, peer].map((rounds) => median(rounds.map((one) => one[at])))
    return [{ account, many, few, ratio: many / few, rounds: ours.map((one, round) => one[at] / peer[round][at]) }]
  })
  const worst = growth.reduce((a, b) => (a.ratio >= b.ratio ? a : b))
  const pages = (side) => side.officers.map((one) => one.pages).join(', ')
  return {
    name,
    title: `${title}, ${(large.data.issued + large.data.open).toLocaleString('en')} cases in four regions`,
    ours: Number(worst.many.toFixed(3)),
    peer: Number(worst.few.toFixed(3)),
    peer_name: `the same at ${(small.data.issued + small.data.open).toLocaleString('en')} cases`,
    unit: 'ms, median answer',
    ratio: worst.ratio,
    aim: { below: kAim },
    notes: [`worst of the officers (${growth.map((one) => `${one.account} ${one.ratio.toFixed(2)}`).join(', ')}); their lists have ${pages(large)} pages of ${kPage} (${pages(small)} in the small bureau)`],
    spread_percent: spreadPercent(worst.rounds),
  }
}

/** In the numbers of the cases the last of the four: whoever looks through the others first is slow here. */
const kDistrict = '330109'
const kScopedRounds = 400
const kWaitMs = 600_000

/** Of figures as scoped_lists says: the list that its scope slowed down most stands for all. */
export function scopedResult(lists, cases) {
  const rated = lists.map((one) => ({ ...one, ratio: one.scoped_us / one.unscoped_us, of_bureau: one.scoped_us / one.bureau_us }))
  const worst = rated.reduce((a, b) => (a.ratio >= b.ratio ? a : b))
  return {
    name: 'inbox_scoped',
    title: `lists of officers of one district with the compiled scope, ${cases.toLocaleString('en')} cases in four`,
    ours: Number((worst.scoped_us / 1000).toFixed(3)),
    peer: Number((worst.unscoped_us / 1000).toFixed(3)),
    peer_name: 'the same statement without a scope',
    unit: 'ms, median',
    ratio: worst.ratio,
    aim: { below: kAim },
    must: true,
    notes: [
      `worst of the lists (${rated.map((one) => `${one.officer} ${one.list} ${one.ratio.toFixed(2)}`).join(', ')})`,
      `against the list of the whole bureau without a scope (${rated.map((one) => `${one.officer} ${one.list} ${one.of_bureau.toFixed(2)}`).join(', ')})`,
      `rows a page: ${rated.map((one) => one.rows).join(', ')}; ${kScopedRounds} rounds by turns, inside the program, without HTTP`,
    ],
    spread_percent: 0,
  }
}

async function scoped(data, say) {
  say('inbox_scoped …')
  const printed = await run(join(programs, 'scoped_lists'), [join(data.folder, 'kaigong.db'), kDistrict, String(kScopedRounds)], { timeoutMs: kWaitMs })
  return scopedResult(JSON.parse(printed), data.issued + data.open)
}

async function overHttp(options, say) {
  const small = await Side.open(Math.round(options.few_cases * 0.9), say)
  try {
    const large = await Side.open(options.permits, say)
    try {
      const results = []
      for (const kind of kinds) {
        say(`${kind.name} …`)
        results.push(await compare(small, large, kind, options))
      }
      return results
    } finally {
      await large.bureau.stop()
    }
  } finally {
    await small.bureau.stop()
  }
}

export async function inbox(options, say) {
  const results = await overHttp(options, say)
  // The programs open the database alone: its server has ended by now.
  return [...results, await scoped(await bureauWith(options.permits, say), say)]
}
