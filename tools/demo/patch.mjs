// Changes to a form, written as {"path": value}: "contract.signed_on", "participants[3].lead.phone". null takes the member away.

/** "a.b[2].c" → ["a", "b", 2, "c"]. */
export function parsePath(path) {
  const parts = []
  for (const piece of path.split('.')) {
    const match = /^([a-z][a-z0-9_]*)((?:\[\d+\])*)$/.exec(piece)
    if (!match) throw new Error(`“${path}” is no path; write it like participants[3].credit_code (the first row is [0])`)
    parts.push(match[1], ...[...match[2].matchAll(/\[(\d+)\]/g)].map((m) => Number(m[1])))
  }
  return parts
}

/** A copy of the form with the changes; the form itself stays as it is. */
export function withChanges(form, changes = {}) {
  const copy = structuredClone(form)
  for (const [path, value] of Object.entries(changes)) {
    const parts = parsePath(path)
    const last = parts.pop()
    let place = copy
    parts.forEach((part, i) => {
      place[part] ??= typeof (parts[i + 1] ?? last) === 'number' ? [] : {}
      place = place[part]
    })
    if (value !== null) place[last] = structuredClone(value)
    else if (Array.isArray(place)) place.splice(last, 1)
    else delete place[last]
  }
  return copy
}
