/**
 * Writes `.br` and `.gz` beside each text file of dist: the server takes those instead of compressing all of them
 * again at every start.
 */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const folder = new URL('../dist/', import.meta.url)
/** What server/http/static_files.cpp calls text. */
const kText = /\.(html|m?js|css|json|webmanifest|svg|txt|wasm|ttf)$/
/** The best quality wins some percent more for ten times the time; the build waits for it. */
const kBrotli = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
}

for (const name of readdirSync(folder, { recursive: true })) {
  const file = new URL(name, folder)
  if (/\.(br|gz)$/.test(name)) rmSync(file)
  if (!kText.test(name) || !statSync(file).isFile()) continue
  const bytes = readFileSync(file)
  writeFileSync(new URL(`${name}.br`, folder), brotliCompressSync(bytes, kBrotli))
  writeFileSync(new URL(`${name}.gz`, folder), gzipSync(bytes, { level: 9 }))
}
