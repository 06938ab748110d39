// 督查: sees what is late in the region, in lists and one by one, orders it to be finished, and does nothing in any case.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { goOn, kPassword, signIn } from './people.mjs'
import { fileNight, inboxRows, packageOf, playUntil } from './stories.mjs'
import { Client } from '../../tools/demo/client.mjs'
import { DemoClock } from '../../tools/demo/clock.mjs'

describe('a supervisor', { skip: missing }, () => {
  let bureau, supervisor, open, elsewhere, task

  async function officer(name, role, region) {
    const [admin, security] = [await bureau.person('admin'), await bureau.person('security')]
    const place = { organisation_name: '杭州市', department: 'supervision', department_name: '督查室', region_code: region, post: '督查专员' }
    const made = await admin.must('POST', '/admin/accounts', { json: { account_name: name, kind: 'officer', display_name: '严督查', ...place } })
    const rights = { roles: [role], matters: [], clearance: 'normal' }
    await security.must('PUT', `/admin/accounts/${made.account_id}/rights`, { json: rights, version: made.version })
    const { person } = await signIn(bureau, name, made.initial_password)
    await person.must('PUT', '/account/password', { json: { password: made.initial_password, new_password: kPassword } })
    assert.equal((await goOn(person, 'continuation')).status, 200)
    return person
  }
  const status = async (...act) => (await supervisor.ask(...act)).status

  before(async () => {
    bureau = await Bureau.start()
    open = await playUntil(bureau, packageOf('school'), 'review')
    elsewhere = await fileNight(await bureau.person('school'), '330105', 7)
    supervisor = await officer('yan_watches', 'supervisor', '330106')
    const housing = await bureau.person('housing')
    const [row] = await inboxRows(housing, 1, (one) => one.application_id === open.id)
    task = await housing.must('POST', `/tasks/${row.task_id}/claim`, { version: row.version })
    await new DemoClock(new Client(bureau.url)).advance({ working_days: 9 })
    supervisor = (await signIn(bureau, 'yan_watches', kPassword)).person
  })
  after(async () => assert.equal(await bureau?.stop(), 0))

  test('reads the cases of his region and no other, persons by their ends', async () => {
    for (const end of ['', '/progress', '/tasks', '/letters', '/audit']) assert.equal(await status('GET', `/applications/${open.id}${end}`), 200, end)
    for (const end of ['', '/progress', '/tasks', '/letters', '/audit']) assert.equal(await status('GET', `/applications/${elsewhere}${end}`), 404, end)
    const { form } = await supervisor.must('GET', `/applications/${open.id}`)
    assert.match(form.agent.name, /^.\*\*$/)
    assert.ok(form.agent.phone.includes('****') && form.agent.id_number.includes('***'))
  })

  test('sees what is late, by department, by person and by task, and nothing of another district', async () => {
    const { departments } = await supervisor.must('GET', '/oversight/departments')
    assert.ok(departments.find((one) => one.department === 'housing').red > 0)
    const { rows } = await supervisor.must('GET', '/oversight/tasks?light=red')
    assert.ok(rows.some((one) => one.task.task_id === task.task_id))
    assert.ok(rows.every((one) => one.task.application_id !== elsewhere))
    const { people } = await supervisor.must('GET', '/oversight/people?department=housing')
    assert.ok(people.some((one) => one.red > 0))
  })

  test('orders a task to be finished, at any time and once', async () => {
    const order = (one) => supervisor.ask('POST', `/tasks/${one.task_id}/expedite-order`, { json: { demand: '请今天办结', consequence: '通报', answer_within_working_days: 1 }, key: true, version: one.version })
    // The ladder was faster with what is late.
    assert.equal((await order(task)).json.reason, 'approval.expedite_open')
    const id = await fileNight(await bureau.person('school'), '330106', 8)
    const [row] = await inboxRows(await bureau.person('clerk'), 1, (one) => one.application_id === id)
    assert.equal((await order(row)).status, 200)
    assert.equal((await order(row)).json.reason, 'approval.expedite_open')
    const { entries } = await (await bureau.person('audit')).must('GET', `/applications/${id}/audit`)
    assert.ok(entries.some((one) => one.act === 'approval.issue_expedite_order'))
  })

  test('does nothing in a case: no task, no reading of whole numbers, no search by number, no permit act', async () => {
    const key = true
    const acts = [
      ['POST', `/tasks/${task.task_id}/claim`, { version: task.version }],
      ['POST', `/tasks/${task.task_id}/completion`, { json: { outcome: 'agree', opinion: '同意', checklist: [], points: [] }, key, version: task.version }],
      ['POST', `/applications/${open.id}/unmasked`, { json: { fields: ['agent.phone'], reason: '督查核对' } }],
      ['POST', '/applications/by-person', { json: { kind: 'phone', number: '13911112222', reason: '督查核对' } }],
      ['POST', `/applications/${open.id}/hold`, { json: { ground: 'court', reason: '督查' }, key, version: 1 }],
      ['POST', `/applications/${open.id}/extension`, { json: { working_days: 1, reason: '督查' }, key, version: 1 }],
      ['POST', '/applications', { json: { matter_code: 'night-construction' }, key }],
      ['GET', '/inbox'],
      ['GET', '/admin/accounts'],
      ['GET', '/keys'],
    ]
    for (const act of acts) {
      const reply = await supervisor.ask(...act)
      assert.equal(reply.status, 403, `${act[0]} ${act[1]} → ${reply.status} ${reply.body}`)
    }
  })
})
