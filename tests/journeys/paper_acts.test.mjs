// 补录 in Chromium: the head of a department enters what her reviewer decided on paper; the task, the timeline and the
// trace say who decided and who entered it. A decision waits until the leader says that it was his.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { complete, fileNight, inboxRows, packageOf, playUntil } from '../api/stories.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { DemoClock } from '../../tools/demo/clock.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const kSmallPhone = { width: 360, height: 740 }

const stage = { bureau: null, browser: null }
let application

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  application = await playUntil(stage.bureau, packageOf('school'), 'review')
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'paper-acts')
})

/** As a field of the browser takes it, in the office's zone. */
const local = (atMs) => new Date(atMs + 8 * 3_600_000).toISOString().slice(0, 16)

journey('the head of a department enters what was decided on paper, and everybody reads how it came in', stage, async () => {
  const client = new Client(stage.bureau.url, 'fire')
  const row = await waitFor('任务到 fire 的待办', async () => (await client.get('/inbox?view=todo')).rows.find((one) => one.application_id === application.id) ?? null)
  const { timeline } = await client.get(`/applications/${application.id}/progress`)
  const last = Math.max(...timeline.map((one) => one.at_ms))
  const head = await stage.browser.visitor('fire_head')
  const { page } = head
  head.expects = /^422 .*\/paper-act$/
  await head.open(`/app/tasks/${row.task_id}`)
  await page.getByRole('button', { name: '更多操作' }).click()
  await page.getByRole('menuitem', { name: /^补录/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('纸面的结论').selectOption('agree')
  const box = dialog.getByRole('combobox', { name: /纸面由谁办理/ })
  await box.fill('赵消防')
  await dialog.getByRole('option', { name: /^赵消防/ }).click()
  await dialog.getByLabel('文号或存放位置').fill('西消档〔2026〕18 号')
  await dialog.getByLabel('意见').fill('纸面审查合格。')

  // A time that can't be is refused with what to do, and nothing that was typed is lost.
  await dialog.getByLabel('办理时间').fill(local(last - 86_400_000))
  await dialog.getByRole('button', { name: '补录', exact: true }).click()
  await dialog.getByText(/补录的时间不能早于它/).first().waitFor()
  await head.look('97-paper-act-too-early')
  assert.equal(await dialog.getByLabel('文号或存放位置').inputValue(), '西消档〔2026〕18 号')

  // It was decided two hours after the last act of the case; she enters it the next day.
  const decided = Math.ceil(last / 60_000) * 60_000 + 2 * 3_600_000
  await new DemoClock(client).advance({ hours: 26 })
  await dialog.getByLabel('办理时间').fill(local(decided))
  await page.setViewportSize(kSmallPhone)
  await head.look('98-paper-act')
  await dialog.getByRole('button', { name: '补录', exact: true }).click()
  await page.getByText(/^已办：补录/).waitFor()

  await head.open(`/app/tasks/${row.task_id}?tab=audit`)
  await page.getByText(/补录赵消防.*的纸面办理/).first().waitFor()
  await head.look('99-paper-act-told')
  const entered = (await client.get(`/applications/${application.id}/progress`)).timeline.find((one) => one.kind === 'paper_act_entered')
  assert.match(entered.title, /赵消防.*于.*在纸面办理/)
  assert.equal(entered.at_ms, decided)
})

journey('a decision that was entered in the leader’s name waits until he has read it and says that it was his', stage, async () => {
  const { bureau, browser } = stage
  const id = await fileNight(await bureau.person('school'), '330106', 1)
  const [accepting] = await inboxRows(await bureau.person('clerk'), 1, (one) => one.application_id === id)
  assert.equal((await complete(await bureau.person('clerk'), accepting, 'accept')).status, 200)
  const leader = await bureau.person('leader')
  const [row] = await inboxRows(leader, 1, (one) => one.application_id === id)
  const { timeline } = await leader.must('GET', `/applications/${id}/progress`)
  const decided = Math.ceil(Math.max(...timeline.map((one) => one.at_ms)) / 60_000) * 60_000 + 3_600_000
  await new DemoClock(new Client(bureau.url)).advance({ hours: 2 })

  const clerk = await browser.visitor('clerk2')
  await clerk.open(`/app/tasks/${row.task_id}`)
  await clerk.page.getByRole('button', { name: '更多操作' }).click()
  await clerk.page.getByRole('menuitem', { name: /^补录/ }).click()
  const dialog = clerk.page.getByRole('dialog')
  await dialog.getByLabel('纸面的结论').selectOption('grant')
  await dialog.getByRole('combobox', { name: /纸面由谁办理/ }).fill('林局长')
  await dialog.getByRole('option', { name: /^林局长/ }).click()
  await dialog.getByLabel('办理时间').fill(local(decided))
  await dialog.getByLabel('文号或存放位置').fill('西住建档〔2026〕18 号')
  await dialog.getByLabel('意见').fill('同意夜间连续浇筑。')
  await dialog.getByText(/林局长.*核对并确认后才生效/).waitFor()
  await clerk.look('99-paper-decision-entered')
  await dialog.getByRole('button', { name: '补录', exact: true }).click()
  await clerk.page.getByText(/等待其本人确认/).first().waitFor()

  const head = await browser.visitor('leader')
  await head.open('/app/inbox')
  await head.page.getByText('有 1 份以您的名义补录的决定等待您确认').waitFor()
  await head.look('99-paper-decision-waits')
  await head.page.getByRole('link', { name: /夜间浇筑工程 1 号 · 决定/ }).first().click()
  await head.page.getByText(/补录了您于.*在纸面作出的决定，请核对后确认或否认/).waitFor()
  await head.page.setViewportSize(kSmallPhone)
  await head.look('99-paper-decision-to-confirm')
  await head.page.getByRole('button', { name: '确认', exact: true }).click()
  const answer = head.page.getByRole('dialog')
  await answer.getByText(/决定即生效/).waitFor()
  await head.look('99-paper-decision-confirming')
  await answer.getByRole('button', { name: '确认', exact: true }).click()
  await head.page.getByText(/^已办：确认/).waitFor()
  const task = await leader.must('GET', `/tasks/${row.task_id}`)
  assert.deepEqual([task.outcome, task.completed_at_ms], ['grant', decided])
})
