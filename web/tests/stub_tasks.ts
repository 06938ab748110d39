/** The officers' tasks of the story behind their routes: whoever comes with an old version is told so. */
import type { Task } from '@/shared/api/types'
import * as story from './story'

export interface TaskReply {
  status: number
  body: unknown
  reason?: string
}

export interface TaskStub {
  /** As they stand: a test changes one to play a colleague who was quicker. */
  tasks: Record<string, Task>
  answer: (
    method: string,
    id: string,
    rest: string,
    body: Record<string, unknown>,
    sent: Headers,
    who: string,
  ) => TaskReply
}

const kTaken = { status: 412, reason: 'http.stale', body: '内容已有更新，请刷新后再办。' }

export function make_task_stub(): TaskStub {
  const tasks = structuredClone(story.tasks)

  function change(task: Task, part: Partial<Task>): TaskReply {
    return { status: 200, body: Object.assign(task, part, { version: task.version + 1 }) }
  }

  return {
    tasks,
    answer(method, id, rest, body, sent, who) {
      const found = tasks[id.replace(/#.*$/, '')]
      if (!found) return { status: 404, reason: 'approval.not_found', body: '没有找到这项任务。' }
      if (method === 'GET') return { status: 200, body: found }
      if (sent.get('If-Match') !== `"${found.version}"`) return kTaken
      if (rest === 'claim') return change(found, { assignee_name: who, assigned_to_me: true })
      if (rest === 'release') return change(found, { assignee_name: null, assigned_to_me: false })
      if (rest === 'return')
        return change(found, {
          state: 'completed',
          outcome_label: '退回',
          opinion: String(body.reason),
          actor_name: who,
        })
      return change(found, { state: 'completed', actor_name: who })
    },
  }
}
