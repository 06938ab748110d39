// A bureau's rows on MariaDB: the tables that the server itself made there, filled from the bureau's SQLite file; made
// once and kept, as the file is.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Bureau } from './bureau.mjs'
import { dataRoot } from './places.mjs'
import { run } from './processes.mjs'
import { startMariadb } from '../../tests/api/mariadb.mjs'

const kTableMsMax = 60 * 60_000
/** Small enough that two servers and their tables' pages fit beside the file cache of a small machine. */
const kPool = '2G'

function rowsOf(server, sql) {
  const text = execFileSync('mariadb', ['--no-defaults', `--socket=${server.socket}`, '-uroot', '--batch', '--skip-column-names', 'kaigong', '-e', sql], { encoding: 'utf8' })
  return text.split('\n').filter(Boolean).map((line) => line.split('\t'))
}

/** A value of SQLite as LOAD DATA reads it: \N for none, bytes as hexadecimal digits. */
function exported({ column, bytes }) {
  const escaped = `replace(replace(replace(replace("${column}", '\\', '\\\\'), char(9), '\\t'), char(10), '\\n'), char(13), '\\r')`
  return `CASE WHEN "${column}" IS NULL THEN '\\N' ELSE ${bytes ? `hex("${column}")` : escaped} END`
}

/** How LOAD DATA takes the line of a row: bytes come as digits. */
function taken(table, columns) {
  const fields = columns.map(({ column, bytes }, i) => (bytes ? `@bytes${i}` : `\`${column}\``)).join(', ')
  const set = columns.flatMap(({ column, bytes }, i) => (bytes ? [`\`${column}\` = unhex(@bytes${i})`] : [])).join(', ')
  return `SET unique_checks = 0, foreign_key_checks = 0; TRUNCATE TABLE \`${table}\`; LOAD DATA LOCAL INFILE '/dev/stdin' INTO TABLE \`${table}\` CHARACTER SET utf8mb4 FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' (${fields})${set ? ` SET ${set}` : ''}; SHOW WARNINGS LIMIT 3`
}

async function copyTable(server, file, table, columns) {
  const select = `SELECT ${columns.map(exported).join(" || char(9) || ")} FROM "${table}"`
  const script = 'set -euo pipefail; sqlite3 -readonly -noheader -list "$1" "$2" | mariadb --no-defaults --local-infile=1 --socket="$3" -uroot --batch --skip-column-names kaigong -e "$4"'
  const warnings = await run('bash', ['-c', script, 'copy', file, select, server.socket, taken(table, columns)], { timeoutMs: kTableMsMax, loud: true })
  if (warnings) throw new Error(`${table} does not take every value: ${warnings}`)
  const [[there]] = rowsOf(server, `SELECT count(*) FROM \`${table}\``)
  const here = execFileSync('sqlite3', ['-readonly', file, `SELECT count(*) FROM "${table}"`], { encoding: 'utf8' }).trim()
  if (there !== here) throw new Error(`${table}: ${here} rows in SQLite, ${there} in MariaDB`)
  rowsOf(server, `ANALYZE TABLE \`${table}\``)
  return Number(here)
}

/** Fills every table of the server from the file of the same tables. */
export async function copyRows(server, file, say) {
  const tables = new Map()
  for (const [table, column, type, extra] of rowsOf(server, "SELECT table_name, column_name, data_type, coalesce(extra, '') FROM information_schema.columns WHERE table_schema = 'kaigong' ORDER BY table_name, ordinal_position")) {
    if (/GENERATED/.test(extra)) continue
    tables.set(table, [...(tables.get(table) ?? []), { column, bytes: /blob|binary/.test(type) }])
  }
  // What ran is told by each database in its own words.
  tables.delete('schema_migrations')
  for (const [table, columns] of tables) {
    const begun = Date.now()
    const rows = await copyTable(server, file, table, columns)
    if (rows > 1e5) say(`${table}: ${rows.toLocaleString('en')} rows in ${Math.round((Date.now() - begun) / 1000)} s`)
  }
}

/** The server with the rows of a data folder (parts/data.mjs); `stop()` ends it. */
export async function mariadbWith(data, clockStart, say) {
  const folder = join(dataRoot, `mariadb-${data.folder.split('/').at(-1)}`)
  const mark = join(folder, 'stamp')
  const stamp = readFileSync(join(data.folder, 'stamp'), 'utf8')
  const kept = existsSync(mark) && readFileSync(mark, 'utf8') === stamp
  if (!kept) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const server = await startMariadb({ above: folder, pool: kPool })
  try {
    if (!kept) {
      const bureau = await Bureau.start(data.folder, clockStart, { KAIGONG_DATABASE_URL: server.url })
      await bureau.stop()
      say(`copying ${data.folder.split('/').at(-1)} to MariaDB …`)
      await copyRows(server, join(data.folder, 'kaigong.db'), say)
      writeFileSync(mark, stamp)
    }
  } catch (fault) {
    await server.stop()
    throw fault
  }
  return server
}
