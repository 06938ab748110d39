// 对外征求意见 in Chromium: a reviewer asks an engineer without an account, who opens the link on a phone, proves himself by a code, reads the chosen part and a plan, and answers; the reviewer takes it, and another link is withdrawn while it is open.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { codeIn, lastMessage, tokenIn } from '../api/people.mjs'
import { packageOf, playUntil } from '../api/stories.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const kSmallPhone = { width: 360, height: 740 }
const kDesk = { width: 1440, height: 900 }
const kPhones = ['13900002001', '13900002002']
const kQuestion = '消防车登高操作场地的布置是否满足要求？'
const kAnswer = '建议登高场地距外墙不小于 5 米。'
const kLetter = '盖章意见函.pdf'
const kLetterBytes = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')
const kPaper = '各参建单位营业执照（合订）.pdf'

const stage = { bureau: null, browser: null }
let application

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  application = await playUntil(stage.bureau, packageOf('school'), 'review')
}, { timeout: 240_000 })

after(() => closeStage(stage, 'consultation'))

async function openConsultations(visitor) {
  const client = new Client(stage.bureau.url, visitor.account)
  const row = (await client.get('/inbox?view=todo')).rows.find((one) => one.application_id === application.id)
  const task = await client.get(`/tasks/${row.task_id}`)
  if (!task.assigned_to_me) await client.call('POST', `/tasks/${row.task_id}/claim`, { version: task.version })
  await visitor.open(`/app/tasks/${row.task_id}?tab=consultations`)
  await visitor.heading('对外征求意见').first().waitFor()
}

async function ask({ page }, phone, picture) {
  await page.getByRole('button', { name: '征求意见…' }).click()
  const dialog = page.getByRole('dialog')
  if (picture) {
    await dialog.getByRole('button', { name: '发出' }).click()
    await dialog.getByRole('link', { name: '请填写对方姓名' }).waitFor()
  }
  await dialog.getByLabel(/^单位/).fill('示例设计研究院')
  await dialog.getByLabel(/^姓名/).fill('欧阳审图')
  await dialog.getByLabel(/^手机/).fill(phone)
  await dialog.getByLabel(/^想请对方回答什么/).fill(kQuestion)
  // By keys alone.
  await dialog.getByRole('checkbox', { name: '工程', exact: true }).focus()
  await page.keyboard.press('Space')
  await dialog.getByRole('checkbox', { name: '消防', exact: true }).check()
  await dialog.getByRole('checkbox', { name: kPaper }).check()
  if (picture) await picture()
  await page.keyboard.press('Control+Enter')
  await page.getByText(/已发出，对方会收到链接/).waitFor()
  return tokenIn(await lastMessage(stage.bureau, phone))
}

async function comeIn({ page }, phone) {
  await page.getByRole('button', { name: '获取验证码' }).press('Enter')
  await page.getByLabel(/^验证码/).waitFor()
  await page.getByLabel(/^验证码/).fill(codeIn(await lastMessage(stage.bureau, phone)))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /请您对“.*”提供意见/ }).waitFor()
}

