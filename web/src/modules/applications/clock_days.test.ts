import { describe, expect, it } from 'vitest'
import type { ClockView } from '@/shared/api/types'
import { clock_days, clock_runs } from './clock_days'

const clock: ClockView = {
  budget_working_days: 7,
  used_working_days: 4,
  remaining_working_days: 3,
  due_on: '2026-12-02',
  due_at_ms: null,
  promised_working_days: 3,
  promised_due_on: null,
  provisional: false,
  paused: false,
  light: 'green',
  segments: [
    { kind: 'authority', from_on: '2026-11-30', through_on: '2026-12-02' },
    { kind: 'applicant', from_on: '2026-11-19', through_on: '2026-11-23' },
    { kind: 'authority', from_on: '2026-11-24', through_on: '2026-11-27' },
    { kind: 'non_working', from_on: '2026-11-28', through_on: '2026-11-29' },
  ],
}

describe('the clock', () => {
  it('runs in order and plans what lies ahead of today', () => {
    expect(clock_runs(clock, '2026-11-27').map((one) => [one.kind, one.days])).toEqual([
      ['applicant', 5],
      ['authority', 4],
      ['non_working', 2],
      ['planned', 3],
    ])
  })

  it('cuts a run in which today lies', () => {
    expect(clock_runs(clock, '2026-11-25').map((one) => [one.kind, one.from_on, one.through_on])).toEqual([
      ['applicant', '2026-11-19', '2026-11-23'],
      ['authority', '2026-11-24', '2026-11-25'],
      ['planned', '2026-11-26', '2026-11-27'],
      ['non_working', '2026-11-28', '2026-11-29'],
      ['planned', '2026-11-30', '2026-12-02'],
    ])
  })

  it('names each day once', () => {
    const days = clock_days(clock_runs(clock, '2026-11-27'))
    expect(days).toHaveLength(14)
    expect(days[0]).toBe('2026-11-19')
    expect(days[13]).toBe('2026-12-02')
  })
})
