/**
 * One story for tests and for looking at pages without a server: 翠苑小学扩建工程, as the shipped school package tells
 * it, at four moments (draft, correction, review, decision, granted). Organisations and people are invented.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type {
  Application,
  ApplicationRow,
  Document,
  Finding,
  FormObject,
  Letter,
  MaterialState,
  Matter,
  Progress,
  Submission,
} from '@/shared/api/types'

/** npm runs scripts in the package's folder. */
export const kCatalog = join(process.cwd(), '..', 'catalog')

function json<Body>(path: string): Body {
  return JSON.parse(readFileSync(join(kCatalog, path), 'utf8')) as Body
}

export const case_file = json<{
  form: FormObject
  materials: { material_code: string; file: string; file_name: string }[]
}>('construction-permit/cases/school/case.json')

export const kNow = Date.UTC(2026, 10, 30, 1, 12, 40)
const kReceived = Date.UTC(2026, 10, 23, 1, 36)

export function at(day: number, hour: number, minute: number, month = 11): number {
  return Date.UTC(2026, month - 1, day, hour - 8, minute)
}

const settings = json<Record<string, unknown>>('construction-permit/matter.json')
export const matter = {
  ...settings,
  catalog_version: '2026-01',
  authorities: [
    {
      region_code: '330106',
      name: '杭州市西湖区住房和城乡建设局(示例)',
      phone: '0571-0000 0000',
      address: '杭州市西湖区示例路 1 号政务服务中心二楼',
    },
  ],
  materials: json('construction-permit/materials.json'),
  form_schema: json('construction-permit/form.schema.json'),
  layout: json('construction-permit/layout.json'),
  code_tables: json('construction-permit/code_tables.json'),
} as unknown as Matter

export const divisions = json<{ divisions: { code: string; name: string; parent: string | null }[] }>(
  'shared/divisions.json',
).divisions

export const bpmn_xml = readFileSync(join(kCatalog, 'construction-permit/issue.bpmn'), 'utf8')

export const findings: Finding[] = [
  {
    rule: 'R-612',
    outcome: 'fail',
    severity: 'block',
    audience: 'applicant',
    leads_to: null,
    title: '合同价格与施工合同不一致',
    message: '您填的是 8 620 万元，施工合同第 3 页写的是 8 260 万元。',
    remedy: '请看原件，改成合同上的数；合同写错的，请附补充协议。',
    legal_basis: '建筑工程施工许可管理办法第六条',
    basis_confirmed: false,
    fields: ['contract.contract_price_fen'],
    evidence: [{ material_code: 'M-21', document_id: null, page: 1 }],
  },
  {
    rule: 'R-302',
    outcome: 'fail',
    severity: 'block',
    audience: 'applicant',
    leads_to: null,
    title: '图审面积比申请少 135.67 ㎡',
    message: '申请 15 618.27 ㎡，图审合格书 15 482.60 ㎡，相差 0.87%。',
    remedy: '请设计单位说明差额，或改成图审面积。',
    legal_basis: '建设工程质量管理条例第十一条',
    basis_confirmed: true,
    fields: ['works.floor_area_m2_hundredths', 'drawings.floor_area_m2_hundredths'],
    evidence: [{ material_code: 'M-31', document_id: null, page: null }],
  },
  {
    rule: 'R-608',
    outcome: 'fail',
    severity: 'warn',
    audience: 'applicant',
    leads_to: null,
    title: '中标后第 32 天才签合同',
    message: '中标通知书发出后应在 30 日内签订合同。',
    remedy: '不影响许可；请在说明里写明原因。',
    legal_basis: '招标投标法第四十六条',
    basis_confirmed: true,
    fields: ['contract.signed_on'],
    evidence: [],
  },
  {
    rule: 'R-521',
    outcome: 'unchecked',
    severity: 'block',
    audience: 'applicant',
    leads_to: null,
    title: '监理资质暂查不到',
    message: '省资质库 10:20 起没有应答，不影响您继续，我们会自动再查。',
    remedy: '不用您做什么。',
    legal_basis: '建筑法第十三条',
    basis_confirmed: true,
    fields: ['participants[4].qualification.number'],
    evidence: [],
  },
]

