/** Where somebody wanted to go before he was asked who he is. */
import type { LocationQuery } from 'vue-router'
import type { Account } from '@/shared/api/types'
import { start_page_of } from '@/shared/session'

/** Only addresses inside this client are followed. */
export function wanted_next(query: LocationQuery): string | null {
  const next = query.next
  return typeof next === 'string' && next.startsWith('/') && !next.startsWith('//') && next !== '/' ? next : null
}

export function destination(query: LocationQuery, account: Account): string {
  return wanted_next(query) ?? start_page_of(account)
}

/** The same wish goes along from signing in to registering and back. */
export function with_next(path: string, query: LocationQuery) {
  const next = wanted_next(query)
  return next ? { path, query: { next } } : { path }
}
