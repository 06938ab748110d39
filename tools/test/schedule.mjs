// Parts side by side: one that takes all cores runs alone, those that take one share the machine. Whoever reads the
// terminal sees one part at a time, from its first line to its last.
import { readFileSync } from 'node:fs'
import { overheard } from './process.mjs'

/** Tells of the parts in the order in which they began: the first that still runs is heard at once, others when it is their turn. */
export class Turns {
  #waiting = []

  constructor(say) {
    this.say = say
  }

  /** Gives {hear, end}: what a part prints, and that it has ended. */
  begin() {
    const turn = { said: [], ended: false }
    this.#waiting.push(turn)
    const hear = (text) => {
      if (this.#waiting[0] === turn) this.say(text)
      else turn.said.push(text)
    }
    const end = () => {
      turn.ended = true
      this.#next()
    }
    return { hear, end }
  }

  #next() {
    while (this.#waiting[0]?.ended) {
      this.#waiting.shift()
      for (const text of this.#waiting[0]?.said.splice(0) ?? []) this.say(text)
    }
  }
}

/**
 * Runs `work(part)` for each, in their order; as many at a time as `cores` allow, where `part.cores` says how many it keeps
 * busy. None overtakes one that waits: later parts run what earlier ones build.
 */
export async function schedule(parts, cores, say, work) {
  const turns = new Turns(say)
  const pending = [...parts]
  const running = new Set()
  let free = cores
  const need = (part) => Math.min(part.cores ?? cores, cores)
  while (pending.length || running.size) {
    if (!pending.length || need(pending[0]) > free) {
      await Promise.race(running)
      continue
    }
    const part = pending.shift()
    free -= need(part)
    const { hear, end } = turns.begin()
    const one = overheard(hear, () => work(part)).finally(() => {
      free += need(part)
      running.delete(one)
      end()
    })
    running.add(one)
  }
}

const kTicksASecond = 100

/** Processor seconds of everything that this process started and that has ended, with what those started. */
export function cpuSecondsOfChildren() {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')
  return (Number(fields[13]) + Number(fields[14])) / kTicksASecond
}
