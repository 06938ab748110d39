// Makes the papers of application packages: node tools/papers/make.mjs [--only FILE-PART] CASE-DIR…   (no folder: all shipped packages)
// Each entry of `materials` with a `paper` is laid out from what the papers say: the form with the changes of `papers_say`.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withChanges } from '../demo/patch.mjs'
import { documentOf, kSizes } from './kit.mjs'
import * as contracts from './templates/contracts_and_money.mjs'
import * as land from './templates/land_and_planning.mjs'
import * as licences from './templates/licences.mjs'
import * as reviews from './templates/reviews.mjs'
import * as site from './templates/site.mjs'

export const templates = { ...licences, ...land, ...contracts, ...reviews, ...site }
const kBytesMax = 150_000
const kDotsPerMm = 96 / 25.4
const here = dirname(fileURLToPath(import.meta.url))

/** Every paper that a package names: where it goes, its template, and the form it is laid out from. */
export function papersOf(pack) {
  const forms = { main: withChanges(pack.form, pack.papers_say) }
  for (const [key, more] of Object.entries(pack.more_applications ?? {})) forms[key] = withChanges(pack.form, more.changes)
  const lists = [pack.materials, ...Object.values(pack.more_applications ?? {}).map((m) => m.materials), ...pack.steps.map((s) => s.input?.materials ?? [])]
  const entries = new Map()
  for (const entry of lists.flat()) if (entry?.paper && !entries.has(entry.file)) entries.set(entry.file, entry)
  return [...entries.values()].map(({ file, paper }) => {
    const make = templates[paper.template]
    if (!make) throw new Error(`${file}: there is no template ${paper.template}; the templates are ${Object.keys(templates).join(', ')}`)
    return { file, pages: make({ form: forms[paper.application ?? 'main'], of: paper.of ?? [] }) }
  })
}

// The same turn for the same file name each time, so that a second run makes the same picture.
function turnOf(file) {
  const sum = [...file].reduce((total, c) => (total * 31 + c.charCodeAt(0)) % 1000, 7)
  return (sum / 1000 - 0.5) * 1.3
}

const sizeOf = (html) => kSizes[/class="page (\w+)/.exec(html)[1]]

async function scanned(browser, pages, file) {
  const [width, height] = sizeOf(pages[0])
  const context = await browser.newContext({ viewport: { width: Math.round(width * kDotsPerMm), height: Math.round(height * kDotsPerMm) }, deviceScaleFactor: 1.25 })
  const tab = await context.newPage()
  await tab.setContent(documentOf(pages.slice(0, 1), { scan: { degrees: turnOf(file), grey: 0.55 } }))
  let bytes
  for (const quality of [40, 32, 24]) {
    bytes = await tab.screenshot(file.endsWith('.png') ? { type: 'png' } : { type: 'jpeg', quality })
    if (bytes.length <= kBytesMax) break
  }
  await context.close()
  return bytes
}

// No date of making and smaller streams: the same paper gives the same bytes.
function tidyPdf(path, bytes) {
  writeFileSync(path, Buffer.from(bytes.toString('latin1').replace(/\/(CreationDate|ModDate) \(D:\d{14}/g, '/$1 (D:20260101000000'), 'latin1'))
  execFileSync('qpdf', ['--object-streams=generate', '--recompress-flate', '--compression-level=9', '--deterministic-id', '--replace-input', path])
}

async function printed(browser, pages, path) {
  const [width, height] = sizeOf(pages[0])
  const tab = await browser.newPage()
  await tab.setContent(documentOf(pages))
  tidyPdf(path, await tab.pdf({ width: `${width}mm`, height: `${height}mm`, printBackground: true, tagged: false }))
  await tab.close()
}

async function makePackage(browser, folder, only) {
  const pack = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8'))
  let total = 0
  for (const { file, pages } of papersOf(pack)) {
    if (only && !file.includes(only)) continue
    const path = join(folder, file)
    mkdirSync(dirname(path), { recursive: true })
    if (/\.(jpg|png)$/.test(file)) writeFileSync(path, await scanned(browser, pages, file))
    else await printed(browser, pages, path)
    const { size } = statSync(path)
    total += size
    if (size > kBytesMax) console.error(`${path} has ${size} bytes, more than ${kBytesMax}: fewer pages or fewer different characters`)
  }
  console.log(`${folder.split('/').pop()}: ${Math.round(total / 1000)} kB`)
}

async function main(argv) {
  const only = argv[0] === '--only' ? argv.splice(0, 2)[1] : ''
  const shipped = join(here, '..', '..', 'catalog', 'construction-permit', 'cases')
  const folders = argv.length ? argv.map((f) => resolve(f)) : readdirSync(shipped).map((name) => join(shipped, name))
  const missing = folders.filter((folder) => !existsSync(join(folder, 'case.json')))
  if (missing.length) {
    console.error(`no case.json in ${missing.join(', ')}`)
    process.exit(2)
  }
  const { chromium } = await import('playwright-core')
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
  try {
    for (const folder of folders) await makePackage(browser, folder, only)
  } finally {
    await browser.close()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2))