function document(place: number, one: { material_code: string; file: string; file_name: string }): Document {
  return {
    document_id: `doc-${place}`,
    material_code: one.material_code,
    file_name: one.file_name,
    media_type: one.file.endsWith('.pdf') ? 'application/pdf' : 'image/jpeg',
    size_bytes: 386_000 + place * 91_000,
    pages: one.file.endsWith('.pdf') ? 2 + (place % 5) : 1,
    sha256: 'a'.repeat(64),
    round: 0,
    uploaded_at_ms: at(17, 10, 5 + place),
    superseded: false,
  }
}

export const documents = case_file.materials.map((one, place) => ({ ...document(place, one), file: one.file }))

function without_file(one: Document & { file: string }): Document {
  const copy: Partial<Document & { file: string }> = { ...one }
  delete copy.file
  return copy as Document
}

/** Papers as the draft has them: two are lacking, one is promised. */
export const materials: MaterialState[] = matter.materials.map((one) => {
  const lacking = ['M-38', 'M-30'].includes(one.material_code)
  const given = documents.filter((document) => document.material_code === one.material_code && !lacking)
  const committed = one.material_code === 'M-37'
  const generated = Boolean(one.generated)
  return {
    material_code: one.material_code,
    name: one.name,
    required: lacking || given.length > 0 || committed || one.material_code === 'M-12',
    proved_by: given.length
      ? 'file'
      : generated
        ? 'generated'
        : committed
          ? 'commitment'
          : one.material_code === 'M-09'
            ? 'register'
            : null,
    may_commit: Boolean(one.may_commit) || one.material_code === 'M-30',
    committed,
    generated,
    formats: one.formats,
    pages_max: one.pages_max,
    legal_basis: one.legal_basis ?? '',
    documents: committed ? [] : given.map((one) => without_file(one)),
  }
})

export const kApplicationId = '01934f3a-7c20-7d11-9a41-5b0f2c8e4d01'
export const kDraftId = '01934f3a-7c20-7d11-9a41-5b0f2c8e4d02'
export const kCorrectionId = '01934f3a-7c20-7d11-9a41-5b0f2c8e4d03'
export const kGrantedId = '01934f3a-7c20-7d11-9a41-5b0f2c8e4d04'

const base: Application = {
  application_id: kApplicationId,
  application_number: '330106-2026-00421',
  matter_code: 'construction-permit',
  matter_name: '建筑工程施工许可证核发',
  catalog_version: '2026-01',
  works_name: '翠苑小学扩建工程',
  owner_name: '杭州市西湖区教育建设中心(示例)',
  owner_identity: null,
  permit_number: null,
  state: 'accepted',
  state_name: '审查中',
  turn: 'authority',
  version: 7,
  round: 2,
  form: case_file.form,
  materials,
  findings,
  remarks: [{ rule: 'R-302', remark: '差额为 2 号楼连廊，图审按附属构件未计，图纸已审。' }],
  received_at_ms: kReceived,
  updated_at_ms: at(23, 9, 36),
  counts: { fail: 3, unchecked: 1, pass: 41 },
  can_edit: false,
}

export const applications: Record<string, Application> = {
  [kApplicationId]: base,
  [kDraftId]: {
    ...base,
    application_id: kDraftId,
    application_number: null,
    state: 'draft',
    state_name: '待提交',
    turn: 'applicant',
    round: 0,
    version: 3,
    received_at_ms: null,
    remarks: [],
    can_edit: true,
    updated_at_ms: at(30, 8, 42),
  },
  [kCorrectionId]: {
    ...base,
    application_id: kCorrectionId,
    application_number: '330106-2026-00398',
    works_name: '文三街幼儿园加固工程',
    state: 'submitted',
    state_name: '待您补正',
    turn: 'applicant',
    round: 1,
    can_edit: true,
  },
  [kGrantedId]: {
    ...base,
    application_id: kGrantedId,
    application_number: '330106-2026-00287',
    works_name: '三墩小学体育馆',
    state: 'granted',
    state_name: '已办结（准予）',
    turn: 'nobody',
    permit_number: '330106202611090101',
  },
}

export const application_rows: ApplicationRow[] = Object.values(applications).map((one) => ({
  application_id: one.application_id,
  application_number: one.application_number,
  matter_code: one.matter_code,
  matter_name: one.matter_name,
  works_name: one.works_name,
  state: one.state,
  state_name: one.state_name,
  turn: one.turn,
  round: one.round,
  updated_at_ms: one.updated_at_ms,
  due_on: one.state === 'accepted' ? '2026-12-02' : null,
  provisional: false,
  light: one.state === 'accepted' ? 'yellow' : null,
  permit_number: one.permit_number,
}))

