import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { permit } from '../../../tests/story_permit'
import { make_stub, type Stub } from '../../../tests/stub'
import { copy, edition } from '../../../tests/stub_certificates'
import CertificatePage from './pages/CertificatePage.vue'

vi.mock('@/modules/documents/components/PdfPages.vue', () => ({
  __esModule: true,
  default: { props: ['address'], render: (page: { address: string }) => page.address },
}))

const kAddress = `/permits/${permit.permit_number}/certificate`

function open(account: string, prepare: (stub: Stub) => void = () => undefined, address = kAddress) {
  const stub = make_stub(account)
  prepare(stub)
  return mount_page(CertificatePage, '/permits/:permit_number/certificate', address, account, stub)
}

async function ask(purpose: string, made_for: string) {
  await userEvent.click(await screen.findByRole('button', { name: '制作复制件…' }))
  const dialog = await screen.findByRole('dialog')
  if (purpose) await userEvent.type(within(dialog).getByLabelText('用途'), purpose)
  if (made_for) await userEvent.type(within(dialog).getByLabelText('给谁用'), made_for)
  await userEvent.click(within(dialog).getByRole('button', { name: '制作' }))
  return dialog
}

const keys = (stub: Stub) =>
  stub.seen.filter((one) => one.method === 'POST').map((one) => one.headers.get('Idempotency-Key'))

describe('the page of a certificate', () => {
  it('gives all formats, the place in the log, the code and the way to verify, and says that it is a specimen', async () => {
    await open('school')
    await screen.findByRole('heading', { name: `电子证照 ${permit.permit_number}` })
    for (const format of ['PDF', 'OFD', 'XML', 'JSON']) {
      const link = screen.getByRole('link', { name: format })
      expect(link.getAttribute('href')).toBe(
        `/api/v1/permits/${permit.permit_number}/certificates/1/files/certificate.${format.toLowerCase()}`,
      )
      expect(link.getAttribute('download')).toContain(`${permit.permit_number}.${format.toLowerCase()}`)
    }
    expect(screen.getByText('第 18204 号存证')).toBeTruthy()
    expect(screen.getByText(/内容登记在公开日志的这个位置/)).toBeTruthy()
    expect(screen.getByText(/\/ledger\/permits$/)).toBeTruthy()
    expect(screen.getByText(/存证里登记的就是这些摘要/)).toBeTruthy()
    expect(screen.getByText('7K3F-9Q2M-4XTB-8LWD')).toBeTruthy()
    expect(
      screen
        .getByRole('img', { name: /验真二维码/ })
        .querySelector('path')
        ?.getAttribute('d'),
    ).toContain('M0 0h7v1h-7z')
    expect(screen.getByRole('link', { name: '打开文件核验页' }).getAttribute('href')).toBe('/app/verify/index.html')
    expect(screen.getByRole('link', { name: '保存核验页' }).getAttribute('href')).toBe('/verify/kaigong-verify.html')
    expect(screen.getAllByText(/培训样证/).length).toBeGreaterThan(0)
    expect(await screen.findByText(/files\/certificate\.pdf/)).toBeTruthy()
    expect(await axe_findings()).toEqual([])
  })

  it('shows an older edition at its own address, and says that it was replaced', async () => {
    const older = edition(1, null)
    await open(
      'housing',
      (stub) => (stub.certificates.certificates.editions = [edition(2, 7), older]),
      `${kAddress}?edition=1`,
    )
    expect(await screen.findByText(/您看的是第 1 版/)).toBeTruthy()
    expect(screen.getByRole('link', { name: 'PDF' }).getAttribute('href')).toContain('/certificates/1/files/')
    expect(screen.getByText('这一版在启用存证之前制作，没有登记。')).toBeTruthy()
    expect(screen.queryByText(/存证里登记的就是这些摘要/)).toBeNull()
    expect(screen.queryByRole('link', { name: '保存核验页' })).toBeNull()
    expect(screen.getByText(/已由第 2 版代替/)).toBeTruthy()
    await userEvent.click(screen.getByRole('link', { name: '看第 2 版' }))
    await waitFor(() =>
      expect(screen.getByRole('link', { name: 'PDF' }).getAttribute('href')).toContain('/certificates/2/files/'),
    )
    expect(screen.queryByText(/您看的是第 1 版/)).toBeNull()
  })

  it('says that the certificate is still being made, and looks again', async () => {
    const page = await open(
      'school',
      (stub) => (stub.certificates.refusal = [404, 'certificates.not_ready', '证照还在制作，请稍后再打开。']),
    )
    await screen.findByRole('heading', { name: '证照还在制作' })
    page.stub.certificates.refusal = null
    await userEvent.click(screen.getByRole('button', { name: '刷新' }))
    expect(await screen.findByText('第 18204 号存证')).toBeTruthy()
  })

  it('says what went wrong, and tries again', async () => {
    const page = await open('school', (stub) => (stub.certificates.refusal = [503, 'db.busy', '正忙，请再试。']))
    await screen.findByText('正忙，请再试。')
    page.stub.certificates.refusal = null
    await userEvent.click(screen.getByRole('button', { name: '再试一次' }))
    expect(await screen.findByText('第 18204 号存证')).toBeTruthy()
  })
})

