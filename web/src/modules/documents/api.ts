/** Papers: upload with progress (which fetch cannot tell, so XMLHttpRequest), their addresses, and taking back. */
import {
  client,
  current_csrf_token,
  kApiPrefix,
  new_idempotency_key,
  notice_signed_out,
  take,
} from '@/shared/api/client'
import { ApiProblem, unreachable_problem } from '@/shared/api/problem'
import type { Document, Problem } from '@/shared/api/types'
import { t } from '@/shared/i18n'

export function content_address(document_id: string, inline: boolean): string {
  return `${kApiPrefix}/documents/${encodeURIComponent(document_id)}/content${inline ? '?inline=1' : ''}`
}

export function remove_document(document_id: string): Promise<unknown> {
  return take(client.DELETE('/api/v1/documents/{document_id}', { params: { path: { document_id } } }))
}

export interface Upload<Kept = Document> {
  done: Promise<Kept>
  abort: () => void
}

function problem_from(request: XMLHttpRequest): ApiProblem {
  try {
    return new ApiProblem({ ...(JSON.parse(request.responseText) as Problem), status: request.status })
  } catch {
    const known = [403, 404, 409, 413, 429, 503].includes(request.status) ? request.status : 500
    return new ApiProblem({ title: t(`problem.status_${known}`), status: request.status })
  }
}

/**
 * Sends one file as it is to a path behind the prefix. A refused or broken upload rejects with ApiProblem; aborting
 * rejects with reason `web.aborted`.
 */
export function send_file<Kept>(
  path: string,
  file: File,
  headers: Record<string, string>,
  on_progress: (sent_bytes: number) => void,
): Upload<Kept> {
  const request = new XMLHttpRequest()
  const done = new Promise<Kept>((resolve, reject) => {
    request.open('POST', kApiPrefix + path)
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    const token = current_csrf_token()
    if (token) request.setRequestHeader('X-CSRF-Token', token)
    request.upload.onprogress = (event) => on_progress(event.loaded)
    request.onload = () => {
      if (request.status === 401) notice_signed_out()
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as Kept)
      else reject(problem_from(request))
    }
    request.onerror = () => reject(unreachable_problem())
    request.onabort = () => reject(new ApiProblem({ title: '', status: 499, reason: 'web.aborted' }))
    request.send(file)
  })
  return { done, abort: () => request.abort() }
}

/**
 * A paper of an application. `key` stays the same when the same file is tried again, so a lost answer does not leave
 * two copies.
 */
export function upload_document(
  application_id: string,
  material_code: string,
  file: File,
  on_progress: (sent_bytes: number) => void,
  key: string = new_idempotency_key(),
): Upload {
  const query = new URLSearchParams({ material_code, file_name: file.name })
  const path = `/applications/${encodeURIComponent(application_id)}/documents?${query}`
  return send_file<Document>(path, file, { 'Idempotency-Key': key }, on_progress)
}
