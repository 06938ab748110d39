// The office in Chromium: a filed case goes from the window through the departments to the leader, with one correction on the way.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { perform } from '../../tools/demo/acts.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { mediaTypeOf, readPackage } from '../../tools/demo/package_reader.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { Browser, closeStage, journey, missing, root } from './browser.mjs'

const pack = readPackage(join(root, 'catalog/construction-permit/cases/corrected_and_resubmitted'))
const [submission, housingCheck] = pack.steps
const resubmission = pack.steps.find((step) => step.act === 'resubmit').input
const kReviewers = ['housing', 'fire', 'civil_defence', 'planning', 'quality']

const stage = { bureau: null, browser: null }
let application
let owner

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  owner = new Client(stage.bureau.url, pack.account)
  application = { account: pack.account, form: pack.form, materials: pack.materials, commitments: pack.commitments ?? [], states: [], documents: [] }
  await perform({ pack, application, owner, client: owner, act: 'submit', input: submission.input })
}, { timeout: 120_000 })

after(async () => {
  await closeStage(stage, 'office')
})

/** The same act over the interface, for the officers that this journey does not look at. */
function act(account, what, input) {
  return perform({ pack, application, owner, client: new Client(stage.bureau.url, account), act: what, input })
}

async function comesTo(what, holds) {
  return waitFor(what, async () => {
    const progress = await owner.get(`/applications/${application.id}/progress`).catch(() => null)
    return progress && holds(progress) ? progress : null
  })
}

/** The case from the officer's own list, taken in hand. */
async function openCase(visitor) {
  const { page } = visitor
  await waitFor(`任务到 ${visitor.account} 的待办`, async () => {
    await page.getByRole('button', { name: '刷新' }).click()
    return (await page.getByRole('link', { name: application.number }).count()) > 0 || null
  })
  await page.getByRole('link', { name: application.number }).click()
  // The panel beside the list has the same button: only that of the case's own page counts.
  await page.getByRole('toolbar').getByRole('button', { name: '领取', exact: true }).click()
  await page.getByRole('toolbar').getByRole('button', { name: '放回' }).waitFor()
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '在办 1' }).waitFor()
}

function tab(page, name) {
  return page.getByRole('navigation', { name: '办件内容' }).getByRole('link', { name: new RegExp(`^${name}`) })
}

