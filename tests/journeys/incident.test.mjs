// A decision letter that cannot be written because the authority's court is missing: the head sees it, somebody mends the settings, she tries again.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { Bureau } from '../api/harness.mjs'
import { perform } from '../../tools/demo/acts.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { readPackage } from '../../tools/demo/package_reader.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { Browser, closeStage, journey, missing, root } from './browser.mjs'

const pack = readPackage(join(root, 'catalog/construction-permit/cases/refused'))

const kStopped = /失败(至少)? \d+ 次，后面的步骤在等它。文书必须写明复议机关和管辖法院/
/** Eight tries, each wait twice the one before. */
const kGivenUpMs = 150_000

const stage = { bureau: null, browser: null }
const application = { account: pack.account, form: pack.form, materials: pack.materials, commitments: pack.commitments ?? [], states: [], documents: [] }
let catalogue
let environment

const authoritiesOf = (folder) => join(folder, 'shared/authorities.json')

/** The project's catalogue, where nobody wrote down which courts review its decisions. */
function catalogueWithoutCourt() {
  catalogue = mkdtempSync(join(tmpdir(), 'kaigong-catalogue-'))
  cpSync(join(root, 'catalog'), catalogue, { recursive: true })
  const without = JSON.parse(readFileSync(authoritiesOf(catalogue), 'utf8'))
  for (const authority of without.authorities) authority.court = ''
  writeFileSync(authoritiesOf(catalogue), JSON.stringify(without))
  environment = { KAIGONG_CATALOG_FOLDER: catalogue }
}

before(async () => {
  if (missing) return
  catalogueWithoutCourt()
  stage.bureau = await Bureau.start({ clockStart: pack.clock_start, environment })
  stage.browser = await Browser.start(stage.bureau.url)
  for (const { actor, act, input } of pack.steps) {
    for (const account of [actor].flat()) {
      const client = new Client(stage.bureau.url, account)
      await perform({ pack, application, owner: client, client, act, input })
    }
  }
}, { timeout: 240_000 })

after(async () => {
  await closeStage(stage, 'incident')
  if (catalogue) rmSync(catalogue, { recursive: true })
})

const progressFor = (account) => new Client(stage.bureau.url, account).get(`/applications/${application.id}/progress`)
const incidentOf = (progress) => progress.waiting_for.find((one) => one.kind === 'incident')

/** The decision as its applicant has it; null until there is one. */
async function decisionLetters() {
  const { letters } = await new Client(stage.bureau.url, pack.account).get(`/applications/${application.id}/letters`)
  const found = letters.filter((one) => one.letter_kind === 'refusal_decision')
  return found.length ? found : null
}

/** Her finished task leads to the case. */
async function openDone(visitor) {
  const task = (await new Client(stage.bureau.url, visitor.account).get(`/applications/${application.id}/tasks`)).tasks.find((one) => one.kind === 'recheck')
  await visitor.open(`/app/tasks/${task.task_id}`)
  await visitor.page.getByText(kStopped).waitFor()
}

journey('a letter that lacks its court is tried again by itself, then waits for the head', stage, async () => {
  await waitFor('系统还在重试', async () => incidentOf(await progressFor('head')))
  const head = await stage.browser.visitor('head')
  await openDone(head)
  assert.equal(await head.page.getByRole('button', { name: '重试' }).count(), 0, 'what is still tried by itself needs nobody')
  await waitFor('系统停止重试', async () => incidentOf(await progressFor('head')).incident, { deadlineMs: kGivenUpMs })
  await head.page.reload()
  await head.page.getByRole('button', { name: '重试' }).waitFor()
  await head.look('45-incident')
})

journey('whoever may not repair reads what stopped, without a button', stage, async () => {
  const fire = await stage.browser.visitor('fire')
  const review = (await new Client(stage.bureau.url, 'fire').get(`/applications/${application.id}/tasks`)).tasks.find((one) => one.kind === 'review' && one.item === 'fire')
  await fire.open(`/app/tasks/${review.task_id}`)
  await fire.page.getByText(kStopped).waitFor()
  assert.equal(await fire.page.getByRole('button', { name: '重试' }).count(), 0)
})

journey('with the settings mended the same button sends the letter, once', stage, async () => {
  await stage.bureau.stop({ keep: true })
  cpSync(authoritiesOf(join(root, 'catalog')), authoritiesOf(catalogue))
  await stage.bureau.reopen({ clockStart: '2026-12-14T10:00:00+08:00', environment })
  stage.browser.url = stage.bureau.url
  const head = await stage.browser.visitor('head')
  await openDone(head)
  await head.page.getByLabel('哪里不对，怎样处理的').fill('法院的名称已补')
  await head.page.getByRole('button', { name: '重试' }).click()
  const letters = await waitFor('不予许可决定书', decisionLetters)
  await head.page.reload()
  await head.page.getByText(kStopped).waitFor({ state: 'detached' })
  await head.look('46-incident-mended')
  assert.equal(letters.length, 1)
})
