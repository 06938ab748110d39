/** Taking many cases in hand: each claim is its own act, and each says how it went. */
import { as_problem } from '@/shared/api/problem'
import type { InboxRow } from '@/shared/api/types'
import { t } from '@/shared/i18n'
import { claim_task, load_task } from '../api'
import { what_happened } from '../operations/happened'

export interface ClaimResult {
  row: InboxRow
  /** Null when it was claimed. */
  failure: string | null
}

/** Why one was not claimed: who was quicker, or what the server said. */
async function reason_of(row: InboxRow, error: unknown): Promise<string> {
  const problem = as_problem(error)
  if (![409, 412].includes(problem.status)) return problem.message
  const newest = await load_task(row.task_id).catch(() => null)
  return newest ? what_happened(newest) : problem.message
}

export async function claim_rows(rows: InboxRow[], tell: (results: ClaimResult[]) => void): Promise<ClaimResult[]> {
  const results: ClaimResult[] = []
  let unreachable = false
  for (const row of rows) {
    if (unreachable) {
      results.push({ row, failure: t('approval.claiming.not_tried') })
      continue
    }
    try {
      await claim_task(row.task_id, row.version)
      results.push({ row, failure: null })
    } catch (error) {
      unreachable = as_problem(error).unreachable
      results.push({ row, failure: await reason_of(row, error) })
    }
    tell([...results])
  }
  return results
}
