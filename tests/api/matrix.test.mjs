// Every route × person × thing: who may reach what. Generated from the routes and grants that the program itself lists;
// the few places where a handler is narrower than its grant stand in kNarrower, each with its reason.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing, routes } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { codeIn, lastMessage, tokenIn } from './people.mjs'
import { inboxRows, kDeclarations, longestEnd, packageOf, playUntil } from './stories.mjs'
import { Chance } from '../openapi_fuzz/chance.mjs'
import { Values } from '../openapi_fuzz/values.mjs'

const kOfficers = ['clerk', 'housing', 'fire', 'civil_defence', 'planning', 'quality', 'head', 'leader', 'certificates']
const kPeople = [null, 'school', 'estate', 'factory', ...kOfficers, ...kOfficers.map((name) => `${name}_gongshu`), 'admin', 'security', 'audit', 'rules', 'legal']

// Departments of 西湖区 that have a part in the school's case, and where it lies.
// What somebody of it has set up for himself is `own`’s.
const kCase = { own: 'fire', organisation_of: 'school', credit_code: '91330106MA0DEM0133', region_code: '330106', departments: ['housing', 'fire', 'civil_defence', 'planning', 'quality_safety'] }

function covers(scope, account, thing) {
  const inRegion = account.region_code === thing.region_code
  return { any: true, whole: !account.region_code, own: account.account_name === thing.own, region: inRegion, company: account.credit_code === thing.credit_code, department: inRegion && thing.departments.includes(account.department) }[scope] ?? false
}

// Another company's agent, an administrator, and one of each kind of officer of another region: nothing of the case is theirs.
const kStrangers = ['estate', 'admin', ...kOfficers.map((name) => `${name}_gongshu`)]
// Nobody of the office becomes an agent.
const kApplicants = ['POST /api/v1/organisations', 'POST /api/v1/invitations/acceptance']

// Acts that would change what the others are asked about, or need what nobody here has; each with the test that asks strangers too.
const kLeftOut = {
  'DELETE /api/v1/session': 'ends the session that the test needs: coverage.test.mjs',
  'POST /api/v1/session/security-key-options': 'needs a security key: sign_in.test.mjs',
  'GET /oauth/provider/sign-in': 'needs a provider: tests/oauth/provider_sign_in.test.mjs',
  'GET /oauth/provider/callback': 'needs a provider: tests/oauth/provider_sign_in.test.mjs',
  'POST /api/v1/oauth/proposals/{proposal_id}/approval': 'needs a proposal: tests/oauth/server.test.mjs',
  'POST /api/v1/oauth/proposals/{proposal_id}/refusal': 'needs a proposal: tests/oauth/server.test.mjs',
  'POST /api/v1/oauth/clients/{client_id}/secret-proposals/{proposal_id}/confirmation': 'needs a proposal: tests/oauth/server.test.mjs',
  'POST /api/v1/oauth/clients/{client_id}/secret-proposals/{proposal_id}/refusal': 'needs a proposal: tests/oauth/server.test.mjs',
  'DELETE /api/v1/organisations/{organisation_id}/invitations/{invitation_id}': 'organisations.test.mjs',
  'POST /api/v1/admin/successions/{proposal_id}/confirmation': 'organisations.test.mjs',
  'POST /api/v1/admin/successions/{proposal_id}/refusal': 'organisations.test.mjs',
}

const kNobody = '01900000-0000-7000-8000-000000000000'

