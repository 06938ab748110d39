/** One line for each firm and part: who may be invited, and how far the newest invitation is. */
import type { InvitablePart, PartOfApplication, PartsOfApplication } from '@/shared/api/types'

export interface PartLine {
  key: string
  of: InvitablePart
  part: PartOfApplication | null
  /** Invited and still at work: it may be withdrawn, and not be invited again. */
  is_open: boolean
}

const kOver = ['expired', 'withdrawn', 'ended']

export function part_lines(found: PartsOfApplication, now_ms: number): PartLine[] {
  const key_of = (one: InvitablePart) => `${one.part} ${one.role} ${one.credit_code}`
  const invited = new Map(found.parts.map((one) => [key_of(one), one]))
  const lines = new Map<string, PartLine>()
  for (const of of [...found.invitable, ...found.parts]) {
    const key = key_of(of)
    const part = invited.get(key) ?? null
    const is_open = part !== null && !kOver.includes(part.standing) && part.expires_at_ms > now_ms
    if (!lines.has(key)) lines.set(key, { key, of, part, is_open })
  }
  return [...lines.values()]
}

/** Whom the owner waits for: invited, and what stands there now is not confirmed. */
export function unconfirmed(found: PartsOfApplication): PartOfApplication[] {
  return found.parts.filter((one) => !['confirmed', 'withdrawn', 'unlisted'].includes(one.standing))
}
