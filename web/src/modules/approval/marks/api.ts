/** 批注: marks on papers. */
import { client, take, version_tag } from '@/shared/api/client'
import type { MarkAct, MarksOfCase, NewMark, PaperMark } from '@/shared/api/types'

export function list_marks(application_id: string): Promise<MarksOfCase> {
  return take(client.GET('/api/v1/applications/{application_id}/marks', { params: { path: { application_id } } }))
}

export function make_mark(application_id: string, body: NewMark, key: string): Promise<PaperMark> {
  const params = { path: { application_id }, header: { 'Idempotency-Key': key } }
  return take(client.POST('/api/v1/applications/{application_id}/marks', { params, body }))
}

const kRoutes = {
  answer: '/api/v1/marks/{mark_id}/answers',
  accept: '/api/v1/marks/{mark_id}/acceptance',
  reopen: '/api/v1/marks/{mark_id}/reopening',
} as const

export function act_on_mark(mark: PaperMark, act: MarkAct, words: string, key: string): Promise<PaperMark> {
  const params = {
    path: { mark_id: mark.mark_id },
    header: { 'If-Match': version_tag(mark.version), 'Idempotency-Key': key },
  }
  if (act === 'accept') return take(client.POST(kRoutes.accept, { params, body: words ? { words } : {} }))
  return take(client.POST(kRoutes[act], { params, body: { words } }))
}
