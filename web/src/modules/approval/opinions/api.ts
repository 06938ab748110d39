/** 常用意见 and 条款库: what may be put into the opinion of a task, and what an officer keeps for himself. */
import { client, take, version_tag } from '@/shared/api/client'
import type { OpinionChoice, OwnOpinion } from '@/shared/api/types'

export function list_opinions(task_id: string): Promise<OpinionChoice> {
  return take(client.GET('/api/v1/tasks/{task_id}/opinions', { params: { path: { task_id } } }))
}

export function keep_opinion(text: string, key: string): Promise<OwnOpinion> {
  const params = { header: { 'Idempotency-Key': key } }
  return take(client.POST('/api/v1/opinions', { params, body: { text } }))
}

export function change_opinion(one: OwnOpinion, text: string): Promise<OwnOpinion> {
  const params = { path: { opinion_id: one.opinion_id }, header: { 'If-Match': version_tag(one.version) } }
  return take(client.PUT('/api/v1/opinions/{opinion_id}', { params, body: { text } }))
}

export async function forget_opinion(one: OwnOpinion): Promise<void> {
  const params = { path: { opinion_id: one.opinion_id }, header: { 'If-Match': version_tag(one.version) } }
  await take(client.DELETE('/api/v1/opinions/{opinion_id}', { params }))
}

export async function count_use(opinion_id: string): Promise<void> {
  await take(client.POST('/api/v1/opinions/{opinion_id}/use', { params: { path: { opinion_id } } }))
}
