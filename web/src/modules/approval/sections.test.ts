import { screen, waitFor } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { make_stub, type Stub } from '../../../tests/stub'
import CasePage from './pages/CasePage.vue'
import { difference } from './sections/difference'

beforeEach(() => sessionStorage.clear())

async function open(prepare: (stub: Stub) => void = () => undefined) {
  const stub = make_stub('leader')
  prepare(stub)
  const page = await mount_page(CasePage, '/tasks/:task_id', '/tasks/t-decide', 'leader', stub)
  await screen.findByRole('heading', { name: '各部门结论' })
  await screen.findByText('已审签 0 / 5')
  return page
}

const sent_of = (stub: Stub) =>
  stub.seen.filter((one) => one.path.endsWith('/review')).map((one) => [one.path.split('/').at(-2), one.body])

describe('a report section by section', () => {
  it('is accepted with one button, which brings the next section up', async () => {
    const page = await open()
    await userEvent.click(screen.getByRole('button', { name: '同意：施工许可条件审查' }))
    expect(await screen.findByText('已审签 1 / 5')).toBeTruthy()
    expect(sent_of(page.stub)).toEqual([
      ['housing', { verdict: 'accepted', wording: null, reason: null, version: 'housing-0' }],
    ])
    await waitFor(() => expect(document.activeElement?.textContent).toContain('规划许可核验'))
    expect(screen.getByRole('button', { name: '同意：施工许可条件审查' }).getAttribute('aria-pressed')).toBe('true')
    expect(await axe_findings()).toEqual([])
  })

  it('is edited beside the department’s words, and shows what was changed', async () => {
    const page = await open()
    await userEvent.click(screen.getByRole('button', { name: '修改：规划许可核验' }))
    const text = screen.getByRole<HTMLTextAreaElement>('textbox', { name: /改后的意见/ })
    expect(text.value).toBe('与规划许可证一致。')
    await userEvent.clear(text)
    await userEvent.click(screen.getByRole('button', { name: '保存修改' }))
    expect(await screen.findByText('请写出改后的意见')).toBeTruthy()
    await userEvent.type(text, '与规划许可证及附图一致。')
    await userEvent.click(screen.getByRole('button', { name: '保存修改' }))
    expect(await screen.findByText('已修改')).toBeTruthy()
    expect(sent_of(page.stub)[0]).toMatchObject([
      'planning',
      { verdict: 'edited', wording: '与规划许可证及附图一致。' },
    ])
    expect(screen.getByText('及附图').closest('ins')).toBeTruthy()
  })

  it('goes back only with a reason, and only when the leader says so', async () => {
    const page = await open()
    await userEvent.click(screen.getByRole('button', { name: '退回：消防设计审查核验' }))
    await userEvent.click(screen.getByRole('button', { name: '选定退回' }))
    expect(await screen.findByText('请写明退回理由')).toBeTruthy()
    await userEvent.type(screen.getByRole('textbox', { name: /退回理由/ }), '疏散距离请复核')
    await userEvent.click(screen.getByRole('button', { name: '选定退回' }))
    await screen.findByText('要退回')
    expect(page.stub.seen.some((one) => one.path.endsWith('/sections/return'))).toBe(false)
    await userEvent.click(screen.getByRole('button', { name: '退回 1 个部门' }))
    await waitFor(() => expect(page.stub.seen.some((one) => one.path.endsWith('/sections/return'))).toBe(true))
    await waitFor(() => expect(page.path()).toBe('/inbox'))
  })

  it('keeps what was typed when the page is left', async () => {
    const page = await open()
    await userEvent.click(screen.getByRole('button', { name: '退回：消防设计审查核验' }))
    await userEvent.type(screen.getByRole('textbox', { name: /退回理由/ }), '写到一半')
    page.unmount()
    await open()
    await userEvent.click(screen.getByRole('button', { name: '退回：消防设计审查核验' }))
    expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: /退回理由/ }).value).toBe('写到一半')
  })

  it('marks what changed since it was reviewed', async () => {
    await open((stub) => {
      const [one] = stub.opinions.sections.sections
      if (one) {
        one.review = {
          verdict: 'accepted',
          original: '',
          wording: null,
          reason: null,
          by: '林局长',
          at_ms: 1,
          stands: false,
        }
        one.history = [one.review]
      }
    })
    expect(screen.getByText('内容有变，请再看')).toBeTruthy()
    expect(screen.getByText('审签记录 1 条')).toBeTruthy()
  })

  it('is only read by who does not hold the decision', async () => {
    await open((stub) => (stub.opinions.sections.blocked_because = '请先领取。'))
    expect(screen.queryByRole('button', { name: /^同意：/ })).toBeNull()
  })
})

describe('the difference of two wordings', () => {
  const told = (before: string, after: string) =>
    difference(before, after).map((one) => `${{ same: '=', gone: '-', new: '+' }[one.kind]}${one.text}`)

  it('is told by characters', () => {
    expect(told('一致，同意。', '一致，有条件同意。')).toEqual(['=一致，', '+有条件', '=同意。'])
    expect(told('同意', '同意')).toEqual(['=同意'])
    expect(told('', '新')).toEqual(['+新'])
    expect(told('甲乙丙', '甲丁丙')).toEqual(['=甲', '-乙', '+丁', '=丙'])
  })

  it('of texts too long to compare is the whole of both', () => {
    expect(told('a'.repeat(2_100), 'b'.repeat(2_100)).map((one) => one[0])).toEqual(['-', '+'])
  })
})
