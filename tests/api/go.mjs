// Judges that are written in Go, each a module in a folder of its own.
import { spawnSync } from 'node:child_process'
import { delimiter, relative } from 'node:path'
import { root } from './binary.mjs'

/** Go's own place comes last: a newer one of the machine goes first. No other toolchain is fetched for a test. */
const kEnv = { ...process.env, PATH: [process.env.PATH, '/usr/local/go/bin'].join(delimiter), GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' }

export const goIn = (folder, ...words) => spawnSync('go', words, { cwd: folder, env: kEnv, encoding: 'utf8', timeout: 300_000 })

/** Why a judge cannot run here; false when it can. */
export function withoutGo(folder) {
  if (goIn(folder, 'version').status !== 0) return 'Go is not here'
  return goIn(folder, 'mod', 'download').status !== 0 ? `the Go modules of ${relative(root, folder)} are not here` : false
}
