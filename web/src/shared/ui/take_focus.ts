/**
 * What a person has to read next takes the focus: whoever pressed a button at the end of a long page would not see
 * what is said on top of it, and whoever hears the page begins to read there.
 */
import { nextTick, watch, type Ref } from 'vue'

/** Each time `what` changes and is there; `does_it` false where a page says it by itself. */
export function take_focus_for(box: Ref<HTMLElement | null>, what: () => unknown, does_it: () => boolean): void {
  watch(
    what,
    async (there) => {
      if (!there || !does_it()) return
      await nextTick()
      box.value?.focus({ preventScroll: true })
      box.value?.scrollIntoView({ block: 'nearest' })
    },
    { immediate: true },
  )
}
