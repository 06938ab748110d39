// Which things of the tree a document names in backticks, and which of them are not there. Documents that name files,
// functions, tables, events and routes stay true because tests ask this.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const kTop = /^(server|web|tools|catalog|docs|tests|\.ci)\//
const kSource = /\.(cpp|hpp|sql|ts|vue|mjs|sh|bpmn|dmn|json|yaml|txt|html|css)$|^kaigong$|CMakeLists\.txt$/
const kRoute = /^(GET|POST|PUT|PATCH|DELETE) (\/\S*)$/
const kPrefix = '/api/v1'

const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
const kMadeByTheBuild = ['web/dist', 'build', 'data/demo', 'test-output']
const tree = listed.split('\n').filter((file) => file && existsSync(join(root, file)))

/** What code and catalogue say; documents, these tests and lock files don't vouch for anything. */
const sources = tree
  .filter((file) => kSource.test(file) && !file.startsWith('docs/') && !file.startsWith('tools/check/') && !file.includes('package-lock') && !file.includes('/cases/'))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
const words = new Set(sources.flatMap(({ text }) => text.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []))
const of = (pattern, filter) => new Set(sources.filter(({ file }) => filter.test(file)).flatMap(({ text }) => [...text.matchAll(pattern)].map((m) => m[1])))

export const tables = of(/CREATE TABLE (?:IF NOT EXISTS )?(\w+)/g, /\/migrations\/.*\.sql$/)
export const outbox_events = of(/inline constexpr const char\* k\w+ = "(\w+)"/g, /\/modules\/\w+\/events\.hpp$/)
const state_events = of(/(?:ApplicationRow|ItemRow)\{[^"}]*"(\w+)"/g, /approval\/states\.cpp$/)
export const modules = [...new Set(tree.map((file) => /^server\/modules\/(\w+)\//.exec(file)?.[1]).filter(Boolean))]
export const documents = (pattern) => tree.filter((file) => pattern.test(file))

/** An address may stand whole in a table of endpoints, or as a prefix and the rest (`one + "/form"`). */
function isRoute(path) {
  const whole = path.startsWith(kPrefix) || !/^\/(session|matters|regions|applications|documents|letters|inbox|tasks|permits\/\{permit_number\}\/certificate|public|demo)/.test(path) ? path : kPrefix + path
  const candidates = [whole, kPrefix + path]
  return sources.some(({ file, text }) => {
    if (!file.endsWith('.cpp') || file.endsWith('_test.cpp')) return false
    const literals = new Set([...text.matchAll(/"(\/[^"\s]*)"/g)].map((m) => m[1]))
    return candidates.some((c) => literals.has(c) || [...literals].some((head) => c.startsWith(head) && literals.has(c.slice(head.length))))
  })
}

const isWord = (name) => words.has(name)
const isQualified = (name) => {
  const parts = name.split('::')
  return sources.some(({ text }) => parts.every((part) => new RegExp(`\\b${part}\\b`).test(text)))
}

/** Why a named thing is not there; nothing when it is. */
export function missing(token) {
  const path = token.replace(/[:#]\d+$/, '')
  if (kMadeByTheBuild.some((made) => path === made || path.startsWith(`${made}/`))) return null
  if (kTop.test(path) && !/[<>*…]/.test(path)) return existsSync(join(root, path)) ? null : 'no such file or folder'
  if (path.startsWith('./kaigong')) {
    const verb = path.split(' ')[1]
    const launcher = readFileSync(join(root, 'kaigong'), 'utf8') + readFileSync(join(root, 'server/app/main.cpp'), 'utf8')
    return !verb || /^[A-Z]/.test(verb) || new RegExp(`\\b${verb}\\b`).test(launcher) ? null : 'no such verb'
  }
  const route = kRoute.exec(token)
  if (route) return isRoute(route[2].split('?')[0]) ? null : 'no such route'
  if (/^\w+(::\w+)+$/.test(token)) return isQualified(token) ? null : 'no file has all of these names'
  if (/^\w+$/.test(token)) return isWord(token) || tree.some((file) => file.endsWith(`/${token}`)) ? null : 'no such name in code or catalogue'
  if (tree.some((file) => file === token || file.endsWith(`/${token}`))) return null
  if (tree.some((file) => file.includes(`/${token.replace(/\/$/, '')}/`))) return null
  return sources.some(({ text }) => text.includes(token)) ? null : 'stands nowhere in code or catalogue'
}

const withoutFences = (text) => text.replace(/```[\s\S]*?```/g, '')

export function tokens(text) {
  return [...withoutFences(text).matchAll(/`([^`\n]+)`/g)].map((m) => m[1]).filter((token) => !/[…]/.test(token))
}

export const pathsIn = (text) => tokens(text).filter((token) => kTop.test(token) && !/[<>*\s]/.test(token))

/** Links of Markdown that stay in the tree and lead nowhere. */
export function brokenLinks(file) {
  const text = withoutFences(readFileSync(join(root, file), 'utf8'))
  return [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)]
    .map((m) => (m[1] ?? m[2]).split('#')[0])
    .filter((target) => target && !/^[a-z]+:/.test(target))
    .filter((target) => !existsSync(join(root, normalize(join(dirname(file), target)))))
}

/** The rows of every table whose heading is exactly that. */
export function rowsOf(text, heading) {
  const rows = []
  let inside = false
  for (const line of text.split('\n')) {
    const cells = line.startsWith('|') ? line.slice(1, line.lastIndexOf('|')).split('|').map((cell) => cell.trim()) : []
    if (cells.join(' | ') === heading) inside = true
    else if (!cells.length) inside = false
    else if (inside && !/^-+$/.test(cells[0].replace(/:/g, ''))) rows.push(cells)
  }
  return rows
}

export const isTable = (name) => tables.has(name)
export const isEvent = (name) => outbox_events.has(name) || state_events.has(name)
export const isName = isWord
