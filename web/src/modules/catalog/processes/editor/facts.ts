/** One element of a process as the form shows it, and what may stand in its fields. */

export interface TaskFacts {
  kind: string
  item: string
  department: string
  role: string
  fallbackRole: string
  /** An account name, or FEEL behind `=`. */
  assignee: string
  /** `least_loaded`, or nothing. */
  assign: string
  legalBasis: string
}

export interface OutcomeFacts {
  code: string
  label: string
  tone: string
  event: string
  when: string
  blockedText: string
  consequence: string
  reasonRequired: string
  pointsRequired: string
  pointsAllowed: string
  omissionsRequired: string
  vote: string
  /** The task whose officer is chosen with it. */
  chooses: string
}

export interface CheckpointFacts {
  code: string
  text: string
}

export type TimerKind = 'timeDate' | 'timeDuration' | 'timeCycle'

export interface ElementFacts {
  id: string
  /** `userTask`, `sequenceFlow` …, as BPMN calls it. */
  type: string
  name: string
  documentation: string
  /** Undefined where an element of this type has none. */
  task?: TaskFacts
  outcomes?: OutcomeFacts[]
  checkpoints?: CheckpointFacts[]
  condition?: string
  timer?: { kind: TimerKind; text: string }
  job?: string
  event?: { name: string; letter: string }
  called?: string
  /** Of a flow; of a step where its flows lead, and their ids. */
  source?: string
  target?: string
}

export interface ListedElement {
  id: string
  type: string
  name: string
}

export const kTaskKinds = ['check', 'review', 'recheck', 'decide', 'accept', 'correct', 'certificate']
export const kTones = ['primary', 'normal', 'danger']
export const kRoles = ['acceptance_officer', 'reviewer', 'section_head', 'deciding_leader', 'certificate_officer']

export function new_outcome(): OutcomeFacts {
  return {
    code: '',
    label: '',
    tone: 'normal',
    event: '',
    when: '',
    blockedText: '',
    consequence: '',
    reasonRequired: '',
    pointsRequired: '',
    pointsAllowed: '',
    omissionsRequired: '',
    vote: '',
    chooses: '',
  }
}
