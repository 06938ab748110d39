/** Office hours as people say them: 2 天 3.5 小时, of days that have as many hours as the office works. */
import { t } from '@/shared/i18n'

const kHourMs = 3_600_000

export function format_worked(worked_ms: number, working_day_ms: number): string {
  const tenths = Math.round((worked_ms * 10) / kHourMs)
  const day_tenths = Math.round((working_day_ms * 10) / kHourMs)
  const days = Math.floor(tenths / day_tenths)
  const hours = (tenths - days * day_tenths) / 10
  if (days === 0) return t('approval.oversight.hours', { hours })
  return hours === 0 ? t('approval.oversight.days', { days }) : t('approval.oversight.days_hours', { days, hours })
}

/** How long something has waited, in whole days of the calendar; the table says so coarsely. */
export function waited_days(since_at_ms: number, now_ms: number): number {
  return Math.max(0, Math.floor((now_ms - since_at_ms) / (24 * kHourMs)))
}
