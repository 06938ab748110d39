// A citizen with a file and no network: the page that verifies certificates, saved as one file and as a folder of any web server.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { after, before } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Browser, journey, kPhone, missing as noBrowser, root } from './browser.mjs'

const built = join(root, 'web/dist/verify')
const missing = noBrowser || (existsSync(join(built, 'kaigong-verify.html')) || process.env.CI ? false : 'web/dist/verify is not built')
const kTransferredBytesMax = 200_000
const kNarrowest = { width: 360, height: 740 }
// As the server answers (server/http/reply_head.cpp): the folder must live with it.
const kPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'"
const kTypes = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json' }

const stage = { bureau: null, browser: null }
let folder
let site
/** What the authority's interface answers; null while it is away. */
let status = null

before(async () => {
  if (missing) return
  folder = mkdtempSync(join(tmpdir(), 'kaigong-verify-'))
  const made = spawnSync(process.execPath, [join(root, 'web/verify/tests/write_samples.mjs'), folder], { encoding: 'utf8' })
  assert.equal(made.status, 0, made.stderr)
  site = await serve()
  stage.browser = await Browser.start(site.url)
}, { timeout: 60_000 })

after(async () => {
  await stage.browser?.stop()
  site?.server.close()
  if (folder) rmSync(folder, { recursive: true })
})

/** The authority's site: the built folder under /app/verify/, its list, and its answer about permits. */
async function serve() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    const send = (code, type, body) => response.writeHead(code, { 'Content-Type': type, 'Content-Security-Policy': kPolicy }).end(body)
    if (pathname === '/ledger/trust.json') return send(200, kTypes['.json'], trustAt(site.url))
    if (pathname.startsWith('/api/v1/public/permits/')) return status ? send(status.code, kTypes['.json'], JSON.stringify(status.body)) : request.socket.destroy()
    const path = join(built, pathname.replace('/app/verify/', ''))
    if (!pathname.startsWith('/app/verify/') || !existsSync(path)) return send(404, 'text/plain', 'no')
    send(200, kTypes[extname(path)] ?? 'application/octet-stream', readFileSync(path))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { server, url: `http://127.0.0.1:${server.address().port}` }
}

function trustAt(url) {
  return JSON.stringify({ ...JSON.parse(readFileSync(join(folder, 'trust.json'), 'utf8')), public_url: url })
}

const sample = (name) => join(folder, name)

async function verify(visitor, ...names) {
  const before = await visitor.page.locator('.res, .notice-bad').count()
  await visitor.page.locator('#files').setInputFiles(names.map(sample))
  await visitor.page.waitForFunction((count) => document.querySelectorAll('.res, .notice-bad').length >= count, before + names.length)
  await visitor.page.locator('[aria-busy="false"]').waitFor()
}

/** Lets files go over the page. */
async function drop(page, ...names) {
  const files = names.map((name) => [name, readFileSync(sample(name)).toString('base64')])
  const dropped = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer()
    for (const [name, text] of all) transfer.items.add(new File([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))], name))
    return transfer
  }, files)
  await page.dispatchEvent('body', 'drop', { dataTransfer: dropped })
}

async function openSaved(viewport) {
  const visitor = await stage.browser.visitor(null, { viewport })
  await visitor.page.goto(`file://${join(built, 'kaigong-verify.html')}`)
  return visitor
}

async function openSite(viewport) {
  const visitor = await stage.browser.visitor(null, { viewport })
  await visitor.open('/app/verify/index.html')
  await visitor.page.locator('#files').waitFor()
  return visitor
}

if (!missing) sizes()

/** What a citizen's phone must fetch, either way. */
function sizes() {
  const weight = (path) => gzipSync(readFileSync(path), { level: 9 }).length
  const assets = readdirSync(join(built, 'assets')).map((name) => join(built, 'assets', name))
  const together = [join(built, 'index.html'), ...assets].reduce((sum, path) => sum + weight(path), 0)
  journey('the page is light', stage, async () => {
    assert.ok(together <= kTransferredBytesMax, `the folder weighs ${together} bytes`)
    assert.ok(weight(join(built, 'kaigong-verify.html')) <= kTransferredBytesMax, 'the single file is too heavy')
  })
}

