import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { browser } from '@/modules/oauth/api'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { sessions } from '../../../tests/story'
import { make_stub, type Stub } from '../../../tests/stub'
import { entry, kCompany, organisation, own_account as kOwn, own_organisation } from '../../../tests/stub_people'
import AccountPage from './pages/AccountPage.vue'
import ForgottenPasswordPage from './pages/ForgottenPasswordPage.vue'
import JoinPage from './pages/JoinPage.vue'
import OrganisationPage from './pages/OrganisationPage.vue'
import OrganisationsPage from './pages/OrganisationsPage.vue'
import RegisterPage from './pages/RegisterPage.vue'
import SessionsPage from './pages/SessionsPage.vue'

const posts = (stub: Stub) => stub.seen.filter((one) => one.method !== 'GET' && one.path !== '/invitations/view')
const press = async (name: string | RegExp) => userEvent.click(await screen.findByRole('button', { name }))
/** At once, where the letters one by one do not matter. */
async function type(label: string | RegExp, text: string): Promise<void> {
  await userEvent.click(await screen.findByLabelText(label))
  await userEvent.paste(text)
}
const dialog = () => within(screen.getByRole('dialog'))

describe('registering', () => {
  it('asks for the phone first, then for the rest, and goes where one wanted to', async () => {
    const stub = make_stub(null)
    stub.people.answers.set('POST /registrations', { status: 200, body: sessions.school })
    const page = await mount_page(RegisterPage, '/register', '/register?next=/join', null, stub)
    await press('发送验证码')
    expect(screen.getByRole('alert').textContent).toContain('请填写 11 位手机号')
    await type(/^手机号/, '１３８ ００００ １２３４')
    await press('发送验证码')
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText(/^验证码/)))
    await userEvent.paste(' 123 456 ')
    await type(/^姓名/, '李经办')
    await type(/^账号名/, '李')
    await type('密码', 'qingshan')
    await press('完成注册')
    const said = (await screen.findByRole('alert')).textContent
    expect(said).toContain('账号名请用 3 到 40 个字母')
    expect(said).toContain('密码还没有满足下面的全部要求')
    await userEvent.clear(screen.getByLabelText(/^账号名/))
    await type(/^账号名/, 'li.agent')
    await type('密码', '-lvshui-2026')
    expect(await axe_findings()).toEqual([])
    await press('完成注册')
    await waitFor(() => expect(page.path()).toBe('/join'))
    expect(posts(stub)[1]?.body).toEqual({
      challenge_id: 'challenge-1',
      code: '123456',
      display_name: '李经办',
      account_name: 'li.agent',
      password: 'qingshan-lvshui-2026',
    })
    expect(posts(stub)[0]?.body).toEqual({ phone: '13800001234' })
  })

  it('goes back to the phone that was typed, and on again, by the browser', async () => {
    const page = await mount_page(RegisterPage, '/register', '/register', null)
    await type(/^手机号/, '13800001234')
    await press('发送验证码')
    await type(/^验证码/, '123456')
    await page.go('/register')
    expect((await screen.findByLabelText<HTMLInputElement>(/^手机号/)).value).toBe('13800001234')
    await page.go('/register?step=code')
    expect((await screen.findByLabelText<HTMLInputElement>(/^验证码/)).value).toBe('123456')
  })
})

describe('a forgotten password', () => {
  it('is replaced by the code that came to the phone', async () => {
    const page = await mount_page(ForgottenPasswordPage, '/forgotten-password', '/forgotten-password', null)
    await type('账号', 'school')
    await type(/^手机号/, '13800001234')
    await press('发送验证码')
    await type(/^验证码/, '123456')
    await type('新密码', 'qingshan-lvshui-2026')
    expect(await axe_findings()).toEqual([])
    await press('设置新密码')
    await screen.findByText(/新密码已设好/)
    expect(posts(page.stub)[1]?.body).toEqual({
      challenge_id: 'challenge-2',
      code: '123456',
      new_password: 'qingshan-lvshui-2026',
    })
  })
})

