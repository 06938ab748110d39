// What the persons of a package do, each act over the same HTTP API that the web client uses.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mediaTypeOf } from './package_reader.mjs'
import { withChanges } from './patch.mjs'
import { waitFor } from './waiting.mjs'

const kKindOfAct = { check: 'check', accept: 'accept', request_correction: 'accept', no_permit_needed: 'accept', refuse_acceptance: 'accept', review: 'review', recheck: 'recheck', decide: 'decide', deliver: 'certificate', check_commitment: 'commitment_check' }
const kOutcomeOfAct = { check: 'complete', accept: 'accept', request_correction: 'request_correction', no_permit_needed: 'no_permit_needed', refuse_acceptance: 'refuse_acceptance', review: 'agree', recheck: 'pass', decide: 'grant', deliver: 'deliver', check_commitment: 'commitment_true' }
const kDefaultRemark = '已核对，请工作人员审查。'

const versionOf = async (client, id) => (await client.get(`/applications/${id}`)).version

async function saveForm(client, application) {
  await client.call('PUT', `/applications/${application.id}/form`, { json: { form: application.form }, version: await versionOf(client, application.id) })
}

const kOwnRow = 'own_row'

/** The firms of the package confirm their rows as the form has them now: each is invited by the owner and confirms under its own account. A firm whose code can't be right is invited by nobody. */
async function confirmRows(client, application, pack, clientOf) {
  const path = `/applications/${application.id}/invited-parts`
  const { parts, invitable } = await client.get(path)
  const stands = new Set(parts.filter((one) => one.part === kOwnRow && one.standing === 'confirmed').map((one) => `${one.credit_code} ${one.role}`))
  for (const { part, credit_code, role } of invitable) {
    const account = pack.confirmed_by[role]
    if (part !== kOwnRow || !account || stands.has(`${credit_code} ${role}`)) continue
    const invited = await client.call('POST', path, { json: { part, credit_code, role, kind: 'confirm' }, key: true }).catch((refusal) => {
      if (refusal.reason === 'applications.credit_code_malformed') return null
      throw refusal
    })
    if (!invited) continue
    const firm = clientOf(account)
    const { version } = await firm.get(`/invited-parts/${invited.part_id}`)
    await firm.call('POST', `/invited-parts/${invited.part_id}/confirmation`, { json: { declared: true }, version })
  }
}

async function uploadAll(client, application, materials, folder) {
  for (const { material_code: code, file, file_name: name } of materials) {
    const query = new URLSearchParams({ material_code: code, file_name: name })
    const document = await client.call('POST', `/applications/${application.id}/documents?${query}`, { body: readFileSync(join(folder, file)), type: mediaTypeOf(file), key: true })
    application.documents.push({ ...document, sent_name: name })
  }
}

async function setCommitments(client, application, commitments) {
  if (!commitments?.length) return
  await client.call('PUT', `/applications/${application.id}/commitments`, { json: { materials: commitments }, key: true, version: await versionOf(client, application.id) })
}

// What is open at submission is confirmed with a remark: the one of the package, or a plain one.
function remarksFor(findings, given = []) {
  const said = new Map(given.map((r) => [r.rule, r.remark]))
  return findings.filter((f) => f.outcome === 'fail').map((f) => ({ rule: f.rule, remark: said.get(f.rule) ?? kDefaultRemark }))
}

async function sendSubmission(client, application, input, answers) {
  const before = await client.get(`/applications/${application.id}`)
  const receipt = await client.call('POST', `/applications/${application.id}/submission`, {
    json: { declarations: input.declarations ?? application.form.declarations, remarks: remarksFor(before.findings, input.remarks), answers },
    key: true, version: before.version,
  })
  application.number = receipt.application_number
  application.rounds = receipt.round
  return { intake_due_on: receipt.intake_due_on }
}

async function submit({ client, application, input, pack, clientOf }) {
  const created = await client.call('POST', '/applications', { json: { matter_code: pack.matter_code }, key: true })
  application.id = created.application_id
  application.states.push(created.state)
  await saveForm(client, application)
  if (clientOf && pack.confirmed_by) await confirmRows(client, application, pack, clientOf)
  await uploadAll(client, application, application.materials, pack.folder)
  await setCommitments(client, application, application.commitments)
  const precheck = await client.call('POST', `/applications/${application.id}/precheck`, { json: { form: application.form } })
  application.precheck = precheck.counts
  return sendSubmission(client, application, input, [])
}

async function resubmit({ client, application, input, pack, owner, clientOf }) {
  const correction = await waitFor('补正通知发出', async () => (await owner.get(`/applications/${application.id}/progress`)).correction)
  application.points = correction.points.length
  const matches = (answer, point) => [point.field, point.material_code, point.item, point.point_id].includes(answer.about)
  const answers = correction.points.map((point) => {
    const answer = (input.answers ?? []).find((one) => matches(one, point))
    if (!answer) throw new Error(`没有准备对这条补正意见的答复：${point.field ?? point.material_code ?? point.item}「${point.what}」`)
    return { point_id: point.point_id, answer: answer.answer }
  })
  application.form = withChanges(application.form, input.changes)
  await saveForm(client, application)
  if (clientOf && pack.confirmed_by) await confirmRows(client, application, pack, clientOf)
  await uploadAll(client, application, input.materials ?? [], pack.folder)
  await setCommitments(client, application, input.commitments)
  return sendSubmission(client, application, input, answers)
}

