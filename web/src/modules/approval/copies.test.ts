import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { make_stub, type Stub } from '../../../tests/stub'
import { kCopy } from '../../../tests/stub_copies'
import CasePage from './pages/CasePage.vue'
import CopiesPage from './pages/CopiesPage.vue'

async function open_case(prepare: (stub: Stub) => void = () => undefined) {
  const stub = make_stub('housing')
  prepare(stub)
  const page = await mount_page(CasePage, '/tasks/:task_id', '/tasks/t-review?tab=audit', 'housing', stub)
  await screen.findByRole('heading', { name: '抄送' })
  return page
}

describe('what one was given to read', () => {
  it('is listed with who gave it and why, unread ones marked', async () => {
    await mount_page(CopiesPage, '/copies', '/copies', 'housing')
    expect(await screen.findByText('与贵区地块相邻，请了解。')).toBeTruthy()
    expect(screen.getByText('未读')).toBeTruthy()
    expect(screen.getByRole('link', { name: '翠苑小学扩建工程' }).getAttribute('href')).toBe('/tasks/t-review')
    expect(await axe_findings()).toEqual([])
  })

  it('says so on the case, and its opening is the receipt, once', async () => {
    const page = await open_case((stub) => (stub.copies.of_case.copies = [{ ...kCopy, to_me: true }]))
    expect(await screen.findByText(/陈科长.*把这件抄送给您/)).toBeTruthy()
    await waitFor(() => expect(page.stub.seen.filter((one) => one.path === '/copies/c-1/receipt')).toHaveLength(1))
  })

  it('gives no receipt for what others were given, or was read before', async () => {
    const page = await open_case(
      (stub) => (stub.copies.of_case.copies = [kCopy, { ...kCopy, copy_id: 'c-2', to_me: true, read_at_ms: 1 }]),
    )
    await screen.findAllByText(/把这件抄送给您/)
    expect(page.stub.seen.some((one) => one.path.endsWith('/receipt'))).toBe(false)
  })
})

describe('giving a case to read', () => {
  it('needs somebody, shows who has it already, and happens once', async () => {
    const page = await open_case()
    await userEvent.click(await screen.findByRole('button', { name: '抄送…' }))
    const dialog = await screen.findByRole('dialog')
    await userEvent.click(within(dialog).getByRole('button', { name: '抄送' }))
    expect(await within(dialog).findByRole('link', { name: '请至少选择一个人' })).toBeTruthy()
    await userEvent.click(within(dialog).getByRole('combobox', { name: /抄送给谁/ }))
    const excluded = await within(dialog).findByRole('option', { name: /已经抄送过/ })
    expect(excluded.getAttribute('aria-disabled')).toBe('true')
    await userEvent.click(within(dialog).getByRole('option', { name: /^郑规划/ }))
    await userEvent.click(within(dialog).getByRole('button', { name: '抄送' }))
    expect(await screen.findByText('未读')).toBeTruthy()
    const sent = page.stub.seen.filter((one) => one.method === 'POST' && one.path.endsWith('/copies'))
    expect(sent.map((one) => one.body)).toEqual([{ to: ['p-zheng'], note: null }])
    expect(sent[0]?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('is not offered to who may not, with the reason', async () => {
    await open_case((stub) => (stub.copies.of_case.blocked_because = '只有正在办理这件的人可以抄送。'))
    expect(await screen.findByText('只有正在办理这件的人可以抄送。')).toBeTruthy()
    expect(screen.queryByRole('button', { name: '抄送…' })).toBeNull()
  })
})
