/** What an officer may do with a task besides its outcomes, and who was asked about it. */
import type { Task } from '@/shared/api/types'

export type Operation = Task['operations'][number]
export type OperationCode = Operation['code']

/** Those that ask for a person. */
export type PersonOperation = Exclude<OperationCode, 'return' | 'take_back' | 'urge' | 'enter_paper_act'>

export type Signer = Task['signers'][number]
export type Act = Task['acts'][number]

/** Who has been asked and has not answered yet. */
export function awaited_of(task: Task): Signer[] {
  return task.state === 'open' ? task.signers.filter((one) => one.state === 'open') : []
}

/** Whose the task was before it changed hands; null while it is still hers. */
export function original_assignee_of(task: Task): string | null {
  return task.original_assignee_name === task.assignee_name ? null : task.original_assignee_name
}
