/** A form that is sent: what is missing is named first, a refusal stands beside its field, the rest is a problem. */
import { ref, shallowRef } from 'vue'
import { as_problem, type ApiProblem } from '@/shared/api/problem'
import type { FieldProblem } from '@/shared/api/types'
import type { SummaryLine } from './ErrorSummary.vue'

/**
 * `prefix` begins the ids of its inputs: a field `phone` has the id `prefix-phone`. `field_of` where the server's name of
 * a field is not the form's.
 */
export function use_form(prefix: string, field_of: (one: FieldProblem) => string = (one) => one.field) {
  const busy = ref(false)
  const lines = ref<SummaryLine[]>([])
  const problem = shallowRef<ApiProblem | null>(null)

  /** Its words are asked each time: the language of the page may change while it stands there. */
  function line_at(field: string, told: { message: string }): SummaryLine {
    return {
      target: `${prefix}-${field}`,
      get message() {
        return told.message
      },
    }
  }

  /** `missing`: field and what to say about it. True once it was done. */
  async function send(missing: [string, string][], act: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    problem.value = null
    lines.value = missing.map(([field, message]) => ({ target: `${prefix}-${field}`, message }))
    if (lines.value.length) return false
    busy.value = true
    try {
      await act()
      return true
    } catch (error) {
      const told = as_problem(error)
      lines.value = told.fields.map((one) => line_at(field_of(one), one))
      if (!lines.value.length) problem.value = told
      return false
    } finally {
      busy.value = false
    }
  }

  /** A refusal that names no field, told at the field where it is mended. */
  function refuse(field: string, told: { message: string }): void {
    problem.value = null
    lines.value = [line_at(field, told)]
  }

  function fault(field: string): string | undefined {
    return lines.value.find((line) => line.target === `${prefix}-${field}`)?.message
  }

  return { busy, lines, problem, send, refuse, fault }
}
