// The owner's agent in Chromium: from an empty account to a filed school, with the keyboard alone.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { Client, kDemoPassword } from '../../tools/demo/client.mjs'
import { mediaTypeOf, readPackage } from '../../tools/demo/package_reader.mjs'
import { Browser, closeStage, journey, missing, root } from './browser.mjs'
import { Keyboard, valueAt } from './keyboard.mjs'

const kNext = '保存并继续'
const kRowDone = '填好了，回到列表'
const school = readPackage(join(root, 'catalog/construction-permit/cases/school'))

const stage = { bureau: null, browser: null }
let codeName

before(async () => {
  if (missing) return
  stage.bureau = await Bureau.start()
  stage.browser = await Browser.start(stage.bureau.url)
  codeName = await codeNames()
}, { timeout: 120_000 })

after(async () => {
  await closeStage(stage, 'owner')
})

/** Code of a field → the name that people choose. */
async function codeNames() {
  const matter = await new Client(stage.bureau.url).get(`/matters/${school.matter_code}`)
  return (path, code) => {
    const node = path.replace(/\[\d+\]/g, '').split('.').reduce((here, key) => (here.items ?? here).properties[key], matter.form_schema)
    return matter.code_tables[node['x-code-table']].find((one) => one.code === code).name
  }
}

function isNext(here) {
  return here.tag === 'button' && here.words.includes(kNext)
}

function isAdd(here) {
  return here.tag === 'button' && here.words.includes('加一条')
}

/** Writes the fields of a step, then those that were asked only after others had been answered. */
async function fillFields(keyboard, end) {
  await keyboard.fillUntil(end)
  const left = await keyboard.page.locator('[id^="f-"]').evaluateAll((all) => all.filter((one) => one.matches('input, select, textarea') && !one.disabled && one.value === '').map((one) => one.id.slice(2)))
  const late = left.filter((path) => !keyboard.written.has(path) && valueAt(keyboard.form, path) !== undefined)
  if (!late.length) return
  await keyboard.tabTo(late[0], (here) => here.path === late[0], { back: true })
  await keyboard.fillUntil(end)
}

/** One list: a row after the other, and the lists inside each row. The focus ends on the list's heading. */
async function fillRows(keyboard, path, title, inner) {
  const rows = valueAt(keyboard.form, path) ?? []
  if (!rows.length) return
  await keyboard.press(`加一条${title}`)
  for (const [place] of rows.entries()) {
    const insideTitle = inner && valueAt(keyboard.form, `${path}[${place}].${inner.list}`)?.length ? inner.title : null
    await fillFields(keyboard, (here) => here.tag === 'button' && (here.words.includes(kRowDone) || (insideTitle !== null && here.words.includes(`加一条${insideTitle}`))))
    if (insideTitle) await fillRows(keyboard, `${path}[${place}].${inner.list}`, insideTitle)
    await keyboard.toButton(place < rows.length - 1 ? '再加一条' : kRowDone)
    await keyboard.keys.press('Enter')
  }
}

async function toStep(visitor, title) {
  await visitor.page.getByRole('heading', { name: title, level: 2, exact: true }).first().waitFor()
  await visitor.page.locator('#main:focus').waitFor()
}

async function nextStep(visitor, keyboard, title) {
  await keyboard.tabTo(kNext, isNext)
  await keyboard.keys.press('Enter')
  await toStep(visitor, title)
}

/** All papers at once through the one file button; those that their names do not place are asked one by one. */
async function uploadPapers(visitor, keyboard) {
  const chooser = visitor.page.waitForEvent('filechooser')
  await keyboard.tabTo('the file button', (here) => here.kind === 'file')
  await keyboard.keys.press('Enter')
  await (await chooser).setFiles(school.materials.map(({ file, file_name: name }) => ({ name, mimeType: mediaTypeOf(file), buffer: readFileSync(join(school.folder, file)) })))
  const unplaced = visitor.page.locator('select[id^="place-"]')
  let placed = 0
  await visitor.page.getByText(/已上传$/).first().waitFor()
  const asked = await unplaced.count()
  for (let left = asked; left > 0; left--) {
    const name = await visitor.page.locator('label[for="place-0"]').innerText()
    const code = school.materials.find((one) => one.file_name === name).material_code
    const here = await keyboard.tabTo('the place of a paper', (one) => one.tag === 'select')
    const steps = here.options.indexOf(code)
    // The page takes no copy of a paper that the system makes itself.
    if (steps < 0) {
      await keyboard.press('不传了')
      continue
    }
    placed += 1
    for (let step = 0; step < steps; step++) await keyboard.keys.press('ArrowDown')
    await keyboard.press('上传到这份材料')
  }
  return school.materials.length - asked + placed
}

journey('smoke: the session cookie holds on plain loopback, and what is typed survives a reload', stage, async () => {
  const visitor = await stage.browser.visitor()
  const { page } = visitor
  await visitor.open('/app/')
  await visitor.heading('登录').waitFor()
  await visitor.look('01-sign-in')
  await visitor.signIn('estate')
  const [cookie] = (await page.context().cookies()).filter((one) => one.name === '__Host-kaigong')
  assert.ok(cookie.secure && cookie.httpOnly && cookie.sameSite === 'Strict', 'the cookie is as strict as its name says')
  await page.getByText('还没有申请').waitFor()
  await visitor.look('02-applications-empty')
  await page.getByRole('link', { name: '新建申请' }).first().click()
  await page.getByRole('button', { name: /开始申请.*建筑工程施工许可/ }).click()
  const works = page.getByLabel('工程名称')
  await works.waitFor()
  const saved = page.waitForResponse((response) => response.request().method() === 'PUT' && response.ok())
  await works.fill('示例花园一期')
  await saved
  await page.getByText('草稿已保存').waitFor()
  await page.reload()
  await works.waitFor()
  assert.equal(await works.inputValue(), '示例花园一期')
})

