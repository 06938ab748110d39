/**
 * Single keys that act on a whole page, as mail programs have them. They keep still while somebody writes or a dialog
 * is open, and whoever works by voice or types by accident switches them off (kept in this browser).
 */
import { onMounted, onUnmounted, ref } from 'vue'

const kStorageKey = 'kaigong.shortcuts_off'
const kFields = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=menu]'

function stored(): boolean {
  try {
    return localStorage.getItem(kStorageKey) !== '1'
  } catch {
    return true
  }
}

export const shortcuts_on = ref(stored())

export function switch_shortcuts(on: boolean): void {
  shortcuts_on.value = on
  try {
    if (on) localStorage.removeItem(kStorageKey)
    else localStorage.setItem(kStorageKey, '1')
  } catch {
    // Without storage the switch lasts for this visit.
  }
}

function keeps_still(event: KeyboardEvent): boolean {
  if (!shortcuts_on.value || event.defaultPrevented || event.isComposing) return true
  if (event.ctrlKey || event.metaKey || event.altKey) return true
  return Boolean((event.target as HTMLElement).closest(kFields) || document.querySelector('dialog[open]'))
}

/** `act` says whether the key was one of the page's. */
export function use_shortcuts(act: (event: KeyboardEvent) => boolean): void {
  function on_key(event: KeyboardEvent): void {
    if (!keeps_still(event) && act(event)) event.preventDefault()
  }
  onMounted(() => addEventListener('keydown', on_key))
  onUnmounted(() => removeEventListener('keydown', on_key))
}
