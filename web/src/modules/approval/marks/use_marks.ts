/** The marks of a case, and acts on them; what was typed stays with who typed it until the act went through. */
import { computed } from 'vue'
import { new_idempotency_key } from '@/shared/api/client'
import { use_loaded } from '@/shared/api/load'
import type { MarkAct, NewMark, PaperMark } from '@/shared/api/types'
import { act_on_mark, list_marks, make_mark } from './api'
import { is_unsettled } from './places'

export function use_marks(application_id: () => string) {
  const loaded = use_loaded(() => list_marks(application_id()))
  const marks = computed(() => loaded.value.value?.marks ?? [])
  const unsettled = computed(() => marks.value.filter(is_unsettled))
  const keys = new Map<string, string>()

  /** The same wish asked again keeps its key, so that it happens once. */
  async function once<Made>(wish: unknown, send: (key: string) => Promise<Made>): Promise<Made> {
    const name = JSON.stringify(wish)
    const key = keys.get(name) ?? new_idempotency_key()
    keys.set(name, key)
    const made = await send(key)
    keys.delete(name)
    return made
  }

  function keep(mark: PaperMark): PaperMark {
    const before = loaded.value.value
    if (!before) return mark
    const known = before.marks.some((one) => one.mark_id === mark.mark_id)
    const list = known
      ? before.marks.map((one) => (one.mark_id === mark.mark_id ? mark : one))
      : [...before.marks, mark]
    loaded.value.value = { ...before, marks: list }
    return mark
  }

  async function make(body: NewMark): Promise<PaperMark> {
    return keep(await once(body, (key) => make_mark(application_id(), body, key)))
  }

  async function act(mark: PaperMark, what: MarkAct, words: string): Promise<PaperMark> {
    const wish = [mark.mark_id, mark.version, what, words]
    return keep(await once(wish, (key) => act_on_mark(mark, what, words, key)))
  }

  return { loaded, marks, unsettled, make, act }
}

export type Marks = ReturnType<typeof use_marks>
