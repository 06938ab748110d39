/** Words of the rule pages that several of them use. */
import { active_locale } from '@/shared/i18n/locale'
import { format_amount } from '@/shared/format/amounts'
import { day_after } from '@/shared/format/dates'
import type { IconName } from '@/shared/ui/icons'
import type { Outcome, RuleProblem, VersionState } from './types'

export const kOutcomes: Outcome[] = ['pass', 'fail', 'unchecked', 'not_applicable']

export function problem_words(one: RuleProblem): string {
  return active_locale() === 'en' ? one.en : one.zh
}

export const kVersionLooks: Record<VersionState, [string, IconName]> = {
  in_force: ['tag-good', 'good'],
  waiting: ['tag-info', 'clock'],
  past: ['tag-line', 'dot'],
  withdrawn: ['tag-line', 'ban'],
  superseded: ['tag-line', 'ban'],
}

/** The Monday after a day: rules change with a week, so that an office has the days until then to read them. */
export function next_monday(today_on: string): string {
  const weekday = new Date(`${today_on}T00:00:00Z`).getUTCDay()
  return day_after(today_on, (8 - weekday) % 7 || 7)
}

/** 200000000 under `…_fen` is 200 万元: rules count in small units, people do not. Empty where it says nothing more. */
export function amount_words(name: string, text: string): string {
  const unit = /_(fen|m2_hundredths|mm)$/.exec(name)?.[1]
  return unit && /^\d{1,15}$/.test(text.trim()) ? format_amount(Number(text), unit) : ''
}
