import { describe, expect, it } from 'vitest'
import { given_of, lines_of, read_value } from './given'
import { next_monday } from './words'

describe('what a test case gives', () => {
  const given = {
    works: { region_code: '330106', floor_area_m2_hundredths: null },
    files: [{ sha256: 'a' }],
    limit: {},
  }

  it('becomes lines and comes back the same', () => {
    const lines = lines_of(given)
    expect(lines.map((line) => line.path)).toEqual([
      'works.region_code',
      'works.floor_area_m2_hundredths',
      'files',
      'limit',
    ])
    const values = lines.map(({ path, text }) => ({ path, value: JSON.parse(text) }))
    expect(given_of(values)).toEqual(given)
  })

  it('says of a word without quotation marks what it lacks', () => {
    expect(read_value('浙江')).toEqual({ fault: 'unquoted' })
    expect(read_value('"浙江')).toEqual({ fault: 'not_json' })
    expect(read_value(' ')).toEqual({ fault: 'empty' })
    expect(read_value('330106')).toEqual({ value: 330106 })
  })

  it('refuses a path that stands twice or goes through a value', () => {
    expect(
      given_of([
        { path: 'a', value: 1 },
        { path: 'a', value: 2 },
      ]),
    ).toBeNull()
    expect(
      given_of([
        { path: 'a', value: 1 },
        { path: 'a.b', value: 2 },
      ]),
    ).toBeNull()
  })
})

describe('the day from which rules apply', () => {
  it('is the Monday after today, also on a Monday', () => {
    expect(next_monday('2026-11-24')).toBe('2026-11-30')
    expect(next_monday('2026-11-30')).toBe('2026-12-07')
    expect(next_monday('2026-11-29')).toBe('2026-11-30')
  })
})
