import { describe, expect, it } from 'vitest'
import type { MaterialState } from '@/shared/api/types'
import { guess_material } from './guess_material'

function material(material_code: string, name: string): MaterialState {
  return {
    material_code,
    name,
    required: true,
    proved_by: null,
    may_commit: false,
    committed: false,
    generated: false,
    formats: ['pdf'],
    pages_max: 10,
    legal_basis: '',
    documents: [],
  }
}

const papers = [
  material('M-11', '建设工程规划许可证'),
  material('M-09', '建设用地规划许可证'),
  material('M-19', '中标通知书'),
  material('M-21', '施工合同'),
]

describe('a dropped file', () => {
  it('goes where its name says', () => {
    expect(guess_material('中标通知书-翠苑小学.pdf', papers)).toBe('M-19')
    expect(guess_material('施工合同（正本扫描）.pdf', papers)).toBe('M-21')
    expect(guess_material('建设工程规划许可证 附图.pdf', papers)).toBe('M-11')
    expect(guess_material('M-09 扫描件.jpg', papers)).toBe('M-09')
  })

  it('asks when its name fits two papers or none', () => {
    expect(guess_material('规划许可证.pdf', papers)).toBeNull()
    expect(guess_material('IMG_2231.jpg', papers)).toBeNull()
  })
})
