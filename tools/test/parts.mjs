// The parts of `./kaigong test`, in the order in which they begin. `cores`: how many a part keeps busy; all where it does not
// say.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { conformance } from './conformance.mjs'
import { writeSeeds } from './fuzz_seeds.mjs'
import { startMariadb } from '../../tests/api/mariadb.mjs'
import { add, doctestCounts, must, nodeTestCounts, print, rangesOf, root, run, sideBySide, tellFailure } from './process.mjs'

const kBuild = 'set -e; source tools/launcher/machine.sh; source tools/launcher/build.sh;'
const sanitized = join(root, 'build/sanitize')
// Undefined behaviour traps: the sanitizer's handler tells where.
const kSanitizerEnv = { ASAN_OPTIONS: 'detect_leaks=1:abort_on_error=0:handle_sigill=1', ASAN_SYMBOLIZER_PATH: '/usr/lib/llvm-19/bin/llvm-symbolizer' }

/** Programs that each use one core. */
const kCores = availableParallelism()

async function check() {
  let failed = 0
  for (const tool of ['layers', 'house_rules', 'openapi']) {
    const { status } = await run('node', [`tools/check/${tool}.mjs`])
    failed += status === 0 ? 0 : 1
  }
  return { passed: 3 - failed, failed }
}

/** A million random steps of random processes, with crashes: minutes in the release build, an hour with sanitizers. */
const kRandomSteps = '1000000'

async function randomProcesses() {
  await must('bash', ['-c', `${kBuild} build_preset release --target engine_bpmn_test`], { timeoutSeconds: 3000 })
  const program = join(root, 'build/release/server/engine_bpmn_test')
  return doctestCounts(await run(program, ['--no-intro', '--no-version', '--test-case=very many random*'], { env: { KAIGONG_RANDOM_STEPS: kRandomSteps } }))
}

/** The same of the office with its tables, halves side by side: each step is a transaction and a look at the whole case. */
async function randomOffice() {
  await must('bash', ['-c', `${kBuild} build_preset release --target modules_approval_test`], { timeoutSeconds: 3000 })
  const program = join(root, 'build/release/server/modules_approval_test')
  const halves = [1_000, 1_000_000]
  const each = await sideBySide(halves, kCores, async (firstSeed) => {
    const done = await run(program, ['--no-intro', '--no-version', '--test-case=whatever people do in an office at random*'], { quiet: true, timeoutSeconds: 4 * 3600, env: { KAIGONG_RANDOM_STEPS: String(Number(kRandomSteps) / halves.length), KAIGONG_RANDOM_FIRST_SEED: String(firstSeed) } })
    if (done.status) tellFailure(`random office from seed ${firstSeed}`, done.output)
    return doctestCounts(done)
  })
  return each.reduce(add, {})
}

/** Programs that take longer than all others together, in pieces: no core waits for the last of them. */
const kPieces = { modules_approval_test: 4 }

/** What to run: a program, and which of its cases, by their numbers from 1. The longest begin first. */
async function pieces() {
  const programs = readdirSync(join(sanitized, 'server')).filter((f) => f.endsWith('_test')).sort((a, b) => (kPieces[b] ?? 1) - (kPieces[a] ?? 1) || a.localeCompare(b))
  const list = await Promise.all(programs.map(async (program) => {
    const parts = kPieces[program] ?? 1
    if (parts === 1) return [{ program, range: [], name: program, size: 0 }]
    const { output } = await run(join(sanitized, 'server', program), ['--no-intro', '--no-version', '--count'], { quiet: true, env: kSanitizerEnv })
    return rangesOf(Number(/filters: (\d+)/.exec(output)[1]), parts).map(([first, last]) => ({ program, range: [`--first=${first}`, `--last=${last}`], name: `${program} ${first}–${last}`, size: last - first + 1 }))
  }))
  return list.flat()
}

async function unit({ long }) {
  await must('bash', ['-c', `${kBuild} build_preset sanitize`], { timeoutSeconds: 3000 })
  const each = await sideBySide(await pieces(), kCores, async ({ program, range, name, size }) => {
    const done = await run(join(sanitized, 'server', program), ['--no-intro', '--no-version', ...range], { quiet: true, env: { ...kSanitizerEnv, ...(long ? { KAIGONG_LONG: '1' } : {}) } })
    const one = doctestCounts(done, size)
    print(`${one.failed ? '✗' : '✓'} ${name}: ${one.passed} passed, ${one.failed} failed\n`)
    if (one.failed) tellFailure(name, done.output)
    return one
  })
  const counts = each.reduce(add, {})
  if (long) {
    add(counts, await randomProcesses())
    add(counts, await randomOffice())
  }
  return counts
}

