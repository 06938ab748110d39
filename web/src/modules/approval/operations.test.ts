import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { make_stub, type Stub } from '../../../tests/stub'
import CasePage from './pages/CasePage.vue'

vi.mock('@/modules/documents/components/PdfPages.vue', () => ({ default: { render: () => null } }))

type Told = Partial<Stub['tasks'][string]>
const kAll = ['return', 'transfer', 'delegate', 'add_signer_before', 'add_signer_after', 'take_back', 'assign'] as const

function operations(blocked: Partial<Record<(typeof kAll)[number], string>> = {}): NonNullable<Told['operations']> {
  return kAll.map((code) => ({ code, blocked_because: blocked[code] ?? null }))
}

async function open(told: Told = {}, task = 't-review') {
  const stub = make_stub('housing')
  Object.assign(stub.tasks[task] ?? {}, { operations: operations(), ...told })
  const page = await mount_page(CasePage, '/tasks/:task_id', `/tasks/${task}`, 'housing', stub)
  await screen.findByRole('heading', { level: 1, name: '翠苑小学扩建工程' }, { timeout: 5000 })
  return page
}

async function choose(name: RegExp) {
  await userEvent.click(screen.getByRole('button', { name: '更多操作' }))
  await userEvent.click(screen.getByRole('menuitem', { name }))
  return screen.findByRole('dialog')
}

function sent(page: { stub: Stub }, ends: string) {
  return page.stub.seen.find((one) => one.path.endsWith(ends))
}

const asked: NonNullable<Told['signers']>[number] = {
  task_id: 't-asked',
  relation: 'before',
  assignee_name: '周子衡',
  state: 'open',
  outcome: null,
  outcome_label: null,
  opinion: null,
  question: '结构计算书请看一眼。',
  asked_by: '王住建',
  created_at_ms: Date.UTC(2026, 10, 30, 1, 0),
  completed_at_ms: null,
  cancel_cause: null,
  may_remove: true,
}

describe('more actions', () => {
  it('all stand in the menu, and what is blocked says why and does nothing', async () => {
    await open({ operations: operations({ take_back: '还没有办结，没有可撤回的。', assign: '指派由科长来做。' }) })
    await userEvent.click(screen.getByRole('button', { name: '更多操作' }))
    expect(screen.getAllByRole('menuitem')).toHaveLength(kAll.length)
    const blocked = screen.getByRole('menuitem', { name: /指派由科长来做/ })
    expect(blocked.getAttribute('aria-disabled')).toBe('true')
    await userEvent.click(blocked)
    expect(screen.queryByRole('dialog')).toBeNull()
    await userEvent.keyboard('{End}')
    expect(document.activeElement?.textContent).toContain('指派')
    expect(await axe_findings(screen.getByRole('menu'))).toEqual([])
  })

  it('transfer: the person is found by typing and chosen by keys, and the case leaves the desk', async () => {
    const page = await open()
    const dialog = await choose(/^转办/)
    const box = within(dialog).getByRole('combobox', { name: /转给谁/ })
    await userEvent.type(box, '周')
    await waitFor(() => expect(within(dialog).getAllByRole('option')).toHaveLength(1))
    await userEvent.keyboard('{ArrowDown}')
    expect(box.getAttribute('aria-activedescendant')).toBe(within(dialog).getByRole('option').id)
    await userEvent.keyboard('{Enter}')
    expect(within(dialog).getByText(/由周子衡办理并作结论，不再回到您这里/)).toBeTruthy()
    await userEvent.type(within(dialog).getByLabelText(/理由/), '周子衡熟悉这个片区。')
    expect(await axe_findings(dialog)).toEqual([])
    await userEvent.click(within(dialog).getByRole('button', { name: '转办' }))
    await waitFor(() => expect(page.path()).toBe('/inbox'))
    const request = sent(page, '/transfer')
    expect(request?.body).toEqual({ to: 'account-zhou', reason: '周子衡熟悉这个片区。' })
    expect(request?.headers.get('If-Match')).toBe('"2"')
    expect(request?.headers.get('Idempotency-Key')).toBeTruthy()
  })

  it('shows who is excluded and why, and lets nobody choose her', async () => {
    await open()
    const dialog = await choose(/^转办/)
    await userEvent.click(within(dialog).getByRole('combobox'))
    const option = await within(dialog).findByRole('option', { name: /李窗口/ })
    expect(option.textContent).toContain('受理过这件申请，不能再审查。')
    expect(option.getAttribute('aria-disabled')).toBe('true')
    await userEvent.click(option)
    await userEvent.click(within(dialog).getByRole('button', { name: '转办' }))
    expect((await within(dialog).findByRole('alert')).textContent).toContain('请选择人')
  })

  it('Escape closes the list before the dialog', async () => {
    await open()
    const dialog = await choose(/^转办/)
    const box = within(dialog).getByRole('combobox')
    await userEvent.click(box)
    expect(box.getAttribute('aria-expanded')).toBe('true')
    await userEvent.keyboard('{Escape}')
    expect(box.getAttribute('aria-expanded')).toBe('false')
    expect(screen.getByRole('dialog')).toBeTruthy()
  })

  it('before-signers: several are asked, and the page then says whom it waits for', async () => {
    const page = await open()
    const dialog = await choose(/^前加签/)
    for (const name of ['周', '何']) {
      await userEvent.type(within(dialog).getByRole('combobox'), name)
      await waitFor(() => expect(within(dialog).getAllByRole('option')).toHaveLength(1))
      await userEvent.keyboard('{ArrowDown}{Enter}')
    }
    await userEvent.type(within(dialog).getByLabelText(/想请对方看什么/), '结构计算书请看一眼。')
    await userEvent.click(within(dialog).getByRole('button', { name: '前加签' }))
    expect(await screen.findByText(/正在等周子衡、何启明的意见/)).toBeTruthy()
    expect(sent(page, '/signers')?.body).toEqual({
      position: 'before',
      to: ['account-zhou', 'account-he'],
      question: '结构计算书请看一眼。',
    })
    expect(page.path()).toBe('/tasks/t-review')
  })

  it('delegate: what is asked must be written', async () => {
    const page = await open()
    const dialog = await choose(/^委派/)
    await userEvent.click(within(dialog).getByRole('combobox'))
    await userEvent.click(await within(dialog).findByRole('option', { name: /何启明/ }))
    await userEvent.click(within(dialog).getByRole('button', { name: '委派' }))
    expect((await within(dialog).findByRole('alert')).textContent).toContain('请写明想请对方看什么')
    expect(sent(page, '/delegation')).toBeUndefined()
  })

  it('take back: the finished step is in hand again on the same page', async () => {
    const page = await open({}, 't-done')
    const dialog = await choose(/^撤回/)
    expect(dialog.textContent).toContain('重新回到您手里')
    await userEvent.type(within(dialog).getByLabelText(/理由/), '漏看了附图。')
    await userEvent.click(within(dialog).getByRole('button', { name: '撤回' }))
    expect(await screen.findByText('已撤回。')).toBeTruthy()
    expect(screen.getByRole('button', { name: '同意' })).toBeTruthy()
    expect(sent(page, '/take-back')?.body).toEqual({ reason: '漏看了附图。' })
  })
})

