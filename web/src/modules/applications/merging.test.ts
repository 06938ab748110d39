import { describe, expect, it } from 'vitest'
import { merged_forms, with_theirs } from './merging'

const first = { code: 'A', phone: '1' }
const base = {
  works: { name: '校舍', area: 5 },
  firms: [first, { code: 'B', phone: '2', lead: { name: '陈' } }],
}

describe('two people in one form', () => {
  it('puts together what each changed', () => {
    const mine = { ...base, works: { name: '新校舍', area: 5 } }
    const theirs = { ...base, firms: [first, { code: 'B', phone: '9', lead: { name: '陈' } }] }
    expect(merged_forms(base, mine, theirs)).toEqual({
      form: { works: { name: '新校舍', area: 5 }, firms: theirs.firms },
      collisions: [],
    })
  })

  it('puts together fields of one row', () => {
    const mine = { ...base, firms: [first, { code: 'B', phone: '7', lead: { name: '陈' } }] }
    const theirs = { ...base, firms: [first, { code: 'B', phone: '2', lead: { name: '李' } }] }
    expect(merged_forms(base, mine, theirs).form.firms).toEqual([
      first,
      { code: 'B', phone: '7', lead: { name: '李' } },
    ])
  })

  it('finds a row that I moved by adding one before it', () => {
    const mine = { ...base, firms: [{ code: 'C' }, ...base.firms] }
    const theirs = { ...base, firms: [first, { code: 'B', phone: '9', lead: { name: '陈' } }] }
    const { form, collisions } = merged_forms(base, mine, theirs)
    expect(form.firms).toEqual([{ code: 'C' }, first, theirs.firms[1]])
    expect(collisions).toEqual([])
  })

  it('names the path where both changed one value, and somebody decides', () => {
    const mine = { ...base, works: { name: '甲', area: 5 } }
    const theirs = { ...base, works: { name: '乙', area: 6 } }
    const { form, collisions } = merged_forms(base, mine, theirs)
    expect(collisions).toEqual(['works.name'])
    expect(form.works).toEqual({ name: '甲', area: 6 })
    expect(with_theirs(form, theirs, collisions).works).toEqual({ name: '乙', area: 6 })
  })

  it('takes what somebody removed as removed, and an empty text as nothing', () => {
    const mine = { ...base, works: { name: '校舍', area: 5, use: '' } }
    const theirs = { ...base, works: { name: '校舍' } }
    expect(merged_forms(base, mine, theirs).form.works).toEqual({ name: '校舍' })
  })

  it('does not guess which row it was when I removed and changed rows', () => {
    const mine = { ...base, firms: [{ code: 'A', phone: '8' }] }
    const theirs = { ...base, firms: [first, { code: 'B', phone: '9' }] }
    expect(merged_forms(base, mine, theirs).collisions).toEqual(['firms[1]'])
  })
})
