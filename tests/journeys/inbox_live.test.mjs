// An open list of tasks in Chromium: a colleague takes one that is selected, another comes; nothing moves, what is new is offered, and by keys alone it is shown.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { fileNight, inboxRows } from '../api/stories.mjs'
import { Browser, closeStage, journey, kPhone, missing } from './browser.mjs'

const stage = { bureau: null, browser: null }
let school, colleague

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  school = await stage.bureau.person('school')
  colleague = await stage.bureau.person('clerk2')
  for (let number = 1; number <= 6; number++) await fileNight(school, '330106', number)
  await inboxRows(colleague, 6)
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'inbox_live')
})

const names = (page) => page.locator('tbody .tw').allInnerTexts()
const claim = async (works) => {
  const [row] = await inboxRows(colleague, 1, (one) => one.works_name === works)
  await colleague.must('POST', `/tasks/${row.task_id}/claim`, { version: row.version })
}

journey('what a colleague takes is marked where it stands, what comes is offered, and selection, filter and place stay', stage, async () => {
  const clerk = await stage.browser.visitor('clerk')
  const { page } = clerk
  await clerk.open('/app/inbox')
  await page.getByRole('row').nth(6).waitFor()
  const before = await names(page)
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.getByLabel('领取人').focus()
  await claim(before[1])
  await page.getByText('这一步现在由周窗口', { exact: false }).waitFor()
  await fileNight(school, '330106', 7)
  await fileNight(school, '330106', 8)
  const news = page.getByRole('status', { name: '列表的新情况' })
  await news.getByText('有 2 件新任务').waitFor()
  assert.deepEqual(await names(page), before)
  await page.getByText('已选 2 件').waitFor()
  await page.getByRole('button', { name: /^领取 1 件/ }).waitFor()
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'SELECT')
  await clerk.look('98-inbox-news')
  await news.getByRole('button', { name: '显示最新列表' }).press('Enter')
  await page.getByText('夜间浇筑工程 8 号').first().waitFor()
  assert.ok(!(await names(page)).includes(before[1]))
  assert.equal((await names(page)).length, 7)
})

for (const [name, viewport] of [['phone', kPhone], ['narrow', { width: 360, height: 740 }], ['wide', { width: 1920, height: 1080 }]]) {
  journey(`what is new in a list, on a screen that is ${name}`, stage, async () => {
    const clerk = await stage.browser.visitor('clerk', { viewport })
    await clerk.open('/app/inbox')
    await clerk.page.getByText(/夜间浇筑工程/).first().waitFor()
    const [row] = await inboxRows(colleague, 1, (one) => !one.assignee_name)
    await claim(row.works_name)
    await clerk.page.getByText('这一步现在由周窗口', { exact: false }).waitFor()
    await clerk.look(`98-inbox-news-${name}`)
  })
}
