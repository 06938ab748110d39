// A clerk takes ten new cases through acceptance with the keyboard alone; key strokes are counted and printed.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { fileNight, inboxRows } from '../api/stories.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const kCases = 10
/** More would mean that a hand has to leave its place. */
const kStrokesPerCaseMax = 8

const stage = { bureau: null, browser: null }

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  const owner = await stage.bureau.person('school')
  for (let number = 1; number <= kCases; number++) await fileNight(owner, '330106', number)
  await inboxRows(await stage.bureau.person('clerk'), kCases)
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'acceptance-by-keys')
})

/** A keyboard that counts. */
class Strokes {
  count = 0

  constructor(page) {
    this.page = page
  }

  async press(...keys) {
    for (const key of keys) {
      this.count += 1
      await this.page.keyboard.press(key)
    }
  }
}

journey('ten new cases are accepted by key strokes alone', stage, async () => {
  const clerk = await stage.browser.visitor('clerk')
  const { page } = clerk
  const strokes = new Strokes(page)
  await page.getByRole('link', { name: /夜间浇筑工程/ }).first().waitFor()
  await strokes.press('?')
  await page.getByRole('dialog', { name: '快捷键' }).waitFor()
  await clerk.look('80-keys')
  await strokes.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  strokes.count = 0

  await strokes.press('X', 'c')
  await page.getByText(`已领取 ${kCases} 件`).waitFor()
  assert.equal(await page.getByRole('listitem').filter({ hasText: '已领取' }).count(), kCases, 'one result a row')
  await clerk.look('81-claimed')

  for (let done = 1; done <= kCases; done++) {
    await strokes.press('o')
    const bar = page.getByRole('toolbar')
    await bar.getByRole('button', { name: '放回' }).waitFor()
    const points = page.getByRole('group', { name: '审查要点' }).getByRole('checkbox')
    for (const count = await points.count(); (await points.and(page.locator(':checked')).count()) < count; ) await strokes.press('x')
    if (done === 1) await clerk.look('82-ticked')
    await strokes.press('1')
    await page.getByRole('dialog', { name: /^受理/ }).waitFor()
    await strokes.press('Control+Enter')
    await page.getByText(/^已办：受理/).waitFor()
    await page.getByRole('region', { name: '办件列表' }).waitFor()
    if (done < kCases) await page.getByRole('navigation', { name: '办件视图' }).getByText(String(kCases - done), { exact: true }).first().waitFor()
  }

  const perCase = strokes.count / kCases
  console.log(`key strokes: ${strokes.count} for ${kCases} cases, ${perCase.toFixed(1)} per case`)
  assert.ok(perCase <= kStrokesPerCaseMax, `${perCase} key strokes a case`)
  const accepted = await inboxRows(await stage.bureau.person('clerk'), kCases, (row) => row.kind === 'accept', 'done')
  assert.deepEqual([...new Set(accepted.map((row) => row.outcome_label))], ['受理'])
  await clerk.open('/app/inbox?view=done')
  await clerk.look('83-all-accepted')
})
