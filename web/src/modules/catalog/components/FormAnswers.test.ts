import { render, screen } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { defineComponent, h, provide, ref } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { i18n } from '@/shared/i18n'
import type { FormObject } from '@/shared/api/types'
import { case_file, matter } from '../../../../tests/story'
import { kUnmasking, type Unmasking } from '../form/unmask'
import { set_value } from '../form/paths'
import FormAnswers from './FormAnswers.vue'

const kPath = 'agent.phone'

function show(unmasking: Unmasking | null): void {
  const form = structuredClone(case_file.form) as FormObject
  set_value(form, kPath, '138****0000')
  const page = defineComponent({
    setup() {
      provide(kUnmasking, unmasking)
      return () => h(FormAnswers, { matter, form, dense: true })
    },
  })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: page }] })
  render(page, { global: { plugins: [i18n, router] } })
}

describe('answers with masked numbers', () => {
  it('offers the whole number to who may ask for it, and shows what he was given', async () => {
    const shown = ref<Record<string, string>>({})
    const ask = vi.fn()
    show({ shown, ask })
    const button = screen.getByRole('button', { name: /显示完整号码.*手机/ })
    await userEvent.click(button)
    expect(ask).toHaveBeenCalledWith(kPath, expect.stringContaining('手机'))
    shown.value[kPath] = '13800000000'
    expect(await screen.findByText('13800000000')).toBeTruthy()
    expect(screen.queryByText('138****0000')).toBeNull()
    expect(screen.queryByRole('button', { name: /显示完整号码.*手机/ })).toBeNull()
  })

  it('offers nothing to others', () => {
    show(null)
    expect(screen.getByText('138****0000')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /显示完整号码/ })).toBeNull()
  })
})
