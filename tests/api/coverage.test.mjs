// Every path and every status of openapi.yaml, exercised on one bureau; every reply checked against its schema. The last
// test fails for what nobody exercised, and for routes that only one of router and openapi.yaml knows.
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { totpCode } from './authenticator.mjs'
import { missing, routes } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { kNotice2027 } from './notices.mjs'
import { fileNight, inboxRows, kDeclarations, longestEnd, nightForm, packageOf, playUntil } from './stories.mjs'
import { kExempt } from './exempt.mjs'

const kUnknownId = '01900000-0000-7000-8000-000000000000'
// Right in form, of things that are not there.
const kBodies = { '/invited-parts': { part: 'own_row', credit_code: '91330106MA0DEM0133', role: 'designer', kind: 'fill' }, '/{part_id}/values': { values: {} }, '/{part_id}/confirmation': { declared: true }, '/unmasked': { fields: ['agent.phone'], reason: '电话核实' }, '/session/organisation': { organisation_id: '01900000-0000-7000-8000-000000000000' }, '/invitations': { phone: '13800001234', duty: 'agent', authority_reference: '委托书' }, '/invitations/view': { token: 'no-such-token' }, '/invitations/acceptance': { token: 'no-such-token' }, '/rejection': { reason: '不符' }, '/id-number-verifications': { account_name: 'nobody-here', id_number: '11010519491231002X', reason: '人证一致' }, '/{account_id}': { display_name: '某', organisation_name: '某局' }, '/rights': { roles: [] }, '/blocking': { reason: '调离' }, '/factor-resets': { reason: '遗失' }, '/refusal': { reason: '不同意' }, '/consultations': { item: 'fire', name: '欧阳审图', phone: '13900001001', question: '有何意见？', sections: [], papers: [], working_days: 3 }, '/recall': { reason: '误发' }, '/consultations/codes': { token: 'no-such-token' }, '/consultations/passes': { token: 'no-such-token', challenge_id: '1', code: '1' }, '/consultations/view': { token: 'no-such-token', pass: '1' }, '/consultations/papers': { token: 'no-such-token', pass: '1', document_id: '1' }, '/consultations/opinion': { token: 'no-such-token', pass: '1', answers: 0, outcome: 'agree' }, '/consultations/files/removal': { token: 'no-such-token', pass: '1', file_id: '1' } }
// Where the body is a file, its proofs stand in the head.
const kHeads = { '/api/v1/consultations/files': { 'x-kaigong-link': 'no-such-token', 'x-kaigong-pass': '1' } }
const kMark = { document_id: kUnknownId, page: 1, kind: 'point', left_ppm: 0, top_ppm: 0, words: '请看' }
const kUnknownNumber = '330106202612020199'

