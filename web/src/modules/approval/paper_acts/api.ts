/** 补录 in somebody's name that waits for his word: he confirms or denies, who entered it may take it back. */
import { act_on, client, take } from '@/shared/api/client'
import type { Task } from '@/shared/api/types'

export type WaitingPaperAct = NonNullable<Task['paper_act']>
export type PaperActAnswer = 'confirm' | 'deny' | 'withdraw'

/** What may be done with it now by who reads it. */
export function answers_to(one: WaitingPaperAct): PaperActAnswer[] {
  if (one.done_by_me) return ['confirm', 'deny']
  return one.proposed_by_me ? ['withdraw'] : []
}

type Send = (task: Task, proposal_id: string, reason: string, key: string) => Promise<Task>

const about = (task: Task, key: string) => ({
  path: { task_id: task.task_id },
  header: { 'Idempotency-Key': key },
})

export const kPaperActSends: Record<PaperActAnswer, Send> = {
  confirm: (task, proposal_id, _reason, key) =>
    take(
      client.POST('/api/v1/tasks/{task_id}/paper-act/confirmation', {
        params: act_on(task, key),
        body: { proposal_id },
      }),
    ),
  deny: (task, proposal_id, reason, key) =>
    take(
      client.POST('/api/v1/tasks/{task_id}/paper-act/denial', {
        params: about(task, key),
        body: { proposal_id, reason },
      }),
    ),
  withdraw: (task, proposal_id, _reason, key) =>
    take(
      client.POST('/api/v1/tasks/{task_id}/paper-act/withdrawal', {
        params: about(task, key),
        body: { proposal_id },
      }),
    ),
}

export async function list_paper_acts() {
  return (await take(client.GET('/api/v1/paper-acts'))).paper_acts
}
