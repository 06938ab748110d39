// The door once somebody is inside: an officer's first sign-in with its second factor and its password, a password past its age, a session that ends while somebody writes, and acts that ask again who is there.
// Time passes in two places: in the browser by its clock, at the server by rows of its sessions that were written earlier.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { totpCode, wrongTotpCode } from '../api/authenticator.mjs'
import { Bureau } from '../api/harness.mjs'
import { complete, fileNight, inboxRows } from '../api/stories.mjs'
import { kDemoPassword } from '../../tools/demo/client.mjs'
import { Browser, closeStage, journey, missing } from './browser.mjs'

const kNarrow = { width: 360, height: 780 }
const kWide = { width: 1920, height: 1080 }
const kStepMs = 30_000
const kMinuteMs = 60_000
const kDayMs = 24 * 60 * kMinuteMs
const kNewPassword = 'qingshan-lvshui-2026'
const kOpinion = '夜间浇筑的必要性已经核实，噪声控制措施可行。'
const kSettings = { KAIGONG_IDENTITY_PASSWORD_DAYS: '90' }

const stage = { bureau: null, browser: null }
let application

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start({ environment: kSettings })
  stage.browser = await Browser.start(stage.bureau.url)
  application = await fileNight(await stage.bureau.person('school'), '330106', 1)
  const clerk = await stage.bureau.person('clerk')
  const [row] = await inboxRows(clerk, 1, (one) => one.application_id === application)
  assert.equal((await complete(clerk, row, 'accept')).status, 200)
}, { timeout: 240_000 })

after(() => closeStage(stage, 'door'))

