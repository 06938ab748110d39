import { screen, waitFor } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { sessions } from '../../../tests/story'
import { make_stub, type Stub } from '../../../tests/stub'
import { at_stage } from '../../../tests/stub_people'
import SignInPage from './pages/SignInPage.vue'

const posts = (stub: Stub) => stub.seen.filter((one) => one.method !== 'GET')
const kSchool = sessions.school

async function sign_in_as(account: string): Promise<void> {
  await userEvent.type(screen.getByLabelText('账号'), account)
  await userEvent.type(screen.getByLabelText('密码'), 'kaigong-demo-2026{Enter}')
}

describe('signing in', () => {
  it('names what is missing and puts the focus there', async () => {
    const page = await mount_page(SignInPage, '/sign-in', '/sign-in', null)
    await userEvent.click(screen.getByRole('button', { name: '登录' }))
    expect(screen.getByRole('alert').textContent).toContain('请填写账号')
    expect(posts(page.stub)).toHaveLength(0)
    expect(await axe_findings()).toEqual([])
  })

  it('says so when the password is wrong, and keeps the account', async () => {
    await mount_page(SignInPage, '/sign-in', '/sign-in', null)
    await userEvent.type(screen.getByLabelText('账号'), 'school')
    await userEvent.type(screen.getByLabelText('密码'), 'wrong{Enter}')
    expect((await screen.findByRole('alert')).textContent).toContain('账号或密码不对')
    expect(screen.getByLabelText('账号')).toHaveProperty('value', 'school')
    expect(screen.getByLabelText('密码')).toHaveProperty('value', '')
  })

  it('leads each to their own start, by keyboard alone', async () => {
    const page = await mount_page(SignInPage, '/sign-in', '/sign-in', null)
    await userEvent.tab()
    await userEvent.keyboard('housing')
    await userEvent.tab()
    await userEvent.keyboard('kaigong-demo-2026{Enter}')
    await waitFor(() => expect(page.path()).toBe('/inbox'))
  })

  it.each([
    ['admin', '/administration/people'],
    ['security', '/administration/people'],
    ['audit', '/administration/sign-ins'],
    ['rules', '/rules'],
  ])('begins for %s at %s', async (account, start) => {
    const page = await mount_page(SignInPage, '/sign-in', '/sign-in', null)
    await sign_in_as(account)
    await waitFor(() => expect(page.path()).toBe(start))
  })

  it('returns only to addresses of its own', async () => {
    const page = await mount_page(SignInPage, '/sign-in', '/sign-in?next=//elsewhere.example', null)
    await sign_in_as('school')
    await waitFor(() => expect(page.path()).toBe('/applications'))
  })

  it.each([
    [429, 'identity.too_many_attempts', '登录失败次数过多'],
    [403, 'identity.account_blocked', '此账号已停用'],
    [403, 'identity.first_password_over', '初始密码已过期'],
  ])('offers no further try after %i %s', async (status, reason, body) => {
    const page = await mount_page(SignInPage, '/sign-in', '/sign-in', null)
    page.stub.people.answers.set('POST /session', { status, reason, body })
    await sign_in_as('school')
    expect((await screen.findByRole('alert')).textContent).toContain(body)
    expect(screen.queryByRole('button', { name: '再试一次' })).toBeNull()
    expect(await axe_findings()).toEqual([])
  })
})

