// The rules in Chromium: an administrator raises a threshold, a second one publishes it from Monday, and what was begun before keeps its rule.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { packageOf, playUntil, settled } from '../api/stories.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { DemoClock } from '../../tools/demo/clock.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'
import { multiply } from './past_cases.mjs'

const pack = packageOf('school')
const kDeclarations = { truth: true, not_split: true }
const kTable = '/app/rules/construction-permit/tables/permit_limit'
/** The cell of Zhejiang's row under 投资（分）. */
const kInvestment = '[data-place="3:3"]'
const kIssued = 9_000
const kOpen = 1_000
/** The played ones among them. */
const kPlayed = { all: 5, changed: 2 }
const kPast = kIssued + kOpen + kPlayed.all
const kChanged = kOpen / 2 + kPlayed.changed
const kPreviewMsMax = 10_000
const kMonday = '2026年11月30日（周一）'

const stage = { bureau: null, browser: null }
let owner
/** Begun on the Tuesday on which everything else happens, not yet filed. */
let begun

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start({ clockStart: '2026-11-09T08:55:00+08:00' })
  await fillWithPastCases(stage.bureau)
  stage.browser = await Browser.start(stage.bureau.url)
  owner = new Client(stage.bureau.url, 'school')
  begun = await begin(250)
}, { timeout: 400_000 })

after(async () => {
  await closeStage(stage, 'rules')
})

/** One permit issued and four cases filed, of which two have from 200 to 300 万元; then ten thousand like them. */
async function fillWithPastCases(bureau) {
  const issued = await playUntil(bureau, pack)
  owner = new Client(bureau.url, 'school')
  await new DemoClock(owner).start(Date.parse('2026-11-23T09:00:00+08:00'))
  const filed = []
  for (const wan of [150, 250, 280, 900]) {
    filed.push(await begin(wan))
    await file(filed.at(-1))
    await settled(owner, filed.at(-1))
  }
  await bureau.stop({ keep: true })
  multiply(bureau, { issued: kIssued, open: kOpen, issuedId: issued.id, openIds: filed.map(({ id }) => id), nowOn: '2026-11-23' })
  await bureau.reopen({ clockStart: '2026-11-24T08:00:00+08:00' })
}

/** A draft of the school's works with so much investment, in 万元. */
async function begin(wan) {
  const { application_id: id, version } = await owner.call('POST', '/applications', { json: { matter_code: pack.matter_code }, key: true })
  const form = structuredClone(pack.form)
  Object.assign(form.works, { works_name: `社区服务站装修工程（${wan} 万元）`, works_investment_fen: wan * 1_000_000 })
  await owner.call('PUT', `/applications/${id}/form`, { json: { form }, version })
  return { id, form }
}

async function file({ id }) {
  const draft = await owner.get(`/applications/${id}`)
  const remarks = draft.findings.filter((one) => one.outcome === 'fail').map(({ rule }) => ({ rule, remark: '已核对。' }))
  await owner.call('POST', `/applications/${id}/submission`, { json: { declarations: kDeclarations, remarks, answers: [] }, key: true, version: draft.version })
}

/** Whether R-102 (限额以下可不办证) stands against an application now. */
async function isBelowLimit({ id, form }) {
  const { findings } = await owner.call('POST', `/applications/${id}/precheck`, { json: { form } })
  return findings.some((one) => one.rule === 'R-102' && one.outcome === 'fail')
}

async function saved(page, act) {
  const checked = page.waitForResponse((response) => response.url().endsWith('/draft/check') && response.ok())
  await act()
  await checked
  await page.getByText(/已保存/).first().waitFor()
}

