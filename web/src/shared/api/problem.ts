/**
 * What can go wrong with a request, as one type that pages show. A server's problem document keeps its reason and
 * request id; a dead network becomes `unreachable`, so that pages can say what is safe and what to do.
 */
import { t } from '@/shared/i18n'
import type { FieldProblem, Problem } from './types'

export class ApiProblem extends Error {
  readonly status: number
  readonly reason: string
  readonly request_id: string | null
  readonly fields: FieldProblem[]

  constructor(problem: Partial<Problem> & { title: string }) {
    super(problem.detail || problem.title)
    this.name = 'ApiProblem'
    this.status = problem.status ?? 0
    this.reason = problem.reason ?? 'web.unknown'
    this.request_id = problem.request_id ?? null
    this.fields = problem.fields ?? []
  }

  get unreachable(): boolean {
    return this.status === 0
  }
}

export function unreachable_problem(): ApiProblem {
  return new ApiProblem({ title: t('problem.unreachable'), status: 0, reason: 'web.unreachable' })
}

/** Problem documents as they came; anything else (a proxy's page) by its status, in our words. */
export function problem_of(response: Response, body: unknown): ApiProblem {
  const request_id = response.headers.get('X-Request-Id') ?? undefined
  if (body && typeof body === 'object' && 'title' in body)
    return new ApiProblem({ ...(body as Problem), status: response.status })
  const known = [400, 401, 403, 404, 409, 412, 413, 429, 503].includes(response.status) ? response.status : 500
  return new ApiProblem({ title: t(`problem.status_${known}`), status: response.status, request_id })
}

export function as_problem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  if (error instanceof TypeError) return unreachable_problem()
  return new ApiProblem({ title: t('problem.page_fault'), status: 500, reason: 'web.page_fault' })
}
