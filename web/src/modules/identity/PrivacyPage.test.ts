import { screen } from '@testing-library/vue'
import { afterEach, describe, expect, it } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { make_stub } from '../../../tests/stub'
import { privacy_notice } from '../../../tests/stub_people'
import { use_locale } from '@/shared/i18n'
import PrivacyPage from './pages/PrivacyPage.vue'

describe('the notice on personal values', () => {
  const open = (stub = make_stub('school')) => mount_page(PrivacyPage, '/privacy', '/privacy', 'school', stub)

  afterEach(() => use_locale('zh-CN'))

  it('says who keeps what, why, how long and whom to ask, with the times of this bureau', async () => {
    await open()
    await screen.findByText(privacy_notice.handler ?? '')
    screen.getByText(privacy_notice.contact ?? '')
    screen.getByText(/400 天；登录本身最长 12 小时/)
    screen.getByText(/发送记录 90 天后删除/)
    expect(screen.getAllByText('保存多久')).toHaveLength(9)
    expect(await axe_findings()).toEqual([])
  })

  it('says where to ask when nobody has set it, in English too', async () => {
    await use_locale('en')
    const stub = make_stub('school')
    stub.people.answers.set('GET /privacy-notice', {
      status: 200,
      body: { ...privacy_notice, handler: null, contact: null, sign_ins_days: 200 },
    })
    await open(stub)
    await screen.findByText(/The service window/)
    screen.getByText(/^200 days/)
  })
})
