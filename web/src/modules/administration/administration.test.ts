import { cleanup, screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { make_stub, type Stub } from '../../../tests/stub'
import { first_password, kCompany, kPerson, own_organisation, person, successions } from '../../../tests/stub_people'
import type { PersonShown } from './types'
import OrganisationsPage from './pages/OrganisationsPage.vue'
import PeoplePage from './pages/PeoplePage.vue'
import PersonPage from './pages/PersonPage.vue'
import RightsPage from './pages/RightsPage.vue'
import SignInsPage from './pages/SignInsPage.vue'
import SuccessionsPage from './pages/SuccessionsPage.vue'

const kRoot = `/admin/accounts/${kPerson}`
const acts = (stub: Stub) => stub.seen.filter((one) => one.method !== 'GET' && one.path.startsWith('/admin'))
const press = async (name: string | RegExp) => userEvent.click(await screen.findByRole('button', { name }))
const dialog = () => within(screen.getByRole('dialog'))

async function fill(label: string | RegExp, text: string): Promise<void> {
  await userEvent.click(dialog().getByLabelText(label))
  await userEvent.paste(text)
}

function open_person(account: string, more: Partial<PersonShown> = {}, stub = make_stub(account)) {
  stub.people.answers.set(`GET ${kRoot}`, { status: 200, body: { ...person, ...more } })
  for (const act of ['blocking', 'unblocking', 'unlocking', 'factor-resets', 'factor-resets/p-1/confirmation'])
    stub.people.answers.set(`POST ${kRoot}/${act}`, { status: 200, body: person })
  stub.people.answers.set(`POST ${kRoot}/password`, { status: 200, body: first_password })
  stub.people.answers.set(`DELETE ${kRoot}/sessions`, { status: 200, body: person })
  stub.people.answers.set(`PUT ${kRoot}`, { status: 200, body: person })
  stub.people.answers.set(`PUT ${kRoot}/rights`, { status: 200, body: person })
  const address = `/administration/people/${kPerson}`
  return mount_page(PersonPage, '/administration/people/:account_id', address, account, stub)
}

describe('people', () => {
  const open = (account: string, address = '/administration/people', stub = make_stub(account)) =>
    mount_page(PeoplePage, '/administration/people', address, account, stub)

  it('are found by what the address says, page after page', async () => {
    const stub = make_stub('security')
    const asked: string[] = []
    stub.people.answers.set('GET /admin/accounts', (_, query) => {
      asked.push(query.toString())
      const next_cursor = query.get('cursor') ? null : '330106/housing'
      const one = { ...person, account_id: `p-${asked.length}`, display_name: `王住建${asked.length}` }
      return { status: 200, body: { accounts: [one], next_cursor } }
    })
    await open('security', '/administration/people?role=reviewer&query=hou', stub)
    await screen.findByText('王住建1')
    await press('再显示一些')
    await screen.findByText('王住建2')
    expect(asked).toEqual([
      'role=reviewer&query=hou&limit=50',
      'role=reviewer&query=hou&cursor=330106%2Fhousing&limit=50',
    ])
    await userEvent.selectOptions(screen.getByLabelText('状态'), 'blocked')
    await waitFor(() => expect(asked[2]).toBe('state=blocked&role=reviewer&query=hou&limit=50'))
    expect(await axe_findings()).toEqual([])
  })

  it('are created by the system administrator alone, whose password is shown once', async () => {
    const page = await open('admin')
    await press('新建账号')
    await userEvent.click(dialog().getByRole('button', { name: '新建账号' }))
    expect(dialog().getByRole('alert').textContent).toContain('请填写部门代码')
    await fill(/^账号/, 'wang2')
    await fill(/^姓名/, '王新')
    await fill(/^单位/, '杭州市西湖区')
    await fill(/^部门代码/, 'housing')
    await fill(/^行政区划代码/, '330106')
    await userEvent.click(dialog().getByRole('button', { name: '新建账号' }))
    await dialog().findByText('abcd2345efgh6789')
    expect(dialog().getByText(/只显示这一次/)).toBeTruthy()
    expect(await axe_findings()).toEqual([])
    await userEvent.click(dialog().getByRole('button', { name: '已经告诉本人' }))
    expect(screen.queryByText('abcd2345efgh6789')).toBeNull()
    expect(acts(page.stub)[0]?.body).toEqual({
      account_name: 'wang2',
      kind: 'officer',
      display_name: '王新',
      organisation_name: '杭州市西湖区',
      department: 'housing',
      region_code: '330106',
    })
  })

  it.each(['security', 'audit'])('are created by nobody else, such as %s', async (account) => {
    await open(account)
    await screen.findByText('王住建')
    expect(screen.queryByRole('button', { name: '新建账号' })).toBeNull()
  })

  it('say what to do when nobody fits', async () => {
    const stub = make_stub('audit')
    stub.people.answers.set('GET /admin/accounts', { status: 200, body: { accounts: [], next_cursor: null } })
    await open('audit', '/administration/people?query=zzz', stub)
    await screen.findByText('没有符合条件的人员')
  })
})

describe('one person', () => {
  const kSystem = ['修改资料', '停用账号', '重设密码', '提议重置两步验证']
  const kSecurity = ['授予角色与权限']

  it.each([
    ['admin', kSystem, kSecurity],
    ['security', kSecurity, kSystem],
    ['audit', [], [...kSystem, ...kSecurity]],
  ])('is managed by %s in his own part alone, and the page says whose the rest is', async (account, there, absent) => {
    await open_person(account)
    await screen.findByText('为什么没有别的按钮')
    for (const name of there) expect(await screen.findByRole('button', { name })).toBeTruthy()
    for (const name of absent) expect(screen.queryByRole('button', { name })).toBeNull()
    const other = account === 'security' ? '由系统管理员办理。' : '由安全管理员办理。'
    expect(screen.getAllByText(other).length).toBeGreaterThan(0)
    expect(await axe_findings()).toEqual([])
  })

  it('is blocked with a reason, of the version that was seen', async () => {
    const page = await open_person('admin')
    await press('停用账号')
    await userEvent.click(dialog().getByRole('button', { name: '停用账号' }))
    expect(dialog().getByRole('alert').textContent).toContain('请填写原因')
    await fill(/^原因/, '调离')
    await userEvent.click(dialog().getByRole('button', { name: '停用账号' }))
    await screen.findByText('账号已停用，登录已退出')
    const act = acts(page.stub)[0]
    expect([act?.path, act?.body, act?.headers.get('If-Match')]).toEqual([
      `${kRoot}/blocking`,
      { reason: '调离' },
      '"4"',
    ])
  })

  it('keeps what was typed when somebody else was faster', async () => {
    const stub = make_stub('admin')
    const page = open_person('admin', {}, stub)
    stub.people.answers.set(`POST ${kRoot}/blocking`, {
      status: 412,
      reason: 'identity.account_changed',
      body: '刚被别人改过。',
    })
    await page
    await press('停用账号')
    await fill(/^原因/, '调离')
    await userEvent.click(dialog().getByRole('button', { name: '停用账号' }))
    expect((await dialog().findByRole('alert')).textContent).toContain('刚被别人改过')
    expect(dialog().getByLabelText(/^原因/)).toHaveProperty('value', '调离')
  })

  it('is given a password that is shown once', async () => {
    await open_person('admin')
    await press('重设密码')
    await userEvent.click(dialog().getByRole('button', { name: '重设密码' }))
    await screen.findByText('abcd2345efgh6789')
  })

  it('who binds his first factor is handed a code by the security administrator, shown once', async () => {
    const page = await open_person('security', { factor_kinds: [], enrolment_code_needed: true })
    page.stub.people.answers.set(`POST ${kRoot}/enrolment-code`, {
      status: 200,
      body: { enrolment_code: 'K7QM2-XR4PT', enrolment_code_until_ms: person.created_at_ms },
    })
    await screen.findByText(/登录后要先输入绑定码/)
    await press('发放绑定码')
    expect(await axe_findings()).toEqual([])
    await userEvent.click(dialog().getByRole('button', { name: '发放绑定码' }))
    await screen.findByText('K7QM2-XR4PT')
    expect(await axe_findings()).toEqual([])
  })

  it('needs no code who has a factor; until when one is good is said', async () => {
    await open_person('security')
    await screen.findByRole('heading', { name: '可以办理' })
    expect(screen.queryByRole('button', { name: '发放绑定码' })).toBeNull()
    cleanup()
    await open_person('admin', {
      factor_kinds: [],
      enrolment_code_needed: true,
      enrolment_code_until_ms: person.created_at_ms,
    })
    await screen.findByText(/绑定码已经发放/)
    expect(screen.queryByRole('button', { name: '发放绑定码' })).toBeNull()
  })

  it('is granted roles by the security administrator', async () => {
    const page = await open_person('security')
    await press('授予角色与权限')
    await userEvent.click(dialog().getByRole('checkbox', { name: /科室负责人/ }))
    await userEvent.click(dialog().getByRole('radio', { name: '含限制知悉的案件' }))
    expect(await axe_findings()).toEqual([])
    await userEvent.click(dialog().getByRole('button', { name: '保存授权' }))
    await screen.findByText('授权已保存，马上生效')
    expect(acts(page.stub)[0]?.body).toEqual({
      roles: ['reviewer', 'section_head'],
      matters: [],
      clearance: 'restricted',
    })
  })

  it('who is an administrator is one of the four', async () => {
    const page = await open_person('security', { kind: 'administrator', roles: [] })
    await press('授予角色与权限')
    await userEvent.click(dialog().getByRole('radio', { name: /系统管理员/ }))
    await userEvent.click(dialog().getByRole('radio', { name: /审计管理员/ }))
    await userEvent.click(dialog().getByRole('button', { name: '保存授权' }))
    await waitFor(() => expect(acts(page.stub)[0]?.body).toMatchObject({ roles: ['audit_admin'] }))
  })

  it('who is locked is freed, and who proposed a reset is told to the one who confirms', async () => {
    const proposal = {
      proposal_id: 'p-1',
      act: 'accounts.reset_factors' as const,
      reason: '手机丢失',
      proposed_by: '系统管理员',
      proposed_at_ms: person.created_at_ms,
    }
    const page = await open_person('security', { locked_until_ms: person.created_at_ms, proposals: [proposal] })
    await screen.findByText(/系统管理员 于 .* 提议重置两步验证：手机丢失/)
    await press('解除登录锁定')
    await userEvent.click(dialog().getByRole('button', { name: '解除锁定' }))
    await screen.findByText('锁定已解除')
    await press('同意重置两步验证')
    await userEvent.click(dialog().getByRole('button', { name: '同意重置' }))
    await screen.findByText('两步验证已重置，登录已退出')
    expect(acts(page.stub).map((one) => one.path)).toEqual([
      `${kRoot}/unlocking`,
      `${kRoot}/factor-resets/p-1/confirmation`,
    ])
  })
})

describe('registered companies', () => {
  const open = (account: string) =>
    mount_page(OrganisationsPage, '/administration/organisations', '/administration/organisations', account)

  it('are verified at the window, or not with a reason', async () => {
    const page = await open('clerk')
    await screen.findByText(/孙经办/)
    for (const shown of ['138****0002', '授权委托书〔2026〕12 号', /共 4 个.*2 个等待核验/]) screen.getByText(shown)
    await press(/^核验通过 /)
    await screen.findByText(/已核验通过/)
    await press(/不通过$/)
    await fill(/^原因/, '名称与执照不一致')
    expect(await axe_findings()).toEqual([])
    await userEvent.click(dialog().getByRole('button', { name: '核验不通过' }))
    await screen.findByText('已标为未通过')
    expect(acts(page.stub).map((one) => [one.path, one.body])).toEqual([
      [`/admin/organisations/${kCompany}/verification`, {}],
      [`/admin/organisations/${kCompany}/rejection`, { reason: '名称与执照不一致' }],
    ])
    expect(acts(page.stub).map((one) => one.headers.get('If-Match'))).toEqual(['"3"', '"3"'])
  })

  it('are judged as they were seen: who was too late is told and looks again', async () => {
    const stub = make_stub('clerk')
    stub.people.answers.set(`POST /admin/organisations/${kCompany}/verification`, {
      status: 412,
      reason: 'identity.organisation_changed',
      body: '您看过以后这个单位的登记有了变化，请刷新后重新核对。',
    })
    const page = await mount_page(
      OrganisationsPage,
      '/administration/organisations',
      '/administration/organisations',
      'clerk',
      stub,
    )
    await press(/^核验通过 /)
    await screen.findByText(/您看过以后这个单位的登记有了变化/)
    const lists = page.stub.seen.filter((one) => one.path === '/admin/organisations')
    expect(lists).toHaveLength(2)
  })

  it('are only looked at by an administrator', async () => {
    await open('admin')
    await screen.findByText(/由窗口核验；管理员只查看/)
    expect(screen.queryByRole('button', { name: /^核验通过/ })).toBeNull()
  })
})

describe('successions', () => {
  const kPath = '/administration/successions'
  const open = (account: string, stub = make_stub(account)) => mount_page(SuccessionsPage, kPath, kPath, account, stub)

  it('are proposed by one administrator, who cannot confirm', async () => {
    const page = await open('admin')
    await screen.findByText(/您提议，安全管理员核实后同意/)
    expect(screen.queryByRole('button', { name: /^同意承继/ })).toBeNull()
    await press('提交提议')
    await screen.findAllByText('请填写 18 位统一社会信用代码')
    expect(await axe_findings()).toEqual([])
    const type = async (label: RegExp, text: string) => {
      await userEvent.click(screen.getByLabelText(label))
      await userEvent.paste(text)
    }
    await type(/^原单位的统一社会信用代码/, '91330106 ma0jrn004e')
    await type(/^承继单位的统一社会信用代码/, own_organisation.credit_code)
    await type(/^原因/, '吸收合并')
    await press('提交提议')
    await screen.findByText('提议已提交，等安全管理员同意')
    expect(acts(page.stub).map((one) => [one.path, one.body])).toEqual([
      [
        '/admin/successions',
        {
          predecessor_code: '91330106MA0JRN004E',
          successor_code: own_organisation.credit_code,
          reason: '吸收合并',
        },
      ],
    ])
  })

  it('are confirmed or refused by another, who sees names, codes and the reason', async () => {
    const page = await open('security')
    await screen.findByText('吸收合并，见合并协议〔2026〕3 号')
    expect(screen.queryByRole('button', { name: '提交提议' })).toBeNull()
    for (const shown of ['杭州示例建设有限公司', '91330106MA0JRN004E', '杭州示例置业有限公司']) screen.getByText(shown)
    expect(await axe_findings()).toEqual([])
    await press('同意承继 杭州示例建设有限公司')
    expect(dialog().getByText('91330106MA0JRN004E')).toBeTruthy()
    await userEvent.click(dialog().getByRole('button', { name: '同意承继' }))
    await screen.findByText('已同意，权利马上转移')
    await press('不同意承继 杭州示例建设有限公司')
    await fill(/^原因/, '缺少合并协议')
    await userEvent.click(dialog().getByRole('button', { name: '不同意承继' }))
    await screen.findByText('已不同意，提议作废')
    expect(acts(page.stub).map((one) => [one.path, one.body])).toEqual([
      ['/admin/successions/s-1/confirmation', {}],
      ['/admin/successions/s-1/refusal', { reason: '缺少合并协议' }],
    ])
  })

  it('have an empty, a broken and a forbidden look', async () => {
    const stub = make_stub('audit')
    stub.people.answers.set('GET /admin/successions', { status: 503, reason: 'http.busy', body: '系统繁忙。' })
    await open('audit', stub)
    await screen.findByText('系统繁忙。')
    stub.people.answers.set('GET /admin/successions', { status: 200, body: { proposals: [], successions: [] } })
    await press('再试一次')
    await screen.findByText('没有等待同意的提议')
    screen.getByText('还没有承继记录')
    expect(await axe_findings()).toEqual([])
    cleanup()
    stub.people.answers.set('GET /admin/successions', {
      status: 403,
      reason: 'authz.not_permitted',
      body: '没有权限。',
    })
    await open('audit', stub)
    await screen.findByRole('alert')
    expect(screen.queryByText(successions.proposals[0]?.reason ?? '')).toBeNull()
  })
})

describe('roles and rights', () => {
  const open = (address: string) => mount_page(RightsPage, '/administration/rights', address, 'audit')

  it('answer who may do something: roles, how far, and people', async () => {
    await open('/administration/rights')
    await userEvent.selectOptions(await screen.findByLabelText('事情'), '办理待办事项')
    await screen.findByText('审查人员')
    expect(screen.getByText('本行政区划内的')).toBeTruthy()
    await screen.findByRole('link', { name: '王住建' })
    expect(await axe_findings()).toEqual([])
  })

  it('answer what somebody may do', async () => {
    await open(`/administration/rights?person=${kPerson}`)
    const table = within(await screen.findByRole('table'))
    expect(table.getByRole('row', { name: /办理待办事项.*本行政区划内的.*审查人员/ })).toBeTruthy()
    expect(table.getByRole('row', { name: /查看办理过程.*本部门的/ })).toBeTruthy()
    expect(table.queryByText('新建账号')).toBeNull()
    expect(await axe_findings()).toEqual([])
  })

  it('are one table', async () => {
    await open('/administration/rights?view=table')
    const row = await screen.findByRole('row', { name: /^新建账号/ })
    expect(within(row).getAllByText('全部')).toHaveLength(1)
    expect(await axe_findings()).toEqual([])
  })
})

describe('the sign-in log', () => {
  it('is filtered by outcome and leads to the person', async () => {
    const page = await mount_page(SignInsPage, '/administration/sign-ins', '/administration/sign-ins', 'audit')
    const link = await screen.findByRole('link', { name: 'housing' })
    expect(link.getAttribute('href')).toBe(`/administration/people/${kPerson}`)
    await userEvent.selectOptions(screen.getByLabelText('结果'), 'locked')
    await waitFor(() => expect(page.path()).toBe('/administration/sign-ins?outcome=locked'))
    expect(await axe_findings()).toEqual([])
  })
})
