/** The keys of the case page. Each acts only where its button would. */
import { ref, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { use_shortcuts } from '@/shared/shortcuts'
import type { Outcome, Task } from '@/shared/api/types'

interface CaseActs {
  task: Ref<Task | null>
  claim: () => void
  outcome: (one: Outcome) => void
  menu: () => void
  tick_next: () => boolean
  write_opinion: () => boolean
  next_tab: (step: number) => void
  back: () => void
}

const kShown = ['c', 'x', 'i', '1…9', 'm', '[ ]', 'u', '?'] as const
const kWords = ['claim', 'tick', 'opinion', 'outcome', 'menu', 'tabs', 'back', 'help'] as const

export function use_case_keys(acts: CaseActs) {
  const { t } = useI18n()
  const helping = ref(false)

  function choose_outcome(key: string): boolean {
    const one = acts.task.value?.outcomes[Number(key) - 1]
    if (!one || !in_hand()) return false
    acts.outcome(one)
    return true
  }

  function in_hand(): boolean {
    return acts.task.value?.state === 'open' && acts.task.value.assigned_to_me
  }

  function is_free(): boolean {
    return acts.task.value?.state === 'open' && !acts.task.value.assignee_name
  }

  const keys: Record<string, () => boolean> = {
    c: () => (is_free() ? (acts.claim(), true) : false),
    x: acts.tick_next,
    i: acts.write_opinion,
    m: () => (acts.menu(), true),
    '[': () => (acts.next_tab(-1), true),
    ']': () => (acts.next_tab(1), true),
    u: () => (acts.back(), true),
    '?': () => (helping.value = true),
  }
  use_shortcuts((event) => (/^[1-9]$/.test(event.key) ? choose_outcome(event.key) : (keys[event.key]?.() ?? false)))

  const help = () => [
    ...kShown.map((shown, place) => ({ keys: shown.split(' '), says: t(`approval.case.key.${kWords[place]}`) })),
    { keys: ['Ctrl + Enter'], says: t('approval.case.key.submit') },
  ]
  return { helping, help }
}
