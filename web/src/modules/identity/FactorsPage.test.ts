import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { make_stub, type Stub } from '../../../tests/stub'
import { factor, kCodes, kSecret } from '../../../tests/stub_factors'
import FactorsPage from './pages/FactorsPage.vue'

async function open(prepare: (stub: Stub) => void = () => undefined) {
  const stub = make_stub('housing')
  prepare(stub)
  const page = await mount_page(FactorsPage, '/account/factors', '/account/factors', 'housing', stub)
  await screen.findByRole('heading', { name: '两步验证' })
  return page
}

const press = async (name: string) => userEvent.click(await screen.findByRole('button', { name }))
const dialog = () => screen.getByRole('dialog')
const sent = (stub: Stub) => stub.seen.filter((one) => one.path.startsWith('/account') && one.method !== 'GET')
const bytes = (...values: number[]) => new Uint8Array(values).buffer

/** A browser that knows security keys; `create` is what it does when it is asked for one. */
function with_keys(create: (options: CredentialCreationOptions) => Promise<unknown>): void {
  vi.stubGlobal('PublicKeyCredential', class {})
  Object.defineProperty(navigator, 'credentials', { configurable: true, value: { create } })
}

afterEach(() => {
  vi.unstubAllGlobals()
  Reflect.deleteProperty(navigator, 'credentials')
})

