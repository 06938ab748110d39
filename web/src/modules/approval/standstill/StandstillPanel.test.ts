import { screen, within } from '@testing-library/vue'
import { describe, expect, it, vi } from 'vitest'
import { mount_page } from '../../../../tests/mounting'
import CasePage from '../pages/CasePage.vue'

vi.mock('@/modules/documents/components/PdfPages.vue', () => ({ default: { render: () => null } }))

describe('why a case stands still', () => {
  it('says who holds it and for how long, what stands in the way, and what each button would do', async () => {
    await mount_page(CasePage, '/tasks/:task_id', '/tasks/t-review?tab=standstill', 'housing')
    const waits = await screen.findByRole('region', { name: '现在在等什么' }, { timeout: 5000 })
    expect(waits.textContent).toContain('由赵人防办理')
    expect(waits.textContent).toContain('6 小时')
    expect(waits.textContent).toContain('失败 8 次')
    const acts = screen.getByRole('region', { name: '您能做什么，做了会怎样' })
    expect(within(acts).getByText('还要等人防审查。')).toBeTruthy()
    expect(within(acts).getByText('请先等何启明签。')).toBeTruthy()
    expect(within(acts).getByText('发出：《不予行政许可决定书》。')).toBeTruthy()
    expect(within(acts).getByText('办件结束：已办结（不予许可）。')).toBeTruthy()
    expect(within(acts).getByText('条件 1/2 项满足')).toBeTruthy()
  })
})
