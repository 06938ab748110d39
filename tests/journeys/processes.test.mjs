// Processes in Chromium: an administrator breaks the published process in ten ways and is told each by its element; an allowed change is
// published by a second person, a running case finishes on the old process and a new one takes the new.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { complete, fileNight, inboxRows } from '../api/stories.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const stage = { bureau: null, browser: null }
const kToday = '2026-11-24'

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start({ clockStart: '2026-11-24T09:00:00+08:00' })
  stage.browser = await Browser.start(stage.bureau.url)
}, { timeout: 120_000 })

after(() => closeStage(stage, 'processes'))

/** The element of that id, chosen in the list beside the diagram: all of this works without a mouse. */
async function choose(page, id) {
  await page.getByLabel('选择元素', { exact: true }).selectOption(id)
  await page.locator('#element-title').waitFor()
}

/** A field of the chosen element. */
async function fill(page, id, text) {
  const field = page.locator(`#${id}`)
  await field.fill(text)
  await field.blur()
}

async function checked(page, act) {
  const done = page.waitForResponse((response) => response.url().endsWith('/draft/check') && response.ok())
  await Promise.all([done, act()])
  await page.getByText(/已保存/).first().waitFor()
}

/** [what is broken, how, the element that the page names; null: by several] */
const kBreaks = [
  ['a join is deleted', async (page) => {
    await choose(page, 'check_join')
    await page.getByRole('button', { name: '删除这个元素' }).click()
  }, 'accept'],
  ['a condition is no FEEL', async (page) => {
    await choose(page, 'flow_acceptance_record_accept')
    await fill(page, 'p-condition', '=accept_outcome = = "accept"')
  }, 'flow_acceptance_record_accept'],
  ['an outcome has no way', async (page) => {
    await choose(page, 'accept')
    await page.getByRole('button', { name: '加一个结果' }).click()
    await fill(page, 'o-5-code', 'later')
    await fill(page, 'o-5-label', '以后再说')
  }, 'accept'],
  ['a task has no department', async (page) => {
    await choose(page, 'decide')
    await page.getByLabel('部门', { exact: true }).selectOption('')
  }, 'decide'],
  ['an event is in no state table', async (page) => {
    await choose(page, 'record_accept')
    await fill(page, 'p-event', 'accept_it')
  }, 'record_accept'],
  ['a letter has no template', async (page) => {
    await choose(page, 'record_correction')
    await fill(page, 'p-letter', 'thank_you')
  }, 'record_correction'],
  ['a timer has no time', async (page) => {
    await choose(page, 'intake_due')
    await fill(page, 'p-timer', '')
  }, 'intake_due'],
  ['a job is one that nobody does', async (page) => {
    await choose(page, 'make_certificate')
    await fill(page, 'p-job', 'certificates.paint')
  }, 'make_certificate'],
  ['two parallel ways meet in an exclusive gateway', async (page) => {
    await choose(page, 'receive')
    await page.getByLabel('连到', { exact: true }).selectOption('review_begin')
  }, null],
  ['a condition reads what nobody writes', async (page) => {
    await choose(page, 'flow_acceptance_record_accept')
    await fill(page, 'p-condition', '=acept_outcome = "accept"')
  }, 'flow_acceptance_record_accept'],
]

/** From the version in force once more. */
async function beginAnew(page) {
  await page.getByRole('button', { name: '放弃草稿' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '放弃草稿' }).click()
  await page.getByRole('button', { name: '起草修改' }).click()
  await page.locator('.djs-palette').waitFor()
  await page.getByText('没有问题').first().waitFor()
}

