// Two officers on one case in Chromium: one gives a task away, the other is told while she writes, and keeps what she wrote; and 为什么没动 says what her buttons would do.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { packageOf, playUntil } from '../api/stories.mjs'
import { Client } from '../../tools/demo/client.mjs'
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
  await closeStage(stage, 'live')
})

async function openTask(visitor) {
  const client = new Client(stage.bureau.url, visitor.account)
  const row = await waitFor(`任务到 ${visitor.account} 的待办`, async () => (await client.get('/inbox?view=todo')).rows.find((one) => one.application_id === application.id) ?? null)
  await visitor.open(`/app/tasks/${row.task_id}`)
  await visitor.page.getByRole('heading', { name: '审查要点' }).or(visitor.page.getByRole('tab', { name: '要点与意见' })).first().waitFor()
}

async function claim(page) {
  await page.getByRole('toolbar').getByRole('button', { name: '领取', exact: true }).click()
  await page.getByRole('toolbar').getByRole('button', { name: '放回' }).waitFor()
}

async function giveAway(page, name) {
  await page.getByRole('button', { name: '更多操作' }).click()
  await page.getByRole('menuitem', { name: /^转办/ }).click()
  const dialog = page.getByRole('dialog')
  const box = dialog.getByRole('combobox')
  await box.fill(name)
  await dialog.getByRole('option', { name: new RegExp(`^${name}`) }).waitFor()
  await waitFor('只剩一个人', async () => (await dialog.getByRole('option').count()) === 1 || null)
  await box.press('ArrowDown')
  await box.press('Enter')
  await dialog.getByLabel(/理由/).fill('出差，请代为办理。')
  await dialog.getByRole('button', { name: '转办', exact: true }).click()
  await page.getByText(/^已办：转办/).waitFor()
}

journey('one gives a task away; the other is told at once and keeps her opinion and her place in it', stage, async () => {
  const housing = await stage.browser.visitor('housing')
  await openTask(housing)
  await claim(housing.page)
  const opinion = housing.page.getByLabel('意见', { exact: true })
  await opinion.fill('面积差已核实，理由')
  const fire = await stage.browser.visitor('fire')
  await openTask(fire)
  await claim(fire.page)
  await housing.page.getByRole('status').filter({ hasText: /刚刚领取了/ }).waitFor()
  await giveAway(fire.page, '褚消防')
  await housing.page.getByRole('status').filter({ hasText: /刚刚把.*转办给/ }).waitFor()
  await housing.look('95-told')
  assert.equal(await opinion.inputValue(), '面积差已核实，理由')
  await opinion.focus()
  await opinion.pressSequentially('充分。')
  assert.equal(await opinion.inputValue(), '面积差已核实，理由充分。')
})

journey('为什么没动: whom the case waits for, every condition of every button, and what would follow', stage, async () => {
  const housing = await stage.browser.visitor('housing')
  await openTask(housing)
  const { page } = housing
  await page.getByRole('link', { name: '为什么没动' }).click()
  const waits = page.getByRole('region', { name: '现在在等什么' })
  await waits.getByText(/由.*办理/).first().waitFor()
  const acts = page.getByRole('region', { name: '您能做什么，做了会怎样' })
  await acts.getByText(/^还要等/).first().waitFor()
  await housing.look('96-why')
  const conditions = acts.getByText(/^条件 \d+\/\d+ 项满足/).first()
  await conditions.focus()
  await page.keyboard.press('Enter')
  await acts.getByText('您不须回避').first().waitFor()
  await housing.look('97-why-conditions')
})
