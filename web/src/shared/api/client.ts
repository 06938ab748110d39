/**
 * The one way to the server: openapi-fetch with the session's anti-forgery token, and replies that are either the
 * body or a thrown ApiProblem.
 */
import createClient, { type Middleware } from 'openapi-fetch'
import { readonly, ref, type Ref } from 'vue'
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

let ask_step_up: () => Promise<boolean> = () => Promise.resolve(false)
let step_up_asked: Promise<boolean> | null = null
const last_answer = ref(Date.now())

/** When the server last answered for the session; each answer lets it live for another while. */
export const last_answer_ms: Readonly<Ref<number>> = readonly(last_answer)

/** Another window of this browser was answered. */
export function notice_answer(at_ms: number): void {
  last_answer.value = Math.max(last_answer.value, at_ms)
}

/** Called when an act asks for a fresh proof of who is there; true once it was given, and the act is sent once more. */
export function when_step_up_needed(ask: () => Promise<boolean>): void {
  ask_step_up = ask
}

/** Called when the server says the session has ended while somebody was working. */
export function when_signed_out(act: () => void): void {
  on_signed_out = act
}

export function notice_signed_out(): void {
  if (csrf_token !== null) on_signed_out()
}

/** What a page asks so long after the last touch of a person it asks by itself. */
const kOfPersonMs = 30_000
const kBackground = 'X-Kaigong-Background'
let touched_at_ms = Date.now()

/** Whoever types or clicks is there, also when nothing was asked of the server for long. */
export function is_somebody_there(): boolean {
  return Date.now() - touched_at_ms <= kOfPersonMs
}

if (typeof document !== 'undefined') {
  for (const name of ['pointerdown', 'click', 'keydown', 'wheel', 'input'])
    document.addEventListener(name, () => (touched_at_ms = Date.now()), { capture: true, passive: true })
}

const session_guard: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET' && csrf_token) request.headers.set('X-CSRF-Token', csrf_token)
    // Nobody sits there: the server answers, and the session ends when it would have ended.
    if (!is_somebody_there()) request.headers.set(kBackground, '1')
    return request
  },
  onResponse({ request, response }) {
    if (response.status === 401) notice_signed_out()
    else if (!request.headers.has(kBackground)) notice_answer(Date.now())
    return response
  },
}

async function wants_step_up(response: Response): Promise<boolean> {
  if (response.status !== 403) return false
  const problem = (await response
    .clone()
    .json()
    .catch(() => null)) as { reason?: string } | null
  return problem?.reason === 'authz.step_up_needed'
}

/** One question for all acts that wait for the same proof. */
function prove_once(): Promise<boolean> {
  step_up_asked ??= ask_step_up().finally(() => {
    step_up_asked = null
  })
  return step_up_asked
}

/** The act that asked for a proof goes out again as it was: the same body, the same idempotency key, once. */
async function send(request: Request): Promise<Response> {
  const again = request.clone()
  const response = await globalThis.fetch(request)
  if (!(await wants_step_up(response)) || !(await prove_once())) return response
  return globalThis.fetch(again)
}

export const client = createClient<paths>({
  baseUrl: typeof location === 'undefined' ? '' : location.origin,
  credentials: 'same-origin',
  fetch: send,
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