/** Starts the preview and watches its bar to the end: where it stood, and how long it all took for who sits there. */
async function previewed(visitor) {
  const { page } = visitor
  const begun = Date.now()
  await page.getByRole('button', { name: /^再?预演$/ }).click()
  const bar = page.getByRole('progressbar', { name: '预演进度' })
  await bar.waitFor()
  const watched = bar.evaluate((element) => new Promise((resolve) => {
    const seen = new Set()
    const timer = setInterval(() => {
      if (element.isConnected) return seen.add(element.value)
      clearInterval(timer)
      resolve([...seen])
    }, 50)
  }))
  await page.getByText(/约还要 \d+ 秒/).waitFor()
  await visitor.glance('56-rule-effect-runs')
  const filled = await watched
  await page.getByText(/看这 \d+ 件/).waitFor()
  return { filled, took_ms: Date.now() - begun }
}

journey('an administrator raises a threshold, sees one case fail, mends it, and sees the effect on past cases', stage, async () => {
  const visitor = await stage.browser.visitor('rules')
  const { page } = visitor
  await visitor.heading('规则').waitFor()
  await page.getByRole('link', { name: /建筑工程施工许可证/ }).waitFor()
  await visitor.look('50-rule-packages')
  await page.getByRole('link', { name: /建筑工程施工许可证/ }).click()
  await page.getByRole('button', { name: '起草修改' }).click()
  await page.getByText('草稿 第 1 次保存').waitFor()
  await page.getByText(/条符合$/).first().waitFor()
  await visitor.look('51-rule-package')

  await page.getByRole('link', { name: '办证限额表', exact: true }).click()
  await page.locator(kInvestment).waitFor()
  await visitor.look('52-rule-table')
  // By keys alone: Tab reaches the grid, arrows the cell, Enter its field.
  await page.locator('[data-place="0:0"]').focus()
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key)
  const field = page.getByRole('textbox', { name: /投资（分）/ })
  assert.equal(await field.inputValue(), '200000000')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText('three hundred')
  await page.locator(`${kInvestment}.has-error`).waitFor()
  await visitor.look('53-rule-problem')
  await page.keyboard.press('ControlOrMeta+a')
  await saved(page, () => page.keyboard.insertText('300000000'))
  await page.getByText('1 条不符').waitFor()
  assert.match(await page.getByRole('region', { name: '改了什么，用话说' }).innerText(), /300/)
  await page.getByLabel('只看不符的').check()
  await page.getByText('works.works_investment_fen').first().waitFor()
  await visitor.look('54-rule-case-fails')

  await page.getByRole('button', { name: /^修改 R-102/ }).click()
  let dialog = page.getByRole('dialog')
  await dialog.getByLabel('说明').fill('浙江：正好 300 万元、1000 ㎡ 仍须办证')
  await dialog.getByLabel('第 2 行的值').fill('300000000')
  await saved(page, () => dialog.getByRole('button', { name: '放进草稿' }).click())
  await page.getByText('没有不符的用例。').waitFor()
  await page.getByLabel('只看不符的').uncheck()

  await page.getByRole('button', { name: '加用例' }).click()
  dialog = page.getByRole('dialog')
  await dialog.getByLabel('规则').fill('R-102')
  await dialog.getByLabel('说明').fill('浙江：不足 300 万元')
  await dialog.getByRole('button', { name: '整段 JSON' }).click()
  await dialog.getByLabel('给定，JSON').fill('{ "works": { "region_code": "330106", "works_investment_fen": 299999900,')
  await dialog.getByRole('button', { name: '放进草稿' }).click()
  await dialog.getByText(/JSON 读不出来/).first().waitFor()
  await visitor.look('55-rule-case')
  await dialog.getByLabel('给定，JSON').fill(JSON.stringify({ works: { region_code: '330106', works_investment_fen: 299999900, floor_area_m2_hundredths: 100000 }, application: { submitted_on: '2026-11-30' } }))
  await saved(page, () => dialog.getByRole('button', { name: '放进草稿' }).click())
  await page.getByLabel('找规则').fill('不足 300')
  await page.getByRole('row', { name: /浙江：不足 300 万元/ }).getByText('符合', { exact: true }).waitFor()

  const { filled, took_ms: first } = await previewed(visitor)
  // Something else may have had the machine for a moment: it gets a second chance, and no third.
  const took = first < kPreviewMsMax ? first : (await previewed(visitor)).took_ms
  console.log(`the effect on ${kPast} past cases: ${took} ms`)
  assert.ok(took < kPreviewMsMax, `${kPast} past cases took ${took} ms`)
  assert.ok(filled.length > 3, `the bar stood at ${filled} only`)
  assert.deepEqual(filled, filled.toSorted((one, other) => one - other))
  await page.getByText(`看这 ${kChanged} 件`).waitFor()
  assert.match(await page.getByRole('region', { name: '影响预演' }).innerText(), new RegExp(`${kPast} 件`))
  await page.getByRole('region', { name: /结论会变的申请/ }).getByRole('row', { name: /R-102/ }).first().getByText('不通过').waitFor()
  await visitor.look('56-rule-effect')
  // Left and found again.
  const address = page.url()
  assert.match(address, /preview=/)
  await visitor.open('/app/rules')
  await page.goto(address)
  await page.getByText(`看这 ${kChanged} 件`).waitFor()

  await page.getByRole('button', { name: '送第二人发布…' }).click()
  dialog = page.getByRole('dialog')
  await dialog.getByText(`自 ${kMonday}起新申请适用；之前开始填写的按原规则。`).waitFor()
  await dialog.getByLabel('改了什么、为什么').fill('浙江办证限额由 200 万元提高到 300 万元，按演示文件〔2026〕00号。')
  await visitor.look('57-rule-submit')
  await dialog.getByRole('button', { name: '送出' }).click()
  await page.getByText('由您修改或送出，须由另一位规则管理员发布').waitFor()
  assert.equal(await page.getByRole('button', { name: '发布', exact: true }).getAttribute('aria-disabled'), 'true')
  await visitor.look('58-rule-author-waits')
})

