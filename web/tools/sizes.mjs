/**
 * Prints the gzipped size of the shell and of what each page adds, and fails past the budgets (250 kB and 150 kB); also
 * what a citizen fetches to verify a certificate (200 kB, as files and as one file).
 */
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const folder = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', folder), 'utf8'))
const kShellBytesMax = 250_000
const kRouteBytesMax = 150_000

function weight(file) {
  return gzipSync(readFileSync(new URL(file, folder)), { level: 9 }).length
}

function files_of(key, seen = new Set()) {
  const chunk = manifest[key]
  if (!chunk || seen.has(key)) return new Set()
  seen.add(key)
  const files = new Set([chunk.file, ...(chunk.css ?? [])])
  for (const other of chunk.imports ?? []) for (const file of files_of(other, seen)) files.add(file)
  return files
}

const shell = files_of('index.html')
const shell_bytes = [...shell].reduce((sum, file) => sum + weight(file), 0)
console.log(`shell ${(shell_bytes / 1000).toFixed(1)} kB`)
let failed = shell_bytes > kShellBytesMax
for (const key of Object.keys(manifest).sort()) {
  if (!manifest[key].isDynamicEntry) continue
  const more = [...files_of(key)].filter((file) => !shell.has(file))
  const bytes = more.reduce((sum, file) => sum + weight(file), 0)
  // A page that shares parts with a lazy chunk is named by its file: `_RulePackagePage-….js`.
  const is_page = /\/pages\/|Page(\.vue|-[\w-]+\.js)$/.test(key)
  if (bytes > 2000) console.log(`${is_page ? 'page' : 'lazy'} ${(bytes / 1000).toFixed(1).padStart(7)} kB  ${key}`)
  if (is_page && bytes > kRouteBytesMax) failed = true
}
const named = (name) => readdirSync(new URL(name, folder)).filter((file) => !/\.(br|gz)$/.test(file))
const worker = named('assets/').find((file) => file.startsWith('pdf.worker'))
if (worker) console.log(`worker ${(weight(`assets/${worker}`) / 1000).toFixed(1)} kB  ${worker}`)
const kVerifyBytesMax = 200_000
const verify_parts = ['verify/index.html', ...named('verify/assets/').map((file) => `verify/assets/${file}`)]
for (const files of [verify_parts, ['verify/kaigong-verify.html']]) {
  const bytes = files.reduce((sum, file) => sum + weight(file), 0)
  console.log(`verify ${(bytes / 1000).toFixed(1)} kB  ${files[0]}`)
  if (bytes > kVerifyBytesMax) failed = true
}
if (failed) {
  console.error(
    'A budget is exceeded: 250 kB for the shell, 150 kB more for a page, 200 kB for verifying. Load something lazily.',
  )
  process.exit(1)
}
