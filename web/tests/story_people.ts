/** Who signs in in the story: the owner's agent, officers, administrators. */
import type { Account, Session } from '@/shared/api/types'
import { kNow } from './story_case'

export const owner_session: Session = {
  account: {
    account_id: '01934f00-0000-7000-8000-000000000001',
    account_name: 'school',
    display_name: '孙经办',
    kind: 'owner_agent',
    organisation_name: '杭州市西湖区教育建设中心(示例)',
    organisation_id: '01934f00-0000-7000-8000-0000000000c1',
    credit_code: '91330106MA0DEM0133',
    post: null,
    department: null,
    department_name: null,
    region_code: null,
    roles: ['owner_agent'],
  },
  csrf_token: 'csrf-owner',
  demo: true,
  stage: 'full',
  factor_kinds: [],
  enrolment_code_needed: false,
  organisations: [
    {
      organisation_id: '01934f00-0000-7000-8000-0000000000c1',
      organisation_name: '杭州市西湖区教育建设中心(示例)',
      duty: 'admin',
    },
  ],
  idle_ms: 1_800_000,
  ends_at_ms: kNow + 43_200_000,
  now_ms: kNow,
}

function officer(
  account_name: string,
  display_name: string,
  department: string,
  name: string,
  roles: Account['roles'],
): Session {
  return {
    ...owner_session,
    organisations: [],
    account: {
      ...owner_session.account,
      organisation_id: null,
      account_id: `account-${account_name}`,
      account_name,
      display_name,
      kind: 'officer',
      organisation_name: '杭州市西湖区',
      credit_code: null,
      department,
      department_name: name,
      region_code: '330106',
      roles,
    },
    csrf_token: `csrf-${account_name}`,
  }
}

function administrator(
  account: string,
  display_name: string,
  department_name: string,
  role: Account['roles'][number] = 'rule_admin',
): Session {
  const session = officer(account, display_name, 'housing', department_name, [role])
  return { ...session, account: { ...session.account, kind: 'administrator', region_code: null } }
}

export const sessions: Record<string, Session> = {
  school: owner_session,
  housing: officer('housing', '王住建', 'housing', '住房和城乡建设局', ['reviewer']),
  clerk: officer('clerk', '李窗口', 'housing', '住房和城乡建设局', ['window_clerk', 'acceptance_officer']),
  head: officer('head', '陈科长', 'housing', '住房和城乡建设局', ['section_head']),
  leader: officer('leader', '林局长', 'housing', '住房和城乡建设局', ['deciding_leader']),
  rules: administrator('rules', '陈可', '法规科'),
  legal: administrator('legal', '沈砚', '行政审批科'),
  admin: administrator('admin', '系统管理员', '', 'system_admin'),
  security: administrator('security', '安全管理员', '', 'security_admin'),
  audit: administrator('audit', '审计管理员', '', 'audit_admin'),
}