async function tools() {
  const files = ['tools/demo', 'tools/papers', 'tools/check', 'tools/test', 'bench'].flatMap((folder) =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).filter((f) => f.endsWith('.test.mjs')).map((f) => `${folder}/${f}`) : [],
  )
  return nodeTestCounts(await run('node', ['--test', ...files]))
}

async function web() {
  await must('bash', ['-c', `${kBuild} npm_ci tools && npm_ci web`], { timeoutSeconds: 1200 })
  // Each of them keeps one core busy. Other parts need the built client too.
  const chores = ['ensure_web', 'npm run --silent --prefix web types', 'npm run --silent --prefix web lint']
  await sideBySide(chores, kCores, (chore) => must('bash', ['-c', `${kBuild} ${chore}`], { timeoutSeconds: 1200 }))
  const { status, output } = await run('npm', ['run', '--silent', '--prefix', 'web', 'test'], { env: { CI: 'true', NO_COLOR: '1' } })
  const read = (word) => Number(new RegExp(`Tests .*?(\\d+) ${word}`).exec(output)?.[1] ?? 0)
  const counts = { passed: read('passed'), failed: read('failed') }
  if (status !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

/** Every shipped package, each on a fresh bureau; on MariaDB three of them, all with --long. */
async function demo({ long }) {
  await must('bash', ['-c', `${kBuild} build_preset release --target kaigong`], { timeoutSeconds: 3000 })
  const cases = readdirSync(join(root, 'catalog')).flatMap((matter) => {
    const folder = join(root, 'catalog', matter, 'cases')
    return existsSync(folder) ? readdirSync(folder).map((name) => `catalog/${matter}/cases/${name}`) : []
  })
  const few = ['school', 'corrected_and_resubmitted', 'refused']
  const plays = [
    ...cases.map((one) => ({ one, database: 'sqlite' })),
    ...cases.filter((one) => long || few.some((name) => one.endsWith(`/${name}`))).map((one) => ({ one, database: 'mariadb' })),
  ]
  const each = await sideBySide(plays, kCores, async ({ one, database }) => {
    const done = await run('./kaigong', ['demo', '--case', one, '--database', database, '--json', '--out', 'test-output/demo'], { quiet: true, timeoutSeconds: 240 })
    print(`${done.status ? '✗' : '✓'} ${one} on ${database}\n`)
    if (done.status) tellFailure(`${one} on ${database}`, done.output)
    return { [done.status ? 'failed' : 'passed']: 1 }
  })
  return each.reduce(add, {})
}

/** node:test files of one folder of tests/, against one of the two binaries. */
async function nodeTests(folder, binary, env = {}, wanted = () => true, atOnce = 1) {
  if (!existsSync(binary)) throw new Error(`${binary} is not built: these tests would all skip`)
  const files = readdirSync(join(root, folder)).filter((f) => f.endsWith('.test.mjs') && wanted(f)).map((f) => `${folder}/${f}`)
  return nodeTestCounts(await run('node', ['--test', `--test-concurrency=${atOnce}`, ...files], { env: { KAIGONG_BINARY: binary, ...env }, timeoutSeconds: 3 * 3600 }))
}

// The libraries that draw (fontconfig, cairo) keep what they loaded: leaks are looked for in the unit tests.
const kServerEnv = { ...kSanitizerEnv, ASAN_OPTIONS: 'detect_leaks=0:handle_sigill=1' }

/** What the templates print and a server issues, judged by programs of others; those that are not here are skipped by name. */
async function papers() {
  await must('bash', ['-c', `${kBuild} npm_ci tools`], { timeoutSeconds: 1200 })
  const program = join(sanitized, 'server/kaigong')
  return add(await nodeTests('tests/pdf', program, kServerEnv), await nodeTests('tests/ofd', program, kServerEnv))
}

/** Hundreds of certificates are drawn here: the release build does it in a minute, the sanitizer's in many. */
const kManyCertificates = 'issuing_at_once.test.mjs'

async function api({ long }) {
  // The page to keep is one of the replies.
  await must('bash', ['-c', `${kBuild} ensure_web`], { timeoutSeconds: 3000 })
  return nodeTests('tests/api', join(sanitized, 'server/kaigong'), { ...kServerEnv, ...(long ? { KAIGONG_LONG: '1' } : {}) }, (file) => file !== kManyCertificates, kCores)
}

/** What openapi.yaml describes, asked rightly and wrongly; whoever looks into a seed sets KAIGONG_FUZZ_SEED. */
async function fuzzApi({ long }) {
  // The page to keep is one of the replies.
  await must('bash', ['-c', `${kBuild} ensure_web`], { timeoutSeconds: 3000 })
  // A hundred thousand requests take minutes on the release build, hours with sanitizers.
  if (long) await must('bash', ['-c', `${kBuild} build_preset release --target kaigong`], { timeoutSeconds: 3000 })
  const program = long ? join(root, 'build/release/server/kaigong') : join(sanitized, 'server/kaigong')
  return nodeTests('tests/openapi_fuzz', program, { ...kServerEnv, ...(long ? { KAIGONG_LONG: '1' } : {}) })
}

/** Clients of others against the authorization server, and what attackers try (RFC 9700). */
async function oauth({ long }) {
  await must('bash', ['-c', `${kBuild} npm_ci tools && ensure_web`], { timeoutSeconds: 3000 })
  const program = join(sanitized, 'server/kaigong')
  const counts = await nodeTests('tests/oauth', program, kServerEnv, () => true, kCores)
  if (!long) return counts
  const mariadb = await startMariadb()
  try {
    return add(counts, await nodeTests('tests/oauth', program, { ...kServerEnv, KAIGONG_TEST_DATABASE: mariadb.url }, () => true, kCores))
  } finally {
    await mariadb.stop()
  }
}

/** The verifier of the server and that of the page, side by side. */
async function verify() {
  await must('bash', ['-c', `${kBuild} npm_ci tools && npm_ci web`], { timeoutSeconds: 1200 })
  return nodeTests('tests/verify', join(sanitized, 'server/kaigong'), kServerEnv)
}

/** Clients of others read the log (skipped where Go or its modules are missing); lying logs and their witness. */
async function ledger() {
  await must('bash', ['-c', `${kBuild} npm_ci web`], { timeoutSeconds: 1200 })
  return nodeTests('tests/ledger', join(sanitized, 'server/kaigong'), kServerEnv)
}

async function issuing({ long }) {
  await must('bash', ['-c', `${kBuild} build_preset release --target kaigong`], { timeoutSeconds: 3000 })
  return nodeTests('tests/api', join(root, 'build/release/server/kaigong'), long ? { KAIGONG_LONG: '1' } : {}, (file) => file === kManyCertificates)
}

/** The program as offices run it. */
async function release() {
  await must('bash', ['-c', `${kBuild} build_preset release --target kaigong`], { timeoutSeconds: 3000 })
  return nodeTests('tests/release', join(root, 'build/release/server/kaigong'))
}

async function dmnConformance() {
  await must('bash', ['-c', `${kBuild} build_preset release --target kaigong`], { timeoutSeconds: 3000 })
  return conformance(join(root, 'build/release/server/kaigong'))
}

async function kill({ long }) {
  await must('bash', ['-c', `${kBuild} build_preset release --target kaigong`], { timeoutSeconds: 3000 })
  const program = join(root, 'build/release/server/kaigong')
  const counts = await nodeTests('tests/kill', program, { KAIGONG_KILL_ROUNDS: long ? '500' : '10' })
  for (const file of long ? ['issuing.test.mjs', 'random_moments.test.mjs'] : []) {
    const mariadb = await startMariadb()
    const environment = { KAIGONG_TEST_DATABASE: mariadb.url, KAIGONG_KILL_ROUNDS: '20' }
    add(counts, await nodeTests('tests/kill', program, environment, (one) => one === file))
    await mariadb.stop()
  }
  return counts
}

/** A case through everything that officers do: two minutes in the browser. */
const kWholeCase = 'eight_departments.test.mjs'

async function journeys({ long }) {
  await must('bash', ['-c', `${kBuild} ensure_web; build_preset release --target kaigong make_cases`], { timeoutSeconds: 3000 })
  const sizes = await run('npm', ['run', '--silent', '--prefix', 'web', 'sizes'])
  if (sizes.status) tellFailure('sizes of the pages', sizes.output)
  // People read and type: most of a journey is waiting.
  const counts = await nodeTests('tests/journeys', join(root, 'build/release/server/kaigong'), long ? { KAIGONG_LONG: '1' } : {}, (file) => long || file !== kWholeCase, kCores + 1)
  return add(counts, { [sizes.status ? 'failed' : 'passed']: 1 })
}

/** Enough to find a crash again: the parsers' seeds are shorter. */
const kCrashBytesShown = 16 * 1024

/** Starts from the repository's own files of the kind; what it finds on the way is thrown away, a crash is printed. */
async function fuzz({ long }) {
  const seconds = long ? 60 : 3
  const programs = readdirSync(join(sanitized, 'server')).filter((f) => f.endsWith('_fuzz')).sort()
  const each = await sideBySide(programs, kCores, async (program) => {
    const folder = mkdtempSync(join(tmpdir(), 'kaigong-fuzz-'))
    const found = join(folder, 'found')
    mkdirSync(found)
    const seeds = writeSeeds(program, join(folder, 'seeds'))
    const done = await run(join(sanitized, 'server', program), [found, join(folder, 'seeds'), `-artifact_prefix=${folder}/`, `-max_total_time=${seconds}`, '-rss_limit_mb=2048', '-timeout=10', '-print_final_stats=1', '-verbosity=0'], { quiet: true, env: { ...kSanitizerEnv, ...(long ? { KAIGONG_LONG: '1' } : {}) } })
    const runs = /stat::number_of_executed_units:\s+(\d+)/.exec(done.output)?.[1] ?? '?'
    print(`${done.status ? '✗' : '✓'} ${program}: ${runs} inputs in ${seconds} s from ${seeds} seeds\n`)
    if (done.status) {
      tellFailure(program, done.output)
      for (const crash of readdirSync(folder).filter((name) => /^(crash|leak|oom|timeout)-/.test(name))) {
        print(`${crash}: ${readFileSync(join(folder, crash)).subarray(0, kCrashBytesShown).toString('base64')}\n`)
      }
    }
    rmSync(folder, { recursive: true })
    return { [done.status ? 'failed' : 'passed']: 1 }
  })
  return each.reduce(add, {})
}

export const parts = [
  { name: 'check', cores: 1, title: 'layers, house rules, OpenAPI', run: check },
  { name: 'tools', cores: 1, title: 'tests of the demo player and of the tools', run: tools },
  { name: 'unit', title: 'unit, store and engine tests, clang-19 with ASan and UBSan', run: unit },
  { name: 'conformance', title: 'the public conformance suite of DMN, and the page that shows its counts', run: dmnConformance },
  { name: 'web', title: 'web client: types, lint, unit tests', run: web },
  { name: 'api', title: 'every route and status, rights, bad input, on the sanitizer build', run: api },
  { name: 'fuzz_api', cores: 1, title: 'a thousand requests drawn from openapi.yaml, fitting, nearly fitting and hostile (a hundred thousand with --long)', run: fuzzApi },
  { name: 'oauth', cores: 1, title: 'the authorization server, by clients of others and by attackers (with --long on MariaDB too)', run: oauth },
  { name: 'verify', cores: 1, title: 'both verifiers over the same files, good and forged', run: verify },
  { name: 'papers', cores: 1, title: 'PDF and OFD of the catalogue, judged by veraPDF, qpdf, poppler, PDFBox, ofdrw and gmsm', run: papers },
  { name: 'ledger', cores: 1, title: 'the log, read by clients of others (Go); lies, witnesses, mirrors, fsck', run: ledger },
  { name: 'kill', cores: 1, title: 'kill -9 under load and at each step of issuing', run: kill },
  { name: 'issuing', title: 'a hundred decisions at once, on SQLite and MariaDB, and three hundred over four regions', run: issuing },
  { name: 'release', cores: 1, title: 'protections of the compiler in the program as it is delivered', run: release },
  { name: 'demo', title: 'application packages played over HTTP, on SQLite and MariaDB', run: demo },
  { name: 'journeys', title: 'what people do, in a browser; sizes of the pages', run: journeys },
  { name: 'fuzz', title: 'each parser for three seconds (a minute with --long)', run: fuzz },
]
