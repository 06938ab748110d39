// 个人建设单位: a person who builds for himself files a construction permit under the ID number of his account. Nobody
// files for him, he files for nobody, and the number is nowhere but where it is checked.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { kPassword, register } from './people.mjs'
import { packageOf, playUntil } from './stories.mjs'

const kId = '11010519491231002X'
const kOtherId = '330106196801010004'
const kName = '吴自建'
/** Nothing is uploaded yet. */
const kPapersMissing = ['R-901', 'R-908']

/** The school's package, as he would fill it in. */
function packageOfHim(account) {
  const pack = structuredClone(packageOf('school'))
  const { participants, contract, planning, land, agent } = pack.form
  const owner = participants.find((one) => one.role === 'owner')
  delete owner.credit_code
  Object.assign(owner, { organisation_name: kName, ownership_type: 'individual', legal_representative: { name: kName, id_type: '01', id_number: kId } })
  for (const [part, member] of [[contract, 'owner_name'], [planning, 'holder_name'], [land, 'holder_name'], [agent, 'name']]) if (part?.[member]) part[member] = kName
  const rename = (step) => (step.actor === 'school' ? { ...step, actor: account } : step)
  return { ...pack, account, steps: pack.steps.map(rename) }
}

describe('a person who builds for himself', { skip: missing }, () => {
  let bureau, wu, zhao, pack, open
  const everything = []

  const seen = async (person, path) => {
    const reply = await person.ask('GET', path)
    everything.push(reply.body.toString('utf8'))
    return reply
  }
  const failing = async (person, form) => {
    const { application_id: id } = await person.must('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })
    const { findings } = await person.must('POST', `/applications/${id}/precheck`, { json: { form } })
    return findings.filter((one) => one.outcome === 'fail' && one.severity === 'block' && !kPapersMissing.includes(one.rule)).map((one) => one.rule)
  }

  before(async () => {
    bureau = await Bureau.start()
    wu = await register(bureau, { phone: '13800003001', name: 'wu_builds', shown: kName })
    zhao = await register(bureau, { phone: '13800003002', name: 'zhao_builds', shown: '赵自建' })
    pack = packageOfHim('wu_builds')
  })
  after(async () => assert.equal(await bureau?.stop(), 0))

  test('applies for nothing before he has said under which number', async () => {
    assert.equal((await wu.ask('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })).status, 403)
    await wu.must('PUT', '/account/id-number', { json: { id_number: kId } })
    await zhao.must('PUT', '/account/id-number', { json: { id_number: kOtherId } })
  })

  test('is refused for another person, for a company, and a company for a person', async () => {
    assert.deepEqual(await failing(wu, pack.form), [])
    assert.deepEqual(await failing(zhao, pack.form), ['R-108'], 'the number of another')
    assert.deepEqual(await failing(wu, packageOf('school').form), ['R-108'], 'a company')
    assert.deepEqual(await failing(await bureau.person('school'), pack.form), ['R-108'], 'an agent for a person')
    const both = structuredClone(pack.form)
    both.participants.find((one) => one.role === 'owner').credit_code = packageOf('school').form.participants[0].credit_code
    assert.deepEqual(await failing(wu, both), ['R-108'], 'both at once')
  })

  test('gets his permit, with his name on it and no code and no number', async () => {
    open = await playUntil(bureau, pack, null, { wu_builds: kPassword })
    assert.equal(open.progress.state, 'granted')
    const { permit_number: number } = open.progress
    for (const path of [`/public/permits/${number}`, `/public/permits?query=${encodeURIComponent(kName)}`]) assert.equal((await seen(await bureau.person(null), path)).status, 200, path)
    const permit = await wu.must('GET', `/permits/${number}`)
    assert.equal(permit.owner_name, kName)
    const { letters } = (await seen(wu, `/applications/${open.id}/letters`)).json
    assert.ok(letters.length >= 2)
    for (const { letter_kind: kind, letter_id: id } of letters) assert.ok(id, kind)
    for (const file of ['certificate.json', 'certificate.xml']) everything.push((await wu.ask('GET', `/permits/${number}/certificates/1/files/${file}`)).body.toString('utf8'))
  })

  test('sees his own cases and nobody else’s, and officers see his number by its ends', async () => {
    const { applications } = await wu.must('GET', '/applications')
    assert.ok(applications.some((one) => one.application_id === open.id))
    for (const person of [zhao, await bureau.person('school'), await bureau.person('factory')]) {
      for (const path of [`/applications/${open.id}`, `/applications/${open.id}/progress`, `/applications/${open.id}/letters`, `/permits/${open.progress.permit_number}`]) assert.equal((await seen(person, path)).status, 404, `${person.account} ${path}`)
      assert.ok(!(await person.must('GET', '/applications')).applications.some((one) => one.application_id === open.id), person.account)
    }
    const owner = async (person) => (await person.must('GET', `/applications/${open.id}`)).form.participants.find((one) => one.role === 'owner').legal_representative
    assert.equal((await owner(wu)).id_number, kId)
    for (const account of ['clerk', 'housing', 'leader']) assert.equal((await owner(await bureau.person(account))).id_number, `110***********002X`, account)
    for (const path of ['/inbox?view=done', '/oversight/tasks']) await seen(await bureau.person('leader'), path)
  })

  test('is an unverified person until he came with his card, and nobody who typed his number is him then', async () => {
    const clerk = await bureau.person('clerk')
    const identity_seen = async (person, id) => (await person.must('GET', `/applications/${id}`)).owner_identity
    const card = (more = {}) => clerk.ask('POST', '/admin/id-number-verifications', { json: { account_name: 'wu_builds', id_number: kId, reason: '本人持身份证到窗口，人证一致', ...more } })
    const reason_of = (reply) => reply.json.fields?.[0]?.reason ?? reply.json.reason
    for (const account of ['clerk', 'fire', 'leader']) assert.equal(await identity_seen(await bureau.person(account), open.id), 'unverified', account)
    const impostor = await register(bureau, { phone: '13800003003', name: 'not_wu', shown: kName })
    await impostor.must('PUT', '/account/id-number', { json: { id_number: kId } })
    assert.deepEqual(await failing(impostor, pack.form), [], 'filing is open to him: he may be the same person')
    assert.ok(!(await impostor.must('GET', '/applications')).applications.some((one) => one.application_id === open.id), 'a typed number shows nothing of another account')

    assert.equal(reason_of(await card({ id_number: kOtherId })), 'identity.id_number_differs')
    assert.equal(reason_of(await card({ account_name: 'clerk' })), 'identity.account_not_there')
    assert.equal((await (await bureau.person('fire')).ask('POST', '/admin/id-number-verifications', { json: { account_name: 'wu_builds', id_number: kId, reason: '看过' } })).status, 403)
    assert.equal((await wu.must('GET', '/account')).id_number_verified_by, null)
    const done = await card({ account_name: 'Wu_builds' })
    assert.equal(done.status, 200, done.body.toString('utf8'))
    assert.deepEqual(done.json, { account_name: 'wu_builds', display_name: kName, corrected: false })
    assert.equal((await card({ id_number: kOtherId, correction: true })).json.reason, 'identity.id_number_verified')
    assert.equal((await wu.must('GET', '/account')).id_number_verified_by, 'counter')
    assert.equal(await identity_seen(clerk, open.id), 'verified')
    assert.equal((await impostor.must('GET', '/account')).id_number_verified_by, null)
    const { application_id: draft } = await impostor.must('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })
    await impostor.must('PUT', `/applications/${draft}/form`, { json: { form: pack.form }, version: 1 })
    assert.equal(await identity_seen(impostor, draft), 'unverified')
  })

  test('is found by his number where there is a reason, and it stands nowhere else', async () => {
    const found = await (await bureau.person('clerk')).must('POST', '/applications/by-person', { json: { kind: 'id_number', number: kId, reason: '本人来窗口查询' } })
    assert.ok(found.applications.some((one) => one.application_id === open.id))
    for (const text of [...everything, bureau.log]) assert.ok(!text.includes(kId), text.slice(Math.max(0, text.indexOf(kId) - 200), text.indexOf(kId) + 40))
  })
})
