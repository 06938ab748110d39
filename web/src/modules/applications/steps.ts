/** What the list of steps says about each: how much is missing, how much does not agree. */
import type { Finding, FormObject, LayoutStep, MaterialState } from '@/shared/api/types'
import { concerns, is_empty, is_inside, schema_path, value_at } from '@/modules/catalog/form/paths'
import type { FormRules } from '@/modules/catalog/form/rules'

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

function is_touched(step: LayoutStep, form: FormObject): boolean {
  return step.sections.some((section) =>
    section.path
      ? !is_empty(value_at(form, section.path))
      : section.fields.some((field) => !is_empty(value_at(form, field.path))),
  )
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
): StepStatus[] {
  return steps.map((step) => {
    const kind = step_kind(step)
    if (kind === 'review') return { kind: 'none', count: 0 }
    if (kind === 'materials') {
      const missing = missing_materials(materials).length
      return { kind: missing ? 'missing' : 'filled', count: missing }
    }
    const wrong = findings.filter(
      (one) => one.outcome === 'fail' && one.severity !== 'info' && finding_in_step(one, step),
    ).length
    if (wrong) return { kind: 'wrong', count: wrong }
    if (!is_touched(step, form)) return { kind: 'untouched', count: 0 }
    const missing = rules.missing_in(step).length
    return { kind: missing ? 'missing' : 'filled', count: missing }
  })
}
