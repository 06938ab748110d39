// Processes of a benchmark: started, watched, ended by their id only; and the processor time they took.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'

const kTicksASecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
const kStopMs = 30_000

/** Processor seconds (user and system) of a /proc/…/stat line. The name in brackets may hold spaces and brackets. */
export function cpuSecondsOf(stat, ticks = kTicksASecond) {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [user, system] = [fields[11], fields[12]].map(Number)
  if (!Number.isFinite(user) || !Number.isFinite(system)) throw new Error('not a line of /proc/…/stat')
  return (user + system) / ticks
}

/** Of living processes together. */
export const cpuSeconds = (pids) => pids.reduce((sum, pid) => sum + cpuSecondsOf(readFileSync(`/proc/${pid}/stat`, 'utf8')), 0)

/** Of the one thread of a process that has that name; in nanoseconds where the kernel counts them. */
export function threadCpuSeconds(pid, name) {
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`
    if (readFileSync(`${folder}/comm`, 'utf8').trim() !== name) continue
    if (!existsSync(`${folder}/schedstat`)) return cpuSecondsOf(readFileSync(`${folder}/stat`, 'utf8'))
    return Number(readFileSync(`${folder}/schedstat`, 'utf8').split(' ')[0]) / 1e9
  }
  throw new Error(`process ${pid} has no thread ${name}`)
}

export const childrenOf = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

const living = new Set()
process.on('exit', () => {
  for (const one of living) one.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))

/** A process that is ended with this one, whatever happens. */
export function start(command, args, options = {}) {
  const one = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  living.add(one)
  one.on('exit', () => living.delete(one))
  return one
}

export const hasEnded = (one) => one.exitCode !== null || one.signalCode !== null

/** Asks it to end, and waits; after half a minute it is killed. */
export async function stop(one, signal = 'SIGTERM') {
  if (hasEnded(one)) return
  const ended = new Promise((resolve) => one.on('exit', resolve))
  one.kill(signal)
  const late = setTimeout(() => one.kill('SIGKILL'), kStopMs)
  await ended
  clearTimeout(late)
}

/** Runs to its end; gives what it printed. What it says on stderr comes through when `loud`. */
export async function run(command, args, { timeoutMs = 120_000, loud = false, ...options } = {}) {
  const one = start(command, args, { ...options, stdio: ['ignore', 'pipe', loud ? 'inherit' : 'pipe'] })
  let printed = ''
  let complained = ''
  one.stdout.on('data', (bytes) => (printed += bytes))
  one.stderr?.on('data', (bytes) => (complained += bytes))
  const timer = setTimeout(() => one.kill('SIGKILL'), timeoutMs)
  const code = await new Promise((resolve, reject) => {
    one.on('error', reject)
    one.on('close', resolve)
  })
  clearTimeout(timer)
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${complained.slice(-2000)}`)
  return printed
}
