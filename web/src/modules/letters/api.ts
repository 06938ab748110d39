import { client, kApiPrefix, take } from '@/shared/api/client'
import type { Letter } from '@/shared/api/types'

export async function list_letters(application_id: string): Promise<Letter[]> {
  const params = { path: { application_id } }
  return (await take(client.GET('/api/v1/applications/{application_id}/letters', { params }))).letters
}

export function letter_address(letter_id: string): string {
  return `${kApiPrefix}/letters/${encodeURIComponent(letter_id)}/content`
}
