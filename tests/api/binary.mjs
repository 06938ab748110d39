// Where things are, and the program under test: KAIGONG_BINARY names it, else it is the release build.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
export const binary = process.env.KAIGONG_BINARY ?? join(root, 'build/release/server/kaigong')

/** Why these tests cannot run here; false when they can. With CI set there is no excuse. */
export const missing = existsSync(binary) || process.env.CI ? false : `${binary} is not built (./kaigong test builds it)`

/** The program refuses settings it does not know; those of the tests are not for it. */
export const kEnvironment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KAIGONG_')))

/** Every endpoint and every grant, as the program itself lists them. */
export function routes() {
  const done = spawnSync(binary, ['routes', '--json'], { cwd: root, encoding: 'utf8', env: kEnvironment })
  if (done.status !== 0) throw new Error(`kaigong routes --json ended with ${done.status}: ${done.stderr}`)
  return JSON.parse(done.stdout.slice(done.stdout.indexOf('{"routes"')))
}
