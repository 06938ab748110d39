import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { fireEvent } from '@testing-library/vue'
import { describe, expect, it, vi } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { make_stub, type Stub } from '../../../tests/stub'
import CasePage from './pages/CasePage.vue'

vi.mock('@/modules/documents/components/PdfPages.vue', () => ({ default: { render: () => null } }))

async function open(change: (task: Stub['tasks'][string]) => void) {
  const stub = make_stub('housing')
  const task = stub.tasks['t-review']
  if (task) change(task)
  const page = await mount_page(CasePage, '/tasks/:task_id', '/tasks/t-review', 'housing', stub)
  await screen.findByRole('heading', { level: 1, name: '翠苑小学扩建工程' }, { timeout: 5000 })
  return page
}

async function open_paper_act() {
  const page = await open((task) => {
    task.operations = [{ code: 'enter_paper_act', blocked_because: null }]
  })
  await userEvent.click(screen.getByRole('button', { name: '更多操作' }))
  await userEvent.click(screen.getByRole('menuitem', { name: /^补录/ }))
  return { page, dialog: await screen.findByRole('dialog') }
}

async function pick(dialog: HTMLElement, label: RegExp, name: RegExp) {
  await userEvent.click(within(dialog).getByRole('combobox', { name: label }))
  await userEvent.click(await within(dialog).findByRole('option', { name }))
}

describe('an act on paper', () => {
  it('is entered with who decided, when, and where the paper lies; what follows is said before', async () => {
    const { page, dialog } = await open_paper_act()
    await userEvent.selectOptions(within(dialog).getByLabelText(/纸面的结论/), 'agree')
    await pick(dialog, /纸面由谁办理/, /周子衡/)
    await fireEvent.update(within(dialog).getByLabelText(/办理时间/), '2026-12-01T15:30')
    await userEvent.type(within(dialog).getByLabelText(/文号或存放位置/), '西住建档 18 号')
    expect(within(dialog).getByText(/按 2026年12月1日（周二）15:30 已由周子衡办理/)).toBeTruthy()
    expect(await axe_findings(dialog)).toEqual([])
    await userEvent.click(within(dialog).getByRole('button', { name: '补录' }))
    await waitFor(() => expect(page.stub.seen.some((one) => one.path.endsWith('/paper-act'))).toBe(true))
    const request = page.stub.seen.find((one) => one.path.endsWith('/paper-act'))
    expect(request?.body).toMatchObject({
      outcome: 'agree',
      done_by: 'account-zhou',
      happened_at_ms: Date.UTC(2026, 11, 1, 7, 30),
      paper_reference: '西住建档 18 号',
    })
    expect(request?.headers.get('Idempotency-Key')).toBeTruthy()
  })

  it('is not sent while something is missing, and each field is named', async () => {
    const { page, dialog } = await open_paper_act()
    await userEvent.click(within(dialog).getByRole('button', { name: '补录' }))
    const told = (await within(dialog).findByRole('alert')).textContent
    for (const wanted of ['纸面的结论', '纸面由谁办理', '办理时间', '文号或存放位置']) expect(told).toContain(wanted)
    expect(page.stub.seen.some((one) => one.path.endsWith('/paper-act'))).toBe(false)
  })
})

describe('an outcome that chooses who goes on', () => {
  it('asks for a person and sends who was chosen', async () => {
    const page = await open((task) => {
      const [first] = task.outcomes
      if (first) Object.assign(first, { chooses: '复核', label: '同意', blocked_because: null })
    })
    await userEvent.click(screen.getByRole('button', { name: /^同意/ }))
    const dialog = await screen.findByRole('dialog')
    await userEvent.click(within(dialog).getByRole('button', { name: '同意' }))
    expect((await within(dialog).findByRole('alert')).textContent).toContain('请选择“复核”由谁办理')
    await pick(dialog, /“复核”由谁办理/, /何启明/)
    await userEvent.click(within(dialog).getByRole('button', { name: '同意' }))
    await waitFor(() => expect(page.stub.seen.some((one) => one.path.endsWith('/completion'))).toBe(true))
    expect(page.stub.seen.find((one) => one.path.endsWith('/completion'))?.body).toMatchObject({ chosen: 'account-he' })
  })
})