const items: Progress['items'] = [
  {
    item: 'housing',
    department: 'housing',
    name: '施工许可条件审查',
    department_name: '住房和城乡建设局',
    state: 'in_review',
    state_name: '审查中',
    outcome_label: null,
    opinion: null,
    edited: null,
    clock: null,
    legal_basis: '建筑法第八条',
  },
  {
    item: 'planning',
    department: 'planning',
    name: '规划许可核验',
    department_name: '规划和自然资源局',
    state: 'agreed',
    state_name: '同意',
    outcome_label: '同意',
    opinion: '与规划许可证一致。',
    edited: null,
    clock: null,
    legal_basis: '城乡规划法第四十条',
  },
  {
    item: 'fire',
    department: 'fire',
    name: '消防设计审查核验',
    department_name: '消防审查（住建局消防科）',
    state: 'agreed',
    state_name: '同意',
    outcome_label: '同意',
    opinion: '设计审查合格，面积覆盖。',
    edited: null,
    clock: null,
    legal_basis: '消防法第十二条',
  },
  {
    item: 'civil_defence',
    department: 'civil_defence',
    name: '人防设计核验',
    department_name: '人民防空办公室',
    state: 'agreed',
    state_name: '同意',
    outcome_label: '同意',
    opinion: '设计 1 520 ㎡，应建 1 500 ㎡。',
    edited: null,
    clock: null,
    legal_basis: '人民防空法第二十二条',
  },
  {
    item: 'quality_safety',
    department: 'quality_safety',
    name: '质量安全监督',
    department_name: '建设工程质量安全监督站',
    state: 'agreed_with_conditions',
    state_name: '附条件同意',
    outcome_label: '附条件同意',
    opinion: '高支模方案须在该部位施工前专家论证。',
    edited: null,
    clock: null,
    legal_basis: '质量管理条例第十三条',
  },
]

export const correction_points: NonNullable<Progress['correction']>['points'] = [
  {
    point_id: 'p1',
    round: 1,
    item: 'housing',
    department_name: '住房和城乡建设局',
    field: 'contract.contract_price_fen',
    material_code: null,
    what: '合同价格与施工合同不一致',
    how_to_mend: '改成合同第 3 页的签约合同价，或提交补充协议。',
    legal_basis: '建筑工程施工许可管理办法第六条',
    state: 'asked',
    answer: null,
  },
  {
    point_id: 'p2',
    round: 1,
    item: 'quality_safety',
    department_name: '建设工程质量安全监督站',
    field: null,
    material_code: 'M-38',
    what: '缺安全施工措施资料',
    how_to_mend: '补交含基坑、高支模的安全措施，施工单位盖章。',
    legal_basis: '建设工程安全生产管理条例第十条',
    state: 'asked',
    answer: null,
  },
]

export const progress: Progress = {
  application_id: kApplicationId,
  application_number: '330106-2026-00421',
  works_name: '翠苑小学扩建工程',
  round: 1,
  state: 'accepted',
  state_name: '审查中',
  turn: 'authority',
  episodes: [],
  withdrawal_asked_at_ms: null,
  headline: '现在由西湖区住房和城乡建设局审查，预计 2026年12月2日（周三）前办结；您不用做什么。',
  clock: {
    budget_working_days: 7,
    used_working_days: 4,
    remaining_working_days: 1,
    due_on: '2026-12-02',
    due_at_ms: at(2, 24, 0, 12),
    promised_working_days: 3,
    promised_due_on: '2026-11-26',
    provisional: false,
    paused: false,
    light: 'yellow',
    segments: [
      { kind: 'authority', from_on: '2026-11-17', through_on: '2026-11-18' },
      { kind: 'applicant', from_on: '2026-11-19', through_on: '2026-11-23' },
      { kind: 'authority', from_on: '2026-11-24', through_on: '2026-11-27' },
      { kind: 'non_working', from_on: '2026-11-28', through_on: '2026-11-29' },
      { kind: 'authority', from_on: '2026-11-30', through_on: '2026-12-02' },
    ],
  },
  timeline: [
    {
      at_ms: at(17, 11, 6),
      kind: 'submit',
      title: '申请已提交',
      detail: '收到申请之日不计入，从下一个工作日起算。',
      actor: '孙经办',
    },
    {
      at_ms: at(18, 16, 20),
      kind: 'request_correction',
      title: '已一次性告知需要补正的内容',
      detail: '补正所用时间不计入审批时限。',
      actor: '李窗口',
    },
    {
      at_ms: at(23, 9, 36),
      kind: 'resubmit',
      title: '补正材料已提交',
      detail: '改了 4 处，补了 2 份。',
      actor: '孙经办',
    },
    { at_ms: at(24, 10, 20), kind: 'accept', title: '已受理', detail: '各部门开始并联审查。', actor: '李窗口' },
    {
      at_ms: at(27, 10, 5),
      kind: 'agree',
      title: '人防设计核验：同意',
      detail: '设计 1 520 ㎡，应建 1 500 ㎡。',
      actor: '钱人防',
    },
  ],
  items,
  correction: null,
  waiting_for: [{ kind: 'person', name: '王住建（施工许可条件审查）', since_at_ms: at(30, 3, 0), incident: null }],
  decision_reason: null,
  permit_number: null,
}

