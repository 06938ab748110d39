// People and the doors they come through: a company from its registration to an agent's last request, second factors of
// an app and of a security key, a lock and its lifting, and three administrators of whom none can do another's part.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { totpCode } from '../api/authenticator.mjs'
import { Bureau } from '../api/harness.mjs'
import { kDemoPassword } from '../../tools/demo/client.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { Browser, closeStage, journey, kPhone, missing } from './browser.mjs'

const kCode = '91330106MA0JRN004E'
const kCompany = '杭州示例建设有限公司'
const kPassword = 'qingshan-lvshui-2026'
const kOwnerPhone = '13800001111'
const kAgentPhone = '13800002222'
const kHeir = '91330105MA0DEM021F'
const kStepMs = 30_000
const kNarrow = { width: 360, height: 780 }

const stage = { bureau: null, browser: null }

before(async () => {
  if (missing) return
  // Security keys are bound to a name, which an address is not.
  stage.bureau = await Bureau.start({ environment: (port) => ({ KAIGONG_SERVER_PUBLIC_URL: `http://localhost:${port}` }) })
  stage.browser = await Browser.start(`http://localhost:${stage.bureau.port}`)
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'identity')
})

/** What a message to a phone says, once it was sent. */
function messageTo(phone, purpose) {
  return waitFor(`消息 ${purpose} 到 ${phone}`, async () => {
    const reply = await fetch(`${stage.bureau.url}/api/v1/demo/messages`)
    const { messages } = await reply.json()
    return messages.find((one) => one.recipient === phone && one.purpose === purpose)?.words ?? null
  })
}

const codeIn = (words) => /(?<!\d)\d{6}(?!\d)/.exec(words)[0]

/** From the page that asks for a phone to the account. */
async function registerAs(page, phone, name, account) {
  await page.getByLabel('手机号').fill(phone)
  await page.getByRole('button', { name: '发送验证码' }).click()
  await page.getByLabel('验证码').fill(codeIn(await messageTo(phone, 'registration')))
  await page.getByLabel('姓名').fill(name)
  await page.getByLabel('账号名').fill(account)
  await page.getByLabel('密码', { exact: true }).fill(kPassword)
}

