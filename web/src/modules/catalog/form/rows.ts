/** The layout as things to draw: fields with their paths, packed into rows of the grid. */
import type { LayoutSection, SchemaNode } from '@/shared/api/types'
import { node_at } from './schema'

export interface PlacedField {
  path: string
  node: SchemaNode
  span: number
}

const kColumns = 6
const kSpans: Record<string, number> = { full: 6, half: 3, third: 2, quarter: 2 }

function span_of(width: string | number | undefined): number {
  if (typeof width === 'number') return Math.min(kColumns, Math.max(1, width))
  return kSpans[width ?? 'full'] ?? kColumns
}

/** The fields of a section; `base` is the row's path in a repeated section, for instance `buildings[2]`. */
export function placed_fields(schema: SchemaNode, section: LayoutSection, base: string): PlacedField[] {
  const placed: PlacedField[] = []
  for (const field of section.fields) {
    const path =
      base && !field.path.startsWith(`${section.path}.`)
        ? `${base}.${field.path}`
        : base
          ? field.path.replace(String(section.path), base)
          : field.path
    const node = node_at(schema, path)
    if (node) placed.push({ path, node, span: span_of(field.width) })
  }
  return placed
}

/** Fields side by side while they fit, so that what is found about a row can stand beside it. */
export function packed(fields: PlacedField[]): PlacedField[][] {
  const rows: PlacedField[][] = []
  let used = kColumns
  for (const field of fields) {
    if (used + field.span > kColumns) {
      rows.push([])
      used = 0
    }
    rows[rows.length - 1]?.push(field)
    used += field.span
  }
  return rows
}
