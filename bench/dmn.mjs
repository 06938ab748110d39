// dmn: one decision table, ours and feelin by turns, each result compared; and a whole pre-check of the construction
// permit against its limit.
import { deepEqual } from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asFeel, cases, modelXml } from './dmn/table.mjs'
import { dataRoot, programs, root } from './parts/places.mjs'
import { run } from './parts/processes.mjs'
import { resultOf } from './parts/report.mjs'

const kLimitMs = 1
const folder = join(dataRoot, 'dmn')

const decide = async (...args) => JSON.parse(await run(join(programs, 'decide'), args.map(String)))
const perSecond = ({ decisions, cpu_seconds: seconds }) => decisions / seconds

/** The filed form with what the server knows beside it (server/engine/dmn/precheck_catalog_test.cpp has the same). */
function schoolInputs() {
  const form = JSON.parse(readFileSync(join(root, 'tests/data/school-form.json'), 'utf8'))
  return {
    ...form,
    application: { ...form.application, submitted_on: '2026-11-24', round: 1 },
    agent: { ...form.agent, power_uploaded: true },
    today: '2026-11-24',
    applicant: { credit_code: '91330106MA0DEM0133' },
    authority: { region_codes: ['330106'] },
    region_entry: { name: '西湖区', valid_from_on: '2008-02-01', valid_through_on: null },
    calendar: { published_years: [2024, 2025, 2026] },
    due_year: 2026,
    materials: [{ material_code: 'M-21', name: '施工合同', required: true, has_file: true, register_proved: false, committed: false }],
  }
}

function writeCases() {
  mkdirSync(folder, { recursive: true })
  const files = { model: join(folder, 'table.dmn'), cases: join(folder, 'cases.feel'), school: join(folder, 'school.json') }
  writeFileSync(files.model, modelXml())
  writeFileSync(files.cases, cases().map(asFeel).join('\n'))
  writeFileSync(files.school, JSON.stringify([schoolInputs()]))
  return files
}

async function round(files, seconds, measured) {
  const peer = JSON.parse(await run('node', [join(root, 'bench/dmn/peer.mjs'), String(seconds)]))
  for (const [name, mode] of [['dmn', 'plain'], ['dmn_explained', 'explain']]) {
    const ours = await decide(files.model, 'precheck', files.cases, seconds, mode)
    deepEqual(ours.results, peer.results, 'the two engines decide differently')
    measured[name].push({ ours: perSecond(ours), peer: perSecond(peer) })
  }
  const school = await decide(join(root, 'catalog/construction-permit/precheck.dmn'), 'findings', files.school, seconds, 'plain')
  if (school.results[0].length < 80) throw new Error('the pre-check found hardly any rule that applies')
  measured.precheck.push({ ours: 1000 / perSecond(school), peer: kLimitMs })
}

export async function dmn(options, say) {
  const files = writeCases()
  const measured = { dmn: [], dmn_explained: [], precheck: [] }
  say('dmn …')
  for (let at = 0; at < options.rounds; at++) await round(files, options.seconds_short, measured)
  const { version } = JSON.parse(readFileSync(join(root, 'web/node_modules/feelin/package.json'), 'utf8'))
  const beside = { peer_name: `feelin ${version}, the same 256 results`, unit: 'decisions per CPU second' }
  return [
    resultOf('dmn', 'a decision table of 20 rules and 5 inputs', measured.dmn, { ...beside, aim: { at_least: 100 } }),
    resultOf('dmn_explained', 'the same, with the explanation', measured.dmn_explained, { ...beside, aim: { at_least: 50 } }),
    resultOf('precheck', 'all rules of the construction permit over a filed school', measured.precheck, { peer_name: 'the limit', unit: 'ms of CPU', aim: { below: 1 } }),
  ]
}
