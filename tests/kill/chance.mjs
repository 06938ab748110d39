// Chance that can be had again: every test prints its seed, KAIGONG_KILL_SEED repeats it.

export const seed = Number(process.env.KAIGONG_KILL_SEED ?? Date.now() % 1_000_000)

/** A row of numbers in [0, 1), the same for the same seed (mulberry32). */
export function chanceOf(from) {
  let state = from >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    /** An integer from `low` to `high`, both included. */
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    is: (probability) => next() < probability,
  }
}
