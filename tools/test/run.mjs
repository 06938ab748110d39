// The test runner behind `./kaigong test`: parts in order, those of one core side by side, each timed, all counted; ends with "N passed, N failed".
import { availableParallelism } from 'node:os'
import { parts } from './parts.mjs'
import { print, tellFailure, toldFailures } from './process.mjs'
import { cpuSecondsOfChildren, schedule } from './schedule.mjs'

const args = process.argv.slice(2)
const long = args.includes('--long')
const names = args.filter((a) => !a.startsWith('--'))
const unknown = names.filter((n) => !parts.some((p) => p.name === n))
if (unknown.length) {
  console.error(`Unknown part: ${unknown.join(', ')}. Parts: ${parts.map((p) => p.name).join(', ')}`)
  process.exit(2)
}

const chosen = parts.filter((p) => !names.length || names.includes(p.name))
const total = { passed: 0, failed: 0, skipped: 0 }
const rows = []
const began = Date.now()
await schedule(chosen, availableParallelism(), (text) => process.stdout.write(text), async (part) => {
  print(`\n── ${part.name}: ${part.title}\n`)
  const begun = Date.now()
  let counts
  try {
    counts = await part.run({ long })
  } catch (fault) {
    print(`${fault.stack ?? fault}\n`)
    tellFailure(part.name, String(fault.stack ?? fault))
    counts = { passed: 0, failed: 1, skipped: 0 }
  }
  const seconds = ((Date.now() - begun) / 1000).toFixed(1)
  rows.push({ name: part.name, seconds, ...counts })
  for (const key of Object.keys(total)) total[key] += counts[key] ?? 0
})

for (const { name, tail } of toldFailures()) console.log(`\n✗ ${name}\n${tail}`)

console.log('\npart              seconds   passed   failed  skipped')
for (const r of rows) {
  console.log(`${r.name.padEnd(16)} ${String(r.seconds).padStart(8)} ${String(r.passed).padStart(8)} ${String(r.failed).padStart(8)} ${String(r.skipped ?? 0).padStart(8)}`)
}
console.log(`\n${((Date.now() - began) / 1000).toFixed(0)} s, ${cpuSecondsOfChildren().toFixed(0)} s of processors (${availableParallelism()} cores)`)
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed || total.passed === 0 ? 1 : 0)
