/**
 * The draft of a package (rules or a process) while it is worked on: its autosave and what the check says.
 *
 * A save runs some moments after the last change, one at a time; each save is checked by the server. While the server
 * is away the changes stay in this browser; when somebody else has saved meanwhile (412), the person chooses whose
 * contents stay. Without a draft the version in force is shown and nothing can be changed.
 */
import { computed, onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { as_problem, type ApiProblem } from '@/shared/api/problem'
import { drop_kept, find_kept, keep } from './kept'

const kSaveAfterMs = 800
const kRetryAfterMs = 5_000

export type SaveState = 'saved' | 'pending' | 'saving' | 'kept' | 'not_kept' | 'refused' | 'conflict'

export interface Submission {
  effective_from_on: string
  note: string
}

interface AnyDraft {
  version: number
  state: 'editing' | 'waiting'
}
interface AnyPackage {
  in_force: { catalog_version: string }
  draft: unknown
}

/** How a kind of package is read and written; `Content` is what a save sends. */
export interface PackageKind<Content, Whole, Shown, Draft, Check> {
  /** Names the copy that the browser keeps. */
  name: string
  load_package: (matter_code: string) => Promise<Whole>
  load_version: (matter_code: string, catalog_version: string) => Promise<Shown>
  load_draft: (matter_code: string) => Promise<Draft>
  begin_draft: (matter_code: string, from_version: string | null) => Promise<Draft>
  save_draft: (matter_code: string, version: number, content: Content) => Promise<Draft>
  rebase_draft: (matter_code: string, version: number) => Promise<Draft>
  discard_draft: (matter_code: string, version: number) => Promise<void>
  check_draft: (matter_code: string) => Promise<Check>
  submit_draft: (matter_code: string, version: number, submission: Submission) => Promise<Draft>
  return_draft: (matter_code: string, version: number, reason: string) => Promise<Draft>
  publish_draft: (matter_code: string, version: number) => Promise<unknown>
}

/** What is on the page. */
export interface PageContent<Content> {
  read: () => Content
  write: (content: Content) => void
  /** Brings what an editor holds into `read`. */
  settle?: () => Promise<void>
  on_checked?: (of: Content) => void
}

/** With `version` an earlier or waiting version is shown, and nothing can be changed. */
export function use_package_draft<
  Content extends object,
  Whole extends AnyPackage,
  Shown extends Content,
  Draft extends Content & AnyDraft,
  Check,
>(
  kind: PackageKind<Content, Whole, Shown, Draft, Check>,
  page: PageContent<Content>,
  matter_code: string,
  version: string | null,
) {
  const whole = shallowRef(null) as ShallowRef<Whole | null>
  /** The version that is shown while there is no draft. */
  const shown = shallowRef(null) as ShallowRef<Shown | null>
  const draft = shallowRef(null) as ShallowRef<Draft | null>
  /** Grows whenever the contents come from elsewhere than the editor, which then has to open them anew. */
  const loads = ref(0)
  const loading = ref(true)
  const load_problem = shallowRef<ApiProblem | null>(null)
  const save_state: Ref<SaveState> = ref('saved')
  const save_problem = shallowRef<ApiProblem | null>(null)
  const check = shallowRef(null) as ShallowRef<Check | null>
  const checking = ref(false)
  const check_problem = shallowRef<ApiProblem | null>(null)
  let changes = 0
  let saved_changes = 0
  let latest_check = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | null = null

  const can_edit = computed(() => draft.value?.state === 'editing')

  async function load(): Promise<void> {
    loading.value = true
    load_problem.value = null
    try {
      const found = await kind.load_package(matter_code)
      if (found.draft && !version) adopt(await kind.load_draft(matter_code))
      else await show_version(version ?? found.in_force.catalog_version)
      whole.value = found
      restore_kept()
      if (draft.value) void run_check()
    } catch (error) {
      load_problem.value = as_problem(error)
    } finally {
      loading.value = false
    }
  }

  async function show_version(catalog_version: string): Promise<void> {
    const found = await kind.load_version(matter_code, catalog_version)
    shown.value = found
    draft.value = null
    check.value = null
    show(found)
  }

  function show(content: Content): void {
    page.write(content)
    saved_changes = changes
    save_state.value = 'saved'
    loads.value += 1
  }

  function adopt(found: Draft): void {
    draft.value = found
    show(found)
  }

  /** What the browser kept goes on top; when the draft moved on elsewhere meanwhile, the person chooses. */
  function restore_kept(): void {
    const kept = find_kept<Content>(kind.name, matter_code)
    if (!kept || !draft.value || !can_edit.value) return
    show(kept)
    note_change()
    if (kept.version !== draft.value.version) {
      clearTimeout(timer)
      save_state.value = 'conflict'
    }
  }

  function note_change(): void {
    changes += 1
    if (save_state.value === 'conflict') return
    save_state.value = 'pending'
    clearTimeout(timer)
    timer = setTimeout(() => void save_once(), kSaveAfterMs)
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
    await page.settle?.()
    const sending = changes
    const sent = page.read()
    save_state.value = 'saving'
    try {
      draft.value = await kind.save_draft(matter_code, before.version, sent)
      saved_changes = sending
      save_problem.value = null
      drop_kept(kind.name, matter_code)
      save_state.value = changes === sending ? 'saved' : 'pending'
      void run_check(sent)
    } catch (error) {
      not_saved(as_problem(error), before.version)
    }
  }

  function not_saved(problem: ApiProblem, of_version: number): void {
    save_problem.value = problem
    const kept = keep(kind.name, matter_code, { ...page.read(), version: of_version })
    if (problem.status === 412 || problem.status === 409 || problem.status === 404) save_state.value = 'conflict'
    else if (problem.unreachable || problem.status >= 429) {
      save_state.value = kept ? 'kept' : 'not_kept'
      timer = setTimeout(() => void save(), kRetryAfterMs)
    } else save_state.value = 'refused'
  }

  /** After a conflict: take what the server has, or put mine over it. */
  async function settle_conflict(keep: 'mine' | 'theirs'): Promise<void> {
    const mine = page.read()
    drop_kept(kind.name, matter_code)
    await load()
    if (keep === 'theirs' || load_problem.value || !can_edit.value) return
    show(mine)
    note_change()
  }

  async function run_check(of: Content = page.read()): Promise<void> {
    const mine = ++latest_check
    checking.value = true
    try {
      const found = await kind.check_draft(matter_code)
      if (mine !== latest_check) return
      check.value = found
      page.on_checked?.(of)
      check_problem.value = null
    } catch (error) {
      if (mine === latest_check) check_problem.value = as_problem(error)
    } finally {
      if (mine === latest_check) checking.value = false
    }
  }

  async function begin(from_version: string | null): Promise<void> {
    adopt(await kind.begin_draft(matter_code, from_version))
    await refresh_package()
    void run_check()
  }

  /** Saves first, so that the act is done on what is seen; then `act` under the draft's version. */
  async function act_on_draft<Body>(act: (version: number) => Promise<Body>): Promise<Body> {
    if (can_edit.value && !(await save())) throw save_problem.value ?? as_problem(null)
    return act(draft.value?.version ?? 0)
  }

  async function refresh_package(): Promise<void> {
    whole.value = await kind.load_package(matter_code)
  }

  /** Onto the newest version, when another kind of package was published meanwhile. */
  async function rebase(): Promise<void> {
    adopt(await act_on_draft((version) => kind.rebase_draft(matter_code, version)))
    await refresh_package()
    void run_check()
  }

  async function discard(): Promise<void> {
    clearTimeout(timer)
    saved_changes = changes
    await kind.discard_draft(matter_code, draft.value?.version ?? 0)
    drop_kept(kind.name, matter_code)
    await load()
  }

  async function submit(submission: Submission): Promise<void> {
    adopt(await act_on_draft((version) => kind.submit_draft(matter_code, version, submission)))
    await refresh_package()
  }

  async function give_back(reason: string): Promise<void> {
    adopt(await act_on_draft((version) => kind.return_draft(matter_code, version, reason)))
    await refresh_package()
    void run_check()
  }

  async function publish(): Promise<void> {
    await act_on_draft((version) => kind.publish_draft(matter_code, version))
    await load()
  }

  function on_online(): void {
    if (save_state.value === 'kept' || save_state.value === 'not_kept') void save()
  }

  /** Closing the window with unsaved contents: the browser keeps them, and asks. */
  function on_leave(event: BeforeUnloadEvent): void {
    if (changes === saved_changes || !draft.value) return
    keep(kind.name, matter_code, { ...page.read(), version: draft.value.version })
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
    whole,
    shown,
    draft,
    loads,
    loading,
    load_problem,
    save_state,
    save_problem,
    check,
    checking,
    check_problem,
    can_edit,
    load,
    note_change,
    save,
    settle_conflict,
    run_check,
    begin,
    rebase,
    discard,
    submit,
    give_back,
    publish,
    refresh_package,
  }
}
