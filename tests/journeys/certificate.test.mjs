// The certificate in Chromium: every format downloaded as its digest says, copies for one purpose, a failure that loses nothing typed.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { readPackage } from '../../tools/demo/package_reader.mjs'
import { Player } from '../../tools/demo/player.mjs'
import { Browser, closeStage, journey, missing, root } from './browser.mjs'

const school = readPackage(join(root, 'catalog/construction-permit/cases/school'))
const kBegins = { PDF: '%PDF-', OFD: 'PK', XML: '<', JSON: '{' }
const kNarrowest = { width: 360, height: 740 }
const kWidest = { width: 1920, height: 1080 }

const stage = { bureau: null, browser: null }
let folder
let number

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  folder = mkdtempSync(join(tmpdir(), 'kaigong-certificate-'))
  const result = await new Player({ url: stage.bureau.url, folder }).play(school)
  number = result.permit_number
  assert.ok(number, result.differences.join('\n'))
}, { timeout: 180_000 })

after(async () => {
  await closeStage(stage, 'certificate')
  if (folder) rmSync(folder, { recursive: true })
})

const certificates = (account) => new Client(stage.bureau.url, account).get(`/permits/${number}/certificates`)

async function openCertificate(visitor) {
  await visitor.open(`/app/permits/${number}/certificate`)
  await visitor.page.locator('canvas').first().waitFor()
  await visitor.page.locator('.page-text span').first().waitFor({ state: 'attached' })
}

/** The bytes that a link of the page gives. */
async function download(page, link) {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()])
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
}

async function downloadAll(page, scope, files) {
  for (const [format, begins] of Object.entries(kBegins)) {
    const { name, bytes } = await download(page, scope.getByRole('link', { name: format }).first())
    assert.ok(name.includes(number) && name.endsWith(`.${format.toLowerCase()}`), name)
    assert.equal(bytes.subarray(0, begins.length).toString(), begins, format)
    const wanted = files.find((file) => file.file_name === `certificate.${format.toLowerCase()}`)
    assert.equal(createHash('sha256').update(bytes).digest('hex'), wanted.sha256, `${format} is the file of the log`)
  }
}

