// What a benchmark says: a table for people, JSON for programs.

import { median, spreadPercent } from './statistics.mjs'

const kDigits = 4

/** The result of rounds `{ ours, peer }`: medians, the median of their ratios, how far they lie apart. `more`: peer_name, unit, aim, notes. */
export function resultOf(name, title, rounds, more) {
  const figures = (key) => rounds.map((one) => one[key])
  return {
    name,
    title,
    ours: Number(median(figures('ours')).toPrecision(kDigits)),
    peer: Number(median(figures('peer')).toPrecision(kDigits)),
    ratio: median(rounds.map(({ ours, peer }) => ours / peer)),
    spread_percent: Math.max(...['ours', 'peer'].map((key) => spreadPercent(figures(key)))),
    ...more,
  }
}

/** `aim` is { at_least } or { below }. */
export const met = ({ ratio, aim }) => (aim.below !== undefined ? ratio < aim.below : ratio >= aim.at_least)

const aimText = (aim) => (aim.below !== undefined ? `below ${aim.below}` : `at least ${aim.at_least}`)

/** The shape that `--json` prints. */
export const asJson = (results) => results.map(({ name, ours, peer, peer_name, unit, ratio }) => ({ name, ours, peer, peer_name, unit, ratio: Number(ratio.toFixed(3)) }))

export function asText(result) {
  const lines = [
    `${met(result) ? '✓' : '✗'} ${result.name}: ${result.title}`,
    `    ours  ${result.ours.toLocaleString('en')} ${result.unit}`,
    `    peer  ${result.peer.toLocaleString('en')} ${result.unit} — ${result.peer_name}`,
    `    ratio ${result.ratio.toFixed(2)}; aim ${aimText(result.aim)}: ${met(result) ? 'met' : 'missed'}; rounds lie ±${result.spread_percent} % apart`,
  ]
  return [...lines, ...(result.notes ?? []).map((note) => `    ${note}`)].join('\n')
}