describe('the page of second factors', () => {
  it('is accessible empty and with factors, and offers codes only beside a factor', async () => {
    const page = await open()
    expect(await screen.findByText('还没有验证方式')).toBeTruthy()
    expect(screen.queryByRole('heading', { name: '恢复码' })).toBeNull()
    expect(await axe_findings()).toEqual([])
    page.unmount()
    await open((stub) => {
      stub.factors.found.factors = [factor('我的手机'), factor('蓝色密钥', 'webauthn')]
      stub.factors.found.recovery_codes_left = 2
    })
    expect(await screen.findByText('我的手机')).toBeTruthy()
    expect(screen.getByText(/^安全密钥 ·/)).toBeTruthy()
    expect(screen.getByText('还剩 2 个没有用过')).toBeTruthy()
    expect(await axe_findings()).toEqual([])
  })

  it('adds an app by its QR code or its secret, with its first code, by keyboard', async () => {
    const { stub } = await open()
    await press('添加动态口令')
    await userEvent.click(within(dialog()).getByRole('button', { name: '下一步' }))
    expect(within(dialog()).getByRole('alert').textContent).toContain('请填写名称')
    await userEvent.type(within(dialog()).getByLabelText('名称'), '我的手机{Enter}')
    const picture = await within(dialog()).findByRole('img', { name: '验证器二维码' })
    // The finder in the corner: seven dark squares in the first row.
    for (let x = 0; x < 7; x++) expect(picture.querySelector('path')?.getAttribute('d')).toContain(`M${String(x)} 0h1`)
    expect(dialog().textContent).toContain(kSecret.slice(0, 4))
    expect(await axe_findings(dialog())).toEqual([])
    const code = within(dialog()).getByLabelText('6 位动态口令')
    await userEvent.type(code, '12{Enter}')
    expect(within(dialog()).getByRole('alert').textContent).toContain('请输入验证器显示的 6 位数字')
    await userEvent.clear(code)
    await userEvent.type(code, '654321{Enter}')
    await waitFor(() => expect(within(dialog()).getByRole('alert').textContent).toContain('动态口令不对。'))
    await userEvent.clear(code)
    await userEvent.type(code, '123456{Enter}')
    expect(await screen.findByText('我的手机')).toBeTruthy()
    expect(screen.getByText('动态口令已添加')).toBeTruthy()
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(sent(stub).map((one) => one.body)).toEqual([{ name: '我的手机' }, { code: '654321' }, { code: '123456' }])
  })

  it('gives a key its bytes and sends back what the key said', async () => {
    let asked: PublicKeyCredentialCreationOptions | undefined
    with_keys((options) => {
      asked = options.publicKey
      const response = { clientDataJSON: bytes(0xfb, 0xff), getAuthenticatorData: () => bytes(1, 2, 3) }
      return Promise.resolve({ response })
    })
    const { stub } = await open()
    await press('添加安全密钥')
    await userEvent.type(within(dialog()).getByLabelText('名称'), '蓝色密钥{Enter}')
    expect(await screen.findByText('蓝色密钥')).toBeTruthy()
    expect([...new Uint8Array(asked?.challenge as ArrayBuffer)]).toEqual([0, 1, 2, 255])
    expect([...new Uint8Array(asked?.excludeCredentials?.[0]?.id as ArrayBuffer)]).toEqual([255, 238])
    expect(sent(stub).at(-1)?.body).toEqual({ name: '蓝色密钥', client_data_json: '-_8', authenticator_data: 'AQID' })
  })

  it('says what to do when the key does not confirm, and sends nothing', async () => {
    for (const [name, words] of [
      ['NotAllowedError', /没有收到安全密钥的确认/],
      ['InvalidStateError', /已经添加过/],
      ['SecurityError', /浏览器没有完成操作/],
    ] as const) {
      with_keys(() => Promise.reject(new DOMException('', name)))
      const { stub, unmount } = await open()
      await press('添加安全密钥')
      await userEvent.type(within(dialog()).getByLabelText('名称'), '密钥{Enter}')
      expect(await within(dialog()).findByText(words)).toBeTruthy()
      expect(sent(stub).map((one) => one.path)).toEqual(['/account/factors/webauthn/options'])
      unmount()
    }
  })

  it('offers no keys where they do not work, and says why', async () => {
    const page = await open()
    expect(await screen.findByText('这个浏览器不支持安全密钥。')).toBeTruthy()
    expect(screen.queryByRole('button', { name: '添加安全密钥' })).toBeNull()
    page.unmount()
    with_keys(() => Promise.reject(new Error('never asked')))
    await open((stub) => (stub.factors.found.webauthn_available = false))
    expect(await screen.findByText(/以 IP 地址访问/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: '添加安全密钥' })).toBeNull()
  })

  it('shows recovery codes once, to copy and to print', async () => {
    const user = userEvent.setup()
    const printed = vi.fn()
    vi.stubGlobal('print', printed)
    await open((stub) => stub.factors.found.factors.push(factor('我的手机')))
    await user.click(await screen.findByRole('button', { name: '生成新的恢复码' }))
    await screen.findByRole('dialog')
    for (const code of kCodes) expect(within(dialog()).getByText(code)).toBeTruthy()
    expect(await axe_findings(dialog())).toEqual([])
    await user.click(within(dialog()).getByRole('button', { name: '复制' }))
    expect(await within(dialog()).findByText('已复制')).toBeTruthy()
    expect(await navigator.clipboard.readText()).toBe(kCodes.join('\n'))
    await user.click(within(dialog()).getByRole('button', { name: '打印' }))
    expect(printed).toHaveBeenCalledOnce()
    await user.click(within(dialog()).getByRole('button', { name: '已经保存好' }))
    await waitFor(() => expect(screen.queryByText(kCodes[0] ?? '')).toBeNull())
    expect(screen.getByText('还剩 10 个没有用过')).toBeTruthy()
  })

  it('renames and removes, and warns before the last one goes', async () => {
    const { stub } = await open((prepared) => prepared.factors.found.factors.push(factor('我的手机')))
    await press('改名「我的手机」')
    const input = within(dialog()).getByLabelText('名称')
    await userEvent.clear(input)
    await userEvent.type(input, '新手机{Enter}')
    expect(await screen.findByText('新手机')).toBeTruthy()
    await press('删除「新手机」')
    expect(within(dialog()).getByText(/这是最后一种验证方式/)).toBeTruthy()
    await userEvent.click(within(dialog()).getByRole('button', { name: '删除' }))
    expect(await screen.findByText('还没有验证方式')).toBeTruthy()
    expect(sent(stub).map((one) => one.method)).toEqual(['PATCH', 'DELETE'])
  })

  it('says what the server refused, and takes no eleventh', async () => {
    const page = await open((stub) => {
      stub.factors.found.factors.push(factor('我的手机'))
      stub.factors.refusal = { status: 409, reason: 'identity.factor_last', message: '必须保留至少一种两步验证方式。' }
    })
    await press('删除「我的手机」')
    await userEvent.click(within(dialog()).getByRole('button', { name: '删除' }))
    expect(await within(dialog()).findByText('必须保留至少一种两步验证方式。')).toBeTruthy()
    page.unmount()
    await open((stub) => {
      stub.factors.found.factors = Array.from({ length: 10 }, (_, place) => factor(`手机 ${String(place)}`))
    })
    expect(await screen.findByText(/最多 10 个/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: '添加动态口令' })).toBeNull()
  })
})
