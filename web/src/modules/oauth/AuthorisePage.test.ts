import { screen, waitFor } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { make_stub, type Stub } from '../../../tests/stub'
import { browser, type AuthorizationRequest } from './api'
import AuthorisePage from './pages/AuthorisePage.vue'
import ConsentsPage from './pages/ConsentsPage.vue'
import DevicePage from './pages/DevicePage.vue'

const kScopes = [{ scope: 'permits.read', chinese: '查看施工许可证', english: 'See construction permits' }]
const kAsked: AuthorizationRequest = {
  request_id: 'abc',
  kind: 'code',
  client_name: '省平台',
  client_organisation: '省住房城乡建设厅',
  client_origin: 'https://platform.example',
  scopes: kScopes,
  display_name: '孙经办',
  organisation_name: '示例单位',
  credit_code: null,
  remembered: false,
  sign_in_again: false,
  expires_at_ms: 1,
  device: null,
}
const kDevice = { asked_at_ms: 1_764_000_000_000, address: '192.0.2.7', same_address: true }
const kConsent = {
  consent_id: '01900000-0000-7000-8000-000000000001',
  client_name: '省平台',
  client_organisation: '省住房城乡建设厅',
  scopes: kScopes,
  given_at_ms: 1_764_000_000_000,
  used_at_ms: 1_764_000_000_000,
}

/** The story's server, with authorisations of its own: what was sent comes back in `acts`. */
function stub_with(
  asked: Partial<AuthorizationRequest> | null,
  address: string | null,
): { stub: Stub; acts: string[] } {
  const acts: string[] = []
  const stub = make_stub('school')
  const whole = stub.answer
  let consents = [kConsent]
  stub.answer = async (request) => {
    const { pathname } = new URL(request.url)
    if (!pathname.includes('/oauth/')) return whole(request)
    if (request.method !== 'GET') acts.push(`${request.method} ${pathname.split('/').slice(-2).join('/')}`)
    if (pathname.endsWith('/consents')) return Response.json({ consents, next_cursor: null })
    if (request.method === 'DELETE') {
      consents = []
      return new Response(null, { status: 204 })
    }
    if (!asked) return Response.json({ title: '没有', status: 404, detail: '没有', fields: [] }, { status: 404 })
    return Response.json(request.method === 'GET' ? { ...kAsked, ...asked } : { redirect_to: address })
  }
  return { stub, acts }
}

const leave_for = vi.spyOn(browser, 'leave_for').mockImplementation(() => undefined)
afterEach(() => leave_for.mockClear())

describe('authorising another application', () => {
  it('says who asks, for what and in whose name, and goes where the server says', async () => {
    const { stub, acts } = stub_with({}, 'https://platform.example/done?code=x')
    await mount_page(AuthorisePage, '/authorise', '/authorise?request=abc', 'school', stub)
    expect((await screen.findByRole('heading', { level: 1 })).textContent).toContain('省平台')
    for (const text of ['查看施工许可证', '孙经办', 'https://platform.example']) screen.getByText(text)
    expect(await axe_findings()).toEqual([])
    expect(acts).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: '同意' }))
    await waitFor(() => expect(leave_for).toHaveBeenCalledWith('https://platform.example/done?code=x'))
    expect(acts).toEqual(['POST abc/approval'])
  })

  it('refuses', async () => {
    const { stub, acts } = stub_with({}, 'https://platform.example/done?error=access_denied')
    await mount_page(AuthorisePage, '/authorise', '/authorise?request=abc', 'school', stub)
    await userEvent.click(await screen.findByRole('button', { name: '不同意' }))
    await waitFor(() => expect(acts).toEqual(['POST abc/refusal']))
    expect(leave_for).toHaveBeenCalledTimes(1)
  })

  it('goes on by itself with what was agreed to before', async () => {
    const { stub, acts } = stub_with({ remembered: true }, 'https://platform.example/done')
    await mount_page(AuthorisePage, '/authorise', '/authorise?request=abc', 'school', stub)
    await waitFor(() => expect(leave_for).toHaveBeenCalledTimes(1))
    expect(acts).toEqual(['POST abc/approval'])
  })

  it('offers no agreement where the application asks for a new sign-in', async () => {
    const { stub } = stub_with({ remembered: true, sign_in_again: true }, null)
    await mount_page(AuthorisePage, '/authorise', '/authorise?request=abc', 'school', stub)
    await screen.findByRole('button', { name: '重新登录' })
    expect(screen.queryByRole('button', { name: '同意' })).toBeNull()
  })

  it('says what to do when the request is over', async () => {
    const { stub } = stub_with(null, null)
    await mount_page(AuthorisePage, '/authorise', '/authorise?request=abc', 'school', stub)
    expect((await screen.findByRole('alert')).textContent).toContain('重新开始')
    expect(await axe_findings()).toEqual([])
  })
})

describe('connecting a device', () => {
  it('names what is wrong with a code, then asks, then is done', async () => {
    const { stub, acts } = stub_with(
      { kind: 'device', client_origin: null, request_id: 'BCDFGHJK', device: kDevice },
      null,
    )
    await mount_page(DevicePage, '/device', '/device', 'school', stub)
    await userEvent.type(screen.getByLabelText('设备码'), 'short{Enter}')
    expect((await screen.findByRole('alert')).textContent).toContain('8 位字母')
    await userEvent.clear(screen.getByLabelText('设备码'))
    await userEvent.type(screen.getByLabelText('设备码'), 'bcdf-ghjk{Enter}')
    await screen.findByText(/192\.0\.2\.7/)
    // Whoever works by keyboard is where the question begins, and then where the answer stands.
    expect(document.activeElement?.tagName).toBe('H1')
    await screen.findByText(/与您现在的网络地址相同/)
    await userEvent.click(await screen.findByRole('button', { name: '同意' }))
    expect((await screen.findByRole('status')).textContent).toContain('回到设备上')
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('status')))
    expect(acts).toEqual(['POST BCDFGHJK/approval'])
    expect(leave_for).not.toHaveBeenCalled()
    expect(await axe_findings()).toEqual([])
  })
})

describe('a device somewhere else', () => {
  it('is told apart from the one beside the person', async () => {
    const { stub } = stub_with(
      { kind: 'device', client_origin: null, device: { ...kDevice, same_address: false } },
      null,
    )
    await mount_page(DevicePage, '/device', '/device?user_code=BCDF-GHJK', 'school', stub)
    await userEvent.click(screen.getByRole('button', { name: '下一步' }))
    await screen.findByText(/与您现在的网络地址不同！/)
    expect(await axe_findings()).toEqual([])
  })
})

describe('authorised applications', () => {
  it('are listed and taken back', async () => {
    const { stub, acts } = stub_with({}, null)
    await mount_page(ConsentsPage, '/consents', '/consents', 'school', stub)
    await screen.findByText('查看施工许可证')
    expect(await axe_findings()).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: '撤回授权：省平台' }))
    await screen.findByText('还没有授权任何应用')
    expect(acts).toEqual([`DELETE consents/${kConsent.consent_id}`])
  })
})
