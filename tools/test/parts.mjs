// The parts of `./kaigong test`, in the order in which they run.
import { readdirSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { add, doctestCounts, must, nodeTestCounts, root, run } from './process.mjs'

const sanitized = join(root, 'build/sanitize')
const kSanitizerEnv = { ASAN_OPTIONS: 'detect_leaks=1:abort_on_error=0', UBSAN_OPTIONS: 'print_stacktrace=1' }

async function check() {
  let failed = 0
  for (const tool of ['layers', 'house_rules', 'openapi']) {
    const { status } = await run('node', [`tools/check/${tool}.mjs`])
    failed += status === 0 ? 0 : 1
  }
  return { passed: 3 - failed, failed }
}

async function unit() {
  await must('bash', ['-c', 'source tools/launcher/machine.sh; source tools/launcher/build.sh; build_preset sanitize'], { timeoutSeconds: 3000 })
  const counts = {}
  for (const program of readdirSync(join(sanitized, 'server')).filter((f) => f.endsWith('_test')).sort()) {
    const done = await run(join(sanitized, 'server', program), ['--no-intro', '--no-version'], { quiet: true, env: kSanitizerEnv })
    const one = doctestCounts(done)
    console.log(`${one.failed ? '✗' : '✓'} ${program}: ${one.passed} passed, ${one.failed} failed`)
    if (one.failed) console.log(done.output.slice(-8000))
    add(counts, one)
  }
  return counts
}

async function tools() {
  const files = ['tools/demo', 'tools/check', 'tools/test'].flatMap((folder) =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).filter((f) => f.endsWith('.test.mjs')).map((f) => `${folder}/${f}`) : [],
  )
  return nodeTestCounts(await run('node', ['--test', ...files]))
}

async function fuzz({ long }) {
  const seconds = long ? 60 : 10
  const counts = { passed: 0, failed: 0 }
  for (const program of readdirSync(join(sanitized, 'server')).filter((f) => f.endsWith('_fuzz')).sort()) {
    const done = await run(join(sanitized, 'server', program), [`-max_total_time=${seconds}`, '-rss_limit_mb=2048', '-timeout=10', '-print_final_stats=1', '-verbosity=0'], { quiet: true, env: kSanitizerEnv })
    const runs = /stat::number_of_executed_units:\s+(\d+)/.exec(done.output)?.[1] ?? '?'
    console.log(`${done.status ? '✗' : '✓'} ${program}: ${runs} inputs in ${seconds} s`)
    if (done.status) console.log(done.output.slice(-6000))
    counts[done.status ? 'failed' : 'passed'] += 1
  }
  return counts
}

export const parts = [
  { name: 'check', title: 'layers, house rules, OpenAPI', run: check },
  { name: 'unit', title: 'unit, store and engine tests, clang-19 with ASan and UBSan', run: unit },
  { name: 'tools', title: 'tests of the demo player and of the tools', run: tools },
  { name: 'fuzz', title: 'each parser for ten seconds (a minute with --long)', run: fuzz },
]
