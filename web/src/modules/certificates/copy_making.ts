/**
 * A copy being asked for. What is typed stays in this browser session until the copy is made, with the key it was sent
 * under: after a closed dialog, a lost answer or a reload the same wish is sent again and makes one copy.
 */
import { reactive, ref, shallowRef, watch } from 'vue'
import { new_idempotency_key } from '@/shared/api/client'
import { as_problem, type ApiProblem } from '@/shared/api/problem'
import type { CertificateCopy } from '@/shared/api/types'
import { t } from '@/shared/i18n'
import type { SummaryLine } from '@/shared/ui/ErrorSummary.vue'
import { make_copy, type CopyWish } from './api'

export const kCopyFields = ['purpose', 'made_for'] as const
export const kCopyTextMax = 60
const kCopyTextMin = 2

interface CopyDraft extends CopyWish {
  key: string
  /** What was sent under the key; empty before the first time. */
  sent: string
}

function empty(): CopyDraft {
  return { purpose: '', made_for: '', key: new_idempotency_key(), sent: '' }
}

function read(place: string): CopyDraft {
  try {
    const text = sessionStorage.getItem(place)
    if (text) return { ...empty(), ...(JSON.parse(text) as CopyDraft) }
  } catch {
    // Nothing kept: start empty.
  }
  return empty()
}

function keep(place: string, draft: CopyDraft): void {
  try {
    sessionStorage.setItem(place, JSON.stringify(draft))
  } catch {
    // A browser that keeps nothing loses it with the page.
  }
}

function faults_of(wish: CopyWish): SummaryLine[] {
  return kCopyFields
    .filter((name) => [...wish[name]].length < kCopyTextMin || [...wish[name]].length > kCopyTextMax)
    .map((name) => ({ target: `copy-${name}`, message: t(`certificates.copy.missing.${name}`) }))
}

export function use_copy_making(permit_number: string, on_made: (copy: CertificateCopy) => void) {
  const place = `kaigong.certificate_copy.${permit_number}`
  const draft = reactive(read(place))
  const busy = ref(false)
  const lines = shallowRef<SummaryLine[]>([])
  const problem = shallowRef<ApiProblem | null>(null)
  watch(draft, () => keep(place, draft))

  /** Another wish is another copy. Kept before it is sent, whatever becomes of the answer. */
  function key_for(wish: CopyWish): string {
    const now = JSON.stringify(wish)
    if (draft.sent && draft.sent !== now) draft.key = new_idempotency_key()
    draft.sent = now
    keep(place, draft)
    return draft.key
  }

  async function make(): Promise<void> {
    if (busy.value) return
    const wish = { purpose: draft.purpose.trim(), made_for: draft.made_for.trim() }
    problem.value = null
    lines.value = faults_of(wish)
    if (lines.value.length) return
    busy.value = true
    try {
      const copy = await make_copy(permit_number, wish, key_for(wish))
      Object.assign(draft, empty())
      keep(place, draft)
      on_made(copy)
    } catch (error) {
      problem.value = as_problem(error)
    } finally {
      busy.value = false
    }
  }

  return { draft, busy, lines, problem, make }
}
