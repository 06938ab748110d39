/** 限制知悉: one person restricts, a second one agrees to the lifting. Each answers the case's progress as it then stands. */
import { client, take } from '@/shared/api/client'
import type { Progress } from '@/shared/api/types'
import type { EpisodeActs } from './episodes'

export type Restriction = NonNullable<EpisodeActs['restriction']>
export const kRestrictionActs = ['restrict', 'propose', 'confirm', 'refuse'] as const
export type RestrictionAct = (typeof kRestrictionActs)[number]

/** What may be done now: the lifting waits for somebody else than who proposed it. */
export function acts_on({ confidentiality, i_am_cleared, lifting }: Restriction): RestrictionAct[] {
  if (confidentiality === 'normal') return i_am_cleared ? ['restrict'] : []
  if (!lifting) return ['propose']
  return lifting.proposed_by_me ? [] : ['confirm', 'refuse']
}

export interface RestrictionInput {
  reason: string
  proposal_id: string
}
type Send = (application_id: string, key: string, input: RestrictionInput) => Promise<Progress>

const about = (application_id: string, key: string) => ({
  path: { application_id },
  header: { 'Idempotency-Key': key },
})

export const kRestrictionSends: Record<RestrictionAct, Send> = {
  restrict: (id, key, { reason }) =>
    take(
      client.POST('/api/v1/applications/{application_id}/restriction', { params: about(id, key), body: { reason } }),
    ),
  propose: (id, key, { reason }) =>
    take(
      client.POST('/api/v1/applications/{application_id}/restriction/lifting', {
        params: about(id, key),
        body: { reason },
      }),
    ),
  confirm: (id, key, { proposal_id }) =>
    take(
      client.POST('/api/v1/applications/{application_id}/restriction/lifting/confirmation', {
        params: about(id, key),
        body: { proposal_id },
      }),
    ),
  refuse: (id, key, input) =>
    take(
      client.POST('/api/v1/applications/{application_id}/restriction/lifting/refusal', {
        params: about(id, key),
        body: input,
      }),
    ),
}
