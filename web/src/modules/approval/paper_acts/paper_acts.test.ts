import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { axe_findings, mount_page } from '../../../../tests/mounting'
import { make_stub } from '../../../../tests/stub'
import { kNow } from '../../../../tests/story'
import CasePage from '../pages/CasePage.vue'
import InboxPage from '../pages/InboxPage.vue'
import type { WaitingPaperAct } from './api'

vi.mock('@/modules/documents/components/PdfPages.vue', () => ({ default: { render: () => null } }))

const kWaiting: WaitingPaperAct = {
  proposal_id: 'proposal-1',
  proposed_by: '周窗口（住房和城乡建设局）',
  proposed_by_me: false,
  proposed_at_ms: kNow - 3_600_000,
  expires_at_ms: kNow + 6 * 86_400_000,
  done_by_name: '王住建（住房和城乡建设局）',
  done_by_me: true,
  happened_at_ms: Date.UTC(2026, 10, 29, 7, 30),
  paper_reference: '西住建档 18 号',
  outcome: 'agree',
  outcome_label: '同意',
  opinion: '纸面同意。',
  checklist: ['c1'],
  points: [],
  omissions: [],
  chosen_name: null,
}

function stub_with(change: Partial<WaitingPaperAct> = {}) {
  const stub = make_stub('housing')
  const task = stub.tasks['t-review']
  if (task) task.paper_act = { ...kWaiting, ...change }
  return stub
}

async function open(change: Partial<WaitingPaperAct> = {}) {
  const page = await mount_page(CasePage, '/tasks/:task_id', '/tasks/t-review', 'housing', stub_with(change))
  await screen.findByRole('heading', { level: 1, name: '翠苑小学扩建工程' }, { timeout: 5000 })
  return page
}

const sent_to = (page: Awaited<ReturnType<typeof open>>, end: string) =>
  page.stub.seen.find((one) => one.path.endsWith(end))

describe('a decision that was entered in somebody’s name', () => {
  it('is shown whole to who is named, and takes effect with his word', async () => {
    const page = await open()
    expect(screen.getByText(/周窗口.*补录了您于.*15:30在纸面作出的决定，请核对后确认或否认/)).toBeTruthy()
    for (const told of ['同意', '纸面同意。', '西住建档 18 号'])
      expect(screen.getAllByText(told).length).toBeGreaterThan(0)
    await userEvent.click(screen.getByRole('button', { name: '确认' }))
    const dialog = await screen.findByRole('dialog')
    expect(within(dialog).getByText(/作出“同意”的决定即生效/)).toBeTruthy()
    expect(await axe_findings(dialog)).toEqual([])
    await userEvent.click(within(dialog).getByRole('button', { name: '确认' }))
    await waitFor(() => expect(sent_to(page, '/paper-act/confirmation')).toBeTruthy())
    expect(sent_to(page, '/paper-act/confirmation')?.body).toEqual({ proposal_id: 'proposal-1' })
    expect(sent_to(page, '/paper-act/confirmation')?.headers.get('If-Match')).toBeTruthy()
  })

  it('is denied with a reason, and the case stays as it is', async () => {
    const page = await open()
    await userEvent.click(screen.getByRole('button', { name: '否认' }))
    const dialog = await screen.findByRole('dialog')
    await userEvent.click(within(dialog).getByRole('button', { name: '否认' }))
    expect((await within(dialog).findByRole('alert')).textContent).toContain('请写明否认的理由')
    await userEvent.type(within(dialog).getByLabelText(/否认的理由/), '我没有作出这个决定')
    await userEvent.click(within(dialog).getByRole('button', { name: '否认' }))
    await waitFor(() => expect(screen.queryByText(/在纸面作出的决定/)).toBeNull())
    expect(sent_to(page, '/paper-act/denial')?.body).toEqual({
      proposal_id: 'proposal-1',
      reason: '我没有作出这个决定',
    })
  })

  it('is only taken back by who entered it, and only read by others', async () => {
    const page = await open({ done_by_me: false, proposed_by_me: true })
    expect(screen.queryByRole('button', { name: '确认' })).toBeNull()
    await userEvent.click(screen.getByRole('button', { name: '撤回补录' }))
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: '撤回补录' }))
    await waitFor(() => expect(sent_to(page, '/paper-act/withdrawal')).toBeTruthy())
  })

  it('stands above the list of tasks of who is named', async () => {
    const page = await mount_page(InboxPage, '/inbox', '/inbox', 'housing', stub_with())
    expect(await screen.findByText('有 1 份以您的名义补录的决定等待您确认')).toBeTruthy()
    const link = screen.getByRole('link', { name: /翠苑小学扩建工程 · 施工许可条件审查/ })
    expect(link.getAttribute('href')).toBe('/tasks/t-review')
    expect(await axe_findings(page.container)).toEqual([])
  })

  it('says before it is entered that it waits for the other', async () => {
    const stub = make_stub('housing')
    const task = stub.tasks['t-review']
    if (task) Object.assign(task, { kind: 'decide', operations: [{ code: 'enter_paper_act', blocked_because: null }] })
    await mount_page(CasePage, '/tasks/:task_id', '/tasks/t-review', 'housing', stub)
    await userEvent.click(await screen.findByRole('button', { name: '更多操作' }, { timeout: 5000 }))
    await userEvent.click(screen.getByRole('menuitem', { name: /^补录/ }))
    const dialog = await screen.findByRole('dialog')
    await userEvent.click(within(dialog).getByRole('combobox', { name: /纸面由谁办理/ }))
    await userEvent.click(await within(dialog).findByRole('option', { name: /周子衡/ }))
    expect(within(dialog).getByText(/由周子衡在待办里核对并确认后才生效/)).toBeTruthy()
  })
})
