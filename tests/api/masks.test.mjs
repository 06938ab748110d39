// Who sees what of persons: masks by role, one whole number for a reason, cases found by a number, and what the public
// log tells somebody who guesses numbers: nothing.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { packageOf, playUntil } from './stories.mjs'

const kReason = '与纸质材料核对'

describe('personal values of a case', { skip: missing }, () => {
  let bureau, open, pack, school, clerk

  before(async () => {
    bureau = await Bureau.start()
    pack = packageOf('school')
    open = await playUntil(bureau, pack, 'review')
    school = await bureau.person('school')
    clerk = await bureau.person('clerk')
  })
  after(() => bureau?.stop())

  const formOf = async (account, path = '') => (await (await bureau.person(account)).must('GET', `/applications/${open.id}${path}`)).form
  const stars = (text, first, last) => text.slice(0, first) + '*'.repeat(text.length - first - last) + text.slice(text.length - last)
  const unmask = (person, json) => person.ask('POST', `/applications/${open.id}/unmasked`, { json })
  const find = async (person, kind, number) => (await person.must('POST', '/applications/by-person', { json: { kind, number, reason: kReason } })).applications.map((one) => one.application_id)

  test('the applicant reads his own, officers read names whole and numbers by their ends', async () => {
    const { agent, participants } = pack.form
    for (const path of ['', '/submissions/1']) {
      const own = await formOf('school', path)
      assert.deepEqual([own.agent.phone, own.agent.id_number], [agent.phone, agent.id_number])
      for (const account of ['clerk', 'fire', 'head', 'leader', 'certificates']) {
        const seen = await formOf(account, path)
        assert.equal(seen.agent.name, agent.name, account)
        assert.equal(seen.agent.phone, stars(agent.phone, 3, 4), account)
        assert.equal(seen.agent.id_number, stars(agent.id_number, 3, 4), account)
        const lead = participants.findIndex((one) => one.lead?.id_number)
        assert.equal(seen.participants[lead].lead.id_number, stars(participants[lead].lead.id_number, 3, 4), account)
        assert.ok(!JSON.stringify(seen).includes(agent.phone) && !JSON.stringify(seen).includes(agent.id_number), account)
      }
    }
  })

  test('a whole number is shown once, for a reason, and the log of acts names the field and not the number', async () => {
    const reply = await unmask(clerk, { fields: ['agent.phone', 'agent.id_number'], reason: kReason })
    assert.equal(reply.status, 200)
    assert.deepEqual(reply.json, { round: 1, fields: [{ path: 'agent.phone', value: pack.form.agent.phone }, { path: 'agent.id_number', value: pack.form.agent.id_number }] })
    assert.match(String(reply.headers['cache-control']), /no-store/)
    const { entries } = await clerk.must('GET', `/applications/${open.id}/audit`)
    const entry = entries.find((one) => one.act === 'applications.unmask')
    assert.match(entry.summary, /agent\.phone、agent\.id_number；理由：与纸质材料核对/)
    assert.ok(!JSON.stringify(entries).includes(pack.form.agent.phone))
    assert.equal((await formOf('clerk')).agent.phone, stars(pack.form.agent.phone, 3, 4))
  })

  test('who checks no papers, who is elsewhere, and who gives no reason gets nothing', async () => {
    const asked = { fields: ['agent.phone'], reason: kReason }
    for (const [account, status] of [['school', 403], ['certificates', 403], ['admin', 403], ['clerk_gongshu', 404], ['estate', 403]]) {
      assert.equal((await unmask(await bureau.person(account), asked)).status, status, account)
    }
    for (const [json, reason] of [
      [{ ...asked, reason: '打电话 138 0013 8000 核实' }, 'applications.reason_names_numbers'],
      [{ ...asked, fields: ['works.works_name'] }, 'applications.not_a_personal_field'],
      [{ ...asked, fields: ['agent.phone.x'] }, 'applications.not_a_personal_field'],
      [{ ...asked, fields: ['participants[999].lead.name'] }, 'applications.not_a_personal_field'],
      [{ ...asked, fields: ['participants[].lead.name'] }, 'applications.not_a_personal_field'],
    ]) {
      const reply = await unmask(clerk, json)
      assert.deepEqual([reply.status, reply.json.reason], [422, reason], JSON.stringify(json))
    }
    assert.equal((await unmask(clerk, { fields: ['agent.phone'] })).status, 422)
    assert.equal((await unmask(clerk, { ...asked, fields: [] })).status, 422)
  })

  test('a case is found by a number however it is written, and only by who may see it', async () => {
    const { phone, id_number: id } = pack.form.agent
    for (const number of [phone, `+86 ${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}`, `0086${phone}`]) assert.deepEqual(await find(clerk, 'phone', number), [open.id], number)
    assert.deepEqual(await find(clerk, 'id_number', id.toLowerCase()), [open.id])
    assert.deepEqual(await find(clerk, 'phone', '13911112222'), [])
    assert.deepEqual(await find(clerk, 'id_number', phone), [])
    assert.deepEqual(await find(await bureau.person('clerk_gongshu'), 'phone', phone), [])
    assert.equal((await school.ask('POST', '/applications/by-person', { json: { kind: 'phone', number: phone, reason: kReason } })).status, 403)
    // A draft is nobody's business: what is typed there is found by nobody.
    const draft = await school.must('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })
    await school.must('PUT', `/applications/${draft.application_id}/form`, { json: { form: { ...pack.form, agent: { ...pack.form.agent, phone: '13911112222' } } }, version: draft.version })
    assert.deepEqual(await find(clerk, 'phone', '13911112222'), [])
  })

  test('cases that an officer may not see take no place on his list, however many and new they are', async () => {
    const file = join(bureau.folder, 'kaigong.db')
    if (!existsSync(file)) return
    const more = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150) INSERT INTO application_persons (person_index, application_id, round) SELECT p.person_index, printf('ffffffff-0000-7000-8000-%012d', i), 1 FROM n, application_persons p WHERE p.application_id = '${open.id}'`
    const { status, stderr } = spawnSync('sqlite3', ['-cmd', '.timeout 10000', file, more], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    const { applications, truncated } = await clerk.must('POST', '/applications/by-person', { json: { kind: 'phone', number: pack.form.agent.phone, reason: kReason } })
    assert.deepEqual([applications.map((one) => one.application_id), truncated], [[open.id], false])
  })

  test('the public log confirms no number to who guesses it, because each entry has a secret salt', async () => {
    await bureau.stop({ keep: true })
    const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest('hex')
    const ledger = join(bureau.folder, 'ledger')
    const published = readdirSync(ledger, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => readFileSync(join(one.parentPath ?? one.path, one.name)))
    assert.ok(published.length >= 4, 'no log was published')
    const all = Buffer.concat(published)
    const isPublished = (digest) => all.includes(digest) || all.includes(Buffer.from(digest, 'hex'))
    const sql = (text) => JSON.parse(spawnSync('sqlite3', ['-json', '-readonly', join(bureau.folder, 'kaigong.db'), text], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout)
    const entries = sql('SELECT * FROM audit_entries')
    const canonical = ({ salt: _, ...entry }) => JSON.stringify(Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1))))
    // Whoever has the salt finds the entry: so what is tried below would be found if it were there.
    const unmasked = entries.find((one) => one.act === 'applications.unmask')
    assert.ok(isPublished(sha256(Buffer.from(unmasked.salt, 'hex'), canonical(unmasked))), 'the commitment is not what it is said to be')
    // Without it: the number plain, as JSON, under each name of a field, in the whole entry that the guesser otherwise
    // knows word by word, with the salts that somebody lazy would have taken.
    const numbers = [pack.form.agent.phone, pack.form.agent.id_number]
    for (const number of numbers) {
      assert.ok(!all.includes(number))
      for (const text of [number, JSON.stringify(number), JSON.stringify({ phone: number }), JSON.stringify({ id_number: number }), `agent.phone=${number}`]) {
        for (const digest of [sha256(text), sha256('\0', text), sha256(Buffer.alloc(16), text), sha256(text, open.id), sha256(open.id, text)]) assert.ok(!isPublished(digest), text)
      }
    }
    for (const entry of entries) {
      const known = canonical(entry)
      for (const salt of ['', entry.entry_id, entry.aggregate_id, String(entry.at_ms), Buffer.alloc(16), Buffer.from(entry.entry_id.replaceAll('-', ''), 'hex')]) assert.ok(!isPublished(sha256(salt, known)), `${entry.act}: the salt is no secret`)
      assert.match(entry.salt, /^[0-9a-f]{32}$/)
      assert.ok(!all.includes(entry.salt) && !all.includes(Buffer.from(entry.salt, 'hex')), 'a salt is published')
    }
    assert.equal(new Set(entries.map((one) => one.salt)).size, entries.length, 'two entries have one salt')
  })
})
