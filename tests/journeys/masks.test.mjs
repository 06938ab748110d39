// Numbers of persons on an officer's desk in Chromium: masked, whole for a reason by keyboard, hidden again on the next
// visit; the viewer's name over the page, over a paper in a dialog and on a print; at 360, 1440 and 1920 px.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { inboxRows, packageOf, playUntil } from '../api/stories.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const kSmallPhone = { width: 360, height: 740 }
const kWide = { width: 1920, height: 1080 }
const stage = { bureau: null, browser: null }
let application, task_id

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  application = await playUntil(stage.bureau, packageOf('school'), 'review')
  const [row] = await inboxRows(await stage.bureau.person('fire'), 1, (one) => one.application_id === application.id && one.kind === 'review')
  task_id = row.task_id
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'masks')
})

const answer = (visitor, path) => visitor.page.locator(`[id="v-${path}"]`)
const masked = () => `${application.form.agent.phone.slice(0, 3)}****${application.form.agent.phone.slice(-4)}`

/** Says whose page it is, lies over everything and takes nothing away. */
async function seeMark(visitor, name) {
  const mark = await visitor.page.evaluate(() => {
    const found = document.querySelector('.watermark-page')
    if (!found) return null
    const look = getComputedStyle(found)
    return { words: decodeURIComponent(look.backgroundImage), pointer: look.pointerEvents, hidden: found.getAttribute('aria-hidden'), wide: found.clientWidth, prints: look.printColorAdjust }
  })
  assert.ok(mark, 'no watermark')
  assert.match(mark.words, new RegExp(name))
  assert.deepEqual([mark.pointer, mark.hidden, mark.prints], ['none', 'true', 'exact'])
  assert.ok(mark.wide >= 350)
}

journey('a number is masked, shown whole for a reason, by keyboard, and masked again on the next visit', stage, async () => {
  const fire = await stage.browser.visitor('fire')
  fire.expects = /^422 .*\/unmasked$/
  await fire.open(`/app/tasks/${task_id}?tab=form`)
  const phone = answer(fire, 'agent.phone')
  await phone.getByText(masked()).waitFor()
  await seeMark(fire, 'fire')
  await fire.look('150-masked')
  await phone.getByRole('button', { name: /显示完整号码/ }).press('Enter')
  const dialog = fire.page.getByRole('dialog', { name: '查看完整号码' })
  await dialog.getByRole('button', { name: '显示完整号码' }).press('Enter')
  await dialog.getByRole('alert').getByText(/请写明查看理由/).waitFor()
  await dialog.getByLabel(/查看理由/).fill('打电话 13800138000 核实')
  await dialog.getByRole('button', { name: '显示完整号码' }).press('Enter')
  await dialog.getByText(/请不要写证件号码/).first().waitFor()
  await fire.look('151-unmask-refused')
  await dialog.getByLabel(/查看理由/).fill('与委托书原件核对')
  await fire.page.keyboard.press('Control+Enter')
  await phone.getByText(application.form.agent.phone).waitFor()
  await fire.look('152-unmasked')
  await fire.open(`/app/tasks/${task_id}?tab=audit`)
  await fire.page.getByText(/agent\.phone；理由：与委托书原件核对/).first().waitFor()
  await fire.open(`/app/tasks/${task_id}?tab=form`)
  await answer(fire, 'agent.phone').getByText(masked()).waitFor()
})

journey('the mark holds on the smallest phone and the widest desk, and the applicant has none', stage, async () => {
  for (const [name, viewport] of [['360', kSmallPhone], ['1920', kWide]]) {
    const fire = await stage.browser.visitor('fire', { viewport })
    await fire.open(`/app/tasks/${task_id}?tab=form`)
    await answer(fire, 'agent.phone').getByText(masked()).waitFor()
    await seeMark(fire, 'fire')
    await fire.look(`153-mark-${name}`)
  }
  const school = await stage.browser.visitor('school')
  await school.open(`/app/applications/${application.id}`)
  await school.page.getByRole('heading', { level: 1 }).waitFor()
  assert.equal(await school.page.locator('.watermark').count(), 0)
})
