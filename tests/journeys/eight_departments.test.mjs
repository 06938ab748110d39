// One case with eight departments in Chromium, from the first look to the certificate, through everything officers do with a case on the way. After each act the pages, the diagram, the record and the letters must say the same.
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { packageOf, playUntil, settled } from '../api/stories.mjs'
import { perform } from '../../tools/demo/acts.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'
import { choose, pick } from './case_page.mjs'
import { makeCatalogue } from './eight_departments.mjs'

const kDepartments = ['housing', 'planning', 'fire', 'civil_defence', 'quality_safety', 'water', 'traffic', 'urban']
const kOfficerOf = { quality_safety: 'quality' }
const officerOf = (department) => kOfficerOf[department] ?? department
const kWhoAsks = { fire: '消防设计说明缺疏散宽度计算', planning: '规划附图缺坐标', water: '水土保持方案缺批复' }
const kSmallPhone = { width: 360, height: 740 }
const kPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

const stage = { bureau: null, browser: null }
const pack = missing ? null : packageOf('school')
let catalogue
let application
const clients = new Map()
const clientOf = (account) => clients.get(account) ?? clients.set(account, new Client(stage.bureau.url, account)).get(account)

before(async () => {
  if (missing) return
  catalogue = makeCatalogue()
  stage.bureau = await Bureau.start({ environment: { KAIGONG_CATALOG_FOLDER: catalogue } })
  stage.browser = await Browser.start(stage.bureau.url)
  application = await playUntil(stage.bureau, pack, 'check')
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'eight-departments')
  if (catalogue) rmSync(dirname(catalogue), { recursive: true, force: true })
})

/** The same act over the interface, for the officers that this journey does not look at. */
const act = (account, what, input) => perform({ pack, application, owner: clientOf(application.account), client: clientOf(account), act: what, input })

async function rowOf(account, fits) {
  return waitFor(`任务到 ${account} 的待办`, async () => (await clientOf(account).get('/inbox?view=todo')).rows.find((one) => one.application_id === application.id && fits(one)) ?? (await clientOf(account).get('/inbox?view=mine')).rows.find((one) => one.application_id === application.id && fits(one)) ?? null)
}

async function openTask(visitor, fits = () => true) {
  const row = await rowOf(visitor.account, fits)
  await visitor.open(`/app/tasks/${row.task_id}`)
  await visitor.page.getByRole('toolbar').first().waitFor()
  return row.task_id
}

async function claim({ page }) {
  await page.getByRole('toolbar').getByRole('button', { name: '领取', exact: true }).click()
  await page.getByRole('toolbar').getByRole('button', { name: '放回' }).waitFor()
}

/** The verb stands in the bar, on a phone that decides at the foot of the page. */
async function conclude({ page }, verb, opinion) {
  await page.getByRole('button', { name: verb, exact: true }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/意见|理由/).first().fill(opinion)
  await dialog.getByRole('button', { name: verb, exact: true }).click()
  await page.getByText(/^已办：/).waitFor()
}

const openTab = (page, name) => page.getByRole('navigation', { name: '办件内容' }).getByRole('link', { name }).click()

/** What the head's view of the case, its diagram, its record and its letters say, held against each other. */
async function agree(step) {
  const head = clientOf('head')
  await settled(clientOf(application.account), application)
  const of = (what) => head.get(`/applications/${application.id}/${what}`)
  const [progress, process, { tasks }] = await Promise.all([of('progress'), of('process'), of('tasks')])
  const open = tasks.filter((one) => one.state === 'open' && !one.element_id?.startsWith('@'))
  const waits = progress.waiting_for.filter((one) => one.kind === 'person' || one.kind === 'applicant')
  assert.equal(waits.length, tasks.filter((one) => one.state === 'open').length, `${step}: the page waits for ${waits.map((one) => one.name)}, the record has ${open.map((one) => one.name)} open`)
  const names = new Map([...process.bpmn_xml.matchAll(/<userTask id="([^"]+)" name="([^"]+)"/g)].map(([, id, name]) => [name, id]))
  for (const task of open.filter((one) => names.has(one.name))) assert.ok(process.active.includes(names.get(task.name)), `${step}: ${task.name} is open, but the diagram stands at ${process.active}`)
  for (const element of process.active.filter((id) => [...names.values()].includes(id))) {
    assert.ok(open.some((one) => names.get(one.name) === element), `${step}: the diagram stands at ${element}, and nobody has it to do`)
  }
  const told = new Set(progress.timeline.map((one) => one.kind))
  const due = { correction_notice: told.has('request_correction'), acceptance_notice: progress.state !== 'submitted', grant_decision: progress.state === 'granted' }
  // A letter is made a moment after its cause, and once.
  const letters = await waitFor(`${step}：文书齐全`, async () => {
    const made = (await of('letters')).letters
    return Object.entries(due).every(([kind, is]) => made.filter((one) => one.letter_kind === kind).length === (is ? 1 : 0)) ? made : null
  })
  assert.equal(new Set(letters.map((one) => one.number)).size, letters.length, `${step}: a number was used twice: ${letters.map((one) => one.number)}`)
  const kinds = letters.map((one) => one.letter_kind)
  return { progress, process, tasks, letters, kinds }
}

