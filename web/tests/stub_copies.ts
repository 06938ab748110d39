/** Copies of the story's case, for pages without a server. */
import type { Candidates, CopiesOfCase, CopyList } from '@/shared/api/types'
import { kApplicationId, kNow } from './story'

type Copy = CopiesOfCase['copies'][number]

const kCopy: Copy = {
  copy_id: 'c-1',
  to_name: '郑规划（规划和自然资源局）',
  to_me: false,
  copied_by: '陈科长（住房和城乡建设局）',
  note: '与贵区地块相邻，请了解。',
  copied_at_ms: kNow,
  read_at_ms: null,
}

const kCandidates: Candidates = {
  complete: true,
  candidates: [
    { account_id: 'p-zheng', name: '郑规划', department_name: '规划和自然资源局', excluded_because: null },
    {
      account_id: 'p-sun',
      name: '孙住建',
      department_name: '住房和城乡建设局',
      excluded_because: '这件已经抄送过孙住建，不用再抄送。',
    },
  ],
}

export interface CopyStub {
  of_case: CopiesOfCase
  list: CopyList
  answer: (method: string, path: string, body: Record<string, unknown>) => { status: number; body: unknown } | null
}

export function make_copy_stub(): CopyStub {
  const stub: CopyStub = {
    of_case: {
      copies: [],
      regions: [{ region_code: '330105', name: '杭州市拱墅区住房和城乡建设局' }],
      blocked_because: null,
    },
    list: {
      rows: [
        {
          ...kCopy,
          to_me: true,
          application_id: kApplicationId,
          application_number: '330106-2026-00421',
          works_name: '翠苑小学扩建工程',
          owner_name: '杭州市西湖区教育建设中心（示例）',
          task_id: 't-review',
        },
      ],
      next_cursor: null,
      unread: 1,
    },
    answer(method, path, body) {
      if (path === '/copies') return { status: 200, body: stub.list }
      if (path.endsWith('/receipt')) return { status: 200, body: { ...kCopy, to_me: true, read_at_ms: kNow } }
      if (path.endsWith('/copies/candidates')) return { status: 200, body: kCandidates }
      if (!path.endsWith('/copies')) return null
      if (method === 'POST') stub.of_case.copies = [{ ...kCopy, note: (body.note as string | null) ?? '' }]
      return { status: method === 'POST' ? 201 : 200, body: stub.of_case }
    },
  }
  return stub
}

export { kCopy }
