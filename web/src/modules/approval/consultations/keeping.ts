/**
 * What a browser keeps for somebody outside. His link and his pass stay in this window alone, so that loading the page
 * anew loses nothing. His words wait for the same link in every window until they are sent: a phone opens the link of a
 * message in another one. They lie under a digest of the link, which opens nothing, and hold only what he wrote.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { OutsideProof } from './api'

const kProofKey = 'kaigong.link.consult'
const kWordsKey = 'kaigong.consult.words.'
/** Far past the last day of any link. */
const kForgottenAfterMs = 60 * 24 * 3_600_000

export interface Written {
  outcome: string
  words: string
}

export function keep_proof(proof: OutsideProof): void {
  try {
    sessionStorage.setItem(kProofKey, JSON.stringify(proof))
  } catch {
    // A browser that keeps nothing: the link stays in the address, and another code is asked for.
  }
}

export function kept_proof(): OutsideProof | null {
  try {
    return JSON.parse(sessionStorage.getItem(kProofKey) ?? 'null') as OutsideProof | null
  } catch {
    return null
  }
}

function words_key(token: string): string {
  return kWordsKey + bytesToHex(sha256(utf8ToBytes(`words ${token}`)))
}

function read(key: string): (Written & { kept_at_ms: number }) | null {
  return JSON.parse(localStorage.getItem(key) ?? 'null') as (Written & { kept_at_ms: number }) | null
}

export function keep_words(token: string, { outcome, words }: Written): void {
  try {
    localStorage.setItem(words_key(token), JSON.stringify({ outcome, words, kept_at_ms: Date.now() }))
  } catch {
    // A browser that keeps nothing: they stand on the page alone.
  }
}

export function kept_words(token: string): Written | null {
  try {
    forget_old_words()
    return read(words_key(token))
  } catch {
    return null
  }
}

/** Once they are sent; what another window of his keeps beyond them is not. */
export function drop_words(token: string, sent: Written): void {
  try {
    const kept = read(words_key(token))
    if (kept?.outcome === sent.outcome && kept.words === sent.words) localStorage.removeItem(words_key(token))
  } catch {
    // Nothing was kept, so nothing remains.
  }
}

function forget_old_words(): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(kWordsKey))
  for (const key of keys)
    if (Date.now() - (read(key)?.kept_at_ms ?? 0) > kForgottenAfterMs) localStorage.removeItem(key)
}
