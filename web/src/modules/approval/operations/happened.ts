import type { Task } from '@/shared/api/types'
import { format_instant } from '@/shared/format/dates'
import { t } from '@/shared/i18n'

/** What somebody else did to the task meanwhile, as a sentence. */
export function what_happened(task: Task): string {
  if (task.state === 'completed')
    return t('approval.happened.completed', {
      name: task.actor_name ?? t('approval.happened.somebody'),
      at: format_instant(task.completed_at_ms),
      label: task.outcome_label ?? '',
    })
  if (task.state === 'cancelled') return t('approval.happened.cancelled')
  if (task.assigned_to_me) return t('approval.happened.changed')
  if (task.assignee_name) return t('approval.happened.held', { name: task.assignee_name })
  return t('approval.happened.free')
}
