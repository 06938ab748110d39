import { configure, screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { axe_findings, mount_page, type Mounted } from '../../../tests/mounting'
import RulePackagePage from './pages/RulePackagePage.vue'
import RulePackagesPage from './pages/RulePackagesPage.vue'

// A change is saved some moments later and checked after that.
configure({ asyncUtilTimeout: 10_000 })

/** In the catalogue's precheck.tests.json. */
const kCases = 337
const kRoute = '/rules/:matter_code/:part?/:decision?'
const kPackage = '/rules/construction-permit'

function open(account = 'rules', address = kPackage): Promise<Mounted> {
  return mount_page(RulePackagePage, kRoute, address, account)
}

async function begin(address = kPackage): Promise<Mounted> {
  const page = await open('rules', address)
  await userEvent.click(await screen.findByRole('button', { name: '起草修改' }))
  await screen.findByText('草稿 第 1 次保存')
  await screen.findByText(`${kCases} 条符合`)
  return page
}

function saves(page: Mounted) {
  return page.stub.seen.filter((one) => one.method === 'PUT' && one.path.endsWith('/draft'))
}

/** The cell of the grid, once dmn-js has drawn it. */
function cell(place: string): Promise<HTMLElement> {
  return waitFor(() => {
    const found = document.querySelector<HTMLElement>(`[data-place="${place}"]`)
    if (!found) throw new Error(`no cell ${place}`)
    return found
  })
}

/** Writes 300 万元 into Zhejiang's limit, by keys alone. */
async function raise_limit(): Promise<void> {
  ;(await cell('0:0')).focus()
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{ArrowRight}{ArrowRight}{ArrowRight}{Enter}')
  const field = await screen.findByRole('textbox', { name: /投资（分）/ })
  await waitFor(() => expect(document.activeElement).toBe(field))
  await userEvent.clear(field)
  await userEvent.type(field, '300000000')
}

describe('the rule packages', () => {
  it('say what is in force, what waits and who drafts', async () => {
    await mount_page(RulePackagesPage, '/rules', '/rules', 'rules')
    const row = await screen.findByRole('row', { name: /建筑工程施工许可证核发/ })
    expect(within(row).getByText('自 2026年1月1日（周四）起')).toBeTruthy()
    expect(within(row).getByText('待生效')).toBeTruthy()
    expect(await axe_findings()).toEqual([])
  })

  it('are not for officers, who learn who can help', async () => {
    await mount_page(RulePackagesPage, '/rules', '/rules', 'housing')
    expect(await screen.findByRole('heading', { name: '您看不到这一页' })).toBeTruthy()
  })
})

describe('a rule package', () => {
  it('lists its tables in words and its versions with what can be done', async () => {
    await open()
    const table = await screen.findByRole('row', { name: /办证限额表/ })
    expect(within(table).getByRole('link').getAttribute('href')).toBe(`${kPackage}/tables/permit_limit`)
    const waiting = screen.getByRole('row', { name: /成都限额改为 120 万元/ })
    expect(within(waiting).getByRole('button', { name: /撤回/ })).toBeTruthy()
    expect(await axe_findings()).toEqual([])
  })

  it('adds a case, and says what is wrong with a word without quotation marks', async () => {
    const page = await begin()
    await userEvent.click(screen.getByRole('button', { name: '加用例' }))
    const dialog = screen.getByRole('dialog', { name: '用例' })
    const rule = within(dialog).getByLabelText('规则')
    await userEvent.clear(rule)
    await userEvent.type(rule, 'R-102')
    await userEvent.type(within(dialog).getByLabelText('第 1 行的字段'), 'works.region_code')
    await userEvent.type(within(dialog).getByLabelText('第 1 行的值'), '浙江')
    await userEvent.click(within(dialog).getByRole('button', { name: '放进草稿' }))
    expect(within(dialog).getByText(/文字要加英文引号，例如 "330106"$/)).toBeTruthy()
    const value = within(dialog).getByLabelText('第 1 行的值')
    await userEvent.clear(value)
    await userEvent.type(value, '"330106"')
    await userEvent.click(within(dialog).getByRole('button', { name: '放进草稿' }))
    await waitFor(() => expect(saves(page)).toHaveLength(1))
    expect(saves(page)[0]?.headers.get('If-Match')).toBe('"1"')
    const { tests } = saves(page)[0]?.body as { tests: object[] }
    expect(tests).toContainEqual({ rule: 'R-102', expect: 'fail', given: { works: { region_code: '330106' } } })
  })

  it('keeps what was changed while the server is away, and sends it when it is back', async () => {
    const page = await begin()
    page.stub.offline = true
    await userEvent.click(screen.getAllByRole('button', { name: /^删除 R-101/ })[0] as HTMLElement)
    expect(await screen.findByText(/改动留在这台电脑上/)).toBeTruthy()
    expect(localStorage.getItem('kaigong.rules.construction-permit')).toContain('R-101')
    page.stub.offline = false
    dispatchEvent(new Event('online'))
    expect(await screen.findByText(/^已保存/)).toBeTruthy()
    expect(localStorage.getItem('kaigong.rules.construction-permit')).toBeNull()
  })

  it('lets the person choose when somebody else has saved', async () => {
    const page = await begin()
    if (page.stub.rules.draft) page.stub.rules.draft.version = 7
    await userEvent.click(screen.getAllByRole('button', { name: /^删除 R-101/ })[0] as HTMLElement)
    await userEvent.click(await screen.findByRole('button', { name: '用我的盖上去' }))
    await waitFor(() => expect(page.stub.rules.draft?.tests).toHaveLength(kCases - 1))
  })

  it('follows the preview and lists the applications that would change', async () => {
    const page = await begin()
    await userEvent.click(screen.getByRole('button', { name: '预演' }))
    expect(await screen.findByRole('progressbar', { name: '预演进度' })).toBeTruthy()
    expect(page.path()).toContain('preview=p-1')
    const table = await screen.findByRole('table', { name: '结论会变的申请' })
    const row = within(table).getByRole('row', { name: /三墩镇社区服务站装修工程/ })
    expect(within(row).getByText('不通过')).toBeTruthy()
  })
})

describe('a decision table', () => {
  it('is written by keys in the form of its row, marked, compared and taken back', async () => {
    const page = await begin(`${kPackage}/tables/permit_limit`)
    expect((await screen.findByRole('grid', { name: '办证限额表' })).textContent).toContain('浙江：< 200 万元')
    await raise_limit()
    expect(await screen.findByText('1 条不符')).toBeTruthy()
    expect((await cell('3:3')).textContent).toContain('原来是：200000000')
    expect(await screen.findByText(/原来 200000000，现在 300000000/)).toBeTruthy()
    const { dmn } = saves(page).at(-1)?.body as { dmn: string }
    expect(dmn).toContain('<!-- 预审规则')
    expect(dmn.match(/<text>300000000<\/text>/g)).toHaveLength(1)
    expect(await axe_findings()).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: '撤销' }))
    expect((await cell('3:3')).textContent).toBe('200000000200\u00a0万元')
  })

  it('shows a problem in its cell, in its field and in a list that leads there', async () => {
    await begin(`${kPackage}/tables/permit_limit`)
    await raise_limit()
    const field = screen.getByRole('textbox', { name: /投资（分）/ })
    await userEvent.clear(field)
    await userEvent.type(field, 'tree')
    const list = await screen.findByRole('group', { name: '检查出的问题' })
    await within(list).findByText(/“tree”不是已知的名称/)
    await userEvent.click(within(list).getByRole('button', { name: /第 4 行/ }))
    const marked = await cell('3:3')
    expect(document.activeElement).toBe(marked)
    expect(marked.textContent).toContain('错误')
    expect(field.getAttribute('aria-invalid')).toBe('true')
  })
})