journey('a company is registered and verified, invites an agent who works for it, and when he is removed his next request is nobody’s', stage, async () => {
  const owner = await stage.browser.visitor()
  await owner.open('/app/sign-in')
  await owner.look('110-sign-in')
  await owner.page.getByRole('main').getByRole('link', { name: '个人信息保护告知' }).click()
  await owner.page.getByText(/400 天/).waitFor()
  await owner.look('170-privacy')
  await owner.page.goBack()
  await owner.page.getByRole('link', { name: '注册账号' }).click()
  await owner.page.getByRole('main').getByRole('link', { name: '个人信息保护告知' }).waitFor()
  await registerAs(owner.page, kOwnerPhone, '孙老板', 'sun.boss')
  await owner.look('111-register')
  await owner.page.getByRole('button', { name: '完成注册' }).click()
  await owner.page.getByText('还没有可以代表的单位').waitFor()
  await owner.page.getByLabel('统一社会信用代码').fill(kCode)
  await owner.page.getByText('代码格式正确').waitFor()
  await owner.page.getByLabel('单位名称').fill(kCompany)
  await owner.page.getByLabel('授权委托书').fill('授权委托书〔2026〕1 号')
  await owner.page.getByRole('button', { name: '登记单位' }).click()
  await owner.page.getByText('待核验').waitFor()
  await owner.look('112-organisation-waits')

  const clerk = await stage.browser.visitor('clerk')
  await clerk.page.getByRole('link', { name: '单位', exact: true }).click()
  await clerk.page.getByText(kCode).waitFor()
  const row = clerk.page.getByRole('listitem').filter({ hasText: kCode })
  for (const shown of [/孙老板/, '138****1111', '授权委托书〔2026〕1 号', '共 1 个，其中 1 个等待核验']) await row.getByText(shown).waitFor()
  await clerk.look('113-organisations-at-the-window')
  await clerk.page.getByRole('button', { name: `核验通过 ${kCompany}` }).click()
  await clerk.page.getByText(`${kCompany} 已核验通过`).waitFor()

  await owner.page.reload()
  await owner.page.getByRole('button', { name: `改为代表 ${kCompany}` }).click()
  await owner.page.getByText(`现在代表：${kCompany}`).waitFor()
  await owner.page.getByRole('link', { name: `经办人管理：${kCompany}` }).click()
  await owner.page.getByLabel('被邀请人的手机号').fill(kAgentPhone)
  await owner.page.getByLabel('授权委托书').fill('授权委托书〔2026〕12 号')
  await owner.page.getByRole('button', { name: '发出邀请' }).click()
  await owner.page.getByText(/邀请已发出/).waitFor()

  const agent = await stage.browser.visitor(null, { viewport: kPhone })
  const link = /https?:\/\/\S+#[\w-]+/.exec(await messageTo(kAgentPhone, 'invitation'))[0]
  await agent.page.goto(link)
  await agent.page.getByRole('heading', { name: `${kCompany} 邀请您` }).waitFor()
  await agent.look('114-invitation')
  await agent.page.getByRole('link', { name: '注册账号' }).click()
  await registerAs(agent.page, kAgentPhone, '李经办', 'li.agent')
  await agent.page.getByRole('button', { name: '完成注册' }).click()
  await agent.page.getByRole('button', { name: '接受邀请' }).click()
  await agent.page.getByText(`已成为 ${kCompany} 的经办人`).waitFor()
  await agent.page.getByRole('link', { name: '我的申请' }).click()
  await agent.page.getByRole('heading', { name: '我的申请' }).waitFor()
  await agent.page.getByRole('button', { name: `代表：${kCompany}` }).waitFor()
  await agent.look('115-agent-works')

  await owner.page.reload()
  await owner.page.getByRole('button', { name: '移除 李经办' }).click()
  const dialog = owner.page.getByRole('dialog')
  await dialog.getByLabel('原因').fill('已离职')
  await owner.look('116-removing')
  await dialog.getByRole('button', { name: '移除经办人' }).click()
  await owner.page.getByText(/李经办 已移除/).waitFor()
  await owner.look('117-company')

  agent.expects = /^401 /
  await agent.page.getByRole('link', { name: '我的许可证' }).click()
  await agent.page.getByText(/登录已经过期/).waitFor()
  await agent.look('118-agent-out')
})

journey('a second factor: an app, a security key in the browser, and codes for when neither is at hand', stage, async () => {
  const leader = await stage.browser.visitor('leader')
  const { page } = leader
  await leader.open('/app/account/factors')
  await page.getByRole('button', { name: '添加动态口令' }).click()
  await page.getByRole('textbox', { name: '名称' }).fill('工作手机')
  await page.getByRole('button', { name: '下一步' }).click()
  const shown = page.getByText(/^[A-Z2-7]{4}( [A-Z2-7]{1,4})+$/)
  const secret = (await shown.innerText()).replaceAll(' ', '')
  await page.getByLabel('6 位动态口令').fill(totpCode(secret))
  await page.getByRole('button', { name: '完成添加' }).click()
  await page.getByText('工作手机').waitFor()

  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'usb', hasResidentKey: false, hasUserVerification: true, isUserVerified: true } })
  await page.getByRole('button', { name: '添加安全密钥' }).click()
  await page.getByRole('textbox', { name: '名称' }).fill('蓝色密钥')
  await page.getByRole('button', { name: '开始' }).click()
  await page.getByText('蓝色密钥').waitFor()
  await leader.look('119-factors')
  await page.getByRole('button', { name: '生成新的恢复码' }).click()
  const recovery = (await page.getByRole('dialog').innerText()).match(/[A-Z0-9]{5}-[A-Z0-9]{5}/)[0]
  await page.getByRole('button', { name: '已经保存好' }).click()

  const password = async () => {
    await page.getByRole('button', { name: '退出' }).click()
    await page.getByLabel('账号').fill('leader')
    await page.getByLabel('密码', { exact: true }).fill(kDemoPassword)
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByRole('heading', { name: '两步验证' }).waitFor()
  }
  await password()
  await leader.look('120-second-step')
  // Each code is good once: the next one of the app.
  await page.getByLabel('动态口令').fill(totpCode(secret, Date.now() + kStepMs))
  await page.getByRole('button', { name: '继续登录' }).click()
  await page.getByRole('button', { name: '退出' }).waitFor()

  await password()
  await page.getByRole('button', { name: '改用安全密钥' }).click()
  await page.getByRole('button', { name: '使用安全密钥' }).click()
  await page.getByRole('button', { name: '退出' }).waitFor()

  await password()
  await page.getByRole('button', { name: '改用恢复码' }).click()
  await page.getByLabel('恢复码').fill(recovery)
  await page.getByRole('button', { name: '继续登录' }).click()
  await page.getByRole('button', { name: '退出' }).waitFor()
  await leader.open('/app/account/sessions')
  await page.getByText('安全密钥').first().waitFor()
  await leader.look('121-sessions')
})

