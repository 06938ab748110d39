import { render, screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { answer_with, axe_findings } from '../../../tests/mounting'
import { sessions } from '../../../tests/story'
import { make_stub } from '../../../tests/stub'
import { act_on, client, last_answer_ms, notice_answer, take, when_signed_out } from '@/shared/api/client'
import type { ApiProblem } from '@/shared/api/problem'
import { i18n } from '@/shared/i18n'
import { find_session, forget_session, refresh_session } from '@/shared/session'
import ActingSwitch from './components/ActingSwitch.vue'
import IdleWarning from './components/IdleWarning.vue'
import StepUpDialog from './components/StepUpDialog.vue'

afterEach(() => {
  vi.useRealTimers()
  forget_session()
})

function sent(stub: ReturnType<typeof make_stub>, path: string) {
  return stub.seen.filter((one) => one.path === path)
}

function a_router() {
  const component = { render: () => null }
  return createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component }] })
}

async function stage(account: string) {
  const stub = make_stub(account)
  answer_with(stub)
  forget_session()
  await find_session()
  return stub
}

describe('an act that asks who is there', () => {
  const kAct = '/tasks/t-1/completion'

  async function begin(kinds: ('totp' | 'webauthn')[] = []) {
    const stub = await stage('leader')
    const leader = sessions.leader
    if (!leader) throw new Error('no leader')
    stub.enter({ ...leader, factor_kinds: kinds })
    let proved = false
    stub.people.answers.set('POST /session/step-up', (body) => {
      if (body.password === 'wrong')
        return {
          status: 422,
          reason: 'identity.wrong_password',
          body: '密码不对。',
          fields: [{ field: 'password', reason: 'identity.wrong_password', message: '密码不对。' }],
        }
      proved = true
      return { status: 204 }
    })
    stub.people.answers.set(`POST ${kAct}`, () =>
      proved
        ? { status: 200, body: { done: true } }
        : { status: 403, reason: 'authz.step_up_needed', body: '请再验证。' },
    )
    render(StepUpDialog, { global: { plugins: [i18n, a_router()] } })
    const params = act_on({ task_id: 't-1', version: 1 }, 'key-1')
    const act = take(client.POST('/api/v1/tasks/{task_id}/completion', { params, body: { outcome: 'approve' } }))
    return { stub, act }
  }

  it('goes out again by itself after the proof, with the same body and key', async () => {
    const { stub, act } = await begin()
    const dialog = within(await screen.findByRole('dialog'))
    expect(await axe_findings()).toEqual([])
    await userEvent.type(dialog.getByLabelText('密码'), 'wrong{Enter}')
    expect((await dialog.findByRole('alert')).textContent).toContain('密码不对')
    await userEvent.clear(dialog.getByLabelText('密码'))
    await userEvent.type(dialog.getByLabelText('密码'), 'kaigong-demo-2026{Enter}')
    expect(await act).toEqual({ done: true })
    const acts = sent(stub, kAct)
    expect(acts.map((one) => one.body)).toEqual([{ outcome: 'approve' }, { outcome: 'approve' }])
    expect(acts.map((one) => one.headers.get('Idempotency-Key'))).toEqual(['key-1', 'key-1'])
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('leads who has no password to the provider, which looks anew and brings him back', async () => {
    const { stub, act } = await begin()
    const refused = act.catch((error: unknown) => error as ApiProblem)
    const provider = {
      chinese: '省统一身份登录',
      english: 'Province identity',
      sign_in_path: '/oauth/provider/sign-in',
    }
    stub.people.answers.set('GET /oauth/provider', { status: 200, body: { provider } })
    const dialog = within(await screen.findByRole('dialog'))
    const link = await dialog.findByRole('link', { name: '省统一身份登录' })
    expect(link.getAttribute('href')).toBe('/oauth/provider/sign-in?next=%2Fapp%2F&again=1')
    dialog.getByText(/没有保存的内容请先保存/)
    expect(await axe_findings()).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: '先不办' }))
    expect(await refused).toMatchObject({ reason: 'authz.step_up_needed' })
  })

  it('asks for the factor where there is one', async () => {
    const { stub, act } = await begin(['totp'])
    const dialog = within(await screen.findByRole('dialog'))
    await userEvent.type(dialog.getByLabelText('动态口令'), '123456{Enter}')
    expect(await act).toEqual({ done: true })
    expect(sent(stub, '/session/step-up')[0]?.body).toEqual({ code: '123456' })
  })

  it('asks nothing of somebody whose session is over meanwhile', async () => {
    when_signed_out(forget_session)
    const { act, stub } = await begin()
    stub.sign_in('nobody')
    expect(await act.catch((error: unknown) => error as ApiProblem)).toMatchObject({ status: 403 })
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('stays undone when one leaves, and is not asked twice', async () => {
    const { stub, act } = await begin()
    const refused = act.catch((error: unknown) => error as ApiProblem)
    await userEvent.click(await screen.findByRole('button', { name: '先不办' }))
    expect(await refused).toMatchObject({ status: 403, reason: 'authz.step_up_needed' })
    expect(sent(stub, kAct)).toHaveLength(1)
  })
})

/** From now on, and later than whatever an earlier test did: these times only grow. */
function begin_counting(): number {
  const start = Math.max(Date.now(), last_answer_ms.value + 60_000)
  vi.setSystemTime(start)
  notice_answer(start)
  return start
}

describe('the end of a session', () => {
  it('is told two minutes before, and one button keeps it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    const stub = await stage('school')
    render(IdleWarning, { global: { plugins: [i18n] } })
    const start = begin_counting()
    vi.setSystemTime(start + 1_800_000 - 125_000)
    vi.advanceTimersByTime(1000)
    await nextTick()
    expect(screen.queryByRole('dialog')).toBeNull()
    vi.setSystemTime(start + 1_800_000 - 119_000)
    vi.advanceTimersByTime(1000)
    await nextTick()
    expect(screen.getByRole('dialog', { name: /约 2 分钟后/ })).toBeTruthy()
    const before = sent(stub, '/session').length
    screen.getByRole('button', { name: '继续使用' }).click()
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(sent(stub, '/session')).toHaveLength(before + 1)
  })

  it('does not come to who types, whatever the page asked meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    const stub = await stage('school')
    render(IdleWarning, { global: { plugins: [i18n] } })
    const start = begin_counting()
    vi.setSystemTime(start + 1_800_000 - 119_000)
    document.body.dispatchEvent(new Event('input', { bubbles: true }))
    const before = sent(stub, '/session').length
    vi.advanceTimersByTime(1000)
    await nextTick()
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(sent(stub, '/session')).toHaveLength(before + 1)
    expect(sent(stub, '/session').at(-1)?.headers.has('X-Kaigong-Background')).toBe(false)
  })

  it('is asked for until it is there: the server may count a minute more', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    const stub = await stage('school')
    render(IdleWarning, { global: { plugins: [i18n] } })
    const start = begin_counting()
    const asked = async (over_ms: number) => {
      vi.setSystemTime(start + 1_800_000 + over_ms)
      vi.advanceTimersByTime(1000)
      await nextTick()
      await waitFor(() => expect(screen.getByRole('button', { name: '继续使用' })).toHaveProperty('disabled', false))
      return sent(stub, '/session').length
    }
    const once = await asked(2_000)
    expect(await asked(4_000)).toBe(once)
    expect(await asked(18_000)).toBe(once + 1)
  })

  it('warns of the last third only where a session may be idle for a minute', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    const stub = await stage('school')
    const himself = sessions.school
    if (!himself) throw new Error('no school')
    stub.enter({ ...himself, idle_ms: 54_000 })
    await refresh_session()
    render(IdleWarning, { global: { plugins: [i18n] } })
    const start = begin_counting()
    const after = async (ms: number) => {
      vi.setSystemTime(start + ms)
      vi.advanceTimersByTime(1000)
      await nextTick()
      return screen.queryByRole('dialog') !== null
    }
    expect([await after(31_000), await after(37_000)]).toEqual([false, true])
  })

  it('leaves what was begun to its author, and what a link brought to whoever opened it', async () => {
    await stage('school')
    sessionStorage.setItem('kaigong.opinion.t-1', 'begun')
    sessionStorage.setItem('kaigong.link.invitation', 'a token')
    await stage('school')
    expect(sessionStorage.getItem('kaigong.opinion.t-1')).toBe('begun')
    await stage('leader')
    expect(sessionStorage.getItem('kaigong.opinion.t-1')).toBeNull()
    expect(sessionStorage.getItem('kaigong.link.invitation')).toBe('a token')
  })
})

