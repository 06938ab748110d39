// A bureau with many cases, made once and kept: patterns played, then multiplied by bench/generator.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Bureau } from './bureau.mjs'
import { dataRoot, programs, root } from './places.mjs'
import { run } from './processes.mjs'
import { kIssuedFrom, kOpenFrom, playPatterns, playWaiting } from './seed.mjs'

const kRegions = ['330106', '330105', '330108', '330109']
const kGenerateMsMax = 40 * 60_000
/** One case under way for so many issued ones. */
const kIssuedForOneOpen = 9
/** What one took when this was measured, and a fifth more while its indexes are made. */
const kBytesACase = 21_000
/** The same of a case that only waits. */
const kBytesAWaitingCase = 8_500

function filesUnder(folder, wanted) {
  return readdirSync(join(root, folder), { recursive: true })
    .map(String)
    .filter(wanted)
    .sort()
    .map((name) => join(folder, name))
}

/** Changes whenever the rows that the server or the generator writes may change. */
function stampOf(plan) {
  const hash = createHash('sha256').update(JSON.stringify(plan))
  const files = [...filesUnder('server', (name) => name.endsWith('.sql')), ...filesUnder('bench/generator', () => true), ...filesUnder('catalog', (name) => /matter\.json$|\.bpmn$|schema\.json$/.test(name)), 'bench/parts/seed.mjs', 'bench/parts/data.mjs']
  for (const file of files) hash.update(file).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

const stampIn = (folder) => (existsSync(join(folder, 'stamp')) ? readFileSync(join(folder, 'stamp'), 'utf8') : '')

/** The folder with the played patterns, stopped; `patterns.json` in it. */
export async function seedFolder(say) {
  const folder = join(dataRoot, 'seed')
  const stamp = stampOf({ seed: 1 })
  if (stampIn(folder) === stamp) return folder
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  say('playing the patterns …')
  const bureau = await Bureau.start(folder, kIssuedFrom)
  try {
    writeFileSync(join(folder, 'patterns.json'), JSON.stringify(await playPatterns(bureau)))
  } finally {
    await bureau.stop()
  }
  writeFileSync(join(folder, 'stamp'), stamp)
  return folder
}

/** Says what is missing before half an hour is spent. */
function mustFit(cases, bytesACase, option) {
  mkdirSync(dataRoot, { recursive: true })
  const { bavail, bsize } = statfsSync(dataRoot)
  const [has, needs] = [bavail * bsize, cases * bytesACase].map((bytes) => Math.ceil(bytes / 1e9))
  if (has < needs) throw new Error(`${cases} cases need ${needs} GB in ${dataRoot}, ${has} are free: make room, or name another folder in KAIGONG_BENCH_DATA, or ask for fewer with ${option} N`)
}

/** A data folder with the cases of a plan, multiplied from those of `seedOf(say)`; made once and kept. */
async function multiplied(name, plan, { seedOf, bytesACase, option }, say) {
  const folder = join(dataRoot, name)
  const stamp = stampOf(plan)
  if (stampIn(folder) === stamp) return { folder, ...plan }
  mustFit(plan.issued + plan.open, bytesACase, option)
  const seed = await seedOf(say)
  const patterns = JSON.parse(readFileSync(join(seed, 'patterns.json'), 'utf8'))
  rmSync(folder, { recursive: true, force: true })
  cpSync(seed, folder, { recursive: true })
  rmSync(join(folder, 'stamp'), { force: true })
  writeFileSync(join(folder, 'plan.json'), JSON.stringify({ ...plan, data: folder, issued_patterns: patterns.issued, open_patterns: patterns.open }))
  say(`making ${(plan.issued + plan.open).toLocaleString('en')} cases …`)
  const begun = Date.now()
  await run(join(programs, 'make_cases'), [join(folder, 'plan.json')], { timeoutMs: kGenerateMsMax, loud: true })
  say(`made in ${Math.round((Date.now() - begun) / 1000)} s`)
  writeFileSync(join(folder, 'stamp'), stamp)
  return { folder, ...plan }
}

/** A data folder with `cases` issued cases and a ninth of that under way, spread over four regions. */
export function bureauWith(issued, say) {
  const plan = { seed: 20261120, issued, open: Math.ceil(issued / kIssuedForOneOpen), regions: kRegions, now_on: '2026-11-06' }
  return multiplied(`issued-${issued}`, plan, { seedOf: seedFolder, bytesACase: kBytesACase, option: '--permits' }, say)
}

/** A data folder with `open` cases of which each waits for a person and for a timer; runs on `waitingCatalog()`. */
export function bureauWaiting(open, say) {
  const plan = { seed: 20261121, issued: 0, open, regions: kRegions, now_on: '2026-11-06' }
  return multiplied(`waiting-${open}`, plan, { seedOf: waitingSeed, bytesACase: kBytesAWaitingCase, option: '--waiting' }, say)
}

async function waitingSeed(say) {
  const folder = join(dataRoot, 'waiting-seed')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  say('playing the waiting case …')
  const bureau = await Bureau.start(folder, kOpenFrom, { KAIGONG_CATALOG_FOLDER: waitingCatalog() })
  try {
    writeFileSync(join(folder, 'patterns.json'), JSON.stringify({ issued: [], open: [{ application_id: await playWaiting(bureau), weight: 1 }] }))
  } finally {
    await bureau.stop()
  }
  return folder
}

/** The catalogue with a deadline at the first task of its small matter: the larger matter's cases have one too, and ten times the rows. */
export function waitingCatalog() {
  const folder = join(dataRoot, 'waiting-catalog')
  rmSync(folder, { recursive: true, force: true })
  cpSync(join(root, 'catalog'), folder, { recursive: true, filter: (path) => !path.endsWith('/cases') })
  const file = join(folder, 'night-construction/issue.bpmn')
  writeFileSync(file, withDeadline(readFileSync(file, 'utf8')))
  return folder
}

export function withDeadline(xml) {
  const after = '<exclusiveGateway id="acceptance"'
  const flow = '<sequenceFlow id="flow_start_accept"'
  if (!xml.includes(after) || !xml.includes(flow)) throw new Error('the small matter\'s process has changed: no place for a deadline')
  return xml
    .replace(after, `<boundaryEvent id="intake_due" attachedToRef="accept"><timerEventDefinition id="intake_due_at_definition"><timeDate xsi:type="tFormalExpression">=intake_due_at</timeDate></timerEventDefinition></boundaryEvent>\n    ${after}`)
    .replace(flow, `<sequenceFlow id="flow_intake_due" sourceRef="intake_due" targetRef="record_accept"/>\n    ${flow}`)
}
