// Doors for others: a person who comes through a provider of identities, and systems that are let in by two administrators.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { ProviderOfOthers } from '../oauth/provider.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const kWords = '浙江省统一身份登录'
const kSecret = 'a secret of the journey'
const stage = { bureau: null, browser: null, provider: null, folder: null }

before(async () => {
  if (missing) return
  stage.folder = mkdtempSync(join(tmpdir(), 'kaigong-journey-'))
  writeFileSync(join(stage.folder, 'secret'), kSecret, { mode: 0o600 })
  stage.provider = await ProviderOfOthers.start({ client_id: 'kaigong', client_secret: kSecret })
  // Another site than the provider's, so that cookies behave as they will.
  stage.bureau = await Bureau.start({ environment: (port) => ({ KAIGONG_SERVER_PUBLIC_URL: `http://localhost:${port}`, KAIGONG_PROVIDER_ISSUER: stage.provider.issuer, KAIGONG_PROVIDER_CLIENT_ID: 'kaigong', KAIGONG_PROVIDER_CLIENT_SECRET_FILE: join(stage.folder, 'secret'), KAIGONG_PROVIDER_WORDS: kWords }) })
  stage.browser = await Browser.start(`http://localhost:${stage.bureau.port}`)
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'clients')
  await stage.provider?.stop()
  if (stage.folder) rmSync(stage.folder, { recursive: true })
})

journey('a person binds the account to the provider, comes in through it where he wanted to go, and is told when that fails', stage, async () => {
  stage.provider.person = 'school-1'
  const school = await stage.browser.visitor('school')
  const { page } = school
  await school.open('/app/account')
  await page.getByRole('button', { name: '去绑定' }).click()
  await page.getByText('已绑定，下次可以用统一身份登录').waitFor()
  await school.look('130-account-bound')
  await page.getByRole('link', { name: '已授权的应用' }).click()
  await school.heading('已授权的应用').waitFor()
  await page.getByRole('button', { name: '退出' }).click()

  const again = await stage.browser.visitor()
  await again.open('/app/sign-in?next=/permits')
  await again.page.getByRole('link', { name: kWords }).waitFor()
  await again.look('131-sign-in-with-provider')
  await again.page.getByRole('link', { name: kWords }).click()
  await again.page.waitForURL(/\/app\/permits/)
  await again.page.getByRole('button', { name: '退出' }).waitFor()

  stage.provider.person = 'a stranger'
  const stranger = await stage.browser.visitor()
  await stranger.open('/app/sign-in?next=/permits')
  await stranger.page.getByRole('link', { name: kWords }).click()
  await stranger.page.getByText('您的统一身份还没有绑定本系统的账号。').waitFor()
  assert.equal(new URL(stranger.page.url()).searchParams.get('next'), '/permits')
  await stranger.look('132-not-bound')
})

journey('a system is let in by two administrators, who see when its secret ends', stage, async () => {
  const admin = await stage.browser.visitor('admin')
  await admin.page.getByRole('link', { name: '接入系统' }).click()
  await admin.page.getByText('还没有接入系统').waitFor()
  await admin.look('133-no-clients')
  await admin.page.getByRole('button', { name: '登记接入系统' }).click()
  const form = admin.page.getByRole('dialog')
  await form.getByLabel(/^名称/).fill('浙江省工程审批平台')
  await form.getByLabel('运行单位').fill('浙江省住房和城乡建设厅')
  await form.getByLabel('类型').selectOption('system')
  await form.getByLabel('可查询的行政区划').fill('330000')
  await form.getByLabel('查看施工许可证').check()
  await form.getByLabel('原因').fill('省平台查询许可')
  await admin.look('134-registering')
  await form.getByRole('button', { name: '提出' }).click()
  await admin.page.getByText('已提出，等安全管理员同意').waitFor()

  const security = await stage.browser.visitor('security')
  await security.page.getByRole('link', { name: '接入系统' }).click()
  await security.page.getByText('看登记的内容').click()
  await security.look('135-proposal')
  await security.page.getByRole('button', { name: '同意：浙江省工程审批平台', exact: true }).click()
  await security.page.getByText('已同意，马上生效').waitFor()
  await security.page.getByText('没有可用的密钥').waitFor()

  await admin.page.reload()
  await admin.page.getByRole('cell').getByRole('link', { name: '浙江省工程审批平台' }).click()
  await admin.page.getByRole('button', { name: '申请新密钥' }).click()
  const asking = admin.page.getByRole('dialog')
  await asking.getByLabel('有效天数').fill('20')
  await asking.getByLabel('原因').fill('首次接入')
  await asking.getByRole('button', { name: '申请新密钥' }).click()
  await admin.page.getByText('已申请，等安全管理员生成').waitFor()
  await admin.look('136-client')

  await security.page.getByRole('cell').getByRole('link', { name: '浙江省工程审批平台' }).click()
  await security.page.getByRole('button', { name: '同意并生成密钥' }).click()
  const shown = security.page.getByRole('dialog')
  await shown.getByText('密钥只显示这一次').waitFor()
  assert.match(await shown.getByRole('status').last().textContent(), /^[\w-]{43}$/)
  await security.look('137-secret-once')
  await shown.getByRole('button', { name: '已经交给对方' }).click()
  await security.page.getByRole('link', { name: '接入系统' }).first().click()
  await security.page.getByText('这些系统的密钥快到期').waitFor()
  await security.look('138-clients')
  await security.page.getByRole('link', { name: '密钥', exact: true }).click()
  await security.heading('加密密钥').waitFor()
  await security.page.getByRole('button', { name: '轮换签名密钥' }).click()
  await security.page.getByRole('dialog').getByRole('button', { name: '轮换签名密钥' }).click()
  await security.page.getByText('新密钥已公布，一天后开始签名').waitFor()
  await security.look('139-keys')

  const audit = await stage.browser.visitor('audit', { viewport: { width: 360, height: 740 } })
  await audit.open('/app/administration/clients')
  await audit.page.getByText('这些系统的密钥快到期').waitFor()
  await audit.look('140-clients-narrow')
  await audit.page.getByRole('cell').getByRole('link', { name: '浙江省工程审批平台' }).click()
  await audit.heading('登记的内容').waitFor()
  assert.equal(await audit.page.getByRole('button', { name: '停用接入系统' }).count(), 0, 'who audits changes nothing')
  await audit.look('141-client-narrow')
})
