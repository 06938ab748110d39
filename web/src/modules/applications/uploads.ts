/**
 * Files on their way to their materials. Each is sent at once; one that fails stays with the reason until the person
 * tries again, takes another file or leaves it out. What only the network stopped goes out by itself when it is back.
 */
import { computed, onScopeDispose, ref } from 'vue'
import { new_idempotency_key } from '@/shared/api/client'
import { ApiProblem, as_problem } from '@/shared/api/problem'
import { format_bytes } from '@/shared/format/amounts'
import { t } from '@/shared/i18n'
import { upload_document, type Upload } from '@/modules/documents/api'

/** The server's limit for one file; beyond it the server hangs up in the middle, which looks like a broken network. */
const kFileBytesMax = 100 * 1024 * 1024

export interface Sending {
  id: number
  material_code: string
  file: File
  key: string
  sent_bytes: number
  problem: ApiProblem | null
  upload: Upload | null
}

/** What can be said against a file before it is sent, in words with the remedy. */
export function file_fault(file: File, formats: string[]): ApiProblem | null {
  const refuse = (reason: string, title: string) => new ApiProblem({ title, status: 422, reason: `web.${reason}` })
  if (!file.size) return refuse('file_empty', t('applications.materials.fault.empty'))
  if (file.size > kFileBytesMax)
    return refuse('file_too_large', t('applications.materials.fault.too_large', { size: format_bytes(file.size) }))
  const ending = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase().replace('jpeg', 'jpg') ?? ''
  if (formats.includes(ending)) return null
  const list = formats.map((one) => one.toUpperCase()).join(t('word.list_stop'))
  return refuse('file_type', t('applications.materials.fault.type', { formats: list }))
}

/** Whether sending the same file again can help. */
export function can_retry(problem: ApiProblem): boolean {
  return problem.unreachable || problem.status >= 429
}

export function use_uploads(
  application_id: () => string | undefined,
  formats_of: (material_code: string) => string[],
  on_sent: (item: Sending) => Promise<void>,
) {
  const items = ref<Sending[]>([])
  let next_id = 1

  async function send(item: Sending): Promise<void> {
    const to = application_id()
    if (!to) return
    item.sent_bytes = 0
    item.problem = file_fault(item.file, formats_of(item.material_code))
    if (item.problem) return
    item.upload = upload_document(
      to,
      item.material_code,
      item.file,
      (sent) => {
        item.sent_bytes = sent
      },
      item.key,
    )
    try {
      await item.upload.done
    } catch (error) {
      const problem = as_problem(error)
      if (problem.reason === 'web.aborted') drop(item)
      else item.problem = problem
      return
    }
    drop(item)
    await on_sent(item)
  }

  function add(material_code: string, files: Iterable<File>): void {
    for (const file of files) {
      const id = next_id++
      items.value.push({
        id,
        material_code,
        file,
        key: new_idempotency_key(),
        sent_bytes: 0,
        problem: null,
        upload: null,
      })
      // The reactive one, so that its progress is seen.
      const item = items.value.find((one) => one.id === id)
      if (item) void send(item)
    }
  }

  function replace(item: Sending, file: File): void {
    item.file = file
    item.key = new_idempotency_key()
    void send(item)
  }

  function drop(item: Sending): void {
    items.value = items.value.filter((one) => one.id !== item.id)
  }

  function on_online(): void {
    for (const item of items.value) if (item.problem?.unreachable) void send(item)
  }
  addEventListener('online', on_online)
  onScopeDispose(() => removeEventListener('online', on_online))

  return {
    going: computed(() => items.value.filter((one) => !one.problem)),
    failed: computed(() => items.value.filter((one) => one.problem)),
    add,
    again: (item: Sending) => void send(item),
    replace,
    drop,
  }
}