journey('saved on a disk and opened without a network, the page tells good from forged', stage, async () => {
  const visitor = await openSaved()
  const { page } = visitor
  const asked = []
  page.on('request', (request) => request.url().startsWith('http') && asked.push(request.url()))
  await visitor.heading('先选择发证机关的名单').waitFor()
  await visitor.look('91-verify-no-list')
  await page.locator('#trust-file').setInputFiles(sample('expected.json'))
  await page.getByRole('alert').waitFor()
  await page.locator('#trust-file').setInputFiles(sample('trust.json'))
  await visitor.heading('还没有核验过文件').waitFor()
  await visitor.look('92-verify-empty')
  for (const kind of ['pdf', 'ofd', 'xml', 'json']) {
    await verify(visitor, `genuine.${kind}`)
    assert.equal(await page.locator('.res').first().getAttribute('data-verdict'), 'genuine', kind)
  }
  assert.match(await page.locator('.res').first().innerText(), /翠苑小学扩建工程[\s\S]*本页只检查文件本身/)
  assert.equal(await page.evaluate(() => document.activeElement.textContent), '文件真实', 'the result has the focus')
  await verify(visitor, 'changed-byte.pdf', 'stranger.ofd')
  const words = await page.locator('.res').nth(1).innerText()
  assert.match(words, /不可信[\s\S]*文件在签章之后被改动过[\s\S]*用编号查询/)
  await visitor.look('93-verify-forged')
  assert.deepEqual(asked, [], 'nothing leaves the page')
})

journey('a page that was built with the list needs nothing else', stage, async () => {
  const out = join(folder, 'carrying')
  const words = ['node_modules/vite/bin/vite.js', 'build', '--config', 'verify/vite.config.ts', '--outDir', out, '--emptyOutDir', '--logLevel', 'error']
  const made = spawnSync(process.execPath, words, { cwd: join(root, 'web'), encoding: 'utf8', env: { ...process.env, KAIGONG_TRUST: sample('trust.json') } })
  assert.equal(made.status, 0, made.stderr)
  const visitor = await stage.browser.visitor(null, { viewport: kPhone })
  await visitor.page.goto(`file://${join(out, 'kaigong-verify.html')}`)
  await visitor.page.locator('#files').waitFor()
  await verify(visitor, 'genuine.ofd')
  assert.match(await visitor.page.locator('main').innerText(), /文件真实[\s\S]*名单随本页一起提供/)
})

journey('what is dropped before there is a list is not lost without a word, and the list itself is taken', stage, async () => {
  const visitor = await openSaved(kPhone)
  const { page } = visitor
  await visitor.heading('先选择发证机关的名单').waitFor()
  await drop(page, 'genuine.pdf', 'trust.json')
  await page.getByRole('alert').filter({ hasText: '文件没有核验' }).waitFor()
  await visitor.look('90-verify-list-first')
  await drop(page, 'trust.json')
  await visitor.heading('还没有核验过文件').waitFor()
  // More while the first ones are being judged.
  await drop(page, 'genuine.pdf', 'genuine.ofd')
  await drop(page, 'genuine.xml')
  await page.waitForFunction(() => document.querySelectorAll('.res').length === 3)
})

journey('a list that does not come is asked for again', stage, async () => {
  const visitor = await stage.browser.visitor(null, { viewport: kPhone })
  const { page } = visitor
  await page.route('**/ledger/trust.json', (route) => route.abort())
  await visitor.open('/app/verify/index.html')
  await visitor.heading('没取到发证机关的名单').waitFor()
  assert.equal(await page.getByRole('link', { name: /下载发证机关的名单/ }).getAttribute('href'), '/ledger/trust.json')
  await visitor.look('99-verify-list-unreached')
  await page.unroute('**/ledger/trust.json')
  await page.getByRole('button', { name: '再取一次' }).click()
  await visitor.heading('还没有核验过文件').waitFor()
  assert.equal(await page.getByRole('link', { name: '首页' }).getAttribute('href'), '/')
})

