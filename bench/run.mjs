// Benchmarks beside their peers.
//   node bench/run.mjs [NAME…] [--json] [--permits N] [--waiting N] [--rounds N] [--seconds N] [--database sqlite|mariadb (desk)]
//       [--sets N (certificate)] [--entries N (ledger)] [--log N (ledger)]
// Exit 0: measured (a missed aim is said, not an error; of `desk`, `door` and `inbox_scoped` it is one) · 1: something went wrong · 2: wrong use.
import { cpus, loadavg } from 'node:os'
import { bpmn } from './bpmn.mjs'
import { certificate } from './certificate.mjs'
import { desk } from './desk.mjs'
import { dmn } from './dmn.mjs'
import { door } from './door.mjs'
import { inbox } from './inbox.mjs'
import { ledger } from './ledger.mjs'
import { asJson, asText, met } from './parts/report.mjs'
import { submit } from './submit.mjs'
import { verify } from './verify.mjs'
import { waiting } from './waiting.mjs'

const benches = { verify, inbox, desk, submit, dmn, bpmn, waiting, certificate, ledger, door }
const kUsage = `bench [${Object.keys(benches).join('|')}]… [--json] [--permits N] [--waiting N] [--rounds N] [--seconds N] [--database sqlite|mariadb] [--sets N] [--entries N] [--log N]`

function wrongUse(message) {
  console.error(`bench: ${message}\n${kUsage}`)
  process.exit(2)
}

function optionsOf(argv) {
  const options = { names: [], json: false, permits: 1_000_000, waiting: 1_000_000, few_cases: 10_000, rounds: 5, seconds: 4, sample: 10_000, submissions: 2_000, sets: 60, entries: 20_000, log: 10_000_000, database: 'sqlite' }
  for (let i = 0; i < argv.length; i++) {
    const number = () => {
      const value = Number(argv[++i])
      if (!Number.isInteger(value) || value < 1) wrongUse(`${argv[i - 1]} needs a number`)
      return value
    }
    if (argv[i] === '--json') options.json = true
    else if (argv[i] === '--database' && ['sqlite', 'mariadb'].includes(argv[i + 1])) options.database = argv[++i]
    else if (['--permits', '--waiting', '--rounds', '--seconds', '--submissions', '--sets', '--entries', '--log'].includes(argv[i])) options[argv[i].slice(2)] = number()
    else if (benches[argv[i]]) options.names.push(argv[i])
    else wrongUse(`unknown: ${argv[i]}`)
  }
  options.seconds_short = Math.max(1, Math.round(options.seconds / 2))
  if (!options.names.length) options.names = Object.keys(benches)
  return options
}

const options = optionsOf(process.argv.slice(2))
const say = (line) => console.error(`  ${line}`)
const results = []
if (!options.json) console.log(`${cpus().length} cores, load ${loadavg()[0].toFixed(1)} at the beginning; medians of ${options.rounds} rounds, ours and the peer by turns`)
try {
  for (const name of options.names) {
    const measured = await benches[name](options, say)
    results.push(...measured)
    if (!options.json) for (const one of measured) console.log(asText(one))
  }
} catch (error) {
  console.error(`bench: ${error.stack}`)
  process.exitCode = 1
}
if (options.json) console.log(JSON.stringify(asJson(results), null, 2))
else console.log(`${results.filter(met).length} of ${results.length} aims met; load ${loadavg()[0].toFixed(1)} at the end`)
// Of these the issue says how they must grow.
if (results.some((one) => one.must && !met(one))) process.exitCode = 1
process.exit()
