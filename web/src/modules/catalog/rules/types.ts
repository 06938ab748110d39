/** The shapes of the rule packages by name, as the interface describes them; what a test case gives is any JSON. */
import type { components } from '@/shared/api/schema'

type Schemas = components['schemas']

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }
export type JsonObject = { [key: string]: JsonValue }

export type Outcome = Schemas['RuleOutcome']
export type VersionSummary = Schemas['RuleVersion']
export type VersionState = VersionSummary['state']
export type PackageSummary = Schemas['RulePackageSummary']
export type RulePackage = Schemas['RulePackage']

export interface TestCase {
  rule: string
  expect: Outcome
  given: JsonObject
  why?: string
}

export type PackageVersion = Omit<Schemas['RuleVersionWithRules'], 'tests'> & { tests: TestCase[] }
export type RuleDraft = Omit<Schemas['RuleDraft'], 'tests'> & { tests: TestCase[] }
export type RuleCheck = Schemas['RuleCheck']
export type TestResult = Schemas['RuleExampleResult']
export type RuleProblem = Schemas['RuleProblem']
export type DifferenceLine = Schemas['RuleDifference']
export type EffectPreview = Schemas['RulePreview']
export type PreviewChange = Schemas['RulePreviewChange']
