/**
 * The effect of a draft on past cases: worked out by the server in the background, followed here. Which one it is stands
 * in the address, for a colleague, and is kept for this visit, so that the page can be left and the work found again.
 */
import { computed, onScopeDispose, ref, shallowRef, type ShallowRef } from 'vue'
import { as_problem, type ApiProblem } from '@/shared/api/problem'

/** What a preview of any kind of package tells of itself. */
export interface AnyPreview {
  preview_id: string
  state: 'running' | 'done' | 'failed' | 'replaced'
  done: number
  total: number
}

export interface PreviewKind<Preview extends AnyPreview> {
  /** Names what this visit remembers. */
  name: string
  start_preview: (matter_code: string) => Promise<Preview>
  load_preview: (matter_code: string, preview_id: string) => Promise<Preview>
}

const kPollMs = 300

function storage_key(kind: string, matter_code: string): string {
  return `kaigong.${kind}_preview.${matter_code}`
}

function kept_id(kind: string, matter_code: string): string | null {
  try {
    return sessionStorage.getItem(storage_key(kind, matter_code))
  } catch {
    return null
  }
}

function keep_id(kind: string, matter_code: string, id: string | null): void {
  try {
    if (id) sessionStorage.setItem(storage_key(kind, matter_code), id)
    else sessionStorage.removeItem(storage_key(kind, matter_code))
  } catch {
    // A browser that keeps nothing still has the address.
  }
}

export function use_preview<Preview extends AnyPreview>(
  kind: PreviewKind<Preview>,
  matter_code: string,
  in_address: string | null,
  note_address: (id: string | null) => void,
) {
  const preview = shallowRef(null) as ShallowRef<Preview | null>
  const problem = shallowRef<ApiProblem | null>(null)
  const starting = ref(false)
  let first: { at_ms: number; done: number } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  const running = computed(() => preview.value?.state === 'running')
  /** By the pace since this page began to look: the server's clock may be a demo's. Null until a pace is known. */
  const seconds_left = computed(() => {
    const now = preview.value
    if (!now || !first || now.done <= first.done) return null
    return Math.ceil(((Date.now() - first.at_ms) / 1000 / (now.done - first.done)) * (now.total - now.done))
  })

  function take(found: Preview): void {
    first ??= { at_ms: Date.now(), done: found.done }
    preview.value = found
    problem.value = null
    clearTimeout(timer)
    if (found.state === 'running' && !gone) timer = setTimeout(() => void follow(found.preview_id), kPollMs)
  }

  async function follow(id: string): Promise<void> {
    try {
      const found = await kind.load_preview(matter_code, id)
      if (!gone) take(found)
    } catch (error) {
      problem.value = as_problem(error)
      if (problem.value.status === 404) forget()
      else if (!gone) timer = setTimeout(() => void follow(id), kPollMs * 10)
    }
  }

  function remember(id: string | null): void {
    keep_id(kind.name, matter_code, id)
    note_address(id)
  }

  function forget(): void {
    preview.value = null
    problem.value = null
    remember(null)
  }

  async function start(): Promise<void> {
    starting.value = true
    first = null
    try {
      const begun = await kind.start_preview(matter_code)
      remember(begun.preview_id)
      take(begun)
    } catch (error) {
      problem.value = as_problem(error)
    } finally {
      starting.value = false
    }
  }

  const known = in_address ?? kept_id(kind.name, matter_code)
  if (known) void follow(known)
  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })

  return { preview, problem, starting, running, seconds_left, start }
}

export type PreviewWork<Preview extends AnyPreview> = ReturnType<typeof use_preview<Preview>>
