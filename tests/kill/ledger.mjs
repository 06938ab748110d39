// What the server has acknowledged, and what it was asked without an answer having come: the measure after each death.
import { randomUUID } from 'node:crypto'

/** The server died before the answer was here. */
export class Lost extends Error {}

export class Ledger {
  /** Applications by id: what the last acknowledged writes said. */
  applications = new Map()
  /** Completed tasks by id: {task_id, application_id, outcome}. */
  completions = new Map()
  /** Tasks that were given away, by id: {task_id, application_id, to}. */
  handovers = new Map()
  /** Requests without an answer: {person, method, path, options, settle}. */
  unanswered = new Set()
  acknowledged = 0
  /** Applications written to, and tasks completed, since somebody looked last. */
  touched = new Set()
  completedLately = []
  handedOverLately = []

  /**
   * Sends a write and keeps it until it is answered. `settle(json, again)` writes down what was acknowledged.
   * Rejects with Lost when the server is gone.
   */
  async write({ person, method, path, options, settle, about }) {
    const keyed = options.key ? { ...options, key: randomUUID() } : options
    const request = { person, method, path, options: keyed, settle, about }
    this.unanswered.add(request)
    if (about.id) this.touched.add(about.id)
    let reply
    try {
      reply = await person.ask(method, path, keyed)
    } catch (error) {
      throw new Lost(`${method} ${path}: ${error.message}`)
    }
    if (reply.status >= 300) {
      if (reply.status < 500) this.unanswered.delete(request)
      throw new Error(`${person.account}: ${method} ${path} → ${reply.status} ${reply.body.toString('utf8').slice(0, 400)}`)
    }
    this.unanswered.delete(request)
    this.acknowledged += 1
    settle(reply.json)
    return reply.json
  }

  startDraft(json, owner, region) {
    this.touched.add(json.application_id)
    this.applications.set(json.application_id, { id: json.application_id, owner, region, version: json.version, form: json.form, documents: new Map(), submission: null })
  }

  complete(completion) {
    this.completions.set(completion.task_id, completion)
    this.completedLately.push(completion)
    this.touched.add(completion.application_id)
  }

  handOver(handover) {
    this.handovers.set(handover.task_id, handover)
    this.handedOverLately.push(handover)
    this.touched.add(handover.application_id)
  }

  of(id) {
    return this.applications.get(id)
  }

  get submitted() {
    return [...this.applications.values()].filter((one) => one.submission)
  }
}
