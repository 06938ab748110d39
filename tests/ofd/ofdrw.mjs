// The classes of ofdrw (Java), brought by Maven. What is on this machine is asked first.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root } from '../api/binary.mjs'

const kOut = join(root, 'build/ofd-judge')
const kValidator = { artifact: 'org.ofdrw:ofdrw-sign:2.3.8', jar: 'ofdrw-sign-2.3.8.jar' }

export const run = (program, args, env = {}) => spawnSync(program, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 1 << 26, timeout: 600_000 })

const maven = (...goals) => [['-o'], []].some((offline) => run('mvn', ['-q', '-B', ...offline, '-f', 'tests/ofd/pom.xml', ...goals]).status === 0)

/** The classes to run with; null when Java, Maven or an artifact is missing. */
export function judgeClasses() {
  const list = join(kOut, 'classpath.txt')
  if (!maven('compile', 'dependency:build-classpath', `-Dmdep.outputFile=${list}`)) return null
  return [join(kOut, 'classes'), readFileSync(list, 'utf8').trim()].join(delimiter)
}

/**
 * The same with ofdrw's validator of seals, or null. Its descriptor names a parent that cannot be had everywhere, so it is copied
 * by itself; what it needs is what the reader has.
 */
export function validatorClasses() {
  const classes = judgeClasses()
  if (!classes || !maven('dependency:copy', `-Dartifact=${kValidator.artifact}`, `-DoutputDirectory=${kOut}`)) return null
  return [classes, join(kOut, kValidator.jar)].join(delimiter)
}