describe('the provider of identities', () => {
  const provider = { chinese: '省统一身份登录', english: 'Province identity', sign_in_path: '/oauth/provider/sign-in' }
  const open = (address: string) => {
    const stub = make_stub(null)
    stub.people.answers.set('GET /oauth/provider', { status: 200, body: { provider } })
    return mount_page(SignInPage, '/sign-in', address, null, stub)
  }

  it('has its button, which comes back to where one wanted to go', async () => {
    await open('/sign-in?next=/permits?page=2')
    const link = await screen.findByRole('link', { name: '省统一身份登录' })
    expect(link.getAttribute('href')).toBe('/oauth/provider/sign-in?next=%2Fapp%2Fpermits%3Fpage%3D2')
    expect(await axe_findings()).toEqual([])
  })

  it.each([
    ['oauth.provider_away', '现在连接不上', '应急账号'],
    ['oauth.not_linked', '还没有绑定', '在「账号」页绑定'],
    ['oauth.visit_not_there', '已过期', '重新开始'],
    ['something.else', '没有成功', '联系系统管理员'],
  ])('says after %s what happened and what to do', async (reason, what, next) => {
    await open(`/sign-in?provider=${reason}`)
    const told = await screen.findByRole('alert')
    expect(told.textContent).toContain(what)
    expect(told.textContent).toContain(next)
    expect(await axe_findings()).toEqual([])
  })

  it('is not there where the office has none', async () => {
    await mount_page(SignInPage, '/sign-in', '/sign-in', null)
    expect(screen.queryByText('用统一身份登录，不用记本系统的密码。')).toBeNull()
  })

  it('is where an officer goes who must', async () => {
    const page = await open('/sign-in')
    const body = '工作人员和管理员请从“统一身份登录”进入。'
    page.stub.people.answers.set('POST /session', { status: 403, reason: 'identity.provider_only', body })
    await sign_in_as('clerk')
    expect((await screen.findByRole('alert')).textContent).toContain(body)
    expect(screen.getByRole('link', { name: '省统一身份登录' })).toBeTruthy()
  })
})

describe('the second step', () => {
  function waiting(...kinds: ('totp' | 'webauthn')[]): Stub {
    const stub = make_stub(null)
    stub.enter(at_stage('school', 'second_factor', kinds))
    return stub
  }

  it('goes on where a page opened anew left it, and takes the code of the app', async () => {
    const stub = waiting('totp')
    stub.people.answers.set('POST /session/second-factor', ({ code }) =>
      code === '123456'
        ? { status: 200, body: kSchool }
        : {
            status: 422,
            reason: 'identity.code_wrong',
            body: '动态口令不对。',
            fields: [{ field: 'code', reason: 'identity.code_wrong', message: '动态口令不对。' }],
          },
    )
    const page = await mount_page(SignInPage, '/sign-in', '/sign-in?next=/permits', null, stub)
    await screen.findByRole('heading', { name: '两步验证' })
    expect(await axe_findings()).toEqual([])
    await userEvent.type(screen.getByLabelText('动态口令'), '12{Enter}')
    expect(posts(stub)).toHaveLength(0)
    await userEvent.type(screen.getByLabelText('动态口令'), '000000{Enter}')
    expect((await screen.findByRole('alert')).textContent).toContain('动态口令不对')
    await userEvent.clear(screen.getByLabelText('动态口令'))
    await userEvent.type(screen.getByLabelText('动态口令'), '123456{Enter}')
    await waitFor(() => expect(page.path()).toBe('/permits'))
  })

  it('takes a recovery code when the phone is not at hand', async () => {
    const stub = waiting('totp')
    stub.people.answers.set('POST /session/second-factor', { status: 200, body: kSchool })
    const page = await mount_page(SignInPage, '/sign-in', '/sign-in', null, stub)
    await userEvent.click(await screen.findByRole('button', { name: '改用恢复码' }))
    await userEvent.type(screen.getByLabelText('恢复码'), 'ABCDE-FGHJK{Enter}')
    await waitFor(() => expect(page.path()).toBe('/applications'))
    expect(posts(stub)[0]?.body).toEqual({ recovery_code: 'ABCDE-FGHJK' })
  })

  it('lets somebody else sign in instead', async () => {
    await mount_page(SignInPage, '/sign-in', '/sign-in', null, waiting('totp'))
    await userEvent.click(await screen.findByRole('button', { name: '换一个账号登录' }))
    await screen.findByRole('heading', { name: '登录' })
  })
})

