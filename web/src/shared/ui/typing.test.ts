/** Fields and refusals as a person meets them. */
import { render, screen } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { ApiProblem } from '@/shared/api/problem'
import { i18n } from '@/shared/i18n'
import ProblemBox from './ProblemBox.vue'
import TextField from './TextField.vue'

const global = { plugins: [i18n] }

describe('a field', () => {
  it('keeps a pasted name that is too long and says how much is too much', async () => {
    const text = ref('')
    const field = defineComponent({
      render: () =>
        h(TextField, {
          id: 'name',
          label: '姓名',
          maxlength: 60,
          modelValue: text.value,
          'onUpdate:modelValue': (value: string) => (text.value = value),
        }),
    })
    render(field, { global })
    await userEvent.click(screen.getByLabelText('姓名'))
    await userEvent.paste('开'.repeat(61))
    expect(text.value).toHaveLength(61)
    expect(screen.getByRole('status').textContent).toContain('最多 60 个字，现在有 61 个')
    await userEvent.keyboard('{Backspace}')
    expect(screen.queryByRole('status')).toBeNull()
  })
})

describe('a refusal', () => {
  const problem = new ApiProblem({ title: '服务器正忙，请过一会儿再试。', status: 503 })

  it('takes the focus when it answers what somebody did', async () => {
    const { container } = render(ProblemBox, { props: { problem, takes_focus: true }, global })
    await new Promise((resolve) => setTimeout(resolve))
    expect(document.activeElement).toBe(container.firstElementChild)
  })

  it('leaves it where it is when the page asked by itself', async () => {
    render(ProblemBox, { props: { problem }, global })
    await new Promise((resolve) => setTimeout(resolve))
    expect(document.activeElement).toBe(document.body)
  })
})
