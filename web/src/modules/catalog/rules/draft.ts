/** The draft of a rule package while it is worked on: its tables and test cases; the saving is that of every package. */
import { computed, ref, shallowRef, type InjectionKey } from 'vue'
import { use_package_draft, type PackageKind } from '../packages/draft'
import {
  begin_draft,
  check_draft,
  discard_draft,
  load_draft,
  load_package,
  load_version,
  publish_draft,
  rebase_draft,
  return_draft,
  save_draft,
  submit_draft,
  type DraftContent,
} from './api'
import { read_outline } from './outline'
import type { PackageVersion, RuleCheck, RuleDraft, RulePackage, TestCase, TestResult } from './types'

const kReadAfterMs = 150

const kRules: PackageKind<DraftContent, RulePackage, PackageVersion, RuleDraft, RuleCheck> = {
  name: 'rules',
  load_package,
  load_version,
  load_draft,
  begin_draft,
  save_draft,
  rebase_draft,
  discard_draft,
  check_draft,
  submit_draft,
  return_draft,
  publish_draft,
}

/** With `version` an earlier or waiting version is shown, and nothing can be changed. */
export function use_rule_draft(matter_code: string, version: string | null = null) {
  const dmn = ref('')
  const tests = shallowRef<TestCase[]>([])
  const note = ref('')
  const checked_tests = shallowRef<TestCase[]>([])
  let source: (() => Promise<string>) | null = null
  let source_timer: ReturnType<typeof setTimeout> | undefined

  const work = use_package_draft(
    kRules,
    {
      read: () => ({ dmn: dmn.value, tests: tests.value, note: note.value }),
      write(content) {
        dmn.value = content.dmn
        tests.value = content.tests
        note.value = content.note
      },
      settle: read_source,
      on_checked(of) {
        checked_tests.value = of.tests
      },
    },
    matter_code,
    version,
  )

  const decisions = computed(() => read_outline(dmn.value))
  const results = computed(() => {
    const found = new Map<TestCase, TestResult>()
    for (const result of work.check.value?.tests.results ?? []) {
      const test = checked_tests.value[result.index]
      if (test) found.set(test, result)
    }
    return found
  })

  /** The editor says that it changed; the file is written out a moment later, once for many keys, and before a save. */
  function set_source(read: () => Promise<string>): void {
    source = read
    work.note_change()
    clearTimeout(source_timer)
    source_timer = setTimeout(() => void read_source(), kReadAfterMs)
  }

  async function read_source(): Promise<void> {
    const read = source
    source = null
    if (read) dmn.value = await read()
  }

  function set_tests(next: TestCase[]): void {
    tests.value = next
    work.note_change()
  }

  return { ...work, rule_package: work.whole, dmn, tests, note, decisions, results, set_source, set_tests }
}

export type RuleDraftWork = ReturnType<typeof use_rule_draft>
export const kRuleDraft: InjectionKey<RuleDraftWork> = Symbol('rule draft')
