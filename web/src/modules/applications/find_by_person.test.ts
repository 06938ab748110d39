import { screen } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { make_stub } from '../../../tests/stub'
import FindByPersonPage from './pages/FindByPersonPage.vue'

const kId = '11010519491231002X'
const kFound = {
  application_id: '0190a000-0000-7000-8000-000000000001',
  application_number: '330106-2026-00455',
  matter_code: 'construction-permit',
  works_name: '翠苑小学扩建工程',
  owner_name: '吴自建',
  state_name: '审查中',
  received_at_ms: 1_795_395_600_000,
}

async function open(applications: unknown[], truncated = false) {
  const stub = make_stub('clerk')
  stub.people.answers.set('POST /applications/by-person', { status: 200, body: { applications, truncated } })
  return mount_page(FindByPersonPage, '/cases/by-person', '/cases/by-person', 'clerk', stub)
}

async function ask(reason: string): Promise<void> {
  await userEvent.type(screen.getByLabelText(/^号码/), kId)
  await userEvent.type(screen.getByLabelText(/查找理由/), `${reason}{Enter}`)
}

describe('finding cases by a number', () => {
  it('asks for the whole number and a reason before anything is sent', async () => {
    const page = await open([])
    expect(await axe_findings()).toEqual([])
    await ask('查')
    expect(screen.getByLabelText(/查找理由/).getAttribute('aria-invalid')).toBe('true')
    expect(page.stub.seen.some((one) => one.path.endsWith('/by-person'))).toBe(false)
  })

  it('lists what was found, and the number stands in no address', async () => {
    const page = await open([kFound], true)
    await ask('本人来窗口查询')
    const link = await screen.findByRole('link', { name: '翠苑小学扩建工程' })
    expect(link.getAttribute('href')).toBe(`/applications/${kFound.application_id}`)
    expect(screen.getByText(/超过一百件/)).toBeTruthy()
    const sent = page.stub.seen.find((one) => one.path.endsWith('/by-person'))
    expect(sent?.body).toEqual({ kind: 'id_number', number: kId, reason: '本人来窗口查询' })
    expect(page.path()).toBe('/cases/by-person')
    expect(await axe_findings()).toEqual([])
  })

  it('says what to do where nothing was found', async () => {
    await open([])
    await userEvent.click(screen.getByLabelText('手机号'))
    await ask('本人来窗口查询')
    expect(await screen.findByText('没有找到')).toBeTruthy()
  })
})
