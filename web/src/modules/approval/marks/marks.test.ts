import { fireEvent, render, screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { i18n } from '@/shared/i18n'
import { find_session, forget_session } from '@/shared/session'
import type { Document, PaperMark } from '@/shared/api/types'
import { answer_with, axe_findings } from '../../../../tests/mounting'
import { kApplicationId } from '../../../../tests/story'
import { make_stub, type Stub } from '../../../../tests/stub'
import { kMark } from '../../../../tests/stub_marks'
import MarkedPaper from './MarkedPaper.vue'
import MarksForApplicant from './MarksForApplicant.vue'
import OpenMarksNotice from './OpenMarksNotice.vue'
import { in_the_middle, moved_by, placed_on, rectangle_of, spot_in } from './places'
import { use_marks } from './use_marks'

const kGlobal = { plugins: [i18n], stubs: { RouterLink: true } }

const kPaper: Document = {
  document_id: 'doc-1',
  material_code: 'M-21',
  file_name: '施工合同.png',
  media_type: 'image/png',
  size_bytes: 40_000,
  pages: 1,
  sha256: '',
  round: 1,
  uploaded_at_ms: 1,
  superseded: false,
}
const kNewer: Document = { ...kPaper, document_id: 'doc-2', file_name: '施工合同（补签）.png', round: 2 }

const kCarried: PaperMark = {
  ...kMark,
  state: 'answered',
  version: 2,
  places: [
    { document_id: 'doc-1', page: 1, carried_from: null },
    { document_id: 'doc-2', page: 1, carried_from: 'doc-1' },
  ],
  acts: [{ act: 'answer', actor_name: '申请人', words: '已补盖公章。', at_ms: 5 }],
  may: ['accept', 'reopen'],
}

async function show(marks: PaperMark[], paper = kPaper, after_sign_in: (stub: Stub) => void = () => undefined) {
  const stub = make_stub('housing')
  stub.marks.of_case.marks = marks
  answer_with(stub)
  forget_session()
  await find_session()
  after_sign_in(stub)
  const shown = ref(paper)
  const page = defineComponent({
    setup() {
      const all = use_marks(() => kApplicationId)
      const on_show = (id: string) => (shown.value = id === 'doc-2' ? kNewer : kPaper)
      return () =>
        h('main', [
          h(MarkedPaper, {
            marks: all,
            document: shown.value,
            documents: [kPaper, kNewer],
            page: null,
            for_applicant: false,
            onShow: on_show,
          }),
        ])
    },
  })
  render(page, { global: kGlobal })
  await waitFor(() => expect(screen.queryByText('正在读取…')).toBeNull())
  return stub
}

const sent = (stub: Stub, end: string) => stub.seen.filter((one) => one.method === 'POST' && one.path.endsWith(end))

describe('the place of a mark', () => {
  it('is a part of the page, whatever the size in which it is drawn', () => {
    expect(spot_in({ left: 10, top: 20, width: 200, height: 400 }, 110, 120)).toEqual({ x: 500_000, y: 250_000 })
    expect(spot_in({ left: 10, top: 20, width: 1000, height: 2000 }, 510, 520)).toEqual({ x: 500_000, y: 250_000 })
    expect(spot_in({ left: 0, top: 0, width: 100, height: 100 }, -5, 300)).toEqual({ x: 0, y: 1_000_000 })
  })

  it('is a rectangle in whichever direction it was dragged, and none where nothing was', () => {
    const place = { left_ppm: 100_000, top_ppm: 200_000, width_ppm: 300_000, height_ppm: 100_000 }
    expect(rectangle_of({ x: 100_000, y: 200_000 }, { x: 400_000, y: 300_000 })).toEqual(place)
    expect(rectangle_of({ x: 400_000, y: 300_000 }, { x: 100_000, y: 200_000 })).toEqual(place)
    expect(rectangle_of({ x: 400_000, y: 300_000 }, { x: 400_100, y: 900_000 })).toBeNull()
  })

  it('is moved by arrows and never leaves the page', () => {
    const middle = in_the_middle('rectangle')
    expect(moved_by('ArrowRight', false, middle, 'rectangle')).toEqual({ ...middle, left_ppm: 360_000 })
    expect(moved_by('ArrowDown', true, middle, 'rectangle')).toEqual({ ...middle, height_ppm: 110_000 })
    expect(moved_by('a', false, middle, 'rectangle')).toBeNull()
    let place = middle
    for (let i = 0; i < 100; i += 1) place = moved_by('ArrowRight', false, place, 'rectangle') ?? place
    expect(place.left_ppm + place.width_ppm).toBe(1_000_000)
    for (let i = 0; i < 100; i += 1) place = moved_by('ArrowRight', true, place, 'rectangle') ?? place
    expect(place.left_ppm + place.width_ppm).toBe(1_000_000)
  })

  it('is looked for on the old paper and on the one that replaced it', () => {
    expect(placed_on([kCarried], 'doc-1').map((one) => one.carried)).toEqual([false])
    expect(placed_on([kCarried], 'doc-2').map((one) => one.carried)).toEqual([true])
    expect(placed_on([kCarried], 'doc-3')).toEqual([])
  })
})

describe('marking a paper', () => {
  it('goes by keyboard: the middle of the page, arrows, words', async () => {
    const stub = await show([])
    expect(await screen.findByText('还没有批注')).toBeTruthy()
    await userEvent.click(await screen.findByRole('button', { name: '框选' }))
    expect(screen.getByRole('button', { name: '框选' }).getAttribute('aria-pressed')).toBe('true')
    await userEvent.click(screen.getByRole('button', { name: '放在页中央（用键盘移动）' }))
    const draft = await screen.findByRole('button', { name: /^新批注的框/ })
    await waitFor(() => expect(document.activeElement).toBe(draft))
    await userEvent.keyboard('{ArrowLeft}{ArrowUp}{Shift>}{ArrowRight}{/Shift}{Enter}')
    expect(screen.getByText('第 1 页，距左边 34%，距上边 44%')).toBeTruthy()
    const words = screen.getByRole('textbox', { name: /批注内容/ })
    await waitFor(() => expect(document.activeElement).toBe(words))
    expect(await axe_findings()).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: '保存批注' }))
    expect(screen.getByText('请写明批注内容')).toBeTruthy()
    expect(sent(stub, '/marks')).toHaveLength(0)
    await userEvent.type(words, '缺少签章')
    await userEvent.click(screen.getByRole('button', { name: '保存批注' }))
    expect(await screen.findByText('批注 1 已保存')).toBeTruthy()
    const [request] = sent(stub, '/marks')
    expect(request?.body).toEqual({
      document_id: 'doc-1',
      page: 1,
      kind: 'rectangle',
      left_ppm: 340_000,
      top_ppm: 440_000,
      width_ppm: 310_000,
      height_ppm: 100_000,
      words: '缺少签章',
    })
    expect(request?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/)
    expect(screen.getByRole('button', { name: '批注 1，待回复：缺少签章' }).getAttribute('aria-current')).toBe('true')
    expect(screen.queryByRole('textbox', { name: /批注内容/ })).toBeNull()
  })

  it('goes by pointing: a point where it was clicked, a rectangle as it was dragged', async () => {
    const stub = await show([])
    const layer = document.querySelector('.layer') as HTMLElement
    layer.getBoundingClientRect = () => ({ left: 0, top: 0, width: 200, height: 100 }) as DOMRect
    const at = (type: string, x: number, y: number) =>
      fireEvent(layer, new MouseEvent(type, { clientX: x, clientY: y, bubbles: true, cancelable: true }))
    await at('pointerdown', 20, 20)
    await at('pointerup', 20, 20)
    expect(screen.queryByRole('textbox')).toBeNull()
    await userEvent.click(await screen.findByRole('button', { name: '指点' }))
    await at('pointerdown', 50, 50)
    await at('pointerup', 50, 50)
    expect(screen.getByText('第 1 页，距左边 25%，距上边 50%')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: '框选' }))
    await at('pointerdown', 100, 80)
    await at('pointermove', 50, 60)
    expect(document.querySelector('rect.new')?.getAttribute('width')).toBe('25%')
    await at('pointerup', 20, 20)
    await userEvent.type(await screen.findByRole('textbox', { name: /批注内容/ }), '这里{Control>}{Enter}{/Control}')
    await waitFor(() => expect(sent(stub, '/marks')).toHaveLength(1))
    expect(sent(stub, '/marks')[0]?.body).toMatchObject({ left_ppm: 100_000, top_ppm: 200_000, width_ppm: 400_000 })
  })

  it('is offered neither to who may not, nor on a paper that was replaced or not filed', async () => {
    await show([kMark], kPaper, (stub) => (stub.marks.of_case.blocked_because = '您的账号没有这项权限。'))
    expect(await screen.findByText(kMark.words)).toBeTruthy()
    expect(screen.queryByRole('toolbar', { name: '批注工具' })).toBeNull()
    for (const paper of [
      { ...kPaper, superseded: true },
      { ...kPaper, round: 0 },
    ]) {
      document.body.innerHTML = ''
      await show([kMark], paper)
      expect((await screen.findAllByText(kMark.words)).length).toBe(1)
      expect(screen.queryByRole('toolbar', { name: '批注工具' })).toBeNull()
    }
  })
})

