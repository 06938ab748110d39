// 退回 in Chromium: the head sends a case back to one department from a phone, the officer reads why, it comes straight back; a colleague is quicker once.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { packageOf, playUntil } from '../api/stories.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const kReason = '第三层疏散距离没有写，请复核后再报。'
const kSmallPhone = { width: 360, height: 740 }

const stage = { bureau: null, browser: null }
let application

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  application = await playUntil(stage.bureau, packageOf('school'), 'recheck')
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'returning')
})

/** The officer's open task of the case, opened and taken in hand. */
async function takeInHand(visitor) {
  const client = new Client(stage.bureau.url, visitor.account)
  const row = await waitFor(`任务到 ${visitor.account} 的待办`, async () => (await client.get('/inbox?view=todo')).rows.find((one) => one.application_id === application.id) ?? null)
  await visitor.open(`/app/tasks/${row.task_id}`)
  await visitor.page.getByRole('toolbar').getByRole('button', { name: '领取', exact: true }).click()
  await visitor.page.getByRole('toolbar').getByRole('button', { name: '放回' }).waitFor()
  return row.task_id
}

async function openReturn(page) {
  await page.getByRole('button', { name: '更多操作' }).click()
  await page.getByRole('menuitem', { name: /^退回/ }).click()
  const dialog = page.getByRole('dialog', { name: '退回到前面的步骤' })
  await dialog.waitFor()
  return dialog
}

journey('the head sends the case back to one department from a small phone', stage, async () => {
  const head = await stage.browser.visitor('head', { viewport: kSmallPhone })
  const { page } = head
  const taskId = await takeInHand(head)
  await page.getByRole('button', { name: '更多操作' }).click()
  await head.look('70-more-actions')
  await page.keyboard.press('Escape')
  const dialog = await openReturn(page)
  await dialog.getByRole('button', { name: '退回', exact: true }).click()
  await dialog.getByText('请写明理由').waitFor()
  await dialog.getByRole('radio', { name: '消防设计审查核验' }).check()
  await dialog.getByRole('radio', { name: /直送/ }).check()
  await dialog.getByLabel(/理由/).fill(kReason)
  await head.look('71-return')
  await dialog.getByRole('button', { name: '退回', exact: true }).click()
  await page.getByText(/^已办：退回/).waitFor()
  await head.open(`/app/tasks/${taskId}`)
  await page.getByText(/已由.+办结/).waitFor()
  assert.equal(await page.getByText('您持有').count(), 0)
  await head.look('72-returned-from')
})

journey('the department reads why it came back and sends it straight on', stage, async () => {
  const fire = await stage.browser.visitor('fire')
  const { page } = fire
  await takeInHand(fire)
  const notice = page.locator('.notice', { hasText: '退回' })
  assert.match(await notice.innerText(), new RegExp(`${kReason}[\\s\\S]*办完后直接送回“`))
  await fire.look('73-returned-to')
  await page.getByRole('toolbar').getByRole('button', { name: '同意', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: '同意', exact: true }).click()
  await page.getByText(/^已办：同意/).waitFor()
})

journey('whoever was slower is told who did what and keeps what was typed', stage, async () => {
  const slow = await stage.browser.visitor('head')
  slow.expects = /^(409|412) .*\/return$/
  const { page } = slow
  const taskId = await takeInHand(slow)
  const dialog = await openReturn(page)
  await dialog.getByRole('radio', { name: '规划许可核验' }).check()
  await dialog.getByLabel(/理由/).fill(kReason)
  const elsewhere = new Client(stage.bureau.url, 'head')
  const task = await elsewhere.get(`/tasks/${taskId}`)
  await elsewhere.call('POST', `/tasks/${taskId}/completion`, { json: { outcome: 'pass', opinion: '复核无误。', checklist: [], points: [] }, key: true, version: task.version })
  await dialog.getByRole('button', { name: '退回', exact: true }).click()
  await dialog.getByText(/已于 .+ 办结这一步/).waitFor()
  assert.equal(await dialog.getByLabel(/理由/).inputValue(), kReason)
  await slow.look('74-slower')
})
