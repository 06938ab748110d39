/** What the case page does with news: shows at once what nobody is typing in, and asks before the rest. */
import { ref, type ComputedRef, type ShallowRef } from 'vue'
import type { CaseNews, Progress, Task, TaskRecord } from '@/shared/api/types'
import { load_progress } from '@/modules/applications/api'
import { list_tasks } from '../api'
import { differs, told_of } from './news'
import { t } from '@/shared/i18n'
import { use_case_live } from './use_case_live'

interface Shown {
  task: Task
  progress: Progress
  tasks: TaskRecord[]
  application: { application_id: string; round: number }
}

interface Desk<All extends Shown> {
  all: ComputedRef<All | null>
  /** With what came new. */
  show: (fresh: Pick<Shown, 'progress' | 'tasks'>) => void
  task: ShallowRef<Task | null>
  /** Something is typed, or a dialog is open, that belongs to the task as it was. */
  is_busy: () => boolean
  reload: () => Promise<void>
}

export function use_case_refresh<All extends Shown>(desk: Desk<All>) {
  const told = ref('')
  /** The task of this page has changed and is not shown yet. */
  const waiting = ref(false)
  const version = ref(0)

  async function refresh(): Promise<void> {
    waiting.value = false
    await desk.reload()
  }

  async function show_others(id: string): Promise<void> {
    const [progress, tasks] = await Promise.all([load_progress(id), list_tasks(id)])
    desk.show({ progress, tasks })
  }

  async function take(news: CaseNews, changed: boolean): Promise<void> {
    const all = desk.all.value
    const own = desk.task.value
    if (!all || !own) return
    version.value = Math.max(version.value, news.version)
    const seen = new Map(all.tasks.map((one) => [one.task_id, one.version]))
    seen.set(own.task_id, own.version)
    const is_new = changed || differs(news, seen)
    if (!is_new) return
    const said = told_of(news)
    if (changed && said) told.value = t('approval.live.told', { what: said })
    const own_version = news.tasks.find((one) => one.task_id === own.task_id)?.version
    const own_changed = own_version !== undefined && own_version !== own.version
    if (own_changed && desk.is_busy()) {
      waiting.value = true
      if (!told.value) told.value = t('approval.live.changed')
      return
    }
    if (own_changed) return refresh()
    await show_others(all.application.application_id)
  }

  use_case_live(() => desk.all.value?.application.application_id ?? null, {
    on_news: (news, changed) => void take(news, changed).catch(() => undefined),
  })
  return { told, waiting, version, refresh }
}
