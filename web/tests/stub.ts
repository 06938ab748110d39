/**
 * Answers of a server that does not exist, for tests and for looking at pages. Knows the story and nothing more; it
 * checks what a real server checks of a request's form: the anti-forgery token, versions, idempotency keys.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FormObject, InboxRow, Session } from '@/shared/api/types'
import * as story from './story'
import { make_certificate_stub, type CertificateStub } from './stub_certificates'
import { make_consultation_stub, type ConsultationStub } from './stub_consultations'
import { make_copy_stub, type CopyStub } from './stub_copies'
import { make_factor_stub, type FactorStub } from './stub_factors'
import { make_people_stub, type PeopleStub } from './stub_people'
import { make_opinion_stub, type OpinionStub } from './stub_opinions'
import { make_deputy_stub, type DeputyStub } from './stub_deputies'
import { make_mark_stub, type MarkStub } from './stub_marks'
import { round_effects } from './story_rounds'
import { standstill } from './story_standstill'
import { is_of_oversight, make_oversight_stub, type OversightStub } from './stub_oversight'
import { make_rule_stub, type RuleStub } from './stub_rules'
import { make_task_stub, type TaskStub } from './stub_tasks'

export interface Stub {
  answer: (request: Request) => Promise<Response>
  /** Every request that was answered, newest last: for asserting what was sent. */
  seen: { method: string; path: string; body: unknown; headers: Headers }[]
  sign_in: (account: string) => void
  rules: RuleStub
  tasks: TaskStub['tasks']
  deputies: DeputyStub
  copies: CopyStub
  consultations: ConsultationStub
  certificates: CertificateStub
  opinions: OpinionStub
  marks: MarkStub
  factors: FactorStub
  people: PeopleStub
  /** Who is there, also in the midst of signing in. */
  enter: (session: Session) => void
  oversight: OversightStub
  /** What the officer's lists hold. */
  inbox_rows: InboxRow[]
  /** While true every request fails as when the network is away. */
  offline: boolean
}

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', 'X-Request-Id': 'req-7f3a0912', ...headers },
  })
}

function problem(status: number, reason: string, detail: string, fields: unknown[] = []): Response {
  return new Response(
    JSON.stringify({ type: 'about:blank', title: detail, status, detail, reason, request_id: 'req-7f3a0912', fields }),
    {
      status,
      headers: { 'Content-Type': 'application/problem+json', 'X-Request-Id': 'req-7f3a0912' },
    },
  )
}

