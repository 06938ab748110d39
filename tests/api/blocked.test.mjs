// What a blocked person began does not go on: nobody acts in his place, and nobody confirms what he proposed.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { creditCode, kPassword, register, signIn } from './people.mjs'
import { complete, fileNight, inboxRows } from './stories.mjs'
import { officeDate } from '../../tools/demo/clock.mjs'

const kStart = '2026-11-24T08:00:00+08:00'
const kWeekMs = 7 * 24 * 3_600_000

describe('a blocked person', { skip: missing }, () => {
  let bureau, admin, security, clerk, leader, leader2, head

  const idOf = (person) => person.session.account.account_id
  const refused = async (status, reason, person, ...act) => {
    const reply = await person.ask(...act)
    assert.deepEqual([reply.status, reply.json?.reason], [status, reason], `${person.account}: ${act[0]} ${act[1]} ${reply.body}`)
  }
  const setBlocked = async (id, blocked) => {
    const { version } = await admin.must('GET', `/admin/accounts/${id}`)
    await admin.must('POST', `/admin/accounts/${id}/${blocked ? 'blocking' : 'unblocking'}`, blocked ? { version, json: { reason: '调查' } } : { version })
  }
  const enter = async () => {
    ;[admin, security, clerk, leader, leader2, head] = await Promise.all(['admin', 'security', 'clerk', 'leader', 'leader2', 'head'].map((one) => bureau.person(one)))
  }
  /** Another system administrator, who has proved who he is. */
  const secondAdmin = async (name) => {
    const made = await admin.must('POST', '/admin/accounts', { json: { account_name: name, kind: 'administrator', display_name: '系统管理员二', organisation_name: '杭州市' } })
    await security.must('PUT', `/admin/accounts/${made.account_id}/rights`, { version: made.version, json: { roles: ['system_admin'], matters: [], clearance: 'normal' } })
    const { person } = await signIn(bureau, name, made.initial_password)
    await person.must('PUT', '/account/password', { json: { password: made.initial_password, new_password: kPassword } })
    return Object.assign((await signIn(bureau, name, kPassword)).person, { id: made.account_id })
  }

  before(async () => {
    bureau = await Bureau.start({ clockStart: kStart, database: '' })
    await enter()
  })
  after(async () => assert.equal(await bureau?.stop(), 0))

  test('has no deputy any more: his tasks are given to others', async () => {
    const id = await fileNight(await bureau.person('school'), '330106', 1)
    const [row] = await inboxRows(clerk, 1, (one) => one.application_id === id)
    assert.equal((await complete(clerk, row, 'accept')).status, 200)
    const [decide] = await inboxRows(leader, 1, (one) => one.application_id === id)
    const held = await leader.must('POST', `/tasks/${decide.task_id}/claim`, { version: decide.version })
    const { now_ms: now } = await head.must('GET', '/demo/clock')
    const deputyship = await leader.must('POST', '/deputyships', { json: { deputy: idOf(head), from_on: officeDate(now), through_on: officeDate(now), reason: '外出开会' }, key: true })
    await inboxRows(head, 1, (one) => one.application_id === id)
    await setBlocked(idOf(leader), true)
    const { rows } = await head.must('GET', '/inbox?view=todo')
    assert.ok(!rows.some((one) => one.application_id === id))
    const done = await complete(head, held, 'grant')
    assert.deepEqual([done.status, done.json.reason], [403, 'approval.not_your_task'], done.body.toString())
    // Nobody hands anything to him either, and his deputyship can still be ended.
    await refused(422, 'approval.person_unknown', leader2, 'POST', `/tasks/${held.task_id}/assignment`, { json: { to: idOf(leader), reason: '请办理' }, key: true, version: held.version })
    await refused(422, 'approval.person_unknown', leader2, 'POST', '/deputyships', { json: { absent: idOf(leader), deputy: idOf(head), from_on: officeDate(now + 86_400_000), through_on: officeDate(now + 86_400_000), reason: '外出' }, key: true })
    await refused(422, 'approval.person_unknown', leader2, 'POST', `/applications/${id}/copies`, { json: { to: [idOf(leader)], note: '' }, key: true })
    await leader2.must('POST', `/deputyships/${deputyship.deputyship_id}/ending`, { json: { reason: '账号停用' }, key: true, version: deputyship.version })
    const given = await leader2.must('POST', `/tasks/${held.task_id}/assignment`, { json: { to: idOf(leader2), reason: '接手' }, key: true, version: held.version })
    assert.equal((await complete(leader2, given, 'grant')).status, 200)
    await setBlocked(idOf(leader), false)
  })

  test('has no proposals any more: nobody confirms them, and others propose anew', async () => {
    const other = await secondAdmin('admin_two')
    const firms = []
    for (const [i, code] of ['MA0TBK01', 'MA0TBK02'].entries()) {
      const founder = await register(bureau, { phone: `1380000510${i}`, name: `founder_${i}` })
      const { organisation_id: id, version } = await founder.must('POST', '/organisations', { json: { credit_code: creditCode(code), organisation_name: `示例 ${code}` } })
      await clerk.must('POST', `/admin/organisations/${id}/verification`, { version })
      firms.push(creditCode(code))
    }
    const wish = { predecessor_code: firms[0], successor_code: firms[1], reason: '吸收合并' }
    const { proposal_id: proposal } = await other.must('POST', '/admin/successions', { json: wish })
    const client = { client_name: '省平台', organisation_name: '省厅', kind: 'web', proof: 'client_secret_basic', redirect_uris: ['https://partner.example/callback'], scopes: ['openid'] }
    const { proposal_id: registration } = await other.must('POST', '/oauth/clients', { json: { reason: '接入', registration: client } })
    await setBlocked(other.id, true)
    await refused(409, 'authz.proposal_settled', security, 'POST', `/admin/successions/${proposal}/confirmation`)
    assert.ok(!(await admin.must('GET', '/admin/successions')).proposals.some((one) => one.proposal_id === proposal))
    await refused(409, 'oauth.proposer_blocked', security, 'POST', `/oauth/proposals/${registration}/approval`)
    await security.must('POST', `/oauth/proposals/${registration}/refusal`)
    const { proposal_id: again } = await admin.must('POST', '/admin/successions', { json: wish })
    await security.must('POST', `/admin/successions/${again}/confirmation`)
    await setBlocked(other.id, false)
    await refused(409, 'authz.proposal_settled', security, 'POST', `/admin/successions/${proposal}/confirmation`)
  })

  test('and a client that nobody looked at for a week is proposed anew', async () => {
    const client = { client_name: '市平台', organisation_name: '市局', kind: 'web', proof: 'client_secret_basic', redirect_uris: ['https://partner.example/callback'], scopes: ['openid'] }
    const { proposal_id: id } = await admin.must('POST', '/oauth/clients', { json: { reason: '接入', registration: client } })
    await bureau.stop({ keep: true })
    const sql = `UPDATE oauth_client_proposals SET proposed_at_ms = proposed_at_ms - ${kWeekMs} WHERE proposal_id = '${id}'`
    const done = spawnSync('sqlite3', [join(bureau.folder, 'kaigong.db'), sql], { encoding: 'utf8' })
    assert.equal(done.status, 0, done.stderr)
    await bureau.reopen({ clockStart: kStart, database: '' })
    await enter()
    await refused(409, 'oauth.proposal_expired', security, 'POST', `/oauth/proposals/${id}/approval`)
    await security.must('POST', `/oauth/proposals/${id}/refusal`)
  })
})
