/**
 * The three looks of something that is fetched: loading, there, or a problem. Pages show them with PageState.
 */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { as_problem, type ApiProblem } from './problem'

export interface Loaded<Body> {
  value: ShallowRef<Body | null>
  problem: ShallowRef<ApiProblem | null>
  loading: Ref<boolean>
  /** Fetches again and keeps what is shown until the answer is there. */
  reload: () => Promise<void>
}

export function use_loaded<Body>(fetch_body: () => Promise<Body>): Loaded<Body> {
  const value = shallowRef<Body | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const loading = ref(true)
  let latest = 0
  let gone = false

  async function reload(): Promise<void> {
    const mine = ++latest
    loading.value = true
    try {
      const body = await fetch_body()
      if (mine !== latest || gone) return
      value.value = body
      problem.value = null
    } catch (error) {
      if (mine !== latest || gone) return
      problem.value = as_problem(error)
    } finally {
      if (mine === latest) loading.value = false
    }
  }

  onScopeDispose(() => {
    gone = true
  })
  void reload()
  return { value, problem, loading, reload }
}

export interface Listed<Row> {
  rows: ShallowRef<Row[]>
  problem: ShallowRef<ApiProblem | null>
  loading: Ref<boolean>
  next_cursor: Ref<string | null>
  first: () => Promise<void>
  more: () => Promise<void>
}

/** A list by cursor: pages are added at the end, no total is asked for. */
export function use_listed<Row>(
  fetch_page: (cursor: string | undefined) => Promise<{ rows: Row[]; next_cursor: string | null }>,
): Listed<Row> {
  const rows = shallowRef<Row[]>([])
  const problem = shallowRef<ApiProblem | null>(null)
  const loading = ref(true)
  const next_cursor = ref<string | null>(null)
  let latest = 0

  async function load(cursor: string | undefined): Promise<void> {
    const mine = ++latest
    loading.value = true
    try {
      const page = await fetch_page(cursor)
      if (mine !== latest) return
      rows.value = cursor ? [...rows.value, ...page.rows] : page.rows
      next_cursor.value = page.next_cursor
      problem.value = null
    } catch (error) {
      if (mine === latest) problem.value = as_problem(error)
    } finally {
      if (mine === latest) loading.value = false
    }
  }

  return {
    rows,
    problem,
    loading,
    next_cursor,
    first: () => load(undefined),
    more: () => (next_cursor.value ? load(next_cursor.value) : Promise.resolve()),
  }
}
