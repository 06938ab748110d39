/**
 * One act on a task that somebody else may change meanwhile. What was typed stays with the page; after a refusal the
 * newest task is fetched, so that the page can say who did what, and the act may be tried again on it.
 */
import { ref, shallowRef } from 'vue'
import { new_idempotency_key } from '@/shared/api/client'
import { as_problem, type ApiProblem } from '@/shared/api/problem'
import type { Task } from '@/shared/api/types'
import { load_task } from '../api'

const kMovedOn = [409, 412]

export function use_act() {
  const busy = ref(false)
  const problem = shallowRef<ApiProblem | null>(null)
  /** The task as it stands, after it turned out that it is not as the page had it. */
  const newest = shallowRef<Task | null>(null)
  let key = new_idempotency_key()
  let sent = ''

  /** The same act asked again keeps its key, so that it happens once; another text or version is another act. */
  function key_of(task: Task, body: unknown): string {
    const now = JSON.stringify([task.task_id, task.version, body])
    if (sent && sent !== now) key = new_idempotency_key()
    sent = now
    return key
  }

  async function run<Body>(
    task: Task,
    body: Body,
    send: (task: Task, body: Body, key: string) => Promise<Task>,
  ): Promise<Task | null> {
    busy.value = true
    problem.value = null
    newest.value = null
    try {
      return await send(task, body, key_of(task, body))
    } catch (error) {
      problem.value = as_problem(error)
      if (kMovedOn.includes(problem.value.status)) newest.value = await load_task(task.task_id).catch(() => null)
      return null
    } finally {
      busy.value = false
    }
  }

  return { busy, problem, newest, run }
}
