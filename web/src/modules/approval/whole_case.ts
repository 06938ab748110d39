/** All that the page of a case shows, asked for at once. */
import type { Submission } from '@/shared/api/types'
import { list_submissions, load_application, load_progress, load_submission } from '@/modules/applications/api'
import { load_matter } from '@/modules/catalog/api'
import { list_tasks, load_task } from './api'

export async function load_case(task_id: string) {
  const task = await load_task(task_id)
  const id = task.application_id
  const [application, progress, tasks, submissions] = await Promise.all([
    load_application(id),
    load_progress(id),
    list_tasks(id),
    list_submissions(id),
  ])
  const matter = await load_matter(application.matter_code)
  const last = submissions.length ? Math.max(...submissions.map((one) => one.round)) : 0
  const before: Submission | null = last > 1 ? await load_submission(id, last - 1) : null
  const changed = submissions.find((one) => one.round === last)?.changed_fields ?? []
  return { task, application, progress, tasks, submissions, matter, before, changed: last > 1 ? changed : [] }
}
