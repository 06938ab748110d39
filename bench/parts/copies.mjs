// Copies of a data folder that a benchmark may spoil.
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { dataRoot } from './places.mjs'

export class Copies {
  #made = new Set()

  /** `name` begins the names of their folders. */
  constructor(name) {
    this.name = name
    mkdirSync(dataRoot, { recursive: true })
  }

  /** An empty folder of that name. */
  empty(name) {
    const folder = join(dataRoot, `${this.name}-${name}`)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    this.#made.add(folder)
    return folder
  }

  /** The one of that name before is gone. */
  of(folder, name) {
    const copy = this.empty(name)
    cpSync(folder, copy, { recursive: true })
    return copy
  }

  remove() {
    for (const folder of this.#made) rmSync(folder, { recursive: true, force: true })
  }
}
