// 批注 in Chromium: a rectangle drawn on a PDF, told with the correction, answered on a phone, carried to the paper that replaced it, accepted there; a point set by keyboard alone.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { packageOf, playUntil } from '../api/stories.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const kDesk = { width: 1280, height: 800 }
const kSmallPhone = { width: 360, height: 740 }
const kContract = '施工合同（协议书及签字页）.pdf'
const kNewContract = '施工合同（补签）.pdf'
const kWords = '发包人栏没有盖章，请补盖后重新上传。'
const kAnswer = '已补盖公章，见新上传的合同。'

const stage = { bureau: null, browser: null }
let application, pack

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  pack = packageOf('corrected_and_resubmitted')
  application = await playUntil(stage.bureau, pack, 'request_correction')
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'marks')
})

async function openPapers(visitor) {
  const client = new Client(stage.bureau.url, visitor.account)
  const row = await waitFor(`任务到 ${visitor.account} 的待办`, async () => (await client.get('/inbox?view=todo')).rows.find((one) => one.application_id === application.id) ?? null)
  const task = await client.get(`/tasks/${row.task_id}`)
  if (!task.assigned_to_me) await client.call('POST', `/tasks/${row.task_id}/claim`, { version: task.version })
  await visitor.open(`/app/tasks/${row.task_id}?tab=papers`)
  return row.task_id
}

/** The paper in sight, its first page drawn. */
async function showPaper(page, name) {
  await page.locator('.desk-left').getByRole('button', { name: new RegExp(name.replace(/[（）.]/g, '.')) }).click()
  await page.locator('.desk-paper').getByRole('heading', { name }).waitFor()
  await page.waitForFunction(() => (globalThis.document.querySelector('.desk-paper canvas')?.clientWidth ?? 0) > 100)
}

const cardOf = (page, words) => page.getByRole('article').filter({ hasText: words })

async function drawRectangle(page, left, top, right, bottom) {
  await page.getByRole('button', { name: '框选' }).click()
  const box = await page.locator('.desk-paper .layer').boundingBox()
  const at = (x, y) => [box.x + box.width * x, box.y + box.height * y]
  await page.mouse.move(...at(left, top))
  await page.mouse.down()
  await page.mouse.move(...at(right, bottom), { steps: 5 })
  await page.mouse.up()
}

const marksOf = async (account) => (await new Client(stage.bureau.url, account).get(`/applications/${application.id}/marks`)).marks

