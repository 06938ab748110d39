// 对外征求意见 over the API: what a link and a code open to somebody outside, what they never open, and what the office
// sees and does with his answer.
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { codeIn, lastMessage, tokenIn } from './people.mjs'
import { complete, inboxRows, packageOf, playUntil } from './stories.mjs'

const kUnknownId = '01900000-0000-7000-8000-000000000000'
const kWrongCodesMax = 15
const kPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const kQuestion = '贵院对地下室防水做法有何意见？'

describe('an opinion asked outside', { skip: missing }, () => {
  let bureau, unwatch, pack, open, other, anybody, path
  let phones = 0
  const people = {}
  const secrets = []

  before(async () => {
    bureau = await Bureau.start()
    unwatch = bureau.watchFetch()
    pack = packageOf('school')
    open = await playUntil(bureau, pack, 'review')
    other = await playUntil(bureau, packageOf('school'), 'review')
    path = `/applications/${open.id}/consultations`
    for (const name of ['fire', 'fire2', 'housing', 'head', 'clerk', 'school', 'security', 'fire_gongshu', 'fire_head']) people[name] = await bureau.person(name)
    anybody = await bureau.person(null)
    const [row] = await inboxRows(people.fire, 1, (one) => one.application_id === open.id)
    await people.fire.must('POST', `/tasks/${row.task_id}/claim`, { version: row.version })
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  const refused = async (status, reason, pending) => {
    const reply = await pending
    assert.deepEqual([reply.status, reply.json?.reason], [status, reason], reply.body.toString('utf8'))
    return reply
  }
  const newPhone = () => `1390000${String(1000 + ++phones)}`
  const wanted = (more = {}) => ({ item: 'fire', organisation: '示例设计研究院', name: '欧阳审图', phone: newPhone(), question: kQuestion, sections: ['works/1', 'participants/0'], papers: [open.documents[0].document_id], working_days: 5, ...more })
  const ask = async (more, by = 'fire', key = true) => {
    const json = wanted(more)
    const reply = await people[by].ask('POST', path, { json, key })
    if (reply.status !== 201) return { reply }
    const words = await lastMessage(bureau, json.email ?? json.phone)
    secrets.push(json.phone, tokenIn(words))
    return { reply, words, phone: json.phone, token: tokenIn(words), ...reply.json }
  }
  const outside = (act, json) => anybody.ask('POST', `/consultations/${act}`, { json })
  const codeFor = async ({ token, phone, email }) => {
    const reply = await outside('codes', { token })
    assert.equal(reply.status, 201, reply.body.toString('utf8'))
    return { challenge_id: reply.json.challenge_id, code: codeIn(await lastMessage(bureau, phone ?? email)), hint: reply.json.hint, channel: reply.json.channel }
  }
  const passFor = async (asked) => {
    const { challenge_id, code } = await codeFor(asked)
    const reply = await outside('passes', { token: asked.token, challenge_id, code })
    assert.equal(reply.status, 201, reply.body.toString('utf8'))
    secrets.push(reply.json.pass)
    return { token: asked.token, pass: reply.json.pass }
  }
  const seen = async (proof) => {
    const reply = await outside('view', proof)
    assert.equal(reply.status, 200, reply.body.toString('utf8'))
    return reply.json
  }
  const gone = async (asked, proof) => {
    await refused(404, 'approval.consultation_not_found', outside('codes', { token: asked.token }))
    if (!proof) return
    for (const [act, more] of [['view', {}], ['papers', { document_id: open.documents[0].document_id }], ['opinion', { answers: 0, outcome: 'agree' }]]) await refused(404, 'approval.consultation_not_found', outside(act, { ...proof, ...more }))
  }
  const letter = (words) => Buffer.from(`%PDF-1.4\n% ${words}\n%%EOF\n`)
  const attach = ({ token, pass }, name, body, type = 'application/pdf') => anybody.ask('POST', `/consultations/files?file_name=${encodeURIComponent(name)}`, { body, type, headers: { 'x-kaigong-link': token, 'x-kaigong-pass': pass } })
  const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')
  /** What the reviewer's own list says of opinions from outside. */
  const marks = async (by = 'fire') => {
    const { rows, counts } = await people[by].must('GET', '/inbox?view=mine')
    const row = rows.find((entry) => entry.application_id === open.id && entry.kind === 'review')
    return { row: [row.outside_answered, row.outside_overdue], counts: [counts.outside_answered, counts.outside_overdue] }
  }
  /** Nothing can be uploaded any more. Misses of one address are counted, so this is asked where a link ends in another way. */
  const shut = (mine) => refused(404, 'approval.consultation_not_found', attach(mine, '意见函.pdf', letter('late')))
  const list = async (by = 'fire') => people[by].must('GET', path)
  const one = async (id, by) => (await list(by)).consultations.find((entry) => entry.consultation_id === id)
  const act = async (id, name, json = {}, by = 'fire', version) => people[by].ask('POST', `/consultations/${id}/${name}`, { json, key: true, version: version ?? (await one(id)).version })
  const advance = (days, at = '09:00') => anybody.must('POST', '/demo/clock', { json: { advance_working_days: days, at } })

  let first, proof

  test('is for who judges the item or leads its department, about parts of this case alone', async () => {
    await refused(403, 'approval.not_your_item', (await ask({}, 'fire2')).reply)
    await refused(404, 'approval.not_found', people.fire_gongshu.ask('POST', path, { json: wanted(), key: true }))
    await refused(403, 'authz.not_permitted', people.clerk.ask('POST', path, { json: wanted(), key: true }))
    await refused(404, 'approval.not_found', people.school.ask('GET', path))
    await refused(403, 'approval.not_your_item', people.head.ask('POST', path, { json: wanted(), key: true }))
    await refused(422, 'json.fields_invalid', people.fire.ask('POST', path, { json: wanted({ working_days: 11 }), key: true }))
    for (const [field, reason, more] of [['sections', 'approval.section_unknown', { sections: ['materials/0'] }], ['papers', 'approval.paper_unknown', { papers: [other.documents[0].document_id] }], ['phone', 'approval.consultation_phone_malformed', { phone: '12' }], ['phone', 'approval.consultation_contact_missing', { phone: '' }], ['email', 'approval.consultation_email_malformed', { email: 'a@b@c' }]]) {
      const reply = (await ask(more)).reply
      assert.deepEqual([reply.status, reply.json.fields[0].field, reply.json.fields[0].reason], [422, field, reason], reply.body.toString('utf8'))
    }
    const { items, sections, papers, working_days_max: most, blocked_because: blocked } = await list()
    assert.deepEqual([items, most, blocked], [[{ item: 'fire', name: items[0].name, paused: false }], 10, null])
    assert.ok(sections.some((part) => part.section === 'works/1' && part.title === '工程') && !sections.some((part) => part.section.startsWith('materials')))
    assert.ok(papers.some((paper) => paper.document_id === open.documents[0].document_id))
    assert.match((await list('clerk')).blocked_because, /正在办理/)
  })

  test('goes out as a link behind #, once for a request', async () => {
    const json = wanted()
    const key = randomUUID()
    const sent = await people.fire.must('POST', path, { json, key })
    assert.equal((await people.fire.must('POST', path, { json, key })).consultation_id, sent.consultation_id)
    const words = await lastMessage(bureau, json.phone)
    first = { ...sent, phone: json.phone, token: tokenIn(words) }
    secrets.push(json.phone, first.token)
    assert.match(words, /\/app\/consult#[\w-]{43} /)
    assert.ok(!words.includes(pack.form.works.works_name), 'a message passes through others’ hands')
    assert.deepEqual([sent.state, sent.contact, sent.may], ['asked', `139****${json.phone.slice(7)}`, ['recall']])
    assert.ok(words.includes(sent.until_on))
    assert.equal((await one(sent.consultation_id, 'clerk')).name, json.name)
  })

  test('shows nothing to who has the link and not the phone', async () => {
    const { channel, hint, challenge_id, code } = await codeFor(first)
    assert.deepEqual([channel, hint], ['sms', first.phone.slice(-2)])
    await refused(403, 'approval.consultation_code_needed', outside('view', { token: first.token, pass: 'x' }))
    await refused(403, 'approval.consultation_code_needed', outside('papers', { token: first.token, pass: 'x', document_id: open.documents[0].document_id }))
    await refused(403, 'approval.consultation_code_needed', outside('opinion', { token: first.token, pass: 'x', answers: 0, outcome: 'agree' }))
    assert.equal((await outside('passes', { token: first.token, challenge_id, code: code === '000000' ? '000001' : '000000' })).status, 422)
    const reply = await outside('passes', { token: first.token, challenge_id: kUnknownId, code })
    assert.deepEqual([reply.status, reply.json.fields[0].reason], [422, 'approval.consultation_code_wrong'])
    const given = await outside('passes', { token: first.token, challenge_id, code })
    assert.equal(given.status, 201)
    proof = { token: first.token, pass: given.json.pass }
    secrets.push(given.json.pass)
    assert.equal((await outside('passes', { token: first.token, challenge_id, code })).status, 422, 'a code is good once')
    // A code that came to another’s phone is none for this link, and his pass none either.
    const second = await ask()
    const theirs = await codeFor(second)
    assert.equal((await outside('passes', { token: first.token, challenge_id: theirs.challenge_id, code: theirs.code })).status, 422)
    await refused(403, 'approval.consultation_code_needed', outside('view', { token: second.token, pass: proof.pass }))
  })

  test('shows the question and the chosen parts, persons masked, and no other part or paper', async () => {
    const shown = await seen(proof)
    assert.deepEqual([shown.question, shown.name, shown.works_name, shown.until_on, shown.answers, shown.outcome], [kQuestion, '欧阳审图', pack.form.works.works_name, first.until_on, 0, null])
    assert.deepEqual(Object.keys(shown.form).toSorted(), ['application', 'participants', 'works'])
    assert.deepEqual(shown.form.application, { region_code: pack.form.application.region_code })
    assert.equal(shown.form.works.works_name, pack.form.works.works_name)
    assert.equal(shown.form.works.floor_area_m2_hundredths, undefined, 'of another part of the same step')
    const texts = JSON.stringify({ ...shown, form_schema: 0, code_tables: 0 })
    for (const person of pack.form.participants.flatMap((entry) => [entry.lead, ...(entry.people ?? [])]).filter(Boolean)) {
      for (const value of [person.name, person.id_number, person.phone].filter(Boolean)) assert.ok(!texts.includes(`"${value}"`), 'a personal value is whole')
    }
    assert.ok(!texts.includes(pack.form.agent.phone))
    assert.ok(!texts.includes(pack.form.land.land_proof_number), 'of a part that was not chosen')
    assert.deepEqual(shown.papers.map((paper) => paper.document_id), [open.documents[0].document_id])
    const file = await outside('papers', { ...proof, document_id: open.documents[0].document_id })
    assert.deepEqual([file.status, file.headers['content-type']], [200, shown.papers[0].media_type])
    assert.equal(file.body.length, shown.papers[0].size_bytes)
    for (const document_id of [open.documents[1].document_id, other.documents[0].document_id, kUnknownId]) await refused(404, 'approval.consultation_not_found', outside('papers', { ...proof, document_id }))
    // Neither proof is a session, or a token of any other route.
    for (const target of [`/applications/${open.id}`, path, `/documents/${open.documents[0].document_id}/content`]) {
      for (const secret of Object.values(proof)) assert.equal((await anybody.ask('GET', target, { headers: { authorization: `Bearer ${secret}` } })).status, 401)
    }
    assert.equal((await one(first.consultation_id)).state, 'opened')
  })

  test('is answered once of two at once, and changed until it is taken', async () => {
    assert.equal((await outside('opinion', { ...proof, answers: 0, outcome: 'disagree' })).json.fields[0].reason, 'approval.consultation_words_missing')
    const both = await Promise.all(['甲', '乙'].map((words) => outside('opinion', { ...proof, answers: 0, outcome: 'agree_with_conditions', words })))
    assert.deepEqual(both.map((reply) => reply.status).toSorted(), [200, 409])
    assert.equal(both.find((reply) => reply.status === 409).json.reason, 'approval.consultation_answered_meanwhile')
    const changed = await outside('opinion', { ...proof, answers: 1, outcome: 'agree', words: '同意，建议增设变形缝。' })
    assert.deepEqual([changed.status, changed.json.answers, changed.json.outcome], [200, 2, 'agree'])
    await refused(412, 'approval.consultation_changed', act(first.consultation_id, 'taking', {}, 'fire', 1))
    assert.deepEqual(await marks(), { row: [1, 0], counts: [1, 0] })
    const taken = await act(first.consultation_id, 'taking')
    assert.deepEqual(await marks(), { row: [0, 0], counts: [0, 0] })
    assert.deepEqual([taken.status, taken.json.state, taken.json.words, taken.json.may], [200, 'taken', '同意，建议增设变形缝。', []])
    await refused(409, 'approval.consultation_not_answered', act(first.consultation_id, 'taking'))
    await refused(409, 'approval.consultation_closed', act(first.consultation_id, 'recall', { reason: '不需要了' }))
    await gone(first, proof)
  })

  test('comes with files, which nobody sees before he sends them and nobody else afterwards', async () => {
    const asked = await ask()
    const mine = await passFor(asked)
    const theirs = await passFor(await ask())
    await refused(422, 'approval.consultation_proof_missing', attach({ token: mine.token, pass: '' }, '意见函.pdf', letter('x')))
    await refused(403, 'approval.consultation_code_needed', attach({ ...mine, pass: theirs.pass }, '意见函.pdf', letter('x')))
    await refused(404, 'approval.consultation_not_found', attach({ ...mine, token: 'of-nobody' }, '意见函.pdf', letter('x')))
    for (const [reason, body] of [['documents.type_not_accepted', Buffer.from('PK\x03\x04 a letter')], ['documents.type_not_accepted', Buffer.from('<html>')], ['documents.type_not_accepted', kPng.subarray(0, 30)], ['documents.file_empty', Buffer.alloc(0)]]) assert.equal((await attach(mine, '意见函.pdf', body)).json.fields[0].reason, reason)
    const kept = []
    for (const [name, body, type] of [['../盖章意见函.pdf', letter('one')], ['照片.png', kPng, 'text/html'], ['多余.pdf', letter('three')]]) {
      const reply = await attach(mine, name, body, type)
      assert.equal(reply.status, 201, reply.body.toString('utf8'))
      kept.push(reply.json)
    }
    assert.deepEqual(kept.map((file) => [file.file_name, file.media_type, file.sent]), [['盖章意见函.pdf', 'application/pdf', false], ['照片.png', 'image/png', false], ['多余.pdf', 'application/pdf', false]])
    assert.equal((await attach(mine, '盖章意见函.pdf', letter('one'))).json.file_id, kept[0].file_id, 'a retry keeps one')
    await refused(409, 'approval.consultation_files_full', attach(mine, '第四个.pdf', letter('four')))
    await refused(409, 'approval.consultation_file_sent', outside('files/removal', { ...theirs, file_id: kept[0].file_id }))
    const left = await outside('files/removal', { ...mine, file_id: kept[2].file_id })
    assert.deepEqual(left.json.files.map((file) => file.file_id), [kept[0].file_id, kept[1].file_id])
    const content = (file) => `/consultations/${asked.consultation_id}/files/${file.file_id}/content`
    assert.deepEqual((await one(asked.consultation_id)).files, [])
    await refused(404, 'approval.not_found', people.fire.ask('GET', content(kept[0])))
    const unknown = await outside('opinion', { ...theirs, answers: 0, outcome: 'agree', files: [kept[0].file_id] })
    assert.deepEqual([unknown.status, unknown.json.fields[0].reason], [422, 'approval.consultation_file_unknown'])

    const answered = await outside('opinion', { ...mine, answers: 0, outcome: 'agree', words: '见盖章意见函。', files: [kept[0].file_id, kept[1].file_id] })
    assert.deepEqual(answered.json.files.map((file) => file.sent), [true, true])
    const seenByOffice = await one(asked.consultation_id, 'clerk')
    const digests = [sha256(letter('one')), sha256(kPng)]
    assert.deepEqual(seenByOffice.files.map((file) => [file.file_name, file.sha256]), [['盖章意见函.pdf', digests[0]], ['照片.png', digests[1]]])
    const said = { consultation_id: asked.consultation_id, answer_no: 1, outcome: 'agree', words: '见盖章意见函。', files: seenByOffice.files.map(({ sha256: digest, file_name: name }) => ({ sha256: digest, file_name: name })) }
    assert.equal(seenByOffice.answer_sha256, sha256(JSON.stringify(said)), 'the digest is over words and files')
    const { entries } = await people.fire.must('GET', `/applications/${open.id}/audit?limit=100`)
    assert.ok(JSON.stringify(entries).includes(seenByOffice.answer_sha256), 'the record has the digest')
    for (const [query, disposition] of [['', 'attachment'], ['?inline=1', 'inline']]) {
      const reply = await people.fire.ask('GET', content(kept[0]) + query)
      assert.deepEqual([reply.status, reply.headers['content-type'], reply.headers['x-content-type-options']], [200, 'application/pdf', 'nosniff'])
      assert.ok(reply.headers['content-disposition'].startsWith(disposition) && reply.headers['content-security-policy'].includes('sandbox'))
      assert.deepEqual(reply.body, letter('one'))
    }
    await refused(404, 'approval.not_found', people.school.ask('GET', content(kept[0])))
    await refused(404, 'approval.not_found', people.fire_gongshu.ask('GET', content(kept[0])))
    assert.equal((await anybody.ask('GET', content(kept[0]))).status, 401)
    assert.equal((await anybody.ask('GET', `/documents/${kept[0].file_id}/content`)).status, 401)
    await refused(404, 'documents.not_found', people.fire.ask('GET', `/documents/${kept[0].file_id}/content`))

    await refused(409, 'approval.consultation_file_sent', outside('files/removal', { ...mine, file_id: kept[0].file_id }))
    const changed = await outside('opinion', { ...mine, answers: 1, outcome: 'agree', words: '只附照片。', files: [kept[1].file_id] })
    assert.deepEqual(changed.json.files.map((file) => file.file_id), [kept[1].file_id])
    const now = await one(asked.consultation_id)
    assert.deepEqual(now.files.map((file) => file.file_id), [kept[1].file_id])
    assert.notEqual(now.answer_sha256, seenByOffice.answer_sha256)
    assert.equal((await people.fire.ask('GET', content(kept[0]))).status, 200, 'what was sent stays')
    assert.equal((await act(asked.consultation_id, 'taking')).status, 200)
    await refused(404, 'approval.consultation_not_found', outside('files/removal', { ...mine, file_id: kept[1].file_id }))
    await shut(mine)
  })

  test('is withdrawn at once, by the department of the item', async () => {
    const asked = await ask({ email: 'expert@example.org', organisation: null })
    assert.equal(asked.contact, `139****${asked.phone.slice(7)}`)
    const mine = await passFor(asked)
    await refused(403, 'approval.not_your_item', act(asked.consultation_id, 'recall', { reason: '误发' }, 'fire2'))
    await refused(409, 'approval.consultation_not_answered', act(asked.consultation_id, 'taking'))
    // He looks in the moment in which the reviewer takes it back: that hinders nobody.
    const { version } = await one(asked.consultation_id)
    assert.equal((await outside('view', mine)).status, 200)
    assert.equal((await one(asked.consultation_id)).state, 'opened')
    const recalled = await act(asked.consultation_id, 'recall', { reason: '误发' }, 'fire', version)
    assert.deepEqual([recalled.status, recalled.json.state, recalled.json.closed_because], [200, 'recalled', '误发'])
    await gone(asked, mine)
    await shut(mine)
    await gone({ token: 'of-nobody' })
  })

  test('without a phone the code goes to the mailbox', async () => {
    const asked = await ask({ phone: null, email: 'only@example.org' })
    const { channel, hint } = await codeFor({ ...asked, phone: 'only@example.org' })
    assert.deepEqual([channel, hint, asked.contact], ['email', null, 'o***@example.org'])
  })

  test('wrong codes end the link', async () => {
    const asked = await ask()
    const { challenge_id } = await codeFor(asked)
    for (let i = 1; i < kWrongCodesMax; i++) assert.equal((await outside('passes', { token: asked.token, challenge_id, code: 'wrong' })).status, 422)
    await refused(404, 'approval.consultation_not_found', outside('passes', { token: asked.token, challenge_id, code: 'wrong' }))
    assert.equal((await one(asked.consultation_id)).state, 'locked')
    await gone(asked)
  })

  test('a restricted case goes to nobody outside, neither anew nor by a link that is out', async () => {
    const asked = await ask()
    const grant = async (name) => {
      const { account_id: id, roles } = people[name].session.account
      const { version } = await people.security.must('GET', `/admin/accounts/${id}`)
      await people.security.must('PUT', `/admin/accounts/${id}/rights`, { json: { roles, clearance: 'restricted' }, version })
      people[name] = await bureau.person(name)
    }
    const leader = await bureau.person('leader')
    people.leader = leader
    for (const name of ['head', 'leader', 'fire']) await grant(name)
    await people.head.must('POST', `/applications/${open.id}/restriction`, { json: { reason: '涉及商业秘密' }, key: true })
    await gone(asked)
    await refused(409, 'approval.consultation_restricted', (await ask()).reply)
    assert.match((await list()).blocked_because, /限制知悉/)
    await people.head.must('POST', `/applications/${open.id}/restriction/lifting`, { json: { reason: '已经公开' }, key: true })
    const { restriction } = await people.leader.must('GET', `/applications/${open.id}/episodes`)
    await people.leader.must('POST', `/applications/${open.id}/restriction/lifting/confirmation`, { json: { proposal_id: restriction.lifting.proposal_id }, key: true })
  })

  test('a reminder brings another link, once a day; past its day nothing opens and nothing is decided', async () => {
    const asked = await ask()
    await refused(429, 'approval.consultation_reminded_enough', act(asked.consultation_id, 'reminder'))
    await advance(1, '17:00')
    const reminded = await act(asked.consultation_id, 'reminder')
    assert.deepEqual([reminded.status, reminded.json.reminders], [200, 1])
    const again = { ...asked, token: tokenIn(await lastMessage(bureau, asked.phone)) }
    secrets.push(again.token)
    assert.notEqual(again.token, asked.token)
    const mine = await passFor(again)
    await seen({ ...mine, token: asked.token })
    await advance(4, '23:59')
    await refused(403, 'approval.consultation_code_needed', outside('view', mine))
    assert.equal((await one(asked.consultation_id)).state, 'opened')
    await advance(1, '00:00')
    await gone(again, mine)
    await shut(mine)
    const late = await one(asked.consultation_id)
    assert.deepEqual([late.state, late.outcome, late.may], ['overdue', null, ['recall']])
    const overdue = (await list()).consultations.filter((entry) => entry.state === 'overdue').length
    assert.deepEqual(await marks(), { row: [0, overdue], counts: [0, 1] })
    const { rows } = await people.fire_head.must('GET', '/oversight/tasks?limit=100')
    assert.ok(rows.some(({ task }) => task.application_id === open.id && task.outside_overdue === overdue), 'who oversees the department sees it too')
    await refused(409, 'approval.consultation_closed', act(asked.consultation_id, 'reminder'))
  })

  test('ends with the item', async () => {
    const asked = await ask()
    const answered = await ask()
    const mine = await passFor(asked)
    const theirs = await passFor(answered)
    assert.equal((await outside('opinion', { ...theirs, answers: 0, outcome: 'no_opinion' })).status, 200)
    const [row] = await inboxRows(people.fire, 1, (entry) => entry.application_id === open.id, 'mine')
    assert.equal((await complete(people.fire, row, 'agree', { checklist: row.checklist ?? [] })).status < 300, true)
    await gone(asked, mine)
    await shut(theirs)
    await gone(answered)
    assert.deepEqual([(await one(asked.consultation_id)).state, (await one(answered.consultation_id)).state], ['ended', 'answered'])
    await refused(403, 'approval.not_your_item', (await ask()).reply)
  })

  test('who guesses is stopped, and what is secret stands in no log', async () => {
    let status = 0
    for (let i = 0; i < 70 && status !== 429; i++) status = (await outside('codes', { token: `guess-${i}` })).status
    for (const [name, more] of [['codes', {}], ['passes', { challenge_id: kUnknownId, code: '1' }], ['view', { pass: 'x' }], ['papers', { pass: 'x', document_id: kUnknownId }], ['opinion', { pass: 'x', answers: 0, outcome: 'agree' }], ['files/removal', { pass: 'x', file_id: kUnknownId }]]) await refused(429, 'identity.too_many_attempts', outside(name, { token: 'x', ...more }))
    await refused(429, 'identity.too_many_attempts', attach({ token: 'x', pass: 'x' }, '意见函.pdf', letter('guess')))
    const entries = []
    for (let cursor = ''; cursor !== null; ) {
      const page = await people.fire.must('GET', `/applications/${open.id}/audit?limit=100${cursor && `&cursor=${cursor}`}`)
      entries.push(...page.entries)
      cursor = page.next_cursor
    }
    const acts = new Set(entries.map((entry) => entry.act))
    for (const name of ['consult_outside', 'open_consultation', 'read_consulted_paper', 'answer_consultation', 'take_consultation', 'recall_consultation', 'remind_consultation', 'lock_consultation', 'add_consultation_file', 'remove_consultation_file']) assert.ok(acts.has(`approval.${name}`), name)
    const said = bureau.log + JSON.stringify(entries)
    for (const secret of [...secrets.filter(Boolean), '欧阳审图', 'expert@example.org']) assert.ok(!said.includes(secret), 'a secret or a person stands in a log')
  })
})
