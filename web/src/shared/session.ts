/**
 * Who is signed in. Fetched once when the page opens and kept for the visit; the server's cookie is the truth.
 * `office_now_ms` follows the server's clock, which a demo bureau may have moved.
 */
import { computed, ref, shallowRef } from 'vue'
import { client, take, use_csrf_token } from './api/client'
import { ApiProblem } from './api/problem'
import type { Account, Session } from './api/types'
import { office_date } from './format/dates'

const session = shallowRef<Session | null>(null)
const clock_offset_ms = ref(0)
const tick = ref(Date.now())
let asked: Promise<Session | null> | null = null
const kAuthor = 'kaigong.author'
const kOfLinks = 'kaigong.link.'

setInterval(() => {
  tick.value = Date.now()
}, 30_000)

/** What the server said about who is signed in is what this browser goes by. */
function adopt(value: Session | null): Session | null {
  if (value?.stage === 'full') leave_to_its_author(value.account.account_id)
  session.value = value
  use_csrf_token(value?.csrf_token ?? null)
  if (value) set_office_now(value.now_ms)
  return value
}

export function set_office_now(now_ms: number): void {
  clock_offset_ms.value = now_ms - Date.now()
  tick.value = Date.now()
}

/** The session of this browser, or null when nobody is signed in; throws ApiProblem when the server is away. */
export async function find_session(): Promise<Session | null> {
  if (session.value) return session.value
  asked ??= take(client.GET('/api/v1/session'))
    .then(adopt)
    .catch((error: unknown) => {
      if (error instanceof ApiProblem && error.status === 401) return adopt(null)
      throw error
    })
    .finally(() => {
      asked = null
    })
  return asked
}

export function adopt_session(opened: Session): Session {
  adopt(opened)
  return opened
}

/** The session may still ask for something before it is whole: see its `stage`. */
export async function sign_in(account: string, password: string): Promise<Session> {
  return adopt_session(await take(client.POST('/api/v1/session', { body: { account, password } })))
}

/** Asks the server again, which also lets the session live on. */
export async function refresh_session(): Promise<Session | null> {
  return adopt(await take(client.GET('/api/v1/session')))
}

/** Ends the session on the server; the browser forgets it and the opinions begun in it in any case. */
export async function sign_out(): Promise<void> {
  try {
    await take(client.DELETE('/api/v1/session'))
  } finally {
    adopt(null)
    forget_begun()
  }
}

function forget_begun(): void {
  try {
    sessionStorage.clear()
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

/**
 * What was begun in this window waits there for who began it: when his session ended by itself, the next one who signs
 * in here may be somebody else. What a link brought belongs to whoever opened it.
 */
function leave_to_its_author(account_id: string): void {
  try {
    const author = sessionStorage.getItem(kAuthor)
    if (author === account_id) return
    if (author) forget_unless_of_links()
    sessionStorage.setItem(kAuthor, account_id)
  } catch {
    // A browser that keeps nothing has nothing of anybody.
  }
}

function forget_unless_of_links(): void {
  for (const key of Object.keys(sessionStorage)) if (!key.startsWith(kOfLinks)) sessionStorage.removeItem(key)
}

/**
 * A browser may bring a whole page back from memory as it stood, with somebody's case on it. Such a page starts anew,
 * so that the server says who is there.
 */
export function guard_way_back(): void {
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload()
  })
}

export function forget_session(): void {
  adopt(null)
}

export function use_session() {
  // Who has not yet proved everything is nobody: no page and no frame knows him.
  const account = computed(() => (session.value?.stage === 'full' ? session.value.account : null))
  return {
    session,
    account,
    is_officer: computed(() => account.value?.kind === 'officer'),
    /** Who works at the bureau has its desk; applicants have the calm frame. */
    has_desk: computed(() => account.value?.kind === 'officer' || account.value?.kind === 'administrator'),
    is_owner: computed(() => account.value?.kind === 'owner_agent'),
    is_demo: computed(() => session.value?.demo ?? false),
  }
}

/** Where a person's work begins. */
export function start_page_of(account: Account | null | undefined): string {
  if (account?.kind === 'officer') return '/inbox'
  if (account?.kind === 'administrator') return start_of_administrator(account)
  const applies = account?.roles.some((role) => role === 'owner_agent' || role === 'individual_owner') ?? true
  return applies ? '/applications' : '/account/organisations'
}

function start_of_administrator(account: Account): string {
  if (account.roles.includes('rule_admin')) return account.region_code ? '/authorities' : '/rules'
  return account.roles.includes('audit_admin') ? '/administration/sign-ins' : '/administration/people'
}

export function office_now_ms(): number {
  return tick.value + clock_offset_ms.value
}

export function office_today(): string {
  return office_date(office_now_ms())
}
