import { client, new_idempotency_key, take } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'

export type OfficeCalendar = components['schemas']['OfficeCalendar']
export type CalendarYear = components['schemas']['CalendarYear']
export type YearTable = components['schemas']['YearTable']

export function load_calendar(): Promise<OfficeCalendar> {
  return take(client.GET('/api/v1/calendar'))
}

export function read_notice(text: string) {
  return take(client.POST('/api/v1/calendar/readings', { body: { text } }))
}
export type Reading = Awaited<ReturnType<typeof read_notice>>

export function load_effect(table: YearTable, cursor: string | null) {
  return take(client.POST('/api/v1/calendar/effects', { body: { table, cursor } }))
}
export type EffectPage = Awaited<ReturnType<typeof load_effect>>
export type MovedCase = EffectPage['changes'][number]

/** `key` stays the same while the same publication is tried again. */
export function publish_year(table: YearTable, replaces: number | null, key: string): Promise<CalendarYear> {
  const params = { header: { 'Idempotency-Key': key } }
  return take(client.POST('/api/v1/calendar/years', { params, body: { table, replaces } }))
}

export function new_publication_key(): string {
  return new_idempotency_key()
}

export async function list_provisional_cases(cursor: string | undefined) {
  const query = cursor ? { cursor } : {}
  const page = await take(client.GET('/api/v1/calendar/provisional-cases', { params: { query } }))
  return { rows: page.cases, next_cursor: page.next_cursor, count: page.count }
}
export type DatedCase = Awaited<ReturnType<typeof list_provisional_cases>>['rows'][number]
