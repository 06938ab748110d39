// A MariaDB for one test, started on loopback by the launcher's own means; it ends with its owner.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './binary.mjs'

/** Why there is no MariaDB to test with; false when there is one. With CI set there is no excuse. */
export const mariadbMissing = process.env.CI || ['/usr/sbin/mariadbd', '/usr/libexec/mariadbd'].some(existsSync) ? false : 'mariadbd is not installed (./kaigong test installs it)'

// Waits on its standard input, so that the database ends also when the test dies.
const kScript = 'set -eu; source tools/launcher/mariadb.sh; start_private_mariadb "$1" "$2"; echo "url $mariadb_url"; cat >/dev/null; stop_private_mariadb'

let schemasMade = 0

/** Where a bureau of a test keeps its rows: SQLite, or an empty schema of its own at the MariaDB that KAIGONG_TEST_DATABASE names. Each bureau has keys of its own, and the rows of another's do not open with them. */
export function ownDatabase() {
  if (!process.env.KAIGONG_TEST_DATABASE) return ''
  const url = new URL(process.env.KAIGONG_TEST_DATABASE)
  const schema = `kaigong_${process.pid}_${++schemasMade}`
  const who = ['--no-defaults', `--host=${url.hostname}`, `--port=${url.port}`, `--user=${url.username}`, `--password=${url.password}`]
  execFileSync('mariadb', [...who, `--execute=CREATE DATABASE ${schema} CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin`])
  url.pathname = `/${schema}`
  return url.href
}

/** {url, socket, stop()}. `above`: a folder that is kept, with what was in it; without, one that goes with the server. */
export async function startMariadb({ above: kept = '', pool = '256M' } = {}) {
  const above = kept || mkdtempSync(join(tmpdir(), 'kaigong-mariadb-'))
  const folder = join(above, 'server')
  const shell = spawn('bash', ['-c', kScript, 'mariadb', folder, pool], { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] })
  const gone = new Promise((resolve) => shell.once('exit', resolve))
  let said = ''
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (bytes) => (said += bytes))
  const url = await new Promise((resolve, reject) => {
    shell.stdout.on('data', () => {
      const found = /^url (\S+)$/m.exec(said)
      if (found) resolve(found[1])
    })
    gone.then((status) => reject(new Error(`MariaDB did not start (${status}): ${said.slice(-2000)}`)))
  })
  return {
    url,
    socket: join(folder, 'socket'),
    async stop() {
      shell.stdin.end()
      await gone
      if (!kept) rmSync(above, { recursive: true, force: true })
    },
  }
}
