/**
 * What is typed into the dialogs of one task. Kept for this browser session only, as opinions are: a closed dialog, a
 * refusal or a reload loses nothing, signing out forgets it.
 */
import { reactive, watch } from 'vue'

export interface ActDraft {
  text: string
}

function read(key: string): Record<string, ActDraft> {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '{}') as Record<string, ActDraft>
  } catch {
    return {}
  }
}

export function use_act_drafts(task_id: string) {
  const key = `kaigong.acts.${task_id}`
  const drafts = reactive(read(key))

  watch(drafts, () => {
    try {
      sessionStorage.setItem(key, JSON.stringify(drafts))
    } catch {
      // Without storage it lasts as long as the page.
    }
  })

  /** Out of `drafts` also when it is new: only what is read from there is watched. */
  function draft_of(code: string): ActDraft {
    if (!(code in drafts)) drafts[code] = { text: '' }
    return drafts[code] as ActDraft
  }

  function drop(code: string): void {
    delete drafts[code]
  }

  return { draft_of, drop }
}

export type ActDrafts = ReturnType<typeof use_act_drafts>
