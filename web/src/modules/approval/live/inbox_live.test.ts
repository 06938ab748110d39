import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeSource } from '../../../../tests/fake_source'
import { axe_findings, mount_page } from '../../../../tests/mounting'
import InboxPage from '../pages/InboxPage.vue'

async function open(address = '/inbox') {
  const page = await mount_page(InboxPage, '/inbox', address, 'housing')
  await screen.findByRole('table')
  await waitFor(() => expect(FakeSource.all.length).toBe(1))
  const source = FakeSource.all[0] as FakeSource
  const rows = page.stub.inbox_rows
  return {
    page,
    source,
    changed: () => source.tell('changed', {}),
    arrive: (works_name: string) =>
      rows.splice(1, 0, { ...(rows[1] as (typeof rows)[0]), task_id: works_name, works_name }),
    go: (task_id: string) =>
      rows.splice(
        rows.findIndex((row) => row.task_id === task_id),
        1,
      ),
  }
}

const shown = (): (string | undefined)[] =>
  screen.getAllByRole('row').map((row) => row.querySelector('.tw')?.textContent?.trim())
const news = (): HTMLElement => screen.getByRole('status', { name: '列表的新情况' })

describe('an open list of tasks', () => {
  beforeEach(() => {
    FakeSource.all = []
    vi.stubGlobal('EventSource', FakeSource)
  })
  afterEach(() => vi.unstubAllGlobals())

  it('says how many tasks are new and offers them; nothing moves before, and the arrow stays on its task', async () => {
    const { changed, arrive } = await open()
    await userEvent.keyboard('jj')
    const before = shown()
    arrive('新来的工程')
    arrive('又一个工程')
    changed()
    await waitFor(() => expect(news().textContent).toContain('有 2 件新任务'))
    expect(news().getAttribute('aria-live')).toBe('polite')
    expect(shown()).toEqual(before)
    await userEvent.click(within(news()).getByRole('button', { name: '显示最新列表' }))
    await waitFor(() => expect(shown()).toContain('新来的工程'))
    expect(document.querySelector('tr.sel .tw')?.textContent).toContain('翠苑小学扩建工程')
    await waitFor(() => expect(news().textContent?.trim()).toBe(''))
    expect(await axe_findings()).toEqual([])
  })

  it('marks what a colleague took where it stands, says who, and does not claim it any more', async () => {
    const { page, changed, go } = await open('/inbox?holder=free')
    await userEvent.keyboard('X')
    expect(screen.getByRole('button', { name: /^领取 3 件/ })).toBeTruthy()
    const before = shown()
    const id = page.stub.inbox_rows.find((row) => !row.assignee_name)?.task_id ?? ''
    const task = page.stub.tasks['t-free']
    if (task) page.stub.tasks[id] = { ...task, task_id: id, assignee_name: '周子衡' }
    go(id)
    changed()
    await screen.findByText('这一步现在由周子衡办理。')
    expect(shown()).toEqual(before)
    expect(news().textContent).toContain('1 件已不在这个列表')
    expect(screen.getByRole('button', { name: /^领取 2 件/ })).toBeTruthy()
    expect(screen.getByText('已选 3 件')).toBeTruthy()
    expect(await axe_findings()).toEqual([])
  })

  it('keeps the focus and what is open beside the list', async () => {
    const { changed, arrive } = await open()
    await userEvent.keyboard('jj{Enter}')
    const panel = await screen.findByRole('complementary', { name: /翠苑小学扩建工程/ })
    const filter = screen.getByLabelText('领取人')
    filter.focus()
    arrive('新来的工程')
    changed()
    await waitFor(() => expect(news().textContent).toContain('有 1 件新任务'))
    expect(document.activeElement).toBe(filter)
    expect(document.contains(panel)).toBe(true)
  })

  it('renews a row in its place, also where it does not pass the filter any more', async () => {
    const { page, changed } = await open('/inbox?view=all&holder=free')
    const before = shown()
    const row = page.stub.inbox_rows.find((one) => !one.assignee_name)
    if (row) row.assignee_name = '周子衡'
    changed()
    await screen.findByText('这一步现在由周子衡办理。')
    expect(shown()).toEqual(before)
  })

  it('listens while somebody looks, and asks when she looks again', async () => {
    const { source, arrive } = await open()
    const look = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(source.readyState).toBe(FakeSource.CLOSED)
    arrive('新来的工程')
    look.mockReturnValue('visible')
    document.dispatchEvent(new Event('visibilitychange'))
    await waitFor(() => expect(news().textContent).toContain('有 1 件新任务'))
    expect(FakeSource.all.length).toBe(2)
    look.mockRestore()
  })

  it('asks now and then where the server gives no stream', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const { source, arrive } = await open()
    arrive('新来的工程')
    source.refuse()
    await vi.advanceTimersByTimeAsync(25_000)
    await waitFor(() => expect(news().textContent).toContain('有 1 件新任务'))
    await waitFor(() => expect(FakeSource.all.length).toBe(2))
    vi.useRealTimers()
  })
})
