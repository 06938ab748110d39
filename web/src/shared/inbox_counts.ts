/** The counts that the inbox last saw, shown in the side navigation; asked for with the list, or after a claim. */
import type { InjectionKey, Ref } from 'vue'

export type InboxCounts = Ref<{ todo: number; mine: number; copies: number } | null>
export const kInboxCounts: InjectionKey<InboxCounts> = Symbol('inbox counts')
