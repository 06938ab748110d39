/**
 * What the catalogue's FEEL expressions say about the form as it stands: which sections and fields are shown, which are
 * required, what is computed. Only for showing; the server judges.
 *
 * A field that is required only under a condition is shown only while the condition holds or something stands in it:
 * a school's form does not ask about municipal sections.
 */
import { computed, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { FormObject, FormValue, LayoutSection, LayoutStep, SchemaNode } from '@/shared/api/types'
import { load_feel, type Evaluate } from '@/shared/feel/feel'
import { is_empty, keys_of, set_value, value_at } from './paths'
import { placed_fields } from './rows'

export interface FormRules {
  is_required: (path: string, node: SchemaNode) => boolean
  is_shown: (path: string, node: SchemaNode) => boolean
  is_section_shown: (section: LayoutSection, base: string) => boolean
  item_title: (section: LayoutSection, base: string, fallback: string) => string
  missing_in: (step: LayoutStep) => { path: string; node: SchemaNode }[]
}

const kAlways = 'true'

/** The names that an expression sees: the whole form, and over it each row that the path goes through. */
export function scope_of(form: FormObject, path: string, said?: Set<string>): Record<string, unknown> {
  const scope: Record<string, unknown> = {}
  take_names(scope, form, said)
  let here: FormValue | undefined = form
  for (const key of keys_of(path)) {
    if (here === null || typeof here !== 'object') break
    here = Array.isArray(here) ? here[Number(key)] : here[String(key)]
    if (typeof key === 'number' && here && typeof here === 'object' && !Array.isArray(here))
      take_names(scope, here, said)
  }
  return scope
}

/**
 * The interpreter reads all that it is given, member by member. It is given only the groups whose names the expression
 * says, so that a key pressed in one group does not set the rules of all others going.
 */
function take_names(scope: Record<string, unknown>, from: FormObject, said: Set<string> | undefined): void {
  for (const name of Object.keys(from)) if (!said || said.has(name)) scope[name] = from[name]
}

const kWord = /[\p{L}_][\p{L}\p{N}_]*/gu

function words_of(expression: string): Set<string> {
  return new Set(expression.match(kWord) ?? [])
}

/** The innermost row around a path: `participants[0].lead.name` → `participants[0]`; none outside lists. */
function row_of(path: string): string {
  return path.slice(0, path.lastIndexOf(']') + 1)
}

type Answer = (expression: string, path: string) => unknown

/** Each expression is worked out once for each row, and again only when something that it reads has changed. */
function use_answers(form: Ref<FormObject>, evaluate: Ref<Evaluate | null>): Answer {
  const known = new Map<string, ComputedRef<unknown>>()
  return (expression, path) => {
    const row = row_of(path)
    const key = `${row}\n${expression}`
    let answer = known.get(key)
    if (!answer) {
      const said = words_of(expression)
      answer = computed(() => evaluate.value?.(expression, scope_of(form.value, row, said)) ?? null)
      known.set(key, answer)
    }
    return answer.value
  }
}

/** The repeated rows of a section as paths: `participants[0].people[1]`. */
export function row_paths(form: FormObject, list_path: string): string[] {
  const open = list_path.indexOf('[]')
  if (open < 0) {
    const list = value_at(form, list_path)
    return Array.isArray(list) ? list.map((_, place) => `${list_path}[${place}]`) : []
  }
  return row_paths(form, list_path.slice(0, open)).flatMap((row) => row_paths(form, row + list_path.slice(open + 2)))
}

export function use_form_rules(schema: Ref<SchemaNode | null>, form: Ref<FormObject>): FormRules {
  const evaluate = use_feel()
  const answer = use_answers(form, evaluate)

  function holds(expression: string, path: string): boolean | null {
    if (expression === kAlways) return true
    const result = answer(expression, path)
    return typeof result === 'boolean' ? result : null
  }

  function is_required(path: string, node: SchemaNode): boolean {
    const when = node['x-required-when']
    return when !== undefined && holds(when, path) === true
  }

  function is_shown(path: string, node: SchemaNode): boolean {
    if (node['x-row-number']) return false
    const when = node['x-required-when']
    if (when === undefined || when === kAlways || !evaluate.value) return true
    return holds(when, path) === true || !is_empty(value_at(form.value, path))
  }

  function is_section_shown(section: LayoutSection, base: string): boolean {
    if (!section.visible_when) return true
    return holds(section.visible_when, base ? `${base}.` : '') !== false
  }

  function item_title(section: LayoutSection, base: string, fallback: string): string {
    if (!section.item_title) return fallback
    const title = answer(section.item_title, base)
    return typeof title === 'string' && title ? title : fallback
  }

  function missing_of(section: LayoutSection, base: string): { path: string; node: SchemaNode }[] {
    if (!schema.value) return []
    return placed_fields(schema.value, section, base).filter(
      ({ path, node }) => !node['x-computed'] && is_empty(value_at(form.value, path)) && is_required(path, node),
    )
  }

  function missing_in(step: LayoutStep): { path: string; node: SchemaNode }[] {
    return step.sections.flatMap((section) => {
      if (section.kind === 'fields') return is_section_shown(section, '') ? missing_of(section, '') : []
      if (section.kind !== 'repeat' || !section.path) return []
      return row_paths(form.value, section.path)
        .filter((row) => is_section_shown(section, owner_row(row)))
        .flatMap((row) => missing_of(section, row))
    })
  }

  return { is_required, is_shown, is_section_shown, item_title, missing_in }
}

/** The row around a nested list: `participants[0].people[1]` → `participants[0]`; a top list's rows have none. */
function owner_row(row: string): string {
  const open = row.lastIndexOf('.')
  const around = row.slice(0, Math.max(0, open))
  return around.includes('[') ? around : ''
}

function use_feel(): Ref<Evaluate | null> {
  const evaluate = shallowRef<Evaluate | null>(null)
  void load_feel().then((loaded) => {
    evaluate.value = loaded
  })
  return evaluate
}

/**
 * Fills computed fields of a form that somebody is filling in; a form that was filed is only read. A computed field that may be edited is filled only while nobody has typed in it, that is
 * while it is empty or still holds what was computed before.
 */
export function use_computed_values(schema: Ref<SchemaNode | null>, form: Ref<FormObject>): void {
  const evaluate = use_feel()
  const answer = use_answers(form, evaluate)
  const last = new Map<string, FormValue>()

  function compute(): void {
    if (!schema.value || !evaluate.value) return
    for (const { path, node } of computed_fields(schema.value)) {
      const result = answer(node['x-computed'] ?? '', path)
      const value =
        typeof result === 'number' || typeof result === 'boolean' || typeof result === 'string' ? result : null
      const present = value_at(form.value, path)
      if (value === null || present === value) continue
      if (node['x-editable'] && !is_empty(present) && present !== last.get(path)) continue
      last.set(path, value)
      set_value(form.value, path, value)
    }
  }

  watch([form, evaluate, schema], compute, { deep: true })
}

function computed_fields(schema: SchemaNode, path = ''): { path: string; node: SchemaNode }[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, node]) => {
    const inside = path ? `${path}.${name}` : name
    if (node.type === 'object') return computed_fields(node, inside)
    return node['x-computed'] ? [{ path: inside, node }] : []
  })
}
