// Anybody with a phone: no script, no login. The code on the certificate leads to the answer, and the rest of the public pages read well.
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

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  folder = mkdtempSync(join(tmpdir(), 'kaigong-public-'))
  const result = await new Player({ url: stage.bureau.url, folder }).play(school)
  assert.ok(result.permit_number, result.differences.join('\n'))
  permit = await new Client(stage.bureau.url, 'school').get(`/permits/${result.permit_number}`)
  code = addressInQr(join(folder, `certificate-${result.permit_number}.pdf`))
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

journey('the public pages read well on a phone without script', stage, async () => {
  const visitor = await phone()
  for (const [path, name, heading] of [
    ['/', '53-phone-portal', /施工许可/],
    ['/guide', '54-phone-guides', /办事指南/],
    ['/guide/construction-permit', '55-phone-guide', /建筑工程施工许可/],
    ['/search', '56-phone-search', /查询/],
    ['/verify', '57-phone-verify', /验真/],
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
  ])
    await see(visitor, path, name, heading, { wideOnly: true })
})