/** The verb in the bar, then the same verb in the dialog that says what follows. */
async function conclude(visitor, verb, opinion, picture) {
  const { page } = visitor
  await page.getByRole('button', { name: verb, exact: true }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await dialog.getByLabel(/意见|理由/).fill(opinion)
  if (picture) await visitor.look(picture)
  await dialog.getByRole('button', { name: verb, exact: true }).click()
  await visitor.heading('办件').waitFor()
  await page.getByText(/^已办：/).waitFor()
}

journey('a department finds what is wrong beside the paper and lists points', stage, async () => {
  const visitor = await stage.browser.visitor('housing')
  const { page } = visitor
  await page.getByRole('link', { name: application.number }).waitFor()
  await visitor.look('21-inbox')
  await page.keyboard.press('Enter')
  await page.getByRole('complementary').getByRole('link', { name: '打开办件' }).waitFor()
  await visitor.look('22-inbox-panel')
  await openCase(visitor)
  await page.getByRole('heading', { name: '申报内容' }).waitFor()
  await page.locator('.desk-paper canvas, .desk-paper img').first().waitFor()
  await visitor.look('23-case-form')
  await tab(page, '材料').click()
  await page.getByRole('button', { name: /施工合同/ }).first().click()
  await page.locator('.desk-paper canvas').first().waitFor()
  await visitor.look('24-case-papers')
  await tab(page, '核对结果').click()
  await page.getByText('R-407').first().waitFor()
  await visitor.look('25-case-findings')
  for (const name of ['意见', '历次对比', '留痕']) {
    await tab(page, name).click()
    await page.getByRole('link', { name, exact: false, current: 'page' }).or(page.locator('[aria-current=page]', { hasText: name })).first().waitFor()
  }
  await page.getByRole('heading', { name: '时间用在哪' }).waitFor()
  await visitor.look('26-case-audit')
  await tab(page, '流程图').click()
  await page.locator('.djs-container svg').first().waitFor()
  await page.getByText('现在在：').first().waitFor()
  await visitor.look('27-case-process')

  await tab(page, '申报内容').click()
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  await page.getByRole('toolbar').getByRole('button', { name: '提出补正' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/意见|理由/).first().fill(housingCheck.input.opinion)
  for (const [place, point] of housingCheck.input.points.entries()) {
    if (place > 0) await dialog.getByRole('button', { name: '加一条要点' }).click()
    const section = dialog.getByRole('region', { name: `第 ${place + 1} 条` })
    if (place === 0) {
      await section.getByRole('combobox').fill('工程名称')
      await section.getByRole('option', { name: /工程名称（合同与发包）/ }).click()
    }
    await section.getByLabel(/问题是什么/).fill(point.what)
    await section.getByLabel(/怎么改/).fill(point.how_to_mend)
    await section.getByLabel(/依据/).fill(point.legal_basis)
  }
  await visitor.look('28-case-points')
  await dialog.getByRole('button', { name: '提出补正' }).click()
  await page.getByText(/^已办：/).waitFor()
})

journey('the owner of another company finds nothing at the address of the case', stage, async () => {
  const visitor = await stage.browser.visitor('school')
  visitor.expects = /^404 .*\/applications\//
  for (const path of [`/app/applications/${application.id}`, `/app/applications/${application.id}/edit`]) {
    await visitor.open(path)
    await visitor.heading('没有找到').waitFor()
    const words = await visitor.page.locator('main').innerText()
    assert.ok(!words.includes(application.number) && !words.includes(pack.form.works.works_name), words)
  }
  await visitor.look('30-not-yours')
})

journey('the window asks for the correction in one letter', stage, async () => {
  for (const account of kReviewers.slice(1)) await act(account, 'check', pack.steps.find((step) => step.act === 'check' && [step.actor].flat().includes(account)).input)
  const visitor = await stage.browser.visitor('clerk')
  await openCase(visitor)
  await conclude(visitor, '要求补正', '三个部门的意见，一次告知。', '29-clerk-correction')
})

journey('the owner answers each point and hands in again', stage, async () => {
  const { correction } = await comesTo('补正通知发出', (progress) => progress.correction)
  const visitor = await stage.browser.visitor(pack.account)
  const { page } = visitor
  await page.getByRole('link', { name: /去处理/ }).click()
  await visitor.heading(/请补正/).waitFor()
  await page.getByText('补正通知书').first().waitFor()
  await visitor.look('31-owner-asked')
  await page.getByRole('link', { name: '去补正' }).click()
  await page.getByRole('navigation', { name: '申请步骤' }).getByRole('link', { name: /合同与发包/ }).click()
  const name = page.locator('[id="f-contract.works_name"]')
  await name.waitFor()
  await visitor.look('32-owner-mends')
  await name.fill(resubmission.changes['contract.works_name'])
  await page.getByRole('navigation', { name: '申请步骤' }).getByRole('link', { name: /人防/ }).click()
  await page.locator('[id="f-civil_defence.area_designed_m2_hundredths"]').fill('920')
  await page.getByRole('navigation', { name: '申请步骤' }).getByRole('link', { name: /材料/ }).click()
  const paper = resubmission.materials[0]
  await page.locator(`#up-${paper.material_code}`).setInputFiles({ name: paper.file_name, mimeType: mediaTypeOf(paper.file), buffer: readFileSync(join(pack.folder, paper.file)) })
  await page.getByRole('button', { name: paper.file_name, exact: true }).waitFor()
  await page.getByRole('navigation', { name: '申请步骤' }).getByRole('link', { name: /核对并提交/ }).click()
  for (const place of correction.points.keys()) await page.getByLabel(`第 ${place + 1} 条的回复`).fill('已改正，请核。')
  await visitor.look('33-owner-answers')
  await page.getByLabel(/我已核对以上全部内容/).check()
  await page.getByRole('button', { name: '提交补正' }).click()
  await visitor.heading('补正已提交').waitFor()
  await visitor.look('34-owner-resubmitted')
})

journey('the departments review, the leader grants, the certificate opens', stage, async () => {
  await comesTo('受理', (progress) => progress.state === 'accepted')
  const fire = await stage.browser.visitor('fire')
  await openCase(fire)
  await tab(fire.page, '历次对比').click()
  await fire.page.getByText('原来是').first().waitFor()
  await fire.look('35-case-rounds')
  await tab(fire.page, '申报内容').click()
  for (const box of await fire.page.getByRole('checkbox').all()) await box.check()
  await conclude(fire, '同意', '经审查，符合法定条件，同意。', '36-review-agree')
  for (const account of kReviewers.filter((one) => one !== 'fire')) await act(account, 'review', { outcome: 'agree', opinion: '经审查，符合法定条件，同意。' })
  await act('head', 'recheck', { outcome: 'pass', opinion: '复核无误，请领导审批。' })

  const leader = await stage.browser.visitor('leader')
  await openCase(leader)
  await leader.page.getByRole('heading', { name: '各部门结论' }).waitFor()
  const letter = leader.page.getByRole('complementary', { name: '将要发出的决定书' })
  await letter.getByText('杭州市西湖区住房和城乡建设局').first().waitFor()
  await leader.look('37-decision')
  await conclude(leader, '准予许可', '同意颁发施工许可证。', '38-decision-grant')

  const { permit_number: number } = await comesTo('证照发出', (progress) => progress.permit_number)
  const certificates = await stage.browser.visitor('certificates')
  await openCase(certificates)
  await conclude(certificates, '发证并送达', '证照已生成并送达。', '39-deliver')
  await certificates.open(`/app/permits/${number}`)
  await certificates.page.locator('#certificate canvas').first().waitFor()
  await certificates.page.getByText('5180 万元', { exact: true }).waitFor()
  await certificates.page.locator('#certificate .page-text span').first().waitFor({ state: 'attached' })
  await certificates.look('40-permit')
  const [download] = await Promise.all([certificates.page.waitForEvent('download'), certificates.page.getByRole('link', { name: '下载 PDF' }).click()])
  assert.equal(readFileSync(await download.path()).subarray(0, 5).toString(), '%PDF-')

  const agent = await stage.browser.visitor(pack.account)
  await agent.open(`/app/applications/${application.id}`)
  await agent.heading('时间用在哪').waitFor()
  await agent.look('41-application-granted')
})