journey('a reviewer asks, an engineer answers from his phone, the reviewer takes it', stage, async () => {
  const fire = await stage.browser.visitor('fire', { viewport: kDesk })
  await openConsultations(fire)
  await fire.page.getByText('还没有对外征求意见').waitFor()
  await fire.look('90-nobody-asked-yet')
  const token = await ask(fire, kPhones[0], () => fire.look('91-asking-outside'))
  await fire.page.getByText('已发出', { exact: true }).waitFor()

  const engineer = await stage.browser.visitor(null, { viewport: kSmallPhone })
  engineer.expects = /^(404|422|401) /
  await engineer.open('/app/consult#no-such-link')
  await engineer.page.getByRole('button', { name: '获取验证码' }).click()
  await engineer.heading('这个链接不能使用').waitFor()
  await engineer.look('92-a-link-that-opens-nothing')
  await engineer.open('/app/')
  await engineer.open(`/app/consult#${token}`)
  await engineer.heading('请您提供意见').waitFor()
  assert.equal(await engineer.page.getByText(kQuestion).count(), 0, 'the link alone shows the question')
  await engineer.look('93-before-the-code')
  await comeIn(engineer, kPhones[0])
  assert.match(decodeURIComponent(await engineer.page.locator('.watermark').evaluate((one) => one.style.backgroundImage)), /欧阳审图/)
  await engineer.look('94-the-chosen-part')
  await engineer.page.getByRole('button', { name: new RegExp(`查看.*${kPaper.replace(/[（）.]/g, '.')}`) }).click()
  await engineer.page.waitForFunction(() => (globalThis.document.querySelector('canvas')?.clientWidth ?? 0) > 100)
  await engineer.page.getByRole('button', { name: '提交意见' }).click()
  await engineer.page.getByRole('link', { name: '请选择一个结论' }).waitFor()
  await engineer.look('95-paper-and-nothing-chosen')
  await engineer.page.getByRole('radio', { name: '有条件同意' }).check()
  await engineer.page.getByLabel('条件或者理由').fill(kAnswer)
  await engineer.page.getByLabel('添加附件').setInputFiles([{ name: kLetter, mimeType: 'application/pdf', buffer: kLetterBytes }, { name: '说明.docx', mimeType: 'application/msword', buffer: Buffer.from('PK') }])
  await engineer.page.getByText(/只接受 PDF、JPG 和 PNG 文件/).waitFor()
  await engineer.page.getByRole('button', { name: `删除 ${kLetter}` }).waitFor()
  await engineer.look('95-letter-and-what-is-not-taken')
  // A phone that loads the page anew loses neither proof nor words nor files.
  await engineer.page.reload()
  await engineer.page.getByLabel('条件或者理由').waitFor()
  assert.equal(await engineer.page.getByLabel('条件或者理由').inputValue(), kAnswer)
  await engineer.page.getByRole('button', { name: '提交意见' }).click()
  await engineer.page.getByText(/已于.*收到您的意见/).waitFor()
  await engineer.page.getByText(`附件：${kLetter}`).waitFor()
  await engineer.look('96-received')
  await engineer.page.setViewportSize(kDesk)
  await engineer.look('97-received-wide', { wideOnly: true })
  await engineer.page.getByText('English', { exact: true }).click()
  await engineer.heading(/^Your opinion on/).waitFor()
  await engineer.look('97-received-in-english', { wideOnly: true })
  await engineer.page.getByText('中文', { exact: true }).click()

  await fire.open('/app/inbox?view=mine')
  await fire.page.getByRole('link', { name: '外部意见已回复 1' }).press('Enter')
  await fire.page.waitForURL(/outside=answered/)
  await fire.page.getByRole('row').getByText('外部意见已回复', { exact: true }).waitFor()
  await fire.look('98-inbox-opinion-is-in')
  await fire.page.getByText('English', { exact: true }).click()
  await fire.page.getByRole('link', { name: 'Outside opinion is in 1' }).waitFor()
  await fire.look('98-inbox-opinion-is-in-english', { wideOnly: true })
  await fire.page.getByText('中文', { exact: true }).click()
  await openConsultations(fire)
  await fire.page.getByText('已答复', { exact: true }).waitFor()
  await fire.page.getByText('内容摘要').click()
  await fire.look('98-answered')
  const [download] = await Promise.all([fire.page.waitForEvent('download'), fire.page.getByRole('link', { name: `下载 ${kLetter}` }).click()])
  assert.equal(download.suggestedFilename(), kLetter)
  assert.deepEqual(readFileSync(await download.path()), kLetterBytes)
  await fire.page.getByRole('button', { name: /采用到我的意见/ }).click()
  await fire.page.getByText(/原文已加到您的意见草稿中/).waitFor()
  await fire.page.getByRole('link', { name: '申报内容' }).click()
  const opinion = await fire.page.getByRole('textbox', { name: /意见/ }).first().inputValue()
  assert.match(opinion, /对外征求意见第 1 号，示例设计研究院/)
  assert.ok(opinion.includes(kAnswer) && !opinion.includes('欧阳审图'))
  await engineer.page.reload()
  await engineer.heading('这个链接不能使用').waitFor()
})

journey('a link is withdrawn while it is open', stage, async () => {
  const fire = await stage.browser.visitor('fire', { viewport: kDesk })
  await openConsultations(fire)
  const token = await ask(fire, kPhones[1])
  const engineer = await stage.browser.visitor(null, { viewport: kSmallPhone })
  engineer.expects = /^(404|401) /
  await engineer.open(`/app/consult#${token}`)
  await comeIn(engineer, kPhones[1])
  await fire.page.getByRole('button', { name: /^撤回/ }).first().click()
  await fire.page.getByRole('dialog').getByLabel(/撤回理由/).fill('问题已经当面答复')
  await fire.page.keyboard.press('Control+Enter')
  await fire.page.getByText('已撤回', { exact: true }).waitFor()
  await engineer.page.getByRole('radio', { name: '没有意见' }).check()
  await engineer.page.getByRole('button', { name: '提交意见' }).click()
  await engineer.heading('这个链接不能使用').waitFor()
})
