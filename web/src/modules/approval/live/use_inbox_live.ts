/**
 * What the list of tasks does with news: rows that are shown get their newest contents where they are, rows that
 * somebody took are marked and stay, new ones are counted and offered. Nothing moves under the cursor.
 */
import { computed, ref, shallowRef, watch, type ShallowRef } from 'vue'
import type { InboxRow, InboxView } from '@/shared/api/types'
import { t } from '@/shared/i18n'
import { load_task } from '../api'
import { what_happened } from '../operations/happened'
import { use_stream } from './use_stream'

/** Of so many it is asked who took them. */
const kExplainedMax = 5

interface Desk {
  view: () => InboxView
  rows: ShallowRef<InboxRow[]>
  /** The newest beginning of the list: at least as many rows as are shown, where there are so many. */
  newest: (count: number) => Promise<{ rows: InboxRow[]; complete: boolean }>
  passes: (row: InboxRow) => boolean
  /** Nothing is shown yet, or it is changing by itself. */
  is_busy: () => boolean
  reload: () => Promise<void>
}

/** Rows that the newest list has not got any more. Behind the last one that both have, nobody can tell. */
function missing_of(shown: InboxRow[], newest: InboxRow[], complete: boolean): InboxRow[] {
  const there = new Set(newest.map((row) => row.task_id))
  const last = complete
    ? shown.length
    : shown.reduce((found, row, place) => (there.has(row.task_id) ? place : found), -1)
  return shown.filter((row, place) => place < last && !there.has(row.task_id))
}

/** It is still in the list, but not in what narrows it. */
function why_filtered(row: InboxRow): string {
  return row.assignee_name
    ? t('approval.happened.held', { name: row.assignee_name })
    : t('approval.inbox.news.not_listed')
}

export function use_inbox_live(desk: Desk) {
  /** New tasks that are not shown yet. */
  const arrived = ref(0)
  /** By task, what became of rows that are still shown. */
  const gone = shallowRef<Map<string, string>>(new Map())
  const told = computed(() =>
    [
      arrived.value ? t('approval.inbox.news.arrived', { n: arrived.value }) : '',
      gone.value.size ? t('approval.inbox.news.gone', { n: gone.value.size }) : '',
    ].join(''),
  )
  let asking = false
  let again = false

  async function why_gone(rows: InboxRow[]): Promise<Map<string, string>> {
    const known = gone.value
    const others = rows.filter((row) => !known.has(row.task_id)).slice(0, kExplainedMax)
    const said = await Promise.all(
      others.map(async (row) => [row.task_id, await load_task(row.task_id).then(what_happened, () => '')] as const),
    )
    const newest = new Map(said)
    const why = (id: string): string => known.get(id) || newest.get(id) || t('approval.inbox.news.not_listed')
    return new Map(rows.map((row) => [row.task_id, why(row.task_id)]))
  }

  async function compare(): Promise<void> {
    const shown = desk.rows.value
    const { rows: newest, complete } = await desk.newest(shown.length)
    const missing = await why_gone(missing_of(shown, newest, complete))
    // Meanwhile the list was fetched anew, or another view was chosen.
    if (desk.rows.value !== shown || desk.is_busy()) {
      again = true
      return
    }
    if (!shown.length && newest.length) return desk.reload()
    const before = new Set(shown.map((row) => row.task_id))
    const by_id = new Map(newest.map((row) => [row.task_id, row]))
    desk.rows.value = shown.map((row) => {
      const now = by_id.get(row.task_id)
      if (!now || !desk.passes(row) || desk.passes(now)) return now ?? row
      missing.set(row.task_id, why_filtered(now))
      return row
    })
    arrived.value = newest.filter((row) => !before.has(row.task_id) && desk.passes(row)).length
    gone.value = missing
  }

  /** One question at a time; what happens meanwhile, or while the list is busy, is asked for once more. */
  async function ask(): Promise<void> {
    again = true
    if (asking) return
    asking = true
    try {
      while (again && !desk.is_busy()) {
        again = false
        await compare()
      }
    } finally {
      asking = false
    }
  }

  watch(desk.is_busy, (busy) => {
    if (!busy && again) void ask().catch(() => undefined)
  })

  function forget(): void {
    arrived.value = 0
    gone.value = new Map()
  }

  // What todo, mine and done hold changes by the same events.
  use_stream(() => `/api/v1/inbox/live?view=${desk.view() === 'all' ? 'all' : 'todo'}`, {
    on_event: (name) => {
      if (name === 'changed') void ask().catch(() => undefined)
    },
    ask,
  })
  return { gone, told, forget }
}
