import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import CasePage from './pages/CasePage.vue'

vi.mock('@/modules/documents/components/PdfPages.vue', () => ({ default: { render: () => null } }))

async function open(task: string, account: string) {
  const page = await mount_page(CasePage, '/tasks/:task_id', `/tasks/${task}`, account)
  await screen.findByRole('heading', { level: 1, name: '翠苑小学扩建工程' }, { timeout: 5000 })
  return page
}

async function open_return() {
  await userEvent.click(screen.getByRole('button', { name: '更多操作' }))
  await userEvent.click(screen.getByRole('menuitem', { name: /^退回/ }))
  return screen.findByRole('dialog', { name: '退回到前面的步骤' })
}

describe('sending a case back', () => {
  it('begins in a menu that is walked by arrows and left by Escape', async () => {
    await open('t-recheck', 'head')
    const button = screen.getByRole('button', { name: '更多操作' })
    button.focus()
    await userEvent.keyboard('{ArrowDown}')
    expect(document.activeElement?.textContent).toContain('退回')
    expect(await axe_findings(screen.getByRole('menu'))).toEqual([])
    await userEvent.keyboard('{Escape}')
    expect(screen.queryByRole('menu')).toBeNull()
    expect(document.activeElement).toBe(button)
  })

  it('wants a step and a reason, and says what exactly will happen', async () => {
    const page = await open('t-recheck', 'head')
    const dialog = await open_return()
    const verb = within(dialog).getByRole('button', { name: '退回' })
    await userEvent.click(verb)
    const summary = await within(dialog).findByRole('alert')
    expect(summary.textContent).toContain('请选择退回到哪一步')
    expect(summary.textContent).toContain('请写明理由')
    await userEvent.click(within(dialog).getByRole('radio', { name: '消防设计审查核验' }))
    await userEvent.click(within(dialog).getByRole('radio', { name: /直送/ }))
    expect(within(dialog).getByRole('status').textContent).toContain('直接回到“复核”')
    await userEvent.type(within(dialog).getByLabelText(/理由/), '疏散距离没有写。')
    expect(await axe_findings(dialog)).toEqual([])
    await userEvent.click(verb)
    await waitFor(() => expect(page.path()).toBe('/inbox'))
    const sent = page.stub.seen.find((one) => one.path.endsWith('/return'))
    expect(sent?.body).toEqual({ target: 'review_fire', onward: 'straight', reason: '疏散距离没有写。' })
    expect(sent?.headers.get('If-Match')).toBe('"2"')
    expect(sent?.headers.get('Idempotency-Key')).toBeTruthy()
  })

  it('does not offer the straight way from a step that has none', async () => {
    await open('t-recheck', 'head')
    const dialog = await open_return()
    await userEvent.click(within(dialog).getByRole('radio', { name: /直送/ }))
    await userEvent.click(within(dialog).getByRole('radio', { name: '规划许可核验' }))
    expect(within(dialog).getByRole('radio', { name: /直送/ })).toHaveProperty('disabled', true)
    expect(within(dialog).getByRole('radio', { name: /^再走一遍/ })).toHaveProperty('checked', true)
  })

  it('says who ended the step meanwhile and keeps the reason', async () => {
    const page = await open('t-recheck', 'head')
    const dialog = await open_return()
    await userEvent.click(within(dialog).getByRole('radio', { name: '消防设计审查核验' }))
    await userEvent.type(within(dialog).getByLabelText(/理由/), '疏散距离没有写。')
    Object.assign(page.stub.tasks['t-recheck'] ?? {}, {
      state: 'completed',
      version: 5,
      actor_name: '周子衡',
      outcome_label: '通过',
      completed_at_ms: Date.UTC(2026, 10, 30, 2, 12),
    })
    await userEvent.click(within(dialog).getByRole('button', { name: '退回' }))
    const alert = await within(dialog).findByRole('alert')
    await waitFor(() => expect(alert.textContent).toMatch(/周子衡已于 .+ 办结这一步：通过/))
    expect(within(dialog).getByLabelText(/理由/)).toHaveProperty('value', '疏散距离没有写。')
    expect(within(dialog).getByRole('button', { name: '退回' })).toHaveProperty('disabled', true)
  })

  it('goes on with the newest version when the task only changed, under a new key', async () => {
    const page = await open('t-recheck', 'head')
    const dialog = await open_return()
    await userEvent.click(within(dialog).getByRole('radio', { name: '消防设计审查核验' }))
    await userEvent.type(within(dialog).getByLabelText(/理由/), '疏散距离没有写。')
    Object.assign(page.stub.tasks['t-recheck'] ?? {}, { version: 7 })
    await userEvent.click(within(dialog).getByRole('button', { name: '退回' }))
    await within(dialog).findByText(/页面已换成最新的/)
    await userEvent.click(within(dialog).getByRole('button', { name: '退回' }))
    await waitFor(() => expect(page.path()).toBe('/inbox'))
    const sent = page.stub.seen.filter((one) => one.path.endsWith('/return'))
    expect(sent.map((one) => one.headers.get('If-Match'))).toEqual(['"2"', '"7"'])
    expect(new Set(sent.map((one) => one.headers.get('Idempotency-Key'))).size).toBe(2)
  })

  it('repeats under the same key what the network swallowed', async () => {
    const page = await open('t-recheck', 'head')
    const dialog = await open_return()
    await userEvent.click(within(dialog).getByRole('radio', { name: '消防设计审查核验' }))
    await userEvent.type(within(dialog).getByLabelText(/理由/), '疏散距离没有写。')
    const answer = page.stub.answer
    const keys: (string | null)[] = []
    page.stub.answer = (request) => {
      keys.push(request.headers.get('Idempotency-Key'))
      throw new TypeError('Failed to fetch')
    }
    await userEvent.click(within(dialog).getByRole('button', { name: '退回' }))
    await within(dialog).findByRole('alert')
    page.stub.answer = answer
    await userEvent.click(within(dialog).getByRole('button', { name: '再试一次' }))
    await waitFor(() => expect(page.path()).toBe('/inbox'))
    expect(page.stub.seen.find((one) => one.path.endsWith('/return'))?.headers.get('Idempotency-Key')).toBe(keys[0])
  })

  it('keeps a reason begun through closing and a reload', async () => {
    const first = await open('t-recheck', 'head')
    const dialog = await open_return()
    await userEvent.type(within(dialog).getByLabelText(/理由/), '疏散距离')
    await userEvent.click(within(dialog).getByRole('button', { name: '先不办' }))
    first.unmount()
    await open('t-recheck', 'head')
    expect(within(await open_return()).getByLabelText(/理由/)).toHaveProperty('value', '疏散距离')
  })

  it('tells whom it came back to who sent it, why, and where it goes then', async () => {
    await open('t-returned', 'housing')
    const notice = screen.getByText(/由陈科长从“复核”退回/).closest('.notice')
    expect(notice?.textContent).toContain('请复核疏散距离。')
    expect(notice?.textContent).toContain('办完后直接送回“复核”')
    expect(await axe_findings(notice as HTMLElement)).toEqual([])
  })
})

describe('a step that is over', () => {
  it('says who ended it, not that it is held', async () => {
    await open('t-done', 'housing')
    expect(screen.getByText(/已由王住建办结/)).toBeTruthy()
    expect(screen.queryByText(/您持有/)).toBeNull()
    expect(screen.queryByRole('button', { name: '放回' })).toBeNull()
  })
})
