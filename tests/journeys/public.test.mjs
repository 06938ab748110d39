// Anybody with a phone: no script, no login. The code on the certificate leads to the answer, the number and the code beside it too, the file
// is judged by the static page; the rest of the public pages read well and are light.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { personalValues } from '../../tools/demo/expectations.mjs'
import { readPackage } from '../../tools/demo/package_reader.mjs'
import { Player } from '../../tools/demo/player.mjs'
import { Browser, closeStage, journey, kPhone, missing, root } from './browser.mjs'

const school = readPackage(join(root, 'catalog/construction-permit/cases/school'))

const stage = { bureau: null, browser: null }
let folder
let permit
let code
/** 防伪码 as printed on the page. */
let antiForgeryCode
const kNarrowest = { width: 360, height: 740 }
const kTransferredBytesMax = 200_000

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  folder = mkdtempSync(join(tmpdir(), 'kaigong-public-'))
  const result = await new Player({ url: stage.bureau.url, folder }).play(school)
  assert.ok(result.permit_number, result.differences.join('\n'))
  permit = await new Client(stage.bureau.url, 'school').get(`/permits/${result.permit_number}`)
  const printed = join(folder, `certificate-${result.permit_number}.pdf`)
  code = addressInQr(printed)
  antiForgeryCode = codeOnPage(printed)
}, { timeout: 180_000 })

after(async () => {
  await closeStage(stage, 'public')
  if (folder) rmSync(folder, { recursive: true })
})

/** The address in the QR code of the certificate as printed, read by the programs that a phone's camera stands for. */
function addressInQr(pdf) {
  const made = spawnSync('pdftoppm', ['-r', '150', '-png', pdf, join(folder, 'page')], { encoding: 'utf8' })
  assert.equal(made.status, 0, `pdftoppm: ${made.stderr ?? made.error}`)
  const read = spawnSync('zbarimg', ['--quiet', '--raw', join(folder, 'page-1.png')], { encoding: 'utf8' })
  assert.equal(read.status, 0, `zbarimg reads no code: ${read.stderr ?? read.error}`)
  return new URL(read.stdout.trim())
}

function codeOnPage(pdf) {
  const read = spawnSync('pdftotext', [pdf, '-'], { encoding: 'utf8' })
  const found = /防伪码\s*([0-9A-Z]{4}(-[0-9A-Z]{4}){3})/.exec(read.stdout)
  assert.ok(found, `no 防伪码 on the page: ${read.stdout}`)
  return found[1]
}

function phone() {
  return stage.browser.visitor(null, { viewport: kPhone, javaScriptEnabled: false })
}

async function see(visitor, path, name, heading, how) {
  await visitor.open(path)
  await visitor.heading(heading).first().waitFor()
  await visitor.look(name, how)
}

journey('the code on the certificate says “有效” on a phone without script', stage, async () => {
  const visitor = await phone()
  await see(visitor, code.pathname + code.search, '51-phone-qr', /有效/)
  const words = await visitor.page.locator('main').innerText()
  assert.match(words, /不能凭它施工[\s\S]*截至 2026年[\s\S]*第 1 版，现行的一版[\s\S]*第 \d+ 号/)
  for (const value of [permit.permit_number, school.form.works.works_name, permit.owner_name, permit.issuing_authority]) assert.ok(words.includes(value), `the answer names ${value}`)
  for (const value of personalValues(school.form)) assert.ok(!words.includes(value), `the answer must not name ${value}`)
})

journey('a code whose signature was changed is called forged', stage, async () => {
  const changed = new URL(code)
  const signature = changed.searchParams.get('s')
  changed.searchParams.set('s', (signature[0] === 'A' ? 'B' : 'A') + signature.slice(1))
  const visitor = await phone()
  await visitor.open(changed.pathname + changed.search)
  const words = await visitor.page.locator('main').innerText()
  assert.ok(!/^\s*有效/m.test(words), words)
  await visitor.look('52-phone-qr-changed')
})

