/** The shapes of the process packages by name, as the interface describes them. */
import type { components } from '@/shared/api/schema'

type Schemas = components['schemas']

export type PackageSummary = Schemas['ProcessPackageSummary']
export type ProcessPackage = Schemas['ProcessPackage']
export type ProcessVersion = Schemas['ProcessVersionWithText']
export type ProcessDraft = Schemas['ProcessDraft']
export type ProcessCheck = Schemas['ProcessCheck']
export type ProcessProblem = Schemas['ProcessProblem']
export type ProcessDifference = Schemas['ProcessDifference']
export type ProcessPreview = Schemas['ProcessPreview']
export type ProcessChange = Schemas['ProcessPreviewChange']
export type CalledProcess = Schemas['CalledProcess']

export interface DraftContent {
  bpmn: string
  called: CalledProcess[]
  note: string
}
