import { describe, expect, it } from 'vitest'
import type { Account } from '@/shared/api/types'
import { start_page_of } from '@/shared/session'
import { gives } from './may'

describe('an administrator of an area', () => {
  const whole = { role: 'rule_admin', action: 'rules.edit', scope: 'whole' } as const

  it('has nothing of what is the whole installation’s', () => {
    expect(gives(whole, { roles: ['rule_admin'], region_code: '330106' })).toBe(false)
    expect(gives({ ...whole, scope: 'any' }, { roles: ['rule_admin'], region_code: '330106' })).toBe(true)
    expect(gives(whole, { roles: ['rule_admin'], region_code: null })).toBe(true)
    expect(gives(whole, { roles: ['audit_admin'] })).toBe(false)
  })

  it('begins where he has something to do', () => {
    const rules = { kind: 'administrator', roles: ['rule_admin'], region_code: '' } as unknown as Account
    expect(start_page_of(rules)).toBe('/rules')
    expect(start_page_of({ ...rules, region_code: '330106' })).toBe('/authorities')
  })
})