journey('number and 防伪码 typed from the paper say whether both belong together', stage, async () => {
  const visitor = await stage.browser.visitor(null, { viewport: kNarrowest, javaScriptEnabled: false })
  const { page } = visitor
  await see(visitor, '/verify', '57-phone-verify', /证照验真/)
  const ask = async (typed) => {
    await visitor.open('/verify')
    await page.getByLabel('许可证编号').fill(permit.permit_number)
    await page.getByRole('textbox', { name: '防伪码' }).fill(typed)
    await page.keyboard.press('Enter')
    await page.locator('.res').waitFor()
    return page.locator('main').innerText()
  }
  assert.match(await ask(antiForgeryCode.toLowerCase().replaceAll('-', ' ')), /有效[\s\S]*防伪码一致/)
  await visitor.look('65-phone-code-right')
  const changed = antiForgeryCode.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
  assert.match(await ask(changed), /防伪码不一致[\s\S]*再输一次/)
  assert.equal(await page.locator('.res-ok').count(), 0)
  await visitor.look('66-phone-code-wrong')
})

journey('the static page of this server tells the genuine file from forged ones, and why', stage, async () => {
  const visitor = await stage.browser.visitor(null, { viewport: kPhone })
  const { page } = visitor
  await visitor.open('/verify')
  await page.getByRole('link', { name: '打开文件核验页' }).click()
  await page.locator('#files').waitFor({ state: 'attached' })
  const owner = new Client(stage.bureau.url, school.account)
  const file = async (format) => (await owner.download(`/api/v1/permits/${permit.permit_number}/certificates/1/files/certificate.${format}`)).bytes
  const judge = async (name, buffer) => {
    const before = await page.locator('.res').count()
    await page.locator('#files').setInputFiles([{ name, mimeType: 'application/octet-stream', buffer }])
    await page.waitForFunction((count) => document.querySelectorAll('.res').length > count, before)
    await page.locator('[aria-busy="false"]').waitFor()
    const card = page.locator('.res').first()
    return { verdict: await card.getAttribute('data-verdict'), words: await card.innerText() }
  }
  for (const format of ['json', 'xml', 'ofd', 'pdf']) {
    const { verdict, words } = await judge(`genuine.${format}`, await file(format))
    assert.equal(verdict, 'training', `${format}: ${words}`)
  }
  await visitor.look('67-phone-file-genuine')
  await page.getByRole('button', { name: '联网查询现在的状态' }).first().click()
  await page.getByText(/有效，由发证机关答复/).waitFor()
  const pdf = await file('pdf')
  const flipped = Buffer.from(pdf)
  flipped[Math.floor(flipped.length / 3)] ^= 1
  assert.match(JSON.stringify(await judge('flipped.pdf', flipped)), /not_genuine.*改动过/)
  const told = page.locator('.res').first().getByRole('link', { name: /举报假证/ })
  assert.equal(await told.getAttribute('href'), `${stage.bureau.url}/verify#report`)
  await visitor.look('68-phone-file-forged')
  const changed = JSON.parse((await file('json')).toString('utf8'))
  changed.certificate.holder.name = '别的单位'
  assert.equal((await judge('changed.json', Buffer.from(JSON.stringify(changed)))).verdict, 'not_genuine')
})

journey('the page saved by the link on /verify judges a file without a network, and nothing else has to be fetched', stage, async () => {
  const visitor = await stage.browser.visitor(null, { viewport: kPhone })
  const { page } = visitor
  await visitor.open('/verify')
  const saving = page.waitForEvent('download')
  await page.getByRole('link', { name: /保存核验页/ }).click()
  const saved = join(folder, 'kaigong-verify.html')
  const download = await saving
  assert.equal(download.suggestedFilename(), 'kaigong-verify.html')
  await download.saveAs(saved)
  await page.context().setOffline(true)
  const asked = []
  page.on('request', (request) => request.url().startsWith('http') && asked.push(request.url()))
  await page.goto(`file://${saved}`)
  await page.locator('#files').waitFor({ state: 'attached' })
  await visitor.look('73-phone-saved-page')
  const owner = new Client(stage.bureau.url, school.account)
  const { bytes } = await owner.download(`/api/v1/permits/${permit.permit_number}/certificates/1/files/certificate.pdf`)
  const dropped = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))], '施工许可证.pdf'))
    return transfer
  }, bytes.toString('base64'))
  await page.dispatchEvent('body', 'drop', { dataTransfer: dropped })
  await page.locator('.res').waitFor()
  assert.equal(await page.locator('.res').getAttribute('data-verdict'), 'training')
  assert.match(await page.locator('main').innerText(), /名单随本页一起提供/)
  assert.deepEqual(asked, [], 'nothing leaves the page')
  await visitor.look('74-phone-saved-page-verdict')
})

