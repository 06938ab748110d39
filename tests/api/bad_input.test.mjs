// Whatever is sent past its limits is refused with a problem document in Chinese that names the field, and nothing that
// was typed before is lost. (Bodies over their limit, unknown parameters and missing headers: coverage.test.mjs.)
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { kDeclarations, nightForm } from './stories.mjs'

const kPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const long = (length) => '长'.repeat(length)

/** `{path, schema}` of every leaf of a form schema; the row of a list is its first. */
/** What somebody may write: what the system writes itself is taken from nobody (read-only). */
function leavesOf(schema, path = '') {
  if (schema['x-read-only']) return []
  if (schema.items) return leavesOf(schema.items, `${path}[0]`)
  if (schema.properties) return Object.entries(schema.properties).flatMap(([name, inner]) => leavesOf(inner, path ? `${path}.${name}` : name))
  return [{ path, schema }]
}

function put(form, path, value) {
  const parts = path.split(/[.[\]]+/).filter((part) => part !== '').map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  const last = parts.pop()
  let place = form
  parts.forEach((part, i) => (place = place[part] ??= typeof (parts[i + 1] ?? last) === 'number' ? [] : {}))
  place[last] = value
}

describe('bad input', { skip: missing }, () => {
  let bureau, school, clerk, draft, form

  before(async () => {
    bureau = await Bureau.start()
    school = await bureau.person('school')
    clerk = await bureau.person('clerk')
    const made = await school.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
    form = nightForm('330106', 7)
    const saved = await school.must('PUT', `/applications/${made.application_id}/form`, { json: { form }, version: made.version })
    draft = { id: made.application_id, version: saved.version }
  })
  after(() => bureau?.stop())

  const save = (json, more = {}) => school.ask('PUT', `/applications/${draft.id}/form`, { json, version: draft.version, ...more })
  const fieldsOf = (reply) => reply.json.fields.map((field) => field.field)

  test('JSON that is none, is too deep or says a thing twice', async () => {
    const deep = `${'['.repeat(200)}${']'.repeat(200)}`
    for (const [body, status] of [['', 400], ['{', 400], ['{"form":', 400], ['{"form":{}} x', 400], ['\ufeff{"form":{}}', 400], [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400], ['{"form":NaN}', 400], [`{"form":${deep}}`, 422], ['{"form":{},"form":{}}', 422], ['[]', 422], ['null', 422], ['"form"', 422]]) {
      const reply = await school.ask('PUT', `/applications/${draft.id}/form`, { body, type: 'application/json', version: draft.version })
      assert.ok([status, status === 422 ? 400 : status].includes(reply.status), `${String(body).slice(0, 40)} → ${reply.status} ${reply.json.reason}`)
    }
  })

  test('members of the wrong type, unknown ones and missing ones are named', async () => {
    const wrong = [
      ['POST', '/applications', { matter_code: 5 }, ['matter_code']],
      ['POST', '/applications', { matter_code: '' }, ['matter_code']],
      ['POST', '/applications', { matter_code: long(61) }, ['matter_code']],
      ['POST', '/applications', { matter_code: 'a\u0000b' }, ['matter_code']],
      ['POST', '/applications', { matter_code: 'night-construction', account_id: 'x' }, ['account_id']],
      ['PUT', `/applications/${draft.id}/form`, { form: [] }, ['form']],
      ['PUT', `/applications/${draft.id}/commitments`, { materials: 'M-01' }, ['materials']],
      ['PUT', `/applications/${draft.id}/commitments`, { materials: ['M-01', 7] }, ['materials[1]']],
      ['PUT', `/applications/${draft.id}/commitments`, { materials: Array(101).fill('M-01') }, ['materials']],
      ['POST', `/applications/${draft.id}/submission`, { declarations: true, remarks: [{ rule: 'R-101' }], answers: [{ point_id: 1, answer: '' }] }, ['declarations', 'remarks[0].remark', 'answers[0].point_id', 'answers[0].answer']],
      ['POST', `/applications/${draft.id}/submission`, { declarations: kDeclarations, remarks: [{ rule: 'R-101', remark: long(501) }] }, ['remarks[0].remark']],
      ['POST', `/applications/${draft.id}/withdrawal`, { reason: long(501) }, ['reason']],
      ['POST', '/session', { account: long(61), password: 7 }, ['account', 'password']],
    ]
    for (const [method, path, json, fields] of wrong) {
      const reply = await school.ask(method, path, { json, key: true, version: draft.version })
      assert.equal(reply.status, 422, `${method} ${path} ${JSON.stringify(json).slice(0, 80)}: ${reply.body}`)
      assert.deepEqual(fieldsOf(reply).sort(), [...fields].sort(), `${method} ${path}`)
    }
  })

  test('what an officer writes has its limits too', async () => {
    const task = '/tasks/01900000-0000-7000-8000-000000000000/completion'
    const point = { what: '缺页', how_to_mend: '补页', legal_basis: '办法 5' }
    const wrong = [
      [{ outcome: 'accept', opinion: long(2001) }, ['opinion']],
      [{ outcome: 'accept', checklist: Array(51).fill('a') }, ['checklist']],
      [{ outcome: 'accept', points: Array(101).fill(point) }, ['points']],
      [{ outcome: 'accept', points: [{ ...point, what: long(1001) }, { ...point, legal_basis: null }] }, ['points[0].what', 'points[1].legal_basis']],
      [{ outcome: 'accept', points: [{ ...point, page: 3 }] }, ['points[0].page']],
    ]
    for (const [json, fields] of wrong) {
      const reply = await clerk.ask('POST', task, { json, key: true, version: 1 })
      assert.equal(reply.status, 422, reply.body.toString())
      assert.deepEqual(fieldsOf(reply).sort(), fields, JSON.stringify(json).slice(0, 80))
    }
  })

  test('what a rule administrator sends has its limits too', async () => {
    const rules = await bureau.person('rules')
    const draft = '/rule-packages/night-construction/draft'
    const example = { rule: 'N-101', expect: 'pass', given: {} }
    const wrong = [
      ['POST', draft, { from_version: 7 }, ['from_version']],
      ['PUT', draft, { dmn: '', tests: {}, note: long(2001) }, ['dmn', 'tests', 'note']],
      ['PUT', draft, { dmn: '<a/>', tests: [{ ...example, expect: 'perhaps' }, { ...example, given: [] }, { rule: long(41), given: {} }], note: '' }, ['tests[0].expect', 'tests[1].given', 'tests[2].expect', 'tests[2].rule']],
      ['PUT', draft, { dmn: '<a/>', tests: Array(5001).fill(example), note: '' }, ['tests']],
      ['PUT', draft, { dmn: '<a/>', tests: [{ ...example, id: 1 }], note: '' }, ['tests[0].id']],
      ['POST', `${draft}/submission`, { effective_from_on: '2026-02-30', note: 1 }, ['effective_from_on', 'note']],
      ['POST', `${draft}/return`, { reason: long(501) }, ['reason']],
      ['POST', `${draft}/publication`, { effective_from_on: '2026-12-01' }, ['effective_from_on']],
      ['POST', '/rule-packages/night-construction/versions/x/withdrawal', {}, ['reason']],
    ]
    for (const [method, path, json, fields] of wrong) {
      const reply = await rules.ask(method, path, { json, key: true, version: 1 })
      assert.equal(reply.status, 422, `${method} ${path}: ${reply.body}`)
      assert.deepEqual(fieldsOf(reply).sort(), [...fields].sort(), `${method} ${path} ${JSON.stringify(json).slice(0, 80)}`)
    }
  })

  test('XML that is none, that declares entities or nests without end is refused with its place; the draft stays', async () => {
    const rules = await bureau.person('rules')
    const draft = '/rule-packages/night-construction/draft'
    const begun = await rules.must('POST', draft, { json: {}, key: true })
    const save = (dmn) => rules.ask('PUT', draft, { json: { dmn, tests: [], note: '' }, version: begun.version })
    const entity = begun.dmn.replace('<definitions', '<!DOCTYPE d [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]><definitions')
    for (const dmn of ['规则', begun.dmn.slice(0, 900), entity, `${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`]) {
      const reply = await save(dmn)
      assert.equal(reply.status, 422, reply.body.toString().slice(0, 300))
      assert.equal(reply.json.reason, 'catalog.rules_unreadable')
      assert.deepEqual(fieldsOf(reply), ['dmn'])
    }
    assert.match((await save(begun.dmn.slice(0, 900))).json.detail, /第 \d+ 行.*第 \d+ 列/)
    assert.equal((await rules.ask('PUT', draft, { type: 'application/json', version: begun.version, declared: 5 * 1024 * 1024 })).status, 413)
    assert.deepEqual(await rules.must('GET', draft), begun)
    await rules.must('POST', `${draft}/discarding`, { key: true, version: begun.version })
  })

  for (const matter of ['construction-permit', 'night-construction'])
    test(`every field of the form of ${matter}, of a wrong type and too long, is named`, async () => {
      const { form_schema: schema } = await school.must('GET', `/matters/${matter}`)
      const made = await school.must('POST', '/applications', { json: { matter_code: matter }, key: true })
      const leaves = leavesOf(schema)
      assert.ok(leaves.length >= 5)
      const refusedWith = async (chosen, valueOf) => {
        for (let at = 0; at < chosen.length; at += 50) {
          const some = chosen.slice(at, at + 50)
          const wrong = {}
          for (const leaf of some) put(wrong, leaf.path, valueOf(leaf))
          const reply = await school.ask('PUT', `/applications/${made.application_id}/form`, { json: { form: wrong }, version: made.version })
          assert.equal(reply.status, 422)
          const named = new Set(fieldsOf(reply))
          assert.deepEqual(some.map((leaf) => leaf.path).filter((path) => !named.has(path)), [])
        }
      }
      await refusedWith(leaves, () => ({ nonsense: true }))
      const texts = leaves.filter(({ schema: leaf }) => leaf.maxLength)
      assert.ok(texts.length > 0)
      await refusedWith(texts, ({ schema: leaf }) => long(leaf.maxLength + 1))
      assert.deepEqual((await school.must('GET', `/applications/${made.application_id}`)).form, {})
    })

  test('every field with a code table, of an unknown code, is named at once; what was saved before stays', async () => {
    const { form_schema: schema, code_tables: tables } = await school.must('GET', '/matters/construction-permit')
    const made = await school.must('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })
    const put1 = (json, version) => school.ask('PUT', `/applications/${made.application_id}/form`, { json: { form: json }, version })
    const coded = leavesOf(schema).filter(({ schema: leaf }) => leaf['x-code-table'])
    assert.ok(coded.length >= 50, `${coded.length} fields`)
    const right = {}
    for (const { path, schema: leaf } of coded) put(right, path, leaf['x-code-table'] === 'region' ? '330106' : tables[leaf['x-code-table']].at(-1).code)
    const saved = await put1(right, made.version)
    assert.equal(saved.status, 200, saved.body.toString())
    for (const { path, schema: leaf } of coded) {
      const wrong = structuredClone(right)
      put(wrong, path, leaf.pattern ? '999999' : 'no-such-code')
      const reply = await put1(wrong, saved.json.version)
      assert.equal(reply.status, 422, path)
      assert.deepEqual(fieldsOf(reply), [path])
      assert.equal(reply.json.fields[0].reason, 'catalog.form_not_in_list')
      assert.match(reply.json.fields[0].message, /请从列表中选择/)
    }
    const kept = await school.must('GET', `/applications/${made.application_id}`)
    assert.deepEqual(kept.form, right)
    assert.equal(kept.version, saved.json.version)
  })

  test('a value of a wrong format is kept while it is typed and named when it is filed', async () => {
    const { form_schema: schema } = await school.must('GET', '/matters/construction-permit')
    const made = await school.must('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })
    const shaped = leavesOf(schema).filter(({ schema: leaf }) => (leaf.pattern && !leaf['x-code-table']) || leaf.format === 'date')
    assert.ok(shaped.length >= 30, `${shaped.length} fields`)
    const typed = { works: { region_code: '330106' } }
    for (const { path } of shaped) put(typed, path, '半个')
    delete typed.declarations
    const saved = await school.ask('PUT', `/applications/${made.application_id}/form`, { json: { form: typed }, version: made.version })
    assert.equal(saved.status, 200, saved.body.toString())
    const reply = await school.ask('POST', `/applications/${made.application_id}/submission`, { json: { declarations: kDeclarations }, key: true, version: saved.json.version })
    assert.equal(reply.status, 422)
    const named = new Set(fieldsOf(reply))
    assert.deepEqual(shaped.map((leaf) => leaf.path).filter((path) => !path.startsWith('declarations.') && !named.has(path)), [])
    for (const { message } of reply.json.fields) assert.match(message, /应|格式不对/)
    const kept = await school.must('GET', `/applications/${made.application_id}`)
    assert.deepEqual([kept.form, kept.state], [typed, 'draft'])
  })

  test('a form with members that nobody asked for, huge lists and huge numbers', async () => {
    for (const [wrong, field] of [
      [{ ...form, secret: 1 }, 'secret'],
      [{ ...form, works: { ...form.works, works_name: { toString: 1 } } }, 'works.works_name'],
      [{ ...form, night: [] }, 'night'],
    ]) {
      const reply = await save({ form: wrong })
      assert.equal(reply.status, 422)
      assert.ok(fieldsOf(reply).includes(field), `${field}: ${fieldsOf(reply)}`)
    }
    const big = await school.must('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })
    for (const wrong of [{ buildings: Array(5000).fill({}) }, { contract: { contract_price_fen: 1e300 } }, { contract: { contract_price_fen: 1.5 } }, { contract: { contract_price_fen: '8620' } }])
      assert.equal((await school.ask('PUT', `/applications/${big.application_id}/form`, { json: { form: wrong }, version: big.version })).status, 422, JSON.stringify(wrong).slice(0, 60))
  })

  test('declarations that are not ticked, and ones that nobody asked for', async () => {
    const made = await school.must('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })
    const file = (declarations) => school.ask('POST', `/applications/${made.application_id}/submission`, { json: { declarations }, key: true, version: made.version })
    for (const declarations of [{}, { truth: true }, { truth: 'yes', not_split: true }, { truth: true, not_split: false }]) {
      const reply = await file(declarations)
      assert.equal(reply.json.reason, 'applications.declaration_missing')
      assert.match(fieldsOf(reply)[0], /^declarations\./)
    }
    for (const more of [{ phone: '13900000000' }, { started_on: 'yesterday' }, { already_started: 'no' }]) {
      const reply = await file({ ...kDeclarations, ...more })
      assert.equal(reply.status, 422, JSON.stringify(more))
      assert.deepEqual(fieldsOf(reply), [`declarations.${Object.keys(more)[0]}`])
    }
    assert.equal((await school.must('GET', `/applications/${made.application_id}`)).state, 'draft')
  })

  test('ids that are none are not there', async () => {
    for (const id of ['x', '01900000-0000-7000-8000-00000000000', '01900000-0000-7000-8000-0000000000000', '0190000000007000800000000000000000', "1'--", '%E5%BB%BA', '..%2e', long(3).concat('x'.repeat(300))]) {
      for (const path of [`/applications/${encodeURI(id)}`, `/applications/${encodeURI(id)}/progress`, `/permits/${encodeURI(id)}`, `/public/permits/${encodeURI(id)}`, `/matters/${encodeURI(id)}`]) {
        const reply = await school.ask('GET', path)
        assert.ok([400, 404].includes(reply.status), `${path} → ${reply.status}`)
      }
      assert.ok([400, 404].includes((await clerk.ask('GET', `/tasks/${encodeURI(id)}`)).status))
    }
    for (const round of ['0', '-1', '1.0', '99999999999999999999', 'x']) assert.equal((await school.ask('GET', `/applications/${draft.id}/submissions/${round}`)).status, 404, round)
  })

  test('If-Match: missing, malformed and stale', async () => {
    for (const tag of [null, '', '7', 'W/"7"', '""', '"x"', '"-1"', '"7', '"99999999999999999999"', '*']) {
      const reply = await save({ form }, { headers: { 'if-match': tag } })
      assert.equal(reply.json.reason, 'http.if_match_missing', `${tag} → ${reply.status}`)
    }
    for (const version of [0, draft.version - 1, draft.version + 1, 999_999_999_999]) assert.equal((await save({ form }, { version })).json.reason, 'db.version_is_stale', version)
  })

  test('Idempotency-Key: malformed, repeated and reused', async () => {
    for (const key of ['x', '0190', randomUUID().slice(1)]) assert.equal((await school.ask('POST', '/applications', { json: { matter_code: 'night-construction' }, key })).json.reason, 'http.idempotency_key_missing', key)
    const key = randomUUID()
    const first = await school.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key })
    const again = await school.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: key.toUpperCase() })
    assert.equal(again.application_id, first.application_id)
    assert.equal((await school.ask('POST', '/applications', { json: { matter_code: 'construction-permit' }, key })).json.reason, 'db.idempotency_key_reused')
    const other = await (await bureau.person('estate')).must('POST', '/applications', { json: { matter_code: 'night-construction' }, key })
    assert.notEqual(other.application_id, first.application_id, 'a key belongs to one account')
  })

  test('many tries at once of the same act have one effect', async () => {
    const key = randomUUID()
    const replies = await Promise.all(Array.from({ length: 20 }, () => school.ask('POST', '/applications', { json: { matter_code: 'night-construction' }, key })))
    assert.equal(new Set(replies.filter((r) => r.status === 201).map((r) => r.json.application_id)).size, 1)
    assert.ok(replies.every((r) => [201, 503].includes(r.status)), replies.map((r) => r.status).join())
  })

  test('of two who save at once one is told so, and the other is kept', async () => {
    const made = await school.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
    const forms = [nightForm('330106', 1), nightForm('330106', 2)]
    const replies = await Promise.all(forms.map((one) => school.ask('PUT', `/applications/${made.application_id}/form`, { json: { form: one }, version: made.version })))
    assert.deepEqual(replies.map((r) => r.status).sort(), [200, 412])
    const kept = await school.must('GET', `/applications/${made.application_id}`)
    assert.deepEqual(kept.form, forms[replies.findIndex((r) => r.status === 200)])
  })

  test('files: empty, of no known type, with an impossible name', async () => {
    const upload = (body, query) => school.ask('POST', `/applications/${draft.id}/documents?${new URLSearchParams(query)}`, { body, type: 'application/octet-stream', key: true })
    for (const [what, body, query, reason] of [
      ['empty', Buffer.alloc(0), { file_name: 'a.pdf' }, 'documents.file_empty'],
      ['a program', Buffer.from('MZ\u0090\u0000\u0003'), { file_name: 'a.pdf' }, 'documents.type_not_accepted'],
      ['HTML', Buffer.from('<html><script>alert(1)</script>'), { file_name: 'a.pdf' }, 'documents.type_not_accepted'],
      ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), { file_name: 'a.png' }, 'documents.type_not_accepted'],
      ['a PDF that was cut off', Buffer.from('%PDF-1.7\n1 0 obj\n<<'), { file_name: 'a.pdf' }, 'documents.type_not_accepted'],
      ['no name', kPng, { file_name: '' }, 'documents.file_name_invalid'],
      ['a name of slashes', kPng, { file_name: '../' }, 'documents.file_name_invalid'],
      ['a long name', kPng, { file_name: `${long(200)}.png` }, 'documents.file_name_invalid'],
    ]) {
      const reply = await upload(body, query)
      assert.equal(reply.status, 422, `${what}: ${reply.body}`)
      assert.equal(reply.json.reason, reason, what)
      assert.ok(reply.json.fields.length > 0, what)
    }
    const kept = await school.must('POST', `/applications/${draft.id}/documents?${new URLSearchParams({ file_name: 'C:\\夹\\现场 "照片".png' })}`, { body: kPng, key: true, type: 'image/png' })
    assert.equal(kept.file_name, '现场 "照片".png')
    const content = await school.ask('GET', `/documents/${kept.document_id}/content?inline=1`)
    assert.deepEqual(content.body, kPng)
    assert.match(content.headers['content-security-policy'], /sandbox/)
    assert.equal(content.headers['x-content-type-options'], 'nosniff')
    const long_code = await upload(kPng, { file_name: 'a.png', material_code: 'M'.repeat(300) })
    assert.equal(long_code.status, 422, `a material code of 300 characters: ${long_code.status}`)
    assert.deepEqual(fieldsOf(long_code), ['material_code'])
  })

  test('queries past their limits', async () => {
    for (const [path, field] of [['/applications?limit=101', 'limit'], ['/applications?limit=-1', 'limit'], ['/applications?limit=1e2', 'limit'], [`/applications?cursor=${'x'.repeat(201)}`, 'cursor'], ['/permits?limit=x', 'limit'], ['/public/permits?limit=0', 'limit'], ['/public/permits?cursor=x', 'cursor'], ['/public/permits?region_code=33', 'region_code'], [`/public/permits?query=${encodeURIComponent(long(101))}`, 'query']]) {
      const reply = await school.ask('GET', path)
      assert.equal(reply.status, 422, path)
      assert.deepEqual(fieldsOf(reply), [field], path)
    }
    for (const [path, field] of [['/inbox?view=other', 'view'], [`/inbox?query=${encodeURIComponent(long(100))}`, 'query'], ['/inbox?limit=0', 'limit']]) {
      const reply = await clerk.ask('GET', path)
      assert.equal(reply.status, 422, path)
      assert.deepEqual(fieldsOf(reply), [field], path)
    }
    for (const path of ['/public/permits?query=%25', '/public/permits?query=_%27%22%3B--', '/public/permits?query=%F0%9F%8F%97', '/regions?parent=%27']) assert.equal((await school.ask('GET', path)).status, 200, path)
    for (const path of ['/public/permits?query=%', '/public/permits?query=%00', '/public/permits?query=%FF', '/public/permits?limit=1&limit=2']) assert.equal((await school.ask('GET', path)).status, 400, path)
  })

  test('strange paths, methods and headers', async () => {
    for (const [method, target, status] of [['GET', '/api/v1/../healthz', 400], ['GET', '/api/v1/a%2fb', 400], ['GET', '/api/v1/%00', 400], ['GET', '/api/v1/%zz', 400], ['GET', `/${'x'.repeat(5000)}`, 414], ['OPTIONS', '/api/v1/session', 405], ['TRACE', '/api/v1/session', 405], ['PATCH', '/api/v1/session', 405], ['PROPFIND', '/api/v1/session', 501], ['GET', '/api/v1/nowhere', 404]]) {
      const reply = await bureau.exchange(method, target)
      assert.equal(reply.status, status, `${method} ${target.slice(0, 40)}`)
      bureau.contract.checkProblem(`${method} ${target.slice(0, 40)}`, reply.status, reply.headers, reply.body)
    }
    assert.equal((await bureau.exchange('GET', '/api/v1/matters', { headers: { 'x-long': 'x'.repeat(20_000) } })).status, 431)
    assert.equal((await bureau.exchange('GET', '/api/v1/matters', { headers: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x-${i}`, '1'])) })).status, 431)
    for (const cookie of ['__Host-kaigong=', '__Host-kaigong=x; __Host-kaigong=y', `__Host-kaigong=${'x'.repeat(600)}`, 'x'.repeat(2000)]) assert.equal((await bureau.ask('GET', '/api/v1/session', { headers: { cookie } })).status, 401)
  })

  test('two lengths or a smuggled request close the connection', async () => {
    for (const head of ['Content-Length: 3\r\nContent-Length: 4', 'Content-Length: 3\r\nTransfer-Encoding: chunked', 'Transfer-Encoding: gzip, chunked\r\nContent-Length: x']) {
      const answer = await new Promise((resolve, reject) => {
        let said = ''
        const socket = connect(bureau.port, '127.0.0.1', () => socket.write(`POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\n${head}\r\n\r\nabcGET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`))
        socket.setTimeout(20_000, () => socket.destroy(new Error('no answer')))
        socket.on('data', (bytes) => (said += bytes))
        socket.on('error', reject)
        socket.on('close', () => resolve(said))
      })
      assert.match(answer, /^HTTP\/1\.1 4\d\d /, head)
      assert.ok(!answer.includes('\r\n\r\nok'), `${head}: the second request was answered`)
    }
  })

  test('after all this the draft is as it was typed', async () => {
    const kept = await school.must('GET', `/applications/${draft.id}`)
    assert.deepEqual(kept.form, form)
    assert.equal(kept.version, draft.version)
  })
})
