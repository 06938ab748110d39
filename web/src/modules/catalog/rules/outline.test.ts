import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { kCatalog } from '../../../../tests/story'
import { find_decision, read_outline, replace_decision } from './outline'

const dmn = readFileSync(join(kCatalog, 'construction-permit/precheck.dmn'), 'utf8')

describe('the outline of a rule file', () => {
  const outline = read_outline(dmn)

  it('names each table in words, with the rules of its rows', () => {
    const limits = outline.find((one) => one.id === 'permit_limit')
    expect([limits?.label, limits?.kind, limits?.rows.length]).toEqual(['办证限额表', 'table', 8])
    const eligibility = outline.find((one) => one.id === 'rules_eligibility')
    expect(eligibility?.rows[1]).toMatchObject({ id: 'R_102', rule: 'R-102', title: '限额以下可不办证' })
  })

  it('has the text of what is no table', () => {
    expect(outline.find((one) => one.id === 'filing_day')?.text).toMatch(/^if application\.submitted_on/)
    expect(outline.find((one) => one.id === 'credit_code_valid')?.text).toMatch(/^function\(c\) if c = null/)
  })

  it('is empty for what is no XML', () => {
    expect(read_outline('<definitions><decision')).toEqual([])
  })

  it('puts one decision back and leaves every other character as it was', () => {
    const place = find_decision(dmn, 'filing_day')
    const changed = replace_decision(dmn, 'filing_day', '<decision id="filing_day"/>') ?? ''
    expect(changed.slice(0, place?.from)).toBe(dmn.slice(0, place?.from))
    expect(changed.endsWith(dmn.slice(place?.to))).toBe(true)
    expect(replace_decision(dmn, 'no_such', '')).toBeNull()
  })
})
