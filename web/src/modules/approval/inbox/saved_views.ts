/**
 * An officer's own views: a name and what narrows the list. They stay in this browser, each account's apart, and hold
 * no word that was searched for, which may be somebody's name.
 */
import { ref, type Ref } from 'vue'
import { filter_of, type InboxFilter } from './filter'

export interface SavedView {
  name: string
  filter: InboxFilter
}

export const kViewsMax = 8
export const kNameMax = 12

function read(key: string): SavedView[] {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? '[]') as { name: unknown; filter: Record<string, unknown> }[]
    return kept
      .map((one) => ({ name: String(one.name).slice(0, kNameMax), filter: filter_of(one.filter) }))
      .slice(0, kViewsMax)
  } catch {
    return []
  }
}

export interface SavedViews {
  views: Ref<SavedView[]>
  /** A view of the same name is replaced. */
  save: (name: string, filter: InboxFilter) => void
  remove: (name: string) => void
}

export function use_saved_views(account_id: string): SavedViews {
  const key = `kaigong.views.${account_id}`
  const views = ref(read(key))

  function keep(changed: SavedView[]): void {
    views.value = changed
    try {
      localStorage.setItem(key, JSON.stringify(changed))
    } catch {
      // Without storage a view lasts for this visit.
    }
  }

  const without = (name: string) => views.value.filter((one) => one.name !== name)
  return {
    views,
    save: (name, filter) => keep([...without(name), { name, filter }]),
    remove: (name) => keep(without(name)),
  }
}
