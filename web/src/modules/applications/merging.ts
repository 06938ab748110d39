/**
 * Two people wrote in one form: what each changed since they last saw the same is put together, path by path. Where both
 * changed one value differently, mine stands for now and the path is named, so that somebody decides.
 */
import type { FormObject, FormValue } from '@/shared/api/types'
import { set_value, value_at } from '@/modules/catalog/form/paths'

export interface Merged {
  form: FormObject
  collisions: string[]
}

type Some = FormValue | undefined

function is_group(value: Some): value is FormObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** Not answered is not answered, however it is written. */
function same(one: Some, other: Some): boolean {
  return JSON.stringify(ordered(one)) === JSON.stringify(ordered(other))
}

function ordered(value: Some): FormValue {
  if (value === undefined || value === '') return null
  if (Array.isArray(value)) return value.map(ordered)
  if (!is_group(value)) return value
  const members = Object.entries(value)
    .map(([name, inside]): [string, FormValue] => [name, ordered(inside)])
    .filter(([, inside]) => inside !== null)
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function copy<Value extends Some>(value: Value): Value {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as Value)
}

function merge_value(base: Some, mine: Some, theirs: Some, path: string, collisions: string[]): Some {
  if (same(mine, theirs) || same(base, theirs)) return mine
  if (same(base, mine)) return copy(theirs)
  if (is_group(mine) && is_group(theirs)) return merge_group(is_group(base) ? base : {}, mine, theirs, path, collisions)
  if (Array.isArray(base) && Array.isArray(mine) && Array.isArray(theirs) && base.length === theirs.length)
    return merge_rows(base, mine, theirs, path, collisions)
  collisions.push(path)
  return mine
}

function merge_group(base: FormObject, mine: FormObject, theirs: FormObject, path: string, collisions: string[]) {
  const merged: FormObject = {}
  for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const inside = merge_value(base[name], mine[name], theirs[name], path ? `${path}.${name}` : name, collisions)
    if (inside !== undefined) merged[name] = inside
  }
  return merged
}

/** Rows that I added, removed or moved keep the place that I gave them; a row is known by what it said before. */
function merge_rows(
  base: FormValue[],
  mine: FormValue[],
  theirs: FormValue[],
  path: string,
  collisions: string[],
): FormValue[] {
  const merged = [...mine]
  base.forEach((row, place) => {
    if (same(row, theirs[place])) return
    const unmoved = mine.length === base.length ? place : -1
    const mine_at = mine.findIndex((one) => same(one, row))
    const at = mine_at >= 0 ? mine_at : unmoved
    if (at < 0) collisions.push(`${path}[${place}]`)
    else merged[at] = merge_value(row, mine[at], theirs[place], `${path}[${at}]`, collisions) ?? null
  })
  return merged
}

export function merged_forms(base: FormObject, mine: FormObject, theirs: FormObject): Merged {
  const collisions: string[] = []
  const form = merge_group(base, mine, theirs, '', collisions)
  return { form: copy(form), collisions }
}

/** The paths at which somebody decided for the other one. */
export function with_theirs(form: FormObject, theirs: FormObject, paths: string[]): FormObject {
  const decided = copy(form)
  for (const path of paths) set_value(decided, path, copy(value_at(theirs, path)) ?? null)
  return decided
}

/** Whether they say something else. */
export function changed(before: FormObject, after: FormObject): boolean {
  return !same(before, after)
}

export function copied(form: FormObject): FormObject {
  return copy(form)
}
