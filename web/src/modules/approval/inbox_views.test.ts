import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { switch_shortcuts } from '@/shared/shortcuts'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { make_stub } from '../../../tests/stub'
import InboxPage from './pages/InboxPage.vue'

async function open(address = '/inbox', account = 'housing', stub = make_stub(account)) {
  const page = await mount_page(InboxPage, '/inbox', address, account, stub)
  await screen.findByRole('table')
  return page
}

const rows = () => screen.getAllByRole('row').length - 1

async function save_free_as(name: string) {
  await userEvent.selectOptions(screen.getByLabelText('领取人'), '未领取')
  await waitFor(() => expect(rows()).toBe(3))
  await userEvent.click(screen.getByRole('button', { name: '存为视图' }))
  const dialog = await screen.findByRole('dialog', { name: /存为视图/ })
  await userEvent.type(within(dialog).getByLabelText('视图名称'), name)
  await userEvent.click(within(dialog).getByRole('button', { name: '存为视图' }))
}

describe('views of an officer', () => {
  it('narrow the list, keep a name, and come back as a tab', async () => {
    const page = await open()
    await save_free_as('可领取')
    expect(screen.getByRole('link', { name: '可领取' }).getAttribute('aria-current')).toBe('page')
    expect(page.path()).toContain('holder=free')
    page.unmount()
    const again = await open()
    expect(rows()).toBeGreaterThan(3)
    await userEvent.click(screen.getByRole('link', { name: '可领取' }))
    await waitFor(() => expect(again.path()).toContain('holder=free'))
    await waitFor(() => expect(rows()).toBe(3))
    expect(await axe_findings()).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: '删除视图“可领取”' }))
    expect(screen.queryByRole('link', { name: '可领取' })).toBeNull()
  })

  it('are each account’s own and keep no word that was searched for', async () => {
    const page = await open('/inbox?view=all&query=小学')
    await userEvent.selectOptions(screen.getByLabelText('剩余时间'), '快到期')
    await userEvent.click(await screen.findByRole('button', { name: '存为视图' }))
    await userEvent.type(screen.getByLabelText('视图名称'), '快到期{Enter}')
    await screen.findByRole('link', { name: '快到期' })
    expect(JSON.stringify({ ...localStorage })).not.toContain('小学')
    page.unmount()
    await open('/inbox', 'leader')
    expect(screen.queryByRole('link', { name: '快到期' })).toBeNull()
  })

  it('by step shows only that step', async () => {
    await open('/inbox?view=all&kind=recheck')
    expect(rows()).toBe(1)
    expect(screen.getByText('蒋村地铁上盖配套公园地下车库')).toBeTruthy()
  })
})

describe('opinions from outside', () => {
  it('mark the rows whose item they are about, and are tabs with their count while there are any', async () => {
    const stub = make_stub('housing')
    const mine = stub.inbox_rows.filter((row) => row.assigned_to_me)
    expect(mine.length).toBeGreaterThan(1)
    if (mine[0]) mine[0].outside_answered = 2
    if (mine[1]) mine[1].outside_overdue = 1
    const page = await open('/inbox?view=mine', 'housing', stub)
    expect(await axe_findings()).toEqual([])
    expect(screen.getAllByText('外部意见已回复', { selector: 'td .tag' })).toHaveLength(1)
    expect(screen.getAllByText('外部意见逾期未回复', { selector: 'td .tag' })).toHaveLength(1)
    await userEvent.click(screen.getByRole('link', { name: '外部意见逾期未回复 1' }))
    await waitFor(() => expect(rows()).toBe(1))
    expect(page.path()).toContain('outside=overdue')
    expect(screen.getByRole('link', { name: '外部意见逾期未回复 1' }).getAttribute('aria-current')).toBe('page')
    await userEvent.selectOptions(screen.getByLabelText('外部意见'), '外部意见已回复')
    await waitFor(() => expect(screen.getByText(mine[0]?.works_name ?? '')).toBeTruthy())
    page.unmount()
    await open()
    expect(screen.queryByRole('link', { name: /外部意见/ })).toBeNull()
  })
})

describe('a bulk claim', () => {
  it('says of each row how it went, and who was quicker', async () => {
    const page = await open('/inbox?holder=free')
    const quicker = page.stub.tasks['t-free']
    if (quicker) page.stub.tasks['t-free#9'] = { ...quicker, task_id: 't-free#9', version: 3, assignee_name: '周子衡' }
    await userEvent.keyboard('Xc')
    const result = await screen.findByText('领取了 2 件，1 件没有领到。')
    const lines = within(result.closest('.notice') as HTMLElement).getAllByRole('listitem')
    expect(lines.map((one) => one.textContent?.match(/没领到|已领取/)?.[0])).toEqual(['没领到', '已领取', '已领取'])
    expect(lines[0]?.textContent).toContain('这一步现在由周子衡办理')
    expect(await axe_findings()).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: '知道了' }))
    expect(screen.queryByText(/没有领到/)).toBeNull()
  })

  it('stops when the network is away and says what was not tried', async () => {
    const page = await open('/inbox?holder=free')
    await userEvent.keyboard('X')
    page.stub.offline = true
    await userEvent.keyboard('c')
    expect(await screen.findByText('领取了 0 件，3 件没有领到。')).toBeTruthy()
    expect(screen.getAllByText('网络断了，还没有试。')).toHaveLength(2)
  })
})

describe('keys of the inbox', () => {
  it('are shown by ? and keep still while they are switched off', async () => {
    const page = await open()
    await userEvent.keyboard('?')
    const dialog = await screen.findByRole('dialog', { name: '快捷键' })
    expect(await axe_findings()).toEqual([])
    await userEvent.keyboard('o')
    expect(page.path()).toBe('/inbox')
    await userEvent.click(within(dialog).getByRole('checkbox', { name: /使用快捷键/ }))
    await userEvent.click(within(dialog).getByRole('button', { name: '关闭' }))
    await userEvent.keyboard('o')
    expect(page.path()).toBe('/inbox')
    switch_shortcuts(true)
    await userEvent.keyboard('jo')
    await waitFor(() => expect(page.path()).toMatch(/^\/tasks\//))
  })

  it('tell ears where the arrow stands', async () => {
    await open()
    await userEvent.keyboard('jj')
    expect(await screen.findByText(/^第 3 件：翠苑小学扩建工程/)).toBeTruthy()
  })
})