journey('a second administrator reads the change and publishes it from Monday', stage, async () => {
  const visitor = await stage.browser.visitor('legal')
  const { page } = visitor
  await visitor.open(kTable)
  await page.getByText('浙江办证限额由 200 万元提高到 300 万元').first().waitFor()
  await page.locator(`${kInvestment}.changed`).waitFor()
  await visitor.look('59-rule-review')
  await page.getByRole('button', { name: '发布', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(`自 ${kMonday}起新申请适用；之前开始填写的按原规则。`).waitFor()
  await dialog.getByRole('button', { name: '发布', exact: true }).click()
  await page.getByRole('button', { name: '起草修改' }).waitFor()
  await visitor.open('/app/rules/construction-permit')
  await page.getByRole('row', { name: /浙江办证限额由 200 万元/ }).getByText('待生效').waitFor()
  await visitor.look('60-rule-versions')
  await page.getByRole('row', { name: /浙江办证限额由 200 万元/ }).getByRole('link', { name: /查看/ }).click()
  await page.getByRole('link', { name: '办证限额表', exact: true }).click()
  await page.locator(kInvestment).getByText('300000000').waitFor()
  await visitor.look('61-rule-version')
})

journey('what was begun today keeps its rule; what begins on Monday has the new one', stage, async () => {
  assert.equal(await isBelowLimit(begun), false)
  assert.equal(await isBelowLimit(await begin(250)), false)
  await new DemoClock(new Client(stage.bureau.url)).advance({ on: '2026-11-30', at: '09:00' })
  assert.equal(await isBelowLimit(begun), false)
  assert.equal(await isBelowLimit(await begin(250)), true)

  const visitor = await stage.browser.visitor('rules')
  const { page } = visitor
  await visitor.open('/app/rules')
  await page.getByText(`自 ${kMonday}起`).waitFor()
  await visitor.look('62-rule-in-force')
})

journey('an officer has no rules to look at, and learns who can help', stage, async () => {
  const visitor = await stage.browser.visitor('housing')
  visitor.expects = /^403 .*\/rule-packages/
  await visitor.open('/app/rules')
  await visitor.heading('您看不到这一页').waitFor()
  await visitor.look('63-rule-forbidden')
})
