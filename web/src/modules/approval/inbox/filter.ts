/** What narrows the list beyond its view: kept in the address, so that the way back and a sent link show the same. */
import type { LocationQuery } from 'vue-router'
import type { InboxRow, InboxView, Light } from '@/shared/api/types'

export const kViews: InboxView[] = ['todo', 'mine', 'done', 'all']
/** Steps that officers do; those of applicants are in nobody's inbox. */
export const kKinds = ['check', 'accept', 'review', 'recheck', 'decide', 'certificate', 'consult'] as const
export const kLights: Light[] = ['red', 'yellow', 'green']
export const kHolders = ['free', 'me'] as const
/** What came from outside, or did not (对外征求意见). */
export const kOutside = ['answered', 'overdue'] as const

export interface InboxFilter {
  view: InboxView
  kind: (typeof kKinds)[number] | ''
  light: Light | ''
  holder: (typeof kHolders)[number] | ''
  outside: (typeof kOutside)[number] | ''
}

function one_of<Word extends string>(list: readonly Word[], word: unknown): Word | '' {
  return list.find((one) => one === word) ?? ''
}

export function filter_of(query: LocationQuery | Record<string, unknown>): InboxFilter {
  return {
    view: one_of(kViews, query.view) || 'todo',
    kind: one_of(kKinds, query.kind),
    light: one_of(kLights, query.light),
    holder: one_of(kHolders, query.holder),
    outside: one_of(kOutside, query.outside),
  }
}

export function query_of(filter: InboxFilter): Record<string, string | undefined> {
  return {
    view: filter.view,
    kind: filter.kind || undefined,
    light: filter.light || undefined,
    holder: filter.holder || undefined,
    outside: filter.outside || undefined,
  }
}

export function is_narrowed(filter: InboxFilter): boolean {
  return Boolean(filter.kind || filter.light || filter.holder || filter.outside)
}

export function is_same(left: InboxFilter, right: InboxFilter): boolean {
  return JSON.stringify(query_of(left)) === JSON.stringify(query_of(right))
}

export function passes(filter: InboxFilter, row: InboxRow): boolean {
  if (filter.kind && row.kind !== filter.kind) return false
  if (filter.light && row.light !== filter.light) return false
  if (filter.outside && !row[`outside_${filter.outside}`]) return false
  if (filter.holder === 'free') return !row.assignee_name
  return filter.holder === 'me' ? row.assigned_to_me : true
}
