import { describe, expect, it } from 'vitest'
import type { InvitablePart, PartOfApplication } from '@/shared/api/types'
import { part_lines, unconfirmed } from './part_list'

const kNowMs = 1_000

function firm(credit_code: string): InvitablePart {
  return {
    part: 'own_row',
    title: '本单位信息',
    title_en: null,
    role: 'designer',
    role_name: '设计单位',
    credit_code,
    organisation_name: `单位 ${credit_code}`,
    confirmation_required: false,
  }
}

function invited(
  credit_code: string,
  standing: PartOfApplication['standing'],
  expires_at_ms = 2_000,
): PartOfApplication {
  return {
    ...firm(credit_code),
    part_id: `part of ${credit_code}`,
    kind: 'fill',
    standing,
    invited_at_ms: 1,
    expires_at_ms,
    filled_at_ms: null,
    confirmation: null,
  }
}

describe('the firms of an application', () => {
  it('has one line for each, also for one that left the form after it was invited', () => {
    const parts = [invited('A', 'filled'), invited('C', 'invited')]
    const lines = part_lines({ rows: 'participants', parts, invitable: [firm('A'), firm('B')] }, kNowMs)
    expect(lines.map((one) => [one.of.credit_code, one.part?.standing ?? null, one.is_open])).toEqual([
      ['A', 'filled', true],
      ['B', null, false],
      ['C', 'invited', true],
    ])
  })

  it('invites again whose invitation is over', () => {
    const parts = [invited('A', 'withdrawn'), invited('B', 'stale', 500)]
    const lines = part_lines({ rows: 'participants', parts, invitable: [firm('A'), firm('B')] }, kNowMs)
    expect(lines.map((one) => one.is_open)).toEqual([false, false])
  })

  it('names before filing who has not confirmed what stands there', () => {
    const parts = [
      invited('A', 'confirmed'),
      invited('B', 'stale'),
      invited('C', 'withdrawn'),
      invited('D', 'expired'),
      invited('E', 'unlisted'),
    ]
    const open = unconfirmed({ rows: 'participants', parts, invitable: [] })
    expect(open.map((one) => one.credit_code)).toEqual(['B', 'D'])
  })
})