describe('a copy for one purpose', () => {
  it('needs a purpose and a user, is made once and listed with its files', async () => {
    const page = await open('school')
    const dialog = await ask('', '行')
    expect(await within(dialog).findByRole('link', { name: /请写明用途/ })).toBeTruthy()
    expect(within(dialog).getByRole('link', { name: /请写明给谁用/ })).toBeTruthy()
    expect(keys(page.stub)).toEqual([])
    await userEvent.type(within(dialog).getByLabelText('用途'), '办理银行贷款')
    await userEvent.type(within(dialog).getByLabelText('给谁用'), '示例银行{Enter}')
    expect(await screen.findByText('第 1 号复制件做好了：办理银行贷款')).toBeTruthy()
    await waitFor(() =>
      expect(screen.getByRole('link', { name: /OFD.*第 1 号复制件/ }).getAttribute('href')).toBe(
        `/api/v1/permits/${permit.permit_number}/certificates/1/copies/1/files/certificate.ofd`,
      ),
    )
    const sent = page.stub.seen.filter((one) => one.method === 'POST')
    expect(sent.map((one) => one.body)).toEqual([{ purpose: '办理银行贷款', made_for: '行示例银行' }])
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(await axe_findings()).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: '制作复制件…' }))
    expect((screen.getByLabelText('用途') as HTMLInputElement).value).toBe('')
  })

  it('keeps what was typed through a failure, a closed dialog and a reload, and asks with the same key', async () => {
    const page = await open('school')
    await screen.findByText('还没有复制件。')
    page.stub.certificates.refusal = [503, 'signing.unavailable', '签章服务暂时连不上，请稍后再试。']
    const dialog = await ask('办理银行贷款', '示例银行')
    expect(await within(dialog).findByText('签章服务暂时连不上，请稍后再试。')).toBeTruthy()
    await userEvent.click(within(dialog).getByRole('button', { name: '先不做' }))
    expect(screen.getByRole('alert').textContent).toContain('您填的都在')
    page.unmount()
    const again = await open('school')
    await ask('', '')
    expect(await screen.findByText(/第 1 号复制件做好了/)).toBeTruthy()
    expect(keys(again.stub)).toEqual(keys(page.stub))
  })

  it('with other words is another copy', async () => {
    const page = await open('school')
    await screen.findByText('还没有复制件。')
    page.stub.certificates.refusal = [503, 'signing.unavailable', '请稍后再试。']
    const dialog = await ask('办理银行贷款', '示例银行')
    await within(dialog).findByText('请稍后再试。')
    page.stub.certificates.refusal = null
    await userEvent.type(within(dialog).getByLabelText('给谁用'), '西湖支行')
    await userEvent.click(within(dialog).getByRole('button', { name: '制作' }))
    await screen.findByText(/第 1 号复制件做好了/)
    expect(new Set(keys(page.stub)).size).toBe(2)
  })

  it.each([
    ['not_yours', '复制件由申请人和发证人员制作。'],
    ['not_in_force', '许可证现在不是有效状态，不能再制作复制件。'],
    ['made_before_the_log', '这份证照在启用存证之前制作，不能制作复制件。请使用它的 PDF。'],
    ['copies_exhausted', '这份证照的复制件已达 99 份，请使用已有的。'],
  ] as const)('is not offered where none can be made, and the page says why: %s', async (why, words) => {
    await open('housing', (stub) => {
      stub.certificates.certificates.may_copy = false
      stub.certificates.certificates.copy_refusal = why
    })
    expect(await screen.findByText(words)).toBeTruthy()
    expect(screen.queryByRole('button', { name: '制作复制件…' })).toBeNull()
  })

  it('that is being made is not called broken, and nobody is sent to make a second one', async () => {
    await open('housing', (stub) => {
      stub.certificates.certificates.copies = [{ ...copy, state: 'begun', files: [] }]
    })
    expect(await screen.findByText('还没有做好')).toBeTruthy()
    expect(screen.getByText(/还在制作，或制作时中断。.*用同样的用途和使用人再做一次，不会多占编号/)).toBeTruthy()
  })
})
