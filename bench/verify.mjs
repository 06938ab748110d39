// verify: anybody asks whether a permit is real. One of a million, at random, by its number; beside nginx serving the same
// answers from files. Compared by requests for each second of processor time that the server took.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Bureau } from './parts/bureau.mjs'
import { bureauWith } from './parts/data.mjs'
import { Nginx } from './parts/nginx.mjs'
import { kMeasuredFrom } from './parts/seed.mjs'
import { Chance, median, spreadPercent } from './parts/statistics.mjs'
import { load } from './parts/wrk.mjs'

const kConnections = 32
const kNumberBytes = 19
const kAim = 0.5

const kWarmSeconds = 10

// In the order of measuring: while hardly any permit was asked for, then when each of them was asked for before.
const kinds = [
  { name: 'verify_first', title: 'public verification as JSON, a random one of {issued} permits, asked for the first time', prefix: '/api/v1/public/permits/', suffix: '' },
  { name: 'verify_page_first', title: 'the same as a page', prefix: '/permits/', suffix: '' },
  { name: 'verify', title: 'public verification as JSON, a random one of {issued} permits, each asked for before', prefix: '/api/v1/public/permits/', suffix: '', warm: true },
]

/** `count` different numbers out of the list. */
function sampleOf(numbers, count) {
  const chance = new Chance(7)
  const total = Math.floor(numbers.length / kNumberBytes)
  const chosen = new Set()
  while (chosen.size < Math.min(count, total)) {
    const at = chance.between(0, total - 1) * kNumberBytes
    chosen.add(numbers.toString('latin1', at, at + kNumberBytes - 1))
  }
  return [...chosen]
}

async function answers(bureau, numbers, prefix) {
  const files = []
  for (let at = 0; at < numbers.length; at += 16) {
    files.push(
      ...(await Promise.all(
        numbers.slice(at, at + 16).map(async (number) => {
          const reply = await fetch(`${bureau.url}${prefix}${number}`)
          if (!reply.ok) throw new Error(`${prefix}${number} → ${reply.status}`)
          return [`${prefix}${number}`, Buffer.from(await reply.arrayBuffer())]
        }),
      )),
    )
  }
  return files
}

/** Requests for each processor second of the server while wrk asks. */
async function rate(server, seconds, file, kind, round) {
  const before = server.cpuSeconds
  const report = await load(server.url, 'permits.lua', { connections: kConnections, seconds, args: [file, kind.prefix, kind.suffix, round] })
  return { per_cpu_second: report.requests / (server.cpuSeconds - before), per_second: report.requests / report.seconds, p99_us: report.p99_us }
}

/** Asks for every permit once, as a year of verifications would. */
async function warm(bureau, file, kind, count, say) {
  for (let asked = 0; asked < count; ) {
    say(`asking for each permit once … ${Math.floor((asked / count) * 100)} %`)
    asked += (await load(bureau.url, 'each.lua', { connections: kConnections, seconds: kWarmSeconds, args: [file, kind.prefix, asked] })).requests
  }
}

async function compare(bureau, kind, data, options) {
  const all = join(data.folder, 'permit_numbers.txt')
  const sample = sampleOf(readFileSync(all), options.sample)
  const sampleFile = join(data.folder, 'sample.txt')
  writeFileSync(sampleFile, sample.map((number) => `${number}\n`).join(''))
  const files = await answers(bureau, sample, kind.prefix)
  const nginx = await Nginx.start(files)
  const ours = []
  const peer = []
  try {
    for (let round = 1; round <= options.rounds; round++) {
      ours.push(await rate(bureau, options.seconds, all, kind, round))
      peer.push(await rate(nginx, options.seconds, sampleFile, kind, round))
    }
  } finally {
    await nginx.stop()
  }
  const figure = (list, name) => median(list.map((one) => one[name]))
  const bytes = Math.round(files.reduce((sum, [, body]) => sum + body.length, 0) / files.length)
  return {
    name: kind.name,
    title: kind.title.replace('{issued}', data.issued.toLocaleString('en')),
    ours: Math.round(figure(ours, 'per_cpu_second')),
    peer: Math.round(figure(peer, 'per_cpu_second')),
    peer_name: `nginx serving ${sample.length.toLocaleString('en')} of the same answers from files`,
    unit: 'requests per server CPU second',
    ratio: figure(ours, 'per_cpu_second') / figure(peer, 'per_cpu_second'),
    aim: { at_least: kAim },
    notes: [`${bytes} bytes an answer, ${kConnections} connections; by the clock ${Math.round(figure(ours, 'per_second'))}/s and ${Math.round(figure(peer, 'per_second'))}/s; p99 ${Math.round(figure(ours, 'p99_us') / 1000)} ms and ${Math.round(figure(peer, 'p99_us') / 1000)} ms`],
    spread_percent: Math.max(...[ours, peer].map((list) => spreadPercent(list.map((one) => one.per_cpu_second)))),
  }
}

export async function verify(options, say) {
  const data = await bureauWith(options.permits, say)
  const bureau = await Bureau.start(data.folder, kMeasuredFrom)
  try {
    const results = []
    for (const kind of kinds) {
      if (kind.warm) await warm(bureau, join(data.folder, 'permit_numbers.txt'), kind, data.issued, say)
      say(`${kind.name} …`)
      results.push(await compare(bureau, kind, data, options))
    }
    return results
  } finally {
    await bureau.stop()
  }
}
