// Compares what happened with what the package expects; every difference is one readable sentence.

/** Name of the end that a state stands for; null while the application is still under way. */
export function outcomeOfState(state) {
  return { granted: 'issued', refused: 'refused', no_permit_needed: 'not_needed', not_accepted: 'not_accepted', withdrawn: 'withdrawn' }[state] ?? null
}

/** Findings: the set of failing rules must be exactly the expected one; entries may allow several outcomes (`["fail", "unchecked", "pass"]`). */
export function findingDifferences(expected, uncheckedAtLeast, findings, where) {
  const differences = []
  const outcomes = new Map(findings.map((f) => [f.rule, f.outcome]))
  const allowed = new Map((expected ?? []).map((e) => [e.rule, [e.outcome].flat()]))
  for (const [rule, wanted] of allowed) {
    const found = outcomes.get(rule) ?? 'pass'
    if (!wanted.includes(found)) differences.push(`${where}：规则 ${rule} 应为 ${wanted.join(' 或 ')}，实际是 ${found}`)
  }
  for (const finding of findings) {
    if (finding.outcome === 'fail' && !allowed.has(finding.rule)) differences.push(`${where}：没有料到规则 ${finding.rule} 不通过：${finding.message ?? finding.title ?? ''}`)
  }
  for (const rule of uncheckedAtLeast ?? []) {
    const found = outcomes.get(rule) ?? 'pass'
    if (found !== 'unchecked') differences.push(`${where}：规则 ${rule} 应为无法核对（unchecked），实际是 ${found}`)
  }
  return differences
}

function listDifference(what, expected, actual) {
  return expected === undefined || JSON.stringify(expected) === JSON.stringify(actual) ? [] : [`${what}应为 ${expected.join(' → ') || '（无）'}，实际是 ${actual.join(' → ') || '（无）'}`]
}

/** Differences of one application against its part of `expect`. `seen`: {outcome, states, letters, permit_number, submissions, points}. */
export function applicationDifferences(expect, seen, prefix = '') {
  const differences = []
  if (seen.outcome !== expect.outcome) differences.push(`${prefix}结果应为 ${expect.outcome}，实际是 ${seen.outcome ?? `尚未办结（${seen.states.at(-1)}）`}`)
  differences.push(...listDifference(`${prefix}经过的状态`, expect.states, seen.states))
  differences.push(...listDifference(`${prefix}文书`, expect.letters, seen.letters))
  if (expect.permit_number_pattern && !new RegExp(expect.permit_number_pattern).test(seen.permit_number ?? ''))
    differences.push(`${prefix}许可证编号应符合 ${expect.permit_number_pattern}，实际是 ${seen.permit_number ?? '（没有）'}`)
  if (expect.outcome !== 'issued' && seen.permit_number) differences.push(`${prefix}没有准予许可，却有许可证编号 ${seen.permit_number}`)
  if (expect.correction_points !== undefined && seen.points !== expect.correction_points) differences.push(`${prefix}补正意见应有 ${expect.correction_points} 条，实际 ${seen.points} 条`)
  for (const { round, findings, unchecked_at_least: unchecked } of expect.rounds ?? []) {
    const submission = seen.submissions.find((s) => s.round === round)
    if (!submission) differences.push(`${prefix}没有第 ${round} 轮提交`)
    else differences.push(...findingDifferences(findings, unchecked, submission.findings, `${prefix}第 ${round} 轮核对`))
  }
  const last = seen.submissions.at(-1)
  if (!last) differences.push(`${prefix}从未提交`)
  else if (expect.findings) differences.push(...findingDifferences(expect.findings, expect.unchecked_at_least, last.findings, `${prefix}最后一轮核对`))
  return differences
}

/** What a step says must be true after it: state and turn as they are, dates from the reply or the clock. */
export function stepDifferences(then, progress, reply, where) {
  const actual = { state: progress.state, turn: progress.turn, due_on: progress.clock?.due_on, provisional: progress.clock?.provisional, ...reply }
  return Object.entries(then ?? {}).flatMap(([key, value]) => (actual[key] === value ? [] : [`${where}之后 ${key} 应为 ${value}，实际是 ${actual[key]}`]))
}

/** Personal values of a form: never on a public page. Paths are those of the form's `x-personal` marks that are not printed on the certificate. */
export function personalValues(form) {
  const values = new Set()
  const walk = (value, key) => {
    if (Array.isArray(value)) value.forEach((one) => walk(one, key))
    else if (value && typeof value === 'object') Object.entries(value).forEach(([k, one]) => walk(one, k))
    else if (/^(id_number|account_number)$/.test(key) || (/phone$/.test(key) && /^1/.test(String(value)))) values.add(String(value))
  }
  walk(form, '')
  return [...values]
}
