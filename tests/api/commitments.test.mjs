// 告知承诺 over the API: what is told before it is promised, the letter, the conclusion at once, the checks after the grant, and what a false
// promise leads to.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { complete, inboxRows, packageOf, playUntil } from './stories.mjs'

describe('what is promised instead of proved', { skip: missing }, () => {
  let bureau, unwatch, open
  const people = {}

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    const pack = packageOf('committed')
    open = await playUntil(bureau, packageOf('committed'), 'check_commitment')
    for (const name of ['school', 'housing', 'quality', 'planning', 'head']) people[name] = await bureau.person(name)
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const progress = (who = people.head) => who.must('GET', `/applications/${open.id}/progress`)
  const promise = async (code) => (await progress()).episodes.find((one) => one.kind === 'commitment' && one.material_code === code)
  const letters = async (kind) => (await people.school.must('GET', `/applications/${open.id}/letters`)).letters.filter((one) => one.letter_kind === kind)
  const check = async (who, named) => (await inboxRows(who, 1, (row) => row.application_id === open.id && row.kind === 'commitment_check' && row.step_name.includes(named)))[0]

  test('the catalogue tells in full what is promised, and only of what may be', async () => {
    const matter = await people.school.must('GET', '/matters/construction-permit')
    for (const material of matter.materials) assert.equal(material.may_commit, Boolean(material.commitment), material.material_code)
    const terms = matter.materials.find((one) => one.material_code === 'M-40').commitment
    assert.ok(terms.conditions.length > 1)
    assert.match(terms.consequence, /撤销/)
  })

  test('each promise runs with what was told, one letter says it, and its departments concluded at once', async () => {
    const now = await progress()
    assert.equal(now.state, 'granted')
    const promised = now.episodes.filter((one) => one.kind === 'commitment')
    assert.deepEqual(promised.map((one) => one.material_code).sort(), ['M-29', 'M-37', 'M-40', 'M-41'])
    for (const one of promised) {
      assert.equal(one.state, 'open')
      assert.match(one.due_on, /^\d{4}-\d\d-\d\d$/)
      assert.ok(one.terms.conditions.length)
    }
    assert.equal(now.items.find((one) => one.item === 'housing').outcome_label, '按告知承诺当场同意')
    const [letter] = await letters('commitment_letter')
    const pdf = await people.school.ask('GET', `/letters/${letter.letter_id}/content`)
    assert.equal(pdf.body.subarray(0, 5).toString('latin1'), '%PDF-')
    assert.equal((await progress(people.school)).episodes.find((one) => one.kind === 'commitment').begun_by, null)
  })

  test('a check is its own department’s, with its own day; true is the end of it', async () => {
    const row = await check(people.housing, '支付担保')
    assert.equal(row.due_on, (await promise('M-29')).due_on)
    assert.equal(row.light, 'green')
    assert.equal((await complete(people.planning, row, 'commitment_true')).status, 403)
    assert.equal((await complete(people.quality, row, 'commitment_true')).status, 403)
    assert.equal((await complete(people.housing, row, 'commitment_true', { opinion: '' })).status, 200)
    assert.equal((await promise('M-29')).state, 'ended')
    assert.equal((await complete(people.housing, row, 'commitment_true')).status, 409)
  })

  test('a false one needs a reason, orders the paper, and names what comes next', async () => {
    const row = await check(people.housing, '工伤保险')
    const silent = await complete(people.housing, row, 'commitment_false', { opinion: '' })
    assert.equal(silent.json.reason, 'approval.opinion_missing')
    assert.equal((await complete(people.housing, row, 'commitment_false', { opinion: '没有参保记录' })).status, 200)
    assert.equal((await promise('M-40')).state, 'failed')
    const own = await progress(people.school)
    assert.equal(own.state, 'granted')
    const told = own.timeline.find((one) => one.kind === 'check_failed')
    assert.match(told.detail, /没有参保记录[^]*行政许可法第六十九条/)
    assert.equal(own.episodes.find((one) => one.kind === 'supplement').material_code, 'M-40')
    await waitFor('责令补充材料通知书', async () => ((await letters('supplement_order')).length === 1 ? true : null))
  })

  test('where nothing is promised the button says why it is closed', async () => {
    const pack = packageOf('school')
    const plain = await playUntil(bureau, pack, 'review')
    const row = (await inboxRows(people.housing, 1, (one) => one.application_id === plain.id && one.kind === 'review'))[0]
    const task = await people.housing.must('GET', `/tasks/${row.task_id}`)
    assert.match(task.outcomes.find((one) => one.code === 'agree_on_commitment').blocked_because, /没有对本部门的材料选择告知承诺/)
    assert.equal((await complete(people.housing, row, 'agree_on_commitment')).json.reason, 'approval.outcome_blocked')
  })
})
