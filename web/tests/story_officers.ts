/** The officers' part of the story: tasks with their outcomes, what was done, the inbox. */
import type { Task, TaskRecord, InboxRow } from '@/shared/api/types'
import { at, kApplicationId } from './story_case'

const outcomes: Task['outcomes'] = [
  {
    code: 'agree',
    label: '同意',
    tone: 'primary',
    reason_required: false,
    points_required: false,
    points_allowed: false,
    consequence: '本部门事项即为同意；其他部门都有结论后进入复核。',
    blocked_because: null,
  },
  {
    code: 'agree_with_conditions',
    label: '附条件同意…',
    tone: 'normal',
    reason_required: true,
    points_required: false,
    points_allowed: false,
    consequence: '条件写进决定书，由您写明责任人和期限。',
    blocked_because: null,
  },
  {
    code: 'correct',
    label: '退回补正…',
    tone: 'normal',
    reason_required: true,
    points_required: true,
    points_allowed: true,
    consequence: '要点并入一次性告知，申请人补正期间审批不计时。',
    blocked_because: null,
  },
  {
    code: 'disagree',
    label: '不同意…',
    tone: 'danger',
    reason_required: true,
    points_required: false,
    points_allowed: false,
    consequence: '本部门事项为不同意，这件申请将不能准予许可。理由和条文会写进不予许可决定书。',
    blocked_because: null,
  },
]

export const review_task: Task = {
  task_id: 't-review',
  application_id: kApplicationId,
  application_number: '330106-2026-00421',
  element_id: 'review_housing',
  name: '施工许可条件审查',
  kind: 'review',
  item: 'housing',
  department: 'housing',
  state: 'open',
  assignee_name: '王住建',
  assigned_to_me: true,
  original_assignee_name: null,
  version: 2,
  legal_basis: '建筑法第八条；建筑工程施工许可管理办法第四条',
  checklist: [
    { code: 'c1', text: '用地手续已办，权利人与建设单位一致' },
    { code: 'c2', text: '规划许可证有效，面积不超' },
    { code: 'c3', text: '施工企业已确定，合同在有效期' },
    { code: 'c4', text: '质量、安全措施具体，责任到人' },
    { code: 'c5', text: '资金落实承诺已签' },
    { code: 'c6', text: '施工图满足施工需要' },
    { code: 'c7', text: '监理资质有效' },
  ],
  outcomes,
  operations: [],
  returned: null,
  return_targets: [],
  vote: null,
  signers: [],
  parent: null,
  acts: [],
  outcome: null,
  outcome_label: null,
  opinion: null,
  actor_name: null,
  cancel_cause: null,
  created_at_ms: at(24, 10, 20),
  completed_at_ms: null,
}

const kReviewSteps = [
  ['review_fire', '消防设计审查核验'],
  ['review_planning', '规划许可核验'],
] as const

/** A case whose fire department is asked to look once more. */
export const returned_task: Task = {
  ...review_task,
  task_id: 't-returned',
  returned: {
    from_name: '复核',
    returned_by: '陈科长',
    reason: '请复核疏散距离。',
    onward: 'straight',
    returned_at_ms: at(30, 9, 20),
  },
}

export const recheck_task: Task = {
  ...review_task,
  task_id: 't-recheck',
  element_id: 'recheck',
  name: '复核',
  kind: 'recheck',
  item: null,
  assignee_name: '陈科长',
  checklist: [],
  operations: [{ code: 'return', blocked_because: null }],
  return_targets: kReviewSteps.map(([element_id, name], place) => ({ element_id, name, can_go_straight: place === 0 })),
}

export const decide_task: Task = {
  ...review_task,
  task_id: 't-decide',
  element_id: 'decide',
  name: '决定',
  kind: 'decide',
  item: null,
  assignee_name: '林局长',
  checklist: [],
  legal_basis: '行政许可法第三十七、三十八条',
  outcomes: [
    {
      code: 'grant',
      label: '准予许可并签发',
      tone: 'primary',
      reason_required: false,
      points_required: false,
      points_allowed: false,
      consequence: '准予后今天发决定书，10 个工作日内送达证照，编号发证时生成。',
      blocked_because: null,
    },
    {
      code: 'return',
      label: '退回补充…',
      tone: 'normal',
      reason_required: true,
      points_required: false,
      points_allowed: false,
      consequence: '退回审查部门，时限照走。',
      blocked_because: null,
    },
    {
      code: 'refuse',
      label: '不予许可…',
      tone: 'danger',
      reason_required: true,
      points_required: false,
      points_allowed: false,
      consequence: '发出不予行政许可决定书，申请到此结束；申请人可在 60 日内申请行政复议，或 6 个月内起诉。',
      blocked_because: '没有部门不同意，不能不予许可',
    },
  ],
}

export const tasks: Record<string, Task> = {
  't-review': review_task,
  't-decide': decide_task,
  't-returned': returned_task,
  't-recheck': recheck_task,
  't-done': {
    ...review_task,
    task_id: 't-done',
    state: 'completed',
    outcome: 'agree',
    outcome_label: '同意',
    actor_name: '王住建',
    completed_at_ms: at(30, 10, 12),
  },
  't-free': { ...review_task, task_id: 't-free', assignee_name: null, assigned_to_me: false },
}

