import { describe, expect, it } from 'vitest'
import type { FormObject } from '@/shared/api/types'
import { concerns, is_empty, is_inside, keys_of, schema_path, set_value, value_at } from './paths'

describe('paths', () => {
  it('lead to values in groups and rows', () => {
    const form: FormObject = { buildings: [{ height_mm: 21600 }, { height_mm: 9000 }] }
    expect(keys_of('participants[0].people[1].name')).toEqual(['participants', 0, 'people', 1, 'name'])
    expect(value_at(form, 'buildings[1].height_mm')).toBe(9000)
    expect(value_at(form, 'buildings[7].height_mm')).toBeUndefined()
    expect(value_at(form, 'works.works_name')).toBeUndefined()
  })

  it('make the groups they need and take emptied members out', () => {
    const form: FormObject = {}
    set_value(form, 'participants[0].lead.name', '李样例')
    expect(form).toEqual({ participants: [{ lead: { name: '李样例' } }] })
    set_value(form, 'participants[0].lead.name', null)
    expect(form).toEqual({ participants: [{ lead: {} }] })
    expect(is_empty({ lead: {}, name: '' })).toBe(true)
    expect(is_empty({ lead: { name: false } })).toBe(false)
  })

  it('of findings fit the value, the field of every row, or another spelling of the row', () => {
    expect(concerns('buildings[0].height_mm', 'buildings[0].height_mm')).toBe(true)
    expect(concerns('buildings.0.height_mm', 'buildings[0].height_mm')).toBe(true)
    expect(concerns('buildings[].height_mm', 'buildings[3].height_mm')).toBe(true)
    expect(concerns('buildings[1].height_mm', 'buildings[0].height_mm')).toBe(false)
    expect(schema_path('participants[2].people[0].name')).toBe('participants[].people[].name')
    expect(is_inside('buildings[0].height_mm', 'buildings')).toBe(true)
    expect(is_inside('buildings_count', 'buildings')).toBe(false)
  })
})