// What a handler refuses although the grant covers it.
const kNarrower = [
  { why: 'a draft is nobody’s business but the applicant’s', when: ({ thing, account }) => thing === 'draft' && account.kind !== 'owner_agent' },
  { why: 'the trace and the tasks of a case are the officers’', when: ({ path, account }) => !path.includes('{permit_number}') && /\/(audit|tasks|copies|standstill|live|holding|expedite-orders|sections|consultations)$/.test(path) && account.kind === 'owner_agent' },
  { why: 'a task shows what officers think before they decided', when: ({ path, account }) => path === '/api/v1/tasks/{task_id}' && account.kind === 'owner_agent' },
  { why: 'a task is given away, or ordered to be finished, by who leads its department', when: ({ path, account }) => /\/(assignment|expedite-order)$/.test(path) && account.department !== 'fire' && !account.roles.includes('deciding_leader') },
  { why: 'what was decided on paper is entered by the department of the task', when: ({ path, account }) => /\/paper-act(\/|$)/.test(path) && account.department !== 'fire' },
  { why: 'a deputy of fire’s reviewer is named by himself, who leads fire or the authority', when: ({ path, account }) => path.includes('{deputyship_id}') && account.department !== 'fire' && !account.roles.includes('deciding_leader') },
  { why: 'a case is given to others by who works on it or leads', when: ({ route, account }) => route.action === 'approval.copy' && account.account_name !== 'fire' && account.roles.every((role) => role !== 'section_head' && role !== 'deciding_leader') },
  { why: 'an opinion is kept for oneself', when: ({ path, account }) => path.includes('{opinion_id}') && account.account_name !== 'fire' },
  { why: 'a mark is judged by the department that made it', when: ({ route, path, account }) => route.action === 'approval.mark_papers' && path.includes('{mark_id}') && account.department !== 'fire' },
  { why: 'an opinion asked outside is the business of who judges the item', when: ({ route, path, account }) => route.action === 'approval.consult_outside' && path.includes('{consultation_id}') && account.account_name !== 'fire' },
  { why: 'the applicant hears nothing of what was asked outside', when: ({ path, account }) => path.includes('/consultations/{consultation_id}/files/') && account.kind === 'owner_agent' },
  { why: 'the applicant hears of a mark by a letter', when: ({ route }) => route.action === 'approval.answer_marks' },
  { why: 'a task is worked on by its group', when: ({ route, path, account }) => route.action === 'approval.work' && path.includes('/tasks/') && !(account.department === 'fire' && account.roles.includes('reviewer')) },
]

