import { render, screen } from '@testing-library/vue'
import { describe, expect, it } from 'vitest'
import { i18n } from '@/shared/i18n'
import { find_session, forget_session } from '@/shared/session'
import { answer_with } from '../../tests/mounting'
import { make_stub } from '../../tests/stub'
import App from './App.vue'
import { router } from './router'

describe('an address of others', () => {
  it('is refused in words before its page asks for anything', async () => {
    const stub = make_stub('school')
    answer_with(stub)
    forget_session()
    await find_session()
    await router.push('/administration/people')
    render(App, { global: { plugins: [i18n, router] } })
    await screen.findByRole('heading', { level: 1, name: '您看不到这一页' })
    expect(stub.seen.filter((one) => one.path.includes('/admin/'))).toEqual([])
    expect(screen.queryByRole('button', { name: '查找' })).toBeNull()
  })
})
