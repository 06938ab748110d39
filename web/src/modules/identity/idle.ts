/**
 * How long the session still lives without a request. Windows of one browser share it: what was answered in one lets the
 * others know.
 */
import { computed, onBeforeUnmount, onMounted, ref, watch } from 'vue'
import { last_answer_ms, notice_answer } from '@/shared/api/client'
import { use_session } from '@/shared/session'

const kKey = 'kaigong.answered_at'
const kTellEveryMs = 10_000
const kWarnMs = 120_000
/** Of a session that may be idle for a few minutes only the last third is warned of. */
const kWarnedPart = 3
const kAskEveryMs = 15_000

export function use_idle() {
  const { session } = use_session()
  const now = ref(Date.now())
  let timer = 0
  let told = 0

  function hear(event: StorageEvent): void {
    if (event.key === kKey && event.newValue) notice_answer(Number(event.newValue))
  }

  function tell(at_ms: number): void {
    if (at_ms - told < kTellEveryMs) return
    told = at_ms
    try {
      localStorage.setItem(kKey, String(at_ms))
    } catch {
      // A browser that keeps nothing: each window counts for itself.
    }
  }

  watch(last_answer_ms, tell)
  onMounted(() => {
    addEventListener('storage', hear)
    timer = window.setInterval(() => {
      now.value = Date.now()
    }, 1000)
  })
  onBeforeUnmount(() => {
    removeEventListener('storage', hear)
    clearInterval(timer)
  })

  /** null while nobody is signed in. */
  const left_ms = computed(() => {
    if (session.value?.stage !== 'full') return null
    return last_answer_ms.value + session.value.idle_ms - now.value
  })
  const warned = computed(() => {
    if (left_ms.value === null || !session.value) return false
    return left_ms.value <= Math.min(kWarnMs, session.value.idle_ms / kWarnedPart)
  })
  /** Grows from 1 on once the time is up: the server may count up to a minute more than this window. */
  const asks_when_over = computed(() => {
    const left = left_ms.value ?? 0
    return left <= -1000 ? 1 + Math.floor(-left / kAskEveryMs) : 0
  })
  return { left_ms, warned, asks_when_over }
}