function record(task: Task, part: Partial<TaskRecord>): TaskRecord {
  return { ...task, ...part }
}

export const task_records: TaskRecord[] = [
  record(review_task, {}),
  record(review_task, {
    task_id: 't-cd',
    name: '人防设计核验',
    item: 'civil_defence',
    state: 'completed',
    outcome: 'agree',
    opinion: '设计 1 520 ㎡，应建 1 500 ㎡。',
    completed_at_ms: at(27, 10, 5),
    actor_name: '钱人防',
  }),
  record(review_task, {
    task_id: 't-fire',
    name: '消防设计审查核验',
    item: 'fire',
    state: 'completed',
    outcome: 'agree',
    opinion: '设计审查合格，面积覆盖。',
    completed_at_ms: at(26, 15, 40),
    actor_name: '赵消防',
  }),
  record(review_task, {
    task_id: 't-plan',
    name: '规划许可核验',
    item: 'planning',
    state: 'completed',
    outcome: 'agree',
    opinion: '与规划许可证一致。',
    completed_at_ms: at(25, 9, 10),
    actor_name: '郑规划',
  }),
  record(review_task, {
    task_id: 't-accept',
    name: '受理',
    item: null,
    state: 'completed',
    outcome: 'agree',
    opinion: '补正齐全，予以受理。',
    completed_at_ms: at(24, 10, 20),
    actor_name: '李窗口',
  }),
]

const names: [string, string, string, InboxRow['light'], number | null, string | null, string | null][] = [
  ['西溪湿地游客服务用房装修工程', '杭州西溪文旅发展有限公司(示例)', '00397', 'red', -1, '王住建', '人防 11-26 同意'],
  [
    '文三数字街区 3 号楼幕墙改造',
    '杭州文三产业运营有限公司(示例)',
    '00408',
    'yellow',
    0,
    '王住建',
    '消防 11-30 同意，附 1 条',
  ],
  ['翠苑小学扩建工程', '杭州市西湖区教育建设中心(示例)', '00421', 'yellow', 1, '王住建', '质安 11-30 附条件同意'],
  ['古荡街道社区卫生服务中心', '西湖区古荡卫生建设办公室(示例)', '00419', 'yellow', 1, null, '质安 11-27 同意'],
  ['三墩北 R21-14 地块住宅（一标段）', '杭州墩和置业有限公司(示例)', '00425', 'green', 2, '王住建', '受理 11-24'],
  ['转塘科创园 B 区 2 号厂房', '浙江转塘智造有限公司(示例)', '00427', 'green', 2, '周子衡', '受理 11-24'],
  [
    '蒋村地铁上盖配套公园地下车库',
    '杭州蒋村城建开发有限公司(示例)',
    '00430',
    'green',
    3,
    '陈科长',
    '建管 11-30 附条件同意',
  ],
  ['留下街道安置房四期', '西湖区留下城市更新中心(示例)', '00431', 'green', 3, '王住建', '规资 11-30 同意'],
  ['灵隐支路综合管廊改造', '西湖区市政建设服务中心(示例)', '00412', null, null, '王住建', '11-25 一次性告知 3 条'],
  ['双浦新区小学新建工程', '西湖区教育基建管理中心(示例)', '00437', 'green', 4, null, '受理 11-26'],
  ['云栖会展中心屋面光伏加建', '杭州云栖会展有限公司(示例)', '00440', 'green', 5, '王住建', '退回 11-30 换人复核'],
  ['五常港路人行天桥', '西湖区市政建设服务中心(示例)', '00443', 'green', 6, null, '受理 11-30'],
]

export const inbox_rows: InboxRow[] = names
  .map(([works_name, owner_name, serial, light, left, assignee, last], place) => ({
    task_id: serial === '00421' ? 't-review' : assignee ? 't-decide' : 't-free',
    application_id: kApplicationId,
    application_number: `330106-2026-${serial}`,
    matter_code: 'construction-permit',
    matter_name: '建筑工程施工许可证核发',
    kind: (place === 6 ? 'recheck' : 'review') as InboxRow['kind'],
    version: 2,
    state: 'open' as const,
    outcome_label: null,
    works_name,
    owner_name,
    region_code: '330106',
    step_name: place === 6 ? '复核' : place === 11 ? '完整性核对' : '施工许可条件审查',
    department: 'housing',
    due_on: `2026-12-0${Math.min(9, 1 + Math.max(0, left ?? 0))}`,
    provisional: false,
    paused: light === null,
    light,
    remaining_working_days: left ?? 0,
    assignee_name: assignee,
    assigned_to_me: assignee === '王住建',
    last_opinion: last,
    created_at_ms: at(24, 10, place),
    completed_at_ms: null,
  }))
  .map((row, place) => ({ ...row, task_id: `${row.task_id}${row.task_id === 't-review' ? '' : `#${place}`}` }))