describe('what has to be done before anything else', () => {
  const kBound = { ...sessions.housing, factor_kinds: ['totp'] }

  async function bind_app(): Promise<void> {
    await userEvent.click(await screen.findByRole('button', { name: '添加动态口令' }))
    await userEvent.type(screen.getByLabelText('名称'), '工作手机{Enter}')
    await userEvent.type(await screen.findByLabelText('6 位动态口令'), '123456{Enter}')
  }

  it('is binding a factor, then the first password, and recovery codes are offered before the work', async () => {
    const stub = make_stub(null)
    stub.enter(at_stage('housing', 'enrolment'))
    stub.people.answers.set('POST /session/continuation', { status: 200, body: at_stage('housing', 'password_change') })
    const page = await mount_page(SignInPage, '/sign-in', '/sign-in', null, stub)
    await bind_app()
    stub.people.answers.set('POST /session/continuation', { status: 200, body: kBound })
    await userEvent.type(await screen.findByLabelText('现在的密码'), 'abcd2345')
    await userEvent.type(screen.getByLabelText('新密码'), 'qingshan-lvshui-2026{Enter}')
    await userEvent.click(await screen.findByRole('button', { name: '生成新的恢复码' }))
    await userEvent.click(await screen.findByRole('button', { name: '已经保存好' }))
    await waitFor(() => expect(page.path()).toBe('/inbox'))
  })

  it('is binding a factor, and recovery codes are offered', async () => {
    const stub = make_stub(null)
    stub.enter(at_stage('housing', 'enrolment'))
    stub.people.answers.set('POST /session/continuation', { status: 200, body: kBound })
    const page = await mount_page(SignInPage, '/sign-in', '/sign-in', null, stub)
    await bind_app()
    await screen.findByText(/登录完成/)
    expect(await axe_findings()).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: '以后再说' }))
    await waitFor(() => expect(page.path()).toBe('/inbox'))
  })

  it('is a new password, whose rules are ticked as they are kept', async () => {
    const stub = make_stub(null)
    stub.enter(at_stage('housing', 'password_change'))
    stub.people.answers.set('POST /session/continuation', { status: 200, body: sessions.housing })
    const page = await mount_page(SignInPage, '/sign-in', '/sign-in', null, stub)
    await userEvent.type(await screen.findByLabelText('现在的密码'), 'abcd2345')
    await userEvent.type(screen.getByLabelText('新密码'), 'qingshan-lvshui')
    expect(screen.getByText('12 到 128 个字符').parentElement?.className).toContain('good')
    expect(screen.getByText(/三种/).parentElement?.className).toContain('muted')
    await userEvent.type(screen.getByLabelText('新密码'), '-2026')
    expect(screen.getByText('很好')).toBeTruthy()
    expect(await axe_findings()).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: '修改密码' }))
    await waitFor(() => expect(page.path()).toBe('/inbox'))
    expect(posts(stub)[0]?.body).toEqual({ password: 'abcd2345', new_password: 'qingshan-lvshui-2026' })
  })
})

describe('the first factor', () => {
  const waiting = () => {
    const stub = make_stub(null)
    stub.enter({ ...at_stage('leader', 'enrolment'), enrolment_code_needed: true })
    return stub
  }

  it('of who had his password from an administrator is bound after the code of another one', async () => {
    const stub = waiting()
    stub.people.answers.set('POST /session/enrolment-code', ({ enrolment_code }) =>
      enrolment_code === 'k7qm2-xr4pt'
        ? { status: 200, body: at_stage('leader', 'enrolment') }
        : {
            status: 422,
            reason: 'identity.enrolment_code_wrong',
            body: '绑定码不对。',
            fields: [{ field: 'enrolment_code', reason: 'identity.enrolment_code_wrong', message: '绑定码不对。' }],
          },
    )
    await mount_page(SignInPage, '/sign-in', '/sign-in', null, stub)
    await screen.findByRole('heading', { name: '先绑定两步验证' })
    expect(screen.queryByRole('button', { name: '添加动态口令' })).toBeNull()
    expect(await axe_findings()).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: '继续绑定' }))
    expect((await screen.findByRole('alert')).textContent).toContain('请输入绑定码')
    await userEvent.type(screen.getByLabelText('绑定码'), '22222')
    await userEvent.click(screen.getByRole('button', { name: '继续绑定' }))
    expect((await screen.findByRole('alert')).textContent).toContain('绑定码不对')
    await userEvent.clear(screen.getByLabelText('绑定码'))
    await userEvent.type(screen.getByLabelText('绑定码'), ' k7qm2-xr4pt ')
    await userEvent.click(screen.getByRole('button', { name: '继续绑定' }))
    await screen.findByRole('button', { name: '添加动态口令' })
    expect(await axe_findings()).toEqual([])
  })
})
