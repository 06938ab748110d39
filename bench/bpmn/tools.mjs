// What both durable measurements of a process need: its programs, their figures, a result with its notes.
import { join } from 'node:path'
import { programs } from '../parts/places.mjs'
import { run } from '../parts/processes.mjs'
import { resultOf } from '../parts/report.mjs'

export const kClients = 64
const kAim = 0.5
const kWaitMs = 600_000

export const databaseOf = (folder) => join(folder, 'kaigong.db')
export const tool = async (name, ...args) => run(join(programs, name), args.map(String), { timeoutMs: kWaitMs })

export const figuresOf = ({ tasks, commits, seconds, cpu_seconds: cpuSeconds, rows }) => ({ tasks, rows, per_second: tasks / seconds, per_cpu_second: tasks / cpuSeconds, for_a_commit: tasks / commits })

export const measured = (printed) => figuresOf(JSON.parse(printed))

/** The rows noted in one folder about the first of the subjects, written into the other's database about each of them. */
export async function bare(noted, folder, subjects) {
  const { acts, ...figures } = JSON.parse(await tool('bare_loop', 'run', databaseOf(noted), databaseOf(folder), kClients, subjects))
  return figuresOf({ ...figures, tasks: acts })
}

const shown = (one) => `${Math.round(one.per_second)} by the clock and ${Math.round(one.per_cpu_second)} a CPU second, ${one.for_a_commit.toFixed(1)} a COMMIT`

/** `rounds`: `{ ours, peer }` of figures. Compared by the clock; what the processor says is a note. */
export function durableResult(name, title, rounds, rowsWord) {
  const by = (key) => rounds.map(({ ours, peer }) => ({ ours: ours[key], peer: peer[key] }))
  const cpu = resultOf(name, title, by('per_cpu_second'), {})
  const { ours, peer } = rounds[0]
  return resultOf(name, title, by('per_second'), {
    peer_name: `a bare loop of ${kClients} clients and one writer, the same ${peer.rows} row changes ${rowsWord}`,
    unit: 'tasks per second',
    aim: { at_least: kAim },
    notes: [`by processor time ${cpu.ours.toLocaleString('en')} and ${cpu.peer.toLocaleString('en')} a CPU second, ratio ${cpu.ratio.toFixed(2)}`, `first round: ours ${shown(ours)}; peer ${shown(peer)}`],
  })
}
