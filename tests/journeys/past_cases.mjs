// Ten thousand past cases for a journey: a few filed and issued by the demo's actors, then multiplied by bench/generator as the benchmarks do.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { binary } from '../api/binary.mjs'

const program = join(dirname(binary), '../bench/make_cases')
const kMakeMs = 180_000

/** Multiplies cases of a stopped bureau: `issued` copies of one that has its permit, `open` of those under way, each as often. */
export function multiply(bureau, { issued, open, issuedId, openIds, nowOn }) {
  const plan = join(bureau.folder, 'plan.json')
  const weigh = (id) => ({ application_id: id, weight: 1 })
  writeFileSync(plan, JSON.stringify({ data: bureau.folder, seed: 1, issued, open, regions: ['330106'], now_on: nowOn, issued_patterns: [weigh(issuedId)], open_patterns: openIds.map(weigh) }))
  const done = spawnSync(program, [plan], { encoding: 'utf8', timeout: kMakeMs })
  if (done.status !== 0) throw new Error(`make_cases: ${done.error?.message ?? done.stderr.slice(-2000)}`)
}
