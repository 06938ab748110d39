/** In whose hands a step is; once it is over, in whose it was. */
import type { Task } from '@/shared/api/types'
import { t } from '@/shared/i18n'

export function in_whose_hands(one: Task | null): string {
  if (!one || one.state === 'cancelled') return t('approval.opinions.cancelled')
  if (one.state === 'planned') return t('approval.opinions.planned')
  if (one.state === 'completed')
    return t('approval.done_by', { name: one.actor_name ?? t('approval.happened.somebody') })
  if (one.instead_of)
    return t(one.assigned_to_me ? 'approval.deputies.held' : 'approval.deputies.free', { name: one.instead_of })
  if (one.assigned_to_me) return t('approval.held_by_me')
  return one.assignee_name ? t('approval.held_by', { name: one.assignee_name }) : t('approval.held_by_nobody')
}
