/** Marks are told apart by word and form, never by colour alone. */
import type { MarkKind, PaperMark } from '@/shared/api/types'
import type { IconName } from '@/shared/ui/icons'

export const kStateIcons: Record<PaperMark['state'], IconName> = { open: 'flag', answered: 'back', accepted: 'good' }
export const kStateTones: Record<PaperMark['state'], string> = { open: 'warn', answered: 'info', accepted: 'good' }
export const kKinds: MarkKind[] = ['point', 'rectangle', 'text']
export const kKindIcons: Record<MarkKind, IconName> = { point: 'dot', rectangle: 'square_line', text: 'pen' }
