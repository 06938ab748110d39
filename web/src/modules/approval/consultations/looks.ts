import type { Consultation } from '@/shared/api/types'

export const kStateTags: Record<Consultation['state'], string> = {
  asked: 'tag-line',
  opened: 'tag-info',
  overdue: 'tag-warn',
  answered: 'tag-good',
  taken: 'tag-good',
  recalled: 'tag-line',
  ended: 'tag-line',
  locked: 'tag-bad',
}

export const kOutcomes = ['agree', 'agree_with_conditions', 'disagree', 'no_opinion'] as const

/** These say why. */
export function needs_words(outcome: string): boolean {
  return outcome === 'agree_with_conditions' || outcome === 'disagree'
}
