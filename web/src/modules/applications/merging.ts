/**
 * Two people wrote in one form: what each changed since they last saw the same is put together, path by path. Where both
 * changed one value differently, mine is kept in the form and the path is named, so that somebody decides.
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

/** What says which firm or which person a row is; a hidden number has a star and says nothing. */
const kNames = [['credit_code', 'role'], ['id_number']]

function name_of(row: Some): string | null {
  if (!is_group(row)) return null
  for (const members of kNames) {
    const said = members.map((member) => row[member])
    if (said.every((one) => typeof one === 'string' && one !== '' && !one.includes('*'))) return JSON.stringify(said)
  }
  return null
}

function is_another(base: FormValue[], row: Some): boolean {
  return base.some((one) => same(one, row))
}

/** Whether the row still stands at its own place: word for word, or under its name. */
function stands(base: FormValue[], rows: FormValue[], place: number): boolean {
  if (same(base[place], rows[place])) return true
  const name = name_of(base[place])
  return name !== null && name === name_of(rows[place]) && !is_another(base, rows[place])
}

/** Whether what stands in a row's place is that row, changed: nothing says otherwise and all others stand. */
function is_changed_there(base: FormValue[], rows: FormValue[], place: number): boolean {
  if (stands(base, rows, place)) return true
  if (rows.length !== base.length || is_another(base, rows[place])) return false
  if (name_of(base[place]) !== null && name_of(rows[place]) !== null) return false
  return base.every((_, at) => at === place || stands(base, rows, at))
}

/** Where each row stands that says what it said before, at its own place first; -1 where none does. */
function places_of(base: FormValue[], rows: FormValue[]): number[] {
  const free = new Set(rows.keys())
  const own = base.map((row, place) => same(row, rows[place]) && free.delete(place))
  return base.map((row, place) => {
    if (own[place]) return place
    const at = [...free].find((one) => same(rows[one], row)) ?? -1
    free.delete(at)
    return at
  })
}

/**
 * Rows that I added, removed or moved keep the place that I gave them. A row is known by what it said before or by its
 * name; by its place alone only where no other row moved. Where it isn't known, somebody decides about the list.
 */
function merge_rows(
  base: FormValue[],
  mine: FormValue[],
  theirs: FormValue[],
  path: string,
  collisions: string[],
): FormValue[] {
  const merged = [...mine]
  const lost = new Set<string>()
  const places = places_of(base, mine)
  base.forEach((row, place) => {
    if (same(row, theirs[place])) return
    const known = places[place] ?? -1
    const at = known < 0 && is_changed_there(base, mine, place) ? place : known
    if (!is_changed_there(base, theirs, place)) lost.add(path)
    // Behind my last row theirs can be put as it is; anywhere else it would take the place of another.
    else if (at < 0) lost.add(place === mine.length ? `${path}[${place}]` : path)
    else merged[at] = merge_value(row, mine[at], theirs[place], `${path}[${at}]`, collisions) ?? null
  })
  collisions.push(...lost)
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