journey('five wrong passwords lock an account, and the security administrator lifts the lock', stage, async () => {
  const fire = await stage.browser.visitor()
  const { page } = fire
  fire.expects = /^(401|429) \/api\/v1\/session$/
  await fire.open('/app/sign-in')
  await page.getByLabel('账号').fill('fire')
  const attempt = async (password) => {
    await page.getByLabel('密码', { exact: true }).fill(password)
    await page.getByRole('button', { name: '登录', exact: true }).click()
  }
  for (let time = 0; time < 5; time += 1) {
    const answered = page.waitForResponse((response) => response.url().endsWith('/api/v1/session'))
    await attempt(`wrong-password-${time}`)
    await answered
    await page.getByText(/账号或密码不对/).first().waitFor()
  }
  await attempt(kDemoPassword)
  await page.getByText(/登录失败次数过多/).waitFor()
  await fire.look('122-locked')

  const security = await stage.browser.visitor('security')
  await security.page.getByLabel('账号名开头').fill('fire')
  await security.page.getByRole('button', { name: '查找' }).click()
  await security.page.getByRole('row', { name: /赵消防 fire 工作人员/ }).first().getByRole('link').click()
  await security.page.getByText(/登录失败太多/).waitFor()
  await security.look('123-person-locked')
  await security.page.getByRole('button', { name: '解除登录锁定' }).click()
  await security.page.getByRole('dialog').getByRole('button', { name: '解除锁定' }).click()
  await security.page.getByText('锁定已解除').waitFor()
  await attempt(kDemoPassword)
  await page.getByRole('button', { name: '退出' }).waitFor()
})

/** What the server says to this person beside the page: {status, json}. */
function answerTo(visitor, method, path, { json, version } = {}) {
  return visitor.page.evaluate(async ([method, path, json, version]) => {
    const { csrf_token: token } = await (await fetch('/api/v1/session')).json()
    const headers = { 'X-CSRF-Token': token, ...(json ? { 'Content-Type': 'application/json' } : {}), ...(version ? { 'If-Match': `"${version}"` } : {}) }
    const reply = await fetch(`/api/v1${path}`, { method, headers, body: json ? JSON.stringify(json) : undefined })
    return { status: reply.status, json: await reply.json() }
  }, [method, path, json, version])
}

const kParts = {
  admin: { buttons: ['停用账号', '重设密码'], acts: [['POST', '/blocking', { reason: '试' }], ['POST', '/password'], ['POST', '/unblocking']] },
  security: { buttons: ['授予角色与权限'], acts: [['PUT', '/rights', { roles: ['reviewer'] }], ['POST', '/unlocking'], ['DELETE', '/sessions']] },
  audit: { buttons: [], acts: [] },
}