journey('nobody reads on after signing out: the way back leads to the door', stage, async () => {
  const visitor = await stage.browser.visitor('estate')
  const { page } = visitor
  await page.getByRole('link', { name: '示例花园一期', exact: true }).click()
  await page.getByLabel('工程名称').waitFor()
  await visitor.open('/guide')
  await page.goBack()
  await page.getByLabel('建设地址').fill('杭州市西湖区示例路 1 号')
  await page.getByRole('button', { name: '退出', exact: true }).click()
  await visitor.heading('登录').waitFor()
  await page.getByRole('button', { name: '退出', exact: true }).waitFor({ state: 'detached' })
  for (let back = 0; back < 2; back++) {
    await page.goBack()
    // The client turns round at its door before the next step back.
    await page.waitForURL(/\/app\/sign-in/, { waitUntil: 'commit' })
    await visitor.heading('登录').waitFor()
    assert.ok(!(await page.content()).includes('示例花园一期'), 'a page of the one who left is shown again')
  }
  const owner = new Client(stage.bureau.url, 'estate')
  const [row] = (await owner.get('/applications')).applications
  const { form } = await owner.get(`/applications/${row.application_id}`)
  assert.equal(form.works.works_address, '杭州市西湖区示例路 1 号', 'what was typed before leaving was saved')
})

journey('the school is filed from an empty account with the keyboard alone', stage, async () => {
  const visitor = await stage.browser.visitor()
  const { page } = visitor
  // Right after the receipt the procedure may not know the application yet; the page asks again.
  visitor.expects = /^404 .*\/progress$/
  const keyboard = new Keyboard(page, { form: school.form, tables: codeName })
  await visitor.open('/app/sign-in')
  await keyboard.tabTo('the account', (here) => here.tag === 'input' && here.kind === 'text')
  await keyboard.type('school')
  await keyboard.tabTo('the password', (here) => here.kind === 'password')
  await keyboard.type(kDemoPassword)
  await keyboard.keys.press('Enter')
  await visitor.heading('我的申请').waitFor()
  await keyboard.press('新建申请')
  await visitor.heading('新建申请').waitFor()
  await page.getByRole('button', { name: /开始申请.*建筑工程施工许可/ }).waitFor()
  await keyboard.press('开始申请 建筑工程施工许可')

  await toStep(visitor, '工程信息')
  await fillFields(keyboard, isNext)
  await visitor.look('03-step-works')
  await nextStep(visitor, keyboard, '项目与用地规划')
  await fillFields(keyboard, isNext)
  await visitor.look('04-step-project')
  await nextStep(visitor, keyboard, '图审与单体')
  await fillFields(keyboard, (here) => isNext(here) || isAdd(here))
  await fillRows(keyboard, 'buildings', '单体工程')
  await visitor.look('05-step-buildings')
  await nextStep(visitor, keyboard, '参建单位')
  await fillRows(keyboard, 'participants', '参建单位', { list: 'people', title: '关键岗位人员' })
  await visitor.look('06-step-participants')
  await nextStep(visitor, keyboard, '合同与发包')
  await fillFields(keyboard, isNext)
  await visitor.look('07-step-contract')
  await nextStep(visitor, keyboard, '资金与工资保障')
  await fillFields(keyboard, isNext)
  await nextStep(visitor, keyboard, '消防 · 人防 · 节能')
  await fillFields(keyboard, isNext)
  await visitor.look('08-step-reviews')
  await nextStep(visitor, keyboard, '质量与安全')
  await fillFields(keyboard, (here) => isNext(here) || isAdd(here))
  await fillRows(keyboard, 'safety.hazardous_subworks', '危大工程清单')
  await nextStep(visitor, keyboard, '材料')
  const papers = await uploadPapers(visitor, keyboard)
  await page.getByRole('heading', { name: '要交的都有了' }).waitFor({ timeout: 60_000 })
  await visitor.look('09-step-materials')
  await nextStep(visitor, keyboard, '联系与承诺')
  await fillFields(keyboard, isNext)
  await visitor.look('10-step-declarations')
  await nextStep(visitor, keyboard, '核对并提交')
  await page.getByText(/条相符$/).first().waitFor()
  await visitor.look('11-check-answers')
  await keyboard.tabTo('the statement', (here) => here.kind === 'checkbox')
  await keyboard.keys.press('Space')
  await keyboard.press('提交申请')
  await visitor.heading('申请已提交').waitFor()
  await page.getByText('物料回执').first().waitFor()
  await visitor.look('12-submitted')
  await keyboard.press('看办到哪了')
  await visitor.heading('时间用在哪').waitFor()
  await visitor.look('13-application')

  const owner = new Client(stage.bureau.url, 'school')
  const [row] = (await owner.get('/applications')).applications
  const filed = await owner.get(`/applications/${row.application_id}/submissions/1`)
  const lost = leaves(school.form).filter(([path, value]) => valueAt(filed.form, path) !== value)
  assert.deepEqual(lost.map(([path, value]) => `${path}: ${valueAt(filed.form, path)} instead of ${value}`), [])
  const { materials } = await owner.get(`/applications/${row.application_id}`)
  assert.equal(materials.flatMap((one) => one.documents).length, papers)
})

function leaves(value, path = '') {
  if (Array.isArray(value)) return value.flatMap((one, place) => leaves(one, `${path}[${place}]`))
  if (value !== null && typeof value === 'object') return Object.entries(value).flatMap(([key, one]) => leaves(one, path ? `${path}.${key}` : key))
  return [[path, value]]
}
