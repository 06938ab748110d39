/** The chosen language, apart from the message catalogue so that formats need no more than this. */
import { ref } from 'vue'

export type Locale = 'zh-CN' | 'en'

const kStorageKey = 'kaigong.locale'

function stored(): Locale {
  try {
    return localStorage.getItem(kStorageKey) === 'en' ? 'en' : 'zh-CN'
  } catch {
    return 'zh-CN'
  }
}

const locale = ref<Locale>(stored())

export function active_locale(): Locale {
  return locale.value
}

export function remember_locale(value: Locale): void {
  locale.value = value
  document.documentElement.lang = value
  try {
    localStorage.setItem(kStorageKey, value)
  } catch {
    // A browser that keeps nothing still shows the language for this visit.
  }
}
