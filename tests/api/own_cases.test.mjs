// 回避 by whichever account: who has a second account of his own neither decides what it applied for, nor judges the
// company that it registered, nor administers it; no deputy and no paper gets around that.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { creditCode, kPassword, lastMessage, register, signIn, tokenIn } from './people.mjs'
import { complete, fileNight, inboxRows } from './stories.mjs'
import { officeDate } from '../../tools/demo/clock.mjs'

/** 18 digits with their check character (GB 11643), by their last three before it. */
function idNumber(serial) {
  const body = `33010619800101${String(serial).padStart(3, '0')}`
  const sum = [...body].reduce((all, digit, i) => all + Number(digit) * [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2][i], 0)
  return body + '10X98765432'[sum % 11]
}

describe('one human being with two accounts', { skip: missing }, () => {
  let bureau, head, leader, leader2, clerk, security, admin
  let second = 0

  const idOf = (person) => person.session.account.account_id
  const refused = async (status, reason, person, ...act) => {
    const reply = await person.ask(...act)
    assert.deepEqual([reply.status, reply.json?.reason], [status, reason], `${person.account}: ${act[0]} ${act[1]} ${reply.body}`)
    return reply.json
  }
  /** A private account of somebody who works here: known by the ID number of both. */
  const privateOf = async (officer) => {
    second += 1
    const id_number = idNumber(100 + second)
    const own = await register(bureau, { phone: `1380000410${second}`, name: `private_${officer.account}` })
    for (const one of [officer, own]) await one.must('PUT', '/account/id-number', { json: { id_number } })
    return (await signIn(bureau, `private_${officer.account}`, kPassword)).person
  }
  const atDecision = async (owner, number) => {
    const id = await fileNight(owner, '330106', number)
    const [row] = await inboxRows(clerk, 1, (one) => one.application_id === id)
    assert.equal((await complete(clerk, row, 'accept')).status, 200)
    const [decide] = await inboxRows(leader2, 1, (one) => one.application_id === id)
    return decide
  }
  const firmOf = async (founder, code) => {
    const { organisation_id: id } = await founder.must('POST', '/organisations', { json: { credit_code: creditCode(code), organisation_name: `示例 ${code}` } })
    const seen = async () => (await clerk.must('GET', '/admin/organisations?state=pending&limit=100')).organisations.find((one) => one.organisation_id === id)
    return { id, seen }
  }

  before(async () => {
    bureau = await Bureau.start()
    ;[head, leader, leader2, clerk, security, admin] = await Promise.all(['head', 'leader', 'leader2', 'clerk', 'security', 'admin'].map((one) => bureau.person(one)))
  })
  after(async () => assert.equal(await bureau?.stop(), 0))

  test('does not grant what the other account applied for; he is told why, and somebody else does', async () => {
    const row = await atDecision(await privateOf(leader), 1)
    const shown = await leader.must('GET', `/tasks/${row.task_id}`)
    assert.match(shown.outcomes.find((one) => one.code === 'grant').blocked_because, /另一个账号/)
    for (const act of ['claim', 'completion']) {
      const { detail: message } = await refused(403, 'authz.excluded_own_case', leader, 'POST', `/tasks/${row.task_id}/${act}`, act === 'claim' ? { version: row.version } : { json: { outcome: 'grant', opinion: '同意', checklist: [], points: [] }, key: true, version: row.version })
      assert.match(message, /另一个账号.*请由同岗位的其他人员领取/)
    }
    const { candidates } = await leader2.must('GET', `/tasks/${row.task_id}/candidates?act=transfer`)
    assert.match(candidates.find((one) => one.account_id === idOf(leader)).excluded_because, /需要回避/)
    assert.equal((await complete(leader2, row, 'grant')).status, 200)
  })

  test('does not rule it by what is no task either: pause, time, assignment, orders, who may know', async () => {
    const row = await atDecision((await signIn(bureau, 'private_leader', kPassword)).person, 9)
    const acts = [
      [`/applications/${row.application_id}/hold`, { ground: 'court', reason: '法院要求' }],
      [`/applications/${row.application_id}/extension`, { working_days: 1, reason: '案情复杂' }],
      [`/applications/${row.application_id}/restriction`, { reason: '涉密' }],
      [`/tasks/${row.task_id}/assignment`, { to: idOf(leader2), reason: '请办' }],
      [`/tasks/${row.task_id}/expedite-order`, { demand: '请快', consequence: '通报', answer_within_working_days: 1 }],
    ]
    for (const [path, json] of acts) await refused(403, 'authz.excluded_own_case', leader, 'POST', path, { json, key: true, version: row.version })
    await leader2.must('POST', acts[3][0], { json: { ...acts[3][1], to: idOf(leader2) }, key: true, version: row.version })
    assert.equal((await complete(leader2, (await inboxRows(leader2, 1, (one) => one.application_id === row.application_id))[0], 'grant')).status, 200)
  })

  test('does not accept by one account of the office and decide by another', async () => {
    const [clerkG, leaderG] = await Promise.all(['clerk_gongshu', 'leader_gongshu'].map((one) => bureau.person(one)))
    const id = await fileNight((await signIn(bureau, 'private_leader', kPassword)).person, '330105', 10)
    const ofCase = async (person) => (await inboxRows(person, 1, (one) => one.application_id === id))[0]
    assert.equal((await complete(clerkG, await ofCase(clerkG), 'accept')).status, 200)
    for (const one of [clerkG, leaderG]) await one.must('PUT', '/account/id-number', { json: { id_number: idNumber(300) } })
    const row = await ofCase(leaderG)
    const { detail } = await refused(403, 'authz.excluded_by_past_duty', leaderG, 'POST', `/tasks/${row.task_id}/claim`, { version: row.version })
    assert.match(detail, /另一个账号.*请转交其他人员/)
  })

  test('does not grant it in the place of another, nor another in his', async () => {
    const { now_ms: now } = await head.must('GET', '/demo/clock')
    const row = await atDecision((await signIn(bureau, 'private_leader', kPassword)).person, 2)
    const days = { from_on: officeDate(now), through_on: officeDate(now), reason: '外出开会' }
    const one = await leader.must('POST', '/deputyships', { json: { deputy: idOf(head), ...days }, key: true })
    const { detail: message } = await refused(403, 'authz.excluded_own_case', head, 'POST', `/tasks/${row.task_id}/claim`, { version: row.version })
    assert.match(message, /林局长在本案中需要回避，代理人也不能办理/)
    await leader.must('POST', `/deputyships/${one.deputyship_id}/ending`, { json: { reason: '提前回来' }, key: true, version: one.version })

    const other = await atDecision(await privateOf(head), 3)
    await leader2.must('POST', '/deputyships', { json: { deputy: idOf(head), ...days }, key: true })
    await refused(403, 'authz.excluded_own_case', head, 'POST', `/tasks/${other.task_id}/claim`, { version: other.version })
    assert.equal((await complete(leader, other, 'grant')).status, 200)
  })

  test('has not decided it on paper either', async () => {
    const row = await atDecision((await signIn(bureau, 'private_leader', kPassword)).person, 4)
    const { candidates } = await clerk.must('GET', `/tasks/${row.task_id}/paper-act/candidates`)
    assert.match(candidates.find((one) => one.account_id === idOf(leader)).excluded_because, /需要回避/)
    const json = { outcome: 'grant', opinion: '纸面同意', happened_at_ms: row.created_at_ms + 1, done_by: idOf(leader), paper_reference: '西建档〔2026〕9 号' }
    const reply = await clerk.ask('POST', `/tasks/${row.task_id}/paper-act`, { json, key: true, version: row.version })
    assert.ok(reply.status === 422 || reply.status === 403, reply.body.toString())
    assert.equal((await leader2.must('GET', `/tasks/${row.task_id}`)).state, 'open')
  })

  test('does not decide for a company in which the other account is an agent, also when that has ended since', async () => {
    const founder = await register(bureau, { phone: '13800004201', name: 'founder' })
    const firm = await firmOf(founder, 'MA0TWN01')
    const pending = await firm.seen()
    await clerk.must('POST', `/admin/organisations/${firm.id}/verification`, { version: pending.version })
    await founder.must('PUT', '/session/organisation', { json: { organisation_id: firm.id } })
    await founder.must('POST', `/organisations/${firm.id}/invitations`, { json: { phone: '13800004202', duty: 'agent', authority_reference: '委托书' } })
    const agent = (await signIn(bureau, 'private_leader', kPassword)).person
    await agent.must('POST', '/invitations/acceptance', { json: { token: tokenIn(await lastMessage(bureau, '13800004202')) } })
    const row = await atDecision(founder, 5)
    const grants = () => refused(403, 'authz.excluded_own_case', leader, 'POST', `/tasks/${row.task_id}/completion`, { json: { outcome: 'grant', opinion: '同意', checklist: [], points: [] }, key: true, version: row.version })
    await grants()
    const { members } = await founder.must('GET', `/organisations/${firm.id}`)
    await founder.must('POST', `/organisations/${firm.id}/members/${members.find((one) => !one.self).membership_id}/removal`, { json: { reason: '不再委托' } })
    await grants()
    assert.equal((await complete(leader2, row, 'grant')).status, 200)
  })

  test('does not verify the company that the other account registered; a colleague does', async () => {
    const firm = await firmOf(await privateOf(clerk), 'MA0TWN02')
    const seen = await firm.seen()
    const { detail: message } = await refused(403, 'authz.excluded_own_case', clerk, 'POST', `/admin/organisations/${firm.id}/verification`, { version: seen.version })
    assert.match(message, /另一个账号.*请由其他窗口人员核验/)
    await refused(403, 'authz.excluded_own_case', clerk, 'POST', `/admin/organisations/${firm.id}/rejection`, { version: seen.version, json: { reason: '不符' } })
    const colleague = await bureau.person('clerk2')
    assert.equal((await colleague.must('POST', `/admin/organisations/${firm.id}/verification`, { version: seen.version })).state, 'active')
  })

  test('does not give rights to the other account', async () => {
    const id_number = idNumber(300)
    const made = await admin.must('POST', '/admin/accounts', { json: { account_name: 'security_too', kind: 'administrator', display_name: '另一个', organisation_name: '杭州市' } })
    const own = (await signIn(bureau, 'security_too', made.initial_password)).person
    await own.must('PUT', '/account/password', { json: { password: made.initial_password, new_password: kPassword } })
    const known = (await signIn(bureau, 'security_too', kPassword)).person
    for (const one of [known, security]) await one.must('PUT', '/account/id-number', { json: { id_number } })
    const { version } = await security.must('GET', `/admin/accounts/${made.account_id}`)
    const { detail: message } = await refused(403, 'identity.own_account', security, 'PUT', `/admin/accounts/${made.account_id}/rights`, { version, json: { roles: ['system_admin'], matters: [], clearance: 'normal' } })
    assert.match(message, /另一个账号.*请由另一位管理员办理/)
  })
})
