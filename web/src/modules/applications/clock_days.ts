/**
 * The clock as runs of days with words: what the authority used, what waited for the applicant, days off, what is left.
 * Pure, so that the picture and the words beside it come from the same numbers.
 */
import type { ClockSegment, ClockView } from '@/shared/api/types'
import { day_after, days_between } from '@/shared/format/dates'

export type RunKind = ClockSegment['kind'] | 'planned'

export interface ClockRun {
  kind: RunKind
  from_on: string
  through_on: string
  days: number
}

const kDaysMax = 120

function run(kind: RunKind, from_on: string, through_on: string): ClockRun {
  return { kind, from_on, through_on, days: days_between(from_on, through_on) + 1 }
}

/** Segments in order, the authority's cut at today: what lies behind is used, what lies ahead is planned. */
export function clock_runs(clock: ClockView, today: string): ClockRun[] {
  const runs: ClockRun[] = []
  for (const segment of [...clock.segments].sort((left, right) => left.from_on.localeCompare(right.from_on))) {
    const { kind, from_on, through_on } = segment
    if (days_between(from_on, through_on) < 0) continue
    const is_ahead = kind === 'authority' && through_on > today
    if (is_ahead && from_on <= today) {
      runs.push(run('authority', from_on, today), run('planned', day_after(today, 1), through_on))
    } else runs.push(run(is_ahead ? 'planned' : kind, from_on, through_on))
  }
  return runs
}

/** Every day of the runs, for the scale below; empty when there are too many days to name each. */
export function clock_days(runs: ClockRun[]): string[] {
  const all = runs.reduce((sum, one) => sum + one.days, 0)
  if (!runs.length || all > kDaysMax) return []
  return runs.flatMap((one) => Array.from({ length: one.days }, (_, place) => day_after(one.from_on, place)))
}
