/** What a test case gives to the rules, as lines that people read: `works.region_code` = `"330106"`, and back again. */
import type { JsonObject, JsonValue } from './types'

export interface GivenLine {
  path: string
  /** JSON, as it is written in the file of the test cases. */
  text: string
}

function is_object(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function lines_of(given: JsonObject, before = ''): GivenLine[] {
  return Object.entries(given).flatMap(([key, value]) =>
    is_object(value) && Object.keys(value).length
      ? lines_of(value, `${before}${key}.`)
      : [{ path: before + key, text: JSON.stringify(value) }],
  )
}

/** JSON, or null with the fault named: a word without quotation marks is the usual one. */
export function read_value(text: string): { value: JsonValue } | { fault: 'empty' | 'unquoted' | 'not_json' } {
  const plain = text.trim()
  if (!plain) return { fault: 'empty' }
  try {
    return { value: JSON.parse(plain) as JsonValue }
  } catch {
    return { fault: /^[[{"\d-]/.test(plain) ? 'not_json' : 'unquoted' }
  }
}

/** Lines put together again; a path that goes through a value instead of an object is refused. */
export function given_of(lines: { path: string; value: JsonValue }[]): JsonObject | null {
  const given: JsonObject = {}
  for (const { path, value } of lines) {
    const keys = path.trim().split('.')
    const last = keys.pop()
    let here = given
    for (const key of keys) {
      const inside = (here[key] ??= {})
      if (!key || !is_object(inside)) return null
      here = inside
    }
    if (!last || last in here) return null
    here[last] = value
  }
  return given
}
