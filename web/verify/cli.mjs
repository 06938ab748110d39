/** Runs src/cli.ts in Node: `node verify/cli.mjs --trust trust.json FILE|FOLDER…` prints a list of answers as JSON. */
import { load_bundled } from './bundled.mjs'

try {
  const { run } = await load_bundled('src/cli.ts')
  process.stdout.write(`${run(process.argv.slice(2))}\n`)
} catch (error) {
  process.stderr.write(`${error.message ?? error}\n`)
  process.exitCode = 1
}
