/** What the parts of a form share: given once by the page that owns the draft. */
import type { InjectionKey, Ref } from 'vue'
import type { Finding, FormObject, FormValue, Matter } from '@/shared/api/types'
import type { FormRules } from './rules'

/** A thing said about a value from outside the findings: a point of a correction letter. */
export interface FieldPoint {
  id: string
  path: string
  what: string
  how_to_mend: string
  department_name: string
}

export interface FormContext {
  matter: Ref<Matter | null>
  form: Ref<FormObject>
  rules: FormRules
  findings: Ref<Finding[]>
  points: Ref<FieldPoint[]>
  /** Typed text that could not be read yet, by path: kept so that nothing typed is lost. */
  unread: Ref<Record<string, { text: string; message: string }>>
  editable: Ref<boolean>
  set: (path: string, value: FormValue) => void
  open_evidence: (finding: Finding, place: number) => void
}

export const kFormContext: InjectionKey<FormContext> = Symbol('form context')
