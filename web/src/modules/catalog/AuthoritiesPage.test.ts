import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { authorities } from '../../../tests/story_authorities'
import { as_tree, settings_of, typed_of } from './authorities/tree'
import AuthoritiesPage from './pages/AuthoritiesPage.vue'

async function open() {
  const mounted = await mount_page(AuthoritiesPage, '/authorities', '/authorities', 'rules')
  await screen.findByRole('heading', { name: '杭州市西湖区住房和城乡建设局（演示）' })
  return mounted
}
const card = (name: RegExp) => within(screen.getByRole('region', { name }))
const sent = (page: Awaited<ReturnType<typeof open>>) =>
  page.stub.seen.filter((one) => one.path.endsWith('/publications'))

describe('authorities', () => {
  it('stand as a tree; whose superior is out of sight stands at the top', () => {
    const depths = (list: typeof authorities) => as_tree(list).map((one) => [one.authority.region_code, one.depth])
    expect(depths(authorities)).toEqual([
      ['330000', 0],
      ['330100', 1],
      ['330106', 2],
    ])
    expect(depths(authorities.slice(2))).toEqual([['330106', 0]])
  })

  it('what is typed and what is published are the same', () => {
    for (const one of authorities) {
      const { promised_working_days, promise_binds_area, days } = one.settings
      expect(settings_of(typed_of(one))).toEqual({
        promised_working_days: promised_working_days ?? {},
        promise_binds_area: promise_binds_area ?? false,
        days: days ?? [],
      })
    }
  })

  it('are shown with whose promise counts, local days, and who publishes', async () => {
    await open()
    const here = card(/^杭州市西湖区住房和城乡建设局（演示）$/)
    expect(here.getByText('杭州市城乡建设委员会（演示）')).toBeTruthy()
    expect(here.getByText(/周六延时服务/)).toBeTruthy()
    expect(screen.getAllByText(/指导下级，不直接发证/).length).toBe(2)
    expect(await axe_findings()).toEqual([])
  })

  it('a day lacks its name: nothing is sent; then it is published with what the page had seen', async () => {
    const page = await open()
    await userEvent.click(screen.getByRole('button', { name: /^修改\s*杭州市西湖区/ }))
    const dialog = within(await screen.findByRole('dialog'))
    await userEvent.type(dialog.getByLabelText(/建筑工程施工许可：承诺/), '2')
    await userEvent.click(dialog.getByRole('button', { name: '加一天' }))
    await userEvent.click(dialog.getByRole('button', { name: '发布' }))
    expect(dialog.getAllByText('第 2 天请写名称，例如本地节日').length).toBeGreaterThan(0)
    expect(sent(page)).toEqual([])
    await userEvent.click(dialog.getByRole('button', { name: '删去第 2 天' }))
    expect(await axe_findings()).toEqual([])
    await userEvent.click(dialog.getByRole('button', { name: '发布' }))
    await waitFor(() => expect(screen.getByText(/已发布：杭州市西湖区/)).toBeTruthy())
    expect(sent(page)).toHaveLength(1)
  })
})