describe('who may reach what', { skip: missing }, () => {
  let bureau, table, values, open, issued, draft, theirs, things
  const people = new Map()

  before(async () => {
    table = routes()
    bureau = await Bureau.start()
    values = new Values(bureau.contract.document, () => undefined)
    issued = await playUntil(bureau, packageOf('school'))
    open = await playUntil(bureau, packageOf('school'), 'review')
    for (const name of kPeople) people.set(name, await bureau.person(name))
    const school = people.get('school')
    draft = await school.must('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })
    const [task] = await inboxRows(people.get('fire'), 1, (row) => row.application_id === open.id)
    const { letters } = await school.must('GET', `/applications/${open.id}/letters`)
    const deputyship = await people.get('fire').must('POST', '/deputyships', { json: { deputy: (await bureau.person('fire2')).session.account.account_id, from_on: '2027-01-04', through_on: '2027-01-05', reason: '休假' }, key: true })
    const given = await people.get('head').must('POST', `/applications/${open.id}/copies`, { json: { to: [people.get('fire').session.account.account_id] }, key: true })
    const opinion = await people.get('fire').must('POST', '/opinions', { json: { text: '同意' }, key: true })
    const mark = await people.get('fire').must('POST', `/applications/${open.id}/marks`, { json: { document_id: open.documents[0].document_id, page: 1, kind: 'point', left_ppm: 0, top_ppm: 0, words: '请看' }, key: true })
    await people.get('fire').must('POST', `/tasks/${task.task_id}/claim`, { version: task.version })
    const asked = await people.get('fire').must('POST', `/applications/${open.id}/consultations`, { json: { item: 'fire', name: '欧阳审图', phone: '13900001001', question: '有何意见？', sections: ['works/1'], papers: [], working_days: 3 }, key: true })
    const letter = await answeredWithLetter('13900001001')
    await school.must('POST', `/permits/${issued.progress.permit_number}/copies`, { json: { purpose: '办理贷款', made_for: '示例银行' }, key: true })
    const { account_id: somebody } = (await bureau.person('fire2')).session.account
    const [firm] = (await school.must('GET', '/organisations')).organisations
    const { members } = await school.must('GET', `/organisations/${firm.organisation_id}`)
    const { invitation_id: invitation } = await school.must('POST', `/organisations/${firm.organisation_id}/invitations`, { json: { phone: '13800001234', duty: 'agent', authority_reference: '委托书' } })
    const { version } = await people.get('admin').must('GET', `/admin/accounts/${somebody}`)
    await people.get('admin').must('POST', `/admin/accounts/${somebody}/factor-resets`, { json: { reason: '遗失' }, version })
    const { proposals } = await people.get('security').must('GET', `/admin/accounts/${somebody}`)
    // The school is invited to a part of the estate's application, and invites the factory to one of its own.
    const firmed = packageOf('school').form
    firmed.participants[2].credit_code = kCase.credit_code
    theirs = await people.get('estate').must('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })
    await people.get('estate').must('PUT', `/applications/${theirs.application_id}/form`, { json: { form: firmed }, version: theirs.version })
    const { part_id } = await people.get('estate').must('POST', `/applications/${theirs.application_id}/invited-parts`, { json: { part: 'own_row', credit_code: kCase.credit_code, role: 'designer', kind: 'fill' }, key: true })
    firmed.participants[2].credit_code = people.get('factory').session.account.credit_code
    await school.must('PUT', `/applications/${draft.application_id}/form`, { json: { form: firmed }, version: draft.version })
    const { part_id: invited_part_id } = await school.must('POST', `/applications/${draft.application_id}/invited-parts`, { json: { part: 'own_row', credit_code: firmed.participants[2].credit_code, role: 'designer', kind: 'fill' }, key: true })
    draft = await school.must('GET', `/applications/${draft.application_id}`)
    things = {
      filed: { opinion_id: opinion.opinion_id, section: 'fire', mark_id: mark.mark_id, consultation_id: asked.consultation_id, file_id: letter.file_id, copy_id: given.copies[0].copy_id, deputyship_id: deputyship.deputyship_id, application_id: open.id, task_id: task.task_id, document_id: open.documents[0].document_id, letter_id: letters[0].letter_id, incident: '999999', round: 1, permit_number: issued.progress.permit_number, certificate_version: 1, copy_number: 1, file_name: 'certificate.pdf' },
      draft: { application_id: draft.application_id, invited_part_id },
      part: { part_id },
      area: { region_code: kCase.region_code },
      // The school's organisation, an officer of 西湖区, and a proposal about him.
      door: { account_id: somebody, proposal_id: proposals[0].proposal_id, organisation_id: firm.organisation_id, membership_id: members[0].membership_id, invitation_id: invitation },
    }
  })
  after(() => bureau?.stop())

  /** Somebody outside answers with a file: gives it. */
  async function answeredWithLetter(phone) {
    const anybody = await bureau.person(null)
    const token = tokenIn(await lastMessage(bureau, phone))
    const { challenge_id } = await anybody.must('POST', '/consultations/codes', { json: { token } })
    const { pass } = await anybody.must('POST', '/consultations/passes', { json: { token, challenge_id, code: codeIn(await lastMessage(bureau, phone)) } })
    const letter = await anybody.must('POST', '/consultations/files?file_name=letter.pdf', { body: '%PDF-1.4\n%%EOF\n', type: 'application/pdf', headers: { 'x-kaigong-link': token, 'x-kaigong-pass': pass } })
    await anybody.must('POST', '/consultations/opinion', { json: { token, pass, answers: 0, outcome: 'agree', files: [letter.file_id] } })
    return letter
  }

  const expected = (context) => {
    const { route, account, thing } = context
    if (route.access === 'anonymous' || route.access === 'loopback') return 'reaches'
    if (!account) return 'unknown'
    if (thing === 'door' && !route.action) return account.account_name === kCase.organisation_of ? 'reaches' : 'refused'
    if (kApplicants.includes(`${route.method} ${route.path}`) && account.kind !== 'owner_agent') return 'refused'
    if (!route.action) return 'reaches'
    const scopes = table.grants.filter((grant) => grant.action === route.action && account.roles.includes(grant.role)).map((grant) => grant.scope)
    if (!scopes.length) return 'refused'
    if (!context.path.includes('{')) return 'reaches'
    if (!scopes.some((scope) => covers(scope, account, kCase))) return 'refused'
    // Files, letters and application of a case belong to those who may read the case.
    const readers = table.grants.filter((grant) => grant.action === 'approval.read' && account.roles.includes(grant.role))
    if (thing === 'filed' && account.kind !== 'owner_agent' && !route.path.includes('permit_number') && !readers.some((grant) => covers(grant.scope, account, kCase))) return 'refused'
    return kNarrower.some((rule) => rule.when(context)) ? 'refused' : 'reaches'
  }

  // A body as openapi.yaml describes it.
  const bodyOf = (route) => {
    const content = values.resolve(bureau.contract.document.paths[route.path]?.[route.method.toLowerCase()]?.requestBody).content?.['application/json']
    return content ? values.fitting(content.schema, new Chance(1)) : {}
  }

  // Right in form for those who should be refused; for the others stale or incomplete, so that they get 409, 412 or 422 and nothing happens.
  const send = (person, route, thing, want) => {
    const target = route.path.replace(/\{(\w+)\}/g, (_, name) => things[thing][name] ?? `no-${name}`) + (route.path.endsWith('/documents') ? '?file_name=' : '')
    const body = { '/{part_id}/values': { values: {} }, '/{part_id}/confirmation': { declared: true }, '/session/organisation': { nonsense: 1 }, '/invitations': { phone: '13800001234', duty: 'agent', authority_reference: '委托书' }, '/rejection': { reason: '不符' }, '/id-number-verifications': { account_name: 'nobody-here', id_number: '11010519491231002X', reason: '人证一致' }, '/{account_id}': { display_name: '某', organisation_name: '某局' }, '/rights': { roles: [] }, '/blocking': { reason: '调离' }, '/factor-resets': { reason: '遗失' }, '/unmasked': { fields: ['agent.phone'], reason: '核对材料' }, '/by-person': { kind: 'phone', number: '13911112222', reason: '核对材料' }, '/submission': { declarations: kDeclarations }, '/form': { form: {} }, '/expedite-order': { demand: '请快', consequence: '通报', answer_within_working_days: 1 }, '/answer': { answer: '马上' }, '/precheck': { form: {} }, '/commitments': { materials: [] }, '/paper-act': { outcome: 'agree', happened_at_ms: 1, done_by: kNobody, paper_reference: '档 18 号' }, '/paper-act/confirmation': want === 'refused' ? { proposal_id: kNobody } : { nonsense: 1 }, '/denial': want === 'refused' ? { proposal_id: kNobody, reason: '没有作出' } : { nonsense: 1 }, '/paper-act/withdrawal': want === 'refused' ? { proposal_id: kNobody } : { nonsense: 1 }, '/completion': { outcome: 'no_such_outcome' }, '/return': route.path.includes('/tasks/') ? { target: 'no_such_step', onward: 'again', reason: '请改' } : {}, '/take-back': { reason: '请改' }, '/removal': { reason: '请改' }, '/urging': { note: '请快' }, '/transfer': { to: kNobody, reason: '请改' }, '/assignment': { to: kNobody, reason: '请改' }, '/delegation': { to: kNobody, question: '请看' }, '/signers': { position: 'before', to: [kNobody], question: '请看' }, '{permit_number}/copies': want === 'refused' ? { purpose: '办理贷款', made_for: '示例银行' } : { nonsense: 1 }, '/copies': { to: [kNobody] }, '/ending': { reason: '提前回来' }, '/deputyships': { deputy: kNobody, from_on: '2027-01-04', through_on: '2027-01-05', reason: '休假' }, '/resolution': { variables: {}, reason: '已改好设置' }, '/special-procedures': want === 'refused' ? { item: 'housing', procedure_kind: 'hearing', reason: '请改', working_days: 1 } : { nonsense: 1 }, '/special-procedures/end': want === 'refused' ? { item: 'housing', result: '同意' } : { nonsense: 1 }, '/hold': want === 'refused' ? { ground: 'court', reason: '请改' } : { nonsense: 1 }, '/resumption': want === 'refused' ? { reason: '请改' } : { nonsense: 1 }, '/extension': want === 'refused' ? { working_days: 1, reason: '请改' } : { nonsense: 1 }, '/late-corrections': want === 'refused' ? { item: 'housing', reason: '请改', points: [] } : { nonsense: 1 }, '/supplement-orders': want === 'refused' ? { material_code: 'M-40', reason: '请改' } : { nonsense: 1 }, '/reopenings': want === 'refused' ? { item: 'housing', reason: '请改' } : { nonsense: 1 }, '/restriction': want === 'refused' ? { reason: '涉密' } : { nonsense: 1 }, '/lifting': want === 'refused' ? { reason: '公开' } : { nonsense: 1 }, '/restriction/lifting/confirmation': want === 'refused' ? { proposal_id: kNobody } : { nonsense: 1 }, '/restriction/lifting/refusal': want === 'refused' ? { proposal_id: kNobody, reason: '涉密' } : { nonsense: 1 }, '/marks': want === 'refused' ? { document_id: kNobody, page: 1, kind: 'point', left_ppm: 0, top_ppm: 0, words: '请看' } : { nonsense: 1 }, '/answers': { words: '已补' }, '/acceptance': {}, '/reopening': { words: '再看' }, '/owed-papers': want === 'refused' ? { material_code: 'M-40' } : { nonsense: 1 }, '/withdrawal': want === 'refused' ? {} : { nonsense: 1 }, '/applications': want === 'refused' ? { matter_code: 'construction-permit' } : { nonsense: 1 }, '/clock': { nonsense: 1 }, '/readings': { text: '通知' }, '/effects': { table: {} }, '/years': { table: {} }, '/session': { nonsense: 1 }, '/review': { verdict: 'accepted', version: 'a-0' }, '/opinions': want === 'refused' ? { text: '同意' } : { nonsense: 1 }, '/opinions/{opinion_id}': { text: '同意' } }
    const json = longestEnd(body, route.path)
    return person.ask(route.method, `!${target}`, { json: route.method === 'GET' || route.method === 'DELETE' ? undefined : (json ?? (want === 'refused' ? bodyOf(route) : {})), key: route.idempotency_key, version: route.if_match ? 999_999 : undefined })
  }

  // Who must prove once more who he is, is not refused for his role.
  const judged = ({ status, json }) => (status === 401 ? 'unknown' : json?.reason === 'authz.step_up_needed' ? 'reaches' : status === 403 || status === 404 ? 'refused' : 'reaches')

  test('every route, for every person, on a filed case, on a draft and at the door', async () => {
    const wrong = []
    let asked = 0
    for (const route of table.routes) {
      // The pages of unknown matters and codes are the coverage test's.
      if (`${route.method} ${route.path}` in kLeftOut || route.path.includes('{matter_code}')) continue
      // The one no cookie opens, the other needs a provider: tests/oauth.
      if (route.path === '/oauth/userinfo' || route.path === '/api/v1/oauth/provider/link') continue
      const kinds = route.path.includes('{') ? Object.keys(things).filter((kind) => [...route.path.matchAll(/\{(\w+)\}/g)].every(([, name]) => name in things[kind])) : ['filed']
      for (const thing of kinds) {
        // A draft has no procedure: the routes of the case itself do not know it, and that is the coverage test's.
        if (thing === 'draft' && (route.action === 'approval.read' || /\/(submissions|withdrawal)/.test(route.path))) continue
        for (const [name, person] of people) {
          if (route.path === '/api/v1/session' && route.method === 'POST' && name !== null) continue
          const account = person.session?.account ?? null
          const want = expected({ route, path: route.path, account, thing })
          const reply = await send(person, route, thing, want)
          asked += 1
          if (judged(reply) !== want) wrong.push(`${route.method} ${route.path} (${thing}) for ${name ?? 'anybody'}: should be ${want}, is ${reply.status} ${reply.json?.reason ?? ''}`)
        }
      }
    }
    assert.deepEqual(wrong, [], `A handler that is narrower than its grant is a line of kNarrower; a new id in a path is a member of things.filed; a request that has to be stale or incomplete, so that nothing happens, is a member of body in send.`)
    assert.ok(asked > 800, `only ${asked} requests`)
  })

  test('nothing changed by all this', async () => {
    const school = people.get('school')
    const seen = await school.must('GET', `/applications/${open.id}/progress`)
    assert.equal(seen.state, 'accepted')
    assert.equal((await school.must('GET', `/applications/${draft.application_id}`)).version, draft.version)
  })

  // The same request twice: for what is another's, and for what nobody has. Bodies come from openapi.yaml, so that a new
  // route is asked without a line here.
  test('a stranger cannot tell what exists from what does not', async () => {
    const missingThing = { ...Object.fromEntries(Object.keys(things.filed).filter((name) => name.endsWith('_id')).map((name) => [name, kNobody])), permit_number: '330106202612020199' }
    const said = ({ status, json, headers }) => ({ status, problem: json && { ...json, request_id: '' }, headers: { ...headers, date: '', 'x-request-id': '', 'content-length': '' } })
    const wrong = []
    let asked = 0
    for (const route of table.routes.filter(({ path, access }) => access === 'session' && [...path.matchAll(/\{(\w+)\}/g)].some(([, name]) => name in missingThing))) {
      const json = route.method === 'GET' || route.method === 'DELETE' ? undefined : bodyOf(route)
      for (const [kind, known] of Object.entries(things)) {
        if (![...route.path.matchAll(/\{(\w+)\}/g)].every(([, name]) => name in known)) continue
        const ask = (person, ids) => person.ask(route.method, `!${route.path.replace(/\{(\w+)\}/g, (_, name) => ids[name])}${route.path.endsWith('/documents') ? '?file_name=a.png' : ''}`, { json, key: route.idempotency_key, version: route.if_match ? 1 : undefined })
        for (const name of kStrangers) {
          const there = await ask(people.get(name), known)
          const nowhere = await ask(people.get(name), { ...known, ...missingThing })
          asked += 1
          const differs = JSON.stringify(said(there)) !== JSON.stringify(said(nowhere))
          if (there.status < 400 || differs) wrong.push(`${route.method} ${route.path} (${kind}) for ${name}: ${there.status} ${there.json?.reason} where it is, ${nowhere.status} ${nowhere.json?.reason} where nothing is\n${JSON.stringify(said(there))}\n${JSON.stringify(said(nowhere))}`)
        }
      }
    }
    assert.deepEqual(wrong, [])
    assert.ok(asked > 300, `only ${asked} pairs`)
  })

  test('nor by how long the answer takes', async () => {
    const median = (list) => list.sort((x, y) => x - y)[Math.floor(list.length / 2)]
    for (const [name, path] of [['estate', `/applications/${open.id}`], ['fire_gongshu', `/applications/${open.id}/progress`], ['estate', `/permits/${issued.progress.permit_number}`]]) {
      const person = people.get(name)
      const nowhere = path.replace(open.id, kNobody).replace(issued.progress.permit_number, '330106202612020199')
      const took = { [path]: [], [nowhere]: [] }
      // In turn, so that whatever else the machine does meets both.
      for (let i = 0; i < 40; i++) {
        for (const one of [path, nowhere]) {
          const begun = process.hrtime.bigint()
          assert.equal((await person.ask('GET', one)).status, 404)
          took[one].push(Number(process.hrtime.bigint() - begun) / 1e6)
        }
      }
      const [there, missingMs] = [median(took[path]), median(took[nowhere])]
      assert.ok(Math.max(there, missingMs) < 3 * Math.min(there, missingMs) + 5, `${name} ${path}: ${there.toFixed(1)} ms where it is, ${missingMs.toFixed(1)} ms where nothing is`)
    }
  })

  test('lists hold only what is one’s own', async () => {
    const ids = async (name, path, key, id) => (await people.get(name).must('GET', path))[key].map((row) => row[id])
    assert.ok((await ids('school', '/applications', 'applications', 'application_id')).includes(open.id))
    assert.deepEqual(await ids('estate', '/applications', 'applications', 'application_id'), [theirs.application_id])
    assert.deepEqual(await ids('factory', '/applications', 'applications', 'application_id'), [])
    assert.ok((await ids('school', '/permits', 'permits', 'permit_number')).includes(issued.progress.permit_number))
    for (const other of ['estate', 'clerk_gongshu']) assert.ok(!(await ids(other, '/permits', 'permits', 'permit_number')).includes(issued.progress.permit_number))
    for (const view of ['todo', 'mine', 'all']) {
      for (const officer of kOfficers) {
        const rows = (await people.get(officer).must('GET', `/inbox?view=${view}`)).rows
        assert.ok(rows.every((row) => row.region_code === '330106'), `${officer} ${view}`)
        assert.deepEqual((await people.get(`${officer}_gongshu`).must('GET', `/inbox?view=${view}`)).rows, [], `${officer}_gongshu ${view}`)
      }
    }
    const mine = (await people.get('fire').must('GET', '/inbox?view=todo')).rows
    assert.ok(mine.length > 0 && mine.every((row) => row.department === 'fire'))
  })

  test('two people at the same time never see each other’s cases', async () => {
    const both = await Promise.all(Array.from({ length: 60 }, (_, i) => people.get(i % 2 ? 'estate' : 'school').ask('GET', i % 4 < 2 ? '/session' : `/applications/${open.id}`)))
    for (const [i, reply] of both.entries()) {
      const name = i % 2 ? 'estate' : 'school'
      if (i % 4 < 2) assert.equal(reply.json.account.account_name, name)
      else assert.equal(reply.status, name === 'school' ? 200 : 404)
    }
  })
})