journey('the window draws a rectangle on a page and tells of it with the correction', stage, async () => {
  const clerk = await stage.browser.visitor('clerk', { viewport: kDesk })
  const { page } = clerk
  await openPapers(clerk)
  await showPaper(page, kContract)
  await page.getByText('还没有批注').waitFor()
  await drawRectangle(page, 0.2, 0.1, 0.6, 0.2)
  await page.getByLabel(/批注内容/).fill(kWords)
  await clerk.look('80-mark-in-the-making')
  await page.getByRole('button', { name: '保存批注' }).click()
  await cardOf(page, kWords).waitFor()
  const [made] = await marksOf('clerk')
  for (const [name, wanted] of Object.entries({ left_ppm: 200_000, top_ppm: 100_000, width_ppm: 400_000, height_ppm: 100_000 })) assert.ok(Math.abs(made[name] - wanted) < 5_000, `${name} is ${made[name]}`)
  await page.getByRole('button', { name: '放大' }).click()
  const [pin, layer] = await Promise.all([page.getByRole('button', { name: /^批注 1，待回复/ }), page.locator('.desk-paper .layer')].map((one) => one.boundingBox()))
  assert.ok(Math.abs((pin.x - layer.x) / layer.width - 0.2) < 0.01, 'the mark does not stay in its place when the page grows')
  await page.getByRole('button', { name: '缩小' }).click()
  await clerk.look('81-marked')
  await page.getByRole('toolbar').getByRole('button', { name: /补正/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/没有认可的 1 条批注（本部门 1 条）会随补正通知告知申请人/).waitFor()
  await clerk.look('82-told-with-the-correction')
  await dialog.locator('.dialog-foot .btn').last().click()
  await page.getByText(/^已办：/).waitFor()
})

journey('a small phone sets a point by keys alone', stage, async () => {
  const head = await stage.browser.visitor('head', { viewport: kSmallPhone })
  const { page } = head
  const client = new Client(stage.bureau.url, 'head')
  const [task] = (await client.get(`/applications/${application.id}/tasks`)).tasks
  await head.open(`/app/tasks/${task.task_id}?tab=papers`)
  await page.getByRole('tab', { name: '原件' }).click()
  await page.waitForFunction(() => Boolean(globalThis.document.querySelector('.desk-paper .layer')))
  await page.getByRole('button', { name: '指点' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /放在页中央/ }).focus()
  await page.keyboard.press('Enter')
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowUp', 'Enter']) await page.keyboard.press(key)
  await page.getByText('第 1 页，距左边 48%，距上边 49%').waitFor()
  await page.keyboard.type('请注明日期')
  await page.keyboard.press('Control+Enter')
  await cardOf(page, '请注明日期').waitFor()
  await head.look('83-marks-on-a-small-phone')
})

journey('the applicant reads and answers on a phone what he was told', stage, async () => {
  const factory = await stage.browser.visitor('factory', { viewport: kSmallPhone })
  const { page } = factory
  await factory.open(`/app/applications/${application.id}`)
  await page.getByText(/作了 1 条批注，还有 1 条没有回复/).waitFor()
  await factory.look('84-marks-for-the-applicant')
  await page.getByRole('button', { name: `查看并回复：${kContract}` }).click()
  const dialog = page.getByRole('dialog', { name: kContract })
  const card = cardOf(dialog, kWords)
  await card.getByRole('button', { name: '回复' }).click()
  await card.getByLabel('回复内容').fill(kAnswer)
  await page.waitForFunction(() => (globalThis.document.querySelector('dialog canvas')?.clientWidth ?? 0) > 100)
  await factory.look('85-answering')
  await card.getByRole('button', { name: '回复' }).click()
  await card.getByText('已回复').waitFor()
  await dialog.getByRole('button', { name: /^批注 1，已回复/ }).waitFor()
  assert.equal(await page.getByText('请注明日期').count(), 0)
})

/** The correction itself is the owner's journey. */
async function replaceContract() {
  const client = new Client(stage.bureau.url, 'factory')
  const query = new URLSearchParams({ material_code: 'M-21', file_name: kNewContract })
  await client.call('POST', `/applications/${application.id}/documents?${query}`, { body: readFileSync(join(pack.folder, 'papers/m21-construction-contract.pdf')), type: 'application/pdf', key: true })
  const { points } = (await client.get(`/applications/${application.id}/progress`)).correction
  const { version, findings } = await client.get(`/applications/${application.id}`)
  await client.call('POST', `/applications/${application.id}/submission`, {
    json: {
      declarations: application.form.declarations,
      remarks: findings.filter((one) => one.outcome === 'fail').map((one) => ({ rule: one.rule, remark: '请审查。' })),
      answers: points.map((one) => ({ point_id: one.point_id, answer: '已改正。' })),
    },
    key: true, version,
  })
  await waitFor('部门审查', async () => (await new Client(stage.bureau.url, 'housing').get('/inbox?view=todo')).rows.find((one) => one.application_id === application.id && one.kind === 'review') ?? null)
}

journey('the department sees it on the new paper with the answer, and accepts it', stage, async () => {
  await replaceContract()
  const housing = await stage.browser.visitor('housing', { viewport: kDesk })
  const { page } = housing
  await openPapers(housing)
  await showPaper(page, kNewContract)
  const card = cardOf(page, kWords)
  await card.getByText('承自上一版').waitFor()
  await card.getByText(kAnswer).waitFor()
  await page.getByRole('button', { name: /^批注 1，已回复/ }).waitFor()
  await housing.look('86-carried')
  await card.getByRole('button', { name: '认可' }).click()
  await card.getByText('已认可').waitFor()
  await page.getByLabel('只看未认可').check()
  await page.getByText('批注都已认可').waitFor()
  await page.getByLabel('只看未认可').uncheck()
  await housing.look('87-accepted')
  const [mark] = await marksOf('housing')
  assert.deepEqual([mark.state, mark.places.length], ['accepted', 2])
  // The old paper keeps what it had.
  await showPaper(page, kContract)
  await cardOf(page, kWords).getByText('已认可').waitFor()
  assert.equal(await page.getByRole('toolbar', { name: '批注工具' }).count(), 0)
  await page.getByRole('toolbar').getByRole('button', { name: '同意', exact: true }).click()
  await page.getByRole('dialog').getByText(/还有 1 条批注没有认可，其中本部门 1 条/).waitFor()
  await housing.look('88-still-open')
})
