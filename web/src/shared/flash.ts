/** A sentence that one page leaves for the next: "done, the case went on". Shown once. */
import { ref } from 'vue'

const sentence = ref<string | null>(null)

export function leave_flash(text: string): void {
  sentence.value = text
}

export function take_flash(): string | null {
  const text = sentence.value
  sentence.value = null
  return text
}
