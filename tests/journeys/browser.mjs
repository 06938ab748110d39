// Chromium for the journeys: one browser a file, each person in a context of her own, every page looked at by axe and kept as a picture.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { missing as noBinary, root } from '../api/binary.mjs'
import { kDemoPassword } from '../../tools/demo/client.mjs'

const require = createRequire(join(root, 'tools/package.json'))
const chromium = process.env.KAIGONG_CHROMIUM ?? '/usr/bin/chromium'
const kSwitches = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const kWaitMs = 45_000
const kDesk = { width: 1440, height: 900 }
export const kPhone = { width: 390, height: 844 }

/** Why the journeys cannot run here; false when they can. With CI set there is no excuse. */
export const missing = noBinary || (existsSync(chromium) && existsSync(join(root, 'web/dist/index.html'))) || process.env.CI ? noBinary : 'no Chromium, or web/dist is not built'

const pictures = join(root, 'test-output/journeys')

export class Browser {
  static async start(url) {
    const made = new Browser()
    made.url = url
    mkdirSync(pictures, { recursive: true })
    made.chromium = await require('playwright-core').chromium.launch({ executablePath: chromium, args: kSwitches })
    return made
  }

  /** A person with a browser of her own; `account` null is anybody. */
  async visitor(account = null, { viewport = kDesk, javaScriptEnabled = true } = {}) {
    const context = await this.chromium.newContext({ viewport, javaScriptEnabled, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' })
    context.setDefaultTimeout(kWaitMs)
    const visitor = new Visitor(this.url, await context.newPage())
    // axe is a script itself: a page without script is judged by its twin in a window of the same size.
    visitor.twin = javaScriptEnabled ? null : () => this.visitor(null, { viewport })
    if (account) await visitor.signIn(account)
    return visitor
  }

  stop() {
    return this.chromium.close()
  }
}

export class Visitor {
  /** What the page itself complained about: broken scripts, and refusals that no journey expects. */
  faults = []

  constructor(url, page) {
    this.url = url
    this.page = page
    page.on('pageerror', (error) => this.faults.push(`script: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text())) this.faults.push(`console: ${message.text()}`)
    })
    page.on('response', (response) => {
      const path = new URL(response.url()).pathname
      if (response.status() >= 400 && !(response.status() === 401 && path === '/api/v1/session')) this.faults.push(`${response.request().method()} ${path} → ${response.status()}`)
    })
  }

  async open(path) {
    await this.page.goto(this.url + path)
  }

  async signIn(account) {
    this.account = account
    await this.open('/app/sign-in')
    await this.page.getByLabel('账号').fill(account)
    await this.page.getByLabel('密码', { exact: true }).fill(kDemoPassword)
    await this.page.getByRole('button', { name: '登录', exact: true }).click()
    await this.page.getByRole('button', { name: '退出' }).waitFor()
  }

  heading(name) {
    return this.page.getByRole('heading', { name })
  }

  /** Keeps a picture, and has axe find nothing on the page as it stands. */
  async look(name) {
    await this.page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
    if (this.twin) return this.#judgeTwin(name)
    await this.judge(name)
  }

  async #judgeTwin(name) {
    const twin = await this.twin()
    await twin.page.goto(this.page.url())
    await twin.judge(name)
    await twin.close()
  }

  async judge(name) {
    await this.page.evaluate(axeSource())
    const { violations } = await this.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
    const said = violations.map((one) => `${one.impact} ${one.id}: ${one.help}\n    ${one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')}  ${node.html.slice(0, 160)}`).join('\n    ')}`)
    assert.deepEqual(said, [], `axe on ${name}:\n${said.join('\n')}`)
  }

  /** By how many pixels the page is wider than its window. */
  widthBeyond() {
    return this.page.evaluate(() => document.documentElement.scrollWidth - globalThis.innerWidth)
  }

  /** Nothing broke behind what was seen. */
  assertQuiet() {
    assert.deepEqual(this.faults, [])
  }

  close() {
    return this.page.context().close()
  }
}

let axe = ''
function axeSource() {
  axe ||= require('axe-core').source
  return axe
}

export { root }
