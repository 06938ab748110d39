// The programs of others that judge PDF: which are here, and how they are asked.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../api/binary.mjs'

export function run(program, args, options = {}) {
  return spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options })
}

/** Why a test without this program is left out; false when it is there. */
export function without(program, ...args) {
  return run(program, args).error ? `${program} is not installed` : false
}

/** Classes that the `pom` in tests/pdf names, fetched once by Maven into `folder`, where `last` is then; null where they cannot be had. */
function classesOf(pom, folder, last) {
  if (without('java', '-version')) return null
  const classes = join(root, 'test-output', folder)
  if (!existsSync(join(classes, last))) {
    if (without('mvn', '-v')) return null
    const done = run('mvn', ['-q', '-B', '-f', join(root, 'tests/pdf', pom), 'dependency:copy-dependencies', `-DoutputDirectory=${classes}`], { timeout: 300_000 })
    if (done.status !== 0) return null
  }
  return join(classes, '*')
}

export const verapdfClasses = () => classesOf('judge/pom.xml', 'archival-judge', 'greenfield-apps-1.28.2.jar')
export const pdfboxClasses = () => classesOf('signatures/pom.xml', 'signature-judge', 'pdfbox-3.0.8.jar')

/** What veraPDF says of each file as PDF/A-2u: `PASS <file> …` or `FAIL <file> …`. */
export function verdicts(classes, paths) {
  const done = run('java', ['-cp', classes, 'org.verapdf.apps.GreenfieldCliWrapper', '-f', '2u', '--format', 'text', '-v', ...paths])
  return done.stdout.split('\n').filter((line) => /^(PASS|FAIL) /.test(line))
}