journey('three administrators: none has the buttons of another, and the server refuses them too', stage, async () => {
  for (const [name, part] of Object.entries(kParts)) {
    const others = Object.entries(kParts).filter(([other]) => other !== name).map(([, theirs]) => theirs)
    const visitor = await stage.browser.visitor(name)
    visitor.expects = /^403 .*\/admin\/accounts\//
    const { json } = await answerTo(visitor, 'GET', '/admin/accounts?query=housing')
    const housing = json.accounts.find((one) => one.account_name === 'housing')
    for (const [method, path, body] of others.flatMap((theirs) => theirs.acts)) {
      const reply = await answerTo(visitor, method, `/admin/accounts/${housing.account_id}${path}`, { json: body, version: housing.version })
      assert.deepEqual([reply.status, reply.json.reason], [403, 'authz.not_permitted'], `${name}: ${method} ${path}`)
    }
    await visitor.open(`/app/administration/people/${housing.account_id}`)
    await visitor.page.getByText('为什么没有别的按钮').click()
    for (const button of part.buttons) await visitor.page.getByRole('button', { name: button }).waitFor()
    for (const button of others.flatMap((theirs) => theirs.buttons)) assert.equal(await visitor.page.getByRole('button', { name: button }).count(), 0, `${name} has no ${button}`)
    await visitor.look(`124-person-${name}`, { wideOnly: name !== 'admin' })
  }
  const audit = await stage.browser.visitor('audit')
  await audit.page.getByRole('heading', { name: '登录日志' }).waitFor()
  await audit.look('125-sign-in-log')
  await audit.page.getByRole('link', { name: '角色与权限' }).click()
  await audit.page.getByLabel('事情').selectOption({ label: '授予角色与权限' })
  await audit.page.getByText('安全管理员').first().waitFor()
  await audit.look('126-who-may', { wideOnly: true })
  await audit.page.getByRole('button', { name: '全部权限表' }).click()
  await audit.look('127-rights')
  await audit.page.getByRole('link', { name: '人员', exact: true }).click()
  await audit.page.getByLabel('账号名开头').fill('housing')
  await audit.page.getByLabel('类别').selectOption({ label: '工作人员' })
  await audit.page.getByRole('row', { name: /housing_gongshu/ }).first().waitFor()
  await audit.page.getByRole('row', { name: /fire/ }).first().waitFor({ state: 'detached' })
  await audit.look('128-people')
})

journey('a company that was taken over passes its rights on: one proposes, another reads and confirms, by keyboard and on a phone', stage, async () => {
  const kName = `承继 ${kCompany}`
  const admin = await stage.browser.visitor('admin')
  await admin.page.getByRole('link', { name: '单位承继' }).click()
  await admin.page.getByText('没有等待同意的提议').waitFor()
  await admin.look('171-no-successions')
  const propose = async () => {
    await admin.page.getByLabel('原单位的统一社会信用代码').fill(kCode)
    await admin.page.keyboard.press('Tab')
    await admin.page.keyboard.type(kHeir)
    await admin.page.keyboard.press('Tab')
    await admin.page.keyboard.type('吸收合并，见合并协议〔2026〕3 号')
    await admin.page.keyboard.press('Enter')
    await admin.page.getByText('提议已提交，等安全管理员同意').waitFor()
    await admin.page.getByText(/系统管理员 于 .* 提议/).waitFor()
  }
  await propose()
  assert.equal(await admin.page.getByRole('button', { name: `同意${kName}` }).count(), 0)
  await admin.look('172-succession-proposed')

  const security = await stage.browser.visitor('security', { viewport: kNarrow })
  const { page } = security
  await security.open('/app/administration/successions')
  await page.getByText(kCode).waitFor()
  await security.look('173-succession-to-judge')
  const decide = async (verb, reason) => {
    await page.getByRole('button', { name: `${verb}${kName}`, exact: true }).focus()
    await page.keyboard.press('Enter')
    if (reason) await page.getByRole('dialog').getByLabel('原因').fill(reason)
    await page.getByRole('dialog').getByText(kHeir).waitFor()
    await security.look(`174-succession-${reason ? 'refusing' : 'confirming'}`)
    await page.keyboard.press('Control+Enter')
  }
  await decide('不同意', '缺少登记机关的证明')
  await page.getByText('已不同意，提议作废').waitFor()
  await admin.page.reload()
  await propose()
  await page.reload()
  await decide('同意')
  await page.getByText('已同意，权利马上转移').waitFor()
  await page.getByText(/承继：吸收合并/).waitFor()
  await security.look('175-succession-passed')
  await admin.page.reload()
  await admin.page.getByText(/承继：吸收合并/).waitFor()
  await admin.look('176-successions')
})
