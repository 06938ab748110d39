/** A year as twelve grids of weeks, Monday first: what each day is, in a word. */
import { day_after, days_between } from '@/shared/format/dates'

export type DayKind = 'plain' | 'weekend' | 'off' | 'works'

export interface GridDay {
  on: string
  number: number
  kind: DayKind
  name: string
}

export interface Month {
  number: number
  /** Weeks of seven places; null before the first day and after the last. */
  weeks: (GridDay | null)[][]
}

interface Special {
  on: string
  name: string
  working: boolean
}

const kMonday = '2024-01-01'

/** 0 Monday … 6 Sunday. */
function place_of(on: string): number {
  return ((days_between(kMonday, on) % 7) + 7) % 7
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function day_of(on: string, special: Special | undefined): GridDay {
  const number = Number(on.slice(8))
  if (special) return { on, number, kind: special.working ? 'works' : 'off', name: special.name }
  return { on, number, kind: place_of(on) >= 5 ? 'weekend' : 'plain', name: '' }
}

export function months_of(year: number, specials: Special[]): Month[] {
  const by_day = new Map(specials.map((one) => [one.on, one]))
  const months: Month[] = []
  for (let number = 1; number <= 12; ++number) {
    const month = `${year}-${two(number)}-`
    const places: (GridDay | null)[] = Array.from({ length: place_of(`${month}01`) }, () => null)
    for (let on = `${month}01`; on.startsWith(month); on = day_after(on, 1)) places.push(day_of(on, by_day.get(on)))
    while (places.length % 7) places.push(null)
    const weeks = Array.from({ length: places.length / 7 }, (_, week) => places.slice(week * 7, week * 7 + 7))
    months.push({ number, weeks })
  }
  return months
}

export interface Stretch {
  name: string
  from_on: string
  through_on: string
  days: number
}

/** Holidays as whole stretches, in the order of the year. */
export function holidays_of(specials: Special[]): Stretch[] {
  const stretches: Stretch[] = []
  for (const one of specials) {
    if (one.working) continue
    const last = stretches.at(-1)
    if (last && last.name === one.name && day_after(last.through_on, 1) === one.on) {
      last.through_on = one.on
      last.days += 1
    } else {
      stretches.push({ name: one.name, from_on: one.on, through_on: one.on, days: 1 })
    }
  }
  return stretches
}