describe('the marks of a paper', () => {
  it('are told apart by words and icons, and accepted or reopened with why', async () => {
    const stub = await show([{ ...kMark, told: true }])
    const card = await screen.findByRole('article', { name: '批注 1' })
    expect(within(card).getByText('待回复')).toBeTruthy()
    expect(within(card).getByText(/已告知申请人/)).toBeTruthy()
    await userEvent.click(within(card).getByRole('button', { name: '认可' }))
    expect(await within(card).findByText('已认可')).toBeTruthy()
    expect(sent(stub, '/acceptance')[0]?.headers.get('If-Match')).toBe('"1"')
    await userEvent.click(within(card).getByRole('button', { name: '重新打开' }))
    const why = within(card).getByRole('textbox', { name: '为什么重新打开' })
    await waitFor(() => expect(document.activeElement).toBe(why))
    await userEvent.click(within(card).getByRole('button', { name: '重新打开' }))
    expect(sent(stub, '/reopening')).toHaveLength(0)
    await userEvent.type(why, '章不清楚')
    await userEvent.click(within(card).getByRole('button', { name: '重新打开' }))
    expect(await within(card).findByText('待回复')).toBeTruthy()
    expect(within(card).getByText('章不清楚')).toBeTruthy()
    expect(await axe_findings()).toEqual([])
  })

  it('say who was faster, show how the mark stands now, and keep what was typed', async () => {
    const stub = await show([{ ...kCarried, may: ['reopen'] }], kNewer)
    stub.marks.refusal = '这条批注刚刚由孙住建重新打开。您写的内容还在，请核对最新情况后再操作一次。'
    const card = await screen.findByRole('article', { name: '批注 1' })
    await userEvent.click(within(card).getByRole('button', { name: '重新打开' }))
    await userEvent.type(within(card).getByRole('textbox'), '还缺一个章')
    await userEvent.click(within(card).getByRole('button', { name: '重新打开' }))
    expect(await within(card).findByText(/刚刚由孙住建重新打开/)).toBeTruthy()
    expect(await within(card).findByText('待回复')).toBeTruthy()
    expect((within(card).getByRole('textbox') as HTMLTextAreaElement).value).toBe('还缺一个章')
  })

  it('are seen on the new paper as carried there, with what was answered', async () => {
    await show([kCarried], kNewer)
    const card = await screen.findByRole('article', { name: '批注 1' })
    expect(within(card).getByText('承自上一版')).toBeTruthy()
    expect(within(card).getByText('已补盖公章。')).toBeTruthy()
    expect(screen.getByRole('button', { name: /^批注 1，已回复/ })).toBeTruthy()
  })

  it('are listed for all papers too, without the accepted ones if one likes, and lead to their paper', async () => {
    const other: PaperMark = { ...kMark, mark_id: 'mark-2', mark_no: 2, state: 'accepted', words: '日期', may: [] }
    await show([kCarried, other])
    expect(await screen.findAllByRole('article')).toHaveLength(2)
    await userEvent.click(screen.getByRole('checkbox', { name: '只看未认可' }))
    expect(screen.getAllByRole('article')).toHaveLength(1)
    await userEvent.click(screen.getByRole('button', { name: /^全部材料/ }))
    const card = screen.getByRole('article', { name: '批注 1' })
    expect(within(card).getByText('施工合同（补签）.png')).toBeTruthy()
    await userEvent.click(within(card).getByRole('button', { name: /第 1 页/ }))
    expect(await screen.findByRole('img', { name: '施工合同（补签）.png' })).toBeTruthy()
  })

  it('that could not be read are asked for again', async () => {
    const stub = await show([kMark], kPaper, (one) => (one.offline = true))
    const again = await screen.findByRole('button', { name: '再试一次' })
    stub.offline = false
    await userEvent.click(again)
    expect(await screen.findByText(kMark.words)).toBeTruthy()
  })
})

