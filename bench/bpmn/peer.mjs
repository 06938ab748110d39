// The peer: the same process run by npm bpmn-engine in memory. The model is read once and used again for each instance,
// the quickest of its ways; every task that waits is completed at once.
//   node bench/bpmn/peer.mjs MODEL.bpmn COMPARED SECONDS
// Prints {"instances","tasks","cpu_seconds","results","state_bytes","waiting_state_bytes"}: `results` are the elements
// that each of the first COMPARED instances completed, which also warms it up.
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../parts/places.mjs'
import { approves, kTasksBeforeMiddle } from './model.mjs'

const packages = join(root, 'web/node_modules/bpmn-engine')
const { Engine } = await import(pathToFileURL(join(packages, 'src/index.js')))
const { default: Moddle } = await import(pathToFileURL(join(packages, 'node_modules/bpmn-moddle/dist/index.js')))

const [file, compared, seconds] = process.argv.slice(2)
const moddleContext = await new Moddle().fromXML(readFileSync(file, 'utf8'))
let tasks = 0

const engineFor = (number) => Engine({ name: `bench ${number}`, moddleContext, variables: { approved: approves(number) } })

/** Runs one to its end; `completed` gets its elements. */
async function runToEnd(number, completed = []) {
  const listener = new EventEmitter()
  listener.on('activity.wait', (task) => {
    tasks++
    task.signal({ ok: true })
  })
  listener.on('activity.end', (activity) => completed.push(activity.id))
  const engine = engineFor(number)
  const execution = await engine.execute({ listener })
  if (execution.state !== 'idle') await execution.waitFor('end')
  return engine
}

const bytesOf = async (engine) => Buffer.byteLength(JSON.stringify(await engine.getState()))

/** In the middle of its four tasks. */
async function waitingBytes() {
  const listener = new EventEmitter()
  let signalled = 0
  listener.on('activity.wait', (task) => {
    if (signalled++ < kTasksBeforeMiddle) task.signal({ ok: true })
  })
  const engine = engineFor(1)
  await engine.execute({ listener })
  return bytesOf(engine)
}

const results = []
for (let number = 0; number < Number(compared); number++) {
  const completed = []
  await runToEnd(number, completed)
  results.push(completed.sort())
}
tasks = 0
let instances = 0
const before = process.cpuUsage()
const spent = () => {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
while (spent() < Number(seconds)) await runToEnd(instances++)
const cpuSeconds = spent()
console.log(JSON.stringify({ instances, tasks, cpu_seconds: cpuSeconds, results, state_bytes: await bytesOf(await runToEnd(1)), waiting_state_bytes: await waitingBytes() }))
