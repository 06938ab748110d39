/**
 * An opinion being written: text, ticked points to check, points for the letter. Kept for this browser session only
 * (opinions name people), so that a return by a colleague or a reload loses nothing.
 */
import { ref, watch } from 'vue'
import type { PointDraft } from '@/shared/api/types'

interface Kept {
  opinion: string
  checked: string[]
  points: PointDraft[]
}

function read(key: string): Kept {
  try {
    const text = sessionStorage.getItem(key)
    if (text) return JSON.parse(text) as Kept
  } catch {
    // Nothing kept: start empty.
  }
  return { opinion: '', checked: [], points: [] }
}

export function use_opinion_draft(task_id: string) {
  const key = `kaigong.opinion.${task_id}`
  const kept = read(key)
  const opinion = ref(kept.opinion)
  const checked = ref(kept.checked)
  const points = ref(kept.points)
  const kept_at_ms = ref<number | null>(null)
  let ended = false

  watch([opinion, checked, points], () => {
    if (ended) return
    try {
      sessionStorage.setItem(
        key,
        JSON.stringify({ opinion: opinion.value, checked: checked.value, points: points.value }),
      )
      kept_at_ms.value = Date.now()
    } catch {
      kept_at_ms.value = null
    }
  })

  function drop(): void {
    ended = true
    try {
      sessionStorage.removeItem(key)
    } catch {
      // It was never kept.
    }
  }

  return { opinion, checked, points, kept_at_ms, drop }
}