describe('my account', () => {
  it('shows the phone masked and binds an address by its code', async () => {
    const page = await mount_page(AccountPage, '/account', '/account', 'school')
    await screen.findByText('138****0001')
    expect(await axe_findings()).toEqual([])
    await press('绑定邮箱')
    await userEvent.type(dialog().getByLabelText(/^电子邮箱/), 'sun@example.com{Enter}')
    await userEvent.type(await dialog().findByLabelText(/^验证码/), '123456{Enter}')
    await screen.findByText('电子邮箱已绑定')
    expect(posts(page.stub).map((one) => one.body)).toEqual([
      { email: 'sun@example.com' },
      { challenge_id: 'challenge-3', code: '123456' },
    ])
  })

  it('is bound to the identity at the provider, and no longer', async () => {
    const stub = make_stub('school')
    const provider = {
      chinese: '省统一身份登录',
      english: 'Province identity',
      sign_in_path: '/oauth/provider/sign-in',
    }
    stub.people.answers.set('GET /oauth/provider', { status: 200, body: { provider } })
    const redirect_to = 'https://provider.example/authorize'
    stub.people.answers.set('POST /oauth/provider/link', { status: 200, body: { redirect_to } })
    const leave_for = vi.spyOn(browser, 'leave_for').mockImplementation(() => undefined)
    await mount_page(AccountPage, '/account', '/account?provider=oauth.already_linked', 'school', stub)
    expect((await screen.findByRole('alert')).textContent).toContain('已绑定其他账号')
    expect(await axe_findings()).toEqual([])
    await press('去绑定')
    await waitFor(() => expect(leave_for).toHaveBeenCalledWith(redirect_to))
    leave_for.mockRestore()
  })

  it('keeps the only way in, and says what to do first', async () => {
    const stub = make_stub('school')
    stub.people.answers.set('GET /account', { status: 200, body: { ...kOwn, has_password: false } })
    stub.people.answers.set('GET /oauth/provider/link', { status: 200, body: { linked_at_ms: 1_764_000_000_000 } })
    const only = '统一身份是您进入本账号的唯一方式，现在不能解除。'
    stub.people.answers.set('DELETE /oauth/provider/link', { status: 409, reason: 'oauth.only_way_in', body: only })
    await mount_page(AccountPage, '/account', '/account?provider=linked', 'school', stub)
    await screen.findByText('已绑定，下次可以用统一身份登录')
    expect(screen.queryByRole('button', { name: '修改密码' })).toBeNull()
    await press('解除绑定')
    expect((await screen.findByRole('alert')).textContent).toContain(only)
    expect(screen.getByRole('link', { name: '已授权的应用' }).getAttribute('href')).toBe('/consents')
    expect(await axe_findings()).toEqual([])
  })

  it('stands an unfit new password beside its field', async () => {
    const stub = make_stub('school')
    const message = '这个密码最近用过，请换一个没有用过的。'
    stub.people.answers.set('PUT /account/password', {
      status: 422,
      reason: 'identity.password_used_before',
      body: message,
      fields: [{ field: 'password', reason: 'identity.password_used_before', message }],
    })
    await mount_page(AccountPage, '/account', '/account', 'school', stub)
    await press('修改密码')
    await type('现在的密码', 'kaigong-demo-2026')
    await type('新密码', 'qingshan-lvshui-2026')
    await press('修改密码')
    await waitFor(() => expect(screen.getByLabelText('新密码').getAttribute('aria-invalid')).toBe('true'))
    expect(screen.getByLabelText('现在的密码').getAttribute('aria-invalid')).toBeNull()
  })

  it('says what is wrong while the server is away', async () => {
    const stub = make_stub('school')
    stub.people.answers.set('GET /account', { status: 503, reason: 'http.busy', body: '服务器正忙。' })
    await mount_page(AccountPage, '/account', '/account', 'school', stub)
    expect((await screen.findByRole('alert')).textContent).toContain('服务器正忙')
  })
})

describe('sessions', () => {
  it('are told in words, ended one by one, and the log goes on', async () => {
    const stub = make_stub('school')
    stub.people.answers.set('GET /account/sign-ins', (_, query) => ({
      status: 200,
      body: query.get('cursor')
        ? { sign_ins: [entry('e-2', 'wrong_password')], next_cursor: null }
        : { sign_ins: [entry('e-1', 'signed_in')], next_cursor: 'e-1' },
    }))
    await mount_page(SessionsPage, '/account/sessions', '/account/sessions', 'school', stub)
    await screen.findByText('安卓 上的微信')
    await press('再显示一些')
    await screen.findByText('密码错误')
    expect(await axe_findings()).toEqual([])
    await press('结束「安卓 上的微信」的登录')
    await screen.findByText(/^那里的登录已结束.*授权也已收回/)
    await press('结束其他全部登录')
    await screen.findByText(/^其他登录都已结束.*授权也已收回/)
    expect(posts(stub).map((one) => one.path)).toEqual(['/account/sessions/s-2', '/account/sessions'])
  })
})

