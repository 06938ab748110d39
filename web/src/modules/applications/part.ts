/**
 * A part being filled in by an invited firm: its form, its autosave. The owner may write in it at the same time: then
 * both writings are put together, and only where both changed one value the person is asked.
 */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { as_problem, type ApiProblem } from '@/shared/api/problem'
import type { FormObject, FormValue, Matter, PartOfFirm } from '@/shared/api/types'
import { load_matter } from '@/modules/catalog/api'
import { set_value } from '@/modules/catalog/form/paths'
import { copied, merged_forms, with_theirs } from './merging'
import { confirm_part, load_part, save_part } from './parts_api'

const kSaveAfterMs = 800

export type PartSaveState = 'unchanged' | 'saved' | 'pending' | 'saving' | 'failed' | 'collides'

export function use_part(part_id: string) {
  const part = shallowRef<PartOfFirm | null>(null)
  const matter = shallowRef<Matter | null>(null)
  const form = ref<FormObject>({})
  const save_state = ref<PartSaveState>('unchanged')
  const saved_at_ms = ref<number | null>(null)
  const save_problem = shallowRef<ApiProblem | null>(null)
  const load_problem = shallowRef<ApiProblem | null>(null)
  const loading = ref(true)
  /** Paths that both changed, and what the owner wrote there. */
  const collisions = shallowRef<string[]>([])
  let theirs: FormObject = {}
  /** What this page and the server agreed on last. */
  let base: FormObject = {}
  let changes = 0
  let saved_changes = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | null = null

  async function load(): Promise<void> {
    loading.value = true
    load_problem.value = null
    try {
      const found = await load_part(part_id)
      matter.value = await load_matter(found.matter_code)
      agree(found)
      form.value = copied(found.values)
    } catch (error) {
      load_problem.value = as_problem(error)
    } finally {
      loading.value = false
    }
  }

  function agree(found: PartOfFirm): void {
    part.value = found
    base = copied(found.values)
  }

  function set(path: string, value: FormValue): void {
    set_value(form.value, path, value)
  }

  function note_change(): void {
    changes += 1
    if (save_state.value === 'collides') return
    save_state.value = 'pending'
    clearTimeout(timer)
    timer = setTimeout(() => void save(), kSaveAfterMs)
  }

  /** Saves now all that has changed, one save at a time. */
  async function save(): Promise<void> {
    clearTimeout(timer)
    while (running) await running
    if (changes === saved_changes || save_state.value === 'collides' || !part.value?.can_edit) return
    running = send().finally(() => {
      running = null
    })
    await running
  }

  async function send(): Promise<void> {
    const known = part.value
    if (!known) return
    const sending = changes
    save_state.value = 'saving'
    try {
      const saved = await save_part(part_id, known.version, form.value)
      agree(saved)
      saved_changes = sending
      saved_at_ms.value = saved.filled_at_ms
      save_problem.value = null
      save_state.value = changes === sending ? 'saved' : 'pending'
    } catch (error) {
      const problem = as_problem(error)
      if (problem.status === 412) await put_together()
      else {
        save_problem.value = problem
        save_state.value = 'failed'
      }
    }
  }

  /** The owner changed the part: his changes and those of this page become one form, and that is saved. */
  async function put_together(): Promise<void> {
    try {
      const found = await load_part(part_id)
      const merged = merged_forms(base, form.value, found.values)
      agree(found)
      form.value = merged.form
      if (merged.collisions.length) {
        theirs = found.values
        collisions.value = merged.collisions
        save_state.value = 'collides'
      } else note_change()
    } catch (error) {
      save_problem.value = as_problem(error)
      save_state.value = 'failed'
    }
  }

  function settle(keep: 'mine' | 'theirs'): void {
    if (keep === 'theirs') form.value = with_theirs(form.value, theirs, collisions.value)
    collisions.value = []
    save_state.value = 'pending'
    note_change()
  }

  /** Fails with what the server said; a part that was changed meanwhile is shown as it is now. */
  async function confirm(): Promise<void> {
    await save()
    const known = part.value
    if (!known || changes !== saved_changes) return
    try {
      agree(await confirm_part(part_id, known.version))
    } catch (error) {
      if (as_problem(error).status === 412) {
        const found = await load_part(part_id)
        agree(found)
        form.value = copied(found.values)
      }
      throw error
    }
  }

  watch(
    form,
    (next, before) => {
      if (next === before && part.value?.can_edit) note_change()
    },
    { deep: true, flush: 'sync' },
  )

  function on_leave(event: BeforeUnloadEvent): void {
    if (changes !== saved_changes) event.preventDefault()
  }

  addEventListener('beforeunload', on_leave)
  onScopeDispose(() => {
    removeEventListener('beforeunload', on_leave)
    void save()
  })
  void load()

  return {
    part,
    matter,
    form,
    save_state,
    saved_at_ms,
    save_problem,
    load_problem,
    loading,
    collisions,
    is_saved: computed(() => ['unchanged', 'saved'].includes(save_state.value)),
    load,
    set,
    save,
    settle,
    confirm,
  }
}