async function rowsOf(client, application) {
  const rows = []
  for (const view of ['todo', 'mine']) {
    let cursor = null
    do {
      const page = await client.get(`/inbox?${new URLSearchParams({ view, limit: '100', ...(cursor ? { cursor } : {}) })}`)
      rows.push(...page.rows.filter((row) => row.application_id === application.id))
      cursor = page.next_cursor
    } while (cursor)
  }
  return [...new Map(rows.map((row) => [row.task_id, row])).values()]
}

/** The first open task in the person's inbox that belongs to the application and that `fits`. */
async function findTask({ client, application, what, fits }) {
  let seen = ''
  return waitFor(what, async () => {
    const rows = await rowsOf(client, application)
    seen = rows.length ? `${client.account} 的待办有 ${rows.map((r) => r.step_name).join('、')}` : `${client.account} 的待办里没有这一件`
    for (const row of rows) {
      const task = await client.get(`/tasks/${row.task_id}`)
      if (task.state === 'open' && fits(task)) return task
    }
    return null
  }, { seen: () => seen })
}

function outcomeOf(task, wanted) {
  const offered = task.outcomes
  const found = offered.find((o) => o.code === wanted) ?? offered.find((o) => o.code.endsWith(`_${wanted}`)) ?? (wanted === 'deliver' && offered.length === 1 ? offered[0] : null)
  if (!found) throw new Error(`任务「${task.name}」没有“${wanted}”这个结果，只有 ${offered.map((o) => `${o.code}（${o.label}）`).join('、')}`)
  if (found.blocked_because) throw new Error(`任务「${task.name}」现在不能选“${found.label}”：${found.blocked_because}`)
  return found.code
}

async function complete(client, task, wanted, input) {
  const outcome = outcomeOf(task, wanted)
  const held = task.assigned_to_me ? task : await client.call('POST', `/tasks/${task.task_id}/claim`, { version: task.version })
  const points = (input.points ?? []).map(({ field = null, material_code = null, what, how_to_mend, legal_basis }) => ({ field, material_code, what, how_to_mend, legal_basis }))
  await client.call('POST', `/tasks/${task.task_id}/completion`, {
    json: { outcome, opinion: input.opinion ?? '', checklist: input.checklist ?? held.checklist.map((c) => c.code), points },
    key: true, version: held.version,
  })
  return {}
}

async function officerAct({ client, application, act, input }) {
  const kind = kKindOfAct[act]
  const task = await findTask({ client, application, what: `${client.account} 收到“${kind}”任务`, fits: (t) => t.kind === kind && (!input.item || t.item === input.item) && (!input.named || t.name.includes(input.named)) })
  return complete(client, task, input.outcome ?? kOutcomeOfAct[act], input)
}

async function withdraw({ client, application, input }) {
  await client.call('POST', `/applications/${application.id}/withdrawal`, { json: { reason: input.reason }, key: true })
  return {}
}

// 行政许可法 leaves the confirmation to the authority: a process may ask the window or end by itself.
async function confirmWithdrawal({ client, application, input, owner }) {
  const asked = await waitFor('撤回申请被处理，或窗口收到确认任务', async () => {
    const progress = await owner.get(`/applications/${application.id}/progress`)
    if (progress.state === 'withdrawn') return 'done'
    for (const row of await rowsOf(client, application)) {
      const task = await client.get(`/tasks/${row.task_id}`)
      const outcome = task.outcomes.find((o) => /withdraw/.test(o.code))
      if (task.state === 'open' && outcome) return { task, code: outcome.code }
    }
    return null
  })
  return asked === 'done' ? {} : complete(client, asked.task, asked.code, input)
}

async function wait({ application, input, owner }) {
  const until = Object.entries(input.until ?? {})
  if (!until.length) return {}
  let seen = ''
  await waitFor(until.map(([k, v]) => `${k} = ${v}`).join('，'), async () => {
    const progress = await owner.get(`/applications/${application.id}/progress`)
    seen = until.map(([k]) => `${k} = ${progress[k]}`).join('，')
    return until.every(([key, value]) => progress[key] === value) ? true : null
  }, { seen: () => seen })
  return {}
}

/** Does one act for one person; gives what the reply said that a step may check (`intake_due_on`). `clientOf` gives somebody else's client: without it the firms of the works confirm nothing. */
export function perform(context) {
  const own = { submit, resubmit, withdraw, confirm_withdrawal: confirmWithdrawal, wait }
  return (own[context.act] ?? officerAct)({ ...context, input: context.input ?? {} })
}
