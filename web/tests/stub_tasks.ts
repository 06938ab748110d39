/** The officers' tasks of the story behind their routes: whoever comes with an old version is told so. */
import type { Signer } from '@/modules/approval/operations/operations'
import type { list_paper_acts } from '@/modules/approval/paper_acts/api'
import type { Candidate, Task } from '@/shared/api/types'
import * as story from './story'

export interface TaskReply {
  status: number
  body: unknown
  reason?: string
}

type PaperActRow = Awaited<ReturnType<typeof list_paper_acts>>[number]

export interface TaskStub {
  /** As they stand: a test changes one to play a colleague who was quicker. */
  tasks: Record<string, Task>
  /** What waits for the word of who reads. */
  paper_acts: () => PaperActRow[]
  answer: (
    method: string,
    id: string,
    rest: string,
    body: Record<string, unknown>,
    sent: Headers,
    who: string,
    query: URLSearchParams,
  ) => TaskReply
}

const kColleagues: Candidate[] = [
  {
    account_id: 'account-zhou',
    name: '周子衡',
    department_name: '住房和城乡建设局',
    excluded_because: null,
  },
  {
    account_id: 'account-he',
    name: '何启明',
    department_name: '住房和城乡建设局',
    excluded_because: null,
  },
  {
    account_id: 'account-clerk',
    name: '李窗口',
    department_name: '住房和城乡建设局',
    excluded_because: '受理过这件申请，不能再审查。',
  },
]

function signer_of(one: Candidate | undefined, relation: Signer['relation'], question: string): Signer {
  return {
    task_id: `t-asked-${one?.account_id ?? ''}`,
    relation,
    assignee_name: one?.name ?? '',
    state: relation === 'after' ? 'planned' : 'open',
    outcome: null,
    outcome_label: null,
    opinion: null,
    question,
    asked_by: '王住建',
    created_at_ms: story.kNow,
    completed_at_ms: null,
    cancel_cause: null,
    may_remove: true,
  }
}

const kTaken = { status: 412, reason: 'http.stale', body: '内容已有更新，请刷新后再办。' }

export function make_task_stub(): TaskStub {
  const tasks: Record<string, Task> = structuredClone(story.tasks)

  function change(task: Task, part: Partial<Task>): TaskReply {
    return { status: 200, body: Object.assign(task, part, { version: task.version + 1 }) }
  }

  const named = (id: unknown) => kColleagues.find((one) => one.account_id === id)

  function operate(task: Task, rest: string, body: Record<string, unknown>): TaskReply | null {
    const question = String(body.question ?? '')
    if (rest === 'transfer' || rest === 'assignment')
      return change(task, { assignee_name: named(body.to)?.name ?? '', assigned_to_me: false })
    if (rest === 'delegation') return change(task, { signers: [signer_of(named(body.to), 'delegate', question)] })
    if (rest === 'signers')
      return change(task, {
        signers: (body.to as string[]).map((id) => signer_of(named(id), body.position as 'before' | 'after', question)),
      })
    const removed = /^signers\/(.+)\/removal$/.exec(rest)?.[1]
    if (removed)
      return change(task, {
        signers: (task.signers ?? []).map((one) =>
          one.task_id === removed ? { ...one, state: 'cancelled', may_remove: false } : one,
        ),
      })
    if (rest === 'paper-act/denial' || rest === 'paper-act/withdrawal') return change(task, { paper_act: null })
    if (rest === 'paper-act/confirmation')
      return change(task, { state: 'completed', outcome_label: task.paper_act?.outcome_label ?? null, paper_act: null })
    if (rest === 'paper-act') return change(task, { state: 'completed', actor_name: named(body.done_by)?.name ?? '' })
    if (rest === 'take-back')
      return change(task, { state: 'open', outcome: null, actor_name: null, completed_at_ms: null })
    return null
  }

  return {
    tasks,
    paper_acts: () =>
      Object.values(tasks).flatMap(({ task_id, name, application_number, paper_act }) =>
        paper_act?.done_by_me
          ? [
              {
                proposal_id: paper_act.proposal_id,
                task_id,
                application_number,
                works_name: '翠苑小学扩建工程',
                step_name: name,
                proposed_by: paper_act.proposed_by,
                happened_at_ms: paper_act.happened_at_ms,
                expires_at_ms: paper_act.expires_at_ms,
              },
            ]
          : [],
      ),
    answer(method, id, rest, body, sent, who, query) {
      // Rows of the list are many cases that look alike: `t-free#3` is a task of its own.
      const model = tasks[id.replace(/#.*$/, '')]
      const found = model && (tasks[id] ??= structuredClone(model))
      if (!found) return { status: 404, reason: 'approval.not_found', body: '没有找到这项任务。' }
      if (rest.endsWith('candidates')) {
        const text = query.get('query') ?? ''
        const candidates = kColleagues.filter((one) => `${one.name}${one.department_name}`.includes(text))
        return { status: 200, body: { candidates, complete: true } }
      }
      if (method === 'GET') return { status: 200, body: found }
      const sees_version = !/^paper-act\/(denial|withdrawal)$/.test(rest)
      if (sees_version && sent.get('If-Match') !== `"${found.version}"`) return kTaken
      if (rest === 'claim') return change(found, { assignee_name: who, assigned_to_me: true })
      if (rest === 'release') return change(found, { assignee_name: null, assigned_to_me: false })
      if (rest === 'return')
        return change(found, {
          state: 'completed',
          outcome_label: '退回',
          opinion: String(body.reason),
          actor_name: who,
        })
      return operate(found, rest, body) ?? change(found, { state: 'completed', actor_name: who })
    },
  }
}
