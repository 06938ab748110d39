// 告知承诺 in Chromium: the owner reads the conditions and promises, the department concludes at once, and after the grant it checks: one true, one false.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { packageOf, playUntil } from '../api/stories.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const stage = { bureau: null, browser: null }
let pack, application, draft

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  pack = packageOf('committed')
  const owner = new Client(stage.bureau.url, pack.account)
  draft = await owner.call('POST', '/applications', { json: { matter_code: pack.matter_code }, key: true })
  await owner.call('PUT', `/applications/${draft.application_id}/form`, { json: { form: pack.form }, version: draft.version })
  application = await playUntil(stage.bureau, pack, 'review')
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'commitments')
})

async function openTask(visitor, kind, named = '') {
  const client = new Client(stage.bureau.url, visitor.account)
  const row = await waitFor(`任务到 ${visitor.account} 的待办`, async () => (await client.get('/inbox?view=todo&limit=100')).rows.find((one) => one.application_id === application.id && one.kind === kind && one.step_name.includes(named)) ?? null)
  await visitor.open(`/app/tasks/${row.task_id}`)
  await visitor.page.getByRole('heading', { level: 1 }).waitFor()
}

const claim = (page) => page.getByRole('toolbar').getByRole('button', { name: '领取', exact: true }).click()

async function decide(page, outcome, opinion = '') {
  await page.getByRole('toolbar').getByRole('button', { name: outcome, exact: true }).click()
  const dialog = page.getByRole('dialog')
  if (opinion) await dialog.getByRole('textbox').first().fill(opinion)
  return dialog
}

journey('the owner reads the conditions in full where he promises, and may still go back', stage, async () => {
  const owner = await stage.browser.visitor(pack.account)
  const { page } = owner
  await owner.open(`/app/applications/${draft.application_id}/edit/materials`)
  const row = page.getByRole('listitem').filter({ hasText: '工伤保险参保证明' }).first()
  await row.getByRole('button', { name: /改为承诺/ }).click()
  const terms = page.getByRole('region', { name: /^承诺代替：工伤保险参保证明/ })
  await terms.getByText('工程开工前按项目参加工伤保险').waitFor()
  await terms.getByText(/30 个工作日内/).waitFor()
  await terms.getByText(/撤销施工许可/).waitFor()
  await owner.look('130-terms')
  await terms.getByRole('button', { name: '不承诺，上传文件' }).click()
  await terms.waitFor({ state: 'detached' })
  await row.getByRole('button', { name: /改为承诺/ }).click()
  await terms.getByRole('button', { name: /我已知晓/ }).click()
  await page.getByText('您承诺的内容').first().waitFor()
  await owner.look('131-promised')
})

journey('a department whose papers are promised concludes at once, and the owner reads that it is checked later', stage, async () => {
  const housing = await stage.browser.visitor('housing')
  await openTask(housing, 'review')
  await claim(housing.page)
  const dialog = await decide(housing.page, '按告知承诺当场同意', '其余材料符合条件')
  await housing.look('132-at-once')
  await dialog.getByRole('button', { name: '按告知承诺当场同意', exact: true }).click()
  await housing.page.getByText(/^已办：按告知承诺当场同意/).waitFor()
  const owner = await stage.browser.visitor(pack.account)
  await owner.open(`/app/applications/${application.id}`)
  await owner.page.getByRole('region', { name: '您的承诺' }).getByText(/准予许可后 30 个工作日内核查/).first().waitFor()
  await owner.page.getByRole('button', { name: '告知承诺书' }).waitFor()
  await owner.look('133-owner-runs')
})

journey('after the grant the department checks: one is true, one is false, and the owner reads what follows', stage, async () => {
  await playOn()
  const housing = await stage.browser.visitor('housing')
  const { page } = housing
  await openTask(housing, 'commitment_check', '支付担保')
  await claim(page)
  await (await decide(page, '属实')).getByRole('button', { name: '属实', exact: true }).click()
  await page.getByText(/^已办：属实/).waitFor()
  await openTask(housing, 'commitment_check', '工伤保险')
  await claim(page)
  const dialog = await decide(page, '不实', '社会保险经办机构没有本项目的参保记录')
  await housing.look('134-false')
  await dialog.getByRole('button', { name: '不实', exact: true }).click()
  await page.getByText(/^已办：不实/).waitFor()
  const owner = await stage.browser.visitor(pack.account)
  await owner.open(`/app/applications/${application.id}`)
  await owner.page.getByRole('region', { name: '您的承诺' }).getByText(/核查不实：社会保险经办机构没有本项目的参保记录/).waitFor()
  await owner.page.getByRole('region', { name: /需要补交/ }).waitFor()
  await owner.look('135-owner-false')
})

/** The office goes on with what the browser began. */
async function playOn() {
  const rest = pack.steps.slice(pack.steps.findIndex((step) => step.act === 'review'))
  for (const step of rest) {
    if (step.act === 'check_commitment') break
    for (const actor of [step.actor].flat()) {
      if (step.act === 'review' && actor === 'housing') continue
      const client = new Client(stage.bureau.url, actor)
      const kind = { deliver: 'certificate' }[step.act] ?? step.act
      const row = await waitFor(`${kind} 到 ${actor}`, async () => (await client.get('/inbox?view=todo&limit=100')).rows.find((one) => one.application_id === application.id && one.kind === kind) ?? null, { deadlineMs: 60_000 })
      const task = await client.get(`/tasks/${row.task_id}`)
      const outcome = step.input.outcome ?? task.outcomes[0].code
      await client.call('POST', `/tasks/${row.task_id}/completion`, { json: { outcome, opinion: step.input.opinion, checklist: [], points: [] }, key: true, version: task.version })
    }
  }
  assert.equal((await new Client(stage.bureau.url, pack.account).get(`/applications/${application.id}/progress`)).state, 'granted')
}
