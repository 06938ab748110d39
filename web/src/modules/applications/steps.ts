/** What the list of steps says about each: how much is missing, how much does not agree. */
import type { Finding, FormObject, FormValue, LayoutStep, MaterialState, SchemaNode } from '@/shared/api/types'
import { concerns, is_empty, is_inside, plain_path, schema_path, value_at } from '@/modules/catalog/form/paths'
import type { FormRules } from '@/modules/catalog/form/rules'
import { node_at } from '@/modules/catalog/form/schema'
import { is_wrong } from '@/modules/catalog/verdict'

export interface StepStatus {
  kind: 'wrong' | 'missing' | 'filled' | 'untouched' | 'none'
  count: number
}

export function step_kind(step: LayoutStep): 'form' | 'materials' | 'review' {
  if (step.sections.some((section) => section.kind === 'materials')) return 'materials'
  return step.sections.some((section) => section.kind === 'review') ? 'review' : 'form'
}

/** The paths of a step as the schema writes them: `works.works_name`, `buildings[].height_mm`. */
export function step_paths(step: LayoutStep): string[] {
  return step.sections.flatMap((section) => [
    ...(section.path ? [section.path] : []),
    ...section.fields.map((field) => (section.path ? `${section.path}[].${field.path}` : field.path)),
  ])
}

export function finding_in_step(finding: Finding, step: LayoutStep): boolean {
  const paths = step_paths(step)
  return finding.fields.some((said) => paths.some((path) => path === schema_path(said) || concerns(said, path)))
}

/** The step in which a value is filled in; for links from findings and problems to their fields. */
export function step_of(steps: LayoutStep[], path: string): LayoutStep | undefined {
  const wanted = schema_path(path)
  return (
    steps.find((step) => step_paths(step).includes(wanted)) ??
    steps.find((step) => step_paths(step).some((one) => is_inside(wanted, one.replace(/\[\].*$/, ''))))
  )
}

/** Whether a person has written here: what the schema presets or computes is nobody's answer. */
function is_typed(path: string, form: FormObject, schema: SchemaNode): boolean {
  const list = path.indexOf('[]')
  const at = list < 0 ? path : path.slice(0, list)
  return is_answered(value_at(form, at), node_at(schema, at))
}

function is_answered(value: FormValue | undefined, node: SchemaNode | null | undefined): boolean {
  if (Array.isArray(value)) return value.some((one) => is_answered(one, node?.items))
  if (value && typeof value === 'object')
    return Object.entries(value).some(([name, inside]) => is_answered(inside, node?.properties?.[name]))
  return !is_empty(value) && !node?.['x-computed'] && !node?.['x-row-number'] && value !== node?.default
}

export function is_touched(step: LayoutStep, form: FormObject, schema: SchemaNode): boolean {
  return step_paths(step).some((path) => is_typed(path, form, schema))
}

/** A finding says that something does not agree only where something was written; before that it is a thing to do. */
function contradicts(finding: Finding, step: LayoutStep, form: FormObject, schema: SchemaNode): boolean {
  const paths = step_paths(step)
  return finding.fields.some((said) => {
    const path = schema_path(said)
    return paths.some((one) => one === path || concerns(said, one)) && is_typed(path, form, schema)
  })
}

/** Whether everything that a finding is about has been written: only then is "could not be checked" news. */
export function is_about_all(finding: Finding, form: FormObject): boolean {
  return finding.fields.every((said) => {
    const path = plain_path(said)
    const list = path.indexOf('[]')
    return !is_empty(value_at(form, list < 0 ? path : path.slice(0, list)))
  })
}

export function missing_materials(materials: MaterialState[]): MaterialState[] {
  return materials.filter((one) => one.required === true && one.proved_by === null && !one.committed)
}

export function step_statuses(
  steps: LayoutStep[],
  rules: FormRules,
  findings: Finding[],
  materials: MaterialState[],
  form: FormObject,
  schema: SchemaNode,
): StepStatus[] {
  return steps.map((step) => {
    const kind = step_kind(step)
    if (kind === 'review') return { kind: 'none', count: 0 }
    if (kind === 'materials') {
      const missing = missing_materials(materials).length
      return { kind: missing ? 'missing' : 'filled', count: missing }
    }
    if (!is_touched(step, form, schema)) return { kind: 'untouched', count: 0 }
    const here = findings.filter((one) => is_wrong(one) && finding_in_step(one, step))
    const wrong = here.filter((one) => contradicts(one, step, form, schema)).length
    if (wrong) return { kind: 'wrong', count: wrong }
    const missing = rules.missing_in(step).length || here.length
    return { kind: missing ? 'missing' : 'filled', count: missing }
  })
}