const itemOf = (seen, item) => seen.progress.items.find((one) => one.item === item)

journey('three of eight departments ask for corrections', stage, async () => {
  for (const [department, what] of Object.entries(kWhoAsks)) {
    const visitor = await stage.browser.visitor(officerOf(department))
    const { page } = visitor
    await openTask(visitor)
    await claim(visitor)
    await page.getByRole('toolbar').getByRole('button', { name: '提出补正' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/意见|理由/).first().fill('有一处需要补正。')
    const point = dialog.getByRole('region', { name: '第 1 条' })
    await point.getByLabel(/问题是什么/).fill(what)
    await point.getByLabel(/怎么改/).fill('补充后重新上传。')
    await point.getByLabel(/依据/).fill('行政许可法 32')
    await dialog.getByRole('button', { name: '提出补正' }).click()
    await page.getByText(/^已办：/).waitFor()
  }
  for (const department of kDepartments.filter((one) => !(one in kWhoAsks))) await act(officerOf(department), 'check', { outcome: 'complete', opinion: '材料齐全。' })
  const seen = await agree('checked')
  assert.equal(seen.progress.items.length, 8)
})

journey('the window sends one letter with the points of all three', stage, async () => {
  const clerk = await stage.browser.visitor('clerk')
  const taskId = await openTask(clerk)
  await claim(clerk)
  await clerk.look('200-eight-points')
  await conclude(clerk, '要求补正', '三个部门的意见，一次告知。')
  const seen = await waitFor('补正通知书', async () => {
    const now = await agree('corrected')
    return now.kinds.includes('correction_notice') ? now : null
  })
  assert.equal(seen.progress.correction.points.length, 3)
  await clerk.open(`/app/tasks/${taskId}`)
  await openTabOfCase(clerk, '流程图', '201-eight-diagram')
})

async function openTabOfCase(visitor, name, picture) {
  await openTab(visitor.page, name)
  if (name === '流程图') await visitor.page.locator('.djs-container svg').first().waitFor()
  await visitor.look(picture, { wideOnly: true })
}

journey('the owner reads one letter, answers each of the three points and hands in again', stage, async () => {
  const owner = await stage.browser.visitor(application.account)
  const { page } = owner
  await page.getByRole('link', { name: /去处理/ }).click()
  await owner.heading(/请补正/).waitFor()
  for (const what of Object.values(kWhoAsks)) await page.getByText(what).first().waitFor()
  await owner.look('202-eight-asked')
  await page.getByRole('link', { name: '去补正' }).click()
  await page.getByRole('navigation', { name: '申请步骤' }).getByRole('link', { name: /核对并提交/ }).click()
  for (const place of [1, 2, 3]) await page.getByLabel(`第 ${place} 条的回复`).fill('已补充，请核。')
  await page.getByLabel(/我已核对以上全部内容/).check()
  await page.getByRole('button', { name: '提交补正' }).click()
  await owner.heading('补正已提交').waitFor()
  assert.equal((await agree('handed in again')).progress.round, 2)
})

journey('the window must accept now, and lets one paper come later', stage, async () => {
  const clerk = await stage.browser.visitor('clerk')
  const { page } = clerk
  await openTask(clerk, (one) => one.kind === 'accept')
  await claim(clerk)
  assert.equal(await page.getByRole('toolbar').getByRole('button', { name: '要求补正' }).count(), 0)
  await page.getByRole('toolbar').getByRole('button', { name: '容缺受理', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('材料', { exact: true }).selectOption('M-40')
  await dialog.getByLabel(/补交时间/).fill('3')
  await dialog.getByLabel('为什么可以后补').fill('社保系统升级，证明三日内可取得')
  await clerk.look('203-eight-omission')
  await dialog.getByRole('button', { name: '容缺受理', exact: true }).click()
  await page.getByText(/^已办：容缺受理/).waitFor()
  const seen = await waitFor('受理', async () => {
    const now = await agree('accepted')
    return now.progress.state === 'accepted' && now.kinds.includes('tolerated_omission_notice') ? now : null
  })
  assert.ok(seen.progress.items.every((one) => one.state === 'in_review'), JSON.stringify(seen.progress.items))
  // Five voters in the fire department, one task in each of the seven others.
  assert.equal(seen.tasks.filter((one) => one.state === 'open').length, 12)
})

journey('housing: given away twice, signed before, an opinion asked for, signed after', stage, async () => {
  const wang = await stage.browser.visitor('housing')
  const taskId = await openTask(wang, (one) => one.kind === 'review')
  await claim(wang)
  const toSun = await choose(wang.page, /^转办/)
  await pick(toSun, '孙住建')
  await toSun.getByLabel(/理由/).fill('出差。')
  await toSun.getByRole('button', { name: '转办', exact: true }).click()
  await wang.page.getByText(/^已办：转办/).waitFor()

  const sun = await stage.browser.visitor('housing2')
  await sun.open(`/app/tasks/${taskId}`)
  const toWu = await choose(sun.page, /^转办/)
  await pick(toWu, '吴住建')
  await toWu.getByLabel(/理由/).fill('请专班办理。')
  await toWu.getByRole('button', { name: '转办', exact: true }).click()
  await sun.page.getByText(/^已办：转办/).waitFor()
  await agree('given away twice')

  const wu = await stage.browser.visitor('housing3')
  await wu.open(`/app/tasks/${taskId}`)
  await wu.page.getByText(/原由王住建.*承办/).waitFor()
  const before = await choose(wu.page, /^前加签/)
  await pick(before, '王住建')
  await before.getByLabel(/想请对方看什么/).fill('请核对深基坑方案。')
  await before.getByRole('button', { name: '前加签', exact: true }).click()
  await wu.page.getByText(/正在等王住建.*的意见/).first().waitFor()
  await agree('asked before')
  await openTask(wang, (one) => one.step_name.startsWith('前加签'))
  await conclude(wang, '同意', '方案可行。')

  await wu.open(`/app/tasks/${taskId}`)
  await wu.page.getByText('“方案可行。”').waitFor()
  const asking = await choose(wu.page, /^委派/)
  await pick(asking, '孙住建')
  await asking.getByLabel(/想请对方看什么/).fill('合同价款口径是否一致？')
  await asking.getByRole('button', { name: '委派', exact: true }).click()
  await wu.page.getByText(/正在等孙住建.*的意见/).first().waitFor()
  await openTask(sun, (one) => one.step_name.startsWith('委派'))
  await conclude(sun, '提出意见', '一致。')

  await wu.open(`/app/tasks/${taskId}`)
  await wu.page.getByText('“一致。”').waitFor()
  const signing = await choose(wu.page, /^后加签/)
  await pick(signing, '王住建')
  await signing.getByLabel(/想请对方看什么/).fill('请会签。')
  await signing.getByRole('button', { name: '后加签', exact: true }).click()
  await wu.page.getByText('您办结后再签').waitFor()
  await conclude(wu, '同意', '同意，合同已核。')
  assert.equal(itemOf(await agree('decided, not yet signed'), 'housing').state, 'in_review')
  await openTask(wang, (one) => one.step_name.startsWith('后加签'))
  await conclude(wang, '同意', '同意。')
  assert.equal(itemOf(await agree('signed after'), 'housing').state, 'agreed')
  await wu.open(`/app/tasks/${taskId}`)
  await wu.page.getByText(/已由吴住建.*办结/).waitFor()
  await openTabOfCase(wu, '留痕', '204-eight-record')
})

journey('fire: an expert review stops the clock, then three of five agree and the head could have vetoed', stage, async () => {
  const fire = await stage.browser.visitor('fire')
  const { page } = fire
  await openTask(fire, (one) => one.kind === 'review')
  await claim(fire)
  await page.getByText(/会签：5 人表决，3 人同意即通过/).waitFor()
  await openTab(page, /特别办理/)
  await page.getByRole('button', { name: /开始特别程序/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('哪一种').selectOption('expert_review')
  await dialog.getByLabel('预计需要几个工作日').fill('10')
  await dialog.getByLabel(/理由/).fill('建筑高度超限，消防设计需要专家评审')
  await dialog.getByRole('button', { name: '开始特别程序', exact: true }).click()
  await page.getByText('已开始特别程序').waitFor()
  const paused = await waitFor('特别程序告知书', async () => {
    const now = await agree('expert review')
    return now.kinds.includes('special_procedure_notice') ? now : null
  })
  assert.equal(itemOf(paused, 'fire').state, 'special_procedure')
  assert.equal(paused.progress.clock.paused, true, JSON.stringify(paused.progress.clock))
  await fire.look('205-eight-expert-review')
  await page.getByRole('button', { name: /结束特别程序/ }).click()
  await page.getByRole('dialog').getByLabel('结果').fill('专家组同意')
  await page.getByRole('dialog').getByRole('button', { name: '结束特别程序', exact: true }).click()
  await page.getByText('已结束特别程序').waitFor()
  assert.equal((await agree('expert review ended')).progress.clock.paused, false)

  await openTask(fire, (one) => one.kind === 'review')
  await conclude(fire, '同意', '专家意见已落实。')
  assert.equal(itemOf(await agree('one vote'), 'fire').state, 'in_review')
  for (const account of ['fire2', 'fire_head']) {
    const voter = await stage.browser.visitor(account, { viewport: kSmallPhone })
    await openTask(voter, (one) => one.kind === 'review')
    await claim(voter)
    if (account === 'fire_head') await voter.look('206-eight-vote')
    await conclude(voter, '同意', '同意。')
  }
  const seen = await agree('three of five')
  assert.equal(itemOf(seen, 'fire').state, 'agreed')
  const votes = seen.tasks.filter((one) => one.name === '消防设计审查核验')
  assert.deepEqual(votes.map((one) => one.state).sort(), ['cancelled', 'cancelled', 'completed', 'completed', 'completed'])
})

journey('water: the head returns the case to the reviewer inside the branch; nobody else notices', stage, async () => {
  const water = await stage.browser.visitor('water')
  await openTask(water, (one) => one.kind === 'review')
  await claim(water)
  await conclude(water, '拟同意', '方案可行。')
  const before = await agree('proposed')
  const head = await stage.browser.visitor('water_head')
  await openTask(head, (one) => one.step_name === '水土保持审定')
  await claim(head)
  const dialog = await choose(head.page, /^退回/)
  await dialog.getByRole('radio', { name: '水土保持初审' }).check()
  await dialog.getByLabel(/理由/).fill('弃渣场位置没有写。')
  await head.look('207-eight-return')
  await dialog.getByRole('button', { name: '退回', exact: true }).click()
  await head.page.getByText(/^已办：退回/).waitFor()
  const returned = await agree('returned inside the branch')
  const others = (seen) => seen.tasks.filter((one) => one.state === 'open' && !/水土保持/.test(one.name)).map((one) => one.task_id).sort()
  assert.deepEqual(others(returned), others(before))
  await openTask(water, (one) => one.kind === 'review')
  await water.page.getByText('弃渣场位置没有写。').first().waitFor()
  await claim(water)
  await conclude(water, '拟同意', '弃渣场位置已补。')
  await openTask(head, (one) => one.step_name === '水土保持审定')
  await claim(head)
  await conclude(head, '同意', '同意。')
  assert.equal(itemOf(await agree('settled'), 'water').state, 'agreed')
})

journey('the owner asks to withdraw, thinks better of it, and brings the paper he owes', stage, async () => {
  const owner = await stage.browser.visitor(application.account)
  const { page } = owner
  await owner.open(`/app/applications/${application.id}`)
  await page.getByRole('button', { name: '撤回申请' }).click()
  await page.getByLabel('撤回原因').fill('方案要调整')
  await page.getByRole('dialog').getByRole('button', { name: '请求撤回' }).click()
  await page.getByText(/您已请求撤回申请/).waitFor()
  await rowOf('clerk', (one) => one.kind === 'withdrawal')
  await agree('withdrawal asked')
  await owner.look('208-eight-withdrawing')
  await page.getByRole('button', { name: '不再撤回，继续办理' }).click()
  await page.getByText(/您已请求撤回申请/).waitFor({ state: 'detached' })
  await waitFor('窗口的确认任务取消', async () => (await agree('goes on')).tasks.every((one) => one.name !== '确认撤件' || one.state === 'cancelled') || null)

  const file = join(tmpdir(), '参保证明.png')
  writeFileSync(file, kPng)
  const box = page.getByRole('region', { name: /需要补交/ })
  await box.locator('input[type=file]').setInputFiles(file)
  await box.getByText('已上传，还没有提交：参保证明.png').waitFor()
  await box.getByRole('button', { name: '提交补交' }).click()
  await box.getByText('已补交，等待窗口核对').waitFor()
  const clerk = await stage.browser.visitor('clerk')
  await openTask(clerk, (one) => one.kind === 'owed_paper')
  await claim(clerk)
  await conclude(clerk, '符合要求', '已核。')
  const seen = await agree('paper came')
  assert.ok(seen.progress.episodes.every((one) => one.state !== 'open'), JSON.stringify(seen.progress.episodes))
})

journey('the rest agree; the head has one item looked at again, and dates and letters stay', stage, async () => {
  for (const department of ['planning', 'civil_defence', 'quality_safety', 'traffic', 'urban']) await act(officerOf(department), 'review', { outcome: 'agree', opinion: '经审查，符合法定条件，同意。', item: department })
  const before = await waitFor('复核', async () => {
    const now = await agree('all concluded')
    return now.process.active.includes('recheck') ? now : null
  })
  const head = await stage.browser.visitor('head')
  const { page } = head
  await openTask(head, (one) => one.kind === 'recheck')
  await openTab(page, /特别办理/)
  await page.getByRole('button', { name: /施工许可条件审查.*重新审查|重新审查.*施工许可条件审查/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/理由/).fill('接到举报，请复查合同。')
  await head.look('209-eight-override')
  await dialog.getByRole('button', { name: '重新审查', exact: true }).click()
  await page.getByText(/^已.*重新审查|重新审查.*已/).first().waitFor()
  const reopened = await agree('reopened by the head')
  assert.equal(itemOf(reopened, 'housing').state, 'in_review')
  assert.deepEqual(reopened.process.active, ['review_housing'])
  assert.equal(reopened.progress.clock.due_on, before.progress.clock.due_on)
  assert.deepEqual(reopened.letters.map((one) => one.number).sort(), before.letters.map((one) => one.number).sort())
  const housing = await stage.browser.visitor('housing')
  await openTask(housing, (one) => one.kind === 'review')
  await claim(housing)
  await conclude(housing, '同意', '复查无误。')
  await waitFor('又到复核', async () => ((await agree('looked at again')).process.active.includes('recheck') ? true : null))
})

journey('the head passes it, the leader grants, the certificate is there', stage, async () => {
  const head = await stage.browser.visitor('head')
  await openTask(head, (one) => one.kind === 'recheck')
  await claim(head)
  await conclude(head, '复核通过', '复核无误。')
  await agree('passed')
  const leader = await stage.browser.visitor('leader', { viewport: kSmallPhone })
  await openTask(leader, (one) => one.kind === 'decide')
  await claim(leader)
  await leader.look('210-eight-decision')
  await conclude(leader, '准予许可', '同意颁发施工许可证。')
  const granted = await waitFor('证书', async () => {
    const now = await agree('granted')
    return now.process.active.includes('deliver') ? now : null
  }, { deadlineMs: 60_000 })
  assert.ok(granted.progress.permit_number)
  const certificates = await stage.browser.visitor('certificates')
  await openTask(certificates, (one) => one.kind === 'certificate')
  await claim(certificates)
  await conclude(certificates, '发证并送达', '证照已生成并送达。')
  const done = await agree('delivered')
  assert.deepEqual(done.process.active, [])
  assert.equal(done.tasks.filter((one) => one.state === 'open').length, 0)

  const owner = await stage.browser.visitor(application.account)
  await owner.open(`/app/applications/${application.id}`)
  await owner.heading('时间用在哪').waitFor()
  await owner.look('211-eight-granted')
  await owner.open(`/app/permits/${granted.progress.permit_number}`)
  await owner.page.locator('#certificate canvas').first().waitFor()
  const [download] = await Promise.all([owner.page.waitForEvent('download'), owner.page.getByRole('link', { name: '下载 PDF' }).click()])
  assert.equal(readFileSync(await download.path()).subarray(0, 5).toString(), '%PDF-')
  const letter = done.letters.find((one) => one.letter_kind === 'correction_notice')
  const pdf = await clientOf(application.account).download(`/api/v1/letters/${letter.letter_id}/content`)
  assert.equal(Buffer.from(pdf.bytes ?? pdf).subarray(0, 5).toString(), '%PDF-')
})
