/** 分节审签: the sections of the report before a decision, and what the leader says of each. */
import { act_on, client, take } from '@/shared/api/client'
import type { Section, Sections, Sent, Task } from '@/shared/api/types'

export function list_sections(task_id: string): Promise<Sections> {
  return take(client.GET('/api/v1/tasks/{task_id}/sections', { params: { path: { task_id } } }))
}

export function review_section(
  task: Pick<Task, 'task_id' | 'version'>,
  section: Section,
  body: Sent<'review_section'>,
  key: string,
): Promise<Sections> {
  const { path, header } = act_on(task, key)
  const params = { path: { ...path, section: section.section }, header }
  return take(client.POST('/api/v1/tasks/{task_id}/sections/{section}/review', { params, body }))
}

export function return_sections(task: Pick<Task, 'task_id' | 'version'>, key: string): Promise<Task> {
  return take(client.POST('/api/v1/tasks/{task_id}/sections/return', { params: act_on(task, key) }))
}
