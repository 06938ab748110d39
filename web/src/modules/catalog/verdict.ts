/** A finding's outcome as a look and a word. Titles say what ought to be, so the outcome always stands before them. */
import type { Finding } from '@/shared/api/types'
import { t } from '@/shared/i18n'
import type { IconName } from '@/shared/ui/icons'

export type FindingTone = 'bad' | 'warn' | 'info' | 'ask'

export function tone_of(finding: Finding): FindingTone {
  if (finding.outcome === 'unchecked') return 'ask'
  if (finding.severity === 'block') return 'bad'
  return finding.severity
}

export function icon_of(finding: Finding): IconName {
  return tone_of(finding)
}

export function verdict_of(finding: Finding): string {
  const tone = tone_of(finding)
  if (tone === 'ask') return t('catalog.finding.unchecked')
  return tone === 'info' ? t('catalog.finding.info') : t('catalog.finding.fail')
}

/** Whether something has to be done about it; the rest is a hint, or waits for a register. */
export function is_wrong(finding: Finding): boolean {
  return finding.outcome === 'fail' && finding.severity !== 'info'
}
