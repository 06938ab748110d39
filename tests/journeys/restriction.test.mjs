// 限制知悉 in Chromium: a head who is cleared restricts a case, who is not cleared loses sight of it, another lifts it; and
// the authorities of an area as their administrator has them. At 360 and 1440 px.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { packageOf, playUntil } from '../api/stories.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const kPhone = { width: 360, height: 740 }
const stage = { bureau: null, browser: null }
let application

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  application = await playUntil(stage.bureau, packageOf('school'), 'review')
  const security = await stage.bureau.person('security')
  for (const name of ['head', 'leader']) {
    const { account_id: id, roles } = (await stage.bureau.person(name)).session.account
    const { version } = await security.must('GET', `/admin/accounts/${id}`)
    await security.must('PUT', `/admin/accounts/${id}/rights`, { json: { roles, clearance: 'restricted' }, version })
  }
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'restriction')
})

/** The tab of the case on which its restriction is. */
async function openCard(visitor) {
  const client = new Client(stage.bureau.url, visitor.account)
  const row = await waitFor('任务在列表中', async () => (await client.get('/inbox?view=all')).rows.find((one) => one.application_id === application.id) ?? null)
  await visitor.open(`/app/tasks/${row.task_id}?tab=episodes`)
  const card = visitor.page.getByRole('region', { name: '限制知悉', exact: true })
  await card.waitFor()
  return card
}

journey('a head restricts a case: what follows is said before, and who is not cleared no longer has it', stage, async () => {
  const head = await stage.browser.visitor('head')
  const card = await openCard(head)
  await card.getByText('林局长').waitFor()
  await head.look('220-not-restricted')
  await card.getByRole('button', { name: '设为限制知悉' }).click()
  const dialog = head.page.getByRole('dialog')
  await dialog.getByLabel(/理由/).fill('涉及商业秘密')
  await head.look('221-restricting')
  await dialog.getByRole('button', { name: '设为限制知悉' }).click()
  await head.page.getByText('已设为限制知悉。').waitFor()
  await card.getByText('已限制', { exact: true }).waitFor()
  await head.look('222-restricted')
  const rows = (await new Client(stage.bureau.url, 'fire').get('/inbox?view=all')).rows
  assert.ok(!rows.some((one) => one.application_id === application.id))
  await card.getByRole('button', { name: '提出解除' }).click()
  await dialog.getByLabel(/理由/).fill('已经公开')
  await dialog.getByRole('button', { name: '提出解除' }).click()
  await card.getByText(/您不能同意自己的提议/).waitFor()
})

journey('another lifts it from a phone of 360 px', stage, async () => {
  const leader = await stage.browser.visitor('leader', { viewport: kPhone })
  const card = await openCard(leader)
  await card.getByText(/陈科长.*于/).waitFor()
  await leader.look('223-lifting-360')
  await card.getByRole('button', { name: '同意解除', exact: true }).click()
  await leader.page.getByRole('dialog').getByRole('button', { name: '同意解除' }).click()
  await leader.page.getByText('已同意解除。').waitFor()
  await card.getByText(/本件没有限制知悉/).waitFor()
  await leader.look('224-lifted-360')
})

journey('the authorities of an area stand as a tree, and one promises less time than the matter', stage, async () => {
  const rules = await stage.browser.visitor('rules')
  const { page } = rules
  await page.getByRole('link', { name: '机关' }).click()
  const here = page.getByRole('region', { name: '杭州市西湖区住房和城乡建设局（演示）', exact: true })
  await here.waitFor()
  await rules.look('225-authorities')
  await here.getByRole('button', { name: /修改/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/建筑工程施工许可/).fill('2')
  await dialog.getByRole('button', { name: '加一天' }).click()
  await dialog.getByLabel('日期').fill('2026-12-20')
  await dialog.getByLabel('名称').fill('周日延时服务')
  await rules.look('226-authority-edited')
  await dialog.getByRole('button', { name: '发布' }).click()
  await page.getByText(/已发布：杭州市西湖区/).waitFor()
  await here.getByText(/周日延时服务/).waitFor()
  const phone = await stage.browser.visitor('admin', { viewport: kPhone })
  await phone.open('/app/authorities')
  await phone.page.getByRole('region', { name: '杭州市城乡建设委员会（演示）', exact: true }).waitFor()
  await phone.look('227-authorities-360')
})
