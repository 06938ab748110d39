import type { Reply } from '@/shared/api/types'

/** What an officer may begin or end over the state of the case. */
export const episode_acts: Reply<'show_episodes'> = {
  restriction: null,
  operations: [
    { code: 'start_special_procedure', subject: 'housing', blocked_because: null },
    { code: 'request_late_correction', subject: 'housing', blocked_because: null },
    { code: 'reopen', subject: 'housing', blocked_because: '这个部门事项现在是“审查中”，没有可以重新审查的结论。' },
    { code: 'hold', subject: null, blocked_because: null },
  ],
  procedure_kinds: [
    { code: 'hearing', name: '听证', counted: false },
    { code: 'expert_review', name: '专家评审', counted: false },
    { code: 'site_check', name: '现场勘验', counted: true },
  ],
  hold_grounds: [{ code: 'court', name: '人民法院裁定或者协助执行' }],
  omittable_materials: [{ code: 'M-40', name: '工伤保险参保证明' }],
  omission_working_days_max: 10,
  extension_working_days_max: 0,
}
