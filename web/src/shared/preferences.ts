/** 长辈模式: bigger type, kept in this browser. */
import { ref, watchEffect } from 'vue'

const kStorageKey = 'kaigong.elder'

function stored(): boolean {
  try {
    return localStorage.getItem(kStorageKey) === '1'
  } catch {
    return false
  }
}

export const elder_mode = ref(stored())

export function apply_preferences(): void {
  watchEffect(() => {
    document.body.classList.toggle('elder', elder_mode.value)
    try {
      localStorage.setItem(kStorageKey, elder_mode.value ? '1' : '0')
    } catch {
      // Without storage the bigger type lasts for this visit only.
    }
  })
}
