/** Where the list of those whom the page trusts comes from: in the page, from the authority's site, or chosen by hand. */
import { sha256 } from '@noble/hashes/sha2.js'
import { hex_text } from '../core/bytes'
import { is_object, parse_json } from '../core/canonical_json'
import { parse_trust, type Trust } from '../core/trust'

export interface TrustSource {
  trust: Trust
  from: 'carried' | 'fetched' | 'chosen'
}

const kAddress = '/ledger/trust.json'

/** Nothing when there is none: then somebody must choose one. */
export async function find_trust(): Promise<TrustSource | null> {
  const carried = document.getElementById('trust')?.textContent?.trim() ?? 'null'
  if (carried !== 'null') return { trust: parse_trust(carried), from: 'carried' }
  if (!location.protocol.startsWith('http')) return null
  try {
    const reply = await fetch(kAddress, { headers: { Accept: 'application/json' } })
    return reply.ok ? { trust: parse_trust(await reply.text()), from: 'fetched' } : null
  } catch {
    return null
  }
}

/** A list that was dropped among certificates is never believed: whoever forges one may send the other with it. */
export function looks_like_trust(bytes: Uint8Array): boolean {
  if (bytes.length > 1_000_000 || bytes[0] !== 0x7b) return false
  try {
    const value = parse_json(new TextDecoder().decode(bytes))
    return is_object(value) && is_object(value.log) && Array.isArray(value.signing_roots)
  } catch {
    return false
  }
}

export function fingerprint(der: Uint8Array): string {
  return (hex_text(sha256(der)).match(/.{4}/g) ?? []).join(' ')
}

/** Whether the authority's interface may be asked from here: only on its own site. */
export function is_at_home({ trust }: TrustSource): boolean {
  try {
    return location.protocol.startsWith('http') && new URL(trust.public_url).origin === location.origin
  } catch {
    return false
  }
}

/** The authority's page about a permit; the address comes from the list, never from the file that is judged. */
export function address_of_permit({ trust }: TrustSource, permit_number: string): string | null {
  try {
    const url = new URL(`/permits/${encodeURIComponent(permit_number)}`, trust.public_url)
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null
  } catch {
    return null
  }
}
