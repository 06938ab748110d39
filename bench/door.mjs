// door: what people who read notice while others attack the door, and what the attack costs the server. The peer is the same
// reading while nobody attacks. Everything stays on 127.0.0.0/8; the readers come from 127.0.0.1, the attackers from
// addresses of their own. Two minutes at most.
import { fork } from 'node:child_process'
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kDemoPassword } from '../tools/demo/client.mjs'
import { Bureau } from './parts/bureau.mjs'
import { seedFolder } from './parts/data.mjs'
import { dataRoot } from './parts/places.mjs'
import { kMeasuredFrom } from './parts/seed.mjs'
import { quantile } from './parts/statistics.mjs'

const kHere = fileURLToPath(new URL('./door/', import.meta.url))
/** What a production server has by itself; a demo is without limits of addresses. That of hashing is left out: its full rate is measured. */
export const kProductionLimits = {
  KAIGONG_SERVER_LIMITS_CONNECTIONS_OF_ADDRESS: '512',
  KAIGONG_SERVER_LIMITS_REQUESTS_OF_ADDRESS: '300',
  KAIGONG_SERVER_LIMITS_REQUESTS_OF_ACCOUNT: '100',
  KAIGONG_SERVER_LIMITS_READS_OF_ROUTE: '200',
  KAIGONG_SERVER_LIMITS_WRITES_OF_ROUTE: '50',
}
const kConnectionsMax = 8_192
/** What a connection may cost beside what the server needs anyway: the limit of memory is all of them. */
const kConnectionKib = 16
const kReadsPerSecond = 120
const kSlow = { silent: 2_000, header: 1_700, body: 1_250, reader: 50, addresses: 50 }
/** More than the server takes at all. */
const kCrowd = { silent: 2_500, header: 2_000, body: 0, reader: 0, addresses: 100 }
const kFlood = { connections: 200 }
const kSignIns = { clients: 6 }
const kAccounts = ['clerk', 'fire', 'leader', 'school']
const kAims = { attack: 5, recovery: 2, hashing: 3, memory: 1 }
const kSampleMs = 50

/** A child process that answers each message with one of its own. */
class Helper {
  constructor(file, told) {
    this.process = fork(join(kHere, file), [JSON.stringify(told)])
  }

  ask(message) {
    return new Promise((resolve, reject) => {
      const ended = (code) => reject(new Error(`a helper of the bench ended with ${code}`))
      this.process.once('exit', ended)
      this.process.once('message', (answer) => {
        this.process.off('exit', ended)
        resolve(answer)
      })
      this.process.send(message)
    })
  }

  end() {
    this.process.removeAllListeners('exit')
    this.process.disconnect()
  }
}

/** Largest memory of the server while `work` runs, in KiB. */
async function peakOf(bureau, work) {
  let peak = 0
  const look = () => (peak = Math.max(peak, bureau.residentKilobytes))
  const timer = setInterval(look, kSampleMs)
  try {
    const value = await work()
    look()
    return { peak, value }
  } finally {
    clearInterval(timer)
  }
}

