/** What an officer may do with a task besides its outcomes, in the order of the menu. */
import type { Task } from '@/shared/api/types'

export type OperationCode =
  'return' | 'transfer' | 'delegate' | 'add_signer_before' | 'add_signer_after' | 'take_back' | 'assign' | 'urge'

export interface Operation {
  code: OperationCode
  /** Why it is not possible now, in the office's words. */
  blocked_because: string | null
}

export function operations_of(task: Task): Operation[] {
  return task.state === 'open' && task.assigned_to_me && task.return_targets.length
    ? [{ code: 'return', blocked_because: null }]
    : []
}
