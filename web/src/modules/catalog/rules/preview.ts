/**
 * The effect of a draft on past cases: worked out by the server in the background, followed here. Which one it is stands
 * in the address, for a colleague, and is kept for this visit, so that the page can be left and the work found again.
 */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { as_problem, type ApiProblem } from '@/shared/api/problem'
import { load_preview, start_preview } from './api'
import type { EffectPreview } from './types'

const kPollMs = 300

function storage_key(matter_code: string): string {
  return `kaigong.rule_preview.${matter_code}`
}

function kept_id(matter_code: string): string | null {
  try {
    return sessionStorage.getItem(storage_key(matter_code))
  } catch {
    return null
  }
}

function keep_id(matter_code: string, id: string | null): void {
  try {
    if (id) sessionStorage.setItem(storage_key(matter_code), id)
    else sessionStorage.removeItem(storage_key(matter_code))
  } catch {
    // A browser that keeps nothing still has the address.
  }
}

export function use_preview(matter_code: string, in_address: string | null, note_address: (id: string | null) => void) {
  const preview = shallowRef<EffectPreview | null>(null)
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

  function take(found: EffectPreview): void {
    first ??= { at_ms: Date.now(), done: found.done }
    preview.value = found
    problem.value = null
    clearTimeout(timer)
    if (found.state === 'running' && !gone) timer = setTimeout(() => void follow(found.preview_id), kPollMs)
  }

  async function follow(id: string): Promise<void> {
    try {
      const found = await load_preview(matter_code, id)
      if (!gone) take(found)
    } catch (error) {
      problem.value = as_problem(error)
      if (problem.value.status === 404) forget()
      else if (!gone) timer = setTimeout(() => void follow(id), kPollMs * 10)
    }
  }

  function remember(id: string | null): void {
    keep_id(matter_code, id)
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
      const begun = await start_preview(matter_code)
      remember(begun.preview_id)
      take(begun)
    } catch (error) {
      problem.value = as_problem(error)
    } finally {
      starting.value = false
    }
  }

  const known = in_address ?? kept_id(matter_code)
  if (known) void follow(known)
  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })

  return { preview, problem, starting, running, seconds_left, start }
}

export type PreviewWork = ReturnType<typeof use_preview>
