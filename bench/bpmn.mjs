// bpmn: one process from its start to its end in memory, ours and bpmn-engine by turns, each result compared; the bytes
// of its saved state; and completed tasks that are on disk (bpmn/durable.mjs, bpmn/completions.mjs).
import { deepEqual, equal } from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { completions } from './bpmn/completions.mjs'
import { durable } from './bpmn/durable.mjs'
import { kTasks, kTasksBeforeMiddle, modelFiles } from './bpmn/model.mjs'
import { dataRoot, programs, root } from './parts/places.mjs'
import { run } from './parts/processes.mjs'
import { resultOf } from './parts/report.mjs'

/** Instances whose way is compared before it is measured: each tenth is refused. */
const kCompared = 100
const kStateBytesMax = 1_000
/** A processor second may take long on a busy machine. */
const kWaitMs = 600_000

const folder = join(dataRoot, 'bpmn')

async function round(files, seconds) {
  const ours = JSON.parse(await run(join(programs, 'run_instances'), [files.feel, kCompared, kTasksBeforeMiddle, seconds].map(String), { timeoutMs: kWaitMs }))
  const peer = JSON.parse(await run('node', [join(root, 'bench/bpmn/peer.mjs'), files.javascript, String(kCompared), String(seconds)], { timeoutMs: kWaitMs }))
  deepEqual(ours.results, peer.results, 'the two engines go different ways')
  for (const one of [ours, peer]) equal(one.tasks, one.instances * kTasks, 'not every task was completed')
  return { ours, peer }
}

const perSecond = ({ instances, cpu_seconds: seconds }) => instances / seconds
const refused = (results) => results.filter((one) => one.includes('refused')).length

async function inMemory(files, options, say) {
  say('bpmn …')
  const rounds = []
  for (let at = 0; at < options.rounds; at++) rounds.push(await round(files, options.seconds))
  const { version } = JSON.parse(readFileSync(join(root, 'web/node_modules/bpmn-engine/package.json'), 'utf8'))
  const { ours, peer } = rounds[0]
  const was = `bpmn-engine ${version}`
  return [
    resultOf('bpmn', `a process of ${kTasks} tasks, four of them at once, in memory`, rounds.map((one) => ({ ours: perSecond(one.ours), peer: perSecond(one.peer) })), {
      peer_name: `${was}, the same ways`,
      unit: 'instances per CPU second',
      aim: { at_least: 100 },
      notes: [`${files.shared ? 'the model of ../shared/bench' : 'our own copy of the model, because ../shared/bench is not here'}; of ${kCompared} compared instances ${refused(ours.results)} were refused by both, each with ${kTasks} tasks`],
    }),
    resultOf('bpmn_state_bytes', 'the saved state of such an instance at its end', [{ ours: ours.state_bytes, peer: kStateBytesMax }], {
      peer_name: 'the limit',
      unit: 'bytes',
      aim: { below: 1 },
      notes: [`${was} needs ${peer.state_bytes.toLocaleString('en')}; in the middle of the four tasks ours needs ${ours.waiting_state_bytes.toLocaleString('en')}, ${was} ${peer.waiting_state_bytes.toLocaleString('en')}`],
    }),
  ]
}

export async function bpmn(options, say) {
  mkdirSync(folder, { recursive: true })
  const files = modelFiles(folder)
  if (!files.shared) say('../shared/bench is not here: measuring our own copy of its model')
  return [...(await inMemory(files, options, say)), ...(await durable(files.feel, options, say)), ...(await completions(options, say))]
}
