/** The draft of a process while it is worked on: the file that the editor writes; the saving is that of every package. */
import { ref, shallowRef } from 'vue'
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
} from './api'
import type { CalledProcess, DraftContent, ProcessCheck, ProcessDraft, ProcessPackage, ProcessVersion } from './types'

const kProcesses: PackageKind<DraftContent, ProcessPackage, ProcessVersion, ProcessDraft, ProcessCheck> = {
  name: 'process',
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
export function use_process_draft(matter_code: string, version: string | null = null) {
  const bpmn = ref('')
  const called = shallowRef<CalledProcess[]>([])
  const note = ref('')
  let source: (() => Promise<string>) | null = null

  const work = use_package_draft(
    kProcesses,
    {
      read: () => ({ bpmn: bpmn.value, called: called.value, note: note.value }),
      write(content) {
        source = null
        bpmn.value = content.bpmn
        called.value = content.called
        note.value = content.note
      },
      async settle() {
        const read = source
        source = null
        if (read) bpmn.value = await read()
      },
    },
    matter_code,
    version,
  )

  /** The editor says that it changed; the file is written out before a save. */
  function set_source(read: () => Promise<string>): void {
    source = read
    work.note_change()
  }

  return { ...work, bpmn, called, note, set_source }
}

export type ProcessDraftWork = ReturnType<typeof use_process_draft>
