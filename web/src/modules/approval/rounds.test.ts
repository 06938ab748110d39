import { render, screen, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { i18n } from '@/shared/i18n'
import type { Matter } from '@/shared/api/types'
import { answer_with, axe_findings, mount_page } from '../../../tests/mounting'
import { kApplicationId, matter } from '../../../tests/story'
import { make_stub } from '../../../tests/stub'
import CasePage from './pages/CasePage.vue'
import RoundDepartments from './rounds/RoundDepartments.vue'

vi.mock('@/modules/documents/components/PdfPages.vue', () => ({ default: { render: () => null } }))

async function open(task: string, account: string) {
  const page = await mount_page(CasePage, '/tasks/:task_id', `/tasks/${task}`, account)
  await screen.findByRole('heading', { level: 1, name: '翠苑小学扩建工程' }, { timeout: 5000 })
  return page
}

function notice_of(text: RegExp): HTMLElement {
  return screen.getByText(text).closest('.notice') as HTMLElement
}

describe('what a correction changed', () => {
  it('tells whoever judges again why: field by field with both values, and opens the form at the field', async () => {
    const page = await open('t-review?tab=papers', 'housing')
    await screen.findByText('为什么重新审查：')
    const notice = notice_of(/为什么重新审查/)
    expect(notice.textContent).toMatch(/基坑最大深度.*4\.8.*5\.2/s)
    expect(within(notice).getByText('个人信息，已改动')).toBeTruthy()
    expect(within(notice).getByText('材料有更换或增减')).toBeTruthy()
    await userEvent.click(within(notice).getByRole('button', { name: /基坑最大深度/ }))
    expect(page.path()).toContain('tab=form')
    await userEvent.click(within(notice).getByRole('button', { name: /施工合同或工程总承包合同/ }))
    expect(page.path()).toContain('tab=papers')
    expect(await axe_findings(notice)).toEqual([])
  })

  it('says to everybody what could not be opened by itself', async () => {
    await open('t-review', 'housing')
    const said = await screen.findByText(/质量安全监督手续.*未能自动退回/)
    expect(said.closest('.notice-bad')?.textContent).toContain('请部门负责人')
  })

  it('tells who judges no item how many departments it concerns, and lists them one by one', async () => {
    const page = await open('t-decide', 'leader')
    await screen.findByText(/第 2 轮补正涉及 2 个部门/)
    await userEvent.click(screen.getByRole('link', { name: '看各部门的改动' }))
    expect(page.path()).toContain('tab=rounds')
    const list = await screen.findByRole('region', { name: '各部门涉及的改动' })
    expect(await within(list).findByText('结论不变：没有改动与它有关的内容')).toBeTruthy()
    expect(await axe_findings(list)).toEqual([])
  })

  it('tells the applicant in plain words who looks again and who does not', async () => {
    answer_with(make_stub('school'))
    render(RoundDepartments, {
      props: { application_id: kApplicationId, matter: matter as Matter, for_applicant: true },
      global: { plugins: [i18n] },
    })
    expect(await screen.findByText('不用重新看：没有改动与它有关的内容')).toBeTruthy()
    expect(screen.getByText('重新审查：您改动了它审查的内容')).toBeTruthy()
    expect(screen.getByText('要重新看您的改动，工作人员会安排')).toBeTruthy()
    expect(document.body.textContent).not.toContain('特别办理')
  })
})
