/** One whole number for a reason: asked field by field, kept for the visit of the page, written down by the server. */
import { computed, provide, ref, shallowRef } from 'vue'
import { use_session } from '@/shared/session'
import { as_problem, type ApiProblem } from '@/shared/api/problem'
import { kUnmasking } from '@/modules/catalog/form/unmask'
import { unmask_fields } from './api'

/** Who compares papers with what was filed, as `applications.unmask` has it. */
const kCheckingRoles = ['window_clerk', 'acceptance_officer', 'reviewer', 'section_head', 'deciding_leader']
export const kReasonMin = 4

export function use_unmasking(application_id: () => string | undefined) {
  const { account } = use_session()
  const shown = ref<Record<string, string>>({})
  const asked = shallowRef<{ path: string; label: string } | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const busy = ref(false)
  const may = computed(() => account.value?.roles.some((role) => kCheckingRoles.includes(role)) ?? false)

  function ask(path: string, label: string): void {
    problem.value = null
    asked.value = { path, label }
  }

  async function show(reason: string): Promise<void> {
    const id = application_id()
    if (!asked.value || !id || busy.value) return
    busy.value = true
    problem.value = null
    try {
      const found = await unmask_fields(id, [asked.value.path], reason)
      for (const field of found) shown.value[field.path] = field.value
      asked.value = null
    } catch (error) {
      problem.value = as_problem(error)
    } finally {
      busy.value = false
    }
  }

  const given = { shown, ask }
  provide(kUnmasking, may.value ? given : null)
  return { asked, problem, busy, shown, ask, show, close: () => (asked.value = null) }
}

export type UnmaskingOfPage = ReturnType<typeof use_unmasking>
