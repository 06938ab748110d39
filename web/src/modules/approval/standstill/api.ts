import { client, take } from '@/shared/api/client'
import type { Standstill } from '@/shared/api/types'

export function load_standstill(application_id: string): Promise<Standstill> {
  return take(client.GET('/api/v1/applications/{application_id}/standstill', { params: { path: { application_id } } }))
}
