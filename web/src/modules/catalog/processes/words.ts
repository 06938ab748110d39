/** Words of the process pages that several of them use. */
import { t } from '@/shared/i18n'
import { active_locale } from '@/shared/i18n/locale'
import type { ProcessProblem } from './types'

export function problem_words(one: ProcessProblem): string {
  return active_locale() === 'en' ? one.en : one.zh
}

const kTypes = new Set([
  'startEvent',
  'endEvent',
  'boundaryEvent',
  'intermediateCatchEvent',
  'intermediateThrowEvent',
  'userTask',
  'serviceTask',
  'scriptTask',
  'businessRuleTask',
  'exclusiveGateway',
  'parallelGateway',
  'inclusiveGateway',
  'eventBasedGateway',
  'subProcess',
  'callActivity',
  'sequenceFlow',
  'lane',
])

export function type_words(type: string): string {
  return kTypes.has(type) ? t(`catalog.processes.type.${type}`) : type
}

export function element_title(one: { type: string; name: string; id: string }): string {
  return `${type_words(one.type)} · ${one.name || one.id}`
}
