/**
 * Accounts, companies and administration without a server: each answer stands under its method and path, and a test puts
 * another in its place.
 */
import type { Session } from '@/shared/api/types'
import type {
  FirstPassword,
  Grant,
  PersonShown,
  RegisteredOrganisation,
  Successions,
} from '@/modules/administration/types'
import type {
  OrganisationShown,
  OwnAccount,
  OwnOrganisation,
  PrivacyNotice,
  SessionRow,
  SignInEntry,
} from '@/modules/identity/types'
import { kNow, sessions as people } from './story'

export interface Answer {
  status: number
  body?: unknown
  reason?: string
  fields?: { field: string; reason: string; message: string }[]
}
type Said = Answer | ((body: Record<string, unknown>, query: URLSearchParams) => Answer)

export interface PeopleStub {
  answers: Map<string, Said>
  answer: (method: string, path: string, body: Record<string, unknown>, query: URLSearchParams) => Answer | null
}

export const kCompany = '01934f00-0000-7000-8000-0000000000c1'
export const kPerson = '01934f00-0000-7000-8000-0000000000a1'
const kChrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36'
const kPhone = 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile MicroMessenger/8.0'

export const own_account: OwnAccount = {
  account_name: 'school',
  display_name: '孙经办',
  phone: '138****0001',
  email: null,
  has_id_number: false,
  id_number_verified_by: null,
  has_password: true,
  password_changed_at_ms: kNow - 86_400_000,
  password_due_at_ms: null,
  factor_forced: false,
}

const session_rows: SessionRow[] = [
  ['s-1', true, kChrome],
  ['s-2', false, kPhone],
].map(([session_id, current, user_agent]) => ({
  session_id: String(session_id),
  current: current === true,
  stage: 'full',
  method: 'password',
  address: '192.0.2.10',
  user_agent: String(user_agent),
  created_at_ms: kNow - 3_600_000,
  last_seen_at_ms: kNow - 60_000,
}))

export function entry(
  entry_id: string,
  outcome: SignInEntry['outcome'],
  method: SignInEntry['method'] = 'password',
): SignInEntry {
  return { entry_id, outcome, method, address: '192.0.2.10', user_agent: kChrome, at_ms: kNow }
}

export const own_organisation: OwnOrganisation = {
  organisation_id: kCompany,
  organisation_name: '杭州市西湖区教育建设中心(示例)',
  credit_code: '91330106MA0DEM0133',
  state: 'active',
  state_reason: null,
  duty: 'admin',
  valid_through_on: null,
  current: true,
}

export const organisation: OrganisationShown = {
  organisation_id: kCompany,
  organisation_name: own_organisation.organisation_name,
  credit_code: own_organisation.credit_code,
  state: 'active',
  state_reason: null,
  created_at_ms: kNow,
  version: 1,
  members: [
    ['m-1', '孙经办', 'school', 'admin', true],
    ['m-2', '李经办', 'li', 'agent', false],
  ].map(([membership_id, display_name, account_name, duty, self]) => ({
    membership_id: String(membership_id),
    display_name: String(display_name),
    account_name: String(account_name),
    phone: '138****0002',
    duty: duty === 'admin' ? ('admin' as const) : ('agent' as const),
    authority_reference: self ? null : '授权委托书〔2026〕12 号',
    valid_through_on: self ? null : '2027-06-30',
    created_at_ms: kNow,
    self: self === true,
  })),
  invitations: [
    { invitation_id: 'i-1', phone: '139****0003', duty: 'agent', over: false, expires_at_ms: kNow + 86_400_000 },
  ],
}

export const registered: RegisteredOrganisation = {
  organisation_id: kCompany,
  organisation_name: own_organisation.organisation_name,
  credit_code: own_organisation.credit_code,
  state: 'pending',
  state_reason: null,
  created_at_ms: kNow,
  version: 3,
  registrant: {
    display_name: '孙经办',
    account_name: 'school',
    phone: '138****0002',
    registered_at_ms: kNow,
    authority_reference: '授权委托书〔2026〕12 号',
    organisations_count: 4,
    pending_count: 2,
  },
}

export const person: PersonShown = {
  account_id: kPerson,
  account_name: 'housing',
  display_name: '王住建',
  kind: 'officer',
  state: 'active',
  state_reason: null,
  locked_until_ms: null,
  organisation_name: '杭州市西湖区',
  department: 'housing',
  department_name: '住房和城乡建设局',
  region_code: '330106',
  post: null,
  phone: null,
  roles: ['reviewer'],
  matters: [],
  clearance: 'normal',
  factor_kinds: ['totp'],
  enrolment_code_needed: false,
  enrolment_code_until_ms: null,
  created_at_ms: kNow,
  version: 4,
  id_number: { given: false, verified_by: null, verified_at_ms: null, officer_name: null, reason: null },
  sessions: [],
  organisations: [],
  proposals: [],
}

export const successions: Successions = {
  proposals: [
    {
      proposal_id: 's-1',
      predecessor_code: '91330106MA0JRN004E',
      predecessor_name: '杭州示例建设有限公司',
      successor_code: own_organisation.credit_code,
      successor_name: own_organisation.organisation_name,
      reason: '吸收合并，见合并协议〔2026〕3 号',
      proposed_by: '系统管理员',
      proposed_at_ms: kNow,
      expires_at_ms: kNow + 604_800_000,
    },
  ],
  successions: [
    {
      predecessor_code: '91330106MA0DEM0214',
      predecessor_name: '杭州示例置业有限公司',
      successor_code: own_organisation.credit_code,
      successor_name: own_organisation.organisation_name,
      reason: '更名',
      at_ms: kNow - 86_400_000,
    },
  ],
}

