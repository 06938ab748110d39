import { client, take } from '@/shared/api/client'
import type { Code, Matter, MatterSummary } from '@/shared/api/types'

const matters = new Map<string, Promise<Matter>>()
const regions = new Map<string, Promise<Code[]>>()

export async function list_matters(): Promise<MatterSummary[]> {
  return (await take(client.GET('/api/v1/matters'))).matters
}

/** A matter with its form; large and seldom changed, so fetched once a visit. */
export function load_matter(matter_code: string): Promise<Matter> {
  return once(matters, matter_code, () =>
    take(client.GET('/api/v1/matters/{matter_code}', { params: { path: { matter_code } } })),
  )
}

/** The divisions under a code (GB/T 2260); without one, the provinces. */
export function list_regions(parent: string | null): Promise<Code[]> {
  return once(regions, parent ?? '', async () => {
    const query = parent ? { parent } : {}
    return (await take(client.GET('/api/v1/regions', { params: { query } }))).regions
  })
}

/** Failures are not kept: the next one who asks tries again. */
function once<Body>(kept: Map<string, Promise<Body>>, key: string, fetch_body: () => Promise<Body>): Promise<Body> {
  const found = kept.get(key)
  if (found) return found
  const asked = fetch_body().catch((error: unknown) => {
    kept.delete(key)
    throw error
  })
  kept.set(key, asked)
  return asked
}
