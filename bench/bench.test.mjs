import assert from 'node:assert/strict'
import { test } from 'node:test'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { durableResult } from './bpmn/tools.mjs'
import { certificateResults, stepsText } from './certificate.mjs'
import { flatText, secondsOfTime } from './certificate/peer.mjs'
import { appendResults, proofResult } from './ledger.mjs'
import { scopedResult } from './inbox.mjs'
import { doorResults, kProductionLimits, limitKib, noticed } from './door.mjs'
import { casePage, growthOf, pages } from './desk.mjs'
import { languages, modelXml as processXml, shapeOf, sharedModel, sharedShape } from './bpmn/model.mjs'
import { asFeel, cases, inputs, modelXml, rules } from './dmn/table.mjs'
import { nginxConfiguration } from './parts/nginx.mjs'
import { copyRows } from './parts/mariadb.mjs'
import { programs, root } from './parts/places.mjs'
import { cpuSecondsOf } from './parts/processes.mjs'
import { asJson, asText, met, resultOf } from './parts/report.mjs'
import { median, quantile, spreadPercent } from './parts/statistics.mjs'
import { readReport } from './parts/wrk.mjs'
import { wholeReply } from './parts/posts.mjs'
import { mariadbMissing, startMariadb } from '../tests/api/mariadb.mjs'

test('processor time is read behind a name with spaces and brackets', () => {
  const stat = '17 (a (b) c) S 1 17 17 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 1 0 5 1 1'
  assert.equal(cpuSecondsOf(stat, 100), 3)
  assert.throws(() => cpuSecondsOf('nothing', 100))
})

test('medians, quantiles and how far rounds lie apart', () => {
  assert.equal(median([3, 1, 2]), 2)
  assert.equal(quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.5), 5.5)
  assert.equal(spreadPercent([100, 100, 100]), 0)
  assert.ok(spreadPercent([90, 100, 110]) >= 10)
})

test('what wrk reports is read in seconds, and a run without a report is an error', () => {
  assert.deepEqual(readReport('noise\nreport 10 1 2000000 300 900\n'), { requests: 10, errors: 1, seconds: 2, p50_us: 300, p99_us: 900 })
  assert.throws(() => readReport('unable to connect'))
})

test('the peer listens on this machine only', () => {
  const listens = nginxConfiguration('/tmp/x', 8080).match(/listen [^;]+/g)
  assert.deepEqual(listens, ['listen 127.0.0.1:8080'])
})

test('a result says whether its aim was met, and prints the documented shape', () => {
  const result = { name: 'verify', title: 't', ours: 30, peer: 60, peer_name: 'p', unit: 'u', ratio: 0.5, aim: { at_least: 0.5 }, spread_percent: 3 }
  assert.ok(met(result))
  assert.ok(!met({ ...result, ratio: 0.49 }))
  assert.ok(!met({ ...result, aim: { below: 0.5 } }))
  assert.deepEqual(asJson([result]), [{ name: 'verify', ours: 30, peer: 60, peer_name: 'p', unit: 'u', ratio: 0.5 }])
  assert.match(asText(result), /✓ verify/)
})

test('rounds become one result: medians, and the median of the ratios of each round', () => {
  const rounds = [
    { ours: 10, peer: 1 },
    { ours: 30, peer: 2 },
    { ours: 20, peer: 4 },
  ]
  const result = resultOf('bpmn', 't', rounds, { peer_name: 'p', unit: 'u', aim: { at_least: 10 } })
  assert.deepEqual([result.ours, result.peer, result.ratio, result.spread_percent], [20, 2, 10, 75])
  assert.ok(met(result))
})

test('durable tasks are compared by the clock, and what the processor says is told', () => {
  const figures = (perSecond, perCpuSecond) => ({ per_second: perSecond, per_cpu_second: perCpuSecond, for_a_commit: 30, rows: 49 })
  const result = durableResult('bpmn_durable', 't', [{ ours: figures(60, 200), peer: figures(100, 500) }], 'an instance')
  assert.deepEqual([result.ours, result.peer, result.ratio], [60, 100, 0.6])
  assert.ok(met(result))
  assert.match(result.notes[0], /ratio 0\.40/)
})

