import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { kCorrectionId, kDraftId } from '../../../tests/story'
import EditApplicationPage from './pages/EditApplicationPage.vue'

async function open(id: string, step: string) {
  const page = await mount_page(
    EditApplicationPage,
    '/applications/:application_id/edit/:step?',
    `/applications/${id}/edit/${step}`,
    'school',
  )
  await screen.findByRole('heading', { level: 1 }, { timeout: 5000 })
  return page
}

describe('the guided application', () => {
  it('shows in the list of steps what does not agree', async () => {
    await open(kDraftId, 'works')
    const steps = screen.getByRole('navigation', { name: '申请步骤' })
    const contract = within(steps).getByRole('link', { name: /合同与发包/ })
    await waitFor(() => expect(contract.textContent).toContain('2 不符'))
    expect(
      within(steps)
        .getByRole('link', { name: /工程信息/ })
        .getAttribute('aria-current'),
    ).toBe('step')
  })

  it('saves while somebody types and says when', async () => {
    const page = await open(kDraftId, 'works')
    const name = screen.getByLabelText(/^工程名称/)
    await userEvent.type(name, '二期')
    await waitFor(() => expect(screen.getByText(/草稿已保存 09:12/)).toBeTruthy(), { timeout: 4000 })
    const sent = page.stub.seen.find((one) => one.method === 'PUT')?.body as { form: { works: { works_name: string } } }
    expect(sent.form.works.works_name).toBe('翠苑小学扩建工程二期')
  })

  it('brings whoever follows a link to the field itself', async () => {
    await open(kDraftId, 'contract#f-contract.contract_price_fen')
    await waitFor(() => expect(document.activeElement?.id).toBe('f-contract.contract_price_fen'))
  })

  it('lists papers by what is to be done, and takes a promise instead of a paper', async () => {
    const page = await open(kDraftId, 'materials')
    const lacking = screen.getByRole('region', { name: /还差的（2）/ })
    expect(within(lacking).getByRole('heading', { name: /安全施工措施资料/ })).toBeTruthy()
    await userEvent.click(within(lacking).getByRole('button', { name: /改为承诺/ }))
    await userEvent.click(screen.getByText('我已知晓，承诺符合以上条件'))
    await waitFor(() => expect(page.stub.seen.some((one) => one.path.endsWith('/commitments'))).toBe(true))
  })

  it('tells everything before a paper is promised, and lets somebody go back', async () => {
    const page = await open(kDraftId, 'materials')
    const lacking = screen.getByRole('region', { name: /还差的（2）/ })
    await userEvent.click(within(lacking).getByRole('button', { name: /改为承诺/ }))
    const terms = await screen.findByRole('region', { name: /^承诺代替/ })
    expect(terms.textContent).toContain('工作日内')
    expect(terms.textContent).toContain('撤销施工许可')
    expect(await axe_findings()).toEqual([])
    await userEvent.click(within(terms).getByRole('button', { name: '不承诺，上传文件' }))
    expect(screen.queryByRole('region', { name: /^承诺代替/ })).toBeNull()
    expect(page.stub.seen.some((one) => one.path.endsWith('/commitments'))).toBe(false)
  })

  it('submits only what was confirmed, with remarks on what was found', async () => {
    const page = await open(kDraftId, 'review')
    await userEvent.click(await screen.findByRole('button', { name: '提交申请' }))
    expect((await screen.findByRole('alert')).textContent).toContain('请先勾选确认')
    await userEvent.click(screen.getByRole('checkbox', { name: /我已核对以上全部内容/ }))
    const [remark] = screen.getAllByLabelText(/^说明（选填）/)
    await userEvent.type(remark as HTMLElement, '合同附件有补充协议。')
    await userEvent.click(screen.getByRole('button', { name: '提交申请' }))
    await waitFor(() => expect(page.path()).toBe(`/applications/${kDraftId}/submitted`))
    const sent = page.stub.seen.find((one) => one.path.endsWith('/submission'))
    expect(sent?.body).toMatchObject({
      declarations: { truth: true, not_split: true },
      remarks: [{ rule: 'R-612', remark: '合同附件有补充协议。' }],
      answers: [],
    })
    expect(sent?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('wants an answer to each point of a correction', async () => {
    const page = await open(kCorrectionId, 'review')
    await screen.findByRole('heading', { name: '逐条回复补正要点' })
    await userEvent.click(screen.getByRole('checkbox', { name: /我已核对以上全部内容/ }))
    await userEvent.click(screen.getByRole('button', { name: '提交补正' }))
    expect((await screen.findByRole('alert')).textContent).toContain('请回复补正要点')
    await userEvent.type(screen.getByLabelText('第 1 条的回复'), '已改。')
    await userEvent.type(screen.getByLabelText('第 2 条的回复'), '已补交。')
    await userEvent.click(screen.getByRole('button', { name: '提交补正' }))
    await waitFor(() => expect(page.path()).toContain('/submitted'))
    const sent = page.stub.seen.find((one) => one.path.endsWith('/submission'))?.body
    expect(sent).toMatchObject({
      answers: [
        { point_id: 'p1', answer: '已改。' },
        { point_id: 'p2', answer: '已补交。' },
      ],
    })
  })
})
