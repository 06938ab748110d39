/**
 * A draft being filled in: the form, its autosave, and the findings that each save brings back.
 *
 * A save runs some moments after the last change, one at a time. When the server is away the form is kept in this
 * browser and sent again when it is back. When somebody else has saved meanwhile (412), the person chooses whose text
 * stays; nothing is overwritten silently. What invited firms fill in meanwhile is put together with what is typed here.
 */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { as_problem, type ApiProblem } from '@/shared/api/problem'
import type { Application, Finding, FormObject, FormValue, Matter } from '@/shared/api/types'
import { load_matter } from '@/modules/catalog/api'
import { set_value } from '@/modules/catalog/form/paths'
import { default_form, merge_kept } from '@/modules/catalog/form/schema'
import { load_application, save_form } from './api'
import { changed, copied, merged_forms } from './merging'
import { list_parts } from './parts_api'
import { drop_kept_draft, find_kept_draft, keep_draft } from './kept_draft'

const kSaveAfterMs = 800
const kRetryAfterMs = 5_000

export type SaveState = 'saved' | 'pending' | 'saving' | 'kept' | 'not_kept' | 'refused' | 'conflict'

export function use_draft(application_id: string) {
  const application = shallowRef<Application | null>(null)
  const matter = shallowRef<Matter | null>(null)
  const form = ref<FormObject>({})
  const findings = shallowRef<Finding[]>([])
  const save_state = ref<SaveState>('saved')
  const saved_at_ms = ref<number | null>(null)
  const restored_at_ms = ref<number | null>(null)
  const save_problem = shallowRef<ApiProblem | null>(null)
  const load_problem = shallowRef<ApiProblem | null>(null)
  const loading = ref(true)
  /** What a firm filled in came in beside what is typed here. */
  const merged = ref(false)
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
      const found = await load_application(application_id)
      matter.value = await load_matter(found.matter_code)
      adopt(found)
      form.value = Object.keys(found.form).length ? found.form : default_form(matter.value.form_schema)
      restore_kept(found)
    } catch (error) {
      load_problem.value = as_problem(error)
    } finally {
      loading.value = false
    }
  }

  function adopt(found: Application): void {
    application.value = found
    base = copied(found.form)
    findings.value = found.findings
    saved_at_ms.value = found.updated_at_ms
  }

  /** What the browser kept while the server was away goes on top, unless the draft moved on elsewhere. */
  function restore_kept(found: Application): void {
    const kept = find_kept_draft(application_id)
    if (!kept || !found.can_edit) return
    if (kept.version !== found.version) return drop_kept_draft(application_id)
    form.value = merge_kept(form.value, kept.form) as FormObject
    restored_at_ms.value = kept.kept_at_ms
    note_change()
  }

  function note_change(): void {
    changes += 1
    if (save_state.value !== 'conflict') save_state.value = 'pending'
    clearTimeout(timer)
    timer = setTimeout(() => void save_once(), kSaveAfterMs)
  }

  function set(path: string, value: FormValue): void {
    set_value(form.value, path, value)
  }

  /** Saves now all that has changed, also what changes meanwhile; resolves when it is known whether it is saved. */
  async function save(): Promise<void> {
    do await save_once()
    while (save_state.value === 'pending' && changes !== saved_changes && application.value?.can_edit)
  }

  /** One save at a time: several may wait for the one that runs, and each looks again before it starts its own. */
  async function save_once(): Promise<void> {
    clearTimeout(timer)
    while (running) await running
    if (changes === saved_changes || !application.value?.can_edit || save_state.value === 'conflict') return
    running = send().finally(() => {
      running = null
    })
    await running
  }

  async function send(): Promise<void> {
    const found = application.value
    if (!found || !matter.value) return
    const sending = changes
    const sent = copied(form.value)
    save_state.value = 'saving'
    try {
      const saved = await save_form(application_id, found.version, sent)
      base = sent
      application.value = { ...found, version: saved.version, updated_at_ms: saved.saved_at_ms, form: form.value }
      saved_at_ms.value = saved.saved_at_ms
      findings.value = saved.findings
      saved_changes = sending
      save_problem.value = null
      drop_kept_draft(application_id)
      save_state.value = changes === sending ? 'saved' : 'pending'
    } catch (error) {
      const problem = as_problem(error)
      if (problem.status === 412 && (await put_together())) return
      not_saved(problem, found.version)
    }
  }

  /** Where firms are invited to fill in their parts; false where both changed one value, or nobody is invited. */
  async function put_together(): Promise<boolean> {
    try {
      const { parts } = await list_parts(application_id)
      if (!parts.some((one) => one.kind === 'fill')) return false
      const found = await load_application(application_id)
      if (!found.can_edit) return false
      const together = merged_forms(base, form.value, found.form)
      if (together.collisions.length) return false
      adopt(found)
      form.value = together.form
      merged.value = true
      note_change()
      return true
    } catch {
      // Whether the server is there the next save tells; until then it stays a conflict.
      return false
    }
  }

  function not_saved(problem: ApiProblem, version: number): void {
    save_problem.value = problem
    if (problem.status === 412 || problem.status === 409) {
      save_state.value = 'conflict'
      return
    }
    const kept = matter.value ? keep_draft(application_id, version, matter.value.form_schema, form.value) : false
    if (problem.unreachable || problem.status >= 429) {
      save_state.value = kept ? 'kept' : 'not_kept'
      timer = setTimeout(() => void save(), kRetryAfterMs)
    } else save_state.value = 'refused'
  }

  /** After a conflict: take the newer draft from the server, or put mine over it. */
  async function settle_conflict(keep: 'mine' | 'theirs'): Promise<void> {
    const mine = form.value
    save_state.value = 'pending'
    await load()
    if (keep === 'mine') {
      form.value = mine
      note_change()
    } else {
      saved_changes = changes
      save_state.value = 'saved'
    }
  }

  /** Saves and reads the application again: which papers are asked depends on what has been filled in. */
  async function refresh(): Promise<void> {
    await save()
    if (save_state.value !== 'saved') return
    try {
      const found = await load_application(application_id)
      if (changes === saved_changes) adopt_reply(found)
    } catch {
      // What is shown stays; the next save tells whether the server is there.
    }
  }

  /** For answers that carry the whole application: commitments, an uploaded paper. The typed form stays. */
  function adopt_reply(found: Application): void {
    const known = application.value
    if (known && found.version < known.version) {
      // It was under way while a newer save came back: it tells of papers only.
      application.value = { ...known, materials: found.materials }
      return
    }
    // A firm filled in its part since: it comes in beside what is typed here, or the next save says that it did.
    const together = merged_forms(base, form.value, found.form)
    if (together.collisions.length) {
      if (known) application.value = { ...known, materials: found.materials }
      return
    }
    const is_news = changed(base, found.form)
    base = copied(found.form)
    if (is_news) {
      form.value = together.form
      merged.value = true
    }
    application.value = found
    findings.value = found.findings
  }

  watch(
    form,
    (next, before) => {
      if (next === before && application.value?.can_edit) note_change()
    },
    // At once: whoever saves right after a change must save that change too.
    { deep: true, flush: 'sync' },
  )

  function on_online(): void {
    if (save_state.value === 'kept' || save_state.value === 'not_kept') void save()
  }

  /** Closing the window with unsaved text: the browser keeps it, and asks when it could not. */
  function on_leave(event: BeforeUnloadEvent): void {
    const found = application.value
    if (changes === saved_changes || !found || !matter.value) return
    keep_draft(application_id, found.version, matter.value.form_schema, form.value)
    event.preventDefault()
  }

  addEventListener('online', on_online)
  addEventListener('beforeunload', on_leave)
  onScopeDispose(() => {
    removeEventListener('online', on_online)
    removeEventListener('beforeunload', on_leave)
    void save()
  })
  void load()

  return {
    application,
    matter,
    form,
    findings,
    save_state,
    saved_at_ms,
    restored_at_ms,
    save_problem,
    load_problem,
    loading,
    merged,
    is_unsaved: computed(() => save_state.value !== 'saved'),
    load,
    set,
    save,
    settle_conflict,
    refresh,
    adopt_reply,
  }
}

export type Draft = ReturnType<typeof use_draft>
