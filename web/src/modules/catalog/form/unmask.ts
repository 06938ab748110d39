/** Whole values of masked fields: who may see them gives this to the answers on his page. */
import type { InjectionKey, Ref } from 'vue'

export interface Unmasking {
  /** What was shown to him on this page, by path. */
  shown: Ref<Record<string, string>>
  ask: (path: string, label: string) => void
}

export const kUnmasking: InjectionKey<Unmasking | null> = Symbol('unmasking')

/** A star stands where something is hidden; nothing that people type into these fields has one. */
export function is_masked(value: unknown): boolean {
  return typeof value === 'string' && value.includes('*')
}
