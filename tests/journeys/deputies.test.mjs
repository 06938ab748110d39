// 代理 and 抄送 in Chromium: who is away names a deputy, who does her task, and the record says so.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { packageOf, playUntil } from '../api/stories.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { officeDate } from '../../tools/demo/clock.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const stage = { bureau: null, browser: null }
let application

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  application = await playUntil(stage.bureau, packageOf('school'), 'review')
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'deputies')
})

async function taskOf(account) {
  const client = new Client(stage.bureau.url, account)
  return waitFor(`任务到 ${account} 的待办`, async () => (await client.get('/inbox?view=todo')).rows.find((one) => one.application_id === application.id) ?? null)
}

async function pick(page, label, name) {
  const box = page.getByRole('combobox', { name: label })
  await box.fill(name)
  const offered = page.getByRole('listbox').getByRole('option')
  await offered.filter({ hasText: name }).first().waitFor()
  await waitFor('只剩一个人', async () => (await offered.count()) === 1 || null)
  await box.press('ArrowDown')
  await box.press('Enter')
  await page.getByRole('button', { name: `去掉${name}` }).waitFor()
}

journey('whoever is away names a deputy, and the page says from when to when', stage, async () => {
  const wang = await stage.browser.visitor('housing')
  const { page } = wang
  const row = await taskOf('housing')
  await page.goto(`${stage.bureau.url}/app/tasks/${row.task_id}`)
  await page.getByRole('toolbar').getByRole('button', { name: '领取', exact: true }).click()
  await page.getByRole('toolbar').getByRole('button', { name: '放回' }).waitFor()
  await page.getByRole('link', { name: '代理', exact: true }).click()
  await page.getByText('还没有代理').waitFor()
  await wang.look('100-no-deputies')
  await page.getByRole('button', { name: '设置代理' }).click()
  await page.getByRole('link', { name: '请选择代理人' }).waitFor()
  await page.getByRole('combobox', { name: /代理人/ }).click()
  await page.getByRole('option', { name: /李窗口.*没有代理这个岗位/ }).waitFor()
  await pick(page, /代理人/, '孙住建')
  const { now_ms: now } = await new Client(stage.bureau.url, 'housing').get('/demo/clock')
  await page.getByRole('textbox', { name: /从哪天/ }).fill(officeDate(now))
  await page.getByRole('textbox', { name: /到哪天/ }).fill(officeDate(now + 86_400_000))
  await page.getByRole('textbox', { name: /原因/ }).fill('参加消防培训')
  await page.getByText(/孙住建可以办理您的待办/).waitFor()
  await wang.look('101-deputy-form')
  await page.getByRole('button', { name: '设置代理' }).click()
  await page.getByText(/现在由孙住建代您办理/).waitFor()
  await wang.look('102-deputies')
})

journey('the deputy finds the task marked and does it, and the record says for whom', stage, async () => {
  const sun = await stage.browser.visitor('housing2')
  const { page } = sun
  await page.goto(`${stage.bureau.url}/app/inbox`)
  await page.getByText('代 王住建').waitFor()
  await sun.look('103-deputy-inbox')
  const row = await taskOf('housing2')
  assert.equal(row.instead_of, '王住建')
  await page.getByRole('link', { name: row.works_name }).first().click()
  await page.getByText('王住建持有，您代为办理').waitFor()
  await sun.look('104-deputy-task')
  await page.getByRole('toolbar').getByRole('button', { name: '同意', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/意见|理由/).fill('经审查，符合条件，同意。')
  await dialog.getByRole('button', { name: '同意', exact: true }).click()
  await page.getByText(/^已办：/).waitFor()

  const head = await stage.browser.visitor('head')
  await head.page.goto(`${stage.bureau.url}/app/tasks/${row.task_id}?tab=opinions`)
  await head.page.getByText('孙住建（代王住建）').first().waitFor()
  await head.look('105-record-of-a-deputy')
})

journey('who leads the department sees the deputies of all, and ends one early', stage, async () => {
  const head = await stage.browser.visitor('head')
  const { page } = head
  await page.goto(`${stage.bureau.url}/app/deputies`)
  await page.getByRole('button', { name: '本科室' }).click()
  await page.getByRole('button', { name: '提前结束孙住建代王住建' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/原因/).fill('王住建提前回来')
  await head.look('106-end-deputy')
  await dialog.getByRole('button', { name: '提前结束' }).click()
  await page.getByText('代理已结束。').waitFor()
  await page.getByText('提前结束', { exact: true }).waitFor()
  await head.look('107-deputies-of-department')
})

journey('a colleague of another department reads what she was given, and the giver sees when', stage, async () => {
  const head = await stage.browser.visitor('head')
  const { page } = head
  const { tasks } = await new Client(stage.bureau.url, 'head').get(`/applications/${application.id}/tasks`)
  const open = tasks.find((one) => one.state === 'open')
  await page.goto(`${stage.bureau.url}/app/tasks/${open.task_id}?tab=audit`)
  await page.getByRole('button', { name: '抄送…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('哪里的同事').selectOption('330105')
  await pick(page, /抄送给谁/, '郑规划')
  await dialog.getByLabel(/想说什么/).fill('与贵区地块相邻，请了解。')
  await head.look('108-give-to-read')
  await dialog.getByRole('button', { name: '抄送', exact: true }).click()
  await page.getByText('未读').waitFor()

  const zheng = await stage.browser.visitor('planning_gongshu')
  await zheng.page.getByRole('link', { name: /^抄送 ?1$/ }).first().click()
  await zheng.page.getByText('与贵区地块相邻，请了解。').waitFor()
  await zheng.look('109-copies')
  await zheng.page.getByRole('link', { name: /翠苑小学/ }).click()
  await zheng.page.getByText(/陈科长.*把这件抄送给您/).waitFor()
  assert.equal(await zheng.page.getByRole('toolbar', { name: '办理动作' }).count(), 0)
  await zheng.look('110-copy-opened', { wideOnly: true })

  await page.reload()
  await page.getByText(/^已读 /).waitFor()
  await head.look('111-receipt')
})
