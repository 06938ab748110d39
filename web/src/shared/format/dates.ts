/**
 * Dates and times as people read them, the same everywhere: 2026年12月2日（周三）.
 * An instant is UTC milliseconds and is shown in the office's zone, Asia/Shanghai, which has had a fixed
 * offset since 1992, so no zone tables are needed. A date is `YYYY-MM-DD` and has no zone at all.
 */
import { active_locale } from '@/shared/i18n/locale'

const kOfficeOffsetMs = 8 * 60 * 60 * 1000
const kDayMs = 24 * 60 * 60 * 1000
const kWeekdays = ['日', '一', '二', '三', '四', '五', '六']

interface DateParts {
  year: number
  month: number
  day: number
  weekday: number
}

function parts_of(date_on: string): DateParts | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date_on)
  if (!match) return null
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const at = new Date(Date.UTC(year, month - 1, day))
  if (at.getUTCFullYear() !== year || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return null
  return { year, month, day, weekday: at.getUTCDay() }
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}

function english(date_on: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }).format(new Date(`${date_on}T00:00:00Z`))
}

/** 2026年12月2日（周三）; an unreadable date is shown as it came, an absent one as a dash. */
export function format_date(date_on: string | null | undefined): string {
  if (!date_on) return '—'
  const parts = parts_of(date_on)
  if (!parts) return date_on
  if (active_locale() === 'en')
    return english(date_on, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
  return `${parts.year}年${parts.month}月${parts.day}日（周${kWeekdays[parts.weekday]}）`
}

/** 12月2日（周三）: for places where the year is plain from what stands around. */
export function format_day(date_on: string | null | undefined): string {
  if (!date_on) return '—'
  const parts = parts_of(date_on)
  if (!parts) return date_on
  if (active_locale() === 'en') return english(date_on, { weekday: 'short', day: 'numeric', month: 'short' })
  return `${parts.month}月${parts.day}日（周${kWeekdays[parts.weekday]}）`
}

/** The office's civil date of an instant. */
export function office_date(at_ms: number): string {
  return new Date(at_ms + kOfficeOffsetMs).toISOString().slice(0, 10)
}

/** 10:42 in the office's zone. */
export function format_clock(at_ms: number): string {
  const at = new Date(at_ms + kOfficeOffsetMs)
  return `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`
}

/** The instant of a date and a time in the office's zone, as an input of the browser gives them: 2026-12-02T15:32. */
export function office_instant(text: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})/.exec(text)
  if (!match || !parts_of(match[1] ?? '')) return null
  return Date.parse(`${match[1]}T${match[2]}:${match[3]}:00Z`) - kOfficeOffsetMs
}

/** 2026年12月2日（周三）15:32 */
export function format_instant(at_ms: number | null | undefined): string {
  if (at_ms === null || at_ms === undefined) return '—'
  const space = active_locale() === 'en' ? ' ' : ''
  return `${format_date(office_date(at_ms))}${space}${format_clock(at_ms)}`
}

/** 12-02 15:32: for dense tables; sorts and aligns. */
export function format_short_instant(at_ms: number | null | undefined): string {
  if (at_ms === null || at_ms === undefined) return '—'
  return `${office_date(at_ms).slice(5)} ${format_clock(at_ms)}`
}

/**
 * Reads a date as people type it: 2026-12-2, 2026/12/02, 2026.12.2, 20261202, 2026年12月2日（周三）.
 * Returns `YYYY-MM-DD`, or null when it is no date of the calendar.
 */
export function parse_date(text: string): string | null {
  const plain = text.replace(/（[^）]*）|\([^)]*\)/g, '').trim()
  const match =
    /^(\d{4})(\d{2})(\d{2})$/.exec(plain) ?? /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(plain)
  if (!match) return null
  const date_on = `${match[1]}-${pad(Number(match[2]))}-${pad(Number(match[3]))}`
  return parts_of(date_on) ? date_on : null
}

export function day_after(date_on: string, days: number): string {
  return new Date(Date.parse(`${date_on}T00:00:00Z`) + days * kDayMs).toISOString().slice(0, 10)
}

/** Calendar days from the first date to the second; negative when the second is earlier. */
export function days_between(from_on: string, to_on: string): number {
  return Math.round((Date.parse(`${to_on}T00:00:00Z`) - Date.parse(`${from_on}T00:00:00Z`)) / kDayMs)
}

export function weekday_word(date_on: string): string {
  const parts = parts_of(date_on)
  if (!parts) return ''
  return active_locale() === 'en' ? english(date_on, { weekday: 'short' }) : (kWeekdays[parts.weekday] ?? '')
}