describe('before a step is done', () => {
  async function notice(marks: PaperMark[], asks_for_correction: boolean) {
    const stub = make_stub('housing')
    stub.marks.of_case.marks = marks
    answer_with(stub)
    render(OpenMarksNotice, {
      props: { application_id: kApplicationId, asks_for_correction },
      global: kGlobal,
    })
    await waitFor(() => expect(stub.seen.length).toBe(1))
    await new Promise((resolve) => setTimeout(resolve))
    return screen.queryByRole('status')?.textContent ?? ''
  }
  const foreign: PaperMark = { ...kMark, mark_id: 'mark-2', department: 'planning' }

  it('the number of marks that are not accepted is told', async () => {
    expect(await notice([kMark, foreign, { ...kMark, mark_id: 'm', state: 'accepted' }], false)).toContain(
      '还有 2 条批注没有认可，其中本部门 1 条',
    )
  })
  it('and that a correction tells the applicant of them', async () => {
    expect(await notice([kMark], true)).toContain('会随补正通知告知申请人')
  })
  it('and nothing where there is none', async () => {
    expect(await notice([{ ...kMark, state: 'accepted' }], false)).toBe('')
  })
})

describe('the applicant', () => {
  it('reads what was marked and answers it beside the paper', async () => {
    const stub = make_stub('school')
    stub.marks.of_case = {
      marks: [{ ...kMark, author_name: null, told: true, may: ['answer'] }],
      marks_max: 300,
      department: null,
      blocked_because: '没有权限',
    }
    answer_with(stub)
    forget_session()
    await find_session()
    const materials = [{ documents: [kPaper] }]
    const application = { application_id: kApplicationId, materials } as never
    render(MarksForApplicant, { props: { application }, global: kGlobal })
    expect(await screen.findByText(/作了 1 条批注，还有 1 条没有回复/)).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: '查看并回复：施工合同.png' }))
    const card = await screen.findByRole('article', { name: '批注 1' })
    expect(screen.queryByRole('toolbar', { name: '批注工具' })).toBeNull()
    expect(card.textContent).not.toContain('钱住建')
    await userEvent.click(within(card).getByRole('button', { name: '回复' }))
    await userEvent.type(within(card).getByRole('textbox', { name: '回复内容' }), '已补盖公章')
    await userEvent.click(within(card).getByRole('button', { name: '回复' }))
    expect(await within(card).findByText('已回复')).toBeTruthy()
    expect(sent(stub, '/answers')[0]?.body).toEqual({ words: '已补盖公章' })
    expect(await axe_findings()).toEqual([])
  })
})
