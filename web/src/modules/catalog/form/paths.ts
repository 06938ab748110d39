/**
 * Paths into the form. `buildings[].height_mm` names a field of the schema; `buildings[0].height_mm` one value.
 */
import type { FormObject, FormValue } from '@/shared/api/types'

type Key = string | number

export function keys_of(path: string): Key[] {
  const keys: Key[] = []
  for (const match of path.matchAll(/([^.[\]]+)|\[(\d*)\]/g)) {
    if (match[1] !== undefined) keys.push(match[1])
    else if (match[2]) keys.push(Number(match[2]))
  }
  return keys
}

export function value_at(form: FormValue | undefined, path: string): FormValue | undefined {
  let here: FormValue | undefined = form
  for (const key of keys_of(path)) {
    if (here === null || typeof here !== 'object') return undefined
    here = Array.isArray(here) ? here[Number(key)] : here[String(key)]
  }
  return here
}

/** Sets a value and makes the groups on the way; null takes the member out, so an emptied field is simply absent. */
export function set_value(form: FormObject, path: string, value: FormValue): void {
  const keys = keys_of(path)
  const last = keys.pop()
  if (last === undefined) return
  let here: FormObject | FormValue[] = form
  keys.forEach((key, place) => {
    const next_is_index = typeof (keys[place + 1] ?? last) === 'number'
    const found: FormValue | undefined = Array.isArray(here) ? here[Number(key)] : here[String(key)]
    const inside = found !== null && typeof found === 'object' ? found : next_is_index ? [] : {}
    if (inside !== found) {
      if (Array.isArray(here)) here[Number(key)] = inside
      else here[String(key)] = inside
    }
    // Read it again: a reactive form hands out its own proxy of what was just put in.
    here = (Array.isArray(here) ? here[Number(key)] : here[String(key)]) as FormObject | FormValue[]
  })
  if (Array.isArray(here)) here[Number(last)] = value
  else if (value === null) delete here[String(last)]
  else here[String(last)] = value
}

/** `buildings[3].height_mm` → `buildings[].height_mm`. Findings may also write `buildings.3.height_mm`. */
export function schema_path(path: string): string {
  return path.replace(/\[\d+\]/g, '[]').replace(/\.\d+(?=\.|$)/g, '[]')
}

/** One spelling for indexes: `buildings.3.x` → `buildings[3].x`. */
export function plain_path(path: string): string {
  return path.replace(/\.(\d+)(?=\.|$)/g, '[$1]')
}

/** Whether a finding's path speaks of this value: the same one, the same field of every row, or a group around it. */
export function concerns(finding_path: string, value_path: string): boolean {
  const said = plain_path(finding_path)
  if (said === value_path) return true
  return said.includes('[]') && said === schema_path(value_path)
}

/** Whether the path lies inside the group or list, or is it. */
export function is_inside(path: string, group: string): boolean {
  const plain = plain_path(path)
  return plain === group || plain.startsWith(`${group}.`) || plain.startsWith(`${group}[`)
}

/** The id of the input that shows a value; also the anchor in the address. */
export function input_id(path: string): string {
  return `f-${path}`
}

export function is_empty(value: FormValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  if (typeof value === 'object') return Object.values(value).every(is_empty)
  return false
}
