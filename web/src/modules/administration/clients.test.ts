import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { sessions } from '../../../tests/story'
import { make_stub, type Stub } from '../../../tests/stub'
import type { Client, Proposal, Registration } from './clients'
import ClientPage from './pages/ClientPage.vue'
import ClientsPage from './pages/ClientsPage.vue'
import KeysPage from './pages/KeysPage.vue'

const kId = '01934f00-0000-7000-8000-0000000000d1'
const kDay = 86_400_000
const kRegistration: Registration = {
  client_name: '省平台',
  organisation_name: '省住房城乡建设厅',
  kind: 'system',
  proof: 'client_secret_basic',
  redirect_uris: [],
  scopes: ['permits.read'],
  region_code: '330100',
  id_token_algorithm: 'ES256',
  jwks: null,
  resource_server: false,
  internal: false,
  pushed_only: false,
}
const kSecret = { secret_id: 's-1', created_at_ms: Date.now() - 345 * kDay, expires_at_ms: Date.now() + 20 * kDay }
const kClient: Client = {
  client_id: kId,
  version: 1,
  state: 'active',
  registration: kRegistration,
  created_at_ms: 1_764_000_000_000,
  changed_at_ms: 1_764_000_000_000,
  secrets: [{ ...kSecret, ends_soon: true }],
  secret_proposals: [],
}
const kProposal: Proposal = {
  proposal_id: 'p-1',
  client_id: kId,
  act: 'change',
  state: 'open',
  registration: { ...kRegistration, region_code: '330000' },
  reason: '全省联网',
  proposed_by: 'somebody',
  proposed_by_name: '系统管理员',
  proposed_at_ms: 1_764_000_000_000,
  decided_by: null,
  decided_at_ms: null,
}
const kScopes = [
  { scope: 'openid', chinese: '确认您是谁', english: 'Know who you are', for_people: true, for_systems: false },
  { scope: 'permits.read', chinese: '查看施工许可证', english: 'See permits', for_people: true, for_systems: true },
]

function stub_of(account: string, client: Partial<Client> = {}, proposals: Proposal[] = []): Stub {
  const stub = make_stub(account)
  const one = { ...kClient, ...client }
  const set = (act: string, body: unknown, status = 200) => stub.people.answers.set(act, { status, body })
  set('GET /oauth/clients', { clients: [one], next_cursor: null })
  set(`GET /oauth/clients/${kId}`, one)
  set('GET /oauth/scopes', { scopes: kScopes })
  set('GET /oauth/proposals', { proposals, next_cursor: null })
  set('POST /oauth/clients', kProposal, 201)
  set(`POST /oauth/clients/${kId}/changes`, kProposal, 201)
  set(`POST /oauth/clients/${kId}/suspension`, one)
  set(`POST /oauth/clients/${kId}/secret-proposals`, {}, 201)
  set(
    `POST /oauth/clients/${kId}/secret-proposals/p-2/confirmation`,
    { ...kSecret, client_secret: 'a-new-secret' },
    201,
  )
  set('POST /oauth/proposals/p-1/approval', kProposal)
  return stub
}

const acts = (stub: Stub) => stub.seen.filter((one) => one.method !== 'GET' && one.path.startsWith('/oauth'))
const press = async (name: string | RegExp) => userEvent.click(await screen.findByRole('button', { name }))
const dialog = () => within(screen.getByRole('dialog'))

async function fill(label: string | RegExp, text: string): Promise<void> {
  await userEvent.click(dialog().getByLabelText(label))
  await userEvent.paste(text)
}

describe('connected systems', () => {
  const open = (account: string, stub = stub_of(account)) =>
    mount_page(ClientsPage, '/administration/clients', '/administration/clients', account, stub)

  it('are listed with the ends of their secrets, and who lacks one is named first', async () => {
    await open('audit')
    await screen.findByText(/快到期，或还没有密钥/)
    expect(screen.getAllByRole('link', { name: '省平台' })).toHaveLength(2)
    expect(screen.queryByRole('button', { name: '登记接入系统' })).toBeNull()
    expect(await axe_findings()).toEqual([])
  })

  it('say what to do where there is none, and when the list cannot be had', async () => {
    const none = stub_of('admin')
    none.people.answers.set('GET /oauth/clients', { status: 200, body: { clients: [], next_cursor: null } })
    const page = await open('admin', none)
    await screen.findByText('还没有接入系统')
    expect(await axe_findings()).toEqual([])
    page.unmount()
    const refused = stub_of('admin')
    const reason = 'authz.whole_installation_only'
    refused.people.answers.set('GET /oauth/clients', { status: 403, reason, body: '由不限区划的管理员管理' })
    await open('admin', refused)
    expect((await screen.findAllByRole('alert')).length).toBeGreaterThan(0)
  })

  it('are proposed with what their kind needs, and no more', async () => {
    const page = await open('admin')
    await waitFor(() => expect(screen.getByRole('button', { name: '登记接入系统' })).toHaveProperty('disabled', false))
    await press('登记接入系统')
    await userEvent.click(dialog().getByRole('button', { name: '提出' }))
    expect(dialog().getByRole('alert').textContent).toContain('请填写至少一个回调地址')
    expect(await axe_findings()).toEqual([])
    await userEvent.selectOptions(dialog().getByLabelText('类型'), 'system')
    expect(dialog().queryByLabelText(/^回调地址/)).toBeNull()
    expect(dialog().queryByLabelText(/确认您是谁/)).toBeNull()
    await fill(/^名称/, '市平台')
    await fill(/^运行单位/, '市建委')
    await fill(/^可查询的行政区划/, '330100')
    await userEvent.click(dialog().getByLabelText(/查看施工许可证/))
    await fill(/^原因/, '联网')
    await userEvent.click(dialog().getByRole('button', { name: '提出' }))
    await screen.findByText('已提出，等安全管理员同意')
    expect(acts(page.stub)[0]?.body).toEqual({
      reason: '联网',
      registration: { ...kRegistration, client_name: '市平台', organisation_name: '市建委' },
    })
  })

  it('are agreed to by another administrator, who sees what changes', async () => {
    const page = await open('security', stub_of('security', {}, [kProposal]))
    await userEvent.click(await screen.findByText('看登记的内容'))
    await screen.findByText('原来：330100')
    await press('同意：省平台')
    await screen.findByText('已同意，马上生效')
    expect(acts(page.stub).map((one) => one.path)).toEqual(['/oauth/proposals/p-1/approval'])
    page.unmount()
    const proposed_by = sessions.security?.account.account_id ?? ''
    await open('security', stub_of('security', {}, [{ ...kProposal, proposed_by }]))
    await screen.findByText(/等另一位管理员/)
    expect(screen.queryByRole('button', { name: '同意：省平台' })).toBeNull()
  })
})

