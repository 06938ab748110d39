/** Which sections of the layout make up a firm's part, drawn over a form that holds the part alone. */
import type { LayoutSection, Matter, PartOfFirm } from '@/shared/api/types'
import { is_inside } from '@/modules/catalog/form/paths'
import { placed_fields, type PlacedField } from '@/modules/catalog/form/rows'

export type PartSection =
  | { kind: 'fields'; key: string; title: LayoutSection; fields: PlacedField[] }
  | { kind: 'repeat'; key: string; section: LayoutSection; list_path: string }

/** A field's path without the numbers of rows, as the layout writes it. */
function in_part(part: PartOfFirm, path: string): boolean {
  return part.fields.some((field) => is_inside(path, field))
}

function own_row(part: PartOfFirm, matter: Matter, section: LayoutSection): PartSection[] {
  const rows = part.fields[0] ?? ''
  const row = `${rows}[0]`
  if (section.path === rows) {
    const fields = placed_fields(matter.form_schema, section, row).filter(({ path }) => !part.fixed.includes(path))
    return [{ kind: 'fields', key: rows, title: section, fields }]
  }
  const inner = `${rows}[].`
  if (section.kind !== 'repeat' || !section.path?.startsWith(inner)) return []
  return [{ kind: 'repeat', key: section.path, section, list_path: `${row}.${section.path.slice(inner.length)}` }]
}

function of_fields(part: PartOfFirm, matter: Matter, section: LayoutSection): PartSection[] {
  if (section.kind === 'repeat')
    return section.path && in_part(part, section.path)
      ? [{ kind: 'repeat', key: section.path, section, list_path: section.path }]
      : []
  if (section.kind !== 'fields') return []
  const fields = placed_fields(matter.form_schema, section, '').filter(({ path }) => in_part(part, path))
  return fields.length ? [{ kind: 'fields', key: fields[0]?.path ?? '', title: section, fields }] : []
}

export function part_sections(part: PartOfFirm, matter: Matter): PartSection[] {
  const sections = matter.layout.steps.flatMap((step) => step.sections)
  return sections.flatMap((section) =>
    part.own_row ? own_row(part, matter, section) : of_fields(part, matter, section),
  )
}
