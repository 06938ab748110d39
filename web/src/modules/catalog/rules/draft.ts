/**
 * The draft of a rule package while it is worked on: its tables and test cases, its autosave and what the check says.
 *
 * A save runs some moments after the last change, one at a time; each save is checked by the server. While the server
 * is away the changes stay in this browser; when somebody else has saved meanwhile (412), the person chooses whose
 * rules stay. Without a draft the version in force is shown and nothing can be changed.
 */
import { computed, onScopeDispose, ref, shallowRef, type InjectionKey } from 'vue'
import { as_problem, type ApiProblem } from '@/shared/api/problem'
import {
  begin_draft,
  check_draft,
  discard_draft,
  load_draft,
  load_package,
  load_version,
  publish_draft,
  return_draft,
  save_draft,
  submit_draft,
  type DraftContent,
  type Submission,
} from './api'
import { drop_kept_rules, find_kept_rules, keep_rules } from './kept'
import { read_outline } from './outline'
import type { PackageVersion, RuleCheck, RuleDraft, RulePackage, TestCase, TestResult } from './types'

const kSaveAfterMs = 800
const kRetryAfterMs = 5_000
const kReadAfterMs = 150

export type RuleSaveState = 'saved' | 'pending' | 'saving' | 'kept' | 'not_kept' | 'refused' | 'conflict'

