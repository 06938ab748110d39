import { screen, waitFor } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { defineComponent, h, ref } from 'vue'
import { describe, expect, it } from 'vitest'
import type { Matter, Progress } from '@/shared/api/types'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { progress } from '../../../tests/story_case'
import EpisodesTab from './components/episodes/EpisodesTab.vue'

const kReview: Progress['episodes'][number] = {
  episode_no: 1,
  kind: 'special_procedure',
  name: '专家评审',
  procedure_kind: 'expert_review',
  ground: null,
  counted: false,
  item: 'housing',
  item_name: '施工许可条件审查',
  material_code: null,
  material_name: null,
  reason: '高度超限',
  legal_basis: '行政许可法 45',
  working_days: 10,
  due_on: '2026-12-09',
  state: 'open',
  begun_at_ms: 1_795_395_600_000,
  begun_by: '王住建',
  ended_at_ms: null,
  ended_by: null,
  result: null,
}

async function open(episodes: Progress['episodes'] = []) {
  const changed = ref(0)
  const shown: Progress = { ...progress, episodes }
  const page = defineComponent({
    render: () =>
      h(EpisodesTab, {
        application_id: progress.application_id,
        progress: shown,
        matter: {} as Matter,
        onChanged: () => (changed.value += 1),
      }),
  })
  const mounted = await mount_page(page, '/', '/', 'housing')
  await screen.findByRole('button', { name: /开始特别程序/ })
  return { ...mounted, changed }
}

describe('what lies over the state of a case', () => {
  it('is told with begin, ground and whether it counts; nothing open says what may be begun', async () => {
    await open()
    expect(screen.getByText(/没有特别程序、暂停、延期、容缺或承诺/)).toBeTruthy()
    expect(await axe_findings()).toEqual([])
  })

  it('shows what is open', async () => {
    await open([kReview])
    expect(screen.getByText('高度超限')).toBeTruthy()
    expect(screen.getByText('不计入时限')).toBeTruthy()
    expect(screen.getByText('进行中')).toBeTruthy()
  })

  it('an act that is not possible says why and opens nothing', async () => {
    await open()
    const blocked = screen.getByRole('button', { name: /重新审查/ })
    expect(blocked.getAttribute('aria-disabled')).toBe('true')
    await userEvent.click(blocked)
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(screen.getByText(/没有可以重新审查的结论/)).toBeTruthy()
  })

  it('a special procedure asks kind, days and reason; what was typed stays when the dialog is closed', async () => {
    const page = await open()
    await userEvent.click(screen.getByRole('button', { name: /开始特别程序/ }))
    await userEvent.click(await screen.findByRole('button', { name: '开始特别程序' }))
    expect(page.stub.seen.some((one) => one.path.endsWith('/special-procedures'))).toBe(false)
    expect(screen.getByText('请选择特别程序的种类')).toBeTruthy()
    await userEvent.type(screen.getByLabelText(/理由/), '高度超限')
    await userEvent.click(screen.getByRole('button', { name: '先不办' }))
    await userEvent.click(screen.getByRole('button', { name: /开始特别程序 ·/ }))
    expect((screen.getByLabelText(/理由/) as HTMLTextAreaElement).value).toBe('高度超限')
    await userEvent.selectOptions(screen.getByLabelText('哪一种'), 'expert_review')
    await userEvent.type(screen.getByLabelText('预计需要几个工作日'), '10')
    expect(await axe_findings()).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: '开始特别程序' }))
    await waitFor(() => expect(page.changed.value).toBe(1))
    const sent = page.stub.seen.find((one) => one.path.endsWith('/special-procedures'))
    expect(sent?.body).toEqual({
      item: 'housing',
      procedure_kind: 'expert_review',
      reason: '高度超限',
      working_days: 10,
    })
    expect(sent?.headers.get('Idempotency-Key')).toBeTruthy()
  })
})
