import { cleanup, screen } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import OwnerIdentity from '@/modules/applications/components/OwnerIdentity.vue'
import type { Application } from '@/shared/api/types'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { make_stub } from '../../../tests/stub'
import { applications } from '../../../tests/story_case'
import { own_account, person } from '../../../tests/stub_people'
import AccountPage from '../identity/pages/AccountPage.vue'
import IdNumbersPage from './pages/IdNumbersPage.vue'
import PersonPage from './pages/PersonPage.vue'

const kPath = '/administration/id-numbers'
const kRoute = 'POST /admin/id-number-verifications'
const kId = '11010519491231002X'

async function type(label: RegExp, text: string): Promise<void> {
  await userEvent.click(screen.getByLabelText(label))
  await userEvent.paste(text)
}

async function fill(): Promise<void> {
  await type(/^账号名/, 'wu_builds')
  await type(/^证件上的号码/, '110105 19491231 002X')
  await type(/^核验情况/, '本人持身份证到窗口')
}

const verify = async () => userEvent.click(screen.getByRole('button', { name: '核验' }))

describe('verifying an ID number at the window', () => {
  it('asks for account, number and what was shown before anything is sent', async () => {
    const page = await mount_page(IdNumbersPage, kPath, kPath, 'clerk')
    expect(await axe_findings()).toEqual([])
    await verify()
    for (const label of [/^账号名/, /^证件上的号码/, /^核验情况/])
      expect(screen.getByLabelText(label).getAttribute('aria-invalid')).toBe('true')
    expect(page.stub.seen.some((one) => one.method === 'POST')).toBe(false)
  })

  it('sends the number of the card, says whose account it was and forgets it', async () => {
    const stub = make_stub('clerk')
    const body = { account_name: 'wu_builds', display_name: '吴自建', corrected: false }
    stub.people.answers.set(kRoute, { status: 200, body })
    await mount_page(IdNumbersPage, kPath, kPath, 'clerk', stub)
    await fill()
    await verify()
    await screen.findByText('账号 wu_builds（吴自建）的身份证号已核验')
    const sent = stub.seen.find((one) => one.method === 'POST')
    expect(sent?.body).toEqual({
      account_name: 'wu_builds',
      id_number: kId,
      reason: '本人持身份证到窗口',
      correction: false,
    })
    expect(screen.getByLabelText<HTMLInputElement>(/^证件上的号码/).value).toBe('')
    expect(await axe_findings()).toEqual([])
  })

  it('corrects a number that was typed wrongly only when that is said', async () => {
    const stub = make_stub('clerk')
    const message = '与账号登记的号码不一致。'
    const reason = 'identity.id_number_differs'
    stub.people.answers.set(kRoute, {
      status: 422,
      reason,
      body: message,
      fields: [{ field: 'id_number', reason, message }],
    })
    await mount_page(IdNumbersPage, kPath, kPath, 'clerk', stub)
    await fill()
    await verify()
    expect((await screen.findAllByText(message)).length).toBeGreaterThan(0)
    stub.people.answers.set(kRoute, {
      status: 200,
      body: { account_name: 'wu_builds', display_name: '吴自建', corrected: true },
    })
    await userEvent.click(screen.getByLabelText(/^更正/))
    await verify()
    await screen.findByText(/已更正并核验/)
    expect(stub.seen.filter((one) => one.method === 'POST').at(-1)?.body).toMatchObject({ correction: true })
  })
})

describe('whether an ID number is verified', () => {
  const one = Object.values(applications)[0] as Application
  const mount_notice = (owner_identity: Application['owner_identity'], account: string) => {
    const page = defineComponent({ render: () => h(OwnerIdentity, { application: { ...one, owner_identity } }) })
    return mount_page(page, '/case', '/case', account)
  }

  it('stands on the case for officers, with the way to verify it for who works at the window', async () => {
    await mount_notice('unverified', 'clerk')
    screen.getByText('身份证号未核验。')
    expect(screen.getByRole('link', { name: '核验身份证号' }).getAttribute('href')).toContain(kPath)
    expect(await axe_findings()).toEqual([])
  })

  it('is no link for who may not verify, and what to do for the applicant himself', async () => {
    await mount_notice('unverified', 'fire')
    screen.getByText('身份证号未核验。')
    expect(screen.queryByRole('link', { name: '核验身份证号' })).toBeNull()
    cleanup()
    await mount_notice('unverified', 'school')
    screen.getByText(/请带身份证原件到办事窗口/)
  })

  it('is said in passing where it is, and nowhere for an organisation', async () => {
    await mount_notice('verified', 'clerk')
    screen.getByText('身份证号已核验')
    cleanup()
    await mount_notice(null, 'clerk')
    expect(screen.queryByText(/身份证号/)).toBeNull()
  })

  it.each([
    [null, '已登记，未核验；请带身份证到办事窗口核验，登记错了也在那里更正'],
    ['counter', '已登记，窗口已核验'],
    ['provider', '已登记，统一身份平台已核验'],
  ] as const)('stands on the own account: %s', async (id_number_verified_by, words) => {
    const stub = make_stub('school')
    const body = { ...own_account, has_id_number: true, id_number_verified_by }
    stub.people.answers.set('GET /account', { status: 200, body })
    await mount_page(AccountPage, '/account', '/account', 'school', stub)
    await screen.findByText(words)
    expect(screen.queryByRole('button', { name: '登记身份证号码' })).toBeNull()
  })

  it('stands on a person’s page, with who saw the card', async () => {
    const stub = make_stub('admin')
    const at = new Date('2026-11-24T10:00:00+08:00').getTime()
    const id_number = {
      given: true,
      verified_by: 'counter',
      verified_at_ms: at,
      officer_name: '李窗口',
      reason: '人证一致',
    }
    const address = `/administration/people/${person.account_id}`
    stub.people.answers.set(`GET /admin/accounts/${person.account_id}`, { status: 200, body: { ...person, id_number } })
    await mount_page(PersonPage, '/administration/people/:account_id', address, 'admin', stub)
    await screen.findByText(/李窗口 在窗口核验，.*人证一致/)
  })
})
