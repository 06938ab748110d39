import { describe, expect, it } from 'vitest'
import { format_amount, format_bytes, from_decimal, kUnits, to_decimal, unit_of } from './amounts'

const fen = unit_of('fen')
const area = unit_of('m2_hundredths')
const length = unit_of('mm')

describe('amounts', () => {
  it('shows money in 万元 without losing a fen of precision', () => {
    expect(to_decimal(82_600_000_000, fen)).toBe('82600')
    expect(to_decimal(82_605_000_000, fen)).toBe('82605')
    expect(to_decimal(8_260_123_400, fen)).toBe('8260.1234')
    expect(to_decimal(100, fen)).toBe('0.0001')
    expect(format_amount(8_260_000_000, 'fen')).toBe('8\u00a0260\u00a0万元')
  })

  it('reads what a binary double would spoil', () => {
    expect(from_decimal('8260.1', fen)).toEqual({ value: 8_260_100_000 })
    expect(from_decimal('1.1', length)).toEqual({ value: 1100 })
    expect(from_decimal('0.07', area)).toEqual({ value: 7 })
    expect(from_decimal('4503599627.3705', fen)).toEqual({ value: 4_503_599_627_370_500 })
  })

  it('takes grouping and full-width digits as meant', () => {
    expect(from_decimal('12 345.67', area)).toEqual({ value: 1_234_567 })
    expect(from_decimal('１２，３４５．６７', area)).toEqual({ value: 1_234_567 })
    expect(from_decimal('12345.6700', area)).toEqual({ value: 1_234_567 })
  })

  it('refuses what is no number, too fine or too large', () => {
    expect(from_decimal('约八千', fen)).toEqual({ fault: 'not_a_number' })
    expect(from_decimal('', fen)).toEqual({ fault: 'not_a_number' })
    expect(from_decimal('1e5', fen)).toEqual({ fault: 'not_a_number' })
    expect(from_decimal('8260.12345', fen)).toEqual({ fault: 'too_many_decimals' })
    expect(from_decimal('99999999999', fen)).toEqual({ fault: 'too_large' })
  })

  it('brings every unit there and back', () => {
    for (const unit of Object.values(kUnits)) {
      for (const value of [0, 1, 99, 100, 12_345, 987_654_321]) {
        const step = 10 ** (unit.places - unit.decimals_max)
        expect(from_decimal(to_decimal(value * step, unit), unit)).toEqual({ value: value * step })
      }
    }
  })

  it('keeps the sign', () => {
    expect(from_decimal('-4.80', length)).toEqual({ value: -4800 })
    expect(to_decimal(-4800, length)).toBe('-4.80')
    expect(from_decimal('-0', length)).toEqual({ value: 0 })
  })

  it('shows an absent value as a dash and files by size', () => {
    expect(format_amount(null, 'fen')).toBe('—')
    expect(format_bytes(900)).toBe('900 B')
    expect(format_bytes(38_600_000)).toBe('36.8 MB')
  })
})