test('a reply counts when all of it is there, and the next one stays in the buffer', () => {
  const one = 'HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}'
  assert.equal(wholeReply(Buffer.from(one.slice(0, -1))), null)
  assert.equal(wholeReply(Buffer.from('HTTP/1.1 201 Cre')), null)
  assert.deepEqual(wholeReply(Buffer.from(`${one}HTTP`)), { total: one.length, status: 201, body: '{}' })
  assert.throws(() => wholeReply(Buffer.from('HTTP/1.1 201 Created\r\n\r\n')))
})

test('the measured table and its inputs are always the same', () => {
  assert.equal(rules().length, 20)
  assert.deepEqual(rules()[4], { cells: ['"construction","demolition"', '[200..600)', '[7..34]', '-', '[date("2026-01-01")..date("2026-12-31")]'], output: '"R05"' })
  assert.equal(cases().length, 256)
  assert.deepEqual(cases()[0], { permitType: 'occupancy', area: 396, height: 28, zone: 'green belt', submitted: '2026-09-19' })
  assert.match(asFeel(cases()[0]), /submitted: date\("2026-09-19"\)/)
  assert.equal((modelXml().match(/<rule>/g) ?? []).length, 20)
})

const kShared = join(root, '../shared/bench/permit-precheck.json')
test('it is the table that the peer was measured with', { skip: existsSync(kShared) ? false : 'the shared table is not here' }, () => {
  const shared = JSON.parse(readFileSync(kShared, 'utf8'))
  assert.deepEqual(shared.inputs, inputs.map(({ name, type }) => [name, type]))
  assert.deepEqual(shared.rules, rules().map(({ cells, output }) => ({ in: cells, out: output })))
})

for (const language of Object.keys(languages)) {
  test(`the measured process with ${language} is the one that the peer was measured with`, { skip: sharedModel(language) ? false : 'the shared model is not here' }, () => {
    assert.deepEqual(shapeOf(processXml(language)), sharedShape(language))
  })
}

test('a process with another flow, or another condition, has another shape', () => {
  const xml = processXml('feel')
  for (const [from, to] of [['sourceRef="fork" targetRef="dept_d"', 'sourceRef="fork" targetRef="dept_c"'], ['=approved', '=not(approved)']]) {
    assert.notDeepEqual(shapeOf(xml.replace(from, to)), shapeOf(xml))
  }
})

test('a page that grows too slow beside the small bureau must be mended, whatever a single round says', () => {
  const page = { name: 'desk_late', title: 't' }
  const sizes = [1_000_000, 10_000]
  const round = (ours, peer) => ({ ours: [ours, ours, 3 * ours], peer: [peer, peer, peer] })
  const slow = growthOf(page, [round(10, 10), round(16, 10), round(17, 10)], sizes)
  assert.deepEqual([slow.ours, slow.peer, slow.ratio], [17, 10, 1.7])
  assert.ok(slow.must && !met(slow))
  assert.ok(met(growthOf(page, [round(14, 10), round(14, 10)], sizes)))
  assert.match(slow.notes[0], /\d+\.\d ms, at the small bureau 10\.0 ms/)
})

test('each page of the desk is asked for by somebody, a case with all that its page needs', () => {
  const row = { task_id: 'T', application_id: 'A', matter_code: 'M' }
  for (const page of pages) assert.ok(page.account && page.asks(row).flat().every((path) => path.startsWith('/')), page.name)
  assert.deepEqual(casePage(row)[0], ['/tasks/T'])
  assert.ok(casePage(row).flat().includes('/applications/A/progress'))
})

const kSteps = { fill: 2, 'certificate.pdf: signature, packing': 1, 'pdf/write': 6, 'pdf/CMS': 4 }
const setsOf = (sets, seconds) => ({ sets, pages: 2, bytes: { 'certificate.pdf': 250_000 }, first_cpu_seconds: 0.2, cpu_seconds: seconds, steps: kSteps })

test('sets of certificates are held against the aim, their PDF and its signature against the peers', () => {
  const results = certificateResults([{ school: setsOf(30, 1), worst: setsOf(5, 1), page: 0.5, signature: 0.02 }])
  assert.deepEqual(results.map(({ name, ours, peer, ratio }) => [name, ours, peer, ratio]), [
    ['certificate', 30, 25, 1.2],
    ['certificate_worst', 5, 25, 0.2],
    ['certificate_pdf', 125, 2, 62.5],
    ['certificate_signature', 250, 50, 5],
  ])
  assert.deepEqual(results.map(met), [true, false, true, true])
  assert.match(results[0].notes[0], /pdf 250 kB; the first set of a process takes 200 ms/)
  assert.deepEqual(stepsText(kSteps), ['ms of CPU a set: fill 2.00, certificate.pdf: signature, packing 1.00', 'of these alone: pdf/write 6.00, pdf/CMS 4.00'])
})