journey('on the web server of somebody else no link leads to pages that are not there, and a forged file leads to the authority', stage, async () => {
  const visitor = await stage.browser.visitor(null, { viewport: kNarrowest })
  const { page } = visitor
  await page.route('**/ledger/trust.json', (route) => route.fulfill({ contentType: 'application/json', body: trustAt('https://permits.example.invalid') }))
  await visitor.open('/app/verify/index.html')
  await page.locator('#files').waitFor()
  assert.equal(await page.getByRole('navigation').count(), 0)
  await verify(visitor, 'changed-byte.pdf')
  const links = await page.locator('.res a').evaluateAll((all) => all.map((one) => one.href))
  assert.deepEqual(links, ['https://permits.example.invalid/permits/330106202612020101', 'https://permits.example.invalid/verify#report'])
  await verify(visitor, 'genuine.pdf')
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('link', { name: /Ask on the authority/ }).waitFor()
  const cut = await page.locator('.res .btn').evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().right > one.closest('.res').getBoundingClientRect().right).length)
  assert.equal(cut, 0, 'no words are cut off at the edge')
  await visitor.look('89-verify-elsewhere')
})

journey('a specimen stays a specimen, whatever the authority says of its number', stage, async () => {
  const visitor = await openSite(kPhone)
  const { page } = visitor
  await verify(visitor, 'training.pdf')
  const { certificate_identifier } = JSON.parse(readFileSync(sample('genuine.json'), 'utf8')).certificate
  status = { code: 200, body: { state: 'revoked', state_name: '已撤销', certificate_version: 1, certificate_identifier } }
  await page.getByRole('button', { name: '联网查询现在的状态' }).click()
  await page.getByText(/现在的状态是“已撤销”/).first().waitFor()
  assert.equal(await page.locator('.res .word').innerText(), '培训样证')
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByText(/now "revoked"/).first().waitFor()
})

journey('a list that comes with a certificate is not believed', stage, async () => {
  const visitor = await openSite()
  await verify(visitor, 'trust.json')
  assert.match(await visitor.page.locator('.notice-bad').first().innerText(), /是名单，不是证照/)
})

journey('on the authority’s site the page asks whether the certificate still holds', stage, async () => {
  const visitor = await openSite()
  const { page } = visitor
  visitor.expects = /^404 \/api\/v1\/public\/permits\//
  await verify(visitor, 'genuine.pdf')
  const answers = (code, body) => (status = { code, body })
  const genuine = JSON.parse(readFileSync(sample('genuine.json'), 'utf8')).certificate
  const registered = { state: 'in_force', state_name: '有效', certificate_version: 1, certificate_identifier: genuine.certificate_identifier }
  status = null
  await page.getByRole('button', { name: '联网查询现在的状态' }).click()
  await page.getByText('没有问到').waitFor()
  answers(200, registered)
  await page.getByRole('button', { name: '联网查询现在的状态' }).click()
  await page.getByText(/截至 .*有效，由发证机关答复/).waitFor()
  await visitor.look('94-verify-in-force')
  await verify(visitor, 'genuine.ofd')
  answers(200, { ...registered, state: 'revoked', state_name: '已撤销' })
  await page.getByRole('button', { name: '联网查询现在的状态' }).click()
  await visitor.heading('已失效').waitFor()
  await verify(visitor, 'genuine.xml')
  answers(404, {})
  await page.getByRole('button', { name: '联网查询现在的状态' }).click()
  await visitor.heading('查不到').waitFor()
  await visitor.look('95-verify-not-in-force', { wideOnly: true })
})

journey('the page holds on the narrowest phone, in both languages, and by keys alone', stage, async () => {
  const visitor = await openSite(kNarrowest)
  const { page } = visitor
  await verify(visitor, 'training.pdf', 'entry-of-another.json', 'scan.pdf', 'photo.png', 'genuine-copy.json')
  await visitor.look('96-verify-narrow')
  await page.getByRole('button', { name: 'English' }).focus()
  await page.keyboard.press('Enter')
  await visitor.heading('Genuine').first().waitFor()
  await visitor.look('97-verify-english')
  await page.locator('summary').first().focus()
  await page.keyboard.press('Enter')
  await page.getByText('The signature holds').first().waitFor()
  await page.locator('#files').focus()
  assert.notEqual(await page.locator('#files + label').evaluate((label) => getComputedStyle(label).boxShadow), 'none', 'the focus is seen')
})

journey('a file may be dropped anywhere', stage, async () => {
  const visitor = await openSite(kPhone)
  await drop(visitor.page, 'genuine.ofd')
  await visitor.heading('文件真实').waitFor()
  await visitor.look('98-verify-phone')
})
