/** Consultations of the story's case, from both sides, for pages without a server. */
import type { Consultation, ConsultationsOfCase, OutsideConsultation } from '@/shared/api/types'
import { kNow } from './story'

export const kConsultation: Consultation = {
  consultation_id: 'con-1',
  consultation_no: 1,
  version: 1,
  item: 'housing',
  item_name: '施工条件审查',
  department_name: '住房和城乡建设局',
  state: 'opened',
  organisation: '示例设计研究院',
  name: '欧阳审图',
  contact: '139****1001',
  question: '地下室防水做法有何意见？',
  round: 1,
  sections: [
    { section: 'works/1', step_title: '工程信息', step_title_en: 'The works', title: '工程', title_en: 'Works' },
  ],
  papers: [],
  asked_by: '赵住建（住房和城乡建设局）',
  asked_at_ms: kNow,
  until_on: '2026-12-07',
  opened_at_ms: kNow,
  outcome: null,
  words: '',
  files: [],
  answer_sha256: null,
  answered_at_ms: null,
  reminders: 0,
  reminded_at_ms: null,
  closed_at_ms: null,
  closed_because: null,
  may: ['recall', 'remind'],
}

export const kAnswered: Consultation = {
  ...kConsultation,
  state: 'answered',
  outcome: 'agree_with_conditions',
  words: '建议增设变形缝。',
  files: [
    {
      file_id: 'file-1',
      file_name: '盖章意见函.pdf',
      media_type: 'application/pdf',
      size_bytes: 4096,
      pages: 2,
      sha256: 'ab'.repeat(32),
    },
  ],
  answer_sha256: 'cd'.repeat(32),
  answered_at_ms: kNow,
  may: ['recall', 'take'],
}

export const kToken = 'outside-token'

export interface ConsultationStub {
  of_case: ConsultationsOfCase
  outside: OutsideConsultation
  /** The code that is right, and whether its pass still is. */
  code: string
  pass: string
  gone: boolean
  answer: (
    method: string,
    path: string,
    body: Record<string, unknown>,
  ) => { status: number; body: unknown; reason?: string; field?: string } | null
}

export function make_consultation_stub(): ConsultationStub {
  const stub: ConsultationStub = {
    of_case: {
      consultations: [],
      items: [{ item: 'housing', name: '施工条件审查', paused: false }],
      sections: [
        ...kConsultation.sections,
        {
          section: 'contract/0',
          step_title: '合同',
          step_title_en: 'Contract',
          title: '施工合同',
          title_en: 'Contract',
        },
      ],
      papers: [
        {
          document_id: 'doc-1',
          material_name: '施工图',
          file_name: '地下室施工图.png',
          media_type: 'image/png',
          size_bytes: 2048,
          pages: null,
          superseded: false,
        },
      ],
      working_days_max: 10,
      blocked_because: null,
    },
    outside: {
      consultation_no: 1,
      authority_name: '杭州市西湖区住房和城乡建设局',
      department_name: '住房和城乡建设局',
      asked_by: '赵住建（住房和城乡建设局）',
      asked_at_ms: kNow,
      organisation: '示例设计研究院',
      name: '欧阳审图',
      works_name: '翠苑小学扩建工程',
      matter_name: '建筑工程施工许可证核发',
      question: '地下室防水做法有何意见？',
      until_on: '2026-12-07',
      layout: {
        steps: [
          {
            step: 'works',
            title: '工程信息',
            sections: [
              { title: '工程', kind: 'fields', path: null, visible_when: null, fields: [{ path: 'works.works_name' }] },
            ],
          },
        ],
      },
      form_schema: {
        type: 'object',
        properties: { works: { type: 'object', properties: { works_name: { type: 'string', title: '工程名称' } } } },
      },
      code_tables: {},
      form: { works: { works_name: '翠苑小学扩建工程' } },
      papers: [
        {
          document_id: 'doc-1',
          file_name: '地下室施工图.png',
          media_type: 'image/png',
          size_bytes: 2048,
          pages: null,
          superseded: false,
        },
      ],
      answers: 0,
      outcome: null,
      words: '',
      files: [],
      answered_at_ms: null,
    },
    code: '123456',
    pass: 'outside-pass',
    gone: false,
    answer(method, path, body) {
      if (/^\/applications\/[^/]+\/consultations$/.test(path)) {
        if (method === 'GET') return { status: 200, body: stub.of_case }
        stub.of_case.consultations = [kConsultation]
        return { status: 201, body: kConsultation }
      }
      const act = /^\/consultations\/con-1\/(recall|reminder|taking)$/.exec(path)?.[1]
      if (act) {
        const before = stub.of_case.consultations[0] ?? kConsultation
        const state = act === 'recall' ? 'recalled' : act === 'taking' ? 'taken' : before.state
        stub.of_case.consultations = [{ ...before, state, may: [], version: before.version + 1 }]
        return { status: 200, body: stub.of_case.consultations[0] }
      }
      if (!path.startsWith('/consultations/')) return null
      if (stub.gone || body.token !== kToken)
        return { status: 404, reason: 'approval.consultation_not_found', body: '这个链接不能使用。' }
      if (path === '/consultations/codes')
        return { status: 201, body: { challenge_id: 'ch-1', channel: 'sms', hint: '01' } }
      if (path === '/consultations/passes')
        return body.code === stub.code
          ? { status: 201, body: { pass: stub.pass, expires_at_ms: kNow } }
          : { status: 422, reason: 'approval.consultation_code_wrong', field: 'code', body: '验证码不对或已失效。' }
      if (body.pass !== stub.pass)
        return { status: 403, reason: 'approval.consultation_code_needed', body: '请先输入验证码。' }
      if (path === '/consultations/opinion') {
        if (body.answers !== stub.outside.answers)
          return { status: 409, reason: 'approval.consultation_answered_meanwhile', body: '刚刚在另一个窗口提交过。' }
        stub.outside = {
          ...stub.outside,
          answers: stub.outside.answers + 1,
          outcome: body.outcome as OutsideConsultation['outcome'],
          words: (body.words as string | null) ?? '',
          files: stub.outside.files
            .filter((one) => (body.files as string[]).includes(one.file_id))
            .map((one) => ({ ...one, sent: true })),
          answered_at_ms: kNow,
        }
      }
      if (path === '/consultations/files/removal')
        stub.outside = {
          ...stub.outside,
          files: stub.outside.files.filter((one) => one.file_id !== body.file_id),
        }
      return { status: 200, body: stub.outside }
    },
  }
  return stub
}