/** What one account's rows say of time becomes so much older. */
function age(table, columns, account, ms) {
  const sets = columns.map((column) => `${column} = ${column} - ${ms}`).join(', ')
  const sql = `UPDATE ${table} SET ${sets} WHERE account_id = (SELECT account_id FROM accounts WHERE account_name = '${account}')`
  const { status, stderr } = spawnSync('sqlite3', ['-cmd', '.timeout 10000', join(stage.bureau.folder, 'kaigong.db'), sql], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
}

/** Nobody touches anything for so long. */
async function rest({ page, account }, ms) {
  age('account_sessions', ['last_seen_at_ms'], account, ms)
  await page.clock.fastForward(ms)
}

async function typePassword({ page }, account, password) {
  await page.getByLabel('账号').fill(account)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
}

journey('a session that ends is told of in time; whoever stays away signs in again, finds his page and his words, and signs with a fresh proof', stage, async () => {
  const leader = await stage.browser.visitor(null, { viewport: kWide })
  const { page } = leader
  leader.account = 'leader'
  // Before the door and after the end nobody is signed in; a stream that was open is refused then.
  leader.expects = /^(401 |403 \/api\/v1\/tasks\/|422 \/api\/v1\/session\/step-up$)/
  await page.clock.install()
  await leader.open('/app/sign-in')
  await typePassword(leader, 'leader', kDemoPassword)
  await page.getByRole('button', { name: '退出' }).waitFor()
  const client = await stage.bureau.person('leader')
  const [row] = await inboxRows(client, 1, (one) => one.application_id === application)
  await client.must('POST', `/tasks/${row.task_id}/claim`, { version: row.version, key: true })
  await leader.open(`/app/tasks/${row.task_id}`)
  const grant = async () => {
    await page.getByRole('button', { name: '准予', exact: true }).first().click()
    await page.getByRole('dialog').getByLabel(/意见|理由/).waitFor()
  }
  await grant()
  await page.getByRole('dialog').getByLabel(/意见|理由/).fill(kOpinion)

  // Over the dialog in which he writes, where a page's other parts can't be reached.
  const warning = page.getByRole('dialog', { name: /分钟后将自动退出登录/ })
  await rest(leader, 27.5 * kMinuteMs)
  await warning.waitFor()
  await leader.look('180-session-ends-soon')
  await warning.getByRole('button', { name: '继续使用' }).focus()
  await page.keyboard.press('Enter')
  await warning.waitFor({ state: 'detached' })
  await rest(leader, 20 * kMinuteMs)
  assert.equal(await page.getByRole('dialog').getByLabel(/意见|理由/).inputValue(), kOpinion, 'what was typed is there after going on')
  assert.equal(await warning.count(), 0)

  await rest(leader, 11 * kMinuteMs)
  await page.getByText(/登录已经过期，请重新登录/).waitFor()
  assert.equal(await page.getByText(kOpinion).count(), 0, 'nothing of the case stays on the screen')
  await leader.look('181-session-over')
  await typePassword(leader, 'leader', kDemoPassword)
  await page.waitForURL(new RegExp(`/app/tasks/${row.task_id}`))
  await grant()
  assert.equal(await page.getByRole('dialog').getByLabel(/意见|理由/).inputValue(), kOpinion, 'what was typed is there after signing in again')

  age('account_sessions', ['authenticated_at_ms'], 'leader', 16 * kMinuteMs)
  const sign = () => page.getByRole('dialog', { name: /准予/ }).getByRole('button', { name: '准予', exact: true }).press('Enter')
  const proof = page.getByRole('dialog', { name: '请再验证一次' })
  await sign()
  await proof.waitFor()
  await leader.look('182-proof-asked')
  await page.keyboard.press('Escape')
  await proof.waitFor({ state: 'detached' })
  await page.getByRole('dialog').getByText(/要求您刚刚确认过身份/).waitFor()
  assert.equal(await page.getByRole('dialog').getByLabel(/意见|理由/).inputValue(), kOpinion, 'what was typed is there after leaving the proof')
  await leader.look('183-proof-left')
  await sign()
  await proof.getByLabel('密码', { exact: true }).fill('not-this-one')
  await page.keyboard.press('Enter')
  await proof.getByText(/密码不对/).first().waitFor()
  await proof.getByLabel('密码', { exact: true }).fill(kDemoPassword)
  await page.keyboard.press('Enter')
  await page.getByText(/^已办：/).waitFor()
  const done = await page.evaluate(async (id) => (await fetch(`/api/v1/tasks/${id}`)).json(), row.task_id)
  assert.equal(done.opinion, kOpinion)
})

/** The dialog of a changed password, with what is refused on the way. */
async function changePassword(visitor, present, refusals) {
  const { page } = visitor
  const change = async (current, wanted) => {
    await page.getByLabel('现在的密码').fill(current)
    await page.getByLabel('新密码', { exact: true }).fill(wanted)
    await page.keyboard.press('Enter')
  }
  for (const [current, wanted, said] of refusals) {
    await change(current ?? present, wanted)
    await page.getByRole('alert').getByText(said).waitFor()
    assert.deepEqual([await page.getByLabel('现在的密码').inputValue(), await page.getByLabel('新密码', { exact: true }).inputValue()], [current ?? present, wanted], 'a refusal takes nothing away')
  }
  await visitor.look(`184-password-refused-${visitor.account}`)
  await change(present, kNewPassword)
}

journey('a password past its age is changed before anything else, and refused ones cost nothing that was typed', stage, async () => {
  age('account_profiles', ['password_changed_at_ms'], 'fire', 91 * kDayMs)
  const fire = await stage.browser.visitor(null, { viewport: kNarrow })
  const { page } = fire
  fire.account = 'fire'
  fire.expects = /^422 \/api\/v1\/account\/password$/
  await fire.open('/app/calendar')
  await typePassword(fire, 'fire', kDemoPassword)
  await fire.heading('先修改密码').waitFor()
  await changePassword(fire, kDemoPassword, [
    [null, 'short-1A', /还没有满足下面的全部要求/],
    [null, kDemoPassword, /最近用过|公开的密码/],
    [null, 'Passw0rd-2026', /最常被猜到/],
    ['not-the-one-of-now', kNewPassword, /密码不对/],
  ])
  await page.waitForURL(/\/app\/calendar/)
})

/** One administrator gives the password, another the code: only the owner has both. */
async function firstDayOf(account) {
  const given = async (administrator, act) => {
    const person = await stage.bureau.person(administrator)
    const { accounts } = await person.must('GET', `/admin/accounts?query=${account}`)
    const found = accounts.find((one) => one.account_name === account)
    return person.must('POST', `/admin/accounts/${found.account_id}/${act}`, { version: found.version })
  }
  const { initial_password: first } = await given('admin', 'password')
  const { enrolment_code: code } = await given('security', 'enrolment-code')
  return { first, code }
}

journey('an officer’s first sign-in: the code and the factor that are forced, his own password, recovery codes that are shown once', stage, async () => {
  const { first, code: enrolment } = await firstDayOf('fire2')
  await stage.bureau.stop({ keep: true })
  await stage.bureau.reopen({ clockStart: '2026-11-24T09:00:00+08:00', environment: { ...kSettings, KAIGONG_IDENTITY_SECOND_FACTOR_FORCED: 'true' } })
  stage.browser.url = stage.bureau.url
  const officer = await stage.browser.visitor(null, { viewport: kNarrow })
  const { page } = officer
  officer.account = 'fire2'
  officer.expects = /^(422 \/api\/v1\/(account\/|session\/enrolment-code$)|403 \/api\/v1\/account\/recovery-codes$)/
  await officer.open('/app/sign-in')
  await typePassword(officer, 'fire2', first)
  await officer.heading('先绑定两步验证').waitFor()
  const typed = page.getByLabel('绑定码')
  await typed.fill('AAAAA-AAAAA')
  await page.keyboard.press('Enter')
  await page.getByText(/绑定码不对/).first().waitFor()
  assert.equal(await typed.inputValue(), 'AAAAA-AAAAA')
  await officer.look('185-enrolment-code-refused')
  await typed.fill(enrolment.toLowerCase())
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '添加动态口令' }).waitFor()
  await officer.look('186-factor-forced')
  await page.getByRole('button', { name: '添加动态口令' }).press('Enter')
  await page.getByLabel('名称').fill('工作手机')
  await page.keyboard.press('Enter')
  const secret = (await page.getByText(/^[A-Z2-7]{4}( [A-Z2-7]{1,4})+$/).innerText()).replaceAll(' ', '')
  await page.getByLabel('6 位动态口令').fill(wrongTotpCode(secret))
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByText(/口令不对/).first().waitFor()
  await officer.look('186-factor-wrong-code')
  await page.getByLabel('6 位动态口令').fill(totpCode(secret))
  await page.keyboard.press('Enter')

  await officer.heading('先修改密码').waitFor()
  await changePassword(officer, first, [[null, first, /最近用过/]])
  await page.getByRole('button', { name: '生成新的恢复码' }).press('Enter')
  const dialog = page.getByRole('dialog', { name: '恢复码' })
  await dialog.getByRole('listitem').nth(9).waitFor()
  assert.equal(await dialog.getByRole('listitem').count(), 10)
  const code = await dialog.getByRole('listitem').first().innerText()
  await officer.look('187-recovery-codes')
  await dialog.getByRole('button', { name: '已经保存好' }).press('Enter')
  await officer.heading('待办').waitFor()

  await officer.open('/app/account/factors')
  await page.getByText('还剩 10 个没有用过').waitFor()
  assert.equal(await page.getByText(code).count(), 0, 'the codes are shown once')
  // New ones void the old, so they ask who is there: by the factor that he has now.
  age('account_sessions', ['authenticated_at_ms'], 'fire2', 16 * kMinuteMs)
  await page.getByText('English', { exact: true }).click()
  await page.getByRole('button', { name: 'Make new recovery codes' }).press('Enter')
  const proof = page.getByRole('dialog', { name: 'Prove once more who you are' })
  await proof.getByRole('textbox').fill(totpCode(secret, Date.now() + kStepMs))
  await officer.look('188-proof-by-factor-in-english')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Recovery codes' }).getByRole('listitem').first().waitFor()
})
