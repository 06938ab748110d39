// The public conformance suite of DMN, run by the program itself. What docs/conformance.md shows is held to what comes out.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { print, root, run } from './process.mjs'

export const kSuites = join(root, '../shared/conformance/dmn-tck')
const kPage = join(root, 'docs/conformance.md')
const kTitles = ['suite', 'cases', 'passed', 'refused']

/** `[{ level, suites: [{ name, passed, total, refused }], failures }]` as `kaigong dmn test --json` counts them. */
async function runLevels(binary) {
  const levels = readdirSync(kSuites, { withFileTypes: true }).filter((one) => one.isDirectory()).map(({ name }) => name).sort()
  const results = []
  for (const level of levels) {
    const done = await run(binary, ['dmn', 'test', join(kSuites, level), '--json'], { quiet: true, timeoutSeconds: 600 })
    if (done.status > 1) throw new Error(`dmn test ${level} ended with ${done.status}: ${done.output.slice(-2000)}`)
    results.push({ level, ...JSON.parse(done.output.slice(done.output.indexOf('{'))) })
  }
  return results
}

const cells = (values) => `| ${values.join(' | ')} |`
const sum = (list, key) => list.reduce((total, one) => total + one[key], 0)

/** The table of the page: a row a suite, a sum a level. */
export function tableOf(levels) {
  return levels
    .map(({ level, suites }) => {
      const row = ({ name, total, passed, refused }) => cells([name, total, passed, refused || '—'])
      const all = cells(['**all**', ...['total', 'passed', 'refused'].map((key) => `**${sum(suites, key)}**`)])
      return [`### ${level}`, '', cells(kTitles), cells(['---', '---:', '---:', '---:']), ...suites.map(row), all].join('\n')
    })
    .join('\n\n')
}

/** Counts each case; a page that shows other counts is one failure more. */
export async function conformance(binary) {
  if (!existsSync(kSuites)) {
    print(`${process.env.CI ? '✗' : 'skipped:'} the public conformance suite is not at ../shared/conformance/dmn-tck\n`)
    return { passed: 0, failed: process.env.CI ? 1 : 0, skipped: process.env.CI ? 0 : 1 }
  }
  const levels = await runLevels(binary)
  const table = tableOf(levels)
  print(`${table}\n`)
  for (const { failures } of levels) for (const one of failures) print(`✗ ${one.suite} ${one.test_case} ${one.result}: expected ${one.expected}, got ${one.actual}\n`)
  const counts = { passed: sum(levels, 'passed'), failed: sum(levels, 'total') - sum(levels, 'passed'), skipped: 0 }
  if (!readFileSync(kPage, 'utf8').includes(table)) {
    print('✗ docs/conformance.md shows other counts; put the table above into it\n')
    counts.failed += 1
  }
  return counts
}
