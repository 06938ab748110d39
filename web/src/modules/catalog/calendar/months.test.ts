import { describe, expect, it } from 'vitest'
import { holidays_of, months_of } from './months'

const kSpecials = [
  { on: '2026-01-01', name: '元旦', working: false },
  { on: '2026-01-02', name: '元旦', working: false },
  { on: '2026-01-03', name: '元旦', working: false },
  { on: '2026-01-04', name: '调休上班', working: true },
  { on: '2026-04-06', name: '清明节', working: false },
]

describe('a year as grids', () => {
  it('has every day of the year once, under its weekday', () => {
    const months = months_of(2026, kSpecials)
    const days = months.flatMap((month) => month.weeks.flat()).filter((day) => day !== null)
    expect(days).toHaveLength(365)
    expect(new Set(days.map((day) => day.on)).size).toBe(365)
    expect(
      months_of(2028, [])
        .flatMap((month) => month.weeks.flat())
        .filter(Boolean),
    ).toHaveLength(366)
    for (const month of months) for (const week of month.weeks) expect(week).toHaveLength(7)
    expect(months[0]?.weeks[0]?.[3]?.on).toBe('2026-01-01')
    expect(months[10]?.weeks[0]?.[6]?.on).toBe('2026-11-01')
  })

  it('says what each day is: the notice before the weekday', () => {
    const kinds = Object.fromEntries(
      months_of(2026, kSpecials)
        .flatMap((month) => month.weeks.flat())
        .filter((day) => day !== null)
        .map((day) => [day.on, day.kind]),
    )
    expect(kinds['2026-01-02']).toBe('off')
    expect(kinds['2026-01-04']).toBe('works')
    expect(kinds['2026-01-10']).toBe('weekend')
    expect(kinds['2026-01-05']).toBe('plain')
  })

  it('tells holidays as stretches', () => {
    expect(holidays_of(kSpecials)).toEqual([
      { name: '元旦', from_on: '2026-01-01', through_on: '2026-01-03', days: 3 },
      { name: '清明节', from_on: '2026-04-06', through_on: '2026-04-06', days: 1 },
    ])
  })
})