export function make_stub(signed_in: string | null = null): Stub {
  let session: Session | null = signed_in ? (story.sessions[signed_in] ?? null) : null
  const applications = structuredClone(story.applications)
  const inbox_rows = structuredClone(story.inbox_rows)
  const tasks = make_task_stub()
  const rules = make_rule_stub()
  const deputies = make_deputy_stub()
  const copies = make_copy_stub()
  const consultations = make_consultation_stub()
  const certificates = make_certificate_stub()
  const opinions = make_opinion_stub()
  const marks = make_mark_stub()
  const factors = make_factor_stub()
  const people = make_people_stub()
  const oversight = make_oversight_stub()

  function session_route(method: string, body: { account?: string; password?: string }): Response {
    if (method === 'DELETE') {
      session = null
      return new Response(null, { status: 204 })
    }
    if (method === 'GET') return session ? json(session) : problem(401, 'identity.signed_out', '请先登录。')
    const found = story.sessions[body.account ?? '']
    if (!found || body.password !== 'kaigong-demo-2026')
      return problem(401, 'identity.wrong_password', '账号或密码不对，请再看一下大小写。')
    session = found
    return json(found)
  }

  function application_route(method: string, id: string, rest: string, body: Record<string, unknown>): Response | null {
    const found = applications[id]
    if (!found) return problem(404, 'applications.not_found', '没有找到这件申请。')
    if (!rest && method === 'GET') return json(found, 200, { ETag: `"${found.version}"` })
    if (rest === 'form' && method === 'PUT') {
      found.version += 1
      found.form = body.form as FormObject
      found.updated_at_ms = story.kNow
      return json({ version: found.version, saved_at_ms: story.kNow, findings: found.findings })
    }
    if (rest === 'precheck') return json({ findings: found.findings, counts: { fail: 3, unchecked: 1, pass: 41 } })
    if (rest === 'commitments') {
      const codes = body.materials as string[]
      for (const one of found.materials) {
        one.committed = codes.includes(one.material_code)
        if (one.committed) one.proved_by = 'commitment'
      }
      return json(found)
    }
    if (rest === 'submission') {
      found.state = 'submitted'
      found.round += 1
      found.received_at_ms = story.kNow
      found.application_number ??= '330106-2026-00455'
      return json(
        {
          application_number: found.application_number,
          round: found.round,
          received_at_ms: story.kNow,
          intake_due_on: '2026-12-07',
        },
        201,
      )
    }
    if (rest === 'submissions')
      return json({
        submissions: story.submissions.map(({ round, submitted_at_ms, changed_fields }) => ({
          round,
          submitted_at_ms,
          changed_fields,
        })),
      })
    const round = /^submissions\/(\d+)$/.exec(rest)?.[1]
    if (round) return json(story.submissions[Number(round) - 1])
    if (rest === 'withdrawal') return new Response(null, { status: 202 })
    if (rest === 'letters') return json({ letters: found.state === 'draft' ? [] : story.letters })
    if (rest === 'episodes') return json(story.episode_acts)
    if (/^(restriction|special-procedures|hold|resumption|extension|late-corrections|reopenings)/.test(rest))
      return json(story.progress_of(found))
    if (rest === 'progress' || /^incidents\/[^/]+\/resolution$/.test(rest)) return json(story.progress_of(found))
    if (rest === 'round-effects') return json({ rounds: found.round > 1 ? round_effects : [] })
    if (rest === 'standstill') return json(standstill(found.application_id))
    if (rest === 'tasks') return json({ tasks: story.task_records })
    if (rest === 'process') return json(story.process_view())
    if (rest === 'audit')
      return json({
        entries: story.progress.timeline.map((one) => ({
          at_ms: one.at_ms,
          actor_name: one.actor,
          act: one.kind,
          summary: one.title,
        })),
        next_cursor: null,
      })
    return null
  }

  function task_route(
    method: string,
    id: string,
    rest: string,
    body: Record<string, unknown>,
    sent: Headers,
    query: URLSearchParams,
  ): Response {
    const answer = tasks.answer(method, id, rest, body, sent, session?.account.display_name ?? '', query)
    return answer.reason ? problem(answer.status, answer.reason, String(answer.body)) : json(answer.body, answer.status)
  }

  function content_route(path: string): Response {
    const place = Number(/doc-(\d+)/.exec(path)?.[1] ?? 8)
    const one = story.documents[place] ?? story.documents[0]
    const file = join(story.kCatalog, 'construction-permit/cases/school', one?.file ?? '')
    return new Response(new Uint8Array(readFileSync(file)), {
      headers: { 'Content-Type': one?.media_type ?? 'application/pdf' },
    })
  }

  function inbox_route(query: URLSearchParams): Response {
    const view = query.get('view')
    const text = query.get('query') ?? ''
    const rows = stub.inbox_rows
      .filter((row) => (view === 'todo' ? true : view === 'mine' ? row.assigned_to_me : view === 'all'))
      .filter((row) => !text || `${row.application_number}${row.works_name}${row.owner_name}`.includes(text))
    return json({
      rows,
      next_cursor: null,
      counts: {
        todo: stub.inbox_rows.length,
        mine: stub.inbox_rows.filter((row) => row.assigned_to_me).length,
        copies: 1,
        outside_answered: stub.inbox_rows.filter((row) => row.assigned_to_me && row.outside_answered).length,
        outside_overdue: stub.inbox_rows.filter((row) => row.assigned_to_me && row.outside_overdue).length,
      },
    })
  }

  function route(
    method: string,
    path: string,
    query: URLSearchParams,
    body: Record<string, unknown>,
    sent: Headers,
  ): Response {
    const known = people.answer(method, path, body, query)
    if (known?.reason) return problem(known.status, known.reason, String(known.body ?? ''), known.fields)
    if (known) return known.status === 204 ? new Response(null, { status: 204 }) : json(known.body, known.status)
    if (path === '/session') return session_route(method, body)
    if (path === '/matters') return json({ matters: [story.matter, story.night_works] })
    if (path.startsWith('/matters/')) return json(story.matter)
    if (path === '/regions')
      return json({
        regions: story.divisions
          .filter((one) => (one.parent ?? '') === (query.get('parent') ?? ''))
          .map(({ code, name }) => ({ code, name })),
      })
    const asked = consultations.answer(method, path, body)
    if (asked?.reason) {
      const fields = asked.field ? [{ field: asked.field, reason: asked.reason, message: asked.body }] : []
      return problem(asked.status, asked.reason, String(asked.body), fields)
    }
    if (asked) return json(asked.body, asked.status)
    if (!session) return problem(401, 'identity.signed_out', '请先登录。')
    const of_authority = /^\/authorities\/(\d+)\/publications$/.exec(path)?.[1]
    if (of_authority)
      return json(
        story.authorities.find((one) => one.region_code === of_authority),
        201,
      )
    if (path === '/authorities') return json({ authorities: story.authorities })
    if (is_of_oversight(path)) return json(oversight.answer(method, path, query, body))
    const own = /^\/account\/(factors|recovery-codes)/.test(path) ? factors.answer(method, path, body) : null
    if (own?.reason) return problem(own.status, own.reason, String(own.body))
    if (own) return own.status === 204 ? new Response(null, { status: 204 }) : json(own.body, own.status)
    if (path === '/applications' && method === 'GET')
      return json({ applications: story.application_rows, next_cursor: null })
    if (path === '/applications') return json(applications[story.kDraftId], 201)
    const uploaded = /^\/applications\/[^/]+\/documents$/.test(path)
    if (uploaded)
      return json(
        {
          document_id: 'doc-new',
          material_code: query.get('material_code'),
          file_name: query.get('file_name'),
          media_type: 'application/pdf',
          size_bytes: 1,
          pages: 1,
          sha256: '',
          uploaded_at_ms: story.kNow,
          superseded: false,
        },
        201,
      )
    const certified = certificates.answer(method, path, body)
    if (certified?.reason) return problem(certified.status, certified.reason, String(certified.body))
    if (certified) return json(certified.body, certified.status)
    const copied = /\/copies\b/.test(path) ? copies.answer(method, path, body) : null
    if (copied) return json(copied.body, copied.status)
    const said = opinions.answer(method, path, body)
    if (said) return said.status === 204 ? new Response(null, { status: 204 }) : json(said.body, said.status)
    const marked = /\/marks\b/.test(path) ? marks.answer(method, path, body) : null
    if (marked) return json(marked.body, marked.status)
    const application = /^\/applications\/([^/]+)\/?(.*)$/.exec(path)
    if (application?.[1])
      return (
        application_route(method, application[1], application[2] ?? '', body) ??
        problem(404, 'http.no_route', '没有找到。')
      )
    if (/^\/(documents|letters)\/|certificate(\.pdf)?$/.test(path))
      return method === 'DELETE' ? new Response(null, { status: 204 }) : content_route(path)
    if (path === '/inbox') return inbox_route(query)
    if (path === '/paper-acts') return json({ paper_acts: tasks.paper_acts() })
    if (path.startsWith('/deputyships')) return deputy_route(method, path, body)
    const task = /^\/tasks\/([^/]+)\/?(.*)$/.exec(path)
    if (task?.[1]) return task_route(method, decodeURIComponent(task[1]), task[2] ?? '', body, sent, query)
    if (path === '/permits') return json({ permits: [story.permit], next_cursor: null })
    if (path.startsWith('/permits/')) return json(story.permit)
    if (path === '/demo/clock') return json({ now_ms: story.kNow, today_on: '2026-11-30' })
    return problem(404, 'http.no_route', '没有找到。')
  }

  function deputy_route(method: string, path: string, body: Record<string, unknown>): Response {
    const refusal = method === 'POST' ? deputies.refusal : null
    if (refusal)
      return problem(422, 'approval.deputyship_overlaps', refusal.message, [
        { ...refusal, reason: 'approval.deputyship_overlaps' },
      ])
    const leads = session?.account.roles.some((role) => role === 'section_head' || role === 'deciding_leader') ?? false
    const answer = deputies.answer(method, path, body, leads)
    return json(answer.body, answer.status)
  }

  function rule_route(method: string, path: string, body: Record<string, unknown>, headers: Headers): Response {
    if (session?.account.kind !== 'administrator') return problem(403, 'authz.not_permitted', '您的账号没有这项权限。')
    const answer = rules.answer(method, path, body, headers, session.account.display_name)
    if (answer.status === 204) return new Response(null, { status: 204 })
    return json(answer.body, answer.status, answer.version === undefined ? {} : { ETag: `"${answer.version}"` })
  }

  const stub: Stub = {
    seen: [],
    rules,
    tasks: tasks.tasks,
    deputies,
    copies,
    consultations,
    certificates,
    opinions,
    marks,
    factors,
    people,
    enter(opened) {
      session = opened
    },
    oversight,
    inbox_rows,
    offline: false,
    sign_in(account) {
      session = story.sessions[account] ?? null
    },
    async answer(request) {
      if (stub.offline) throw new TypeError('Failed to fetch')
      const url = new URL(request.url)
      const path = url.pathname.replace('/api/v1', '')
      const text = request.method === 'GET' || path.endsWith('/documents') ? '' : await request.text()
      const body = text ? (JSON.parse(text) as Record<string, unknown>) : {}
      stub.seen.push({ method: request.method, path, body, headers: request.headers })
      if (request.method !== 'GET' && session && request.headers.get('X-CSRF-Token') !== session.csrf_token)
        return problem(403, 'http.csrf', '页面打开太久了，请刷新后再试。')
      if (path.startsWith('/rule-packages')) return rule_route(request.method, path, body, request.headers)
      return route(request.method, path, url.searchParams, body, request.headers)
    },
  }
  return stub
}
