/** Runs src/cli.ts in Node: `node verify/cli.mjs --trust trust.json FILE|FOLDER…` prints a list of answers as JSON. */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))
const folder = mkdtempSync(join(here, '../node_modules/.kaigong-verify-'))
try {
  const outfile = join(folder, 'cli.mjs')
  await build({
    entryPoints: [join(here, 'src/cli.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  })
  const { run } = await import(pathToFileURL(outfile).href)
  process.stdout.write(`${run(process.argv.slice(2))}\n`)
} catch (error) {
  process.stderr.write(`${error.message ?? error}\n`)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true })
}
