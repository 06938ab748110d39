import { render, screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import App from '@/app/App.vue'
import { i18n } from '@/shared/i18n'
import { answer_with, axe_findings, mount_page } from '../../../tests/mounting'
import { make_stub, type Stub } from '../../../tests/stub'
import { kAnswered, kConsultation, kToken } from '../../../tests/stub_consultations'
import type { OutsideFile } from '@/shared/api/types'
import CasePage from './pages/CasePage.vue'
import ConsultPage from './pages/ConsultPage.vue'

const upload = vi.hoisted(() => vi.fn())
vi.mock('@/modules/documents/api', async (original) => ({ ...(await original<object>()), send_file: upload }))

async function open_case(prepare: (stub: Stub) => void = () => undefined) {
  const stub = make_stub('housing')
  prepare(stub)
  const page = await mount_page(CasePage, '/tasks/:task_id', '/tasks/t-review?tab=consultations', 'housing', stub)
  await screen.findByRole('heading', { name: '对外征求意见' })
  return page
}

async function open_link(token = kToken, prepare: (stub: Stub) => void = () => undefined) {
  const stub = make_stub(null)
  prepare(stub)
  return mount_page(ConsultPage, '/consult', `/consult${token && `#${token}`}`, null, stub)
}

async function come_in(code = '123456'): Promise<void> {
  await userEvent.click(await screen.findByRole('button', { name: '获取验证码' }))
  await userEvent.type(await screen.findByLabelText(/验证码/), code)
  await userEvent.click(screen.getByRole('button', { name: '打开' }))
}

const sent = (stub: Stub, end: string) => stub.seen.filter((one) => one.method === 'POST' && one.path.endsWith(end))

/** What lies in the browser of what he wrote, for all its tabs. */
const left_behind = () => Object.entries({ ...localStorage }).filter(([key]) => /^kaigong\.(link\.)?consult/.test(key))

beforeEach(() => {
  sessionStorage.clear()
  localStorage.clear()
})

describe('asking somebody outside', () => {
  it('names what is missing, says that the clock runs on, and sends once', async () => {
    const page = await open_case()
    expect(await screen.findByText('还没有对外征求意见')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: '征求意见…' }))
    const dialog = await screen.findByRole('dialog')
    expect(within(dialog).getByText(/审批时限照常计算/)).toBeTruthy()
    await userEvent.click(within(dialog).getByRole('button', { name: '发出' }))
    for (const name of [
      '请填写对方姓名',
      '请填写手机或者电子邮箱',
      '请写明想请对方回答什么',
      '请至少选择一部分内容或一份材料',
    ])
      expect(within(dialog).getByRole('link', { name })).toBeTruthy()
    expect(await axe_findings(dialog)).toEqual([])
    await userEvent.type(within(dialog).getByLabelText(/^姓名/), '欧阳审图')
    await userEvent.type(within(dialog).getByLabelText(/^手机/), '13900001001')
    await userEvent.type(within(dialog).getByLabelText(/^想请对方回答什么/), '地下室防水做法有何意见？')
    await userEvent.click(within(dialog).getByRole('checkbox', { name: '工程' }))
    await userEvent.click(within(dialog).getByRole('checkbox', { name: /地下室施工图/ }))
    await userEvent.click(within(dialog).getByRole('button', { name: '发出' }))
    expect(await screen.findByText('第 1 号已发出，对方会收到链接。')).toBeTruthy()
    const [asked, ...more] = sent(page.stub, '/consultations')
    expect(more).toEqual([])
    expect(asked?.body).toMatchObject({
      item: 'housing',
      organisation: null,
      sections: ['works/1'],
      papers: ['doc-1'],
      working_days: 5,
    })
    expect(asked?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('is not offered to who may not, with the reason', async () => {
    await open_case((stub) => (stub.consultations.of_case.blocked_because = '本件限制知悉，内容不能发给外部人员。'))
    expect(await screen.findByText(/限制知悉/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: '征求意见…' })).toBeNull()
  })

  it('takes an answer into the opinion, with its number and without a name', async () => {
    const page = await open_case((stub) => (stub.consultations.of_case.consultations = [kAnswered]))
    await userEvent.click(await screen.findByRole('button', { name: /采用到我的意见/ }))
    await waitFor(() => expect(sent(page.stub, '/taking')).toHaveLength(1))
    await waitFor(() =>
      expect(sessionStorage.getItem('kaigong.opinion.t-review')).toContain('对外征求意见第 1 号，示例设计研究院'),
    )
    expect(sessionStorage.getItem('kaigong.opinion.t-review')).not.toContain('欧阳审图')
  })

  it('shows the files that came with the answer, from outside as they are, and its digest', async () => {
    await open_case((stub) => (stub.consultations.of_case.consultations = [kAnswered]))
    const look = await screen.findByRole('link', { name: /^盖章意见函\.pdf/ })
    expect(look.getAttribute('href')).toBe('/api/v1/consultations/con-1/files/file-1/content?inline=1')
    const keep = screen.getByRole('link', { name: '下载 盖章意见函.pdf' })
    expect(keep.getAttribute('href')).toBe('/api/v1/consultations/con-1/files/file-1/content')
    expect(screen.getByText(/附件由外部人员上传/)).toBeTruthy()
    expect(screen.getByText('cd'.repeat(32))).toBeTruthy()
  })

  it('is withdrawn with a reason', async () => {
    const page = await open_case((stub) => (stub.consultations.of_case.consultations = [kConsultation]))
    await userEvent.click(await screen.findByRole('button', { name: /^撤回/ }))
    const dialog = await screen.findByRole('dialog')
    await userEvent.click(within(dialog).getByRole('button', { name: '撤回' }))
    expect(within(dialog).getByRole('link', { name: '请写明撤回理由' })).toBeTruthy()
    await userEvent.type(within(dialog).getByLabelText(/撤回理由/), '误发')
    await userEvent.click(within(dialog).getByRole('button', { name: '撤回' }))
    expect(await screen.findByText('已撤回')).toBeTruthy()
    expect(sent(page.stub, '/recall').map((one) => one.body)).toEqual([{ reason: '误发' }])
  })
})

describe('the page of a link', () => {
  it('shows nothing before the code, then the question and the chosen part alone', async () => {
    await open_link()
    expect(await screen.findByRole('heading', { name: '请您提供意见' })).toBeTruthy()
    expect(screen.queryByText(/翠苑小学/)).toBeNull()
    expect(await axe_findings()).toEqual([])
    await come_in('000000')
    expect(await screen.findByRole('link', { name: /验证码不对/ })).toBeTruthy()
    await userEvent.clear(screen.getByLabelText(/验证码/))
    await userEvent.type(screen.getByLabelText(/验证码/), '123456')
    await userEvent.click(screen.getByRole('button', { name: '打开' }))
    expect(await screen.findByRole('heading', { name: '请您对“翠苑小学扩建工程”提供意见' })).toBeTruthy()
    expect(screen.getByText('工程名称')).toBeTruthy()
    const mark = document.querySelector<HTMLElement>('.watermark')
    expect(decodeURIComponent(mark?.style.backgroundImage ?? '')).toContain('欧阳审图')
    expect(await axe_findings()).toEqual([])
  })

  it('takes files with it: each goes at once, three at most, and what is sent can be left out of the next', async () => {
    const waiting: ((kept: OutsideFile) => void)[] = []
    upload.mockImplementation((_path, file: File, headers: Record<string, string>, on_progress) => {
      expect(headers).toEqual({ 'X-Kaigong-Link': kToken, 'X-Kaigong-Pass': 'outside-pass' })
      on_progress(2)
      const done = new Promise<OutsideFile>((resolve) => waiting.push(resolve))
      return { done, abort: () => undefined, file }
    })
    const page = await open_link()
    await come_in()
    const choose = await screen.findByLabelText('添加附件')
    await userEvent.upload(choose, new File(['%PDF'], '意见函.pdf', { type: 'application/pdf' }))
    await userEvent.upload(choose, new File(['no'], '意见函.docx'), { applyAccept: false })
    expect(await screen.findByText(/只接受 PDF、JPG 和 PNG 文件/)).toBeTruthy()
    expect(screen.getByRole('progressbar', { name: '正在上传 意见函.pdf' })).toBeTruthy()
    await userEvent.click(screen.getByRole('radio', { name: '同意' }))
    await userEvent.click(screen.getByRole('button', { name: '提交意见' }))
    expect(await screen.findByRole('link', { name: '附件还在上传，请等上传完再提交' })).toBeTruthy()
    expect(await axe_findings()).toEqual([])
    const kept: OutsideFile = {
      file_id: 'f-1',
      file_name: '意见函.pdf',
      media_type: 'application/pdf',
      size_bytes: 4,
      sent: false,
    }
    page.stub.consultations.outside.files = [kept]
    waiting[0]?.(kept)
    await waitFor(() => expect(screen.queryByRole('progressbar')).toBeNull())
    await userEvent.click(screen.getByRole('button', { name: '提交意见' }))
    expect(await screen.findByText('附件：意见函.pdf')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: '修改意见' }))
    await userEvent.click(screen.getByRole('button', { name: '删除 意见函.pdf' }))
    expect(screen.getByRole('button', { name: '重新附上 意见函.pdf' })).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: '提交意见' }))
    await waitFor(() =>
      expect(sent(page.stub, '/opinion').map((one) => (one.body as { files: string[] }).files)).toEqual([['f-1'], []]),
    )
  })

  it('receives an opinion, which may be changed', async () => {
    const page = await open_link()
    await come_in()
    await userEvent.click(await screen.findByRole('button', { name: '提交意见' }))
    expect(await screen.findByRole('link', { name: '请选择一个结论' })).toBeTruthy()
    await userEvent.click(screen.getByRole('radio', { name: '有条件同意' }))
    await userEvent.click(screen.getByRole('button', { name: '提交意见' }))
    expect(await screen.findByRole('link', { name: '请写明条件或者理由' })).toBeTruthy()
    await userEvent.type(screen.getByLabelText('条件或者理由'), '建议增设变形缝。')
    await userEvent.click(screen.getByRole('button', { name: '提交意见' }))
    expect(await screen.findByText(/已于.*收到您的意见/)).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: '修改意见' }))
    await userEvent.click(screen.getByRole('radio', { name: '同意' }))
    await userEvent.click(screen.getByRole('button', { name: '提交意见' }))
    await waitFor(() =>
      expect(sent(page.stub, '/opinion').map((one) => (one.body as { answers: number }).answers)).toEqual([0, 1]),
    )
  })

  it('asks for a code again when its time is over, and keeps what was written', async () => {
    const page = await open_link()
    await come_in()
    await userEvent.click(await screen.findByRole('radio', { name: '不同意' }))
    await userEvent.type(screen.getByLabelText('条件或者理由'), '深度不足。')
    page.stub.consultations.pass = 'another-pass'
    await userEvent.click(screen.getByRole('button', { name: '提交意见' }))
    expect(await screen.findByText(/请再次验证/)).toBeTruthy()
    await come_in()
    expect(await screen.findByDisplayValue('深度不足。')).toBeTruthy()
  })

  it('keeps what was written when another window was faster', async () => {
    const page = await open_link()
    await come_in()
    await userEvent.click(await screen.findByRole('radio', { name: '同意' }))
    page.stub.consultations.outside = {
      ...page.stub.consultations.outside,
      answers: 1,
      outcome: 'disagree',
      words: '甲',
      answered_at_ms: 1,
    }
    await userEvent.click(screen.getByRole('button', { name: '提交意见' }))
    expect(await screen.findByText(/另一个窗口提交过/)).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: '提交意见' }))
    await waitFor(() => expect(page.stub.consultations.outside.outcome).toBe('agree'))
  })

  it('is one and the same for every link that opens nothing', async () => {
    for (const [token, gone] of [
      ['', false],
      ['unknown', false],
      [kToken, true],
    ] as const) {
      const page = await open_link(token, (stub) => (stub.consultations.gone = gone))
      if (token) await userEvent.click(await screen.findByRole('button', { name: '获取验证码' }))
      expect(await screen.findByRole('heading', { name: '这个链接不能使用' })).toBeTruthy()
      expect(await axe_findings()).toEqual([])
      page.unmount()
    }
  })

  it('takes the link out of the address, and a reload finds it all the same', async () => {
    const page = await open_link()
    await come_in()
    expect(await screen.findByText(/地下室防水做法/)).toBeTruthy()
    expect(page.path()).toBe('/consult')
    page.unmount()
    for (const hash of ['', 'main', 'consult-answer']) {
      const again = await open_link(hash)
      expect(await screen.findByText(/地下室防水做法/)).toBeTruthy()
      await waitFor(() => expect(again.path()).toBe('/consult'))
      again.unmount()
    }
  })

  it('leaves the link in the address where the browser keeps nothing', async () => {
    const refused = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    const page = await open_link()
    await come_in()
    expect(await screen.findByText(/地下室防水做法/)).toBeTruthy()
    expect(page.path()).toBe(`/consult#${kToken}`)
    refused.mockRestore()
  })

  it('leads to the answer without another address', async () => {
    const page = await open_link()
    await come_in()
    await userEvent.click(await screen.findByRole('button', { name: '直接填写意见' }))
    expect(document.activeElement?.id).toBe('consult-answer')
    expect([page.path(), location.hash]).toEqual(['/consult', ''])
  })

  it('keeps unsent words for the same link in another tab, without the link, until they are sent', async () => {
    const page = await open_link()
    await come_in()
    await userEvent.click(await screen.findByRole('radio', { name: '不同意' }))
    await userEvent.type(screen.getByLabelText('条件或者理由'), '深度不足。')
    page.unmount()
    sessionStorage.clear()
    expect(left_behind()).toHaveLength(1)
    for (const hidden of [kToken, 'outside-pass', '欧阳审图', '翠苑小学'])
      expect(JSON.stringify(left_behind())).not.toContain(hidden)
    const other = await open_link()
    expect(screen.queryByDisplayValue('深度不足。')).toBeNull()
    await come_in()
    expect(await screen.findByDisplayValue('深度不足。')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: '提交意见' }))
    expect(await screen.findByText(/已于.*收到您的意见/)).toBeTruthy()
    expect(other.stub.consultations.outside.words).toBe('深度不足。')
    expect(left_behind()).toEqual([])
  })

  it('shows another link that is opened in the same tab, and no word of the first', async () => {
    const page = await open_link()
    await come_in()
    await userEvent.click(await screen.findByRole('radio', { name: '不同意' }))
    await userEvent.type(screen.getByLabelText('条件或者理由'), '深度不足。')
    await page.go('/consult#other-token')
    expect(await screen.findByRole('heading', { name: '请您提供意见' })).toBeTruthy()
    expect(screen.queryByText(/地下室防水做法/)).toBeNull()
    await waitFor(() => expect(page.path()).toBe('/consult'))
    await userEvent.click(screen.getByRole('button', { name: '获取验证码' }))
    expect(await screen.findByRole('heading', { name: '这个链接不能使用' })).toBeTruthy()
    await page.go(`/consult#${kToken}`)
    await come_in()
    expect(await screen.findByDisplayValue('深度不足。')).toBeTruthy()
  })

  it('is skipped to without another address', async () => {
    answer_with(make_stub(null))
    const routes = [{ path: '/:rest(.*)*', component: ConsultPage, meta: { title: 'brand.name', open: true } }]
    const router = createRouter({ history: createMemoryHistory(), routes })
    await router.push(`/consult#${kToken}`)
    render(App, { global: { plugins: [i18n, router] } })
    await userEvent.click(await screen.findByRole('link', { name: '跳到正文' }))
    expect(document.activeElement?.id).toBe('main')
    expect([router.currentRoute.value.fullPath, location.hash]).toEqual(['/consult', ''])
    expect(await screen.findByRole('heading', { name: '请您提供意见' })).toBeTruthy()
  })
})