describe('what a page asks by itself', () => {
  it('says so half a minute after the last touch, and keeps no session alive', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const stub = await stage('school')
    const start = last_answer_ms.value + 1000
    vi.setSystemTime(start)
    const asked_by_itself = () => sent(stub, '/session').at(-1)?.headers.has('X-Kaigong-Background')
    document.body.click()
    vi.setSystemTime(start + 29_000)
    await refresh_session()
    expect(asked_by_itself()).toBe(false)
    expect(last_answer_ms.value).toBe(start + 29_000)
    vi.setSystemTime(start + 31_000)
    await refresh_session()
    expect(asked_by_itself()).toBe(true)
    expect(last_answer_ms.value).toBe(start + 29_000)
    await userEvent.keyboard('a')
    await refresh_session()
    expect(asked_by_itself()).toBe(false)
  })
})

describe('whom one acts for', () => {
  it('is always in sight, and changing it begins on the own list', async () => {
    const stub = await stage('school')
    const himself = sessions.school
    if (!himself) throw new Error('no school')
    stub.people.answers.set('PUT /session/organisation', {
      status: 200,
      body: {
        ...himself,
        account: { ...himself.account, organisation_id: null, organisation_name: '', roles: ['public_user'] },
      },
    })
    const router = a_router()
    await router.push('/applications/1')
    render(ActingSwitch, { global: { plugins: [i18n, router] } })
    await userEvent.click(screen.getByRole('button', { name: /代表：杭州市西湖区教育建设中心/ }))
    await userEvent.click(screen.getByRole('radio', { name: /个人/ }))
    expect(await axe_findings()).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: '切换' }))
    await screen.findByRole('button', { name: /代表：个人/ })
    expect(sent(stub, '/session/organisation')[0]?.body).toEqual({})
    expect(router.currentRoute.value.path).toBe('/account/organisations')
  })
})
