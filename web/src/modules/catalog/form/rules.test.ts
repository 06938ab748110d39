import { waitFor } from '@testing-library/vue'
import { effectScope, nextTick, ref, type EffectScope } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FormObject, SchemaNode } from '@/shared/api/types'
import { load_feel, type Evaluate } from '@/shared/feel/feel'
import { case_file, matter } from '../../../../tests/story'
import { row_paths, scope_of, use_computed_values, use_form_rules, type FormRules } from './rules'
import { node_at } from './schema'

const worked_out = vi.hoisted(() => [] as string[])
vi.mock('@/shared/feel/feel', async (original) => {
  const real = await original<{ load_feel: () => Promise<Evaluate> }>()
  const load_counted = async (): Promise<Evaluate> => {
    const evaluate = await real.load_feel()
    return (expression, context) => {
      worked_out.push(expression)
      return evaluate(expression, context)
    }
  }
  return { ...real, load_feel: load_counted }
})

let scope: EffectScope | null = null
afterEach(() => scope?.stop())

async function rules_of(form: FormObject) {
  const held = ref(structuredClone(form))
  scope = effectScope()
  const schema = ref<SchemaNode | null>(matter.form_schema)
  const rules = scope.run(() => {
    use_computed_values(schema, held)
    return use_form_rules(schema, held)
  }) as FormRules
  await load_feel()
  await nextTick()
  return { rules, form: held }
}

function required(rules: FormRules, path: string): boolean {
  return rules.is_required(path, node_at(matter.form_schema, path) as SchemaNode)
}

function shown(rules: FormRules, path: string): boolean {
  return rules.is_shown(path, node_at(matter.form_schema, path) as SchemaNode)
}

describe('the rules of the form', () => {
  it('follow the answers', async () => {
    const { rules, form } = await rules_of({ works: { works_category: '01', is_fit_out: false } })
    expect(required(rules, 'works.floor_area_m2_hundredths')).toBe(true)
    expect(shown(rules, 'works.fit_out_area_m2_hundredths')).toBe(false)
    form.value = { works: { works_category: '02', is_fit_out: true } }
    expect(required(rules, 'works.floor_area_m2_hundredths')).toBe(false)
    expect(shown(rules, 'works.fit_out_area_m2_hundredths')).toBe(true)
  })

  it('hide nothing that somebody has filled in', async () => {
    const { rules } = await rules_of({ works: { is_fit_out: false, fit_out_area_m2_hundredths: 12_000 } })
    expect(shown(rules, 'works.fit_out_area_m2_hundredths')).toBe(true)
  })

  it('see the row around a field', async () => {
    const { rules } = await rules_of({ participants: [{ role: 'owner' }, { role: 'main_contractor' }] })
    expect(required(rules, 'participants[0].contract_number')).toBe(false)
    expect(required(rules, 'participants[1].safety_licence.number')).toBe(true)
    expect(scope_of({ a: 1, rows: [{ b: 2 }] }, 'rows[0].b')).toMatchObject({ a: 1, b: 2 })
    expect(row_paths({ p: [{ q: [{}, {}] }, {}] }, 'p[].q')).toEqual(['p[0].q[0]', 'p[0].q[1]'])
  })

  it('find nothing missing in a complete package', async () => {
    const { rules } = await rules_of(case_file.form)
    const missing = matter.layout.steps.flatMap((step) => rules.missing_in(step).map((one) => one.path))
    expect(missing).toEqual([])
  })

  it('are worked out again only after a change of what they read', async () => {
    const { rules, form } = await rules_of(case_file.form)
    const all = () => matter.layout.steps.map((step) => rules.missing_in(step).length)
    all()
    worked_out.length = 0
    ;(form.value.agent as FormObject).name = '改了名的人'
    await nextTick()
    all()
    expect(worked_out.filter((one) => !one.includes('agent'))).toEqual([])
    ;(form.value.works as FormObject).is_fit_out = true
    expect(required(rules, 'works.fit_out_area_m2_hundredths')).toBe(true)
  })

  it('compute what follows from other answers, and leave alone what somebody has typed', async () => {
    const { form } = await rules_of({
      works: { works_category: '01' },
      buildings: [{ height_mm: 9000 }, { height_mm: 21_600 }],
    })
    const works = () => form.value.works as Record<string, unknown>
    await waitFor(() => expect(works().building_count).toBe(2))
    expect(works().height_max_mm).toBe(21_600)
    works().height_max_mm = 22_000
    ;(form.value.buildings as unknown[]).push({ height_mm: 30_000 })
    await nextTick()
    await waitFor(() => expect(works().building_count).toBe(3))
    expect(works().height_max_mm).toBe(22_000)
  })
})