export function progress_of(application: Application): Progress {
  return { ...moment_of(application), round: application.round }
}

function moment_of(application: Application): Progress {
  if (application.application_id === kCorrectionId)
    return {
      ...progress,
      state: 'submitted',
      state_name: '待您补正',
      turn: 'applicant',
      headline: '请您补正 2 条内容；补齐之前审批不计时。',
      clock: { ...progress.clock, paused: true, light: null, segments: progress.clock.segments.slice(0, 2) },
      items: [],
      correction: { points: correction_points, opened_at_ms: at(18, 16, 20) },
      waiting_for: [{ kind: 'applicant', name: '申请人补正', since_at_ms: at(18, 16, 20), incident: null }],
    }
  if (application.application_id === kGrantedId)
    return {
      ...progress,
      state: 'granted',
      state_name: '已办结（准予）',
      turn: 'nobody',
      headline: '已准予许可，施工许可证已发放。',
      permit_number: application.permit_number,
      waiting_for: [],
      items: items.map((one) => ({ ...one, state: 'agreed', state_name: '同意' })),
    }
  if (application.state === 'draft')
    return {
      ...progress,
      state: 'draft',
      state_name: '待提交',
      turn: 'applicant',
      headline: '草稿还没有提交。',
      items: [],
      timeline: [],
      waiting_for: [],
    }
  return progress
}

export const letters: Letter[] = [
  {
    letter_id: 'l1',
    letter_kind: 'acceptance_notice',
    title: '受理通知书',
    number: '西住建许受〔2026〕421号',
    issued_at_ms: at(24, 10, 20),
    round: 2,
  },
  {
    letter_id: 'l2',
    letter_kind: 'correction_notice',
    title: '补正通知书',
    number: '西住建许补〔2026〕186号',
    issued_at_ms: at(18, 16, 20),
    round: 1,
  },
  {
    letter_id: 'l3',
    letter_kind: 'materials_receipt',
    title: '物料回执',
    number: '西住建许收〔2026〕533号',
    issued_at_ms: at(17, 11, 6),
    round: 1,
  },
]

const was = structuredClone(case_file.form) as Record<string, Record<string, unknown>>
if (was.works) was.works.pit_depth_max_mm = 4800
if (was.contract) was.contract.safety_fee_fen = 165_200_000
export const changed_fields = ['works.pit_depth_max_mm', 'contract.safety_fee_fen']

const filed_materials: Submission['materials'] = materials.map((one) => ({ ...one, proved_by: one.proved_by ?? '' }))

export const submissions: Submission[] = [
  {
    round: 1,
    submitted_at_ms: at(17, 11, 6),
    changed_fields: [],
    form: was as FormObject,
    materials: filed_materials,
    findings,
    remarks: [],
    answers: [],
    invited_parts: [],
  },
  {
    round: 2,
    submitted_at_ms: at(23, 9, 36),
    changed_fields,
    form: case_file.form,
    materials: filed_materials,
    findings,
    remarks: [],
    answers: [],
    invited_parts: [],
  },
]

export function process_view(): { bpmn_xml: string; active: string[]; completed: string[] } {
  const ids = [...bpmn_xml.matchAll(/<(?:bpmn:)?userTask id="([^"]+)"/g)].map((match) => match[1] ?? '')
  const review = ids.find((id) => /review.*housing|housing.*review/.test(id)) ?? ids[7] ?? ''
  return { bpmn_xml, active: [review], completed: ids.slice(0, ids.indexOf(review)) }
}