export const privacy_notice: PrivacyNotice = {
  handler: '示例市住房和城乡建设局',
  contact: '综合窗口 0571-00000000',
  session_hours: 12,
  sign_ins_days: 400,
  messages_days: 90,
}

export const first_password: FirstPassword = {
  initial_password: 'abcd2345efgh6789',
  initial_password_until_ms: kNow + 259_200_000,
}

const grants: Grant[] = [
  ['system_admin', 'accounts.read accounts.create accounts.change accounts.block accounts.give_password'],
  ['system_admin', 'accounts.propose_factor_reset rights.read organisations.read organisations.propose_succession'],
  ['system_admin', 'oauth.read oauth.propose oauth.suspend'],
  ['security_admin', 'oauth.read oauth.approve oauth.suspend oauth.make_secret oauth.rotate_keys keys.read'],
  ['audit_admin', 'oauth.read'],
  [
    'security_admin',
    'accounts.read accounts.grant accounts.give_enrolment_code accounts.unlock accounts.end_sessions accounts.reset_factors',
  ],
  ['security_admin', 'sign_ins.read rights.read organisations.read organisations.confirm_succession'],
  ['audit_admin', 'accounts.read sign_ins.read rights.read organisations.read'],
].flatMap(([role, actions]) =>
  (actions ?? '').split(' ').map((action) => ({ role: role as Grant['role'], action, scope: 'any' as const })),
)
const grants_of_cases: Grant[] = [
  { role: 'reviewer', action: 'approval.work', scope: 'region' },
  { role: 'reviewer', action: 'approval.read', scope: 'department' },
  { role: 'owner_agent', action: 'applications.write', scope: 'company' },
]

function ok(body: unknown): Answer {
  return { status: 200, body }
}
const done: Answer = { status: 204 }

/** Of somebody who has proved nothing but his password. */
export function at_stage(account: string, stage: Session['stage'], kinds: Session['factor_kinds'] = []): Session {
  const session = people[account]
  if (!session) throw new Error(`nobody is called ${account}`)
  return { ...session, stage, factor_kinds: kinds }
}

export function make_people_stub(): PeopleStub {
  const invitation = {
    organisation_name: organisation.organisation_name,
    credit_code: organisation.credit_code,
    duty: 'agent',
    authority_reference: '授权委托书〔2026〕12 号',
    valid_through_on: '2027-06-30',
    expires_at_ms: kNow + 86_400_000,
  }
  const answers = new Map<string, Said>([
    ['POST /session/step-up', done],
    ['POST /registrations/codes', { status: 201, body: { challenge_id: 'challenge-1' } }],
    ['POST /password-resets/codes', { status: 201, body: { challenge_id: 'challenge-2' } }],
    ['POST /password-resets', done],
    ['GET /account', ok(own_account)],
    ['PUT /account/password', done],
    ['POST /account/contacts', { status: 201, body: { challenge_id: 'challenge-3' } }],
    ['POST /account/contacts/confirmation', done],
    ['PUT /account/id-number', done],
    ['GET /account/sessions', ok({ sessions: session_rows })],
    ['DELETE /account/sessions', done],
    ['DELETE /account/sessions/s-2', done],
    ['GET /account/sign-ins', ok({ sign_ins: [entry('e-1', 'signed_in')], next_cursor: null })],
    ['GET /organisations', ok({ organisations: [own_organisation] })],
    ['POST /organisations', { status: 201, body: organisation }],
    [`GET /organisations/${kCompany}`, ok(organisation)],
    [`POST /organisations/${kCompany}/invitations`, { status: 201, body: {} }],
    [`DELETE /organisations/${kCompany}/invitations/i-1`, done],
    [`POST /organisations/${kCompany}/members/m-2/removal`, done],
    ['GET /oauth/provider', ok({ provider: null })],
    ['GET /oauth/provider/link', ok({ linked_at_ms: null })],
    ['POST /invitations/view', ok(invitation)],
    ['POST /invitations/acceptance', done],
    ['GET /admin/accounts', ok({ accounts: [person], next_cursor: null })],
    ['POST /admin/accounts', { status: 201, body: { ...person, ...first_password } }],
    [`GET /admin/accounts/${kPerson}`, ok(person)],
    ['GET /admin/rights', ok({ grants: [...grants, ...grants_of_cases] })],
    [
      'GET /admin/sign-ins',
      ok({
        sign_ins: [{ ...entry('e-1', 'locked'), account_id: kPerson, account_name: 'housing' }],
        next_cursor: null,
      }),
    ],
    ['GET /admin/organisations', ok({ organisations: [registered], next_cursor: null })],
    [`POST /admin/organisations/${kCompany}/verification`, ok(registered)],
    [`POST /admin/organisations/${kCompany}/rejection`, ok(registered)],
    ['GET /admin/successions', ok(successions)],
    ['POST /admin/successions', { status: 201, body: { proposal_id: 's-2' } }],
    ['POST /admin/successions/s-1/confirmation', done],
    ['POST /admin/successions/s-1/refusal', done],
    ['GET /privacy-notice', ok(privacy_notice)],
  ])
  return {
    answers,
    answer(method, path, body, query) {
      const said = answers.get(`${method} ${path}`)
      return typeof said === 'function' ? said(body, query) : (said ?? null)
    },
  }
}
