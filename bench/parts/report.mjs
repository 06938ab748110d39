// What a benchmark says: a table for people, JSON for programs.

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
