// Holds every include under server/ against tools/layers.txt. Exit 1 with a line for each offence: where, what, and the mend.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join, relative, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const server = join(root, 'server')

function readGraph() {
  const allowed = new Map()
  const guarded = []
  for (const line of readFileSync(join(root, 'tools/layers.txt'), 'utf8').split('\n')) {
    if (!line.trim() || line.startsWith('#')) continue
    const [head, tail = ''] = line.split(/:(?!.*:)/)
    if (head.startsWith('only ')) guarded.push({ header: head.slice(5).trim(), folders: tail.trim().split(/\s+/) })
    else allowed.set(head.trim(), tail.trim().split(/\s+/).filter(Boolean))
  }
  return { allowed, guarded }
}

function* sources(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* sources(path)
    else if (/\.(hpp|cpp)$/.test(name)) yield path
  }
}

const { allowed, guarded } = readGraph()
const folderOf = (path) => [...allowed.keys()].filter((f) => path.startsWith(f + '/')).sort((a, b) => b.length - a.length)[0]

function mayInclude(folder, target) {
  const list = allowed.get(folder)
  return folder === target || list.includes('*') || list.includes(target)
}

function isPublicHeader(path, folder) {
  const module = folder.split('/')[1]
  return path === `${folder}/${module}.hpp` || path === `${folder}/events.hpp`
}

function mayKnow(path, folder, entry) {
  if (/_test\.cpp$|test_/.test(path)) return true
  return entry.folders.some((f) => (f === '**/store.cpp' ? /\/store(_\w+)?\.(cpp|hpp)$/.test(path) : folder === f || path.startsWith(f + '/')))
}

/** Tests may stand on what another module offers to tests. */
const isForTests = (path) => /_test\.cpp$|\/testing\//.test(path)

const problems = []
for (const file of sources(server)) {
  const path = relative(server, file)
  const folder = folderOf(path)
  if (!folder) {
    problems.push(`server/${path}: its folder is not in tools/layers.txt; add a line for it`)
    continue
  }
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((line, index) => {
      const include = /^\s*#\s*include\s+["<]([^">]+)[">]/.exec(line)?.[1]
      if (!include) return
      const at = `server/${path}:${index + 1}`
      for (const entry of guarded) {
        if (include.startsWith(entry.header) && !mayKnow(path, folder, entry)) {
          problems.push(`${at}: <${include}> belongs to ${entry.folders.join(', ')}; use their header instead`)
        }
      }
      const target = folderOf(include)
      if (!target) return
      if (!mayInclude(folder, target)) problems.push(`${at}: ${folder} may not know ${target} (tools/layers.txt); move the need upward as an abstract source`)
      else if (target.startsWith('modules/') && target !== folder && folder !== 'app' && !isPublicHeader(include, target) && !(isForTests(path) && isForTests(include))) {
        problems.push(`${at}: ${include} is inside ${target}; include only ${target}/${target.split('/')[1]}.hpp or events.hpp`)
      }
    })
}

for (const problem of problems) console.error(problem)
console.log(problems.length ? `layers: ${problems.length} problems` : 'layers: ok')
process.exit(problems.length ? 1 : 0)
