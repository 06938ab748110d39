// What no formatter sees: files too long or too large, unfinished markers, banned names, paths of somebody's machine.
import { execFileSync } from 'node:child_process'
import { readFileSync, existsSync, statSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  .split('\n')
  .filter((f) => f && existsSync(join(root, f)))

const kCode = /\.(hpp|cpp|mjs|ts|vue|sh|sql)$|CMakeLists\.txt$/
const kText = /\.(hpp|cpp|mjs|js|ts|vue|sh|sql|md|json|yaml|yml|toml|dmn|bpmn|html|css)$|CMakeLists\.txt$|^kaigong$/
const kLinesMax = 600
/** A dump or a database that slipped in stays in the history for ever. */
const kBytesMax = 1 << 20
const kBannedFileNames = /(^|[/_.])(manager|helper|helpers|utils|util|common|misc)([_.]|$)/
const markers = ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX:', 'HA' + 'CK:']

const problems = []
for (const file of files) {
  if (statSync(join(root, file)).size > kBytesMax) problems.push(`${file}: over a megabyte; leave it out, or list it in .gitignore`)
  if (kBannedFileNames.test(file) && kCode.test(file)) problems.push(`${file}: the name says nothing; name it after what it is for`)
  if (!kText.test(file) || file.includes('package-lock.json')) continue
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  if (kCode.test(file) && lines.length > kLinesMax) problems.push(`${file}: ${lines.length} lines; split it by topic (limit ${kLinesMax})`)
  lines.forEach((line, index) => {
    const at = `${file}:${index + 1}`
    if (kCode.test(file) && markers.some((m) => line.includes(m))) problems.push(`${at}: unfinished work; finish it or write an issue`)
    if (/(^|[\s"'(=])\/(work|root|home\/\w+)\//.test(line)) problems.push(`${at}: a path of one machine; make it relative to the repository`)
  })
}

for (const problem of problems) console.error(problem)
console.log(problems.length ? `house rules: ${problems.length} problems` : 'house rules: ok')
process.exit(problems.length ? 1 : 0)