test('the peer gets every line in its size, each page on a new one, and markup stays text', () => {
  const xml = flatText([[{ line: 'A & <B>', size_pt: 9 }, { line: '乙', size_pt: 12 }], [{ line: '丙', size_pt: 9 }]])
  assert.deepEqual(xml.match(/<text:p[^>]*>[^<]*/g), ['<text:p text:style-name="S0">A &amp; &lt;B&gt;', '<text:p text:style-name="S1">乙', '<text:p text:style-name="B0">丙'])
  assert.match(xml, /style:name="B0" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/)
  assert.equal(secondsOfTime('1.250 0.250\n'), 1.5)
  assert.throws(() => secondsOfTime('bash: soffice: command not found'))
})

test('appends are compared by the clock until a checkpoint covers them, the lag by its worst', () => {
  const ours = { entries: 1_000, entry_bytes: 600, seconds: 2, queued_seconds: 1.5, cpu_seconds: 1, commits: 20, rounds: 8, lag_ms: { p50: 150, p99: 400, max: 1_200 } }
  const peer = { entries: 1_000, seconds: 1, cpu_seconds: 0.1, commits: 16 }
  const office = { ...ours, lag_ms: { ...ours.lag_ms, max: 1_300 } }
  const [appended, lag] = appendResults([{ ours, peer, office }])
  assert.deepEqual([appended.ours, appended.peer, appended.ratio, met(appended)], [500, 1_000, 0.5, true])
  assert.deepEqual([lag.ours, lag.ratio, met(lag)], [1_300, 1.3, false])
  assert.match(appended.notes[0], /ratio 0\.10; a group of the peer took 62\.5 ms/)
  assert.match(appended.notes[1], /50\.0 entries a COMMIT .* 62\.5 a sync; 1000 and 100 µs/)
  const figures = { p50: 1, p99: 2, max: 3 }
  const proof = proofResult({ entries: 10_000_000, seconds: 9, proof_bytes: figures, prove_ms: figures, verify_ms: figures })
  assert.deepEqual([proof.ours, proof.ratio, met(proof)], [3, 0.06, true])
})

