/** The rows of the picker: one's own sentences, the bureau's, and the articles of the law, in that order. */
import type { OpinionChoice, OwnOpinion } from '@/shared/api/types'
import { fill, fits } from './insertion'

export type Group = 'own' | 'bureau' | 'clauses'

export interface Choice {
  id: string
  group: Group
  /** What goes into the opinion. */
  text: string
  title: string
  note: string
  own?: OwnOpinion
  unconfirmed?: boolean
}

const kGroups: Group[] = ['own', 'bureau', 'clauses']

function with_clauses(text: string, codes: string[], choice: OpinionChoice): string {
  const citations = codes.flatMap((code) =>
    choice.clauses.filter((one) => one.clause === code).map((one) => one.citation),
  )
  return citations.length ? `${text}（依据：${citations.join('、')}）` : text
}

export function choices_of(choice: OpinionChoice, material: string | null): Choice[] {
  const known = { ...choice.values, ...(material ? { material } : {}) }
  return [
    ...choice.own.map((own) => ({
      id: own.opinion_id,
      group: 'own' as const,
      text: fill(own.text, known),
      title: own.text,
      note: '',
      own,
    })),
    ...choice.bureau.map((one) => {
      const text = fill(one.text, { ...known, ...(one.material ? { material: one.material } : {}) })
      return {
        id: one.opinion,
        group: 'bureau' as const,
        text: with_clauses(text, one.clauses, choice),
        title: text,
        note: choice.clauses
          .filter((clause) => one.clauses.includes(clause.clause))
          .map((clause) => clause.citation)
          .join(' '),
      }
    }),
    ...choice.clauses.map((one) => ({
      id: one.clause,
      group: 'clauses' as const,
      text: one.citation,
      title: one.citation,
      note: [one.summary, ...one.materials].join(' · '),
      unconfirmed: !one.confirmed,
    })),
  ]
}

/** Those that fit, group by group: an article's number finds the article, not every sentence that rests on it. */
export function grouped(choices: Choice[], search: string): { group: Group; choices: Choice[] }[] {
  return kGroups
    .map((group) => ({
      group,
      choices: choices.filter(
        (one) => one.group === group && fits(search, one.title, one.id, one.group === 'clauses' ? one.note : ''),
      ),
    }))
    .filter((one) => one.choices.length > 0)
}
