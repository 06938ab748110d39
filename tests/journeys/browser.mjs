// Chromium for the journeys: one browser a file, each person in a context of her own, every page looked at by axe and kept as a picture.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { missing as noBinary, root } from '../api/binary.mjs'
import { kDemoPassword } from '../../tools/demo/client.mjs'

const require = createRequire(join(root, 'tools/package.json'))
const chromium = process.env.KAIGONG_CHROMIUM ?? '/usr/bin/chromium-headless-shell'
const kSwitches = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const kWaitMs = 45_000
/** Longer than any journey takes, also on a busy machine. */
const kJourneyMs = 300_000
const kDesk = { width: 1440, height: 900 }
export const kPhone = { width: 390, height: 844 }

/** Why the journeys cannot run here; false when they can. With CI set there is no excuse. */
export const missing = noBinary || (existsSync(chromium) && existsSync(join(root, 'web/dist/index.html'))) || process.env.CI ? noBinary : 'no Chromium, or web/dist is not built'

const pictures = join(root, 'test-output/journeys')

/** Ends a file's browser and bureau; what the server said stays beside the pictures. */
export async function closeStage(stage, name) {
  await stage.browser?.stop()
  if (!stage.bureau) return
  await stage.bureau.stop()
  writeFileSync(join(pictures, `${name}-server.log`), stage.bureau.log)
}

/**
 * A journey as a test: whoever travelled goes home at the end, nothing may have broken behind what was seen, and a
 * failure leaves a picture of every page that was open. `stage.browser` is there once the file's `before` has run.
 */
export function journey(name, stage, play) {
  test(name, { skip: missing, timeout: kJourneyMs }, async () => {
    try {
      await play()
      for (const visitor of stage.browser.visitors) visitor.assertQuiet()
    } catch (error) {
      await stage.browser.keepPictures(name).catch(() => {})
      throw error
    } finally {
      await stage.browser.sendHome()
    }
  })
}

export class Browser {
  visitors = []

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
    const visitor = new Visitor(this.url, await context.newPage(), viewport)
    this.visitors.push(visitor)
    // axe is a script itself: a page without script is judged by its twin in a window of the same size.
    visitor.twin = javaScriptEnabled ? null : () => this.visitor(null, { viewport })
    if (account) await visitor.signIn(account)
    return visitor
  }

  /** What everybody saw last, and what their pages complained about. */
  async keepPictures(name) {
    for (const [place, visitor] of this.visitors.entries()) {
      console.error(`${visitor.account ?? 'anybody'} at ${visitor.page.url()}${visitor.faults.map((fault) => `\n  ${fault}`).join('')}`)
      await visitor.page.screenshot({ path: join(pictures, `failed-${name.replace(/\W+/gu, '-')}-${place}.png`), timeout: 5000 })
    }
  }

  async sendHome() {
    for (const visitor of this.visitors.splice(0)) await visitor.page.context().close()
  }

  stop() {
    return this.chromium.close()
  }
}

export class Visitor {
  /** What the page itself complained about: broken scripts, and refusals that no journey expects. */
  faults = []

  constructor(url, page, viewport) {
    this.url = url
    this.page = page
    this.viewport = viewport
    page.on('pageerror', (error) => this.faults.push(`script: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text())) this.faults.push(`console: ${message.text()}`)
    })
    page.on('response', (response) => {
      const path = new URL(response.url()).pathname
      if (response.status() >= 400 && !this.isExpected(response.status(), path)) this.faults.push(`${response.request().method()} ${path} → ${response.status()}`)
    })
  }

  /** The client asks who is signed in before it shows its door; a journey that means to be refused says so in `expects`. */
  isExpected(status, path) {
    return (status === 401 && path === '/api/v1/session') || (this.expects?.test(`${status} ${path}`) ?? false)
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

  /**
   * Keeps pictures as a desk and as a phone show the page, has axe find nothing in either, and nothing stick out sideways.
   * A page that is seen on a phone elsewhere is looked at in one window: `wideOnly`. The colours of a page are those of
   * its other window too: their contrast, half of what axe costs, is measured twice with KAIGONG_LONG only.
   */
  async look(name, { wideOnly = false } = {}) {
    await this.#lookOnce(name)
    if (wideOnly || this.viewport.width <= kPhone.width) return
    await this.page.setViewportSize(kPhone)
    await this.#lookOnce(`${name}-phone`, { contrast: Boolean(process.env.KAIGONG_LONG) })
    await this.page.setViewportSize(this.viewport)
  }

  /** A picture alone, of what stands there for a moment only. */
  async glance(name) {
    await this.page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
  }

  async #lookOnce(name, { contrast = true } = {}) {
    await this.glance(name)
    const beyond = await this.page.evaluate(() => document.documentElement.scrollWidth - globalThis.innerWidth)
    assert.ok(beyond <= 0, `${name} is ${beyond} pixels wider than its window`)
    await (this.twin ? this.#judgeTwin(name, contrast) : this.judge(name, contrast))
  }

  async #judgeTwin(name, contrast) {
    this.judgedBy ??= await this.twin()
    this.judgedBy.expects = this.expects
    await this.judgedBy.page.goto(this.page.url())
    await this.judgedBy.judge(name, contrast)
  }

  async judge(name, contrast = true) {
    if (!(await this.page.evaluate(() => Boolean(globalThis.axe)))) await this.page.evaluate(axeSource())
    const { violations } = await this.page.evaluate((enabled) => globalThis.axe.run(document, { resultTypes: ['violations'], preload: false, rules: { 'color-contrast': { enabled } } }), contrast)
    const said = violations.map((one) => `${one.impact} ${one.id}: ${one.help}\n    ${one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')}  ${node.html.slice(0, 160)}`).join('\n    ')}`)
    assert.deepEqual(said, [], `axe on ${name}:\n${said.join('\n')}`)
  }

  /** Nothing broke behind what was seen. */
  assertQuiet() {
    assert.deepEqual(this.faults, [])
  }
}

let axe = ''
function axeSource() {
  axe ||= require('axe-core').source
  return axe
}

export { root }
