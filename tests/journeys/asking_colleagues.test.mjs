// 转办, 委派, 前加签, 减签, 后加签, 撤回 in Chromium, on one department's task: each page says whom it waits for, what is asked, and when it comes back.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { packageOf, playUntil } from '../api/stories.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'
import { choose, pick } from './case_page.mjs'

const kSmallPhone = { width: 360, height: 740 }
const kWide = { width: 1920, height: 1080 }

const stage = { bureau: null, browser: null }
let application
let taskId

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  application = await playUntil(stage.bureau, packageOf('school'), 'review')
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'asking-colleagues')
})

/** The officer's open task of the case that `fits`, on its page. */
async function openTask(visitor, fits = () => true) {
  const client = new Client(stage.bureau.url, visitor.account)
  const row = await waitFor(`任务到 ${visitor.account} 的待办`, async () => (await client.get('/inbox?view=todo')).rows.find((one) => one.application_id === application.id && fits(one)) ?? null)
  await visitor.open(`/app/tasks/${row.task_id}`)
  await visitor.page.getByRole('heading', { name: '审查要点' }).or(visitor.page.getByRole('tab', { name: '要点与意见' })).first().waitFor()
  return row.task_id
}

async function openTaskAgain(visitor) {
  await visitor.open(`/app/tasks/${taskId}`)
  await visitor.page.getByRole('button', { name: '更多操作' }).waitFor()
}

async function conclude(page, verb, opinion) {
  await page.getByRole('toolbar').getByRole('button', { name: verb, exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/意见|理由/).fill(opinion)
  await dialog.getByRole('button', { name: verb, exact: true }).click()
  await page.getByText(/^已办：/).waitFor()
}

journey('a reviewer gives the task away; whoever may not have it is shown with the reason', stage, async () => {
  const housing = await stage.browser.visitor('housing')
  const { page } = housing
  taskId = await openTask(housing)
  await page.getByRole('toolbar').getByRole('button', { name: '领取', exact: true }).click()
  await page.getByRole('toolbar').getByRole('button', { name: '放回' }).waitFor()
  await page.getByRole('button', { name: '更多操作' }).click()
  await page.getByRole('menuitem', { name: /^退回.*前面没有可以退回的步骤/, disabled: true }).waitFor()
  await housing.look('90-more-actions')
  await page.keyboard.press('Escape')
  const dialog = await choose(page, /^转办/)
  await dialog.getByRole('combobox').click()
  const excluded = dialog.getByRole('option', { name: /李窗口/ })
  await excluded.waitFor()
  assert.equal(await excluded.getAttribute('aria-disabled'), 'true')
  await housing.look('91-transfer')
  await pick(dialog, '孙住建')
  await dialog.getByLabel(/理由/).fill('出差，请代为办理。')
  await dialog.getByRole('button', { name: '转办', exact: true }).click()
  await page.getByText(/^已办：转办/).waitFor()
})

journey('the receiver asks two before she decides, and takes one away again', stage, async () => {
  const sun = await stage.browser.visitor('housing2', { viewport: kSmallPhone })
  const { page } = sun
  await openTaskAgain(sun)
  await page.getByText(/原由王住建.*承办/).waitFor()
  const dialog = await choose(page, /^前加签/)
  await pick(dialog, '吴住建')
  await pick(dialog, '赵消防')
  await dialog.getByLabel(/想请对方看什么/).fill('请核对深基坑方案。')
  await sun.look('92-signers-before')
  await dialog.getByRole('button', { name: '前加签', exact: true }).click()
  await page.getByText(/正在等吴住建.*赵消防.*的意见/).first().waitFor()
  await sun.look('93-waiting')

  const fire = await stage.browser.visitor('fire', { viewport: kSmallPhone })
  await openTask(fire, (row) => row.step_name.startsWith('前加签'))
  await fire.page.getByText(/孙住建.*请您先签“施工许可条件审查”/).waitFor()
  await fire.page.getByText('请核对深基坑方案。').first().waitFor()
  await fire.look('94-asked')
  await conclude(fire.page, '不同意', '第三层支撑缺计算书。')

  await openTaskAgain(sun)
  await page.getByText('“第三层支撑缺计算书。”').waitFor()
  await page.getByRole('button', { name: /^减签/ }).click()
  const removal = page.getByRole('dialog', { name: '减签' })
  await removal.getByLabel(/理由/).fill('已有意见。')
  await removal.getByRole('button', { name: '减签', exact: true }).click()
  await page.getByText('已减签，不再等').waitFor()
  assert.equal(await page.getByRole('toolbar').getByRole('button', { name: '同意', exact: true }).getAttribute('aria-disabled'), null)
})

journey('an opinion is asked for and given, and another signs after her', stage, async () => {
  const sun = await stage.browser.visitor('housing2', { viewport: kWide })
  const { page } = sun
  await openTaskAgain(sun)
  const asking = await choose(page, /^委派/)
  await pick(asking, '陈科长')
  await asking.getByLabel(/想请对方看什么/).fill('合同价款口径是否一致？')
  await asking.getByRole('button', { name: '委派', exact: true }).click()
  await page.getByText(/正在等陈科长.*的意见/).first().waitFor()

  const head = await stage.browser.visitor('head')
  await openTask(head)
  await head.page.getByText(/孙住建.*请您对“施工许可条件审查”出意见/).waitFor()
  await conclude(head.page, '提出意见', '一致。')

  await openTaskAgain(sun)
  await page.getByText('“一致。”').waitFor()
  const signing = await choose(page, /^后加签/)
  await pick(signing, '吴住建')
  await signing.getByLabel(/想请对方看什么/).fill('请会签。')
  await signing.getByRole('button', { name: '后加签', exact: true }).click()
  await page.getByText('您办结后再签').waitFor()
  await conclude(page, '同意', '同意，合同已核。')
  await openTaskAgain(sun)
  await page.getByText(/正在等吴住建.*签/).first().waitFor()
  await sun.look('95-signing-after', { wideOnly: true })

  const wu = await stage.browser.visitor('housing3')
  await openTask(wu)
  await conclude(wu.page, '同意', '')
  await openTaskAgain(sun)
  await page.getByText(/已由孙住建.*办结/).waitFor()
  await page.getByRole('navigation', { name: '办件内容' }).getByRole('link', { name: '留痕' }).click()
  await page.getByRole('region', { name: '这一步的记录' }).getByText(/转办给孙住建/).waitFor()
  await sun.look('96-record', { wideOnly: true })
})
