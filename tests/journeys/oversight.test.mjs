// 督办台 in Chromium: the section head sees what is late and with whom, orders it to be finished, and the holder answers on his page.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { inboxRows, packageOf, playUntil } from '../api/stories.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { DemoClock } from '../../tools/demo/clock.mjs'
import { Browser, closeStage, journey, kPhone, missing } from './browser.mjs'

const stage = { bureau: null, browser: null }
let task

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  const application = await playUntil(stage.bureau, packageOf('school'), 'review')
  const housing = await stage.bureau.person('housing')
  const [row] = await inboxRows(housing, 1, (one) => one.application_id === application.id)
  task = await housing.must('POST', `/tasks/${row.task_id}/claim`, { version: row.version })
  // The day after the last: red, and not yet late enough for an order of the ladder.
  await new DemoClock(new Client(stage.bureau.url)).advance({ working_days: 7, at: '10:00' })
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'oversight')
})

journey('the section head opens the number of what is late and orders it to be finished', stage, async () => {
  const head = await stage.browser.visitor('head')
  const { page } = head
  await page.getByRole('link', { name: '督办台' }).click()
  await head.heading('督办台').waitFor()
  await page.getByRole('table', { name: '按人员' }).waitFor()
  await head.look('110-oversight')
  await page.getByRole('link', { name: /^王住建，超期 1 件/ }).click()
  await page.getByRole('heading', { name: /王住建.*超期/ }).waitFor()
  await page.getByText('已持有').first().waitFor()
  await head.look('111-oversight-cases')
  await page.getByRole('button', { name: '督办', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: '发督办单' })
  await dialog.getByRole('button', { name: '发出督办单' }).click()
  await dialog.getByText('请写明督办要求').first().waitFor()
  await dialog.getByLabel(/督办要求/).fill('请说明迟延原因，今天办结。')
  await head.look('112-expedite')
  await dialog.getByRole('button', { name: '发出督办单' }).click()
  await page.getByText(/^督办单已发出/).waitFor()
  await page.getByText('待回复', { exact: true }).first().waitFor()
})

journey('the holder finds the order on his page, by phone, and answers it', stage, async () => {
  const housing = await stage.browser.visitor('housing', { viewport: kPhone })
  const { page } = housing
  await housing.open(`/app/tasks/${task.task_id}`)
  await page.getByText('请说明迟延原因，今天办结。').waitFor()
  await housing.look('113-ordered')
  await page.getByRole('button', { name: '回复督办单' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/回复/).fill('等消防数据，明天上午办结。')
  await housing.look('114-answer')
  await dialog.getByRole('button', { name: '回复督办单' }).click()
  await page.getByText('督办单已回复。').waitFor()
  await housing.open(`/app/tasks/${task.task_id}?tab=audit`)
  await page.getByRole('heading', { name: '责任追溯' }).waitFor()
  await page.getByText(/王住建.*合计/).first().waitFor()
  await housing.look('115-holding')
})

journey('the head reads the answer, and what the ladder and the self-check say', stage, async () => {
  const head = await stage.browser.visitor('head')
  const { page } = head
  await head.open('/app/oversight?tab=orders&state=answered')
  await page.getByText('等消防数据，明天上午办结。').waitFor()
  await head.look('116-orders')
  await page.getByRole('link', { name: '时限预警' }).click()
  await page.getByText(/截止日.*现在由王住建/).first().waitFor()
  await head.look('117-warnings')
  await page.getByRole('link', { name: '自查' }).click()
  await page.getByRole('button', { name: '现在自查' }).click()
  await page.getByRole('heading', { name: '没有发现问题' }).waitFor()
  await head.look('118-self-check')
  assert.equal(await page.getByText('夜间自查').count() > 0, true)
})

journey('a leader sees every department, on a phone too', stage, async () => {
  const leader = await stage.browser.visitor('leader')
  const { page } = leader
  await leader.open('/app/oversight')
  await page.getByRole('table', { name: '按部门' }).waitFor()
  await page.getByRole('link', { name: /^消防审查.*在办 \d+ 件/ }).click()
  await page.getByRole('table', { name: '按人员' }).waitFor()
  await leader.look('119-leader')
})
