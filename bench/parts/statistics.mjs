// Numbers of noisy machines: medians of rounds, and how far the rounds lie apart.

/** The value below which `share` (0–1) of the list lies; the middle of the two nearest for a median of an even count. */
export function quantile(list, share) {
  if (!list.length) throw new Error('no values')
  const sorted = [...list].sort((a, b) => a - b)
  const at = share * (sorted.length - 1)
  const low = Math.floor(at)
  return sorted[low] + (sorted[Math.ceil(at)] - sorted[low]) * (at - low)
}

export const median = (list) => quantile(list, 0.5)

/** Half of the distance between the smallest and the largest, in percent of the median: 0 when all rounds agree. */
export function spreadPercent(list) {
  const middle = median(list)
  return middle === 0 ? 0 : Math.round(((Math.max(...list) - Math.min(...list)) / 2 / middle) * 100)
}

/** Repeatable random numbers (mulberry32): `between(low, high)` both included. */
export class Chance {
  #state

  constructor(seed) {
    this.#state = seed >>> 0
  }

  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  between(low, high) {
    return low + Math.floor(this.next() * (high - low + 1))
  }
}
