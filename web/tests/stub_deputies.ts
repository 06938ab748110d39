/** Deputies of the story, for pages without a server. */
import type { Candidates, Deputyship } from '@/shared/api/types'

const kNow = 1_796_000_000_000

const kOne: Deputyship = {
  deputyship_id: 'd-1',
  version: 1,
  absent_name: '王住建',
  deputy_name: '孙住建',
  is_absent: true,
  is_deputy: false,
  from_on: '2026-11-30',
  through_on: '2026-12-02',
  state: 'in_force',
  reason: '外出培训',
  named_by: '王住建（住房和城乡建设局）',
  named_at_ms: kNow,
  ended_at_ms: null,
  ended_by: null,
  end_reason: null,
  may_end: true,
}

const candidates: Candidates = {
  complete: true,
  candidates: [
    { account_id: 'p-wang', name: '王住建', department_name: '住房和城乡建设局', excluded_because: null },
    { account_id: 'p-sun', name: '孙住建', department_name: '住房和城乡建设局', excluded_because: null },
    {
      account_id: 'p-li',
      name: '李窗口',
      department_name: '住房和城乡建设局',
      excluded_because: '李窗口没有代理这个岗位所需的岗位，请另选他人。',
    },
  ],
}

export interface DeputyStub {
  /** Set: the next naming is refused with it. */
  refusal: { field: string; message: string } | null
  answer: (
    method: string,
    path: string,
    body: Record<string, unknown>,
    leads: boolean,
  ) => { status: number; body: unknown }
}

export function make_deputy_stub(): DeputyStub {
  const one = { ...kOne }
  const list = [
    one,
    {
      ...one,
      deputyship_id: 'd-0',
      state: 'over' as const,
      may_end: false,
      from_on: '2026-10-08',
      through_on: '2026-10-09',
    },
  ]
  const stub: DeputyStub = {
    refusal: null,
    answer(method, path, body, leads) {
      if (path.endsWith('/candidates')) return { status: 200, body: candidates }
      if (method === 'GET') return { status: 200, body: { deputyships: list, may_name_for_others: leads } }
      if (path.endsWith('/ending')) {
        Object.assign(one, { state: 'ended', may_end: false })
        return { status: 200, body: { ...one, end_reason: body.reason } }
      }
      return { status: 201, body: { ...one, from_on: body.from_on, through_on: body.through_on } }
    },
  }
  return stub
}
