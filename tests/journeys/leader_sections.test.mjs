// 分节审签 from a phone of 360 px: a leader accepts, edits and returns sections of the report; the department does its
// part again with canned opinions and a clause, the leader looks at that section alone and decides; letter and record
// show his words and the department's.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { textOf } from '../api/pdf.mjs'
import { complete, inboxRows, packageOf, playUntil } from '../api/stories.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const kSmallPhone = { width: 360, height: 740 }
const stage = { bureau: null, browser: null }
let application

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  application = await playUntil(stage.bureau, packageOf('school'), 'decide')
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'leader-sections')
})

const person = (account) => stage.bureau.person(account)
const rowOf = async (account) => (await inboxRows(await person(account), 1, (row) => row.application_id === application.id))[0]
const section = (page, name) => page.getByRole('listitem', { name })

async function openTask(visitor) {
  await visitor.open(`/app/tasks/${(await rowOf(visitor.account)).task_id}`)
  await visitor.page.getByRole('heading', { level: 1 }).waitFor()
}

journey('a leader accepts with one thumb, changes words, and sends one department back', stage, async () => {
  const leader = await stage.browser.visitor('leader', { viewport: kSmallPhone })
  const { page } = leader
  await openTask(leader)
  await page.getByRole('button', { name: '领取', exact: true }).click()
  await page.getByText('已审签 0 / 6').waitFor()
  await leader.look('130-sections-phone')
  for (const [n, name] of [[1, '人防审核'], [2, '施工许可条件审查']]) {
    await page.getByRole('button', { name: `同意：${name}` }).click()
    await page.getByText(`已审签 ${n} / 6`).waitFor()
  }
  await page.getByRole('button', { name: '修改：规划许可核验' }).click()
  await page.getByLabel(/改后的意见/).fill('规划许可有效，面积、幢数一致，同意。')
  await leader.look('131-section-edit-phone')
  await page.getByRole('button', { name: '保存修改' }).click()
  await page.getByText('已审签 3 / 6').waitFor()
  await section(page, /规划许可核验/).getByText('看改了哪里').click()

  await page.getByRole('button', { name: '退回：消防设计审查核验' }).click()
  await page.getByLabel(/退回理由/).fill('疏散距离请复核')
  await page.reload()
  await page.getByRole('button', { name: '退回：消防设计审查核验' }).click()
  assert.equal(await page.getByLabel(/退回理由/).inputValue(), '疏散距离请复核')
  await page.getByRole('button', { name: '选定退回' }).click()
  await page.getByText('已审签 4 / 6').waitFor()
  await leader.look('132-sections-return-phone')
  await page.getByRole('button', { name: '退回 1 个部门' }).click()
  await page.getByText(/^已办：退回/).waitFor()
})

journey('the department does it again with a sentence of the bureau and an article of the law', stage, async () => {
  const fire = await stage.browser.visitor('fire')
  const { page } = fire
  await openTask(fire)
  await page.getByText('疏散距离请复核').first().waitFor()
  await page.getByRole('toolbar').getByRole('button', { name: '领取', exact: true }).click()
  const opinion = page.getByRole('textbox', { name: '意见' })
  await opinion.click()
  await page.keyboard.press('Control+/')
  await page.getByRole('combobox', { name: '查找' }).fill('附以下条件')
  await page.getByRole('dialog').getByRole('option').first().waitFor()
  await fire.look('133-opinion-picker', { wideOnly: true })
  await page.keyboard.press('Enter')
  await opinion.and(page.locator(':focus')).waitFor()
  await opinion.fill('同意，附以下条件：疏散门须在开工前改宽。')
  await page.keyboard.press('End')
  await page.keyboard.press('Control+/')
  await page.getByRole('combobox', { name: '查找' }).fill('消防法第十二条')
  await page.getByRole('dialog').getByRole('option').first().waitFor()
  await page.keyboard.press('Enter')
  await waitFor('条款在意见里', async () => (await opinion.inputValue()).endsWith('《中华人民共和国消防法》第十二条') || null)
  await page.getByRole('button', { name: '存为常用意见' }).click()
  await page.getByText('已存入常用意见').waitFor()
  await page.getByRole('toolbar').getByRole('button', { name: '附条件同意', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: '附条件同意', exact: true }).click()
  await page.getByText(/^已办：附条件同意/).waitFor()
  assert.equal((await complete(await person('head'), await rowOf('head'), 'pass')).status, 200)
})

journey('only that section comes up again; the decision carries the leader’s words', stage, async () => {
  const leader = await stage.browser.visitor('leader', { viewport: kSmallPhone })
  const { page } = leader
  await openTask(leader)
  await page.getByRole('button', { name: '领取', exact: true }).click()
  await page.getByText('已审签 3 / 6').waitFor()
  await section(page, /消防设计审查核验/).getByText('内容有变，请再看').waitFor()
  await leader.look('134-sections-again-phone')
  await page.getByRole('button', { name: '修改：消防设计审查核验' }).click()
  await page.getByLabel(/改后的意见/).fill('疏散门改宽、经核实后方可开工。')
  await page.getByRole('button', { name: '保存修改' }).click()
  await page.getByText('已审签 4 / 6').waitFor()
  for (const name of ['质量安全监督手续（合并办理）', '综合窗口']) {
    const accept = page.getByRole('button', { name: `同意：${name}` })
    if ((await accept.getAttribute('aria-pressed')) !== 'true') await accept.click()
  }
  await page.getByText('已审签 6 / 6').waitFor()
  await page.getByRole('button', { name: '准予许可', exact: true }).click()
  await leader.look('135-sections-decide-phone')
  await page.getByRole('dialog').getByRole('button', { name: '准予许可', exact: true }).click()
  await page.getByText(/^已办：准予许可/).waitFor()

  const owner = await person(application.account)
  const letter = await waitFor('准予许可决定书', async () => (await owner.must('GET', `/applications/${application.id}/letters`)).letters.find((one) => one.letter_kind === 'grant_decision') ?? null)
  const pdf = await owner.ask('GET', `/letters/${letter.letter_id}/content`)
  assert.match(textOf(pdf.body), /疏散门改宽、经核实后方可开工/)
  const record = await stage.browser.visitor('leader')
  await record.open(page.url().includes('/tasks/') ? page.url() : `/app/tasks/${(await decisionTask()).task_id}`)
  const fire = section(record.page, /消防设计审查核验/)
  await fire.getByText(/^审签记录 \d+ 条/).click()
  await fire.getByText('看改了哪里').click()
  await fire.locator('del').first().waitFor()
  await record.look('136-sections-record')
})

async function decisionTask() {
  const leader = await person('leader')
  const { tasks } = await leader.must('GET', `/applications/${application.id}/tasks`)
  return tasks.filter((one) => one.element_id === 'decide').at(-1)
}

