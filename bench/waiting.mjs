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
const kDrainMsMax = 300_000

/** One bureau on its folder, and what each round found. */
class Side {
  constructor(folder, cases, catalog) {
    Object.assign(this, { folder, cases, catalog, rounds: [] })
  }

  get bytesACase() {
    return Math.round(statSync(join(this.folder, 'kaigong.db')).size / this.cases)
  }

  async open() {
    const begun = performance.now()
    this.bureau = await Bureau.start(this.folder, kMeasuredFrom, { KAIGONG_CATALOG_FOLDER: this.catalog })
    this.round = { start_s: (performance.now() - begun) / 1000, start_cpu_s: this.bureau.cpuSeconds }
  }

  /** The tasks that are completed next, and the figures before that. */
  async prepare() {
    this.round.started_mib = this.bureau.residentKilobytes / 1024
    this.clerk = this.bureau.client('clerk')
    this.rows = (await this.clerk.get(`/inbox?view=todo&limit=${kOperations}`)).rows
    this.before = { ...(await sweeps(this.bureau)), cpu_s: this.bureau.cpuSeconds }
    this.times = []
  }

  async completeTask(place) {
    const { task_id: task, version } = this.rows[place]
    const begun = performance.now()
    await this.clerk.call('POST', `/tasks/${task}/completion`, { json: { outcome: 'accept', opinion: '同意', checklist: [], points: [] }, key: true, version })
    this.times.push(performance.now() - begun)
  }

  async close() {
    await drained(this.bureau)
    const after = await sweeps(this.bureau)
    this.round.sweep_ms = (1000 * (after.seconds - this.before.seconds)) / (after.count - this.before.count)
    this.round.operation_ms = median(this.times)
    this.round.operation_cpu_ms = (1000 * (this.bureau.cpuSeconds - this.before.cpu_s)) / kOperations
    this.round.used_mib = this.bureau.residentKilobytes / 1024
    this.rounds.push(this.round)
  }

  of(figure) {
    return this.rounds.map((round) => round[figure])
  }
}

const sweeps = async (bureau) => ({
  seconds: await bureau.metric('kaigong_timer_sweep_seconds_sum'),
  count: await bureau.metric('kaigong_timer_sweep_seconds_count'),
})

/** Until the letters that the tasks brought with them are made: the next start finds nothing left over. */
async function drained(bureau) {
  const end = performance.now() + kDrainMsMax
  while ((await bureau.metric('kaigong_events_pending')) > 0) {
    if (performance.now() > end) throw new Error('the news of the completed tasks is not taken')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Both sides are open and complete their tasks by turns, so that whatever else the machine does meets both. */
async function measureRound(sides) {
  try {
    for (const side of sides) await side.open()
    await new Promise((resolve) => setTimeout(resolve, kSettleMs))
    for (const side of sides) await side.prepare()
    for (let place = 0; place < kOperations; place++) for (const side of sides) await side.completeTask(place)
    for (const side of sides) await side.close()
  } finally {
    for (const side of sides) await side.bureau?.stop()
  }
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
  for (let round = 0; round < options.rounds; round++) await measureRound([few, many])
  rmSync(fewFolder, { recursive: true, force: true })
  const middle = (side, figure) => median(side.of(figure)).toFixed(2)
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
      notes: [`${median(few.of('start_s')).toFixed(2)} s with ${cases(few)}; ${middle(many, 'start_cpu_s')} and ${middle(few, 'start_cpu_s')} s of the processor; ${many.bytesACase.toLocaleString('en')} bytes of database a case`],
      spread_percent: spreadPercent(many.of('start_s')),
    },
    growth('waiting_memory', 'memory of the server after its work', 'used_mib', 'MiB resident', [`${Math.round(median(many.of('started_mib')))} MiB after the start, ${Math.round(median(few.of('started_mib')))} with ${cases(few)}`]),
    growth('waiting_operation', 'an officer completes a task over HTTP, one after the other', 'operation_ms', 'ms, median answer', [`${middle(many, 'operation_cpu_ms')} and ${middle(few, 'operation_cpu_ms')} ms of the server's processor each, what follows in the background included; each round takes ${kOperations} of the cases for good`]),
    growth('waiting_timers', 'a look for timers that are due', 'sweep_ms', 'ms, mean'),
  ]
}
