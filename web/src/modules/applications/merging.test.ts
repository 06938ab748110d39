import { describe, expect, it } from 'vitest'
import type { FormObject } from '@/shared/api/types'
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

  const firm_a = { role: 'surveyor', credit_code: 'A', ownership_type: 'state', phone: '1' }
  const firm_b = { role: 'designer', credit_code: 'B', ownership_type: 'state', phone: '1' }
  const firm_x = { role: 'designer', credit_code: 'X', ownership_type: 'state', phone: '1' }
  const firms = (...rows: FormObject[]): FormObject => ({ firms: rows })

  it('never puts what one firm filled in into the row of another that moved up', () => {
    const theirs = firms({ ...firm_a, ownership_type: 'private', phone: '9' }, firm_b)
    const { form, collisions } = merged_forms(firms(firm_a, firm_b), firms(firm_b, firm_x), theirs)
    expect(form).toEqual(firms(firm_b, firm_x))
    expect(collisions).toEqual(['firms'])
    expect(with_theirs(form, theirs, collisions)).toEqual(theirs)
  })

  it('does not take a firm that stands in the place of another for it', () => {
    const theirs = firms({ ...firm_a, ownership_type: 'private' }, firm_b)
    const { form, collisions } = merged_forms(firms(firm_a, firm_b), firms(firm_x, firm_b), theirs)
    expect(form).toEqual(firms(firm_x, firm_b))
    expect(collisions).toEqual(['firms'])
  })

  it('knows a firm by its code and role, whatever else I changed', () => {
    const mine = firms({ ...firm_a, phone: '7' }, { ...firm_b, phone: '8' }, firm_x)
    const theirs = firms({ ...firm_a, ownership_type: 'private' }, firm_b)
    expect(merged_forms(firms(firm_a, firm_b), mine, theirs)).toEqual({
      form: firms({ ...firm_a, ownership_type: 'private', phone: '7' }, { ...firm_b, phone: '8' }, firm_x),
      collisions: [],
    })
  })

  it('takes neither person for another, whoever of both removed one and added one', () => {
    const person = (name: string, id_number: string): FormObject => ({ position: 'safety_officer', name, id_number })
    const people = (...rows: FormObject[]): FormObject => ({ people: rows })
    const [one, two, more] = [person('甲', '1'), person('乙', '2'), person('丙', '3')]
    const changed = { ...one, position: 'quality_officer' }
    const before = people(one, two)
    expect(merged_forms(before, people(two, more), people(changed, two)).form).toEqual(people(two, more))
    expect(merged_forms(before, people(changed, two), people(two, more))).toEqual({
      form: people(changed, two),
      collisions: ['people'],
    })
    expect(merged_forms(before, people(changed, two), people(more, two)).collisions).toEqual(['people'])
  })

  it('asks where rows without a code are no longer the same beside the one that changed', () => {
    const rows = (...codes: string[]): FormObject => ({ rows: codes.map((code) => ({ code, kind: '1' })) })
    const theirs = {
      rows: [
        { code: 'A', kind: '2' },
        { code: 'B', kind: '1' },
      ],
    }
    expect(merged_forms(rows('A', 'B'), rows('B', 'C'), theirs)).toEqual({ form: rows('B', 'C'), collisions: ['rows'] })
    expect(merged_forms(rows('A', 'B'), rows('D', 'C'), theirs)).toEqual({ form: rows('D', 'C'), collisions: ['rows'] })
    expect(merged_forms(rows('A', 'B'), rows('D', 'B'), theirs).form.rows).toEqual([
      { code: 'D', kind: '2' },
      { code: 'B', kind: '1' },
    ])
  })

  it('keeps rows apart that said the same', () => {
    const rows = (...phones: string[]): FormObject => ({ rows: phones.map((phone) => ({ phone })) })
    const merged = merged_forms(rows('1', '1'), rows('1', '1', '5'), rows('1', '9'))
    expect(merged).toEqual({ form: rows('1', '9', '5'), collisions: [] })
  })
})
