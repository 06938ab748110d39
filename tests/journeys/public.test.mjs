// Anybody with a phone: no script, no login. The code on the certificate leads to the answer, and the rest of the public pages read well.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { personalValues } from '../../tools/demo/expectations.mjs'
import { readPackage } from '../../tools/demo/package_reader.mjs'
import { Player } from '../../tools/demo/player.mjs'
import { Browser, kPhone, missing, root } from './browser.mjs'

const school = readPackage(join(root, 'catalog/construction-permit/cases/school'))

let bureau
let browser
let folder
let permit
let code

before(async () => {
  if (missing) return
  bureau = await Bureau.start()
  browser = await Browser.start(bureau.url)
  folder = mkdtempSync(join(tmpdir(), 'kaigong-public-'))
  const result = await new Player({ url: bureau.url, folder }).play(school)
  assert.ok(result.permit_number, result.differences.join('\n'))
  permit = await new Client(bureau.url, 'school').get(`/permits/${result.permit_number}`)
  code = addressInQr(join(folder, `certificate-${result.permit_number}.pdf`))
}, { timeout: 180_000 })

after(async () => {
  await browser?.stop()
  await bureau?.stop()
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

/** A page as a phone without script shows it: nothing sticks out sideways. */
async function onPhone(path, name, heading) {
  const visitor = await browser.visitor(null, { viewport: kPhone, javaScriptEnabled: false })
  await visitor.open(path)
  await visitor.page.getByRole('heading', { name: heading }).first().waitFor()
  await visitor.look(name)
  assert.ok((await visitor.widthBeyond()) <= 0, `${path} is wider than the phone`)
  visitor.assertQuiet()
  return visitor
}

test('the code on the certificate says “有效” on a phone without script', { skip: missing, timeout: 180_000 }, async () => {
  const visitor = await onPhone(code.pathname + code.search, '41-phone-qr', /有效/)
  const words = await visitor.page.locator('main').innerText()
  for (const value of [permit.permit_number, school.form.works.works_name, permit.owner_name, permit.issuing_authority]) assert.ok(words.includes(value), `the answer names ${value}`)
  for (const value of personalValues(school.form)) assert.ok(!words.includes(value), `the answer must not name ${value}`)
  await visitor.close()
})

test('a code whose signature was changed is called forged', { skip: missing, timeout: 180_000 }, async () => {
  const changed = new URL(code)
  const signature = changed.searchParams.get('s')
  changed.searchParams.set('s', (signature[0] === 'A' ? 'B' : 'A') + signature.slice(1))
  const visitor = await browser.visitor(null, { viewport: kPhone, javaScriptEnabled: false })
  await visitor.open(changed.pathname + changed.search)
  const words = await visitor.page.locator('main').innerText()
  assert.ok(!/^\s*有效/m.test(words), words)
  await visitor.look('42-phone-qr-changed')
  await visitor.close()
})

for (const [path, name, heading] of [
  ['/', '43-phone-portal', /施工许可/],
  ['/guide', '44-phone-guides', /办事指南/],
  ['/guide/construction-permit', '45-phone-guide', /建筑工程施工许可/],
  ['/search', '46-phone-search', /查询/],
  ['/verify', '47-phone-verify', /验真/],
])
  test(`${path} reads well on a phone without script`, { skip: missing, timeout: 180_000 }, async () => {
    await (await onPhone(path, name, heading)).close()
  })

test('a search by words of the project leads to the page of its permit', { skip: missing, timeout: 180_000 }, async () => {
  const visitor = await browser.visitor(null, { viewport: kPhone, javaScriptEnabled: false })
  const { page } = visitor
  await visitor.open('/search')
  await page.getByRole('searchbox').or(page.getByRole('textbox')).first().fill('翠苑小学')
  await page.keyboard.press('Enter')
  await page.getByText(permit.permit_number).first().waitFor()
  await visitor.look('48-phone-search-found')
  await page.getByRole('link', { name: /翠苑小学|330106/ }).first().click()
  await page.waitForURL(`**/permits/${permit.permit_number}`)
  await visitor.look('49-phone-permit')
  assert.ok((await visitor.widthBeyond()) <= 0, 'the permit page is wider than the phone')
  visitor.assertQuiet()
  await visitor.close()
})

test('the pages keep their manners on a wide screen too', { skip: missing, timeout: 180_000 }, async () => {
  const visitor = await browser.visitor()
  for (const [path, name] of [['/', '51-portal'], ['/guide/construction-permit', '52-guide'], ['/search?q=翠苑', '53-search'], [`/permits/${permit.permit_number}`, '54-permit']]) {
    await visitor.open(path)
    await visitor.page.getByRole('heading').first().waitFor()
    await visitor.look(name)
  }
  visitor.assertQuiet()
  await visitor.close()
})
