import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import DeputiesPage from './pages/DeputiesPage.vue'

async function open(account = 'housing') {
  const page = await mount_page(DeputiesPage, '/deputies', '/deputies', account)
  await screen.findByRole('heading', { name: '新设代理' })
  return page
}

async function choose(label: RegExp, name: RegExp) {
  await userEvent.click(screen.getByRole('combobox', { name: label }))
  await userEvent.click(await screen.findByRole('option', { name }))
}

describe('the page of deputies', () => {
  it('says who stands in now and lists those that are over', async () => {
    await open()
    expect(screen.getByText(/现在由孙住建代您办理，到 ?12月2日/)).toBeTruthy()
    const table = screen.getByRole('table', { name: '代理记录，新的在前' })
    expect(within(table).getByText('已期满')).toBeTruthy()
    expect(within(table).getAllByRole('button', { name: /提前结束/ })).toHaveLength(1)
    expect(await axe_findings()).toEqual([])
  })

  it('names what is missing, and keeps what was typed', async () => {
    const page = await open()
    await userEvent.type(screen.getByRole('textbox', { name: /原因/ }), '休假')
    await userEvent.click(screen.getByRole('button', { name: '设置代理' }))
    const summary = await screen.findByRole('alert')
    expect(
      within(summary)
        .getAllByRole('link')
        .map((one) => one.textContent),
    ).toEqual(['请选择代理人', '请选择从哪天开始', '请选择到哪天结束'])
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: /原因/ }).value).toBe('休假')
    expect(page.stub.seen.some((one) => one.method === 'POST')).toBe(false)
  })

  it('names a deputy once, after saying what it means', async () => {
    const page = await open()
    await choose(/代理人/, /孙住建/)
    await userEvent.type(screen.getByRole('textbox', { name: /从哪天/ }), '2026-12-07')
    await userEvent.type(screen.getByRole('textbox', { name: /到哪天/ }), '2026-12-11')
    await userEvent.type(screen.getByRole('textbox', { name: /原因/ }), '休假')
    expect(screen.getByText(/孙住建可以办理您的待办/)).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: '设置代理' }))
    await screen.findByText(/已设置：/)
    const sent = page.stub.seen.filter((one) => one.method === 'POST')
    expect(sent).toHaveLength(1)
    expect(sent[0]?.body).toEqual({
      absent: null,
      deputy: 'p-sun',
      from_on: '2026-12-07',
      through_on: '2026-12-11',
      reason: '休假',
    })
    expect(sent[0]?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('shows a refusal beside its field', async () => {
    const page = await open()
    page.stub.deputies.refusal = { field: 'from_on', message: '这段时间已由孙住建代理，请另选日子。' }
    await choose(/代理人/, /孙住建/)
    await userEvent.type(screen.getByRole('textbox', { name: /从哪天/ }), '2026-12-07')
    await userEvent.type(screen.getByRole('textbox', { name: /到哪天/ }), '2026-12-11')
    await userEvent.type(screen.getByRole('textbox', { name: /原因/ }), '休假')
    await userEvent.click(screen.getByRole('button', { name: '设置代理' }))
    expect(await screen.findByRole('link', { name: /这段时间已由孙住建代理/ })).toBeTruthy()
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: /原因/ }).value).toBe('休假')
  })

  it('ends one early with a reason', async () => {
    const page = await open()
    await userEvent.click(screen.getByRole('button', { name: '提前结束孙住建代王住建' }))
    const dialog = await screen.findByRole('dialog')
    await userEvent.type(within(dialog).getByRole('textbox', { name: /原因/ }), '提前回来')
    await userEvent.click(within(dialog).getByRole('button', { name: '提前结束' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    const sent = page.stub.seen.find((one) => one.path.endsWith('/ending'))
    expect(sent?.body).toEqual({ reason: '提前回来' })
    expect(sent?.headers.get('If-Match')).toBe('"1"')
  })

  it('lets who leads a department name one for a colleague', async () => {
    await open('leader')
    await userEvent.click(screen.getByRole('radio', { name: '本科室的同事' }))
    await choose(/外出的同事/, /王住建/)
    await choose(/代理人/, /孙住建/)
    await userEvent.click(screen.getByRole('button', { name: '本科室' }))
    await waitFor(() =>
      expect(screen.getByRole('button', { name: '本科室' }).getAttribute('aria-pressed')).toBe('true'),
    )
  })
})