const kMeasuring = ['make_certificates', 'append_entries'].map((name) => join(programs, name))
test('the measuring programs say what the results are made of', { skip: kMeasuring.every(existsSync) ? false : 'not built' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaigong-bench-'))
  const tool = (program, ...args) => JSON.parse(execFileSync(program, args.map(String), { encoding: 'utf8' }))
  const empty = (name) => mkdtempSync(join(folder, name))
  try {
    const form = join(root, 'catalog/construction-permit/certificate.json')
    const [school, worst] = ['school', 'worst'].map((which) => tool(kMeasuring[0], 'run', form, which, 2, empty(which)))
    assert.ok(certificateResults([{ school, worst, page: 1, signature: 1 }]).every(({ ours }) => ours > 0))
    assert.deepEqual(Object.keys(school.bytes), ['certificate.json', 'certificate.ofd', 'certificate.pdf', 'certificate.xml'])
    assert.ok(worst.pages > school.pages)
    assert.equal(tool(kMeasuring[0], 'text', form, 'worst').length, worst.pages)
    const ours = tool(kMeasuring[1], 'append', empty('ours'), 8, 300, 1)
    const peer = tool(kMeasuring[1], 'bare', empty('peer'), 8, 300, ours.entry_bytes)
    assert.ok(appendResults([{ ours, peer, office: ours }]).every((one) => one.ours > 0))
    assert.ok(proofResult(tool(kMeasuring[1], 'prove', empty('large'), 70_000, 20)).ours > 0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('rows go from SQLite to MariaDB as they are, whatever they hold', { skip: mariadbMissing }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaigong-copy-'))
  const file = join(folder, 'kaigong.db')
  const server = await startMariadb({ above: folder })
  try {
    const sql = (text) => execFileSync('mariadb', ['--no-defaults', `--socket=${server.socket}`, '-uroot', '--batch', '--skip-column-names', 'kaigong', '-e', text], { encoding: 'utf8' }).trim()
    const table = (number, text, bytes) => `CREATE TABLE odd (id ${number} NOT NULL, words ${text}, raw ${bytes}, PRIMARY KEY (id))`
    const rows = "INSERT INTO odd VALUES (1, NULL, NULL), (2, '', x''), (3, '标签\t换行\n回车\r反斜杠\\n“引号”\\N', x'00ff0a095c'), (-9007199254740993, '\\N', x'27')"
    execFileSync('sqlite3', [file, `${table('INTEGER', 'TEXT', 'BLOB')}; ${rows}`])
    sql(table('BIGINT', 'LONGTEXT', 'LONGBLOB'))
    const ran = (dialect) => `CREATE TABLE schema_migrations (name VARCHAR(60), checksum VARCHAR(20)); INSERT INTO schema_migrations VALUES ('approval/0001', 'as ${dialect} has it')`
    execFileSync('sqlite3', [file, ran('SQLite')])
    sql(ran('MariaDB'))
    await copyRows(server, file, () => {})
    const asHex = "SELECT id, hex(words), hex(raw) FROM odd ORDER BY id"
    const here = execFileSync('sqlite3', ['-separator', '\t', '-nullvalue', 'NULL', file, asHex.replace(/hex\((\w+)\)/g, 'CASE WHEN $1 IS NULL THEN NULL ELSE hex($1) END')], { encoding: 'utf8' }).trim()
    assert.equal(sql(asHex), here)
    assert.equal(sql('SELECT checksum FROM schema_migrations'), 'as MariaDB has it')
    sql('TRUNCATE odd; ALTER TABLE odd MODIFY words VARCHAR(5)')
    await assert.rejects(copyRows(server, file, () => {}), /odd does not take every value/)
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true })
  }
})

const read = (p99, failed = 0) => ({ p50: 1, p99, count: 100, failed, slowest: { ms: p99, path: '/x?y' } })

test('a read that is refused under attack counts as the slowest there is', () => {
  const times = Array.from({ length: 98 }, () => 2)
  assert.equal(noticed({ times_ms: [...times, 3, 3], failed: [], slowest: {} }).p99 < 4, true)
  const refused = noticed({ times_ms: times, failed: ['no answer', 'no answer'], slowest: {} })
  assert.deepEqual([refused.failed, refused.count, refused.p99 > 1_000], [2, 100, true])
})

test('each attack is held against the quiet time, memory against a limit that is named', () => {
  const attackers = { open: 5_000, answers: { 429: 7 } }
  const attacked = (p99, peak_kib) => ({ ...read(p99), peak_kib, attackers })
  const figures = { quiet: read(2), quiet_again: read(3), quiet_kib: 100_000, slow: attacked(9.9, 150_000), crowd: attacked(10.1, 160_000), flood: attacked(4, 120_000), recovery: read(3), hashing: attacked(6.1, 0) }
  const results = Object.fromEntries(doorResults(figures).map((one) => [one.name, one]))
  assert.deepEqual(Object.entries(results).filter(([, one]) => !met(one)).map(([name]) => name), ['door_crowd', 'door_hashing'])
  assert.ok(Object.values(results).every((one) => one.must))
  assert.equal(results.door_memory.ratio, 160_000 / limitKib(100_000))
  assert.match(results.door_slow.notes.join(' '), /attackers hold 5000 connections; answers to them: 429 7/)
})

test('the door is measured with the limits that a production server has by itself', () => {
  const serve = readFileSync(join(root, 'server/app/serve.cpp'), 'utf8')
  for (const [name, value] of Object.entries(kProductionLimits)) {
    const key = name.replace('KAIGONG_SERVER_LIMITS_', '').toLowerCase()
    assert.match(serve, new RegExp(`"${key}",[^;]*\\b${value}\\b`), key)
  }
})

test('of the lists with a scope the one that it slowed down most stands for all', () => {
  const lists = [
    { officer: 'clerk', list: 'todo', rows: 50, scoped_us: 100, unscoped_us: 100, bureau_us: 400 },
    { officer: 'fire', list: 'permits', rows: 50, scoped_us: 300, unscoped_us: 150, bureau_us: 300 },
  ]
  const result = scopedResult(lists, 1_000_000)
  assert.equal(result.ratio, 2)
  assert.ok(result.must && !met(result))
  assert.match(result.notes[0], /clerk todo 1\.00, fire permits 2\.00/)
  assert.match(result.notes[1], /clerk todo 0\.25, fire permits 1\.00/)
  assert.ok(met(scopedResult(lists.slice(0, 1), 1_000_000)))
})
