/** Files of an answer on their way: what is going, what failed and why, and what can be said before one is sent. */
import { computed, onScopeDispose, ref } from 'vue'
import { ApiProblem, as_problem } from '@/shared/api/problem'
import type { OutsideFile } from '@/shared/api/types'
import { t } from '@/shared/i18n'
import type { Upload } from '@/modules/documents/api'
import { add_consultation_file, type OutsideProof } from './api'

/** The server says the same. */
export const kFilesMax = 3
const kFileMiB = 20
export const kAccepted = '.pdf,.jpg,.jpeg,.png'

export interface Going {
  id: number
  file: File
  sent_bytes: number
  problem: ApiProblem | null
  upload: Upload<OutsideFile> | null
}

function fault_of(file: File): ApiProblem | null {
  const refuse = (what: string) =>
    new ApiProblem({ title: t(`approval.consult.page.files.${what}`, { n: kFileMiB }), status: 422 })
  if (!file.size) return refuse('empty')
  if (file.size > kFileMiB * 1024 * 1024) return refuse('too_large')
  return /\.(pdf|jpe?g|png)$/i.test(file.name) ? null : refuse('type')
}

export function use_answer_files(
  proof: () => OutsideProof,
  on_kept: (file: OutsideFile) => void,
  on_turned_away: (problem: ApiProblem) => void,
) {
  const items = ref<Going[]>([])
  let next_id = 1

  function drop(item: Going): void {
    items.value = items.value.filter((one) => one.id !== item.id)
  }

  async function send(item: Going): Promise<void> {
    item.sent_bytes = 0
    item.problem = fault_of(item.file)
    if (item.problem) return
    item.upload = add_consultation_file(proof(), item.file, (sent) => (item.sent_bytes = sent))
    try {
      on_kept(await item.upload.done)
      drop(item)
    } catch (error) {
      const told = as_problem(error)
      if (told.reason === 'web.aborted') drop(item)
      else item.problem = told
      if (told.status === 404 || told.status === 403) on_turned_away(told)
    }
  }

  function add(file: File): void {
    const id = next_id++
    items.value.push({ id, file, sent_bytes: 0, problem: null, upload: null })
    // The reactive one, so that its progress is seen.
    const item = items.value.find((one) => one.id === id)
    if (item) void send(item)
  }

  // What only the network stopped goes out by itself when it is back.
  function on_online(): void {
    for (const item of items.value) if (item.problem?.unreachable) void send(item)
  }
  addEventListener('online', on_online)
  onScopeDispose(() => removeEventListener('online', on_online))

  return {
    items,
    going: computed(() => items.value.filter((one) => !one.problem)),
    add,
    again: (item: Going) => void send(item),
    drop,
  }
}
