import { describe, expect, it } from 'vitest'
import { day_after, days_between, format_date, format_day, format_instant, office_date, parse_date } from './dates'

describe('dates', () => {
  it('are written with the weekday', () => {
    expect(format_date('2026-12-02')).toBe('2026年12月2日（周三）')
    expect(format_day('2026-12-02')).toBe('12月2日（周三）')
    expect(format_date(null)).toBe('—')
    expect(format_date('not a date')).toBe('not a date')
  })

  it('belong to the office, not to the reader’s machine', () => {
    const just_after_midnight = Date.UTC(2026, 10, 22, 16, 0, 30)
    expect(office_date(just_after_midnight)).toBe('2026-11-23')
    expect(format_instant(just_after_midnight)).toBe('2026年11月23日（周一）00:00')
  })

  it('are read as people type them', () => {
    for (const text of ['2026-12-2', '2026/12/02', '2026.12.2', '20261202', '2026年12月2日', '2026年12月2日（周三）'])
      expect(parse_date(text)).toBe('2026-12-02')
  })

  it('outside the calendar are refused', () => {
    expect(parse_date('2026-02-29')).toBeNull()
    expect(parse_date('2028-02-29')).toBe('2028-02-29')
    expect(parse_date('2026-13-01')).toBeNull()
    expect(parse_date('明天')).toBeNull()
  })

  it('are counted across a year end', () => {
    expect(day_after('2026-12-31', 1)).toBe('2027-01-01')
    expect(days_between('2026-11-23', '2026-12-02')).toBe(9)
  })
})
