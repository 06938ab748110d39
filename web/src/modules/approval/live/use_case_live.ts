/** Learns from the server when somebody acts on a case, as long as the page is open. */
import type { CaseNews } from '@/shared/api/types'
import { list_tasks } from '../api'
import { use_stream } from './use_stream'

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
  const address = (): string | null => {
    const id = application_id()
    return id ? `/api/v1/applications/${id}/live` : null
  }
  use_stream(address, {
    on_event: (name, data) => on_news(JSON.parse(data) as CaseNews, name === 'changed'),
    ask: async () => {
      const id = application_id()
      if (id) on_news(await ask(id), false)
    },
  })
}
