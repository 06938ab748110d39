// Load by wrk: what it asked, how many answers came, how long they took.
import { join } from 'node:path'
import { root } from './places.mjs'
import { run } from './processes.mjs'

/** What `report.lua` printed: requests, errors (connection faults and statuses from 400 on), seconds, latencies in µs. */
export function readReport(output) {
  const line = output.split('\n').find((one) => one.startsWith('report '))
  if (!line) throw new Error(`wrk gave no report:\n${output.slice(-1000)}`)
  const [requests, errors, micros, p50, p99] = line.split(' ').slice(1).map(Number)
  return { requests, errors, seconds: micros / 1e6, p50_us: p50, p99_us: p99 }
}

/** Runs one of bench/load/*.lua against a server. Answers that are errors end the benchmark. */
export async function load(url, script, { connections, seconds, args = [], threads = 1 }) {
  const output = await run('wrk', ['-t', String(threads), '-c', String(connections), '-d', `${seconds}s`, '--timeout', '30s', '--latency', '-s', join(root, 'bench/load', script), url, '--', ...args.map(String)], { timeoutMs: (seconds + 30) * 1000, cwd: join(root, 'bench/load') })
  const report = readReport(output)
  if (report.errors > 0) throw new Error(`${report.errors} of ${report.requests} answers from ${url} were errors`)
  return report
}
