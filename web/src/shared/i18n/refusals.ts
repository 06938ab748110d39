/**
 * What the server refuses, in the language of the page. It says so in Chinese, with a reason that never changes; the
 * English sentence is found by that reason and comes with the other English words. `{0}` in it is the first number of
 * the Chinese one, `{1}` the second.
 */
import { shallowRef } from 'vue'
import { active_locale } from './locale'

const english = shallowRef<Record<string, string>>({})

export async function load_refusals(): Promise<void> {
  english.value = (await import('./refusals.en.json')).default
}

/** The Chinese sentence where no other is known: better than none. */
export function refusal_words(reason: string, chinese: string): string {
  const words = active_locale() === 'en' ? english.value[reason] : undefined
  if (words === undefined) return chinese
  const numbers = chinese.match(/\d+/g) ?? []
  const filled = words.replace(/\{(\d)\}/g, (hole, place) => numbers[Number(place)] ?? hole)
  return filled.includes('{') ? chinese : filled
}