/** With the keyboard alone: the button, two fields, Enter. */
async function askForCopy(page, purpose, madeFor) {
  await page.getByRole('button', { name: '制作复制件…' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.getByLabel('用途').focus()
  await page.keyboard.type(purpose)
  await page.keyboard.press('Tab')
  await page.keyboard.type(madeFor)
}

/** What a phone's camera reads from the code on the page. */
async function readQr(image) {
  const picture = join(folder, 'qr.png')
  await image.screenshot({ path: picture })
  const read = spawnSync('zbarimg', ['--quiet', '--raw', picture], { encoding: 'utf8' })
  assert.equal(read.status, 0, `zbarimg reads no code: ${read.stderr ?? read.error}`)
  return read.stdout.trim()
}

function textOf(bytes) {
  const done = spawnSync('pdftotext', ['-', '-'], { input: bytes })
  assert.equal(done.status, 0, `pdftotext: ${done.stderr ?? done.error}`)
  return done.stdout.toString('utf8')
}

journey('the owner downloads every format and makes a copy for a bank', stage, async () => {
  const visitor = await stage.browser.visitor(school.account)
  const { page } = visitor
  await visitor.open(`/app/permits/${number}`)
  await page.getByRole('link', { name: '看电子证照' }).click()
  await page.locator('canvas').first().waitFor()
  await page.locator('.page-text span').first().waitFor({ state: 'attached' })
  await visitor.look('301-certificate')
  assert.match(await page.locator('main').innerText(), /培训样证[\s\S]*第 \d+ 号存证/)
  const [edition] = (await certificates(school.account)).editions
  await downloadAll(page, page.getByRole('region', { name: '下载证照' }), edition.files)
  assert.equal(await readQr(page.getByRole('img', { name: /验真二维码/ })), edition.verify_url)

  await askForCopy(page, '办理银行贷款', '示例银行西湖支行')
  await visitor.look('302-copy-dialog')
  await page.keyboard.press('Enter')
  await page.getByText('第 1 号复制件做好了：办理银行贷款').waitFor()
  await page.getByRole('link', { name: /PDF.*第 1 号复制件/ }).waitFor()
  await visitor.look('303-copy-made')
  await page.reload()
  const list = page.getByRole('region', { name: '复制件' })
  await list.getByText('示例银行西湖支行').waitFor()
  const { copies } = await certificates(school.account)
  await downloadAll(page, list, copies[0].files)
  const { bytes } = await download(page, list.getByRole('link', { name: /^PDF/ }))
  const words = textOf(bytes)
  assert.ok(words.includes('办理银行贷款'), words)
})

journey('the officer for certificates does the same', stage, async () => {
  const visitor = await stage.browser.visitor('certificates')
  const { page } = visitor
  await openCertificate(visitor)
  await downloadAll(page, page.getByRole('region', { name: '下载证照' }), (await certificates('certificates')).editions[0].files)
  await askForCopy(page, '招标投标', '示例招标代理有限公司')
  await page.keyboard.press('Control+Enter')
  await page.getByText(/号复制件做好了：招标投标/).waitFor()
  await visitor.look('304-copy-by-officer')
  assert.deepEqual((await certificates(school.account)).copies.map((copy) => copy.purpose), ['招标投标', '办理银行贷款'])
})

journey('what is typed outlives a lost connection, a closed dialog and a reload, and makes one copy', stage, async () => {
  const visitor = await stage.browser.visitor(school.account)
  const { page } = visitor
  await openCertificate(visitor)
  const before = (await certificates(school.account)).copies.length
  await askForCopy(page, '公积金缴存', '示例公积金中心')
  await page.context().setOffline(true)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByText('您填的都在').waitFor()
  await visitor.look('305-copy-offline', { wideOnly: true })
  await page.keyboard.press('Escape')
  await page.context().setOffline(false)
  await page.reload()
  await page.getByRole('button', { name: '制作复制件…' }).click()
  assert.equal(await page.getByLabel('用途').inputValue(), '公积金缴存')
  assert.equal(await page.getByLabel('给谁用').inputValue(), '示例公积金中心')
  await page.getByRole('dialog').getByRole('button', { name: '制作' }).click()
  await page.getByText(/号复制件做好了：公积金缴存/).waitFor()
  assert.equal((await certificates(school.account)).copies.length, before + 1)
})

journey('another officer reads the certificate and is told who makes copies', stage, async () => {
  const visitor = await stage.browser.visitor('housing', { viewport: kWidest })
  await openCertificate(visitor)
  await visitor.page.getByText('复制件由申请人和发证人员制作。').waitFor()
  assert.equal(await visitor.page.getByRole('button', { name: '制作复制件…' }).count(), 0)
  await visitor.look('306-certificate-1920', { wideOnly: true })
  await visitor.page.getByRole('button', { name: 'English' }).click()
  await visitor.heading(`Certificate ${number}`).waitFor()
  await visitor.look('309-certificate-english', { wideOnly: true })
})

journey('a copy that somebody is making now is not called broken, and nobody is sent to make a second one', stage, async () => {
  const visitor = await stage.browser.visitor(school.account)
  // What a colleague's request looks like while it runs, or after the program died in it.
  await visitor.page.route('**/api/v1/permits/*/certificates', async (route) => {
    const reply = await route.fetch()
    const told = await reply.json()
    told.copies[0] = { ...told.copies[0], state: 'begun', files: [] }
    await route.fulfill({ response: reply, json: told })
  })
  await openCertificate(visitor)
  const list = visitor.page.getByRole('region', { name: '复制件' })
  await list.getByText('还没有做好').waitFor()
  await list.getByText(/用同样的用途和使用人再做一次，不会多占编号/).waitFor()
  await visitor.look('310-copy-begun')
})

journey('the page holds on the narrowest phone', stage, async () => {
  const visitor = await stage.browser.visitor(school.account, { viewport: kNarrowest })
  await openCertificate(visitor)
  for (const summary of await visitor.page.locator('main summary').all()) await summary.click()
  await visitor.look('307-certificate-360')
  await visitor.page.getByRole('button', { name: '制作复制件…' }).click()
  await visitor.page.getByRole('dialog').getByRole('button', { name: '制作' }).click()
  await visitor.page.getByRole('link', { name: /请写明用途/ }).waitFor()
  await visitor.look('308-copy-dialog-360')
})
