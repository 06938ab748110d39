// A late correction in Chromium: the applicant also changes a field that another, concluded department judges. That one judges again and reads why, a third keeps its conclusion, and the applicant reads which is which; at 360, 390, 1440 and 1920 px.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { complete, inboxRows, kDeclarations, packageOf, playUntil } from '../api/stories.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const kSmallPhone = { width: 360, height: 740 }
const kWide = { width: 1920, height: 1080 }
const stage = { bureau: null, browser: null }
const people = {}
let application

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  application = await playUntil(stage.bureau, packageOf('school'), 'review')
  for (const name of ['school', 'planning', 'fire', 'head']) people[name] = await stage.bureau.person(name)
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'round-effects')
})

const of = (path) => `/applications/${application.id}/${path}`
const reviewOf = async (name) => (await inboxRows(people[name], 1, (row) => row.application_id === application.id && row.kind === 'review'))[0]

/** Fire and planning agree; housing asks for something late; the applicant answers and corrects a number of fire's as well. */
async function answerLate() {
  for (const name of ['fire', 'planning']) assert.equal((await complete(people[name], await reviewOf(name), 'agree')).status, 200)
  const point = { what: '现场围挡与方案不一致', how_to_mend: '说明整改情况', legal_basis: '办法 4' }
  await people.head.must('POST', of('late-corrections'), { json: { item: 'housing', reason: '踏勘时才能看到', points: [point] }, key: true })
  const mine = await people.school.must('GET', `/applications/${application.id}`)
  const form = structuredClone(mine.form)
  form.fire.review_number = '杭西建消审字〔2026〕第0101号'
  const saved = await people.school.must('PUT', of('form'), { json: { form }, version: mine.version })
  const { correction } = await people.school.must('GET', of('progress'))
  const answers = correction.points.map((one) => ({ point_id: one.point_id, answer: '已整改；消防意见书编号抄错，一并更正' }))
  await people.school.must('POST', of('submission'), { json: { declarations: kDeclarations, remarks: [], answers }, key: true, version: saved.version })
  await waitFor('补正收到', async () => ((await people.head.must('GET', of('progress'))).turn === 'authority' ? true : null))
}

journey('the department whose field was changed reads why it judges again, and goes to the field', stage, async () => {
  await answerLate()
  const { task_id } = await reviewOf('fire')
  for (const [name, viewport] of [['360', kSmallPhone], ['1920', kWide], ['desk', undefined]]) {
    const fire = await stage.browser.visitor('fire', viewport ? { viewport } : {})
    await fire.open(`/app/tasks/${task_id}`)
    const notice = fire.page.locator('.notice', { hasText: '为什么重新审查' })
    await notice.getByText(/第0100号/).waitFor()
    await notice.getByText(/第0101号/).waitFor()
    await fire.look(`140-why-again-${name}`)
    await notice.getByRole('button', { name: /消防设计审查意见书编号/ }).click()
    await fire.page.locator('[id="v-fire.review_number"]').waitFor()
  }
})

journey('every department stands in the comparison of the rounds, with what concerns it', stage, async () => {
  const fire = await stage.browser.visitor('fire')
  await fire.open(`/app/tasks/${(await reviewOf('fire')).task_id}?tab=rounds`)
  const list = fire.page.getByRole('region', { name: '各部门涉及的改动' })
  await list.getByRole('listitem').filter({ hasText: '规划许可核验' }).getByText('结论不变：没有改动与它有关的内容').waitFor()
  await list.getByRole('listitem').filter({ hasText: '消防设计审查核验' }).getByText('重新审查').first().waitFor()
  await fire.look('141-rounds')
})

journey('the owner reads which department looks again, and which need not', stage, async () => {
  for (const [name, viewport] of [['360', kSmallPhone], ['1920', kWide], ['desk', undefined]]) {
    const owner = await stage.browser.visitor(application.account, viewport ? { viewport } : {})
    await owner.open(`/app/applications/${application.id}`)
    const list = owner.page.getByRole('region', { name: '补正以后，哪些部门重新看' })
    await list.getByText('重新审查：您改动了它审查的内容').waitFor()
    await list.getByText('不用重新看：没有改动与它有关的内容').waitFor()
    await owner.look(`142-owner-${name}`)
  }
})

journey('the same conclusion may be given again, and the case goes on', stage, async () => {
  assert.equal((await complete(people.fire, await reviewOf('fire'), 'agree')).status, 200)
  const { items } = await people.head.must('GET', of('progress'))
  assert.equal(items.find((one) => one.item === 'fire').state, 'agreed')
  assert.equal(items.find((one) => one.item === 'planning').state, 'agreed')
})
