/**
 * Learns from the server when somebody acts on a case, as long as the page is open. The browser reconnects by itself
 * and says what it saw last; where the server gives no stream, the page asks now and then.
 */
import { onScopeDispose, watch } from 'vue'
import type { CaseNews } from '@/shared/api/types'
import { list_tasks } from '../api'

const kAskEveryMs = 20_000

export interface LiveEvents {
  /** The case is as this says; `changed` when that is because something happened just now. */
  on_news: (news: CaseNews, changed: boolean) => void
}

/** Asks for the versions of the tasks, for where there is no stream. */
async function ask(application_id: string): Promise<CaseNews> {
  const tasks = await list_tasks(application_id)
  return { version: 1, tasks: tasks.map(({ task_id, version }) => ({ task_id, version })), acts: [], entries: [] }
}

export function use_case_live(application_id: () => string | null, { on_news }: LiveEvents): void {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | null = null

  function stop(): void {
    source?.close()
    source = null
    if (timer) clearTimeout(timer)
    timer = null
  }

  function ask_later(id: string): void {
    timer = setTimeout(() => {
      void ask(id)
        .then((news) => on_news(news, false))
        .catch(() => undefined)
        .finally(() => {
          if (application_id() === id && timer) listen(id)
        })
    }, kAskEveryMs)
  }

  function listen(id: string): void {
    stop()
    if (typeof EventSource === 'undefined') return ask_later(id)
    const opened = new EventSource(`/api/v1/applications/${id}/live`)
    source = opened
    const told = (event: MessageEvent<string>, changed: boolean): void =>
      on_news(JSON.parse(event.data) as CaseNews, changed)
    opened.addEventListener('here', (event) => told(event as MessageEvent<string>, false))
    opened.addEventListener('changed', (event) => told(event as MessageEvent<string>, true))
    opened.onerror = () => {
      // A broken connection is made again by the browser; a refusal is not.
      if (opened.readyState === EventSource.CLOSED && source === opened) {
        source = null
        ask_later(id)
      }
    }
  }

  watch(
    application_id,
    (id) => {
      if (id) listen(id)
      else stop()
    },
    { immediate: true },
  )
  onScopeDispose(stop)
}
