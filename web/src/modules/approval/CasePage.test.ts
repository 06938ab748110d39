import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { mount_page } from '../../../tests/mounting'
import CasePage from './pages/CasePage.vue'

vi.mock('@/modules/documents/components/PdfPages.vue', () => ({ default: { render: () => null } }))

async function open(task: string, account: string) {
  const page = await mount_page(CasePage, '/tasks/:task_id', `/tasks/${task}`, account)
  await screen.findByRole('heading', { level: 1, name: '翠苑小学扩建工程' }, { timeout: 5000 })
  return page
}

describe('the case page', () => {
  it('asks for the reason before a department disagrees, with the consequence in words', async () => {
    const page = await open('t-review', 'housing')
    await userEvent.click(screen.getByRole('button', { name: '不同意…' }))
    const dialog = await screen.findByRole('dialog', { name: /不同意/ })
    expect(dialog.textContent).toContain('将不能准予许可')
    const confirm = within(dialog).getByRole('button', { name: '不同意' })
    await userEvent.click(confirm)
    expect((await within(dialog).findByRole('alert')).textContent).toContain('请写明理由')
    await userEvent.type(within(dialog).getByLabelText(/理由/), '规划许可面积不符。')
    await userEvent.click(confirm)
    await waitFor(() => expect(page.path()).toBe('/inbox'))
    const sent = page.stub.seen.find((one) => one.path.endsWith('/completion'))
    expect(sent?.body).toMatchObject({ outcome: 'disagree', opinion: '规划许可面积不符。', points: [] })
    expect(sent?.headers.get('Idempotency-Key')).toBeTruthy()
    expect(sent?.headers.get('If-Match')).toBe('"2"')
  })

  it('makes a point of a finding and wants it whole', async () => {
    const page = await open('t-review?tab=findings', 'housing')
    const card = screen.getAllByRole('article').find((one) => one.textContent?.includes('合同价格与施工合同不一致'))
    await userEvent.click(within(card as HTMLElement).getByRole('button', { name: '记入要点' }))
    const dialog = await screen.findByRole('dialog', { name: /退回补正/ })
    expect(within(dialog).getByLabelText(/问题是什么/)).toHaveProperty('value', expect.stringContaining('8 260'))
    await userEvent.clear(within(dialog).getByLabelText(/怎么改/))
    await userEvent.type(within(dialog).getByLabelText(/^意见/), '请一次补正。')
    await userEvent.click(within(dialog).getByRole('button', { name: '退回补正' }))
    expect((await within(dialog).findByRole('alert')).textContent).toContain('第 1 条')
    await userEvent.type(within(dialog).getByLabelText(/怎么改/), '改成合同上的数。')
    await userEvent.click(within(dialog).getByRole('button', { name: '退回补正' }))
    await waitFor(() => expect(page.path()).toBe('/inbox'))
    const sent = page.stub.seen.find((one) => one.path.endsWith('/completion'))?.body as { points: unknown[] }
    expect(sent.points).toMatchObject([{ field: 'contract.contract_price_fen', how_to_mend: '改成合同上的数。' }])
  })

  it('keeps an opinion through a reload', async () => {
    const first = await open('t-review', 'housing')
    await userEvent.type(screen.getByLabelText('意见'), '面积差已说明。')
    await userEvent.click(screen.getByRole('checkbox', { name: /资金落实承诺已签/ }))
    first.unmount()
    await open('t-review', 'housing')
    expect(screen.getByLabelText('意见')).toHaveProperty('value', '面积差已说明。')
    expect(screen.getByRole('checkbox', { name: /资金落实承诺已签/ })).toHaveProperty('checked', true)
  })

  it('offers a free case for claiming before anything else', async () => {
    const page = await open('t-free', 'housing')
    expect(screen.queryByRole('button', { name: '同意' })).toBeNull()
    await userEvent.click(screen.getByRole('button', { name: '领取' }))
    expect(await screen.findByRole('button', { name: '同意' })).toBeTruthy()
    const acts = page.stub.seen.map((one) => `${one.method} ${one.path}`)
    expect(acts.lastIndexOf('GET /inbox')).toBeGreaterThan(acts.indexOf('POST /tasks/t-free/claim'))
  })

  it('shows the leader conclusions and letter, and says why an act is not possible', async () => {
    await open('t-decide', 'leader')
    expect(screen.getByText(/5 个部门事项/)).toBeTruthy()
    expect(screen.getByText(/准予行政许可决定书/)).toBeTruthy()
    const refuse = screen.getByRole('button', { name: '不予许可…' })
    expect(refuse.getAttribute('aria-disabled')).toBe('true')
    await userEvent.click(refuse)
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(screen.getByText('没有部门不同意，不能不予许可')).toBeTruthy()
  })
})
