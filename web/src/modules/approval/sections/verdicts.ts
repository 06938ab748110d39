import type { Sent } from '@/shared/api/types'

/** What a leader says of a section, before it is known which version he saw. */
export type Said = Required<Omit<Sent<'review_section'>, 'version'>>
