/** Marks on the papers of the story's case, for pages without a server. */
import type { MarksOfCase, PaperMark } from '@/shared/api/types'
import { kNow } from './story'

export const kMark: PaperMark = {
  mark_id: 'mark-1',
  mark_no: 1,
  version: 1,
  material_code: 'M-21',
  document_id: 'doc-1',
  page: 1,
  kind: 'rectangle',
  left_ppm: 120_000,
  top_ppm: 600_000,
  width_ppm: 300_000,
  height_ppm: 80_000,
  words: '合同没有双方签章，请补齐。',
  author_name: '钱住建（住房和城乡建设局）',
  department: 'housing',
  department_name: '住房和城乡建设局',
  state: 'open',
  round: 1,
  marked_at_ms: kNow,
  told: false,
  places: [{ document_id: 'doc-1', page: 1, carried_from: null }],
  acts: [],
  may: ['accept'],
}

export interface MarkStub {
  of_case: MarksOfCase
  /** The next act is refused so: somebody else was faster. */
  refusal: string | null
  answer: (method: string, path: string, body: Record<string, unknown>) => { status: number; body: unknown } | null
}

const kActs = { answers: 'answer', acceptance: 'accept', reopening: 'reopen' } as const
const kStates = { answers: 'answered', acceptance: 'accepted', reopening: 'open' } as const

export function make_mark_stub(): MarkStub {
  function made(body: Record<string, unknown>): PaperMark {
    const place = { document_id: body.document_id as string, page: body.page as number, carried_from: null }
    const mark_no = stub.of_case.marks.length + 1
    return { ...kMark, ...(body as Partial<PaperMark>), mark_id: `mark-${mark_no}`, mark_no, places: [place] }
  }

  const stub: MarkStub = {
    of_case: { marks: [], marks_max: 300, department: 'housing', blocked_because: null },
    refusal: null,
    answer(method, path, body) {
      if (/^\/applications\/[^/]+\/marks$/.test(path)) {
        if (method === 'GET') return { status: 200, body: stub.of_case }
        const mark = made(body)
        stub.of_case = { ...stub.of_case, marks: [...stub.of_case.marks, mark] }
        return { status: 201, body: mark }
      }
      const act = /^\/marks\/([^/]+)\/(answers|acceptance|reopening)$/.exec(path)
      const before = act && stub.of_case.marks.find((one) => one.mark_id === act[1])
      if (!act || !before) return null
      const which = act[2] as keyof typeof kActs
      const words = (body.words as string | undefined) ?? ''
      const after: PaperMark = {
        ...before,
        version: before.version + 1,
        state: kStates[which],
        acts: [...before.acts, { act: kActs[which], actor_name: '钱住建（住房和城乡建设局）', words, at_ms: kNow + 1 }],
        may: which === 'acceptance' ? ['reopen'] : ['accept', 'reopen'],
      }
      stub.of_case = {
        ...stub.of_case,
        marks: stub.of_case.marks.map((one) => (one === before ? after : one)),
      }
      if (!stub.refusal) return { status: 200, body: after }
      return { status: 409, body: { title: '冲突', detail: stub.refusal, reason: 'approval.mark_changed', fields: [] } }
    },
  }
  return stub
}
