import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { axe_findings, mount_page } from '../../../../tests/mounting'
import { make_stub, type Stub } from '../../../../tests/stub'
import { order } from '../../../../tests/stub_oversight'
import CasePage from '../pages/CasePage.vue'
import { format_worked } from './hours'
import OversightPage from './OversightPage.vue'

vi.mock('@/modules/documents/components/PdfPages.vue', () => ({ default: { render: () => null } }))

const kHourMs = 3_600_000
const kDayMs = 8 * kHourMs

async function open(query = '', prepare: (stub: Stub) => void = () => undefined) {
  const stub = make_stub('housing')
  prepare(stub)
  const page = await mount_page(OversightPage, '/oversight', `/oversight${query}`, 'housing', stub)
  await screen.findByRole('heading', { level: 1, name: '督办台' })
  return page
}

async function open_case(prepare: (stub: Stub) => void) {
  const stub = make_stub('housing')
  prepare(stub)
  await mount_page(CasePage, '/tasks/:task_id', '/tasks/t-review', 'housing', stub)
  await screen.findByRole('heading', { level: 1, name: '翠苑小学扩建工程' }, { timeout: 5000 })
  return stub
}

describe('office hours', () => {
  it('are told in days of the office and hours, never in decimals of a day', () => {
    expect(format_worked(0, kDayMs)).toBe('0 小时')
    expect(format_worked(90 * 60_000, kDayMs)).toBe('1.5 小时')
    expect(format_worked(kDayMs, kDayMs)).toBe('1 天')
    expect(format_worked(kDayMs * 3 + 2 * kHourMs, kDayMs)).toBe('3 天 2 小时')
    expect(format_worked(7.5 * kHourMs, 7.5 * kHourMs)).toBe('1 天')
    expect(format_worked(kDayMs - 1, kDayMs)).toBe('1 天')
  })
})

describe('the oversight desk', () => {
  it('shows load and lateness by department, caps what is not counted further, and is clean for axe', async () => {
    await open()
    const table = await screen.findByRole('table', { name: '按部门' })
    expect(within(table).getByRole('link', { name: /消防审查.*在办 1000\+ 件/ })).toBeTruthy()
    expect(within(table).getByRole('link', { name: /住房和城乡建设局，超期 1 件/ })).toBeTruthy()
    expect(await axe_findings()).toEqual([])
  })

  it('opens the cases behind a number, and the people of the department beside it', async () => {
    const page = await open()
    await userEvent.click(await screen.findByRole('link', { name: /住房和城乡建设局，超期 1 件/ }))
    expect(page.path()).toContain('light=red')
    expect(await screen.findByRole('table', { name: '按人员' })).toBeTruthy()
    const list = await screen.findByRole('table', { name: '住房和城乡建设局：超期' })
    expect(within(list).getAllByText('王住建').length).toBeGreaterThan(0)
    expect(within(list).getAllByText('3 天 3 小时').length).toBeGreaterThan(0)
    expect(within(list).getAllByText('施工许可条件审查（无人领取）').length).toBeGreaterThan(0)
    expect(await axe_findings()).toEqual([])
  })

  it('says so when there is nothing behind a number', async () => {
    await open('?department=housing&light=yellow')
    expect(await screen.findByRole('heading', { name: '没有这样的办件' })).toBeTruthy()
  })

  it('asks for demand and consequence before an order goes out, and sends it once with the version seen', async () => {
    const page = await open('?department=housing')
    const rows = await screen.findAllByRole('button', { name: '督办' })
    expect(rows[0]?.getAttribute('aria-disabled')).toBe('true')
    await userEvent.click(rows[1] as HTMLElement)
    const dialog = await screen.findByRole('dialog', { name: '发督办单' })
    await userEvent.clear(within(dialog).getByLabelText(/逾期后果/))
    await userEvent.click(within(dialog).getByRole('button', { name: '发出督办单' }))
    expect(within(dialog).getByText('请写明督办要求')).toBeTruthy()
    expect(within(dialog).getByText('请写明逾期后果')).toBeTruthy()
    await userEvent.type(within(dialog).getByLabelText(/督办要求/), '请今天办结')
    await userEvent.type(within(dialog).getByLabelText(/逾期后果/), '通报')
    await userEvent.selectOptions(within(dialog).getByLabelText('回复期限'), '2')
    await userEvent.click(within(dialog).getByRole('button', { name: '发出督办单' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    const sent = page.stub.seen.filter((one) => one.path.endsWith('/expedite-order'))
    expect(sent).toHaveLength(1)
    expect(sent[0]?.body).toEqual({ demand: '请今天办结', consequence: '通报', answer_within_working_days: 2 })
    expect(sent[0]?.headers.get('Idempotency-Key')).toBeTruthy()
    expect(sent[0]?.headers.get('If-Match')).toMatch(/^"\d+"$/)
  })

  it('lists orders by how they stand', async () => {
    await open('?tab=orders')
    expect(await screen.findByText('请说明迟延原因，今天办结。')).toBeTruthy()
    await userEvent.click(screen.getByRole('link', { name: '已回复' }))
    expect(await screen.findByRole('heading', { name: '没有督办单' })).toBeTruthy()
    expect(await axe_findings()).toEqual([])
  })

  it('begins a self-check, and says of each finding what to do', async () => {
    await open('?tab=check', (stub) => {
      stub.oversight.findings = [
        {
          finding_id: 't-lost',
          kind: 'nobody_in_group',
          application_id: 'a',
          application_number: '330106-2026-00009',
          works_name: '文三路改造',
          region_code: '330106',
          task_id: 't-lost',
          task_name: '人防审核',
          department: 'civil_defence',
          role: 'reviewer',
          holder_name: null,
        },
      ]
    })
    expect(await screen.findByRole('heading', { name: '还没有自查过' })).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: '现在自查' }))
    expect(await screen.findByText('发现 1 处')).toBeTruthy()
    expect(await screen.findByText(/“人防审核”没有人能办/)).toBeTruthy()
    expect(screen.getByText(/请系统管理员为这个部门和岗位添加人员/)).toBeTruthy()
    expect(await axe_findings()).toEqual([])
  })
})

describe('an order on the page of its task', () => {
  it('is answered there by who holds the task', async () => {
    const stub = await open_case((one) => {
      one.oversight.orders = [order({ task_id: 't-review' })]
      Object.assign(one.tasks['t-review'] ?? {}, { assigned_to_me: true, assignee_name: '王住建' })
    })
    expect(await screen.findByText('请说明迟延原因，今天办结。')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: '回复督办单' }))
    const dialog = await screen.findByRole('dialog')
    await userEvent.click(within(dialog).getByRole('button', { name: '回复督办单' }))
    expect(within(dialog).getByText('请写明原因和预计办结时间')).toBeTruthy()
    await userEvent.type(within(dialog).getByLabelText(/回复/), '等消防数据，明天办结')
    await userEvent.click(within(dialog).getByRole('button', { name: '回复督办单' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    const sent = stub.seen.find((one) => one.path.endsWith('/expedite-order/answer'))
    expect(sent?.body).toEqual({ answer: '等消防数据，明天办结' })
    expect(await screen.findByText('督办单已回复。')).toBeTruthy()
    expect(await screen.findByText('等消防数据，明天办结')).toBeTruthy()
  })

  it('of another task is not shown', async () => {
    await open_case((one) => {
      one.oversight.orders = [order({ task_id: 't-other' })]
    })
    await waitFor(() => expect(screen.queryByText('请说明迟延原因，今天办结。')).toBeNull())
  })
})
