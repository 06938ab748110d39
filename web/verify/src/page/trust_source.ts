/** Where the list of those whom the page trusts comes from: in the page, from the authority's site, or chosen by hand. */
import { sha256 } from '@noble/hashes/sha2.js'
import { hex_text } from '../core/bytes'
import { is_object, parse_json } from '../core/canonical_json'
import { parse_trust, type Trust } from '../core/trust'

export interface TrustSource {
  trust: Trust
  from: 'carried' | 'fetched' | 'chosen'
}

export const kTrustAddress = '/ledger/trust.json'

/** Why there is no list: this place has none, or it was asked for and did not come. Either way somebody can choose one. */
export type WithoutTrust = 'missing' | 'unreached'

export const is_served = location.protocol.startsWith('http')

/** Throws Malformed for a list that cannot be used. */
export async function find_trust(): Promise<TrustSource | WithoutTrust> {
  const carried = document.getElementById('trust')?.textContent?.trim() ?? 'null'
  if (carried !== 'null') return { trust: parse_trust(carried), from: 'carried' }
  if (!is_served) return 'missing'
  let text: string
  try {
    const reply = await fetch(kTrustAddress, { headers: { Accept: 'application/json' } })
    if (reply.status === 404) return 'missing'
    if (!reply.ok) return 'unreached'
    text = await reply.text()
  } catch {
    return 'unreached'
  }
  return { trust: parse_trust(text), from: 'fetched' }
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
    return is_served && new URL(trust.public_url).origin === location.origin
  } catch {
    return false
  }
}

/** A page of the authority; the address comes from the list, never from the file that is judged. */
export function address_at({ trust }: TrustSource, path: string): string | null {
  try {
    const url = new URL(path, trust.public_url)
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null
  } catch {
    return null
  }
}

/** The page about a permit; where what the file says is no number, the page that asks for one. */
export function address_of_permit(source: TrustSource, permit_number: string): string | null {
  return address_at(source, /^\d{18}$/.test(permit_number) ? `/permits/${permit_number}` : '/verify')
}

/**
 * The page as one file with the list in it: beside this one where both were built with a list, else from the authority,
 * which puts its own in.
 */
export function address_to_save(source: TrustSource): string | null {
  if (!is_served) return null
  return source.from === 'carried' ? './kaigong-verify.html' : address_at(source, '/verify/kaigong-verify.html')
}
