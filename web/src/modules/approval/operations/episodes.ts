/** What officers begin or end over the state of a case; each answers the case's progress as it then stands. */
import { client, take } from '@/shared/api/client'
import type { Progress, Reply, Sent } from '@/shared/api/types'

export type EpisodeActs = Reply<'show_episodes'>
export type EpisodeAct = EpisodeActs['operations'][number]
export type EpisodeCode = EpisodeAct['code']

export function load_episode_acts(application_id: string): Promise<EpisodeActs> {
  return take(client.GET('/api/v1/applications/{application_id}/episodes', { params: { path: { application_id } } }))
}

/** Everything that any of the dialogs asks for; each sends its own part. */
export interface EpisodeInput {
  choice: string
  days: number | null
  text: string
  points: NonNullable<Sent<'request_late_correction'>['points']>
}

type Send = (application_id: string, key: string, subject: string, input: EpisodeInput) => Promise<Progress>

const about = (application_id: string, key: string) => ({
  path: { application_id },
  header: { 'Idempotency-Key': key },
})

export const kSends: Record<EpisodeCode, Send> = {
  start_special_procedure: (id, key, item, { choice, days, text }) =>
    take(
      client.POST('/api/v1/applications/{application_id}/special-procedures', {
        params: about(id, key),
        body: { item, procedure_kind: choice, reason: text, working_days: days ?? 0 },
      }),
    ),
  end_special_procedure: (id, key, item, { text }) =>
    take(
      client.POST('/api/v1/applications/{application_id}/special-procedures/end', {
        params: about(id, key),
        body: { item, result: text },
      }),
    ),
  request_late_correction: (id, key, item, { text, points }) =>
    take(
      client.POST('/api/v1/applications/{application_id}/late-corrections', {
        params: about(id, key),
        body: { item, reason: text, points },
      }),
    ),
  reopen: (id, key, item, { text }) =>
    take(
      client.POST('/api/v1/applications/{application_id}/reopenings', {
        params: about(id, key),
        body: { item, reason: text },
      }),
    ),
  hold: (id, key, _, { choice, text }) =>
    take(
      client.POST('/api/v1/applications/{application_id}/hold', {
        params: about(id, key),
        body: { ground: choice, reason: text },
      }),
    ),
  resume: (id, key, _, { text }) =>
    take(
      client.POST('/api/v1/applications/{application_id}/resumption', {
        params: about(id, key),
        body: { reason: text },
      }),
    ),
  extend: (id, key, _, { days, text }) =>
    take(
      client.POST('/api/v1/applications/{application_id}/extension', {
        params: about(id, key),
        body: { working_days: days ?? 0, reason: text },
      }),
    ),
  order_supplement: (id, key, material_code, { text }) =>
    take(
      client.POST('/api/v1/applications/{application_id}/supplement-orders', {
        params: about(id, key),
        body: { material_code, reason: text },
      }),
    ),
}
