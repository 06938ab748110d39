import { ref } from 'vue'
import { describe, expect, it } from 'vitest'
import type { Finding, FormObject, SchemaNode } from '@/shared/api/types'
import { use_form_rules } from '@/modules/catalog/form/rules'
import { default_form, node_at } from '@/modules/catalog/form/schema'
import { case_file, findings, matter } from '../../../tests/story'
import { is_about_all, step_statuses } from './steps'

const schema = matter.form_schema
const steps = matter.layout.steps

/** What the list of steps says, by the step's name. */
function statuses(form: FormObject, found: Finding[]) {
  const rules = use_form_rules(ref(schema), ref(form))
  const said = step_statuses(steps, rules, found, [], form, schema)
  return Object.fromEntries(steps.map((step, place) => [step.step, said[place]]))
}

function finding(...fields: string[]): Finding {
  return { ...(findings[0] as Finding), outcome: 'fail', severity: 'block', fields }
}

describe('the list of steps', () => {
  it('reproaches nobody with a form that is still empty', () => {
    const everywhere = steps.flatMap((step) => step.sections.flatMap((one) => one.fields.map((field) => field.path)))
    const kinds = Object.entries(statuses(default_form(schema), [finding(...everywhere, 'participants')]))
      .filter(([step]) => !['materials', 'review'].includes(step))
      .map(([, status]) => status?.kind)
    expect(new Set(kinds)).toEqual(new Set(['untouched']))
  })

  it('counts what is not written yet as something to do', () => {
    const form = { ...default_form(schema), contract: { contract_number: 'HT-1' } }
    expect(statuses(form, [finding('contract.contract_price_fen')]).contract?.kind).toBe('missing')
    expect(statuses(form, [finding('contract.contract_number')]).contract).toEqual({ kind: 'wrong', count: 1 })
  })

  it('takes computed values for nobody’s answer', () => {
    expect(statuses({ works: { building_count: 0 } }, []).works?.kind).toBe('untouched')
    expect(statuses({ works: { works_name: '学校' } }, []).works?.kind).toBe('missing')
  })

  it('waits silently for what is still to come', () => {
    const waiting = finding('works.works_name', 'contract.works_name')
    expect(is_about_all(waiting, { works: { works_name: '学校' } })).toBe(false)
    expect(is_about_all(waiting, { works: { works_name: '学校' }, contract: { works_name: '学校' } })).toBe(true)
    expect(is_about_all(finding('participants[].credit_code'), { participants: [] })).toBe(false)
  })

  it('names rows that do not agree', () => {
    const found = [finding('participants[].credit_code')]
    expect(statuses(case_file.form, found).participants).toEqual({ kind: 'wrong', count: 1 })
    expect(statuses({ participants: [] }, found).participants?.kind).toBe('untouched')
    const fresh = { participant_no: 1, ...default_form(node_at(schema, 'participants')?.items as SchemaNode) }
    expect(statuses({ participants: [fresh] }, found).participants?.kind).toBe('untouched')
  })
})
