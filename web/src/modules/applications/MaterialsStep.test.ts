import { screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiProblem, unreachable_problem } from '@/shared/api/problem'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { kDraftId } from '../../../tests/story'
import EditApplicationPage from './pages/EditApplicationPage.vue'

const upload = vi.hoisted(() => vi.fn())
vi.mock('@/modules/documents/api', async (original) => ({ ...(await original<object>()), upload_document: upload }))

function answers(...said: (ApiProblem | null)[]): void {
  for (const one of said)
    upload.mockImplementationOnce(() => ({
      done: one ? Promise.reject(one) : Promise.resolve({}),
      abort: () => undefined,
    }))
}

async function open() {
  const page = await mount_page(
    EditApplicationPage,
    '/applications/:application_id/edit/:step?',
    `/applications/${kDraftId}/edit/materials`,
    'school',
  )
  await screen.findByLabelText(/选择文件/, {}, { timeout: 5000 })
  return page
}

function paper(name: string, type = 'application/pdf', size = 4): File {
  const file = new File(['%PDF'], name, { type })
  Object.defineProperty(file, 'size', { value: size })
  return file
}

async function choose(file: File): Promise<HTMLElement> {
  await userEvent.upload(screen.getByLabelText(/选择文件/), file, { applyAccept: false })
  return screen.findByRole('alert')
}

beforeEach(() => upload.mockReset())

describe('the papers', () => {
  it('that the network stopped stay, and go out again on demand under the same key', async () => {
    await open()
    answers(unreachable_problem(), null)
    const failed = await choose(paper('施工合同.pdf'))
    expect(failed.textContent).toContain('施工合同.pdf')
    expect(failed.textContent).toContain('连不上服务器')
    await userEvent.click(within(failed).getByRole('button', { name: /^重试/ }))
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
    expect(upload.mock.calls[1]?.[4]).toBe(upload.mock.calls[0]?.[4])
    expect(screen.getByText('施工合同.pdf 已上传')).toBeTruthy()
  })

  it('that the network stopped go out by themselves when it is back', async () => {
    await open()
    answers(unreachable_problem(), null)
    await choose(paper('施工合同.pdf'))
    dispatchEvent(new Event('online'))
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
  })

  it('that nobody can take are told so before they are sent, with the remedy', async () => {
    await open()
    const large = await choose(paper('施工合同.pdf', 'application/pdf', 120 * 1024 * 1024))
    expect(large.textContent).toContain('超过 100 MB')
    expect(large.textContent).toContain('拆成几份')
    await userEvent.click(within(large).getByRole('button', { name: /^不传了/ }))
    const foreign = await choose(paper('施工合同.docx', 'application/msword'))
    expect(foreign.textContent).toContain('请另存为 PDF')
    expect(upload).not.toHaveBeenCalled()
    expect(within(foreign).queryByRole('button', { name: /^重试/ })).toBeNull()
    answers(null)
    await userEvent.upload(within(foreign).getByLabelText(/^换一个文件/), paper('施工合同.pdf'))
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
    expect(upload).toHaveBeenCalledTimes(1)
  })

  it('that failed are still there after a look at another step', async () => {
    const page = await open()
    answers(new ApiProblem({ title: '服务器正忙，请过一会儿再试。', status: 503 }))
    await choose(paper('施工合同.pdf'))
    await userEvent.click(screen.getByRole('link', { name: /工程信息/ }))
    await screen.findByLabelText(/^工程名称/)
    await userEvent.click(screen.getByRole('link', { name: /^\d+\s*材料/ }))
    expect((await screen.findByRole('alert')).textContent).toContain('施工合同.pdf')
    expect(page.path()).toContain('/materials')
  })

  it('of the system’s making can come back signed', async () => {
    await open()
    const group = screen.getByRole('heading', { name: /^系统生成，要签字盖章的/ }).parentElement as HTMLElement
    answers(null)
    await userEvent.upload(
      within(group).getByLabelText(/^上传签好的\s*施工场地条件与征收进度说明/),
      paper('场地说明.pdf'),
    )
    await waitFor(() =>
      expect(upload).toHaveBeenCalledWith(kDraftId, 'M-12', expect.anything(), expect.anything(), expect.anything()),
    )
  })

  it('are clean for axe while one failed', async () => {
    await open()
    answers(unreachable_problem())
    await choose(paper('施工合同.pdf'))
    expect(await axe_findings()).toEqual([])
  })
})
