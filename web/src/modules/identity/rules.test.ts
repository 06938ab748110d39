import { describe, expect, it } from 'vitest'
import { credit_code_fault, tidy_credit_code } from './credit_code'
import { device_of } from './devices'
import { judge_password, strength_of } from './password_rules'

describe('a credit code', () => {
  it.each([
    ['91330106MA0DEM0133', null],
    ['91330106MA0DEM0134', 'check'],
    ['19330106MA0DEM0133', 'check'],
    // The very last one fits, the organisation's own does not.
    ['91330106MA0JRN0015', 'check'],
    ['91330106MA0DEM013', 'short'],
    ['91330106MAODEM0133', 'character'],
    ['', 'short'],
  ])('%s is %s', (code, fault) => {
    expect(credit_code_fault(code)).toBe(fault)
  })

  it('may be typed with spaces and small letters', () => {
    expect(tidy_credit_code(' 91330106 ma0dem0133 ')).toBe('91330106MA0DEM0133')
  })
})

describe('a password', () => {
  it('is judged as the server does', () => {
    expect(judge_password('Short1!', '')).toMatchObject({ length: false })
    expect(judge_password('onlysmallones', '')).toMatchObject({ length: true, kinds: false })
    expect(judge_password('onlysmalloneslong', '')).toMatchObject({ kinds: true })
    expect(judge_password('Abcd2345efgh', '')).toMatchObject({ length: true, kinds: true })
    expect(judge_password('abababababababab', '')).toMatchObject({ distinct: false })
    expect(judge_password('my-SCHOOL-password-1', 'school')).toMatchObject({ name: false })
    // Characters count, whatever they take in bytes or in UTF-16.
    expect(judge_password('青山绿水', '')).toMatchObject({ length: false })
    expect(judge_password('青山绿水青山绿水2026Ab', '')).toMatchObject({ length: true, kinds: true })
    expect(judge_password('𠮷𠮷𠮷𠮷𠮷Ab1𠮷', '')).toMatchObject({ length: false })
    expect(judge_password('abcde'.repeat(26), '')).toMatchObject({ length: false })
  })

  it('is strong when it is long', () => {
    expect(strength_of('Abcd2345efgh', '')).toBe('fair')
    expect(strength_of('qingshan-lvshui-2026', '')).toBe('strong')
    expect(strength_of('qingshan', '')).toBe('weak')
  })
})

it.each([
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0', 'edge', 'windows'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Version/18.0 Safari/605.1', 'safari', 'mac'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) MicroMessenger/8.0', 'wechat', 'ios'],
  ['Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0 Safari/537.36', 'chrome', 'linux'],
  ['curl/8.0', 'other', 'other'],
])('%s is known by its words', (user_agent, browser, system) => {
  expect(device_of(user_agent)).toEqual({ browser, system })
})