describe('openapi.yaml', { skip: missing }, () => {
  let bureau, unwatch, table, school, clerk, fire, head, leader, admin, security, rules, legal, anybody, staged, issued, permitNumber

  const operations = () => bureau.contract.operations()
  const has = (operation, status) => String(status) in operation.responses
  const isUnsafe = (method) => method !== 'get'
  const filled = (path) => path.replace('{permit_number}', kUnknownNumber).replace('{matter_code}', 'unknown').replace('{region_code}', '330107').replace('{round}', '1').replace('{section}', 'fire').replace('{catalog_version}', 'unknown').replace('{incident}', '1').replace('{certificate_version}', '1').replace('{copy_number}', '1').replace('{file_name}', 'certificate.pdf').replace('{log}', 'permits').replace(/\{[a-f]\}/g, '0').replace(/\{\w+_id\}/g, kUnknownId)
  const isOfOfficers = (path) => /\/(tasks\/|deputyships|(?<!permit_number}\/)copies(?!\/\{copy_number)|opinions|consultations$|unmasked$|by-person$|marks$)|\/(acceptance|reopening)$/.test(path) || /\/inbox(\/live)?$/.test(path)
  const isHeads = (path) => /\/(resolution|assignment|urging|special-procedures|end|hold|resumption|late-corrections|supplement-orders|reopenings|expedite-order)$/.test(path) || path.includes('/restriction') || path.includes('/oversight/')
  const isOfSecurity = (path) => /\/oauth\/(proposals\/|keys\/)|\/secret-proposals\/|\/resumption$/.test(path) && path.includes('/oauth/')
  const isSecuritys = (path) => /\/(unlocking|sessions|confirmation|refusal|sign-ins)$|\{account_id\}\/(rights|enrolment-code)$/.test(path)
  /** Of identity's routes. */
  const comer = (path) => (path.startsWith('/api/v1/admin/organisations') ? clerk : path.startsWith('/api/v1/admin/') ? (isSecuritys(path) ? security : admin) : path.endsWith('/second-factor') ? staged : /\/(account|organisations|invitations|session)\//.test(path) ? school : null)
  const actorFor = (path, operation) => (has(operation, 401) && comer(path)) || (!has(operation, 401) || path === '/api/v1/session' ? anybody : isOfSecurity(path) ? security : /\/oauth\/(clients|proposals|keys|scopes)/.test(path) ? admin : /\/(rule|process)-packages/.test(path) || path.includes('/calendar') || path.includes('/authorities') ? rules : path.endsWith('/extension') ? leader : isHeads(path) ? head : isOfOfficers(path) ? clerk : school)
  // All headers that an operation asks for, right in form.
  const formal = (operation) => {
    const names = (operation.parameters ?? []).map((p) => p.$ref?.split('/').at(-1))
    return { ...(names.includes('IdempotencyKey') ? { key: true } : {}), ...(names.includes('IfMatch') ? { version: 1 } : {}) }
  }
  // Changing factors asks for who signed in within the last five minutes.
  let signedInAt = Date.now()
  const freshly = async (path) => {
    if (!path.includes('/account/') || Date.now() - signedInAt < 120_000) return
    await school.signIn()
    signedInAt = Date.now()
  }
  // A role without the action is refused before anything else is looked at.
  const mayAct = (one, method, path) => {
    const action = table.routes.find((route) => route.method === method.toUpperCase() && route.path === path)?.action
    return !action || !one.session || table.grants.some((grant) => grant.action === action && one.session.account.roles.includes(grant.role))
  }
  const permittedFor = (method, path, operation) => [actorFor(path, operation), clerk, fire, head, leader, school, admin, security, rules].find((one) => mayAct(one, method, path))
  const rejected = async (status, method, path, operation, options, person) => {
    await freshly(path)
    const reply = await (person ?? permittedFor(method, path, operation)).ask(method.toUpperCase(), `!${options.target ?? filled(path)}`, options)
    assert.equal(reply.status, status, `${method} ${path}: ${reply.body.toString('utf8').slice(0, 300)}`)
    return reply
  }
  const each = async (status, act, chosen = () => true) => {
    const all = operations().filter(({ operation, path }) => has(operation, status) && chosen(path, operation))
    assert.ok(all.length > 0)
    for (const { method, path, operation } of all) await act(method, path, operation)
  }

  /** Somebody who has shown his password and not his second factor. */
  async function atSecondStep(account) {
    const person = await bureau.person(account)
    const begun = await person.must('POST', '/account/factors/totp', { json: { name: '手机' } })
    await person.must('POST', `/account/factors/totp/${begun.factor_id}/confirmation`, { json: { code: totpCode(begun.secret) } })
    await person.signIn()
    assert.equal(person.session.stage, 'second_factor')
    return person
  }

  before(async () => {
    bureau = await Bureau.start()
    table = routes()
    unwatch = bureau.watchFetch()
    school = await bureau.person('school')
    clerk = await bureau.person('clerk')
    fire = await bureau.person('fire')
    leader = await bureau.person('leader')
    head = await bureau.person('head')
    admin = await bureau.person('admin')
    security = await bureau.person('security')
    rules = await bureau.person('rules')
    legal = await bureau.person('legal')
    anybody = await bureau.person(null)
    staged = await atSecondStep('housing3')
  })
  after(async () => {
    unwatch?.()
    assert.equal(await bureau?.stop(), 0, 'the server ended with an error')
  })

  test('the router and openapi.yaml know the same operations', () => {
    const described = operations().map(({ method, path }) => `${method} ${path}`).sort()
    const routed = routes().routes.map(({ method, path }) => `${method.toLowerCase()} ${path}`).sort()
    assert.deepEqual(described, routed)
  })

  test('what openapi.yaml says of headers is what the router asks for', () => {
    for (const route of routes().routes) {
      const { operation } = operations().find(({ method, path }) => method === route.method.toLowerCase() && path === route.path)
      const asked = formal(operation)
      assert.equal('key' in asked, route.idempotency_key, `${route.method} ${route.path}: Idempotency-Key`)
      assert.equal('version' in asked, route.if_match, `${route.method} ${route.path}: If-Match`)
      assert.equal(has(operation, 401), route.access === 'session' || (route.path === '/api/v1/session' && route.method === 'POST'), `${route.method} ${route.path}: 401`)
    }
  })

  test('a school is filed, reviewed, issued and read back', async () => {
    issued = await playUntil(bureau, packageOf('school'))
    permitNumber = issued.progress.permit_number
    assert.match(permitNumber ?? '', /^\d{18}$/)
    for (const path of ['', '/progress', '/process', '/submissions', '/submissions/1', '/letters']) await school.must('GET', `/applications/${issued.id}${path}`)
    for (const path of ['', '/progress', '/process', '/tasks', '/standstill', '/round-effects', '/live', '/audit', '/submissions/1', '/letters']) await clerk.must('GET', `/applications/${issued.id}${path}`)
    await clerk.must('POST', `/applications/${issued.id}/unmasked`, { json: { fields: ['agent.phone'], reason: '与委托书核对' } })
    await clerk.must('POST', '/applications/by-person', { json: { kind: 'phone', number: '13911112222', reason: '核对人员信息' } })
    const { letters } = await school.must('GET', `/applications/${issued.id}/letters`)
    assert.ok(letters.length > 0)
    for (const { letter_id: id } of letters) await school.must('GET', `/letters/${id}/content`)
    await school.must('GET', `/documents/${issued.documents[0].document_id}/content?inline=1`)
    for (const view of ['todo', 'mine', 'done', 'all']) await clerk.must('GET', `/inbox?view=${view}`)
    await clerk.must('GET', '/inbox/live')
  })

  test('lists and facts of a signed-in person', async () => {
    for (const path of ['/session', '/applications', '/permits', `/permits/${permitNumber}`, `/permits/${permitNumber}/certificate`]) await school.must('GET', path)
    await clerk.must('GET', `/permits/${permitNumber}`)
  })

  test('a certificate in four forms, and copies of it for one purpose', async () => {
    const { editions } = await school.must('GET', `/permits/${permitNumber}/certificates`)
    assert.deepEqual(editions[0].files.map((file) => file.file_name).sort(), ['certificate.json', 'certificate.ofd', 'certificate.pdf', 'certificate.xml'])
    assert.equal(typeof editions[0].leaf_index, 'number')
    for (const { file_name: name, sha256 } of editions[0].files) {
      const reply = await school.ask('GET', `/permits/${permitNumber}/certificates/1/files/${name}`)
      assert.equal(reply.status, 200, name)
      assert.equal(createHash('sha256').update(reply.body).digest('hex'), sha256, name)
    }
    const key = randomUUID()
    const copy = (json) => school.ask('POST', `/permits/${permitNumber}/copies`, { json, headers: { 'idempotency-key': key } })
    const wish = { purpose: '办理银行贷款', made_for: '示例银行西湖支行' }
    const made = await copy(wish)
    assert.equal(made.status, 201)
    assert.equal((await copy(wish)).json.copy_number, made.json.copy_number)
    assert.equal((await copy({ ...wish, purpose: '别的用途' })).status, 409)
    const personal = await school.ask('POST', `/permits/${permitNumber}/copies`, { json: { ...wish, purpose: '联系电话13812345678' }, key: true })
    assert.deepEqual([personal.status, personal.json.reason], [422, 'certificate.personal_number'])
    assert.equal((await school.ask('GET', `/permits/${permitNumber}/certificates/1/copies/1/files/certificate.ofd`)).status, 200)
    assert.equal((await school.ask('GET', `/permits/${permitNumber}/certificates/2/files/certificate.pdf`)).status, 404)
    assert.deepEqual((await school.must('GET', `/permits/${permitNumber}/certificates`)).copies.map((one) => one.made_for), [wish.made_for])
  })

  test('the log as static files, and whom to trust', async () => {
    const trust = await anybody.ask('GET', '!/ledger/trust.json')
    assert.equal(trust.status, 200)
    assert.equal(trust.json.sandbox, true)
    const checkpoint = (await anybody.ask('GET', '!/ledger/permits/checkpoint')).body.toString().split('\n')
    assert.equal(checkpoint[0], trust.json.log.origin)
    assert.equal((await anybody.ask('GET', `!/ledger/permits/tile/entries/000.p/${checkpoint[1]}`)).status, 200)
    assert.equal((await anybody.ask('GET', `!/ledger/permits/tile/0/000.p/${checkpoint[1]}`)).status, 200)
    for (const path of ['/ledger/nobody/checkpoint', '/ledger/permits/tile/0/x999', '/ledger/permits/tile/0/x001/000', '/ledger/permits/tile/0/x001/x000/000', '/ledger/permits/tile/0/x001/x000/x000/000', '/ledger/permits/tile/0/x001/x000/x000/000.p/7'])
      assert.equal((await anybody.ask('GET', `!${path}`)).status, 404, path)
  })

  test('what anybody may read', async () => {
    for (const path of ['/matters', '/matters/construction-permit', '/matters/night-construction', '/matters/construction-permit/process', '/regions', '/regions?parent=330100', '/demo/clock', '/demo/messages', '/privacy-notice', '/public/permits', '/public/permits?query=330106&region_code=330106&limit=1', `/public/permits/${permitNumber}`])
      await anybody.must('GET', path)
    const certificate = (await anybody.must('GET', `/public/permits/${permitNumber}`)).certificate_identifier
    for (const path of ['/', '/guide', '/guide/construction-permit', '/search', '/search?q=330106&region=330106', `/permits/${permitNumber}`, '/verify', `/verify?number=${permitNumber}`, `/verify?number=${permitNumber}&code=7K3F-9Q2M-4XTB-8LWD`, '/announcements', '/announcements?region=330106&month=2026-12', `/v?c=${certificate}&s=forged`, '/healthz', '/readyz', '/metrics'])
      assert.equal((await anybody.ask('GET', `!${path}`)).status, 200, path)
  })

  test('the page to keep is whole, carries the list, and is never shown here', async () => {
    const page = await anybody.ask('GET', '!/verify/kaigong-verify.html')
    assert.equal(page.status, 200)
    assert.match(page.headers['content-disposition'], /^attachment; filename="kaigong-verify.html"/)
    const html = page.body.toString()
    const carried = /id="trust">([^<]*)<\/script>/.exec(html)[1]
    assert.deepEqual(JSON.parse(carried), (await anybody.ask('GET', '!/ledger/trust.json')).json)
    // The policy in it names its script and its style by what they are.
    for (const [, kind, text] of html.matchAll(/<(script|style)(?: type="module")?>([\s\S]*?)<\/\1>/g)) assert.ok(html.includes(`${kind}-src 'sha256-${createHash('sha256').update(text).digest('base64')}'`), kind)
  })

  test('pages that are the same for everybody may be kept for a moment, answers may not', async () => {
    const kept = async (path) => (await anybody.ask('GET', `!${path}`)).headers['cache-control']
    // The second answer about a permit is from memory, and says the same.
    for (const path of ['/', '/guide', '/guide/construction-permit', '/announcements', `/permits/${permitNumber}`, `/permits/${permitNumber}`]) assert.equal(await kept(path), 'public, max-age=30', path)
    for (const path of ['/verify', `/verify?number=${permitNumber}`, '/v', '/search', `/permits/${kUnknownNumber}`, `/api/v1/public/permits/${permitNumber}`]) assert.equal(await kept(path), 'no-store', path)
  })

  test('a second answer about a permit comes from memory and is the same', async () => {
    const first = await anybody.must('GET', `/public/permits/${permitNumber}`)
    const second = await anybody.must('GET', `/public/permits/${permitNumber}`)
    assert.deepEqual(second, first)
    assert.match((await anybody.ask('GET', '!/metrics')).body.toString(), /kaigong_http_rendered_cache_hits_total [1-9]/)
  })

  test('pages that are not there', async () => {
    for (const path of ['/guide/unknown', `/permits/${kUnknownNumber}`]) assert.equal((await anybody.ask('GET', `!${path}`)).status, 404, path)
    for (const path of ['/search?region=west', '/announcements?month=soon', '/announcements?region=west']) assert.equal((await anybody.ask('GET', `!${path}`)).status, 422, path)
  })

  test('a draft is made, changed, given up', async () => {
    const draft = await school.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
    const saved = await school.must('PUT', `/applications/${draft.application_id}/form`, { json: { form: nightForm('330106') }, version: draft.version })
    const committed = await school.must('PUT', `/applications/${draft.application_id}/commitments`, { json: { materials: [] }, key: true, version: saved.version })
    await school.must('POST', `/applications/${draft.application_id}/precheck`, { json: { form: nightForm('330106') } })
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
    const document = await school.must('POST', `/applications/${draft.application_id}/documents?material_code=M-01&file_name=${encodeURIComponent('现场照片.png')}`, { body: png, type: 'image/png', key: true })
    await school.must('DELETE', `/documents/${document.document_id}`)
    await school.must('DELETE', `/applications/${draft.application_id}`, { version: committed.version })
  })

  test('a filed application is withdrawn, and a key is used for one act only', async () => {
    const id = await fileNight(school, '330106', 1)
    const key = randomUUID()
    assert.equal((await school.ask('POST', `/applications/${id}/withdrawal`, { json: { reason: '不做了' }, key })).status, 202)
    assert.equal((await school.ask('POST', `/applications/${id}/withdrawal`, { json: { reason: '不做了' }, key })).status, 202)
    const other = await school.ask('POST', `/applications/${id}/withdrawal`, { json: { reason: '另一个理由' }, key })
    assert.equal(other.status, 409)
    assert.equal(other.json.reason, 'db.idempotency_key_reused')
    assert.equal((await school.ask('DELETE', `/applications/${id}/withdrawal`, { key })).status, 202)
    assert.equal((await school.ask('DELETE', `/applications/${id}/withdrawal`, { key, json: {} })).status, 409)
    await school.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key })
    assert.equal((await school.ask('POST', '/applications', { json: { matter_code: 'construction-permit' }, key })).status, 409)
  })

  test('what is filed belongs to the authority: 409 for every change', async () => {
    const { id } = issued
    const version = (await school.must('GET', `/applications/${id}`)).version
    const changes = [
      ['PUT', `/applications/${id}/form`, { json: { form: {} }, version }],
      ['PUT', `/applications/${id}/commitments`, { json: { materials: [] }, key: true, version }],
      ['DELETE', `/applications/${id}`, { version }],
      ['POST', `/applications/${id}/submission`, { json: { declarations: kDeclarations }, key: true, version }],
      ['POST', `/applications/${id}/documents?file_name=x.png`, { body: 'x', type: 'image/png', key: true }],
      ['DELETE', `/documents/${issued.documents[0].document_id}`, {}],
    ]
    for (const [method, path, options] of changes) assert.equal((await school.ask(method, path, options)).status, 409, `${method} ${path}`)
  })

  test('a task is claimed, given back, and done once', async () => {
    const id = await fileNight(school, '330106', 2)
    const [row] = await inboxRows(clerk, 1, (one) => one.application_id === id)
    const path = `/tasks/${row.task_id}`
    const held = await clerk.must('POST', `${path}/claim`, { version: row.version })
    assert.equal((await clerk.ask('POST', `${path}/claim`, { version: row.version })).status, 412)
    const free = await clerk.must('POST', `${path}/release`, { version: held.version })
    assert.equal((await clerk.ask('POST', `${path}/release`, { version: free.version })).json.reason, 'approval.task_not_yours')
    const done = await clerk.must('POST', `${path}/completion`, { json: { outcome: 'accept', opinion: '', checklist: [], points: [] }, key: true, version: free.version })
    assert.equal(done.state, 'completed')
    for (const act of ['claim', 'release']) assert.equal((await clerk.ask('POST', `${path}/${act}`, { version: done.version })).status, 409, act)
    assert.equal((await clerk.ask('POST', `${path}/completion`, { json: { outcome: 'accept' }, key: true, version: done.version })).status, 409)
    const back = { target: 'accept', onward: 'again', reason: '重新核对' }
    assert.equal((await clerk.ask('POST', `${path}/return`, { json: back, key: true, version: done.version })).status, 409)
    assert.equal((await clerk.ask('POST', `${path}/return`, { json: { ...back, onward: 'sideways' }, key: true, version: done.version })).status, 422)
    const [{ account_id }] = (await clerk.must('GET', `${path}/candidates?act=transfer&query=${encodeURIComponent('周窗口')}`)).candidates
    const acts = { 'take-back': { reason: '看错' }, transfer: { to: account_id, reason: '出差' }, delegation: { to: account_id, question: '请看' }, signers: { position: 'before', to: [account_id], question: '请看' }, [`signers/${row.task_id}/removal`]: { reason: '不用了' } }
    for (const [act, json] of Object.entries(acts)) assert.equal((await clerk.ask('POST', `${path}/${act}`, { json, key: true, version: done.version })).status, 409, act)
    assert.equal((await head.ask('POST', `${path}/assignment`, { json: acts.transfer, key: true, version: done.version })).status, 409)
    assert.equal((await head.ask('POST', `${path}/urging`, { json: { note: '请快' }, key: true, version: done.version })).status, 409)
    await clerk.must('GET', path)
    assert.equal((await admin.ask('GET', path)).status, 403)
    assert.equal((await admin.ask('GET', `${path}/candidates?act=transfer`)).status, 403)
    assert.equal((await admin.ask('GET', `${path}/paper-act/candidates`)).status, 403)
    assert.deepEqual((await clerk.must('GET', '/paper-acts')).paper_acts, [])
    assert.equal((await clerk.ask('GET', `/applications/${id}/audit?limit=0`)).status, 422)
  })

  test('a deputy is named, listed, and ended', async () => {
    const [{ account_id: deputy }] = (await clerk.must('GET', `/deputyships/candidates?of=deputy&query=${encodeURIComponent('周窗口')}`)).candidates
    const key = randomUUID()
    const wish = { deputy, from_on: '2027-03-01', through_on: '2027-03-05', reason: '休假' }
    const named = await clerk.must('POST', '/deputyships', { json: wish, key })
    assert.equal((await clerk.ask('POST', '/deputyships', { json: { ...wish, reason: '培训' }, key })).status, 409)
    await clerk.must('GET', '/deputyships')
    const path = `/deputyships/${named.deputyship_id}/ending`
    const ended = await clerk.must('POST', path, { json: { reason: '不去了' }, key: true, version: named.version })
    assert.equal((await clerk.ask('POST', path, { json: { reason: '不去了' }, key: true, version: ended.version })).status, 409)
    assert.equal((await admin.ask('GET', '/deputyships')).status, 403)
    assert.equal((await admin.ask('GET', '/deputyships/candidates?of=deputy')).status, 403)
  })

  test('a case is given to read, listed, and read', async () => {
    const path = `/applications/${issued.id}/copies`
    const [{ account_id: to }] = (await head.must('GET', `${path}/candidates?query=${encodeURIComponent('李窗口')}`)).candidates
    const key = randomUUID()
    const given = await head.must('POST', path, { json: { to: [to], note: '请阅' }, key })
    assert.equal((await head.ask('POST', path, { json: { to: [to], note: '另一句' }, key })).status, 409)
    await clerk.must('GET', path)
    await clerk.must('GET', '/copies')
    await clerk.must('POST', `/copies/${given.copies[0].copy_id}/receipt`)
    for (const [method, address] of [['GET', path], ['GET', `${path}/candidates`], ['GET', '/copies']]) assert.equal((await admin.ask(method, address)).status, 403, address)
  })

  test('marks of a case that has ended are read, and none is made: 409', async () => {
    const path = `/applications/${issued.id}/marks`
    assert.deepEqual((await clerk.must('GET', path)).marks, [])
    assert.equal((await clerk.ask('POST', path, { json: kMark, key: true })).status, 409)
    assert.equal((await admin.ask('GET', path)).status, 403)
  })

  test('nobody outside is asked about a case that has ended: 409', async () => {
    const path = `/applications/${issued.id}/consultations`
    assert.deepEqual((await fire.must('GET', path)).items, [])
    assert.equal((await head.ask('POST', path, { json: { ...kBodies['/consultations'], item: 'housing' }, key: true })).status, 409)
    assert.equal((await admin.ask('GET', path)).status, 403)
  })

  test('what did not stop is not tried again: 409', async () => {
    const reply = await head.ask('POST', `/applications/${issued.id}/incidents/999999/resolution`, { json: { variables: {}, reason: '已改好设置' }, key: true })
    assert.equal(reply.status, 409)
  })

  /** [kind, what makes a draft of it another, one that can not be tried, how a list of changes is narrowed] */
  const kPackages = [
    ['rule', (again) => ({ dmn: again.dmn.replace('length(night.reason) &lt; 6', 'length(night.reason) &lt; 8'), tests: again.tests, note: '理由写得更具体' }), { dmn: '<definitions/>' }, 'rule=N-102'],
    ['process', (again) => ({ bpmn: again.bpmn.replace('name="受理结论"', 'name="是否受理"'), called: again.called, note: '换个说法' }), { bpmn: '<definitions/>' }, 'subject=end'],
  ]
  for (const [kind, changed, broken, narrowed] of kPackages) test(`a ${kind} package is drafted, checked, tried, given back, published and withdrawn`, async () => {
    const packages = `/${kind}-packages`
    const one = `${packages}/night-construction`
    const draft = `${one}/draft`
    const refused = async (person, reason, ...act) => assert.equal((await person.ask(...act)).json.reason, reason, act[1])
    await rules.must('GET', packages)
    await rules.must('GET', one)
    await refused(rules, 'catalog.no_draft', 'GET', draft)
    const begun = await rules.must('POST', draft, { json: { from_version: null }, key: true })
    assert.equal((await rules.ask('POST', draft, { json: {}, key: true })).status, 409)
    await rules.must('POST', `${draft}/discarding`, { key: true, version: begun.version })
    const again = await rules.must('POST', draft, { json: {}, key: true })
    for (const [act, json] of [['submission', { effective_from_on: '2026-12-07', note: '' }], ['publication', {}], ['return', { reason: '请改' }]])
      assert.equal((await rules.ask('POST', `${draft}/${act}`, { json, key: true, version: again.version })).status, 409, act)
    const longer = changed(again)
    const unreadable = await rules.must('PUT', draft, { json: { ...longer, ...broken }, version: again.version })
    assert.equal((await rules.ask('POST', `${draft}/previews`, { key: true })).status, 409)
    const saved = await rules.must('PUT', draft, { json: longer, version: unreadable.version })
    assert.equal((await rules.must('GET', draft)).version, saved.version)
    assert.equal((await rules.ask('PUT', draft, { json: longer, version: again.version })).status, 412)
    await refused(rules, 'catalog.draft_not_outdated', 'POST', `${draft}/rebase`, { key: true, version: saved.version })
    const check = await rules.must('GET', `${draft}/check`)
    assert.deepEqual(check.blockers, [])
    const preview = await rules.must('POST', `${draft}/previews`, { key: true })
    await rules.must('GET', `${one}/previews/${preview.preview_id}`)
    await rules.must('GET', `${one}/previews/${preview.preview_id}/changes?limit=1&${narrowed}`)
    const submit = (version) => rules.must('POST', `${draft}/submission`, { json: { effective_from_on: '2026-12-07', note: '' }, key: true, version })
    const returned = await legal.must('POST', `${draft}/return`, { json: { reason: '请补用例' }, key: true, version: (await submit(saved.version)).version })
    const waiting = await submit(returned.version)
    assert.equal((await rules.ask('PUT', draft, { json: longer, version: waiting.version })).status, 409)
    await refused(rules, 'catalog.same_person', 'POST', `${draft}/publication`, { json: {}, key: true, version: waiting.version })
    assert.equal((await legal.ask('POST', `${draft}/publication`, { json: {}, key: true, version: 99_999 })).status, 412)
    const published = await legal.must('POST', `${draft}/publication`, { json: {}, key: true, version: waiting.version })
    await rules.must('GET', `${one}/versions/${published.catalog_version}`)
    const withdraw = () => legal.ask('POST', `${one}/versions/${published.catalog_version}/withdrawal`, { json: { reason: '依据有误' }, key: true })
    assert.equal((await withdraw()).status, 200)
    assert.equal((await withdraw()).status, 409)
    assert.equal((await rules.must('GET', one)).in_force.origin, 'folder')
  })

  test('a calendar year is read, tried and published', async () => {
    await rules.must('GET', '/calendar')
    const { table } = await rules.must('POST', '/calendar/readings', { json: { text: kNotice2027 } })
    await rules.must('POST', '/calendar/effects', { json: { table } })
    await rules.must('GET', '/calendar/provisional-cases')
    const publish = () => rules.ask('POST', '/calendar/years', { json: { table, replaces: null }, key: true })
    assert.equal((await publish()).status, 201)
    assert.equal((await publish()).status, 409)
  })

  test('authorities are read, and one publishes what it promises', async () => {
    await rules.must('GET', '/authorities')
    await rules.must('GET', '/authorities/330108')
    assert.equal((await rules.ask('GET', '/authorities/330107')).status, 404)
    const publish = (code) => rules.ask('POST', `/authorities/${code}/publications`, { json: { settings: { promised_working_days: { 'construction-permit': 2 } }, replaces: null }, key: true })
    assert.equal((await publish('330108')).status, 201)
    assert.equal((await publish('330108')).status, 409)
    assert.equal((await publish('330107')).status, 404)
  })

  test('one’s own second factors: read, and 409 for codes that nothing goes with, and for keys where the site has no name', async () => {
    await freshly('/account/')
    assert.deepEqual((await school.must('GET', '/account/factors')).factors, [])
    for (const path of ['/account/recovery-codes', '/account/factors/webauthn/options']) assert.equal((await school.ask('POST', path)).status, 409, path)
  })

  test('one’s own account, and what administrators read', async () => {
    for (const path of ['/account', '/account/sessions', '/account/sign-ins', '/organisations']) await school.must('GET', path)
    const { account_id: id } = school.session.account
    for (const path of ['/admin/accounts', `/admin/accounts/${id}`, '/admin/rights', '/admin/organisations', '/admin/successions']) await admin.must('GET', path)
    await security.must('GET', '/admin/sign-ins')
    await school.must('POST', '/session/continuation')
    const [firm] = (await school.must('GET', '/organisations')).organisations
    await school.must('PUT', '/session/organisation', { json: { organisation_id: firm.organisation_id } })
    assert.equal((await school.ask('POST', '/session/second-factor', { json: { code: '000000' } })).status, 409)
  })

  test('the demo clock goes forward only', async () => {
    const { now_ms: now } = await anybody.must('GET', '/demo/clock')
    await anybody.must('POST', '/demo/clock', { json: { advance_to_ms: now + 60_000 } })
    assert.equal((await anybody.ask('POST', '/demo/clock', { json: { advance_to_ms: now - 60_000 } })).status, 409)
  })

  test('default: a host that is not ours is refused everywhere', async () => {
    for (const { method, path } of operations()) {
      const reply = await bureau.ask(method.toUpperCase(), filled(path), { headers: { host: 'evil.example' } })
      assert.equal(reply.status, 421, `${method} ${path}`)
    }
  })

  test('400: a query parameter that nobody knows', () =>
    each(400, (method, path, operation) => rejected(400, method, path, operation, { ...formal(operation), target: `${filled(path)}?nonsense=1` })))

  test('401: without a session', () =>
    each(401, (method, path, operation) => rejected(401, method, path, operation, formal(operation), anybody), (path) => path !== '/api/v1/session'))

  test('401: of the session itself', async () => {
    for (const method of ['GET', 'DELETE']) assert.equal((await anybody.ask(method, '/session')).status, 401)
    assert.equal((await anybody.ask('POST', '/session', { json: { account: 'school', password: 'not the password' } })).status, 401)
  })

  test('403: unsafe without the token of the session, or from another site', () =>
    each(403, async (method, path, operation) => {
      if (!isUnsafe(method)) return
      const person = has(operation, 401) && !(path === '/api/v1/session' && method === 'post') ? school : anybody
      await rejected(403, method, path, operation, { ...formal(operation), json: {}, headers: { 'x-csrf-token': null, origin: 'https://evil.example' } }, person)
      if (person === school) await rejected(403, method, path, operation, { ...formal(operation), json: {}, headers: { 'x-csrf-token': 'wrong' } }, person)
    }))

  test('403: an administrator of the system sees no cases', () =>
    each(403, (method, path, operation) => (isUnsafe(method) || path.includes('/tasks/') || path.includes('/oauth/') ? undefined : rejected(403, method, path, operation, {}, path.startsWith('/api/v1/admin/') || path.startsWith('/api/v1/authorities') ? school : admin))))

  test('404: what is not there', () =>
    each(404, (method, path, operation) => {
      if (path === '/api/v1/applications') return rejected(404, method, path, operation, { key: true, json: { matter_code: 'unknown' } })
      if (!path.startsWith('/api/')) return undefined
      const contents = path.includes('/rule-packages') ? { dmn: '<a/>', tests: [] } : { bpmn: '<a/>', called: [] }
      const ofPackages = { '/draft': method === 'put' ? { ...contents, note: '' } : {}, '/submission': { effective_from_on: '2026-12-01', note: '' }, '/return': { reason: '请改' }, '/withdrawal': { reason: '请改' }, '/publication': {} }
      const body = /\/(rule|process)-packages/.test(path) ? ofPackages : { '/unmasked': { fields: ['agent.phone'], reason: '与委托书核对' }, ...kBodies, '/confirmation': { code: '000000' }, '/{factor_id}': { name: '手机' }, '/form': { form: {} }, '/expedite-order': { demand: '请快', consequence: '通报', answer_within_working_days: 1 }, '/answer': { answer: '马上' }, '/precheck': { form: {} }, '/commitments': { materials: [] }, '/submission': { declarations: kDeclarations }, '/withdrawal': {}, '/paper-act': { outcome: 'agree', happened_at_ms: 1, done_by: kUnknownId, paper_reference: '档 18 号' }, '/paper-act/confirmation': { proposal_id: kUnknownId }, '/denial': { proposal_id: kUnknownId, reason: '没有作出' }, '/paper-act/withdrawal': { proposal_id: kUnknownId }, '/completion': { outcome: 'accept' }, '/return': { target: 'accept', onward: 'again', reason: '请改' }, '/take-back': { reason: '请改' }, '/removal': { reason: '请改' }, '/urging': { note: '请快' }, '/transfer': { to: kUnknownId, reason: '请改' }, '/assignment': { to: kUnknownId, reason: '请改' }, '/delegation': { to: kUnknownId, question: '请看' }, '/signers': { position: 'before', to: [kUnknownId], question: '请看' }, '/ending': { reason: '提前回来' }, '{permit_number}/copies': { purpose: '办理贷款', made_for: '示例银行' }, '/copies': { to: [kUnknownId] }, '/resolution': { variables: {}, reason: '已改好设置' }, '/special-procedures': { item: 'housing', procedure_kind: 'hearing', reason: '请改', working_days: 1 }, '/special-procedures/end': { item: 'housing', result: '同意' }, '/hold': { ground: 'court', reason: '请改' }, '/resumption': { reason: '请改' }, '/extension': { working_days: 1, reason: '请改' }, '/late-corrections': { item: 'housing', reason: '请改', points: [] }, '/supplement-orders': { material_code: 'M-40', reason: '请改' }, '/reopenings': { item: 'housing', reason: '请改' }, '/restriction': { reason: '涉密' }, '/lifting': { reason: '公开' }, '/lifting/confirmation': { proposal_id: kUnknownId }, '/lifting/refusal': { proposal_id: kUnknownId, reason: '涉密' }, '/owed-papers': { material_code: 'M-40' }, '/review': { verdict: 'accepted', version: 'a-0' }, '/opinions': { text: '同意' }, '/publications': { settings: {} }, '/opinions/{opinion_id}': { text: '同意' }, '/marks': kMark, '/answers': { words: '已补' }, '/acceptance': {}, '/reopening': { words: '再看' } }
      const json = isUnsafe(method) ? longestEnd(body, path) : undefined
      const target = path.endsWith('/documents') ? `${filled(path)}?file_name=x.png` : filled(path)
      return rejected(404, method, path, operation, { ...formal(operation), json, target, headers: kHeads[path] ?? {} })
    }))

  test('412: without If-Match', () =>
    each(412, (method, path, operation) => rejected(412, method, path, operation, { ...formal(operation), json: {}, version: undefined })))

  test('413: a body over its limit is refused before it comes', () =>
    each(413, (method, path, operation) => rejected(413, method, path, operation, { ...formal(operation), type: 'application/json', declared: 200 * 1024 * 1024 })))

  test('415: a body that is no JSON', () =>
    each(415, (method, path, operation) => rejected(415, method, path, operation, { ...formal(operation), body: 'a=b', type: 'application/x-www-form-urlencoded' })))

  test('oauth: what anybody may ask, and who looks after it', async () => {
    for (const path of ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/oauth/jwks']) assert.equal((await bureau.ask('GET', path)).status, 200)
    for (const path of ['clients', 'proposals', 'keys', 'scopes']) {
      await admin.must('GET', `/oauth/${path}`)
      assert.equal((await school.ask('GET', `/oauth/${path}`)).status, 403)
    }
    assert.equal((await school.ask('GET', `/oauth/clients/${kUnknownId}`)).status, 403)
    await school.must('GET', '/oauth/consents')
    assert.deepEqual(await school.must('GET', '/oauth/provider/link'), { linked_at_ms: null })
    assert.equal((await anybody.must('GET', '/oauth/provider')).provider, null)
  })

  test('422: what was sent is named', async () => {
    const draft = await school.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
    await each(422, async (method, path, operation) => {
      if (!path.startsWith('/api/') || path.endsWith('/audit')) return
      const target = path.endsWith('/documents') ? path.replace('{application_id}', draft.application_id) : filled(path)
      const reply = isUnsafe(method)
        ? await rejected(422, method, path, operation, { ...formal(operation), target, json: path.endsWith('/documents') ? 'x' : { nonsense: 1 } })
        : await rejected(422, method, path, operation, { target: path.endsWith('/inbox/live') ? `${target}?view=some` : path.endsWith('/people') ? `${target}?department=` : path.includes('/copies/candidates') ? `${target}?query=${encodeURIComponent('长'.repeat(100))}` : path.endsWith('/deputyships') ? `${target}?whose=all` : path.endsWith('/candidates') ? `${target}?${path.includes('deputyships') ? 'of=deputy&' : path.includes('/paper-act') ? '' : 'act=transfer&'}query=${encodeURIComponent('长'.repeat(100))}` : `${target}?limit=0` })
      assert.ok(reply.json.fields.length > 0, `${method} ${path} names no field`)
    })
  })

  test('429: guessing passwords', async () => {
    let status = 0
    for (let i = 0; i < 12 && status !== 429; i++) status = (await anybody.ask('POST', '/session', { json: { account: 'nobody', password: `guess ${i}` } })).status
    assert.equal(status, 429)
  })

  test('204: signing out ends the session', async () => {
    const person = await bureau.person('estate')
    await person.must('DELETE', '/session')
    assert.equal((await person.ask('GET', '/session')).status, 401)
  })

  test('nothing of openapi.yaml was left out', () => {
    assert.deepEqual(bureau.contract.missing(kExempt), [])
  })
})
