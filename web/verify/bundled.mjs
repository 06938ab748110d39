/** Loads a module in TypeScript with all that it imports, as Node 20 cannot by itself. */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))

/** `entry` is a path from this folder. */
export async function load_bundled(entry) {
  const folder = mkdtempSync(join(here, '../node_modules/.kaigong-verify-'))
  try {
    const outfile = join(folder, 'bundled.mjs')
    await build({
      entryPoints: [join(here, entry)],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
      logLevel: 'error',
    })
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
