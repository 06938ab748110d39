// A bureau in a hundred-odd lines for the tests of the player: same routes, same refusals, no rules and no database.
import { createServer } from 'node:http'
import { randomUUID } from 'node:crypto'

const kDepartments = { housing: 'housing', fire: 'fire', civil_defence: 'civil_defence', planning: 'planning', quality: 'quality_safety' }
const kOutcomes = { check: ['complete', 'points'], accept: ['accept', 'request_correction', 'no_permit_needed', 'refuse_acceptance'], review: ['agree', 'disagree'], recheck: ['pass', 'return_to_item'], decide: ['grant', 'refuse'], certificate: ['deliver'] }
const kPdf = Buffer.from('%PDF-1.7\n%%EOF\n')

class Problem extends Error {
  constructor(status, reason) {
    super(reason)
    Object.assign(this, { status, reason })
  }
}

/** `findings(form, round)` says what the pre-check of this bureau finds; `faults` names things it does wrong on purpose. */
export class FakeBureau {
  constructor({ nowMs = Date.parse('2026-01-05T09:00:00+08:00'), findings = () => [], items = Object.keys(kDepartments), faults = {} } = {}) {
    Object.assign(this, { nowMs, findings, items, faults, applications: new Map(), tasks: new Map(), sessions: new Map(), permits: new Map(), parts: new Map(), keys: new Set(), requests: [], serial: 0 })
    this.server = createServer((request, response) => this.#answer(request, response))
  }

  async start() {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${this.server.address().port}`
  }

  stop() {
    this.server.closeAllConnections()
    return new Promise((resolve) => this.server.close(resolve))
  }

  async #answer(request, response) {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const url = new URL(request.url, 'http://bureau')
    const path = url.pathname.replace('/api/v1', '')
    this.requests.push(`${request.method} ${path}`)
    if (this.faults.busy > 0) {
      this.faults.busy -= 1
      return response.writeHead(503, { 'retry-after': '0' }).end()
    }
    try {
      const session = this.sessions.get(/__Host-kaigong=([^;]+)/.exec(request.headers.cookie ?? '')?.[1])
      const isJson = request.headers['content-type'] === 'application/json'
      const reply = this.#route({ method: request.method, path, query: url.searchParams, json: isJson && body.length ? JSON.parse(body) : null, body, headers: request.headers, session })
      if (Buffer.isBuffer(reply?.bytes)) return response.writeHead(200, reply.headers ?? {}).end(reply.bytes)
      response.writeHead(reply === null ? 204 : 200, { 'content-type': 'application/json', ...(reply?.cookie ? { 'set-cookie': reply.cookie } : {}) })
      response.end(reply === null ? undefined : JSON.stringify(reply.json ?? reply))
    } catch (error) {
      response.writeHead(error.status ?? 500, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ status: error.status ?? 500, reason: error.reason ?? 'fake.bug', detail: error.message }))
    }
  }

  #route(call) {
    const { method, path, session } = call
    const route = `${method} ${path.replace(/^\/(applications|invited-parts|tasks|letters|documents|permits|public\/permits)\/[^/]+/, '/$1/:id').replace(/\/submissions\/\d+$/, '/submissions/:round')}`
    const id = /^\/(?:public\/)?[a-z-]+\/([^/]+)/.exec(path)?.[1]
    if (route === 'POST /session') return this.#signIn(call.json)
    if (route === 'GET /demo/clock') return { now_ms: this.nowMs }
    if (route === 'POST /demo/clock') return this.#moveClock(call.json)
    if (route === 'GET /public/permits/:id') return this.#published(id)
    if (route === 'GET /permits/:id' && !call.path.startsWith('/api')) return { bytes: Buffer.from(JSON.stringify(this.#published(id))) }
    if (!session) throw new Problem(401, 'identity.no_session')
    if (method !== 'GET' && call.headers['x-csrf-token'] !== session.csrf_token) throw new Problem(403, 'http.csrf_token_wrong')
    if (method === 'POST' && !/\/(precheck|claim|confirmation)$/.test(path)) this.#useKey(call.headers['idempotency-key'])
    const application = this.applications.get(id)
    const own = {
      'POST /applications': () => this.#create(),
      'GET /applications/:id': () => ({ ...application, findings: this.findings(application.form, application.round + 1) }),
      'PUT /applications/:id/form': () => this.#update(application, call, () => (application.form = call.json.form)),
      'PUT /applications/:id/commitments': () => this.#update(application, call, () => (application.commitments = call.json.materials)),
      'POST /applications/:id/precheck': () => ({ findings: this.findings(call.json.form, 1), counts: { fail: 0, unchecked: 0, pass: 1 } }),
      'GET /applications/:id/invited-parts': () => this.#parts(application),
      'POST /applications/:id/invited-parts': () => this.#invite(application, call.json),
      'GET /invited-parts/:id': () => this.parts.get(id),
      'POST /invited-parts/:id/confirmation': () => this.#confirm(this.parts.get(id), call),
      'POST /applications/:id/documents': () => this.#upload(application, call),
      'POST /applications/:id/submission': () => this.#submit(application, call),
      'POST /applications/:id/withdrawal': () => this.#withdraw(application),
      'GET /applications/:id/submissions': () => ({ submissions: application.submissions.map(({ round }) => ({ round })) }),
      'GET /applications/:id/submissions/:round': () => application.submissions.find((s) => s.round === Number(path.split('/').pop())),
      'GET /applications/:id/letters': () => ({ letters: application.letters }),
      'GET /applications/:id/progress': () => this.#late(() => this.#progress(application)),
      'GET /letters/:id/content': () => ({ bytes: kPdf }),
      'GET /documents/:id/content': () => this.#document(id),
      'GET /permits/:id/certificate': () => ({ bytes: kPdf }),
      'GET /inbox': () => this.#inbox(session),
      'GET /tasks/:id': () => this.#task(id, session),
      'POST /tasks/:id/claim': () => this.#claim(this.tasks.get(id), call),
      'POST /tasks/:id/completion': () => this.#complete(this.tasks.get(id), call),
    }[route]
    if (!own) throw new Problem(404, `fake.no_route ${route}`)
    return own()
  }

  #signIn({ account }) {
    const token = randomUUID()
    this.sessions.set(token, { account, csrf_token: `csrf-${token}` })
    return { json: this.sessions.get(token), cookie: `__Host-kaigong=${token}; Path=/; Secure; HttpOnly; SameSite=Strict` }
  }

  // All sessions end when the clock leaps: the player has to sign in again.
  #moveClock({ advance_to_ms: to, advance_working_days: days }) {
    const next = to ?? this.nowMs + days * 86_400_000
    if (next < this.nowMs) throw new Problem(409, 'demo.clock_backwards')
    if (next - this.nowMs > 12 * 3600_000) this.sessions.clear()
    this.nowMs = next
    for (const application of this.applications.values()) if (application.state === 'submitted' && application.default_at_ms <= next) this.#accept(application)
    return { now_ms: next }
  }

  #useKey(key) {
    if (!key) throw new Problem(422, 'http.idempotency_key_missing')
    if (this.keys.has(key)) throw new Problem(409, 'http.idempotency_key_used')
    this.keys.add(key)
  }

  #needVersion(headers, version) {
    if (headers['if-match'] !== `"${version}"`) throw new Problem(412, headers['if-match'] ? 'http.version_changed' : 'http.if_match_missing')
  }

  #create() {
    const application = { application_id: randomUUID(), state: 'draft', turn: 'applicant', version: 1, round: 0, form: {}, documents: [], letters: [], submissions: [], correction: null, permit_number: null, answered: [] }
    this.applications.set(application.application_id, application)
    return application
  }

  #update(application, { headers }, change) {
    this.#needVersion(headers, application.version)
    change()
    application.version += 1
    return { version: application.version }
  }

  #parts(application) {
    const parts = [...this.parts.values()].filter((one) => one.application_id === application.application_id)
    const invitable = (application.form.participants ?? []).filter((one) => one.role !== 'owner').map(({ credit_code, role }) => ({ part: 'own_row', credit_code, role }))
    return { parts, invitable }
  }

  #invite(application, { part, credit_code, role }) {
    if (credit_code === this.faults.malformed_code) throw new Problem(422, 'applications.credit_code_malformed')
    const one = { part_id: randomUUID(), application_id: application.application_id, part, credit_code, role, version: 1, standing: 'invited' }
    this.parts.set(one.part_id, one)
    return one
  }

  #confirm(part, { session, headers }) {
    this.#needVersion(headers, part.version)
    return Object.assign(part, { version: 2, standing: 'confirmed', by: session.account })
  }

  #upload(application, { query, body, headers }) {
    const document = { document_id: randomUUID(), material_code: query.get('material_code'), file_name: query.get('file_name'), media_type: headers['content-type'], size_bytes: body.length }
    application.documents.push(document)
    application.version += 1
    return document
  }

  #document(id) {
    const document = [...this.applications.values()].flatMap((a) => a.documents).find((d) => d.document_id === id)
    const name = this.faults.loses_names ? `${id}.bin` : document.file_name
    return { bytes: kPdf, headers: { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}` } }
  }

  #submit(application, { json, headers }) {
    this.#needVersion(headers, application.version)
    const { form } = application
    application.round += 1
    application.submissions.push({ round: application.round, findings: this.findings(form, application.round), form })
    application.number ??= `330106-2026-${String(++this.serial).padStart(5, '0')}`
    Object.assign(application, { state: 'submitted', turn: 'authority' })
    this.#letter(application, 'materials_receipt')
    if (application.correction) {
      const missing = application.correction.points.filter((p) => !json.answers.some((a) => a.point_id === p.point_id))
      if (missing.length) throw new Problem(422, 'applications.point_unanswered')
      application.correction = null
      this.#accept(application)
    } else {
      application.default_at_ms = Date.parse(form.fake_default_at ?? '2099-01-01T00:00:00+08:00')
      for (const item of this.items) this.#open(application, 'check', item)
    }
    return { application_number: application.number, round: application.round, received_at_ms: this.nowMs, intake_due_on: '2026-12-01' }
  }

  #withdraw(application) {
    this.#cancel(application)
    Object.assign(application, { state: 'withdrawn', turn: 'nobody' })
    this.#letter(application, 'withdrawal_confirmation')
    return {}
  }

  #letter(application, kind) {
    application.letters.push({ letter_id: randomUUID(), letter_kind: kind, issued_at_ms: this.nowMs + application.letters.length, round: application.round })
  }

  #open(application, kind, actor) {
    const task = { task_id: randomUUID(), application_id: application.application_id, kind, actor, item: kDepartments[actor] ?? null, name: kind, state: 'open', version: 1, checklist: [{ code: 'C1' }], outcomes: kOutcomes[kind].map((code) => ({ code, label: code })), assigned_to_me: false, outcome: null }
    this.tasks.set(task.task_id, task)
  }

  #cancel(application) {
    for (const task of this.tasks.values()) if (task.application_id === application.application_id && task.state === 'open') task.state = 'cancelled'
  }

  #accept(application) {
    this.#cancel(application)
    application.state = 'accepted'
    this.#letter(application, 'acceptance_notice')
    for (const item of this.items) this.#open(application, 'review', item)
  }

  // As in the real bureau, the first question after filing may come before the news of it.
  #late(answer) {
    if (!(this.faults.late > 0)) return answer()
    this.faults.late -= 1
    throw new Problem(404, 'approval.not_found')
  }

  #progress({ state, turn, correction, permit_number, round }) {
    return { state, turn, correction, permit_number, round, clock: { due_on: '2026-12-03', provisional: false }, waiting_for: this.faults.incident ? [{ kind: 'incident', name: '证照制作失败' }] : [] }
  }

  #inbox({ account }) {
    const rows = [...this.tasks.values()].filter((t) => t.state === 'open' && t.actor === account.replace(/_gongshu$/, ''))
    return { rows: rows.map((t) => ({ task_id: t.task_id, application_id: t.application_id, step_name: t.name })), next_cursor: null }
  }

  #task(id, session) {
    const task = this.tasks.get(id)
    return { ...task, assigned_to_me: task.holder === session.account }
  }

  #claim(task, { headers, session }) {
    this.#needVersion(headers, task.version)
    Object.assign(task, { holder: session.account, version: task.version + 1 })
    return this.#task(task.task_id, session)
  }

  #complete(task, { json, headers, session }) {
    this.#needVersion(headers, task.version)
    if (task.holder !== session.account) throw new Problem(403, 'approval.not_claimed')
    Object.assign(task, { state: 'completed', outcome: json.outcome, version: task.version + 1, points: json.points })
    this.#after(this.applications.get(task.application_id), task)
    return this.#task(task.task_id, session)
  }

  #after(application, task) {
    const of = (kind) => [...this.tasks.values()].filter((t) => t.application_id === application.application_id && t.kind === kind && t.state !== 'cancelled')
    const done = (kind) => of(kind).every((t) => t.state === 'completed')
    if (task.kind === 'check' && done('check')) return this.#open(application, 'accept', 'clerk')
    if (task.kind === 'accept') return this.#decideIntake(application, task, of('check'))
    if (task.kind === 'review' && done('review')) {
      application.state = 'awaiting_decision'
      return this.#open(application, 'recheck', 'head')
    }
    if (task.kind === 'recheck') return this.#open(application, 'decide', 'leader')
    if (task.kind === 'decide') return this.#decide(application, task.outcome)
    if (task.kind === 'certificate') this.permits.set(application.permit_number, application)
  }

  #decideIntake(application, { outcome }, checks) {
    if (outcome === 'accept') return this.#accept(application)
    const [state, letter] = { request_correction: ['submitted', 'correction_notice'], no_permit_needed: ['no_permit_needed', 'no_permit_needed_notice'], refuse_acceptance: ['not_accepted', 'non_acceptance_decision'] }[outcome]
    Object.assign(application, { state, turn: outcome === 'request_correction' ? 'applicant' : 'nobody' })
    if (outcome === 'request_correction') application.correction = { points: checks.flatMap((t) => t.points.map((p) => ({ point_id: randomUUID(), item: t.item, ...p }))) }
    this.#letter(application, letter)
  }

  #decide(application, outcome) {
    Object.assign(application, { state: outcome === 'grant' ? 'granted' : 'refused', turn: 'nobody' })
    this.#letter(application, outcome === 'grant' ? 'grant_decision' : 'refusal_decision')
    if (outcome !== 'grant') return
    application.permit_number = `${application.form.application.region_code}20261203${application.form.works.works_category}01`
    this.permits.set(application.permit_number, application)
    this.#open(application, 'certificate', 'certificates')
  }

  #published(number) {
    const application = this.permits.get(number)
    if (!application) throw new Problem(404, 'permits.not_found')
    const { works } = application.form
    return { permit_number: number, state: 'in_force', works_name: works.works_name, ...(this.faults.leaks ? { phone: application.form.agent.phone } : {}) }
  }
}