describe('my companies', () => {
  it('judge a credit code while it is typed', async () => {
    const page = await mount_page(OrganisationsPage, '/account/organisations', '/account/organisations', 'school')
    const box = await screen.findByLabelText(/^统一社会信用代码/)
    await userEvent.type(box, '91330106ma0dem013')
    expect(screen.getByText('还差 1 位')).toBeTruthy()
    await userEvent.type(box, '4')
    expect(screen.getByText(/最后一位对不上/)).toBeTruthy()
    await userEvent.clear(box)
    await userEvent.type(box, '91330106 ma0dem0133')
    expect(screen.getByText('代码格式正确')).toBeTruthy()
    await type(/^单位名称/, '示例建设有限公司')
    expect(await axe_findings()).toEqual([])
    await press('登记单位')
    await screen.findByText(/等待窗口核验/)
    expect(posts(page.stub)[0]?.body).toEqual({
      credit_code: '91330106MA0DEM0133',
      organisation_name: '示例建设有限公司',
      authority_reference: null,
    })
  })

  it.each([
    ['pending', /通过前不能代表它办理/],
    ['rejected', /没有通过核验/],
  ] as const)('say what %s means, and offer no change to it', async (state, words) => {
    const stub = make_stub('school')
    const one = { ...own_organisation, state, current: false }
    stub.people.answers.set('GET /organisations', { status: 200, body: { organisations: [one] } })
    await mount_page(OrganisationsPage, '/account/organisations', '/account/organisations', 'school', stub)
    await screen.findByText(words)
    expect(screen.queryByRole('button', { name: /改为代表/ })).toBeNull()
  })

  it('say how one comes to have one', async () => {
    const stub = make_stub('school')
    stub.people.answers.set('GET /organisations', { status: 200, body: { organisations: [] } })
    await mount_page(OrganisationsPage, '/account/organisations', '/account/organisations', 'school', stub)
    await screen.findByText('还没有可以代表的单位')
    expect(await axe_findings()).toEqual([])
  })
})

describe('the people of a company', () => {
  const address = `/account/organisations/${kCompany}`
  const open = (stub = make_stub('school')) =>
    mount_page(OrganisationPage, '/account/organisations/:organisation_id', address, 'school', stub)

  it('are invited with their authority', async () => {
    const page = await open()
    await type(/被邀请人的手机号/, '13900001234')
    await press('发出邀请')
    expect(screen.getByRole('alert').textContent).toContain('授权委托书')
    await type(/^授权委托书/, '授权委托书〔2026〕13 号')
    await type('授权截止', '2027-06-30')
    await press('发出邀请')
    await screen.findByText(/邀请已发出/)
    expect(posts(page.stub)[0]?.body).toEqual({
      phone: '13900001234',
      duty: 'agent',
      authority_reference: '授权委托书〔2026〕13 号',
      valid_through_on: '2027-06-30',
    })
    expect(await axe_findings()).toEqual([])
  })

  it('are removed with a reason, and nobody removes himself', async () => {
    const page = await open()
    await press('移除 李经办')
    await userEvent.click(dialog().getByRole('button', { name: '移除经办人' }))
    expect(dialog().getByRole('alert').textContent).toContain('请填写移除的原因')
    await userEvent.type(dialog().getByLabelText(/^原因/), '离职{Enter}')
    await screen.findByText(/李经办 已移除/)
    expect(posts(page.stub)[0]?.body).toEqual({ reason: '离职' })
    expect(screen.queryByRole('button', { name: '移除 孙经办' })).toBeNull()
    await press('撤回给 139****0003 的邀请')
    await screen.findByText('邀请已撤回')
  })

  it('are nobody yet while the company waits', async () => {
    const stub = make_stub('school')
    const body = { ...organisation, state: 'pending', invitations: [] }
    stub.people.answers.set(`GET /organisations/${kCompany}`, { status: 200, body })
    await open(stub)
    await screen.findByText(/通过前不能代表它办理/)
    expect(screen.queryByRole('button', { name: '发出邀请' })).toBeNull()
  })
})

describe('an invitation', () => {
  it('waits while one signs in, and its token goes to no address', async () => {
    sessionStorage.clear()
    const page = await mount_page(JoinPage, '/join', '/join#secret-token', null)
    const link = await screen.findByRole('link', { name: '登录' })
    expect(link.getAttribute('href')).toBe('/sign-in?next=/join')
    expect(page.stub.seen.every((one) => !one.path.includes('secret-token'))).toBe(true)
    expect(await axe_findings()).toEqual([])
    page.unmount()
    const again = await mount_page(JoinPage, '/join', '/join', 'school')
    await press('接受邀请')
    await waitFor(() => expect(again.path()).toBe('/account/organisations'))
    expect(posts(again.stub)[0]?.body).toEqual({ token: 'secret-token' })
    expect(sessionStorage.getItem('kaigong.link.invitation')).toBeNull()
  })

  it('is none for staff', async () => {
    await mount_page(JoinPage, '/join', '/join#token', 'housing')
    await screen.findByText(/不能代表申报单位/)
    expect(screen.queryByRole('button', { name: '接受邀请' })).toBeNull()
  })

  it('that was used says whom to ask', async () => {
    const stub = make_stub('school')
    stub.people.answers.set('POST /invitations/view', {
      status: 404,
      reason: 'identity.invitation_void',
      body: '无效。',
    })
    await mount_page(JoinPage, '/join', '/join#token', 'school', stub)
    await screen.findByRole('heading', { name: '邀请无效' })
  })
})
