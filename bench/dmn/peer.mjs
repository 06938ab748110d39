// The peer: the same table decided with feelin, the engine of the web client's form conditions. It has no decision
// tables, so each cell is one call of its public unary test; it parses the text each time, as its users do.
//   node bench/dmn/peer.mjs SECONDS      prints {"decisions","cpu_seconds","results"}
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../parts/places.mjs'
import { cases, inputs, rules } from './table.mjs'

const { evaluate, unaryTest } = await import(pathToFileURL(join(root, 'web/node_modules/feelin/dist/index.js')))
const plain = (result) => (result !== null && typeof result === 'object' && 'value' in result ? result.value : result)

const table = rules()
const given = cases().map((one) => ({ ...one, submitted: plain(evaluate(`date("${one.submitted}")`)) }))

const fits = (cells, one) => cells.every((cell, at) => cell === '-' || plain(unaryTest(cell, { ...one, '?': one[inputs[at].name] })) === true)

function decide(one) {
  const rule = table.find(({ cells }) => fits(cells, one))
  return rule ? plain(evaluate(rule.output, one)) : null
}

const seconds = Number(process.argv[2])
const results = given.map(decide)
const before = process.cpuUsage()
const spent = () => {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
let decisions = 0
while (spent() < seconds) {
  for (let i = 0; i < 32; i++) decide(given[decisions++ % given.length])
}
console.log(JSON.stringify({ decisions, cpu_seconds: spent(), results }))
