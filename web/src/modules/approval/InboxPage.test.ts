import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import InboxPage from './pages/InboxPage.vue'

async function open(address = '/inbox') {
  const page = await mount_page(InboxPage, '/inbox', address, 'housing')
  await screen.findByRole('table')
  return page
}

describe('the inbox', () => {
  it('says remaining time in words beside its light', async () => {
    await open()
    const row = screen.getByRole('row', { name: /翠苑小学扩建工程/ })
    expect(within(row).getByText('还剩 1 个工作日')).toBeTruthy()
    expect(screen.getByText('超期 1 个工作日')).toBeTruthy()
    expect(await axe_findings()).toEqual([])
  })

  it('is walked by keys: down, panel, open', async () => {
    const page = await open()
    await userEvent.keyboard('jj{Enter}')
    const panel = await screen.findByRole('complementary', { name: /翠苑小学扩建工程/ })
    expect(await within(panel).findByText(/合同价格与施工合同不一致/)).toBeTruthy()
    await userEvent.keyboard('{Escape}')
    expect(screen.queryByRole('complementary')).toBeNull()
    await userEvent.keyboard('{Shift>}{Enter}{/Shift}')
    await waitFor(() => expect(page.path()).toBe('/tasks/t-review'))
  })

  it('claims what is selected and free, in one act', async () => {
    const page = await open()
    await userEvent.click(screen.getByRole('checkbox', { name: '全选本页' }))
    await userEvent.click(screen.getByRole('button', { name: /^领取 3 件/ }))
    await waitFor(() => expect(page.stub.seen.some((one) => one.path.endsWith('/claim'))).toBe(true))
    const claim = page.stub.seen.find((one) => one.path.endsWith('/claim'))
    expect(claim?.headers.get('If-Match')).toMatch(/^"\d+"$/)
    expect((await screen.findByText(/已领取 \d+ 件/)).textContent).toContain('3')
  })

  it('keeps its search in the address', async () => {
    await open('/inbox?view=all&query=小学')
    expect(screen.getAllByRole('row')).toHaveLength(3)
    await userEvent.click(screen.getByRole('button', { name: '去掉查找条件' }))
    await waitFor(() => expect(screen.getAllByRole('row').length).toBeGreaterThan(3))
  })
})
