/**
 * What somebody outside has proven and written waits in this window alone, so that a phone that loads the page anew
 * loses nothing. It is gone with the window, and for another link there is none.
 */
const kKey = 'kaigong.consult'

export interface Kept {
  token: string
  pass: string
  outcome: string
  words: string
}

export function keep(kept: Kept): void {
  try {
    sessionStorage.setItem(kKey, JSON.stringify(kept))
  } catch {
    // A browser that keeps nothing: another code is asked for then.
  }
}

export function kept_for(token: string): Kept {
  try {
    const kept = JSON.parse(sessionStorage.getItem(kKey) ?? 'null') as Kept | null
    if (kept?.token === token) return kept
  } catch {
    // Nothing was kept.
  }
  return { token, pass: '', outcome: '', words: '' }
}
