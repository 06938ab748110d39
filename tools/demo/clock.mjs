// The demo clock of a bureau: only forward, in the office's time (Asia/Shanghai has had no summer time since 1991).

const kOfficeOffsetMs = 8 * 3600_000

/** Instant of a civil date and time of day at the office. */
export const officeInstant = (on, at) => Date.parse(`${on}T${at}:00+08:00`)
export const officeDate = (ms) => new Date(ms + kOfficeOffsetMs).toISOString().slice(0, 10)
export const officeTime = (ms) => new Date(ms + kOfficeOffsetMs).toISOString().slice(11, 16)

/** The request that moves the clock by `after` of a step; null when the step follows at once. */
export function moveOf(after, nowMs) {
  if (!after) return null
  const { minutes, hours, days, working_days: workingDays, on, at } = after
  if (workingDays !== undefined) return { advance_working_days: workingDays, at: at ?? officeTime(nowMs) }
  if (on !== undefined) return { advance_to_ms: officeInstant(on, at ?? '09:00') }
  if (days !== undefined) return { advance_to_ms: officeInstant(officeDate(nowMs + days * 86_400_000), at ?? officeTime(nowMs)) }
  return { advance_to_ms: nowMs + (hours ?? 0) * 3600_000 + (minutes ?? 0) * 60_000 }
}

export class DemoClock {
  constructor(client) {
    this.client = client
  }

  async nowMs() {
    return (await this.client.get('/demo/clock')).now_ms
  }

  /** Sets the clock to the beginning of a package. A later clock is an error: time at an authority never runs backwards. */
  async start(startMs) {
    const now = await this.nowMs()
    if (now > startMs) {
      const error = new Error(`服务器的演示时钟已经走到 ${officeDate(now)} ${officeTime(now)}，晚于申请包的开始时间 ${officeDate(startMs)} ${officeTime(startMs)}。请换一个新的演示机构（不带 --url 运行即可）。`)
      error.refused = true
      throw error
    }
    if (now < startMs) await this.client.call('POST', '/demo/clock', { json: { advance_to_ms: startMs } })
  }

  async advance(after) {
    const move = moveOf(after, after ? await this.nowMs() : 0)
    if (move) await this.client.call('POST', '/demo/clock', { json: move })
  }
}
