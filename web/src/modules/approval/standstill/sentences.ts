/** What an act would bring about, as sentences in the order in which a person asks. */
import type { ForeseenAct, ForeseenEffect, StandstillWait } from '@/shared/api/types'
import { t } from '@/shared/i18n'

type Step = ForeseenEffect['opens'][number]

const kHourMs = 3_600_000

function named(steps: Step[]): string {
  return steps
    .map((one) =>
      one.department_name ? t('approval.why.step', { name: one.name, department: one.department_name }) : one.name,
    )
    .join(t('approval.why.and'))
}

export function sentences_of(effect: ForeseenEffect): string[] {
  if (effect.refused_because) return [effect.refused_because]
  const said: string[] = []
  const add = (key: string, text: string): void => {
    if (text) said.push(t(`approval.why.effect.${key}`, { text }))
  }
  add('signers', effect.signers_first.join(t('approval.why.and')))
  add('opens', named(effect.opens))
  add('letters', effect.letters.map((one) => t('approval.why.letter', { name: one })).join(t('approval.why.and')))
  add('jobs', named(effect.jobs))
  add('takes_away', named(effect.takes_away))
  add('incidents', effect.incidents.join(' '))
  if (!effect.opens.length && !effect.signers_first.length) add('awaits', named(effect.still_waits_for))
  if (effect.ends) add('ends', effect.state_name)
  return said
}

export function label_of(act: ForeseenAct): string {
  if (act.label) return act.label
  const key = `approval.operation.${act.code}.verb`
  const word = t(key)
  return word === key ? act.code : word
}

/** What an operation is for, where the process does not move by it. */
export function purpose_of(act: ForeseenAct): string {
  const key = `approval.operation.${act.code}.hint`
  const said = t(key)
  return act.kind === 'operation' && said !== key ? t('approval.why.purpose', { text: said }) : ''
}

/** 「6 小时」 or 「不到 1 小时」 of office hours. */
export function hours_of(worked_ms: number): string {
  const hours = Math.floor(worked_ms / kHourMs)
  return hours ? t('approval.why.hours', { n: hours }) : t('approval.why.under_an_hour')
}

export function who_of(wait: StandstillWait): string {
  const role = wait.role ? t(`catalog.processes.role.${wait.role}`) : ''
  // Who got it from somebody else is named with his department already.
  const is_named = wait.department_name !== null && wait.holder_name?.includes(wait.department_name)
  const place = [is_named ? '' : (wait.department_name ?? ''), role].filter(Boolean).join(' ')
  if (wait.holder_name) return t('approval.why.held_by', { name: wait.holder_name, place })
  return wait.task_id ? t('approval.why.held_by_nobody', { place }) : ''
}
