// A firm fills in and confirms its own part in Chromium: invited by the owner, typing while he types, confirmed, stale
// after his change, confirmed again, filed, and read by the officer; at 360, 390 and 1440 px.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { inboxRows, packageOf } from '../api/stories.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const kSmallPhone = { width: 360, height: 740 }
const kDesigner = 2
const stage = { bureau: null, browser: null }
let school, estate, id, form

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  school = await stage.bureau.person('school')
  estate = await stage.bureau.person('estate')
  const draft = await school.must('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })
  id = draft.application_id
  form = structuredClone(packageOf('school').form)
  form.participants[kDesigner].credit_code = estate.session.account.credit_code
  await school.must('PUT', `/applications/${id}/form`, { json: { form }, version: draft.version })
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'invited_parts')
})

const current = () => school.must('GET', `/applications/${id}`)

journey('a firm is asked for its part and sees nothing else', stage, async () => {
  const firm = await stage.browser.visitor('estate', { viewport: kSmallPhone })
  await firm.open('/app/invited-parts')
  await firm.page.getByText('没有等您单位填报或确认的').waitFor()
  await firm.look('160-parts-empty')
  const owner = await stage.browser.visitor('school')
  await owner.open(`/app/applications/${id}/edit/participants`)
  const invite = owner.page.getByRole('button', { name: new RegExp(`^邀请：${form.participants[kDesigner].organisation_name}`) })
  await invite.press('Enter')
  const dialog = owner.page.getByRole('dialog', { name: /^邀请/ })
  await dialog.getByLabel(/由对方填写/).waitFor()
  await owner.look('161-invite')
  await dialog.getByRole('button', { name: '发出邀请' }).press('Enter')
  await owner.page.getByText(/的经办人在“待填报或确认”中能看到/).waitFor()
  await owner.page.getByText('已邀请', { exact: true }).waitFor()
  await owner.look('162-invited')
  await firm.page.reload()
  await firm.page.getByRole('link', { name: /去办理/ }).waitFor()
  await firm.look('163-parts')
})

journey('both type at the same time, the firm confirms, and a change makes that stale', stage, async () => {
  const owner = await stage.browser.visitor('school')
  owner.expects = /^412 .*\/form$/
  await owner.open(`/app/applications/${id}/edit/works`)
  await owner.page.getByLabel(/工程名称/).first().waitFor()
  const firm = await stage.browser.visitor('estate')
  firm.expects = /^412 .*\/values$/
  await firm.open('/app/invited-parts')
  await firm.page.getByRole('link', { name: /去办理/ }).press('Enter')
  const number = firm.page.getByLabel(/合同编号/)
  await number.fill('HT-2026-160')
  await firm.page.getByText(/已保存 \d/).waitFor()
  assert.equal(await firm.page.getByText(form.works.works_address).count(), 0)
  await firm.look('164-part')
  // The owner knows nothing of it yet, and goes on typing.
  await owner.page.getByLabel(/工程名称/).first().fill('示例小学校舍（一期）')
  await owner.page.getByText('参建单位刚填的内容已合进来').waitFor()
  await owner.page.getByText(/草稿已保存 \d/).waitFor()
  const together = await current()
  assert.deepEqual([together.form.works.works_name, together.form.participants[kDesigner].contract_number], ['示例小学校舍（一期）', 'HT-2026-160'])
  await owner.look('165-merged', { wideOnly: true })
  await firm.page.getByRole('button', { name: '确认', exact: true }).press('Enter')
  await firm.page.getByRole('alert').getByText(/请先勾选/).waitFor()
  await firm.page.getByLabel('本单位确认以上内容属实').press('Space')
  await firm.page.getByRole('button', { name: '确认', exact: true }).press('Enter')
  await firm.page.getByText(/周经办 于 .* 确认/).waitFor()
  await firm.look('166-confirmed')
  // Both change the same value: the firm is asked.
  const changed = await current()
  changed.form.participants[kDesigner].contract_number = 'HT-OWNER'
  await school.must('PUT', `/applications/${id}/form`, { json: { form: changed.form }, version: changed.version })
  await number.fill('HT-FIRM')
  await firm.page.getByText(/建设单位也改了/).waitFor()
  await firm.look('167-both')
  await firm.page.getByRole('button', { name: '用建设单位改的' }).press('Enter')
  await firm.page.getByText(/已保存 \d/).waitFor()
  assert.equal(await number.inputValue(), 'HT-OWNER')
  await firm.page.getByText('确认后有改动').waitFor()
  await owner.open(`/app/applications/${id}/edit/participants`)
  await owner.page.getByText('确认后有改动').waitFor()
  await owner.look('168-stale')
})

journey('what is not confirmed is named before filing; the officer reads who confirmed', stage, async () => {
  const owner = await stage.browser.visitor('school')
  await owner.open(`/app/applications/${id}/edit/review`)
  await owner.page.getByText(/还有 1 个参建单位没有确认/).waitFor()
  await owner.look('169-warned', { wideOnly: true })
  const firm = await stage.browser.visitor('estate', { viewport: kSmallPhone })
  await firm.open('/app/invited-parts')
  await firm.page.getByRole('link', { name: /去办理/ }).click()
  await firm.page.getByLabel('本单位确认以上内容属实').check()
  await firm.page.getByRole('button', { name: '重新确认' }).click()
  await firm.page.getByText(/周经办 于 .* 确认/).waitFor()
  await firm.look('170-confirmed-again')
  const { version } = await current()
  await school.must('POST', `/applications/${id}/submission`, { json: { declarations: { truth: true, not_split: true } }, key: true, version })
  firm.expects = /^404 .*\/invited-parts\//
  await firm.page.reload()
  await firm.page.getByText(/没有找到这项邀请/).first().waitFor()
  await firm.look('171-over')
  const housing = await stage.bureau.person('housing')
  const [row] = await inboxRows(housing, 1, (one) => one.application_id === id)
  const officer = await stage.browser.visitor('housing')
  await officer.open(`/app/tasks/${row.task_id}?tab=form`)
  await officer.page.getByRole('region', { name: '参建单位确认情况' }).getByText('已确认').waitFor()
  await officer.look('172-officer', { wideOnly: true })
})
