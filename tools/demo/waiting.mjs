// Waiting for something to become true at the server: asks again, ever more slowly, until a deadline. Never a blind sleep.

/** How long to wait for what must come (`mustMs`) and for what may be late (`lateMs`). Tests of failures set less. */
export const patience = { mustMs: 30_000, lateMs: 10_000 }

/** What `probe` gives when it is neither undefined nor null; after the deadline an error that says what was awaited and what was seen last. */
export async function waitFor(what, probe, { deadlineMs = patience.mustMs, seen = () => '' } = {}) {
  const end = Date.now() + deadlineMs
  for (let pause = 20; ; pause = Math.min(pause * 1.5, 400)) {
    const value = await probe()
    if (value !== undefined && value !== null) return value
    if (Date.now() > end) {
      const last = seen()
      throw new Error(`等了 ${Math.round(deadlineMs / 1000)} 秒也没有等到：${what}${last ? `（现在：${last}）` : ''}`)
    }
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}
