// The calendar in Chromium: an officer reads the year, an administrator imports the State Council's notice, and the cases that stood on expected days follow.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { kNotice2027 } from '../api/notices.mjs'
import { packageOf, playUntil } from '../api/stories.mjs'
import { Browser, closeStage, journey, kPhone, missing } from './browser.mjs'

const stage = { bureau: null, browser: null }
let open

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start({ clockStart: '2026-12-28T08:00:00+08:00' })
  open = await playUntil(stage.bureau, packageOf('school'), 'review')
  stage.browser = await Browser.start(stage.bureau.url)
}, { timeout: 400_000 })

after(async () => {
  await closeStage(stage, 'calendar')
})

journey('an officer reads the year at a glance, also on a phone', stage, async () => {
  const visitor = await stage.browser.visitor('clerk')
  const { page } = visitor
  await page.getByRole('link', { name: '日历' }).click()
  await visitor.heading('日历').waitFor()
  await page.getByText('国务院办公厅关于2026年部分节假日安排的通知').waitFor()
  await page.getByLabel('年份').selectOption({ label: '2026 年（已公布）' })
  assert.equal(await page.locator('table.month').count(), 12)
  await page.getByText('全年 248 个工作日').waitFor()
  await page.getByRole('cell', { name: /^4\s*班\s*调休上班$|^4 调休上班$/ }).first().waitFor()
  await visitor.look('80-calendar')
  await page.getByLabel('年份').selectOption({ label: '2027 年（未公布，预计）' })
  await page.getByText('2027 年的放假安排还没有公布').waitFor()
  assert.equal(await page.getByRole('heading', { name: '导入放假通知' }).count(), 0)
  const phone = await stage.browser.visitor('head', { viewport: { width: 360, height: kPhone.height } })
  await phone.open('/app/calendar')
  await phone.page.getByText('全年 248 个工作日').waitFor()
  await phone.look('81-calendar-phone')
  assert.ok((await phone.page.evaluate('document.documentElement.scrollWidth')) <= 360)
})

journey('an administrator pastes the notice, mends what contradicts, sees what moves and publishes, by keyboard', stage, async () => {
  const visitor = await stage.browser.visitor('rules')
  const { page } = visitor
  await visitor.open('/app/calendar')
  await page.getByRole('heading', { name: /日期为预计的在办件/ }).waitFor()
  await page.getByRole('cell', { name: open.progress.application_number }).or(page.getByText(open.progress.application_number)).first().waitFor()
  const field = page.getByLabel('通知全文')
  await field.fill(kNotice2027.replace('5日（周二）', '5日（周一）'))
  await page.getByRole('button', { name: '读取' }).press('Enter')
  await page.getByText('有 1 处读不通或前后矛盾').waitFor()
  await page.getByText(/2027年1月5日是周二/).waitFor()
  assert.equal(await page.getByRole('button', { name: /^发布/ }).count(), 0)
  await visitor.look('82-calendar-contradiction')
  await field.fill(kNotice2027)
  await field.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('2027 年放假安排已读出').waitFor()
  await page.getByText(/有 1 件的日期会变/).waitFor()
  await visitor.look('83-calendar-effect')
  await page.getByRole('button', { name: '发布 2027 年放假安排' }).press('Enter')
  await page.getByRole('dialog').waitFor()
  await visitor.look('84-calendar-confirm')
  await page.getByRole('button', { name: '确认发布' }).press('Enter')
  await page.getByText('2027 年放假安排已发布。').waitFor()
  await page.getByText('在办件都已按新的安排计算').waitFor()
  await page.getByText('没有办件的日期落在未公布的年份').waitFor()
  assert.equal(await page.getByLabel('年份').inputValue(), '2027')
  await visitor.look('85-calendar-published')
})

journey('the case says which day moved and why', stage, async () => {
  const visitor = await stage.browser.visitor('school')
  await visitor.open(`/app/applications/${open.id}`)
  await visitor.page.getByText(/截止日由2027年.*改为2027年.*：国务院公布了2027年放假安排/).first().waitFor()
  await visitor.look('86-case-moved')
})