describe('one connected system', () => {
  const open = (account: string, stub = stub_of(account)) =>
    mount_page(ClientPage, '/administration/clients/:client_id', `/administration/clients/${kId}`, account, stub)

  it('gets a new secret by two persons: one asks, another makes it and sees it once', async () => {
    const asking = await open('admin')
    await press('申请新密钥')
    await fill(/^原因/, '到期更换')
    await userEvent.click(dialog().getByRole('button', { name: '申请新密钥' }))
    await screen.findByText('已申请，等安全管理员生成')
    expect(acts(asking.stub)[0]?.body).toEqual({ reason: '到期更换', valid_days: 365 })
    asking.unmount()
    const proposal = { ...kSecret, proposal_id: 'p-2', valid_days: 365, reason: '到期更换', proposed_by: '系统管理员' }
    const secret_proposals = [{ ...proposal, proposed_at_ms: kSecret.created_at_ms }]
    await open('security', stub_of('security', { secret_proposals }))
    await press('同意并生成密钥')
    await dialog().findByText('a-new-secret')
    expect(await axe_findings()).toEqual([])
    await userEvent.click(dialog().getByRole('button', { name: '已经交给对方' }))
    expect(screen.queryByText('a-new-secret')).toBeNull()
  })

  it('is shut out at once, after a warning', async () => {
    const page = await open('security')
    expect(await screen.findByText(/30 天内到期/)).toBeTruthy()
    expect(await axe_findings()).toEqual([])
    await press('停用接入系统')
    await userEvent.click(dialog().getByRole('button', { name: '停用接入系统' }))
    await screen.findByText('已停用，它的令牌全部失效')
    expect(acts(page.stub).map((one) => one.path)).toEqual([`/oauth/clients/${kId}/suspension`])
  })

  it('is changed with what it has at hand', async () => {
    const page = await open('admin')
    await waitFor(() => expect(screen.getByRole('button', { name: '提出变更' })).toHaveProperty('disabled', false))
    await press('提出变更')
    await fill(/^原因/, '改名')
    await userEvent.click(dialog().getByRole('button', { name: '提出' }))
    await screen.findByText('已提出，等安全管理员同意')
    expect(acts(page.stub)[0]?.body).toEqual({ reason: '改名', registration: kRegistration })
  })
})

describe('keys', () => {
  function stub_with_keys(account: string): Stub {
    const stub = make_stub(account)
    const now = Date.now()
    const key = (key_id: string, created: number, signs: number, until: number | null) => ({
      key_id,
      algorithm: 'ES256',
      created_at_ms: now + created * kDay,
      signs_from_ms: now + signs * kDay,
      published_until_ms: until === null ? null : now + until * kDay,
    })
    const keys = [key('old', -91, -90, 0.01), key('now', -40, -39, 1), key('next', 0, 1, null)]
    stub.people.answers.set('GET /oauth/keys', { status: 200, body: { keys } })
    stub.people.answers.set('POST /oauth/keys/rotation', { status: 200, body: { keys } })
    const field = { published_at_ms: now, current_at_ms: now, replaced_at_ms: null, retired_at_ms: null, sealed: 12 }
    const body = { keys: [{ ...field, key_id: 'k1', state: 'current', may_retire: false }], processes: 2, round: null }
    stub.people.answers.set('GET /keys', { status: 200, body })
    return stub
  }
  const open = (account: string) =>
    mount_page(KeysPage, '/administration/keys', '/administration/keys', account, stub_with_keys(account))

  it('are shown with their ages and what they do, and rotated by the security administrator', async () => {
    const page = await open('security')
    for (const state of ['已换下', '正在签名', '已公布，待用', '正在使用']) await screen.findByText(state)
    await screen.findByText('已有 40 天')
    await screen.findByText(/还保护着 12 项内容/)
    expect(await axe_findings()).toEqual([])
    await press('泄露了，立即更换')
    await userEvent.click(dialog().getByRole('button', { name: '泄露了，立即更换' }))
    await screen.findByText(/原来的密钥和令牌作废/)
    expect(acts(page.stub)[0]?.body).toEqual({ urgent: true })
  })

  it('are only looked at by the others', async () => {
    await open('audit')
    await screen.findByText('正在签名')
    expect(screen.queryByRole('button', { name: '轮换签名密钥' })).toBeNull()
    expect(screen.queryByText('加密密钥')).toBeNull()
  })
})