journey('an administrator breaks the process in ten ways, and each is named before publication', stage, async () => {
  const visitor = await stage.browser.visitor('rules')
  const { page } = visitor
  await page.getByRole('link', { name: '流程', exact: true }).click()
  await visitor.heading('流程').waitFor()
  await page.getByRole('link', { name: /建筑工程施工许可证/ }).waitFor()
  await visitor.look('60-process-packages')
  await page.getByRole('link', { name: /建筑工程施工许可证/ }).click()
  await page.getByText('全部元素').first().waitFor()
  await page.locator('.djs-shape').first().waitFor()
  await visitor.look('61-process-in-force')
  await page.getByRole('button', { name: '起草修改' }).click()
  await page.locator('.djs-palette').waitFor()
  await page.getByText('没有问题').first().waitFor()
  await visitor.look('62-process-draft')
  for (const [what, spoil, element] of kBreaks) {
    await checked(page, () => spoil(page))
    const list = page.getByRole('region', { name: '检查' })
    await list.getByText(/处问题/).waitFor()
    const said = await list.innerText()
    if (element) assert.match(said, new RegExp(`${element} · 第 \\d+ 行`), `${what}: ${said}`)
    assert.match(said, /[\u4e00-\u9fff]{4}/, what)
    assert.equal(await page.getByRole('button', { name: /送第二人发布/ }).getAttribute('aria-disabled'), 'true', what)
    if (element === 'accept' && what.startsWith('an outcome')) await visitor.look('63-process-problem', { wideOnly: true })
    await beginAnew(page)
  }
  await page.getByRole('button', { name: '放弃草稿' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '放弃草稿' }).click()
  await page.getByRole('button', { name: '起草修改' }).waitFor()
  visitor.assertQuiet()
})

journey('an allowed change is published by a second person; the running case stays, a new one takes it', stage, async () => {
  const { bureau } = stage
  const [school, clerk, leader] = await Promise.all(['school', 'clerk', 'leader'].map((name) => bureau.person(name)))
  await fileNight(school, '330106', 1)
  const [running] = await inboxRows(clerk, 1)
  const author = await stage.browser.visitor('rules')
  const { page } = author
  await author.open('/app/processes/night-construction')
  await page.getByRole('button', { name: '起草修改' }).click()
  await page.locator('.djs-palette').waitFor()
  await choose(page, 'accept')
  await checked(page, async () => {
    await fill(page, 'p-name', '受理审核')
    await page.getByRole('button', { name: '加一个要点' }).click()
    const point = page.getByLabel('第 3 个要点', { exact: true })
    await point.fill('附有周边居民公告')
    await point.blur()
  })
  await page.getByRole('region', { name: '改了什么，用话说' }).getByText(/受理审核.*名称由“受理”改为“受理审核”/).waitFor()
  await page.getByRole('button', { name: '预演', exact: true }).click()
  await page.getByText(/重走了 1 件/).waitFor()
  await author.look('64-process-changed')
  await page.getByRole('button', { name: '送第二人发布…' }).click()
  await page.locator('#effective-day').focus()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(kToday)
  await page.locator('#submit-note').fill('受理时核对公告')
  await page.getByRole('button', { name: '送出', exact: true }).click()
  await page.getByText(/待发布/).first().waitFor()

  const second = await stage.browser.visitor('legal')
  await second.open('/app/processes/night-construction')
  await second.page.getByRole('region', { name: '改了什么，用话说' }).getByText(/受理审核/).waitFor()
  await second.look('65-process-review')
  await second.page.getByRole('button', { name: '发布', exact: true }).click()
  await second.page.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click()
  await second.page.getByRole('button', { name: '起草修改' }).waitFor()

  assert.equal((await complete(clerk, running, 'accept')).status, 200)
  const [last] = await inboxRows(leader, 1)
  assert.equal((await complete(leader, last, 'grant')).status, 200)
  await fileNight(school, '330106', 2)
  const [fresh] = await inboxRows(clerk, 1)
  assert.match(JSON.stringify(fresh), /受理审核/)
  assert.doesNotMatch(JSON.stringify(running), /受理审核/)
  author.assertQuiet()
  second.assertQuiet()
})