describe('publication', () => {
  it('takes two persons: the author learns why it is not him', async () => {
    const page = await begin(`${kPackage}/tables/permit_limit`)
    await raise_limit()
    await userEvent.click((await screen.findAllByRole('button', { name: /^修改 R-102 浙江：正好/ }))[0] as HTMLElement)
    await userEvent.selectOptions(screen.getByLabelText('应当'), '不通过')
    await userEvent.click(screen.getByRole('button', { name: '放进草稿' }))
    const submit = await screen.findByRole('button', { name: '送第二人发布…' })
    await waitFor(() => expect(submit.getAttribute('aria-disabled')).toBe('false'))
    await userEvent.click(submit)
    const dialog = screen.getByRole('dialog', { name: '送第二人发布' })
    expect(within(dialog).getByText('自 2026年12月7日（周一）起新申请适用；之前开始填写的按原规则。')).toBeTruthy()
    await userEvent.type(within(dialog).getByLabelText('改了什么、为什么'), '浙江限额 300 万元')
    await userEvent.click(within(dialog).getByRole('button', { name: '送出' }))
    const publish = await screen.findByRole('button', { name: '发布' })
    expect(publish.getAttribute('aria-disabled')).toBe('true')
    expect(screen.getByText('由您修改或送出，须由另一位规则管理员发布')).toBeTruthy()
    expect(page.stub.rules.draft).toMatchObject({ state: 'waiting', effective_from_on: '2026-12-07' })
  })
})
