/** What the school's case waits for, and what its buttons would do. */
import type { ForeseenEffect, Standstill } from '@/shared/api/types'
import { kNow } from './story'

function effect(of: Partial<ForeseenEffect>): ForeseenEffect {
  return {
    target: null,
    refused_because: null,
    opens: [],
    takes_away: [],
    still_waits_for: [],
    signers_first: [],
    letters: [],
    jobs: [],
    incidents: [],
    state_name: '审查中',
    ends: false,
    ...of,
  }
}

export function standstill(application_id: string): Standstill {
  return {
    application_id,
    version: 12,
    state_name: '审查中',
    ended: false,
    since_at_ms: kNow - 3_600_000,
    as_of_ms: kNow,
    waits_for: [
      {
        kind: 'person',
        name: '人防审查',
        task_id: 't-civil',
        department_name: '国防动员办公室',
        role: 'reviewer',
        holder_name: '赵人防',
        since_at_ms: kNow - 22_000_000,
        worked_ms: 6 * 3_600_000,
        due_on: '2026-12-02',
        fires_at_ms: null,
      },
      {
        kind: 'incident',
        name: '“出具文书”失败 8 次',
        task_id: null,
        department_name: null,
        role: null,
        holder_name: null,
        since_at_ms: kNow - 7_200_000,
        worked_ms: 1_000,
        due_on: null,
        fires_at_ms: null,
      },
    ],
    tasks: [
      {
        task_id: 't-review',
        name: '住建审查',
        department_name: '住房和城乡建设局',
        state: 'open',
        assignee_name: '王住建',
        assigned_to_me: true,
        acts: [
          {
            kind: 'outcome',
            code: 'agree',
            label: '同意',
            possible: true,
            needs: [],
            guards: [{ code: 'your_task', says: '这一步由您的岗位办理', met: true, because: null }],
            effects: [
              effect({
                still_waits_for: [{ element_id: 'review_civil_defence', name: '人防审查', department_name: '' }],
              }),
            ],
          },
          {
            kind: 'outcome',
            code: 'disagree',
            label: '不同意…',
            possible: false,
            needs: ['reason'],
            guards: [
              { code: 'your_task', says: '这一步由您的岗位办理', met: true, because: null },
              { code: 'signed_before', says: '在您之前的加签、委派已有答复', met: false, because: '请先等何启明签。' },
            ],
            effects: [effect({ letters: ['不予行政许可决定书'], ends: true, state_name: '已办结（不予许可）' })],
          },
        ],
      },
    ],
  }
}
