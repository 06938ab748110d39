// A demo bureau on a data folder, for a benchmark: started, asked, stopped.
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '../../tools/demo/client.mjs'
import { cpuSeconds, freePort, hasEnded, start, stop, threadCpuSeconds } from './processes.mjs'
import { binary, root } from './places.mjs'

const kStartMs = 120_000

export class Bureau {
  /** `environment`: settings of the server beside its own. */
  static async start(folder, clockStart, environment = {}) {
    const bureau = new Bureau()
    bureau.folder = folder
    bureau.port = await freePort()
    bureau.url = `http://127.0.0.1:${bureau.port}`
    // Its log goes to a file, as in life.
    const log = openSync(join(folder, 'server.log'), 'w')
    // The server refuses settings it does not know; these two are the benchmark's.
    const { KAIGONG_BUILD: _build, KAIGONG_BENCH_DATA: _data, ...env } = process.env
    bureau.process = start(binary, ['serve', '--demo', '--data', folder, '--port', String(bureau.port), '--clock-start', clockStart], { cwd: root, env: { ...env, ...environment }, stdio: ['ignore', log, log] })
    closeSync(log)
    await bureau.#ready()
    return bureau
  }

  async #ready() {
    const end = Date.now() + kStartMs
    for (;;) {
      const answered = await fetch(`${this.url}/readyz`).then((reply) => reply.ok, () => false)
      if (answered) return
      if (hasEnded(this.process) || Date.now() > end) throw new Error(`the server did not start:\n${readFileSync(join(this.folder, 'server.log'), 'utf8').slice(-2000)}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  client(account) {
    return new Client(this.url, account)
  }

  /** Kilobytes of memory that the process holds now. */
  get residentKilobytes() {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.process.pid}/status`, 'utf8'))[1])
  }

  get cpuSeconds() {
    return cpuSeconds([this.process.pid])
  }

  threadCpuSeconds(name) {
    return threadCpuSeconds(this.process.pid, name)
  }

  /** The sum of a metric over its labels. */
  async metric(name) {
    const text = await fetch(`${this.url}/metrics`).then((reply) => reply.text())
    const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    if (!lines.length) throw new Error(`/metrics has no ${name}`)
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
  }

  stop() {
    return stop(this.process)
  }
}
