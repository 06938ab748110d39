import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { fill, fits, insert_at } from './opinions/insertion'
import CasePage from './pages/CasePage.vue'

beforeEach(() => sessionStorage.clear())

async function open() {
  const page = await mount_page(CasePage, '/tasks/:task_id', '/tasks/t-review', 'housing')
  const field = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: '意见' })
  return { page, field }
}

describe('a canned opinion', () => {
  it('is found by a few characters and put in at the cursor, nothing typed is lost', async () => {
    const { page, field } = await open()
    await userEvent.type(field, '前面。后面')
    field.setSelectionRange(3, 3)
    await userEvent.click(screen.getByRole('button', { name: '常用意见' }))
    const dialog = await screen.findByRole('dialog')
    const search = within(dialog).getByRole('combobox', { name: '查找' })
    await waitFor(() => expect(document.activeElement).toBe(search))
    await userEvent.type(search, '许可条件')
    await within(dialog).findByRole('option', { name: /翠苑小学扩建工程符合/ })
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(field.value).toBe(
      '前面。\n经审查，翠苑小学扩建工程符合本部门的许可条件，同意。（依据：《中华人民共和国建筑法》第八条第一款第四项）后面',
    )
    expect(page.stub.seen.some((one) => one.path.endsWith('/use'))).toBe(false)
  })

  it('opens by a key, goes by arrows, leaves the gap marked that somebody has to fill', async () => {
    const { field } = await open()
    field.focus()
    await userEvent.keyboard('{Control>}/{/Control}')
    const dialog = await screen.findByRole('dialog')
    await within(dialog).findByRole('option', { name: /合同与规模一致/ })
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}')
    await waitFor(() => expect(field.value).toMatch(/需要在________前补齐/))
    await waitFor(() =>
      expect(field.value.slice(field.selectionStart, field.selectionEnd)).toMatch(/^(_+|\{material\})$/),
    )
  })

  it('of the law goes in as its citation, and says where the basis is not confirmed', async () => {
    const { field } = await open()
    await userEvent.click(screen.getByRole('button', { name: '常用意见' }))
    const dialog = await screen.findByRole('dialog')
    const clause = await within(dialog).findByRole('option', { name: /管理办法》第六条.*依据待核实/ })
    expect(await axe_findings(dialog)).toEqual([])
    await userEvent.click(clause)
    await waitFor(() => expect(field.value).toBe('《建筑工程施工许可管理办法》第六条'))
  })

  it('closed without a choice leaves the text as it was', async () => {
    const { field } = await open()
    await userEvent.type(field, '写到一半')
    await userEvent.click(screen.getByRole('button', { name: '常用意见' }))
    const dialog = await screen.findByRole('dialog')
    await userEvent.click(within(dialog).getAllByRole('button', { name: '关闭' })[0] as HTMLElement)
    expect(field.value).toBe('写到一半')
  })
})

describe('an opinion of one’s own', () => {
  it('is kept from what was written, and then stands first', async () => {
    const { page, field } = await open()
    await userEvent.type(field, '资金已经落实。')
    await userEvent.click(screen.getByRole('button', { name: '存为常用意见' }))
    expect(await screen.findByText('已存入常用意见')).toBeTruthy()
    const sent = page.stub.seen.filter((one) => one.method === 'POST' && one.path === '/opinions')
    expect(sent.map((one) => one.body)).toEqual([{ text: '资金已经落实。' }])
    expect(sent[0]?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('is changed and deleted where it is chosen, in the version that is shown', async () => {
    const { page } = await open()
    await userEvent.click(screen.getByRole('button', { name: '常用意见' }))
    const dialog = await screen.findByRole('dialog')
    await userEvent.click(await within(dialog).findByRole('button', { name: '管理我的（1）' }))
    await userEvent.click(within(dialog).getByRole('button', { name: '修改“合同与规模一致。”' }))
    const text = within(dialog).getByRole('textbox', { name: '常用意见' })
    await userEvent.clear(text)
    await userEvent.type(text, '合同、规模一致。')
    await userEvent.click(within(dialog).getByRole('button', { name: '保存' }))
    expect(await within(dialog).findByText('合同、规模一致。')).toBeTruthy()
    expect(await axe_findings(dialog)).toEqual([])
    await userEvent.click(within(dialog).getByRole('button', { name: '删除“合同、规模一致。”' }))
    await userEvent.click(within(dialog).getByRole('button', { name: '确认删除' }))
    expect(await within(dialog).findByText(/还没有存过/)).toBeTruthy()
    const versions = page.stub.seen
      .filter((one) => one.path === '/opinions/o-1')
      .map((one) => one.headers.get('If-Match'))
    expect(versions).toEqual(['"1"', '"2"'])
  })
})

describe('putting a sentence in', () => {
  it('fills what is known and leaves the other gaps', () => {
    expect(fill('{works_name}的{material}', { works_name: '甲' })).toBe('甲的{material}')
  })

  it('replaces what is marked, and begins a new line only after a whole sentence', () => {
    expect(insert_at('同意。', 3, 3, '甲。')).toEqual({ text: '同意。\n甲。', from: 6, through: 6 })
    expect(insert_at('依据：旧的', 3, 5, '《法》第一条').text).toBe('依据：《法》第一条')
    expect(insert_at('', 0, 0, '在____前')).toMatchObject({ from: 1, through: 5 })
  })

  it('finds across book marks and spaces', () => {
    expect(fits('建筑法第八条', '《建筑法》第八条')).toBe(true)
    expect(fits('消防', '规划')).toBe(false)
  })
})