async function cookieOf(bureau, account) {
  const reply = await fetch(`${bureau.url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account, password: kDemoPassword }) })
  if (!reply.ok) throw new Error(`${account} can not sign in: ${reply.status}`)
  return reply.headers.getSetCookie()[0].split(';')[0]
}

/** What people read here: lists and cases with a session, what anybody may see without one. */
async function mixOf(bureau, folder) {
  const patterns = JSON.parse(readFileSync(join(folder, 'patterns.json'), 'utf8'))
  const [clerk, owner] = [await cookieOf(bureau, 'clerk'), await cookieOf(bureau, 'school')]
  const issued = patterns.issued[0].application_id
  const permit = /"permit_number":"([^"]+)"/.exec(await fetch(`${bureau.url}/api/v1/applications/${issued}`, { headers: { cookie: owner } }).then((reply) => reply.text()))?.[1]
  const shown = permit ? [{ path: `/permits/${permit}` }, { path: `/api/v1/public/permits/${permit}` }] : []
  return [
    { path: '/api/v1/inbox?view=todo&limit=50', cookie: clerk },
    { path: '/api/v1/session', cookie: clerk },
    { path: `/api/v1/applications/${issued}`, cookie: owner },
    { path: `/api/v1/applications/${issued}/progress`, cookie: owner },
    { path: '/api/v1/matters' },
    { path: '/ledger/trust.json' },
    ...shown,
  ]
}

/** What the readers noticed: refused ones count as the worst there is. */
export function noticed({ times_ms: times, failed, slowest }) {
  const all = [...times, ...failed.map(() => 20_000)]
  return { p50: quantile(all, 0.5), p99: quantile(all, 0.99), count: all.length, failed: failed.length, why: failed[0], slowest }
}

export const limitKib = (quietKib) => quietKib + kConnectionsMax * kConnectionKib

/** The results of the phases; `figures` as `measure` gives them. */
export function doorResults(figures) {
  const { quiet } = figures
  const spread = Math.round(((figures.quiet_again.p99 - quiet.p99) / 2 / quiet.p99) * 100)
  const share = (name, title, phase, aim, notes = []) => ({
    name,
    title,
    ours: Number(phase.p99.toFixed(2)),
    peer: Number(quiet.p99.toFixed(2)),
    peer_name: `the same while nobody attacks (median ${quiet.p50.toFixed(2)} ms)`,
    unit: 'ms, 99 of 100 reads are faster',
    ratio: phase.p99 / quiet.p99,
    aim: { below: aim },
    must: true,
    notes: [`${phase.count} reads, median ${phase.p50.toFixed(2)} ms, ${phase.failed} refused${phase.why ? ` (${phase.why})` : ''}; the slowest ${phase.slowest.ms.toFixed(0)} ms (${phase.slowest.path.split('?')[0].replace(/[0-9a-f-]{36}/, '{id}')})`, ...notes],
    spread_percent: Math.abs(spread),
  })
  const attackers = ({ open, answers }) => `attackers hold ${open} connections; answers to them: ${Object.entries(answers).map(([status, count]) => `${status} ${count}`).join(', ') || 'none'}`
  const memory = Math.max(figures.slow.peak_kib, figures.crowd.peak_kib, figures.flood.peak_kib)
  const limit = limitKib(figures.quiet_kib)
  return [
    share('door_slow', `reads while ${kSlow.silent + kSlow.header + kSlow.body + kSlow.reader} connections are silent, half open or slow`, figures.slow, kAims.attack, [attackers(figures.slow.attackers)]),
    share('door_crowd', `reads while more connections are wanted than there are (${kConnectionsMax})`, figures.crowd, kAims.attack, [attackers(figures.crowd.attackers)]),
    share('door_flood', `reads while one address floods one route over ${kFlood.connections} connections, pipelined, and slow bodies come beside it`, figures.flood, kAims.attack, [attackers(figures.flood.attackers)]),
    share('door_recovery', 'reads in the two seconds after the attackers went', figures.recovery, kAims.recovery),
    share('door_hashing', `reads while ${kSignIns.clients} clients sign in without end`, figures.hashing, kAims.hashing, [attackers(figures.hashing.attackers)]),
    {
      name: 'door_memory',
      title: 'largest memory of the server under attack',
      ours: Number((memory / 1024).toFixed(1)),
      peer: Number((limit / 1024).toFixed(1)),
      peer_name: `its limit: ${(figures.quiet_kib / 1024).toFixed(0)} MiB while nobody attacks, and ${kConnectionKib} KiB for each of ${kConnectionsMax} connections`,
      unit: 'MiB resident',
      ratio: memory / limit,
      aim: { below: kAims.memory },
      must: true,
      spread_percent: 0,
    },
  ]
}

async function measure(bureau, readers, attackers, say) {
  const read = async (seconds) => noticed(await readers.ask({ seconds }))
  const attacked = async (seconds, settle_s = 1) => {
    const { peak, value } = await peakOf(bureau, async () => {
      await new Promise((resolve) => setTimeout(resolve, settle_s * 1000))
      const phase = await read(seconds)
      return { ...phase, attackers: await attackers.ask({ count: true }) }
    })
    return { ...value, peak_kib: peak }
  }
  await read(3)
  say('quiet …')
  const quiet = await read(12)
  const quietKib = bureau.residentKilobytes
  say('slow connections …')
  await attackers.ask({ hold: kSlow })
  const slow = await attacked(10, 2)
  say('more connections than there are …')
  await attackers.ask({ hold: kCrowd })
  const crowd = await attacked(8, 2)
  await attackers.ask({ stop: true })
  say('quiet again …')
  await read(2)
  const quietAgain = await read(8)
  say('a flood …')
  await attackers.ask({ hold: { body: 300, addresses: 50 } })
  await attackers.ask({ flood: kFlood })
  const flood = await attacked(10)
  await attackers.ask({ stop: true })
  const recovery = await read(2)
  say('sign-ins …')
  await attackers.ask({ sign_in: kSignIns })
  const hashing = await attacked(12)
  await attackers.ask({ stop: true })
  return { quiet, quiet_again: quietAgain, quiet_kib: quietKib, slow, crowd, flood, recovery, hashing }
}

export async function door(options, say) {
  const folder = join(dataRoot, 'door')
  rmSync(folder, { recursive: true, force: true })
  cpSync(await seedFolder(say), folder, { recursive: true })
  const bureau = await Bureau.start(folder, kMeasuredFrom, kProductionLimits)
  const helpers = []
  try {
    const where = { host: '127.0.0.1', port: bureau.port }
    const requests = await mixOf(bureau, folder)
    helpers.push(new Helper('readers.mjs', { ...where, requests, per_second: kReadsPerSecond }))
    helpers.push(new Helper('attackers.mjs', { ...where, read: '/api/v1/matters', flood: '/api/v1/matters', body: '/api/v1/session', accounts: kAccounts, password: kDemoPassword }))
    return doorResults(await measure(bureau, helpers[0], helpers[1], say))
  } finally {
    for (const helper of helpers) helper.end()
    await bureau.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
