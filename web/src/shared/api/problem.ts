/**
 * What can go wrong with a request, as one type that pages show. A server's problem document keeps its reason and
 * request id; a dead network becomes `unreachable`, so that pages can say what is safe and what to do.
 */
import { t } from '@/shared/i18n'
import { refusal_words } from '@/shared/i18n/refusals'
import type { FieldProblem, Problem } from './types'

function in_the_language_of_the_page({ field, reason, message: told }: FieldProblem): FieldProblem {
  return {
    field,
    reason,
    get message() {
      return refusal_words(reason, told)
    },
  }
}

/** A problem whose words are this client's own. */
function own_problem(key: string, problem: Partial<Problem>): ApiProblem {
  return new ApiProblem({ title: t(key), ...problem }, key)
}

export class ApiProblem extends Error {
  readonly status: number
  readonly reason: string
  readonly request_id: string | null
  readonly fields: FieldProblem[]

  /** `own_words`: the key of what this client says itself. */
  constructor(problem: Partial<Problem> & { title: string }, own_words?: string) {
    const told = problem.detail || problem.title
    super(told)
    this.name = 'ApiProblem'
    this.status = problem.status ?? 0
    const reason = problem.reason ?? 'web.unknown'
    this.reason = reason
    this.request_id = problem.request_id ?? null
    this.fields = (problem.fields ?? []).map(in_the_language_of_the_page)
    // Asked each time: the language may be switched while it stands there.
    const words = () => (own_words ? t(own_words) : refusal_words(reason, told))
    Object.defineProperty(this, 'message', { get: words, configurable: true })
  }

  get unreachable(): boolean {
    return this.status === 0
  }
}

export function unreachable_problem(): ApiProblem {
  return own_problem('problem.unreachable', { status: 0, reason: 'web.unreachable' })
}

/** A page that is made for other accounts; the server would refuse what it asks for. */
export function not_for_this_account(): ApiProblem {
  return own_problem('problem.status_403', { status: 403, reason: 'web.not_for_this_account' })
}

/** Problem documents as they came; anything else (a proxy's page) by its status, in our words. */
export function problem_of(response: Response, body: unknown): ApiProblem {
  const request_id = response.headers.get('X-Request-Id') ?? undefined
  if (body && typeof body === 'object' && 'title' in body)
    return new ApiProblem({ ...(body as Problem), status: response.status })
  const known = [400, 401, 403, 404, 409, 412, 413, 429, 503].includes(response.status) ? response.status : 500
  return own_problem(`problem.status_${known}`, { status: response.status, ...(request_id ? { request_id } : {}) })
}

export function as_problem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  if (error instanceof TypeError) return unreachable_problem()
  return own_problem('problem.page_fault', { status: 500, reason: 'web.page_fault' })
}
