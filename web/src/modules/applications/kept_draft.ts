/**
 * A copy of what was typed, kept in this browser while the server cannot take it. Values marked x-personal are left
 * out: they must not lie about on a shared computer.
 */
import type { FormObject, SchemaNode } from '@/shared/api/types'
import { without_personal } from '@/modules/catalog/form/schema'

export interface KeptDraft {
  kept_at_ms: number
  /** The version of the server's draft that this continues. */
  version: number
  form: FormObject
}

function storage_key(application_id: string): string {
  return `kaigong.draft.${application_id}`
}

/** False when the browser keeps nothing (full, or forbidden): then the page must say so. */
export function keep_draft(application_id: string, version: number, schema: SchemaNode, form: FormObject): boolean {
  const kept: KeptDraft = {
    kept_at_ms: Date.now(),
    version,
    form: without_personal(schema, JSON.parse(JSON.stringify(form)) as FormObject) as FormObject,
  }
  try {
    localStorage.setItem(storage_key(application_id), JSON.stringify(kept))
    return true
  } catch {
    return false
  }
}

export function find_kept_draft(application_id: string): KeptDraft | null {
  try {
    const text = localStorage.getItem(storage_key(application_id))
    return text ? (JSON.parse(text) as KeptDraft) : null
  } catch {
    return null
  }
}

export function drop_kept_draft(application_id: string): void {
  try {
    localStorage.removeItem(storage_key(application_id))
  } catch {
    // Nothing was kept, so nothing remains.
  }
}
