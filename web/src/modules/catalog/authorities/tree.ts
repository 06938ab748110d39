/** Authorities in the order of a tree, each with how deep it stands; and what is typed about one. */
import type { Authority, AuthoritySettings, LocalDay } from './api'

export interface Placed {
  authority: Authority
  depth: number
}

/** Those whose superior is not among them stand at the top. */
export function as_tree(authorities: Authority[]): Placed[] {
  const known = new Set(authorities.map((one) => one.region_code))
  const below = (parent: string | null, depth: number): Placed[] =>
    authorities
      .filter((one) => (one.parent && known.has(one.parent) ? one.parent : null) === parent)
      .flatMap((authority) => [{ authority, depth }, ...below(authority.region_code, depth + 1)])
  return below(null, 0)
}

export interface TypedSettings {
  /** Days by matter; empty: nothing of one's own. */
  promised: Record<string, string>
  binds: boolean
  days: { on: string; name: string; working: boolean; document: string }[]
}

export function typed_of(authority: Authority): TypedSettings {
  const { promised_working_days: own = {}, promise_binds_area, days } = authority.settings
  return {
    promised: Object.fromEntries(
      authority.promises.map((one) => [one.matter_code, own[one.matter_code] ? String(own[one.matter_code]) : '']),
    ),
    binds: promise_binds_area ?? false,
    days: (days ?? []).map((day) => ({ ...day, document: day.document ?? '' })),
  }
}

export function settings_of(typed: TypedSettings): AuthoritySettings {
  const promised = Object.entries(typed.promised).filter(([, days]) => days.trim())
  const day_of = ({ on, name, working, document }: TypedSettings['days'][number]): LocalDay => ({
    on,
    name: name.trim(),
    working,
    document: working ? null : document.trim() || null,
  })
  return {
    promised_working_days: Object.fromEntries(promised.map(([matter, days]) => [matter, Number(days)])),
    promise_binds_area: typed.binds,
    days: typed.days.map(day_of),
  }
}
