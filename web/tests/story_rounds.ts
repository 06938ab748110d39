/** What the second round of the school's case changed, and whom that concerns. */
import type { RoundEffects } from '@/modules/approval/rounds/api'
import { submissions } from './story_case'

const pit = 'works.pit_depth_max_mm'
const fee = 'contract.safety_fee_fen'

export const round_effects: RoundEffects[] = [
  {
    round: 2,
    submitted_at_ms: submissions[1]?.submitted_at_ms ?? 0,
    items: [
      {
        item: 'housing',
        name: '施工许可条件审查',
        department_name: '住房和城乡建设局',
        effect: 'reopened',
        changes: [
          { kind: 'field', path: pit, label: '工程概况 · 基坑最大深度', personal: false, before: 4800, after: 5200 },
          {
            kind: 'field',
            path: fee,
            label: '施工合同 · 安全文明施工费',
            personal: false,
            before: 165_200_000,
            after: null,
          },
          {
            kind: 'field',
            path: 'agent.phone',
            label: '经办人 · 经办人手机',
            personal: true,
            before: null,
            after: null,
          },
          {
            kind: 'material',
            path: 'M-21',
            label: '施工合同或工程总承包合同',
            personal: false,
            before: null,
            after: null,
          },
        ],
      },
      {
        item: 'planning',
        name: '规划许可核验',
        department_name: '规划和自然资源局',
        effect: 'conclusion_kept',
        changes: [],
      },
      {
        item: 'quality_safety',
        name: '质量安全监督手续（合并办理）',
        department_name: '建设工程质量安全监督站',
        effect: 'not_reopened',
        changes: [
          { kind: 'field', path: pit, label: '工程概况 · 基坑最大深度', personal: false, before: 4800, after: 5200 },
        ],
      },
    ],
  },
]
