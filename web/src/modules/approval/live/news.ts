/** What a case's stream tells, in words: who did what, as the record of the task says it. */
import type { CaseNews } from '@/shared/api/types'
import { t } from '@/shared/i18n'

type Act = CaseNews['acts'][number]

export function sentence_of(act: Act): string {
  const key = `approval.live.act.${act.act}`
  const named = { name: act.actor_name, task: act.task_name, to: act.to_name ?? '' }
  const said = t(key, named)
  return said === key ? t('approval.live.act.other', named) : said
}

/** What others did, or what happened by itself; empty when it was only this officer. */
export function told_of(news: CaseNews): string {
  const others = news.acts.filter((one) => !one.mine)
  const last = others.at(-1)
  if (last) return sentence_of(last)
  if (news.acts.length) return ''
  return news.entries.at(-1)?.title ?? ''
}

/** Whether one of these tasks is not as it was seen. */
export function differs(news: CaseNews, seen: Map<string, number>): boolean {
  return news.tasks.some((one) => seen.get(one.task_id) !== one.version)
}
