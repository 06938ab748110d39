import { describe, expect, it } from 'vitest'
import { is_six_digits, mobile_of, plain_forms, without_spaces } from './typed'

describe('what is typed for a machine', () => {
  it('may be full-width and may have spaces that came along when it was pasted', () => {
    expect(without_spaces('　９１３３ 0106 ')).toBe('91330106')
    expect(plain_forms('ＡＢｃ１')).toBe('ABc1')
    expect([' 673 539 ', '６７３５３９', '67353', '67353九', ''].map(is_six_digits)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })

  it('is a mobile number with or without what stands between its digits', () => {
    for (const typed of ['13800001234', '１３８００００１２３４', '+86 138 0000 1234', '138-0000-1234'])
      expect(mobile_of(typed)).toBe('13800001234')
    for (const typed of ['', '12800001234', '1380000123', '138000012345', '1380000123x', '😀'])
      expect(mobile_of(typed)).toBeNull()
  })
})
