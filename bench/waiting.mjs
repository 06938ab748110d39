// waiting: how a bureau with a million cases, of which each waits for a person and a timer, differs from one with ten
// thousand: its start, its memory, an operation, and the look for timers that are due.
import { cpSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Bureau } from './parts/bureau.mjs'
import { bureauWaiting, waitingCatalog } from './parts/data.mjs'
import { dataRoot } from './parts/places.mjs'
import { kMeasuredFrom } from './parts/seed.mjs'
import { median, spreadPercent } from './parts/statistics.mjs'

const kStartSecondsMax = 5
const kGrowthMax = 1.5
const kOperations = 100
/** The hourly round and the look for timers begin with the server: its memory is read when they have run. */
const kSettleMs = 3_000

/** One bureau on its folder; each `round` starts it, completes tasks, and stops it. */
class Side {
  constructor(folder, cases, catalog) {
    Object.assign(this, { folder, cases, catalog, rounds: [] })
  }

  get bytesACase() {
    return Math.round(statSync(join(this.folder, 'kaigong.db')).size / this.cases)
  }

  async round() {
    const begun = performance.now()
    const bureau = await Bureau.start(this.folder, kMeasuredFrom, { KAIGONG_CATALOG_FOLDER: this.catalog })
    try {
      const start_s = (performance.now() - begun) / 1000
      await new Promise((resolve) => setTimeout(resolve, kSettleMs))
      const started_mib = bureau.residentKilobytes / 1024
      const before = await sweeps(bureau)
      const times = await completeTasks(bureau, kOperations)
      const after = await sweeps(bureau)
      const sweep_ms = (1000 * (after.seconds - before.seconds)) / (after.count - before.count)
      this.rounds.push({ start_s, started_mib, used_mib: bureau.residentKilobytes / 1024, operation_ms: median(times), sweep_ms })
    } finally {
      await bureau.stop()
    }
  }

  of(figure) {
    return this.rounds.map((round) => round[figure])
  }
}

const sweeps = async (bureau) => ({
  seconds: await bureau.metric('kaigong_timer_sweep_seconds_sum'),
  count: await bureau.metric('kaigong_timer_sweep_seconds_count'),
})

/** An officer completes the most urgent tasks one after the other; milliseconds of each. */
async function completeTasks(bureau, count) {
  const clerk = bureau.client('clerk')
  const { rows } = await clerk.get(`/inbox?view=todo&limit=${count}`)
  const times = []
  for (const row of rows) {
    const begun = performance.now()
    await clerk.call('POST', `/tasks/${row.task_id}/completion`, { json: { outcome: 'accept', opinion: '同意', checklist: [], points: [] }, key: true, version: row.version })
    times.push(performance.now() - begun)
  }
  return times
}

export async function waiting(options, say) {
  const catalog = waitingCatalog()
  const fewFolder = join(dataRoot, 'waiting-few')
  const few = new Side(fewFolder, options.few_cases, catalog)
  const kept = await bureauWaiting(options.few_cases, say)
  rmSync(fewFolder, { recursive: true, force: true })
  cpSync(kept.folder, fewFolder, { recursive: true })
  const many = new Side((await bureauWaiting(options.waiting, say)).folder, options.waiting, catalog)
  say('waiting …')
  for (let round = 0; round < options.rounds; round++) {
    await few.round()
    await many.round()
  }
  rmSync(fewFolder, { recursive: true, force: true })
  const cases = (side) => `${side.cases.toLocaleString('en')} waiting cases`
  const ratios = (figure) => many.of(figure).map((value, round) => value / few.of(figure)[round])
  const growth = (name, title, figure, unit, notes = []) => ({
    name,
    title: `${title}, ${cases(many)} with a timer each`,
    ours: Number(median(many.of(figure)).toFixed(3)),
    peer: Number(median(few.of(figure)).toFixed(3)),
    peer_name: `the same with ${cases(few)}`,
    unit,
    ratio: median(many.of(figure)) / median(few.of(figure)),
    aim: { below: kGrowthMax },
    notes,
    spread_percent: spreadPercent(ratios(figure)),
  })
  const start_s = median(many.of('start_s'))
  return [
    {
      name: 'waiting_start',
      title: `from the start of the process until /readyz says yes, ${cases(many)} with a timer each`,
      ours: Number(start_s.toFixed(2)),
      peer: kStartSecondsMax,
      peer_name: 'its limit',
      unit: 's',
      ratio: start_s / kStartSecondsMax,
      aim: { below: 1 },
      notes: [`${median(few.of('start_s')).toFixed(2)} s with ${cases(few)}; ${many.bytesACase.toLocaleString('en')} bytes of database a case`],
      spread_percent: spreadPercent(many.of('start_s')),
    },
    growth('waiting_memory', 'memory of the server after its work', 'used_mib', 'MiB resident', [`${Math.round(median(many.of('started_mib')))} MiB after the start, ${Math.round(median(few.of('started_mib')))} with ${cases(few)}`]),
    growth('waiting_operation', `an officer completes a task over HTTP, one after the other`, 'operation_ms', 'ms, median answer', [`each round takes ${kOperations} of the cases for good`]),
    growth('waiting_timers', 'a look for timers that are due', 'sweep_ms', 'ms, mean'),
  ]
}
