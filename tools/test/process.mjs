// Running other programs for the test parts: output goes through, counts are read from the closing lines.
import { AsyncLocalStorage } from 'node:async_hooks'
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

const listening = new AsyncLocalStorage()

/** Calls `work`; what it and the programs that it runs print goes to `hear` instead of the terminal. */
export const overheard = (hear, work) => listening.run(hear, work)

/** Prints for the part that runs: several parts do at a time, and each one's lines stay together. */
export function print(text) {
  const hear = listening.getStore()
  if (hear) hear(text)
  else process.stdout.write(text)
}

/** Runs a program to its end. Resolves with {status, output}; output holds stdout and stderr together. */
export function run(program, args, { quiet = false, timeoutSeconds = 1800, env = {}, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const take = (bytes) => {
      output += bytes
      if (!quiet) print(bytes)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutSeconds * 1000)
    child.on('error', reject)
    child.on('close', (status, signal) => {
      clearTimeout(timer)
      resolve({ status: status ?? 128, signal, output })
    })
  })
}

/** A program that must end with 0, else its output is the error. */
export async function must(program, args, options = {}) {
  const done = await run(program, args, options)
  if (done.status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${done.signal ?? done.status}\n${options.quiet ? done.output.slice(-6000) : ''}`)
  return done.output
}

/** What failed, told once more at the end: whoever reads only the last lines finds it. */
const kTailBytes = 8000
const told = []

export function tellFailure(name, output = '') {
  told.push({ name, tail: output.slice(-kTailBytes).trimEnd() })
}

export function toldFailures() {
  return told
}

/** Calls work(one) for each, several at a time; gives the answers in the order of `all`. */
export async function sideBySide(all, atOnce, work) {
  const answers = []
  let next = 0
  const worker = async () => {
    while (next < all.length) {
      const mine = next++
      answers[mine] = await work(all[mine])
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, worker))
  return answers
}

/** Counts of one doctest program: `test cases: 5 | 5 passed | 0 failed | 0 skipped`. A crash counts as one failure. `size`: of a piece, how many cases it has. */
export function doctestCounts({ status, output }, size = 0) {
  const line = /test cases:\s+\d+\s+\|\s+(\d+) passed\s+\|\s+(\d+) failed/.exec(output)
  const counts = line ? { passed: Number(line[1]), failed: Number(line[2]) } : { passed: 0, failed: 0 }
  // With --first and --last it counts those as passed that it leaves out.
  if (line && size) counts.passed = size - counts.failed
  if (status !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

/** Counts of `node --test` (TAP or spec closing lines). */
export function nodeTestCounts({ status, output }) {
  for (const failed of output.matchAll(/^not ok \d+ - (.*)$[\s\S]*?^\s*\.\.\.$/gm)) tellFailure(failed[1], failed[0])
  const read = (key) => Number(new RegExp(`(?:#|ℹ) ${key} (\\d+)`).exec(output)?.[1] ?? 0)
  const counts = { passed: read('pass'), failed: read('fail'), skipped: read('skipped') }
  if (status !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

/** The numbers 1 to `count` in as many runs as `parts`, of about one length: [first, last]. */
export function rangesOf(count, parts) {
  const ends = Array.from({ length: parts + 1 }, (_, place) => Math.round((place * count) / parts))
  return ends.slice(1).map((last, place) => [ends[place] + 1, last]).filter(([first, last]) => first <= last)
}

export function add(into, counts) {
  for (const key of ['passed', 'failed', 'skipped']) into[key] = (into[key] ?? 0) + (counts[key] ?? 0)
  return into
}
