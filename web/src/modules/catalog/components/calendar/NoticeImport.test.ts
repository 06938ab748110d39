import { fireEvent, render, screen, waitFor } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { i18n } from '@/shared/i18n'
import { axe_findings } from '../../../../../tests/mounting'
import NoticeImport from './NoticeImport.vue'

const table = {
  year: 2027,
  source: { title: '国务院办公厅关于2027年部分节假日安排的通知', document: '国办发明电〔2026〕9号' },
  holidays: [{ name: '元旦', from_on: '2027-01-01', through_on: '2027-01-05' }],
  working_on: ['2027-01-09'],
}
const moved = {
  application_id: '01900000-0000-7000-8000-000000000001',
  application_number: '330106-2026-00421',
  works_name: '翠苑小学扩建工程',
  state_name: '已受理',
  intake_due_on: null,
  due_on: '2027-01-07',
  promised_due_on: '2027-01-04',
  new_intake_due_on: null,
  new_due_on: '2027-01-09',
  new_promised_due_on: '2027-01-04',
}

let replies: Record<string, unknown[]>
let sent: { path: string; body: unknown; key: string | null }[]

beforeEach(() => {
  replies = {}
  sent = []
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname.replace('/api/v1', '')
    sent.push({ path, body: await request.json(), key: request.headers.get('Idempotency-Key') })
    const reply = replies[path]?.shift()
    return new Response(JSON.stringify(reply), { status: 200, headers: { 'Content-Type': 'application/json' } })
  })
})

async function read(): Promise<ReturnType<typeof render>> {
  const page = render(NoticeImport, { global: { plugins: [i18n] } })
  await fireEvent.update(screen.getByLabelText('通知全文'), '国务院办公厅关于2027年…')
  await userEvent.click(screen.getByRole('button', { name: '读取' }))
  return page
}

describe('the import of a notice', () => {
  it('names each contradiction with its sentence and offers no publication', async () => {
    replies['/calendar/readings'] = [
      { table, replaces: null, problems: [{ sentence: '一、元旦:1月1日(周四)', message: '2027年1月1日是周五。' }] },
    ]
    await read()
    await screen.findByText('2027年1月1日是周五。')
    expect(screen.getByText('一、元旦:1月1日(周四)')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /^发布/ })).toBeNull()
    expect(await axe_findings()).toEqual([])
  })

  it('shows what moves, page after page, and publishes only after a confirmation', async () => {
    const page = { running_cases: 4, looked_at: 2, changes: [moved], next_cursor: 'next' }
    replies['/calendar/readings'] = [{ table, replaces: 3, problems: [] }]
    replies['/calendar/effects'] = [page, { ...page, changes: [], next_cursor: null }]
    replies['/calendar/years'] = [{ year: 2027 }]
    const { emitted } = await read()
    await screen.findByText('4 件在办件中，有 1 件的日期会变。')
    expect(screen.getByText('330106-2026-00421')).toBeTruthy()
    expect(screen.getAllByRole('row').filter((row) => row.textContent?.includes('承诺办结日'))).toHaveLength(0)
    await userEvent.click(screen.getByRole('button', { name: '发布 2027 年放假安排' }))
    expect(sent.some((one) => one.path === '/calendar/years')).toBe(false)
    await userEvent.click(screen.getByRole('button', { name: '确认发布', hidden: true }))
    await waitFor(() => expect(emitted('published')).toBeTruthy())
    const publication = sent.find((one) => one.path === '/calendar/years')
    expect(publication?.body).toEqual({ table, replaces: 3 })
    expect(publication?.key).toBeTruthy()
  })
})
