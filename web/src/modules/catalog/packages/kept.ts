/** A copy of what was changed in a package, kept in this browser while the server cannot take it. */

/** With the version of the server's draft that this continues. */
export type Kept<Content> = Content & { version: number }

function storage_key(kind: string, matter_code: string): string {
  return `kaigong.${kind}.${matter_code}`
}

/** False when the browser keeps nothing (full, or forbidden): then the page must say so. */
export function keep<Content>(kind: string, matter_code: string, kept: Kept<Content>): boolean {
  try {
    localStorage.setItem(storage_key(kind, matter_code), JSON.stringify(kept))
    return true
  } catch {
    return false
  }
}

export function find_kept<Content>(kind: string, matter_code: string): Kept<Content> | null {
  try {
    const text = localStorage.getItem(storage_key(kind, matter_code))
    return text ? (JSON.parse(text) as Kept<Content>) : null
  } catch {
    return null
  }
}

export function drop_kept(kind: string, matter_code: string): void {
  try {
    localStorage.removeItem(storage_key(kind, matter_code))
  } catch {
    // Nothing was kept, so nothing remains.
  }
}
