// A page of another origin with oidc-client-ts in a real browser: to the sign-in, the consent page and back with tokens.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { after, before } from 'node:test'
import { join } from 'node:path'
import { Bureau } from '../api/harness.mjs'
import { root } from '../api/binary.mjs'
import { Browser, closeStage, journey, kPhone, missing } from '../journeys/browser.mjs'
import { kDemoPassword } from '../../tools/demo/client.mjs'
import { register, with_token } from './office.mjs'

const kLibrary = readFileSync(join(root, 'tools/node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js'))
const kPage = `<!doctype html><meta charset="utf-8"><title>page of others</title><script src="/library.js"></script><p id="said"></p>`

const stage = { bureau: null, browser: null, page: null }
let origin

before(async () => {
  if (missing) return
  stage.page = createServer((request, response) => {
    const library = request.url === '/library.js'
    response.writeHead(200, { 'content-type': library ? 'text/javascript' : 'text/html' }).end(library ? kLibrary : kPage)
  })
  await new Promise((resolve) => stage.page.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${stage.page.address().port}`
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
}, { timeout: 300_000 })
after(async () => {
  // First: a page that still listens keeps this process alive when the rest fails.
  stage.page?.close()
  await closeStage(stage, 'oauth')
})

journey('a page of another origin signs a person in and reads permits', stage, async () => {
  const client = await register(stage.bureau, { kind: 'browser', proof: 'none', redirect_uris: [`${origin}/done`], client_name: '示例网页', scopes: ['openid', 'profile', 'permits.read'] })
  const settings = { authority: stage.bureau.url, client_id: client.client_id, redirect_uri: `${origin}/done`, scope: 'openid profile permits.read', response_type: 'code' }
  const visitor = await stage.browser.visitor(null, { viewport: kPhone })
  const { page } = visitor
  await page.goto(origin)
  await page.evaluate((settings) => void new oidc.UserManager(settings).signinRedirect(), settings)
  await page.waitForURL(/\/app\/sign-in/)
  await page.getByLabel('账号').fill('school')
  await page.getByLabel('密码', { exact: true }).fill(kDemoPassword)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('heading', { name: /示例网页/ }).waitFor()
  assert.match(await page.locator('main').innerText(), /查看施工许可证/)
  await visitor.look('oauth-consent')
  await page.getByRole('button', { name: '同意', exact: true }).click()
  await page.waitForURL(`${origin}/done?**`)
  const user = await page.evaluate(async (settings) => {
    const user = await new oidc.UserManager(settings).signinRedirectCallback()
    return { access_token: user.access_token, sub: user.profile.sub, referrer: document.referrer }
  }, settings)
  const school = await stage.bureau.person('school')
  assert.equal(user.sub, school.session.account.account_id)
  assert.equal(user.referrer, '', 'the consent page tells nobody where it was')
  assert.equal((await with_token(stage.bureau, user.access_token, '/api/v1/permits')).status, 200)
  // The second time the page goes on by itself.
  await page.goto(origin)
  await page.evaluate((settings) => void new oidc.UserManager(settings).signinRedirect(), settings)
  await page.waitForURL(`${origin}/done?**`)
  await visitor.open('/app/consents')
  await page.getByText('示例网页').waitFor()
  await visitor.look('oauth-consents')
})

journey('a device’s code is typed by its owner', stage, async () => {
  const client = await register(stage.bureau, { kind: 'device', proof: 'none', client_name: '大厅自助机', scopes: ['openid', 'permits.read'] })
  const begun = await stage.bureau.ask('POST', '/oauth/device_authorization', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `client_id=${client.client_id}&scope=permits.read` })
  const visitor = await stage.browser.visitor('school')
  const { page } = visitor
  await visitor.open('/app/device')
  await page.getByLabel('设备码').fill(begun.json.user_code)
  await visitor.look('oauth-device')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /大厅自助机/ }).waitFor()
  await page.getByRole('button', { name: '同意', exact: true }).click()
  await page.getByText('回到设备上继续').waitFor()
})
