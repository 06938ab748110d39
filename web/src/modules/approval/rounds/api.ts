/** What a round changed, and which departments look again because of it. */
import { client, take } from '@/shared/api/client'
import type { Reply } from '@/shared/api/types'

export type RoundEffects = Reply<'list_round_effects'>['rounds'][number]
export type ItemEffect = RoundEffects['items'][number]
export type ChangedInput = ItemEffect['changes'][number]

export async function list_round_effects(application_id: string): Promise<RoundEffects[]> {
  const params = { path: { application_id } }
  return (await take(client.GET('/api/v1/applications/{application_id}/round-effects', { params }))).rounds
}

/** What nobody has to act on: the department keeps what it had, or goes on as before. */
const kAsBefore: ItemEffect['effect'][] = [
  'conclusion_kept',
  'review_goes_on',
  'unchanged_before_review',
  'no_longer_needed',
]

export function is_as_before(item: ItemEffect): boolean {
  return kAsBefore.includes(item.effect)
}

/** The program could not begin it: somebody has to. */
export function needs_somebody(item: ItemEffect): boolean {
  return item.effect === 'not_reopened' || item.effect === 'not_opened'
}