/** With `version` an earlier or waiting version is shown, and nothing can be changed. */
export function use_rule_draft(matter_code: string, version: string | null = null) {
  const rule_package = shallowRef<RulePackage | null>(null)
  /** The version that is shown while there is no draft. */
  const shown = shallowRef<PackageVersion | null>(null)
  const draft = shallowRef<RuleDraft | null>(null)
  const dmn = ref('')
  const tests = shallowRef<TestCase[]>([])
  const note = ref('')
  /** Grows whenever the tables come from elsewhere than the editor, which then has to open them anew. */
  const loads = ref(0)
  const loading = ref(true)
  const load_problem = shallowRef<ApiProblem | null>(null)
  const save_state = ref<RuleSaveState>('saved')
  const save_problem = shallowRef<ApiProblem | null>(null)
  const check = shallowRef<RuleCheck | null>(null)
  const checked_tests = shallowRef<TestCase[]>([])
  const checking = ref(false)
  const check_problem = shallowRef<ApiProblem | null>(null)
  let changes = 0
  let saved_changes = 0
  let latest_check = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let source: (() => Promise<string>) | null = null
  let source_timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | null = null

  const can_edit = computed(() => draft.value?.state === 'editing')
  const decisions = computed(() => read_outline(dmn.value))
  const results = computed(() => {
    const found = new Map<TestCase, TestResult>()
    for (const result of check.value?.tests.results ?? []) {
      const test = checked_tests.value[result.index]
      if (test) found.set(test, result)
    }
    return found
  })

  async function load(): Promise<void> {
    loading.value = true
    load_problem.value = null
    try {
      const found = await load_package(matter_code)
      if (found.draft && !version) adopt(await load_draft(matter_code))
      else await show_version(version ?? found.in_force.catalog_version)
      rule_package.value = found
      restore_kept()
      if (draft.value) void run_check()
    } catch (error) {
      load_problem.value = as_problem(error)
    } finally {
      loading.value = false
    }
  }

  async function show_version(catalog_version: string): Promise<void> {
    const found = await load_version(matter_code, catalog_version)
    shown.value = found
    draft.value = null
    check.value = null
    show(found)
  }

  function show(content: DraftContent): void {
    dmn.value = content.dmn
    tests.value = content.tests
    note.value = content.note
    saved_changes = changes
    save_state.value = 'saved'
    loads.value += 1
  }

  function adopt(found: RuleDraft): void {
    draft.value = found
    show(found)
  }

  /** What the browser kept goes on top; when the draft moved on elsewhere meanwhile, the person chooses. */
  function restore_kept(): void {
    const kept = find_kept_rules(matter_code)
    if (!kept || !draft.value || !can_edit.value) return
    show(kept)
    note_change()
    if (kept.version !== draft.value.version) {
      clearTimeout(timer)
      save_state.value = 'conflict'
    }
  }

  function content(): DraftContent {
    return { dmn: dmn.value, tests: tests.value, note: note.value }
  }

  function note_change(): void {
    changes += 1
    if (save_state.value === 'conflict') return
    save_state.value = 'pending'
    clearTimeout(timer)
    timer = setTimeout(() => void save_once(), kSaveAfterMs)
  }

  /** The editor says that it changed; the file is written out a moment later, once for many keys, and before a save. */
  function set_source(read: () => Promise<string>): void {
    source = read
    note_change()
    clearTimeout(source_timer)
    source_timer = setTimeout(() => void read_source(), kReadAfterMs)
  }

  async function read_source(): Promise<void> {
    const read = source
    source = null
    if (read) dmn.value = await read()
  }

  function set_tests(next: TestCase[]): void {
    tests.value = next
    note_change()
  }

  /** Saves now all that has changed; resolves when it is known whether it is saved. */
  async function save(): Promise<boolean> {
    do await save_once()
    while (save_state.value === 'pending' && changes !== saved_changes)
    return save_state.value === 'saved'
  }

  async function save_once(): Promise<void> {
    clearTimeout(timer)
    while (running) await running
    if (changes === saved_changes || !can_edit.value || save_state.value === 'conflict') return
    running = send().finally(() => {
      running = null
    })
    await running
  }

  async function send(): Promise<void> {
    const before = draft.value
    if (!before) return
    await read_source()
    const sending = changes
    const sent = content()
    save_state.value = 'saving'
    try {
      draft.value = await save_draft(matter_code, before.version, sent)
      saved_changes = sending
      save_problem.value = null
      drop_kept_rules(matter_code)
      save_state.value = changes === sending ? 'saved' : 'pending'
      void run_check(sent.tests)
    } catch (error) {
      not_saved(as_problem(error), before.version)
    }
  }

  function not_saved(problem: ApiProblem, of_version: number): void {
    save_problem.value = problem
    const kept = keep_rules(matter_code, { ...content(), version: of_version })
    if (problem.status === 412 || problem.status === 409 || problem.status === 404) save_state.value = 'conflict'
    else if (problem.unreachable || problem.status >= 429) {
      save_state.value = kept ? 'kept' : 'not_kept'
      timer = setTimeout(() => void save(), kRetryAfterMs)
    } else save_state.value = 'refused'
  }

  /** After a conflict: take what the server has, or put mine over it. */
  async function settle_conflict(keep: 'mine' | 'theirs'): Promise<void> {
    const mine = content()
    drop_kept_rules(matter_code)
    await load()
    if (keep === 'theirs' || load_problem.value || !can_edit.value) return
    show(mine)
    note_change()
  }

  async function run_check(of: TestCase[] = tests.value): Promise<void> {
    const mine = ++latest_check
    checking.value = true
    try {
      const found = await check_draft(matter_code)
      if (mine !== latest_check) return
      check.value = found
      checked_tests.value = of
      check_problem.value = null
    } catch (error) {
      if (mine === latest_check) check_problem.value = as_problem(error)
    } finally {
      if (mine === latest_check) checking.value = false
    }
  }

  async function begin(from_version: string | null): Promise<void> {
    adopt(await begin_draft(matter_code, from_version))
    await refresh_package()
    void run_check()
  }

  /** Saves first, so that the act is done on what is seen; then `act` under the draft's version. */
  async function act_on_draft<Body>(act: (version: number) => Promise<Body>): Promise<Body> {
    if (can_edit.value && !(await save())) throw save_problem.value ?? as_problem(null)
    return act(draft.value?.version ?? 0)
  }

  async function refresh_package(): Promise<void> {
    rule_package.value = await load_package(matter_code)
  }

  async function discard(): Promise<void> {
    clearTimeout(timer)
    saved_changes = changes
    await discard_draft(matter_code, draft.value?.version ?? 0)
    drop_kept_rules(matter_code)
    await load()
  }

  async function submit(submission: Submission): Promise<void> {
    adopt(await act_on_draft((version) => submit_draft(matter_code, version, submission)))
    await refresh_package()
  }

  async function give_back(reason: string): Promise<void> {
    adopt(await act_on_draft((version) => return_draft(matter_code, version, reason)))
    await refresh_package()
    void run_check()
  }

  async function publish(): Promise<void> {
    await act_on_draft((version) => publish_draft(matter_code, version))
    await load()
  }

  function on_online(): void {
    if (save_state.value === 'kept' || save_state.value === 'not_kept') void save()
  }

  /** Closing the window with unsaved rules: the browser keeps them, and asks. */
  function on_leave(event: BeforeUnloadEvent): void {
    if (changes === saved_changes || !draft.value) return
    keep_rules(matter_code, { ...content(), version: draft.value.version })
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
    matter_code,
    rule_package,
    shown,
    draft,
    dmn,
    tests,
    note,
    loads,
    loading,
    load_problem,
    save_state,
    save_problem,
    check,
    checking,
    check_problem,
    can_edit,
    decisions,
    results,
    load,
    set_source,
    set_tests,
    save,
    settle_conflict,
    run_check,
    begin,
    discard,
    submit,
    give_back,
    publish,
    refresh_package,
  }
}

export type RuleDraftWork = ReturnType<typeof use_rule_draft>
export const kRuleDraft: InjectionKey<RuleDraftWork> = Symbol('rule draft')
