// 容缺受理 and 补交, 特别程序, 撤件 in Chromium: what the clerk, the applicant and a department see of them, with the letters.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { packageOf, playUntil } from '../api/stories.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const kPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const stage = { bureau: null, browser: null }
let application

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  application = await playUntil(stage.bureau, packageOf('school'), 'accept')
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'episodes')
})

async function openTask(visitor, kind) {
  const client = new Client(stage.bureau.url, visitor.account)
  const row = await waitFor(`任务到 ${visitor.account} 的待办`, async () => (await client.get('/inbox?view=todo')).rows.find((one) => one.application_id === application.id && one.kind === kind) ?? null)
  await visitor.open(`/app/tasks/${row.task_id}`)
  await visitor.page.getByRole('heading', { level: 1 }).waitFor()
}

const claim = (page) => page.getByRole('toolbar').getByRole('button', { name: '领取', exact: true }).click()

async function openTab(page, name) {
  await page.getByRole('navigation', { name: '办件内容' }).getByRole('link', { name }).click()
}

journey('the clerk accepts although one paper is missing, and says which and until when', stage, async () => {
  const clerk = await stage.browser.visitor('clerk')
  const { page } = clerk
  await openTask(clerk, 'accept')
  await claim(page)
  await page.getByRole('toolbar').getByRole('button', { name: '容缺受理', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: '容缺受理', exact: true }).click()
  await dialog.getByText('第 1 份容缺材料请写全').waitFor()
  await dialog.getByLabel('材料', { exact: true }).selectOption('M-40')
  await dialog.getByLabel(/补交时间/).fill('3')
  await dialog.getByLabel('为什么可以后补').fill('社保系统升级，证明三日内可取得')
  await clerk.look('120-omission')
  await dialog.getByRole('button', { name: '容缺受理', exact: true }).click()
  await page.getByText(/^已办：容缺受理/).waitFor()
})

journey('the owner reads what is owed, brings it, and sees that it is looked at', stage, async () => {
  const owner = await stage.browser.visitor(application.account)
  const { page } = owner
  await owner.open(`/app/applications/${application.id}`)
  const box = page.getByRole('region', { name: /需要补交/ })
  await box.getByText(/前补交/).waitFor()
  await owner.look('121-owed')
  const file = join(tmpdir(), '参保证明.png')
  writeFileSync(file, kPng)
  await box.locator('input[type=file]').setInputFiles(file)
  await box.getByText('已上传，还没有提交：参保证明.png').waitFor()
  await box.getByRole('button', { name: '提交补交' }).click()
  await box.getByText('已补交，等待窗口核对').waitFor()
  await waitFor('任务到窗口', async () => (await new Client(stage.bureau.url, 'clerk').get('/inbox?view=todo')).rows.find((one) => one.kind === 'owed_paper') ?? null)
  await page.reload()
  await box.getByText('已补交，等待窗口核对').waitFor()
  await owner.look('122-handed-in')
  await page.getByRole('button', { name: '容缺受理告知书' }).waitFor()
})

journey('a department begins an expert review; its own button says what it waits for', stage, async () => {
  const fire = await stage.browser.visitor('fire')
  const { page } = fire
  await openTask(fire, 'review')
  await claim(page)
  await page.getByRole('toolbar').getByRole('button', { name: '放回' }).waitFor()
  await openTab(page, /特别办理/)
  await page.getByRole('button', { name: /开始特别程序/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('哪一种').selectOption('expert_review')
  await dialog.getByLabel('预计需要几个工作日').fill('10')
  await dialog.getByLabel(/理由/).fill('建筑高度超限，消防设计需要专家评审')
  await fire.look('123-begin')
  await dialog.getByRole('button', { name: '开始特别程序', exact: true }).click()
  await page.getByText('已开始特别程序').waitFor()
  await page.getByText('不计入时限').first().waitFor()
  await fire.look('124-expert-review')
  assert.match(await page.locator('.chead').innerText(), /暂停|不计/)
  await page.getByRole('button', { name: /结束特别程序/ }).click()
  await page.getByRole('dialog').getByLabel('结果').fill('专家组同意')
  await page.getByRole('dialog').getByRole('button', { name: '结束特别程序', exact: true }).click()
  await page.getByText('已结束特别程序').waitFor()
  await page.getByText('结果：专家组同意').waitFor()
  await fire.look('125-ended')
})

journey('the owner asks to withdraw; the clerk confirms, and the letter is there', stage, async () => {
  const owner = await stage.browser.visitor(application.account)
  await owner.open(`/app/applications/${application.id}`)
  await owner.page.getByRole('button', { name: '撤回申请' }).click()
  await owner.page.getByLabel('撤回原因').fill('方案要调整')
  await owner.page.getByRole('dialog').getByRole('button', { name: '请求撤回' }).click()
  await owner.page.getByText(/您已请求撤回申请/).waitFor()
  await owner.look('126-asked')
  const clerk = await stage.browser.visitor('clerk')
  await openTask(clerk, 'withdrawal')
  await claim(clerk.page)
  await clerk.page.getByRole('toolbar').getByRole('button', { name: '确认撤件', exact: true }).click()
  await clerk.look('127-confirm')
  await clerk.page.getByRole('dialog').getByRole('button', { name: '确认撤件', exact: true }).click()
  await clerk.page.getByText(/^已办：确认撤件/).waitFor()
  await waitFor('撤件确认书', async () => (await new Client(stage.bureau.url, application.account).get(`/applications/${application.id}/letters`)).letters.find((one) => one.letter_kind === 'withdrawal_confirmation') ?? null)
  await owner.page.reload()
  await owner.page.getByRole('button', { name: '撤件确认书' }).waitFor()
  await owner.look('128-withdrawn')
})
