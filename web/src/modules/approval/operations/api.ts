/** The operations of an officer on a task beside its outcomes; each answers the task as it then stands. */
import { act_on, client, take } from '@/shared/api/client'
import type { Candidates, Sent, Task } from '@/shared/api/types'
import type { PersonOperation } from './operations'

export function transfer_task(task: Task, body: Sent<'transfer_task'>, key: string): Promise<Task> {
  return take(client.POST('/api/v1/tasks/{task_id}/transfer', { params: act_on(task, key), body }))
}

export function assign_task(task: Task, body: Sent<'assign_task'>, key: string): Promise<Task> {
  return take(client.POST('/api/v1/tasks/{task_id}/assignment', { params: act_on(task, key), body }))
}

export function delegate_task(task: Task, body: Sent<'delegate_task'>, key: string): Promise<Task> {
  return take(client.POST('/api/v1/tasks/{task_id}/delegation', { params: act_on(task, key), body }))
}

export function add_signers(task: Task, body: Sent<'add_signers'>, key: string): Promise<Task> {
  return take(client.POST('/api/v1/tasks/{task_id}/signers', { params: act_on(task, key), body }))
}

export function take_back_task(task: Task, body: Sent<'take_back_task'>, key: string): Promise<Task> {
  return take(client.POST('/api/v1/tasks/{task_id}/take-back', { params: act_on(task, key), body }))
}

export function urge_task(task: Task, body: Sent<'urge_task'>, key: string): Promise<Task> {
  return take(client.POST('/api/v1/tasks/{task_id}/urging', { params: act_on(task, key), body }))
}

export function remove_signer(signer_task_id: string) {
  return (task: Task, body: Sent<'remove_signer'>, key: string): Promise<Task> => {
    const { path, header } = act_on(task, key)
    const params = { path: { ...path, signer_task_id }, header }
    return take(client.POST('/api/v1/tasks/{task_id}/signers/{signer_task_id}/removal', { params, body }))
  }
}

export function enter_paper_act(task: Task, body: Sent<'enter_paper_act'>, key: string): Promise<Task> {
  return take(client.POST('/api/v1/tasks/{task_id}/paper-act', { params: act_on(task, key), body }))
}

/** Whose acts on paper one may enter; with an outcome, who may be chosen with it. */
export function list_paper_candidates(task_id: string, text: string, outcome?: string): Promise<Candidates> {
  const query = { ...(text ? { query: text } : {}), ...(outcome ? { outcome } : {}) }
  return take(client.GET('/api/v1/tasks/{task_id}/paper-act/candidates', { params: { path: { task_id }, query } }))
}

/** Who may do the step that an outcome lets its officer choose for. */
export function list_choices(task_id: string, outcome: string, text: string): Promise<Candidates> {
  const query = { act: 'choose' as const, outcome, ...(text ? { query: text } : {}) }
  return take(client.GET('/api/v1/tasks/{task_id}/candidates', { params: { path: { task_id }, query } }))
}

const kActs = {
  transfer: 'transfer',
  assign: 'assign',
  delegate: 'delegate',
  add_signer_before: 'before',
  add_signer_after: 'after',
} as const

export function list_candidates(task_id: string, code: PersonOperation, text: string): Promise<Candidates> {
  const query = { act: kActs[code], ...(text ? { query: text } : {}) }
  return take(client.GET('/api/v1/tasks/{task_id}/candidates', { params: { path: { task_id }, query } }))
}
