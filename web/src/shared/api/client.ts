/**
 * The one way to the server: openapi-fetch with the session's anti-forgery token, and replies that are either the
 * body or a thrown ApiProblem.
 */
import createClient, { type Middleware } from 'openapi-fetch'
import type { paths } from './schema'
import { ApiProblem, problem_of, unreachable_problem } from './problem'

export const kApiPrefix = '/api/v1'

let csrf_token: string | null = null
let on_signed_out: () => void = () => undefined

export function use_csrf_token(token: string | null): void {
  csrf_token = token
}

export function current_csrf_token(): string | null {
  return csrf_token
}

/** Called when the server says the session has ended while somebody was working. */
export function when_signed_out(act: () => void): void {
  on_signed_out = act
}

export function notice_signed_out(): void {
  if (csrf_token !== null) on_signed_out()
}

const session_guard: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET' && csrf_token) request.headers.set('X-CSRF-Token', csrf_token)
    return request
  },
  onResponse({ response }) {
    if (response.status === 401) notice_signed_out()
    return response
  },
}

export const client = createClient<paths>({
  baseUrl: typeof location === 'undefined' ? '' : location.origin,
  credentials: 'same-origin',
  fetch: (request) => globalThis.fetch(request),
})
client.use(session_guard)

interface FetchReply<Body> {
  data?: Body
  error?: unknown
  response: Response
}

/** The body of a reply; throws ApiProblem for a problem document, a strange answer or no answer at all. */
export async function take<Body>(pending: Promise<FetchReply<Body>>): Promise<Body> {
  let reply: FetchReply<Body>
  try {
    reply = await pending
  } catch (error) {
    if (error instanceof ApiProblem) throw error
    throw unreachable_problem()
  }
  if (!reply.response.ok) throw problem_of(reply.response, reply.error)
  return reply.data as Body
}

/** One key for one act of a person: a retry of the same act carries the same key, so it happens once. */
export function new_idempotency_key(): string {
  return crypto.randomUUID()
}

export function version_tag(version: number): string {
  return `"${version}"`
}

/** An act on a task as the page has it: once for its key, and only while nobody changed the task. */
export function act_on(task: { task_id: string; version: number }, key: string) {
  return {
    path: { task_id: task.task_id },
    header: { 'If-Match': version_tag(task.version), 'Idempotency-Key': key },
  }
}
