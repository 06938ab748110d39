import { act_on, client, take, version_tag } from '@/shared/api/client'
import type { AuditEntry, Completion, Inbox, InboxView, ProcessView, Task, TaskRecord, Sent } from '@/shared/api/types'

export function list_inbox(view: InboxView, text: string, cursor: string | undefined, limit: number): Promise<Inbox> {
  const query = { view, limit, ...(text ? { query: text } : {}), ...(cursor ? { cursor } : {}) }
  return take(client.GET('/api/v1/inbox', { params: { query } }))
}

/** The counts alone, for where no list is shown. */
export async function load_inbox_counts(): Promise<Inbox['counts']> {
  return (await list_inbox('todo', '', undefined, 1)).counts
}

export function load_task(task_id: string): Promise<Task> {
  return take(client.GET('/api/v1/tasks/{task_id}', { params: { path: { task_id } } }))
}

export function claim_task(task_id: string, version: number): Promise<Task> {
  const params = { path: { task_id }, header: { 'If-Match': version_tag(version) } }
  return take(client.POST('/api/v1/tasks/{task_id}/claim', { params }))
}

export function release_task(task_id: string, version: number): Promise<Task> {
  const params = { path: { task_id }, header: { 'If-Match': version_tag(version) } }
  return take(client.POST('/api/v1/tasks/{task_id}/release', { params }))
}

export function complete_task(task: Task, body: Completion, key: string): Promise<Task> {
  return take(client.POST('/api/v1/tasks/{task_id}/completion', { params: act_on(task, key), body }))
}

export function return_task(task: Task, body: Sent<'return_task'>, key: string): Promise<Task> {
  return take(client.POST('/api/v1/tasks/{task_id}/return', { params: act_on(task, key), body }))
}

export async function list_tasks(application_id: string): Promise<TaskRecord[]> {
  const params = { path: { application_id } }
  return (await take(client.GET('/api/v1/applications/{application_id}/tasks', { params }))).tasks
}

export function load_process(application_id: string): Promise<ProcessView> {
  return take(client.GET('/api/v1/applications/{application_id}/process', { params: { path: { application_id } } }))
}

export async function list_audit(
  application_id: string,
  cursor: string | undefined,
): Promise<{ rows: AuditEntry[]; next_cursor: string | null }> {
  const params = { path: { application_id }, query: { limit: 50, ...(cursor ? { cursor } : {}) } }
  const page = await take(client.GET('/api/v1/applications/{application_id}/audit', { params }))
  return { rows: page.entries, next_cursor: page.next_cursor }
}
