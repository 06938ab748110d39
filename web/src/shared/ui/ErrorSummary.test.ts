import { render, screen } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { defineComponent, h, nextTick, ref } from 'vue'
import { describe, expect, it } from 'vitest'
import { i18n } from '@/shared/i18n'
import ErrorSummary from './ErrorSummary.vue'

describe('the error summary', () => {
  it('takes the focus when it appears, and leads to its fields', async () => {
    const lines = ref<{ target: string; message: string }[]>([])
    const page = defineComponent({
      render: () => [
        h(ErrorSummary, { lines: lines.value }),
        h('label', { for: 'price' }, '合同价格'),
        h('input', { id: 'price' }),
      ],
    })
    render(page, { global: { plugins: [i18n], stubs: { RouterLink: true } } })
    expect(screen.queryByRole('alert')).toBeNull()
    lines.value = [{ target: 'price', message: '合同价格应为万元数，例如 8260.5' }]
    await nextTick()
    await nextTick()
    expect(document.activeElement).toBe(screen.getByRole('alert'))
    await userEvent.click(screen.getByRole('link', { name: /合同价格应为/ }))
    expect(document.activeElement).toBe(screen.getByLabelText('合同价格'))
  })
})
