/**
 * The token of an invitation stands behind # in its address, so no server writes it down. While somebody signs in or
 * registers it waits in this window alone.
 */
const kKey = 'kaigong.link.invitation'

export function keep_invitation(token: string): void {
  try {
    sessionStorage.setItem(kKey, token)
  } catch {
    // A browser that keeps nothing: the link is opened once more after signing in.
  }
}

export function kept_invitation(): string {
  try {
    return sessionStorage.getItem(kKey) ?? ''
  } catch {
    return ''
  }
}

export function forget_invitation(): void {
  try {
    sessionStorage.removeItem(kKey)
  } catch {
    // Nothing was kept.
  }
}
