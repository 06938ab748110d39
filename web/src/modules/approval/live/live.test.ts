import { screen, waitFor } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CaseNews } from '@/shared/api/types'
import { FakeSource } from '../../../../tests/fake_source'
import { mount_page } from '../../../../tests/mounting'
import CasePage from '../pages/CasePage.vue'

vi.mock('@/modules/documents/components/PdfPages.vue', () => ({ default: { render: () => null } }))

function news(of: Partial<CaseNews>): CaseNews {
  return { version: 13, tasks: [], acts: [], entries: [], ...of }
}
const kTransfer = {
  act: 'transfer',
  task_id: 't-other',
  task_name: '消防审查',
  actor_name: '王某',
  to_name: '李某',
  mine: false,
  at_ms: 1,
}

async function open() {
  const page = await mount_page(CasePage, '/tasks/:task_id', '/tasks/t-review', 'housing')
  await screen.findByRole('heading', { level: 1, name: '翠苑小学扩建工程' }, { timeout: 5000 })
  await waitFor(() => expect(FakeSource.all.length).toBe(1))
  return { page, source: FakeSource.all[0] as FakeSource }
}

describe('a page that somebody else acts on', () => {
  beforeEach(() => {
    FakeSource.all = []
    vi.stubGlobal('EventSource', FakeSource)
  })
  afterEach(() => vi.unstubAllGlobals())

  it('says who did what, keeps what is typed and the focus, and asks before it changes this step', async () => {
    const { source } = await open()
    const opinion = screen.getByLabelText('意见')
    await userEvent.type(opinion, '面积差已说明')
    source.tell('changed', news({ acts: [kTransfer], tasks: [{ task_id: 't-review', version: 3 }] }))
    const told = await screen.findByText(/王某 刚刚把“消防审查”转办给李某/)
    expect(told.closest('[role="status"]')).toBeTruthy()
    expect(document.activeElement).toBe(opinion)
    expect(opinion).toHaveProperty('value', '面积差已说明')
    await userEvent.click(screen.getByRole('button', { name: '看最新' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: '看最新' })).toBeNull())
    expect(screen.getByLabelText('意见')).toHaveProperty('value', '面积差已说明')
  })

  it('does not tell an officer what she did herself', async () => {
    const { source, page } = await open()
    source.tell('changed', news({ acts: [{ ...kTransfer, mine: true }] }))
    const asked = (): number => page.stub.seen.filter((one) => one.path.endsWith('/tasks')).length
    await waitFor(() => expect(asked()).toBeGreaterThan(1))
    expect(screen.queryByText(/刚刚/)).toBeNull()
  })

  it('asks now and then where the server gives no stream', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const { source, page } = await open()
    const asked = (): number => page.stub.seen.filter((one) => one.path.endsWith('/tasks')).length
    const before = asked()
    source.close()
    source.onerror?.()
    await vi.advanceTimersByTimeAsync(25_000)
    expect(asked()).toBeGreaterThan(before)
    await waitFor(() => expect(FakeSource.all.length).toBe(2))
    vi.useRealTimers()
  })
})
