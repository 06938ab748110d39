/**
 * What the interface leaves to the catalogue: the form with its schema and layout. The generated types name these.
 */
export interface Code {
  code: string
  name: string
  name_en?: string
}

/** One property of the form's JSON Schema with the catalogue's own keywords. */
export interface SchemaNode {
  type?: string | string[]
  title?: string
  title_en?: string
  description?: string
  format?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  multipleOf?: number
  minItems?: number
  maxItems?: number
  pattern?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  readOnly?: boolean
  required?: string[]
  properties?: Record<string, SchemaNode>
  items?: SchemaNode
  $ref?: string
  $defs?: Record<string, SchemaNode>
  'x-personal'?: string | boolean
  'x-unit'?: string
  'x-code-table'?: string
  'x-required-when'?: string
  'x-computed'?: string
  'x-help'?: string
  'x-source'?: string[]
  'x-editable'?: boolean
  'x-pattern-message'?: string
  'x-row-number'?: boolean
  uniqueItems?: boolean
}

export interface LayoutField {
  path: string
  width?: string | number
}

export interface LayoutSection {
  title: string
  title_en?: string
  kind: 'fields' | 'repeat' | 'materials' | 'review'
  path?: string | null
  item_title?: string | null
  fields: LayoutField[]
  visible_when?: string | null
}

export interface LayoutStep {
  step: string
  title: string
  title_en?: string
  summary?: string
  summary_en?: string
  sections: LayoutSection[]
}

export interface Layout {
  steps: LayoutStep[]
}

export type CodeTables = Record<string, Code[]>

export type FormValue = string | number | boolean | null | FormObject | FormValue[]
export interface FormObject {
  [key: string]: FormValue | undefined
}
