// clang-tidy over translation units, two at a time, with progress. A unit that was clean is not read again until it,
// a header it includes or .clang-tidy changes: `node tools/check/lint.mjs [--shallow] FILE.cpp…`.
// --shallow lets the static analyzer follow calls less deeply: what `check --all` does, a third of the time.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const clean = join(root, 'build/lint/clean')
const kShallow = ['-Xclang', '-analyzer-config', '-Xclang', 'mode=shallow'].map((argument) => `--extra-arg=${argument}`)

/** The unit and every header of ours it includes, directly or not. */
export function filesOf(unit, read, seen = new Set([unit])) {
  for (const [, include] of read(unit).matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)) {
    const header = `server/${include}`
    if (seen.has(header) || read(header) === '') continue
    seen.add(header)
    filesOf(header, read, seen)
  }
  return seen
}

/** One hash over what the verdict on a unit depends on: its folders' rules, its text and the headers it reaches. */
export function fingerprint(unit, read) {
  const hash = createHash('sha256')
  for (let folder = dirname(unit); ; folder = dirname(folder)) {
    hash.update(read(join(folder, '.clang-tidy')))
    if (folder === '.') break
  }
  for (const file of [...filesOf(unit, read)].sort()) hash.update(`\0${file}\0${read(file)}`)
  return hash.digest('hex')
}

function reader() {
  const texts = new Map()
  return (file) => {
    if (!texts.has(file)) texts.set(file, existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '')
    return texts.get(file)
  }
}

function tidy(unit, shallow) {
  return new Promise((resolve) => {
    const child = spawn('clang-tidy-19', ['-p', 'build/lint', '--quiet', ...(shallow ? kShallow : []), unit], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
    let said = ''
    child.stdout.on('data', (bytes) => (said += bytes))
    child.on('error', (error) => resolve({ status: 1, said: `clang-tidy-19: ${error.message}\n` }))
    child.on('exit', (status) => resolve({ status, said }))
  })
}

async function main() {
  const shallow = process.argv.includes('--shallow')
  const units = process.argv.slice(2).filter((one) => one.endsWith('.cpp'))
  const read = reader()
  mkdirSync(clean, { recursive: true })
  const stampOf = (unit, deep) => join(clean, `${fingerprint(unit, read)}${deep ? '.deep' : ''}`)
  const isClean = (unit) => existsSync(stampOf(unit, true)) || (shallow && existsSync(stampOf(unit, false)))
  const waiting = units.filter((unit) => !isClean(unit))
  const total = waiting.length
  let done = 0
  let failed = 0
  const work = async () => {
    for (let unit = waiting.shift(); unit; unit = waiting.shift()) {
      const { status, said } = await tidy(unit, shallow)
      done += 1
      if (status === 0) writeFileSync(stampOf(unit, !shallow), '')
      else failed += 1
      console.log(`${status === 0 ? '✓' : '✗'} ${done}/${total} ${unit}`)
      if (status !== 0) console.log(said)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  console.log(`lint: ${units.length - total} clean before, ${done - failed} clean now, ${failed} with findings`)
  process.exit(failed ? 1 : 0)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
