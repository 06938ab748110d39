/** The counts that the inbox last saw, shown in the side navigation; asked for with the list, or after a claim. */
import type { InjectionKey, Ref } from 'vue'

export interface InboxCounts {
  todo: number
  mine: number
  copies: number
  outside_answered: number
  outside_overdue: number
}
export const kInboxCounts: InjectionKey<Ref<InboxCounts | null>> = Symbol('inbox counts')
