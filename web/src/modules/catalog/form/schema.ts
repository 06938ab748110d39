/** Reading the catalogue's JSON Schema: which control a field wants, its words, and what its schema alone refuses. */
import type { Code, FormObject, FormValue, LayoutStep, Matter, SchemaNode } from '@/shared/api/types'
import { format_amount, from_decimal, unit_of } from '@/shared/format/amounts'
import { format_date, format_instant } from '@/shared/format/dates'
import { active_locale } from '@/shared/i18n/locale'
import { t } from '@/shared/i18n'
import { is_empty, keys_of } from './paths'

export type ControlKind =
  'text' | 'long_text' | 'amount' | 'date' | 'code' | 'codes' | 'region' | 'bool' | 'instant' | 'group'

/** The schema node of a path with or without indexes; null when the schema does not know it. */
export function node_at(schema: SchemaNode, path: string): SchemaNode | null {
  let node: SchemaNode | undefined = schema
  for (const key of keys_of(path)) {
    if (typeof key === 'number') continue
    if (node?.type === 'array') node = node.items
    node = node?.properties?.[key]
    if (!node) return null
  }
  return node ?? null
}

export function control_of(node: SchemaNode): ControlKind {
  if (node.type === 'object') return 'group'
  if (node.type === 'array') return node['x-code-table'] || node.items?.['x-code-table'] ? 'codes' : 'group'
  if (node.type === 'boolean') return 'bool'
  if (node['x-code-table'] === 'region') return 'region'
  if (node['x-code-table']) return 'code'
  if (node.type === 'integer' || node.type === 'number') return node['x-unit'] === 'ms' ? 'instant' : 'amount'
  if (node.format === 'date') return 'date'
  return (node.maxLength ?? 0) > 200 ? 'long_text' : 'text'
}

export function title_of(node: { title?: string; title_en?: string } | null, fallback: string): string {
  if (!node) return fallback
  return (active_locale() === 'en' ? node.title_en : undefined) ?? node.title ?? fallback
}

export function table_name(node: SchemaNode): string | undefined {
  return node['x-code-table'] ?? node.items?.['x-code-table']
}

export function code_name(codes: Code[] | undefined, value: FormValue | undefined): string {
  const found = codes?.find((entry) => entry.code === String(value))
  if (!found) return String(value ?? '—')
  return (active_locale() === 'en' ? found.name_en : undefined) ?? found.name
}

/** A value as people read it; regions keep their code here, since their names are fetched on demand. */
export function shown_value(
  node: SchemaNode | null,
  value: FormValue | undefined,
  tables: Matter['code_tables'],
): string {
  if (is_empty(value)) return '—'
  if (!node) return String(value)
  switch (control_of(node)) {
    case 'bool':
      return value ? t('word.yes') : t('word.no')
    case 'amount':
      return format_amount(Number(value), node['x-unit'])
    case 'instant':
      return format_instant(Number(value))
    case 'date':
      return format_date(String(value))
    case 'code':
      return code_name(tables[table_name(node) ?? ''], value)
    case 'codes':
      return (value as FormValue[])
        .map((one) => code_name(tables[table_name(node) ?? ''], one))
        .join(t('word.list_stop'))
    case 'group':
      return Array.isArray(value) ? t('catalog.rows', { n: value.length }) : ''
    default:
      return String(value)
  }
}

/** What the schema alone says against a value, in words with the remedy; null when nothing. */
export function schema_fault(node: SchemaNode, value: FormValue | undefined): string | null {
  if (is_empty(value)) return null
  const title = title_of(node, '')
  if (typeof value === 'string') {
    if (node.maxLength && [...value].length > node.maxLength)
      return t('catalog.fault.too_long', { title, max: node.maxLength, n: [...value].length })
    if (node.minLength && [...value].length < node.minLength)
      return t('catalog.fault.too_short', { title, min: node.minLength })
    if (node.pattern && !matches(node.pattern, value))
      return node['x-pattern-message'] ? `${title}${node['x-pattern-message']}` : t('catalog.fault.pattern', { title })
    return null
  }
  if (typeof value === 'number') return bounds_fault(node, value, title)
  return null
}

/** A pattern that this browser cannot read refuses nothing: the server has the last word. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value)
  } catch {
    return true
  }
}

function bounds_fault(node: SchemaNode, value: number, title: string): string | null {
  const unit = node['x-unit']
  if (node.minimum !== undefined && value < node.minimum)
    return t('catalog.fault.too_small', { title, min: format_amount(node.minimum, unit) })
  if (node.exclusiveMinimum !== undefined && value <= node.exclusiveMinimum)
    return t('catalog.fault.not_above', { title, min: format_amount(node.exclusiveMinimum, unit) })
  if (node.maximum !== undefined && value > node.maximum)
    return t('catalog.fault.too_large', { title, max: format_amount(node.maximum, unit) })
  return null
}

/** Reads typed text into an amount, or says in words what is wrong with it. */
export function read_amount(node: SchemaNode, text: string): { value: number } | { message: string } {
  const unit = unit_of(node['x-unit'])
  const parsed = from_decimal(text, unit)
  if ('value' in parsed) return parsed
  if (parsed.fault === 'too_large')
    return { message: t('catalog.fault.too_large_plain', { title: title_of(node, '') }) }
  const named = { title: title_of(node, ''), unit: unit.label, decimals: unit.decimals_max, example: unit.example }
  return { message: t(`catalog.fault.${parsed.fault}${unit.label ? '' : '_plain'}`, named) }
}

/** The defaults that the schema names; a new application begins with them. */
export function default_form(schema: SchemaNode): FormObject {
  const form: FormObject = {}
  for (const [name, node] of Object.entries(schema.properties ?? {})) {
    if (node.type === 'object') {
      const inside = default_form(node)
      if (Object.keys(inside).length) form[name] = inside
    } else if (node.default !== undefined) form[name] = node.default as FormValue
  }
  return form
}

/** A copy without what is marked personal: what a browser may keep when the server is away. */
export function without_personal(schema: SchemaNode | undefined, value: FormValue | undefined): FormValue | undefined {
  if (value === null || value === undefined || !schema) return value
  if (schema['x-personal']) return undefined
  if (Array.isArray(value)) return value.map((one) => without_personal(schema.items, one) ?? null)
  if (typeof value !== 'object') return value
  const kept: FormObject = {}
  for (const [name, inside] of Object.entries(value)) {
    const copy = without_personal(schema.properties?.[name], inside)
    if (copy !== undefined) kept[name] = copy
  }
  return kept
}

/** Puts a kept copy over the server's form; personal values, which the copy lacks, stay as the server has them. */
export function merge_kept(server: FormValue | undefined, kept: FormValue | undefined): FormValue | undefined {
  if (kept === undefined) return server
  if (Array.isArray(kept))
    return kept.map((one, place) => merge_kept(Array.isArray(server) ? server[place] : undefined, one) ?? null)
  if (kept === null || typeof kept !== 'object') return kept
  const merged: FormObject = server && typeof server === 'object' && !Array.isArray(server) ? { ...server } : {}
  for (const [name, inside] of Object.entries(kept)) merged[name] = merge_kept(merged[name], inside)
  return merged
}

export function step_title(step: LayoutStep): string {
  return title_of(step, step.step)
}

export function step_summary(step: LayoutStep): string {
  return (active_locale() === 'en' ? step.summary_en : undefined) ?? step.summary ?? ''
}
