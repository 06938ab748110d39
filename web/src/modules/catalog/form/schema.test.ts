import { describe, expect, it } from 'vitest'
import { case_file, matter } from '../../../../tests/story'
import { control_of, merge_kept, node_at, read_amount, schema_fault, shown_value, without_personal } from './schema'

const schema = matter.form_schema

function node(path: string) {
  const found = node_at(schema, path)
  if (!found) throw new Error(`${path} is not in the schema`)
  return found
}

describe('the form schema', () => {
  it('says which control a field wants', () => {
    expect(control_of(node('works.works_name'))).toBe('text')
    expect(control_of(node('contract.contract_price_fen'))).toBe('amount')
    expect(control_of(node('contract.signed_on'))).toBe('date')
    expect(control_of(node('works.region_code'))).toBe('region')
    expect(control_of(node('works.works_use'))).toBe('code')
    expect(control_of(node('works.is_fit_out'))).toBe('bool')
    expect(control_of(node('contract.scope_text'))).toBe('long_text')
    expect(control_of(node('permit_stage.stage_orders'))).toBe('codes')
    expect(control_of(node('buildings'))).toBe('group')
  })

  it('shows values as people read them', () => {
    const tables = matter.code_tables
    expect(shown_value(node('contract.contract_price_fen'), 8_260_000_000, tables)).toBe('8\u00a0260\u00a0万元')
    expect(shown_value(node('works.floor_area_m2_hundredths'), 1_234_567, tables)).toBe('12\u00a0345.67\u00a0㎡')
    expect(shown_value(node('works.works_category'), '01', tables)).toBe('房屋建筑工程')
    expect(shown_value(node('works.is_fit_out'), false, tables)).toBe('否')
    expect(shown_value(node('works.works_name'), undefined, tables)).toBe('—')
  })

  it('refuses what it can see is wrong, and names the remedy', () => {
    expect(schema_fault(node('participants[].credit_code'), '9133')).toContain('18')
    expect(schema_fault(node('participants[].credit_code'), '91330106MA0DEM0133')).toBeNull()
    expect(schema_fault(node('works.works_name'), '校'.repeat(201))).toContain('200')
    expect(schema_fault(node('works.works_name'), undefined)).toBeNull()
    expect(read_amount(node('contract.contract_price_fen'), '8260.12345')).toMatchObject({
      message: expect.stringContaining('8260.5'),
    })
    expect(read_amount(node('contract.contract_price_fen'), '8260.5')).toEqual({ value: 8_260_500_000 })
  })

  it('leaves personal values out of what a browser keeps, and they come back from the server', () => {
    const kept = without_personal(schema, case_file.form)
    const text = JSON.stringify(kept)
    for (const personal of personal_values()) expect(text).not.toContain(personal)
    expect(text).toContain('翠苑小学扩建工程')
    expect(merge_kept(case_file.form, kept)).toEqual(case_file.form)
  })
})

function personal_values(): string[] {
  const agent = case_file.form.agent as Record<string, string>
  const participants = case_file.form.participants as { lead: Record<string, string> }[]
  return [agent.id_number, agent.phone, ...participants.map((one) => one.lead.id_number)].filter((one): one is string =>
    Boolean(one),
  )
}
