import { screen, waitFor } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import SignInPage from './pages/SignInPage.vue'

describe('signing in', () => {
  it('names what is missing and puts the focus there', async () => {
    const page = await mount_page(SignInPage, '/sign-in', '/sign-in', null)
    await userEvent.click(screen.getByRole('button', { name: '登录' }))
    expect(screen.getByRole('alert').textContent).toContain('请填写账号')
    expect(page.stub.seen).toHaveLength(0)
    expect(await axe_findings()).toEqual([])
  })

  it('says so when the password is wrong, and keeps the account', async () => {
    await mount_page(SignInPage, '/sign-in', '/sign-in', null)
    await userEvent.type(screen.getByLabelText('账号'), 'school')
    await userEvent.type(screen.getByLabelText('密码'), 'wrong{Enter}')
    expect((await screen.findByRole('alert')).textContent).toContain('账号或密码不对')
    expect(screen.getByLabelText('账号')).toHaveProperty('value', 'school')
  })

  it('leads each to their own start, by keyboard alone', async () => {
    const page = await mount_page(SignInPage, '/sign-in', '/sign-in', null)
    await userEvent.tab()
    await userEvent.keyboard('housing')
    await userEvent.tab()
    await userEvent.keyboard('kaigong-demo-2026{Enter}')
    await waitFor(() => expect(page.path()).toBe('/inbox'))
  })

  it('returns only to addresses of its own', async () => {
    const page = await mount_page(SignInPage, '/sign-in', '/sign-in?next=//elsewhere.example', null)
    await userEvent.type(screen.getByLabelText('账号'), 'school')
    await userEvent.type(screen.getByLabelText('密码'), 'kaigong-demo-2026{Enter}')
    await waitFor(() => expect(page.path()).toBe('/applications'))
  })
})
