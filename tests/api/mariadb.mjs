// A MariaDB of one's own on loopback, in a temporary folder, ended by its id.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './binary.mjs'

/** Why MariaDB can not be tested here; false when it can. With CI set there is no excuse. */
export const mariadbMissing = spawnSync('mariadbd', ['--version']).status === 0 || process.env.CI ? false : 'mariadbd is not installed (./kaigong test installs it)'

/** `{url, stop}` of an empty database. */
export async function startMariadb() {
  const folder = mkdtempSync(join(tmpdir(), 'kaigong-mariadb-'))
  const script = 'source tools/launcher/machine.sh; source tools/launcher/mariadb.sh; start_private_mariadb "$1" && echo "$mariadb_pid $mariadb_url" && wait "$mariadb_pid"'
  const shell = spawn('bash', ['-c', script, 'mariadb', join(folder, 'data')], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => shell.on('exit', resolve))
  const [pid, url] = await new Promise((resolve, reject) => {
    let said = ''
    shell.stdout.on('data', (bytes) => {
      said += bytes
      const line = /^(\d+) (mariadb:\S+)$/m.exec(said)
      if (line) resolve([Number(line[1]), line[2]])
    })
    shell.on('exit', (code) => reject(new Error(`MariaDB did not start (${code}): ${said}`)))
  })
  return {
    url,
    async stop() {
      process.kill(pid, 'SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
