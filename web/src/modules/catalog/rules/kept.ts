/** A copy of what was changed in a rule package, kept in this browser while the server cannot take it. */
import type { DraftContent } from './api'

export interface KeptRules extends DraftContent {
  /** The version of the server's draft that this continues. */
  version: number
}

function storage_key(matter_code: string): string {
  return `kaigong.rules.${matter_code}`
}

/** False when the browser keeps nothing (full, or forbidden): then the page must say so. */
export function keep_rules(matter_code: string, kept: KeptRules): boolean {
  try {
    localStorage.setItem(storage_key(matter_code), JSON.stringify(kept))
    return true
  } catch {
    return false
  }
}

export function find_kept_rules(matter_code: string): KeptRules | null {
  try {
    const text = localStorage.getItem(storage_key(matter_code))
    return text ? (JSON.parse(text) as KeptRules) : null
  } catch {
    return null
  }
}

export function drop_kept_rules(matter_code: string): void {
  try {
    localStorage.removeItem(storage_key(matter_code))
  } catch {
    // Nothing was kept, so nothing remains.
  }
}