describe('asked colleagues', () => {
  it('are shown with what they said or since when one waits, and can be taken away with a reason', async () => {
    const said = {
      ...asked,
      task_id: 't-said',
      assignee_name: '何启明',
      state: 'completed' as const,
      may_remove: false,
    }
    const page = await open({
      signers: [
        asked,
        { ...said, outcome_label: '同意', opinion: '计算书完整。', completed_at_ms: asked.created_at_ms },
      ],
    })
    const panel = screen.getByRole('region', { name: '加签与委派' })
    expect(panel.textContent).toContain('正在等周子衡的意见，都答复后您才能办结。')
    expect(panel.textContent).toContain('“计算书完整。”')
    expect(await axe_findings(panel)).toEqual([])
    await userEvent.click(within(panel).getByRole('button', { name: /减签/ }))
    const dialog = await screen.findByRole('dialog', { name: '减签' })
    await userEvent.type(within(dialog).getByLabelText(/理由/), '他在休假。')
    await userEvent.click(within(dialog).getByRole('button', { name: '减签' }))
    expect(await within(panel).findByText('已减签，不再等')).toBeTruthy()
    expect(sent(page, '/signers/t-asked/removal')?.body).toEqual({ reason: '他在休假。' })
  })

  it('stand in the way of every outcome, which is said once', async () => {
    const stub = make_stub('housing')
    const why = '正在等周子衡的意见，收到后再办理这一步。'
    const outcomes = stub.tasks['t-review']?.outcomes.map((one) => ({ ...one, blocked_because: why })) ?? []
    await open({ signers: [asked], outcomes })
    expect(screen.getAllByText(why)).toHaveLength(1)
    const agree = screen.getByRole('button', { name: '同意' })
    expect(agree.getAttribute('aria-disabled')).toBe('true')
    expect(document.getElementById(agree.getAttribute('aria-describedby') ?? '')?.textContent).toBe(why)
  })

  it('who sign after the holder wait for him, then he for them', async () => {
    const after = { ...asked, relation: 'after' as const }
    await open({
      signers: [
        { ...after, state: 'planned' },
        { ...after, task_id: 't-2', assignee_name: '何启明' },
      ],
    })
    const panel = screen.getByRole('region', { name: '加签与委派' })
    expect(panel.textContent).toContain('您办结后再签')
    expect(panel.textContent).toContain('承办人已作结论，正在等何启明签')
  })

  it('read the question and who asks, and find the task behind it', async () => {
    const parent = {
      task_id: 't-decide',
      name: '复核',
      relation: 'delegate' as const,
      asked_by: '陈科长',
      question: '面积算对了吗？',
    }
    await open({ parent })
    const notice = screen.getByText(/陈科长请您对“复核”出意见/).closest('.notice') as HTMLElement
    expect(notice.textContent).toContain('面积算对了吗？')
    expect(within(notice).getByRole('link', { name: '看“复核”' }).getAttribute('href')).toBe('/tasks/t-decide')
    expect(screen.getByRole('button', { name: '同意' })).toBeTruthy()
  })
})

describe('the record of a step', () => {
  it('tells every act with its reason, and who held it first', async () => {
    await open({
      original_assignee_name: '何启明',
      acts: [
        {
          act: 'transfer',
          actor_name: '何启明',
          instead_of: null,
          from_name: '何启明',
          to_name: '王住建',
          reason: '我在休假。',
          at_ms: asked.created_at_ms,
        },
      ],
    })
    expect(screen.getByText(/原由何启明承办/)).toBeTruthy()
    await userEvent.click(screen.getByRole('link', { name: '留痕' }))
    const record = await screen.findByRole('region', { name: '这一步的记录' })
    expect(record.textContent).toContain('何启明转办给王住建')
    expect(record.textContent).toContain('我在休假。')
  })
})