journey('the announcements list what was decided, by region and month', stage, async () => {
  const visitor = await stage.browser.visitor(null, { viewport: kNarrowest, javaScriptEnabled: false })
  const { page } = visitor
  await visitor.open('/')
  await page.getByRole('link', { name: '公示公告' }).click()
  await page.getByRole('link', { name: permit.permit_number }).waitFor()
  await visitor.look('69-phone-announcements')
  const month = new Date(permit.issued_on).toISOString().slice(0, 7)
  await page.getByLabel('公布月份').selectOption(month)
  await page.getByLabel('区划').selectOption(permit.region_code)
  await page.getByRole('button', { name: '查看' }).click()
  await page.getByRole('link', { name: permit.permit_number }).waitFor()
  await page.getByRole('link', { name: /^看 \d+年\d+月$/ }).click()
  await page.getByText('没有公布的决定').waitFor()
  await visitor.look('70-phone-announcements-none')
})

/** What anybody may open; each with what it begins to say. */
function publicPages() {
  return [
    ['/', /施工许可/],
    ['/guide', /办事指南/],
    ['/guide/construction-permit', /建筑工程施工许可/],
    ['/search?q=翠苑', /许可查询/],
    ['/verify', /证照验真/],
    [`/verify?number=${permit.permit_number}&code=${antiForgeryCode}`, /证照验真/],
    [code.pathname + code.search, /证照验真/],
    [`/permits/${permit.permit_number}`, /施工许可证/],
    ['/announcements', /公示公告/],
    ['/app/verify/index.html', /核验/],
  ]
}

journey('every public page is light, and names nobody by number or telephone', stage, async () => {
  const weights = []
  for (const [path, heading] of publicPages()) {
    const visitor = await stage.browser.visitor(null, { viewport: kPhone })
    const requests = []
    visitor.page.on('requestfinished', (request) => requests.push(request))
    await visitor.open(path)
    await visitor.heading(heading).first().waitFor()
    await visitor.page.waitForLoadState('networkidle')
    const sizes = await Promise.all(requests.map((request) => request.sizes()))
    const bytes = sizes.reduce((sum, size) => sum + size.responseBodySize + size.responseHeadersSize, 0)
    weights.push(`${(bytes / 1000).toFixed(1)} kB  ${path}`)
    assert.ok(bytes > 1000 && bytes <= kTransferredBytesMax, `${path} weighs ${bytes} bytes`)
    const html = await visitor.page.content()
    for (const value of personalValues(school.form)) assert.ok(!html.includes(value), `${path} names ${value}`)
  }
  console.log(weights.join('\n'))
})

journey('the public pages read well on a phone without script', stage, async () => {
  const visitor = await phone()
  for (const [path, name, heading] of [
    ['/', '53-phone-portal', /施工许可/],
    ['/guide', '54-phone-guides', /办事指南/],
    ['/guide/construction-permit', '55-phone-guide', /建筑工程施工许可/],
    ['/search', '56-phone-search', /查询/],
  ])
    await see(visitor, path, name, heading)
})

journey('a search by words of the project leads to the page of its permit', stage, async () => {
  const visitor = await phone()
  const { page } = visitor
  await visitor.open('/search')
  await page.getByRole('searchbox').or(page.getByRole('textbox')).first().fill('翠苑小学')
  await page.keyboard.press('Enter')
  await page.getByText(permit.permit_number).first().waitFor()
  await visitor.look('58-phone-search-found')
  await page.getByRole('link', { name: /翠苑小学|330106/ }).first().click()
  await page.waitForURL(`**/permits/${permit.permit_number}`)
  await visitor.look('59-phone-permit')
})

journey('the pages keep their manners on a wide screen too', stage, async () => {
  const visitor = await stage.browser.visitor()
  for (const [path, name, heading] of [
    ['/', '61-portal', /施工许可/],
    ['/guide/construction-permit', '62-guide', /建筑工程施工许可/],
    ['/search?q=翠苑', '63-search', /查询/],
    [`/permits/${permit.permit_number}`, '64-permit', /.+/],
    ['/verify', '71-verify', /证照验真/],
    ['/announcements', '72-announcements', /公示公告/],
  ])
    await see(visitor, path, name, heading, { wideOnly: true })
})
