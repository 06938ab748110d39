// Verbs of the binary: the first account of a production bureau, and what they say when a file is not there.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { kDemoPassword } from '../../tools/demo/client.mjs'
import { binary, missing, root } from './binary.mjs'

const kPassword = 'correct horse battery'
const kEnvironment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KAIGONG_')))

function run(args, { input = '', environment = {} } = {}) {
  return spawnSync(binary, args, { cwd: root, env: { ...kEnvironment, ...environment }, input, encoding: 'utf8' })
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

describe('a production bureau', { skip: missing }, () => {
  let folder, data, environment
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kaigong-verbs-'))
    data = join(folder, 'data')
    environment = { KAIGONG_KEYS_FILE: join(folder, 'keys.json') }
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  const add = (more, input = `${kPassword}\n`) => run(['admin', 'add', '--data', data, ...more], { input, environment })
  const kBoss = ['--account', 'Boss', '--display-name', '张三丰', '--role', 'system_admin']

  test('has no keys until they are made, once, for nobody else to read', () => {
    assert.match(add(kBoss).stderr, /app\.keys_missing/)
    const { KAIGONG_KEYS_FILE: keys } = environment
    assert.equal(run(['admin', 'make-keys', keys]).status, 0)
    assert.equal(statSync(keys).mode & 0o777, 0o600)
    const made = readFileSync(keys, 'utf8')
    const again = run(['admin', 'make-keys', keys])
    assert.equal(again.status, 3)
    assert.match(again.stderr, /app\.keys_exist/)
    assert.equal(readFileSync(keys, 'utf8'), made)
  })

  test('takes no keys of a demo, and none that others can read', () => {
    const demo = mkdtempSync(join(tmpdir(), 'kaigong-verbs-demo-'))
    try {
      const made = run(['migrate', '--demo', '--data', demo])
      assert.equal(made.status, 0, made.stderr)
      const keys = join(demo, 'keys.json')
      const start = () => run(['serve', '--data', join(folder, 'other'), '--port', '0'], { environment: { KAIGONG_KEYS_FILE: keys } })
      assert.match(start().stderr, /app\.demo_keys/)
      chmodSync(keys, 0o640)
      assert.match(start().stderr, /app\.keys_too_open/)
    } finally {
      rmSync(demo, { recursive: true, force: true })
    }
  })

  test('sends nothing in plain text to a database on another host, whichever verb asks', () => {
    const far = 'mariadb://kaigong:secret@db.example.gov.cn/kaigong'
    for (const verb of [['serve', '--port', '0'], ['migrate'], ['ledger', 'fsck']]) {
      const refused = run([...verb, '--data', join(folder, 'far')], { environment: { ...environment, KAIGONG_DATABASE_URL: far } })
      assert.equal(refused.status, 3, verb[0])
      assert.match(refused.stderr, /app\.database_without_tls/, verb[0])
      assert.doesNotMatch(refused.stderr + refused.stdout, /secret/)
    }
    const trusted = run(['migrate', '--data', join(folder, 'far')], { environment: { ...environment, KAIGONG_DATABASE_URL: `${far}?tls_ca=/nonexistent.pem` } })
    assert.match(trusted.stderr, /db\.tls_file_unreadable/)
  })

  test('takes no signing keys under the demo’s published passphrase', () => {
    const started = run(['serve', '--data', join(folder, 'another'), '--port', '0'], { environment: { ...environment, KAIGONG_SIGNING_PASSPHRASE: 'kaigong-demo-signing' } })
    assert.equal(started.status, 3)
    assert.match(started.stderr, /app\.demo_signing_keys/)
  })

  test('has no keys that sign until they are made, once; the log keeps its name for ever', () => {
    assert.match(add(kBoss).stderr, /app\.signing_folder_missing/)
    const folderOf = join(data, 'signing')
    const make = (more, more_environment = {}) => run(['admin', 'make-signing-keys', folderOf, ...more], { environment: { ...environment, ...more_environment } })
    const named = ['--origin', 'permits.example.gov.cn/ledger', '--organisation', '示例市住房和城乡建设局']
    assert.match(make([]).stderr, /app\.option_missing/)
    assert.match(make(named).stderr, /app\.passphrase_missing/)
    const done = make(named, { KAIGONG_SIGNING_PASSPHRASE: 'a passphrase of the test' })
    assert.equal(done.status, 0, done.stderr)
    for (const file of ['document.key.pem', 'seal.key.pem', 'ledger.json']) assert.equal(statSync(join(folderOf, file)).mode & 0o777, 0o600, file)
    assert.doesNotMatch(readFileSync(join(folderOf, 'document.key.pem'), 'utf8'), /BEGIN PRIVATE KEY/)
    assert.match(make(named, { KAIGONG_SIGNING_PASSPHRASE: 'x' }).stderr, /app\.signing_folder_exists/)
    assert.match(add(kBoss).stderr, /crypto\.passphrase_wrong/)
    environment.KAIGONG_SIGNING_PASSPHRASE = 'a passphrase of the test'
  })

  for (const [what, more, input, reason] of [
    ['a short password', kBoss, 'short\n', 'identity.password_weak'],
    ['the demo’s password', kBoss, `${kDemoPassword}\n`, 'identity.password_weak'],
    ['the account’s name in the password', kBoss, 'my BOSS is away\n', 'identity.password_weak'],
    ['no password', kBoss, '', 'app.password_missing'],
    ['an unknown role', ['--account', 'x', '--display-name', 'x', '--role', 'boss'], undefined, 'app.option_missing'],
    ['the program’s own role', ['--account', 'x', '--display-name', 'x', '--role', 'system'], undefined, 'app.option_missing'],
    ['an officer without a region', ['--account', 'x', '--display-name', 'x', '--role', 'reviewer', '--department', 'fire'], undefined, 'app.option_missing'],
    ['an agent with a wrong credit code', ['--account', 'x', '--display-name', 'x', '--role', 'owner_agent', '--organisation', 'x', '--credit-code', '91330106MA0DEM0134'], undefined, 'app.option_missing'],
  ])
    test(`refuses ${what}`, () => {
      const done = add(more, input)
      assert.equal(done.status, 3, done.stdout)
      assert.match(done.stderr, new RegExp(reason.replace('.', '\\.')))
      assert.match(done.stderr, /[\u4e00-\u9fff]/)
    })

  test('makes accounts that can sign in, each name once; the name of the person lies nowhere in clear', async () => {
    const made = add([...kBoss, '--json'])
    assert.equal(made.status, 0, made.stderr)
    assert.equal(JSON.parse(made.stdout).account_name, 'boss')
    assert.match(add(kBoss).stderr, /identity\.account_name_taken/)
    const file = join(folder, 'password.txt')
    writeFileSync(file, `${kPassword}\r\n`)
    assert.equal(add(['--account', 'fire', '--display-name', '赵消防', '--role', 'reviewer', '--department', 'fire', '--region', '330106', '--password-file', file]).status, 0)
    for (const name of readdirSync(data).filter((one) => statSync(join(data, one)).isFile())) assert.ok(!readFileSync(join(data, name)).includes('张三丰'), name)

    const port = await freePort()
    const server = spawn(binary, ['serve', '--data', data, '--port', String(port)], { cwd: root, env: { ...kEnvironment, ...environment }, stdio: ['ignore', 'pipe', 'ignore'] })
    const ended = new Promise((resolve) => server.on('exit', resolve))
    try {
      await new Promise((resolve, reject) => {
        let said = ''
        server.stdout.on('data', (bytes) => (said += bytes).includes('ready on') && resolve())
        server.on('exit', () => reject(new Error(`it did not start: ${said}`)))
      })
      const signIn = async (account, password) => {
        const reply = await fetch(`http://127.0.0.1:${port}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account, password }) })
        return { status: reply.status, json: await reply.json() }
      }
      const boss = await signIn('boss', kPassword)
      assert.equal(boss.status, 200)
      assert.deepEqual([boss.json.account.kind, boss.json.account.roles, boss.json.account.display_name, boss.json.demo], ['administrator', ['system_admin'], '张三丰', false])
      assert.equal((await signIn('fire', kPassword)).json.account.region_code, '330106')
      assert.equal((await signIn('school', kDemoPassword)).status, 401, 'no demo accounts here')
    } finally {
      server.kill('SIGTERM')
      await ended
    }
  })
})

describe('a file that is not there', { skip: missing }, () => {
  for (const args of [['feel', 'eval', '@/no/such.feel'], ['feel', 'eval', '1 + 1', '--vars', '@/no/such.json'], ['dmn', 'eval', '/no/such.dmn', 'findings'], ['bpmn', 'check', '/no/such.bpmn']])
    test(`is named by ${args.join(' ')}`, () => {
      const done = run(args)
      assert.equal(done.status, 3)
      assert.match(done.stderr, /没有文件 \/no\/such\.\w+/)
      assert.match(done.stderr, /app\.file_missing/)
    })
})

const kSuites = join(root, '../shared/conformance/dmn-tck')
const kModelHead = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="m">'
const kLimit = `${kModelHead}
  <inputData id="area" name="area"><variable name="area" typeRef="number"/></inputData>
  <decision id="limit" name="permit needed"><variable name="permit needed"/>
    <informationRequirement><requiredInput href="#area"/></informationRequirement>
    <decisionTable id="table" hitPolicy="UNIQUE">
      <input id="column" label="面积"><inputExpression typeRef="number"><text>area</text></inputExpression></input>
      <output name="needed"/>
      <rule id="small"><inputEntry id="small_in"><text>&lt; 300</text></inputEntry><outputEntry><text>false</text></outputEntry></rule>
      <rule id="large"><inputEntry id="large_in"><text>&gt;= 300</text></inputEntry><outputEntry><text>area &gt; 0</text></outputEntry></rule>
    </decisionTable></decision></definitions>`

describe('feel', { skip: missing }, () => {
  for (const [expression, more, wanted] of [
    ['0.1 + 0.2', [], 0.3],
    ['"开" + "工"', ['--json'], '开工'],
    ['total area * 2', ['--vars', '{"total area": 21}'], 42],
    ['total area * 2', ['--context', '{"total area": 21}'], 42],
    ['x.floor area', ['--input', '{"x": {"floor area": 5}}'], 5],
    ['[1..3]', ['--unary', '2'], true],
    ['< limit', ['--unary', '7', '--vars', '{"limit": 5}'], false],
    ['> date("2026-01-01")', ['--unary', 'date("2026-06-30")'], true],
    ['"urban","rural"', ['--unary', '"urban"'], true],
    ['< 5', ['--unary', 'null'], null],
    ['date("2026-01-31") + duration("P1M")', [], '2026-02-28'],
    ['12345678901234567890.12 * 10', [], 123456789012345678901.2],
  ])
    test(`${expression} ${more.join(' ')} is ${JSON.stringify(wanted)}`, () => {
      const done = run(['feel', expression, ...more])
      assert.equal(done.status, 0, done.stderr)
      assert.deepEqual(JSON.parse(done.stdout), wanted)
    })

  test('says on stderr why something is null, and stdout stays JSON', () => {
    const done = run(['feel', '1 / 0', '--json'])
    assert.equal(done.stdout, 'null\n')
    assert.equal(JSON.parse(done.stderr).reason, 'feel.division_by_zero')
    assert.match(run(['feel', '1 / 0']).stderr, /feel\.division_by_zero/)
  })

  test('refuses what cannot be read with its line and column', () => {
    const done = run(['feel', '1 +\n  * 2', '--json'])
    assert.equal(done.status, 3)
    const { reason, line, column } = JSON.parse(done.stderr)
    assert.deepEqual([reason, line, column], ['feel.syntax', 2, 3])
  })

  test('says how it is used when nothing is asked', () => {
    assert.equal(run(['feel']).status, 2)
    assert.equal(run(['feel', '1', '2']).status, 2)
    assert.equal(run(['feel', '< 5', '--unary']).status, 2)
  })

  test('answers a file line by line, faults among them', () => {
    const lines = [{ expr: 'a + 1', vars: { a: 1 } }, { expr: '1 +' }, { expr: '[1..5]', unary: 3 }, { expr: 'null' }, { vars: {} }]
    const done = run(['feel', '--batch', '-'], { input: `${lines.map((one) => JSON.stringify(one)).join('\n')}\nnot json\n` })
    assert.equal(done.status, 0, done.stderr)
    const answers = done.stdout.trim().split('\n').map((line) => JSON.parse(line))
    assert.deepEqual([answers[0], answers[2], answers[3]], [{ value: 2 }, { value: true }, { value: null }])
    assert.equal(answers[1].error.reason, 'feel.syntax')
    assert.deepEqual([answers[1].error.line, answers[1].error.column], [1, 4])
    assert.equal(answers[4].error.reason, 'app.line_unreadable')
    assert.equal(answers[5].error.reason, 'feel.json_invalid')
    assert.equal(run(['feel', '--batch', '/no/such.jsonl']).status, 3)
  })
})

describe('dmn', { skip: missing }, () => {
  let folder, file
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kaigong-dmn-'))
    file = join(folder, 'limit.dmn')
    writeFileSync(file, kLimit)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('evaluates a decision by its name or id', () => {
    for (const name of ['permit needed', 'limit']) {
      const done = run(['dmn', 'eval', file, '--decision', name, '--vars', '{"area": 299.99}'])
      assert.equal(done.status, 0, done.stderr)
      assert.equal(JSON.parse(done.stdout), false)
    }
    assert.equal(JSON.parse(run(['dmn', 'eval', file, 'limit', '--input', '{"area": 300}', '--json']).stdout), true)
    const unknown = run(['dmn', 'eval', file, '--decision', 'other', '--json'])
    assert.equal(unknown.status, 3)
    assert.equal(JSON.parse(unknown.stderr).reason, 'dmn.unknown_decision')
  })

  test('explains which rule answered, with what it read', () => {
    const done = run(['dmn', 'eval', file, '--decision', 'limit', '--vars', '{"area": 500}', '--explain', '--json'])
    const { value, tables, decisions } = JSON.parse(done.stdout)
    assert.equal(value, true)
    assert.deepEqual(decisions, [{ decision: 'permit needed', value: true }])
    assert.deepEqual(tables[0].inputs.map(({ text, value: given }) => [text, given]), [['area', 500]])
    assert.deepEqual(tables[0].rules.map(({ rule, id }) => [rule, id]), [[2, 'large']])
    assert.deepEqual(tables[0].rules[0].outputs[0].reads, [{ path: 'area', value: 500, null_reason: null }])
    assert.match(run(['dmn', 'eval', file, '--decision', 'limit', '--vars', '{"area": 500}', '--explain']).stdout, /规则 2/)
  })

  test('reads the models that a model imports from its folder', () => {
    const importing = join(folder, 'importing.dmn')
    writeFileSync(
      importing,
      '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="n" name="n" namespace="n"><import name="base" namespace="m" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>' +
        '<decision id="d" name="d"><variable name="d"/><informationRequirement><requiredDecision href="m#limit"/></informationRequirement><literalExpression><text>not(base.permit needed)</text></literalExpression></decision></definitions>',
    )
    const done = run(['dmn', 'eval', importing, '--decision', 'd', '--vars', '{"area": 1}'])
    assert.equal(done.stdout.trim(), 'true', done.stderr)
  })

  test('checks a model: sound ones pass, faults are named by their cell', () => {
    const sound = run(['dmn', 'check', file, '--json'])
    assert.equal(sound.status, 0, sound.stdout)
    assert.deepEqual(JSON.parse(sound.stdout), { file, ok: true, problems: [] })
    const faulty = join(folder, 'faulty.dmn')
    writeFileSync(faulty, kLimit.replace('&gt;= 300', '&gt;= 200'))
    const done = run(['dmn', 'check', faulty, '--json'])
    assert.equal(done.status, 1)
    const { ok, problems } = JSON.parse(done.stdout)
    assert.equal(ok, false)
    const [{ code, element, decision, rule, severity, zh }] = problems
    assert.deepEqual([code, element, decision, rule, severity], ['dmn.overlapping_rules', 'large', 'limit', 2, 'error'])
    assert.match(zh, /第 1 行和第 2 行/)
    assert.match(run(['dmn', 'check', faulty]).stdout, /错误 large/)
  })

  for (const matter of readdirSync(join(root, 'catalog')).filter((name) => existsSync(join(root, 'catalog', name, 'precheck.dmn'))))
    test(`finds nothing in the shipped rules of ${matter}`, () => {
      const done = run(['dmn', 'check', join(root, 'catalog', matter, 'precheck.dmn'), '--json'])
      assert.deepEqual(JSON.parse(done.stdout).problems, [])
    })

  test('runs the suites of several folders and counts them, refused cases apart', { skip: existsSync(kSuites) ? false : 'the conformance suites are not here' }, () => {
    const levels = ['compliance-level-2', 'compliance-level-3'].map((level) => join(kSuites, level))
    const done = run(['dmn', 'test', ...levels, '--json'])
    const { passed, total, refused, suites } = JSON.parse(done.stdout)
    assert.equal(done.status, passed === total ? 0 : 1)
    assert.equal(suites.reduce((sum, suite) => sum + suite.total, 0), total)
    assert.equal(suites.reduce((sum, suite) => sum + suite.refused, 0), refused)
    assert.deepEqual(JSON.parse(run(['dmn', 'test', kSuites, '--json']).stdout).total, total)
  })
})

describe('bpmn', { skip: missing }, () => {
  let folder
  before(() => { folder = mkdtempSync(join(tmpdir(), 'kaigong-bpmn-')) })
  after(() => rmSync(folder, { recursive: true, force: true }))

  const kHead = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:x="urn:x">'
  const model = (name, content) => {
    const file = join(folder, name)
    writeFileSync(file, content)
    return file
  }
  const sound = () => model('sound.bpmn', `${kHead}<process id="p" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/><endEvent id="e"/></process></definitions>`)
  const faulty = () => model('faulty.bpmn', `${kHead}\n<process id="p" isExecutable="true"><startEvent id="s"/>\n<transactionally id="t"/></process></definitions>`)
  const lines = (done) => done.stdout.trim().split('\n').map((line) => JSON.parse(line))

  test('check judges each file on a line of its own, and the worst decides', () => {
    const one = run(['bpmn', 'check', sound(), '--json'])
    assert.equal(one.status, 0)
    assert.deepEqual(lines(one), [{ file: sound(), ok: true, problems: [] }])
    const both = run(['bpmn', 'check', faulty(), sound(), '--json'])
    assert.equal(both.status, 1)
    const [first, second] = lines(both)
    assert.equal(second.ok, true)
    assert.equal(first.ok, false)
    const [problem] = first.problems
    assert.deepEqual([problem.element, problem.line, problem.code, problem.severity], ['t', 3, 'unsupported_element', 'error'])
    assert.match(problem.zh, /[\u4e00-\u9fff]/)
    assert.match(problem.en, /transactionally/)
    assert.equal(run(['bpmn', 'check', faulty(), '/no/such.bpmn', '--json']).status, 3)
  })

  test('run plays the processes of a file together, unless one is named', () => {
    const asks = '<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/><endEvent id="e"><messageEventDefinition messageRef="order"/></endEvent>'
    const takes = '<startEvent id="o"><messageEventDefinition messageRef="order"/></startEvent>'
    const file = model('two.bpmn', `${kHead}<message id="order" name="order"/><process id="p" isExecutable="true">${asks}</process><process id="q" isExecutable="true">${takes}</process></definitions>`)
    const both = run(['bpmn', 'run', file, '--trace'])
    assert.equal(both.status, 0, both.stderr)
    const told = lines(both)
    assert.deepEqual(told.at(-1), { end: 'completed', variables: {}, processes: [{ process: 'p', end: 'completed', variables: {} }, { process: 'q', end: 'completed', variables: {} }] })
    assert.ok(told.some((line) => line.element === 'o' && line.process === 'q'))
    const one = run(['bpmn', 'run', file, '--process', 'p', '--trace'])
    assert.deepEqual(lines(one).at(-1), { end: 'completed', variables: {} })
    assert.ok(lines(one).every((line) => line.process === undefined))
  })

  test('roundtrip prints what it read, whether it may be deployed or not', () => {
    for (const xml of [
      '<?xml version="1.0" encoding="UTF-8"?>\n<!-- 说明 -->\n<a:definitions xmlns:a="urn:a" z="1" y="&#10;&quot;"><b><![CDATA[<&]]></b><?p i?></a:definitions>\n',
      readFileSync(faulty(), 'utf8'),
    ]) {
      const done = run(['bpmn', 'roundtrip', model('any.bpmn', xml)])
      assert.equal(done.status, 0, done.stderr)
      assert.equal(done.stdout, xml)
    }
    const told = run(['bpmn', 'roundtrip', sound(), '--json'])
    assert.deepEqual(JSON.parse(told.stdout), { file: sound(), ok: true, differences: [], xml: readFileSync(sound(), 'utf8') })
  })

  test('roundtrip refuses by name what is no XML', () => {
    const done = run(['bpmn', 'roundtrip', model('dtd.bpmn', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), '--json'])
    assert.equal(done.status, 3)
    assert.equal(JSON.parse(done.stdout).problems[0].code, 'doctype')
    assert.equal(run(['bpmn', 'roundtrip', model('text.bpmn', 'text')]).status, 3)
    assert.equal(run(['bpmn', 'roundtrip']).status, 2)
  })

  describe('prove', () => {
    const flow = (name, from, to, condition = '') => `<sequenceFlow id="${name}" sourceRef="${from}" targetRef="${to}">${condition && `<conditionExpression>=${condition}</conditionExpression>`}</sequenceFlow>`
    const process = (content, id = 'p') => `${kHead}\n<process id="${id}" isExecutable="true">${content}</process></definitions>`
    const stuck = () => model('stuck.bpmn', process(`<startEvent id="s"/>${flow('a', 's', 'x')}<exclusiveGateway id="x"/>${flow('b', 'x', 't', 'n = 1')}${flow('c', 'x', 'u', 'n = 2')}<userTask id="t"/><userTask id="u"/>${flow('d', 't', 'j')}${flow('e', 'u', 'j')}
      <parallelGateway id="j" name="会签"/>${flow('f', 'j', 'z')}<endEvent id="z"/>`))
    const ticking = (cycle) => model('ticking.bpmn', process(`<startEvent id="s"/>${flow('a', 's', 't')}<userTask id="t"/>${flow('b', 't', 'z')}<endEvent id="z"/>
      <boundaryEvent id="remind" attachedToRef="t" cancelActivity="false"><timerEventDefinition><timeCycle>${cycle}</timeCycle></timerEventDefinition></boundaryEvent>${flow('c', 'remind', 'y')}<endEvent id="y"/>`))

    test('ends with 0 and says so when nothing can go wrong', () => {
      const done = run(['bpmn', 'prove', sound()])
      assert.equal(done.status, 0, done.stderr)
      assert.match(done.stdout, /已证明/)
      const { verdict, process: proven, findings, gaps } = JSON.parse(run(['bpmn', 'prove', sound(), '--json']).stdout)
      assert.deepEqual([verdict, proven, findings, gaps], ['proven', 'p', [], []])
    })

    test('ends with 1 at a fault, names its element and line, and tells the way there', () => {
      const done = run(['bpmn', 'prove', stuck()])
      assert.equal(done.status, 1)
      assert.match(done.stdout, /stuck\.bpmn:3 j join_never_fires\n.*「会签」.*\n {4}走法：「s」 → 「x」选去「t」 → 办结「t」 → 「会签」一直等待/)
      assert.match(done.stdout, /处问题/)
      const as_json = run(['bpmn', 'prove', stuck(), '--json'])
      assert.equal(as_json.status, 1)
      const { verdict, findings: [first] } = JSON.parse(as_json.stdout)
      assert.deepEqual([verdict, first.code, first.element, first.line], ['faulty', 'join_never_fires', 'j', 3])
      assert.deepEqual(first.path.map(({ element, act, flows }) => [element, act, flows]), [['s', '', []], ['x', '', ['b']], ['t', 'finish', []], ['j', '', []]])
    })

    test('ends with 3 when it gave up, and says what it saw', () => {
      const few = run(['bpmn', 'prove', sound(), '--states-max', '1'])
      assert.equal(few.status, 3)
      assert.match(few.stdout, /state_limit[^]*没有证完：看过 1 种状态，2 个元素走到了 1 个/)
      const computed = run(['bpmn', 'prove', ticking('=cycle'), '--json'])
      assert.equal(computed.status, 3)
      const { verdict, gaps } = JSON.parse(computed.stdout)
      assert.deepEqual([verdict, gaps.map((gap) => [gap.element, gap.code])], ['gave_up', [['remind', 'not_covered']]])
    })

    test('asks a timer that repeats for its number', () => {
      const done = run(['bpmn', 'prove', ticking('R/PT1H'), '--json'])
      assert.equal(done.status, 1)
      assert.deepEqual(JSON.parse(done.stdout).findings.map((one) => [one.element, one.code]), [['remind', 'timer_never_stops']])
      assert.equal(run(['bpmn', 'prove', ticking('R3/PT1H')]).status, 0)
    })

    test('looks for a called process in the files beside', () => {
      model('checked.bpmn', process(`<startEvent id="s"/>${flow('a', 's', 'z')}<endEvent id="z"><errorEventDefinition errorRef="bad"/></endEvent>`, 'checked').replace('</definitions>', '<error id="bad" errorCode="BAD"/></definitions>'))
      const calls = model('calls_checked.bpmn', process(`<startEvent id="s"/>${flow('a', 's', 'call')}<callActivity id="call" calledElement="checked"/>${flow('b', 'call', 'z')}<endEvent id="z"/>`))
      const done = run(['bpmn', 'prove', calls, '--json'])
      assert.equal(done.status, 1)
      assert.deepEqual(JSON.parse(done.stdout).findings.map((one) => [one.code, one.element])[0], ['error_not_caught', 'checked/z'])
    })

    for (const [more, status, reason] of [
      [['/no/such.bpmn'], 3, /app\.file_missing/],
      [[() => faulty()], 3, /bpmn\.not_deployable/],
      [[() => sound(), '--process', 'other'], 3, /bpmn\.not_deployable/],
      [[], 2, /bpmn prove FILE/],
      [[() => sound(), '--nonsense'], 2, /bpmn prove FILE/],
      [[() => sound(), '--states-max'], 2, /bpmn prove FILE/],
      [[() => sound(), '--states-max', '0'], 2, /bpmn prove FILE/],
      [[() => sound(), '--states-max', 'many'], 2, /bpmn prove FILE/],
      [[() => sound(), () => sound()], 2, /bpmn prove FILE/],
    ])
      test(`refuses ${more.map((one) => (typeof one === 'string' ? one : 'FILE')).join(' ') || 'nothing'}`, () => {
        const done = run(['bpmn', 'prove', ...more.map((one) => (typeof one === 'string' ? one : one()))])
        assert.equal(done.status, status)
        assert.equal(done.stdout, '')
        assert.match(done.stderr, reason)
      })
  })

  describe('run', () => {
    const process = () => model('run.bpmn', `${kHead}<process id="p" isExecutable="true"><startEvent id="s"/>
      <sequenceFlow id="f" sourceRef="s" targetRef="accept"/><userTask id="accept"/><sequenceFlow id="g" sourceRef="accept" targetRef="limit"/>
      <businessRuleTask id="limit"><extensionElements><k:decision xmlns:k="https://kaigong.example/bpmn/1" id="limit" result="needed"/></extensionElements></businessRuleTask>
      <sequenceFlow id="h" sourceRef="limit" targetRef="choice"/><exclusiveGateway id="choice"/>
      <sequenceFlow id="yes" sourceRef="choice" targetRef="needed"><conditionExpression>=needed</conditionExpression></sequenceFlow>
      <sequenceFlow id="no" sourceRef="choice" targetRef="e"><conditionExpression>=not(needed)</conditionExpression></sequenceFlow>
      <userTask id="needed"/><boundaryEvent id="late" attachedToRef="needed"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>
      <sequenceFlow id="i" sourceRef="needed" targetRef="e"/><sequenceFlow id="j" sourceRef="late" targetRef="e"/><endEvent id="e"/></process></definitions>`)
    const rule = () => model('limit.dmn', kLimit)

    test('tells each step of a process with its decisions, in virtual time', () => {
      const done = run(['bpmn', 'run', process(), '--vars', '{"area":500}', '--decisions', rule(), '--complete', model('script.json', '[{"element":"accept","variables":{"by":"x"}}]'), '--start-at', '2026-11-23T09:00:00+08:00', '--advance', 'PT20H', '--advance', 'PT5H', '--trace'])
      assert.equal(done.status, 0, done.stderr)
      const told = lines(done)
      assert.deepEqual(told.pop(), { end: 'completed', variables: { area: 500, by: 'x', needed: true } })
      assert.deepEqual(told[0], { element: 'p', type: 'process', event: 'entered', at: '2026-11-23T09:00:00+08:00' })
      const fired = told.find((line) => line.event === 'fired')
      assert.deepEqual([fired.element, fired.type, fired.at], ['late', 'boundaryEvent', '2026-11-24T09:00:00+08:00'])
      assert.ok(told.some((line) => line.element === 'yes' && line.type === 'sequenceFlow' && line.event === 'taken'))
    })

    test('prints one line without --trace, and says in the exit code how it ended', () => {
      const once = (more) => {
        const done = run(['bpmn', 'run', process(), ...more])
        const [line, ...others] = lines(done)
        assert.deepEqual(others, [])
        return [done.status, line.end, line.reason]
      }
      assert.deepEqual(once([]), [0, 'waiting', undefined])
      assert.deepEqual(once(['--complete', 'all']), [1, 'incident', undefined])
      assert.deepEqual(once(['--complete', 'all', '--incident-is-error']), [1, 'error', 'bpmn.condition_not_boolean'])
      assert.deepEqual(once(['--complete', 'all', '--vars', '{"area":1}', '--decisions', rule()]), [0, 'completed', undefined])
      assert.deepEqual(once(['--complete', 'all', '--decisions', model('other.dmn', kLimit.replaceAll('"limit"', '"other"'))]), [1, 'incident', undefined])
    })

    test('delivers messages, signals and errors of a script, and names what nothing waited for', () => {
      const file = model('events.bpmn', `${kHead}<message id="m" name="paid"/><signal id="g" name="stop"/><error id="r" errorCode="NO"/><process id="p" isExecutable="true"><startEvent id="s"/>
        <sequenceFlow id="a" sourceRef="s" targetRef="ask"/><userTask id="ask"/>
        <boundaryEvent id="no" attachedToRef="ask"><errorEventDefinition errorRef="r"/></boundaryEvent><sequenceFlow id="b" sourceRef="no" targetRef="wait"/>
        <intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/></intermediateCatchEvent><sequenceFlow id="c" sourceRef="wait" targetRef="last"/>
        <intermediateCatchEvent id="last"><signalEventDefinition signalRef="g"/></intermediateCatchEvent><sequenceFlow id="d" sourceRef="last" targetRef="e"/>
        <sequenceFlow id="f" sourceRef="ask" targetRef="e"/><endEvent id="e"/></process></definitions>`)
      const done = run(['bpmn', 'run', file, '--complete', '[{"element":"ask","error":"NO"}]', '--signal', 'stop', '--message', 'paid={"by":"x"}', '--message', 'other', '--trace'])
      assert.equal(done.status, 0, done.stderr)
      const told = lines(done)
      assert.deepEqual(told.pop(), { end: 'completed', variables: { by: 'x' }, undelivered: ['other'] })
      assert.deepEqual(told.filter((line) => line.event === 'caught').map((line) => `${line.element} ${line.trigger} ${line.name}`), ['no error NO', 'wait message paid', 'last signal stop'])
    })

    test('finds a called process in a file beside', () => {
      const called = (content) => `${kHead}<process id="called" isExecutable="true">${content}</process></definitions>`
      const flow = (name, from, to) => `<sequenceFlow id="${name}" sourceRef="${from}" targetRef="${to}"/>`
      model('called.bpmn', called(`<startEvent id="s"/>${flow('a', 's', 'inside')}<userTask id="inside"/>${flow('b', 'inside', 'e')}<endEvent id="e"/>`))
      const file = model('calls.bpmn', `${kHead}<process id="calls" isExecutable="true"><startEvent id="s"/>${flow('a', 's', 'call')}<callActivity id="call" calledElement="called"/>${flow('b', 'call', 'e')}<endEvent id="e"/></process></definitions>`)
      const done = run(['bpmn', 'run', file, '--complete', 'all', '--trace'])
      assert.equal(done.status, 0, done.stderr)
      const told = lines(done)
      assert.equal(told.pop().end, 'completed')
      assert.ok(told.some((line) => line.element === 'called/inside' && line.type === 'userTask' && line.event === 'completed'))
    })

    for (const [more, status, reason] of [
      [['--nonsense'], 2, /bpmn run FILE/],
      [['--message', '=1'], 3, /app\.option_malformed/],
      [['--signal', 'x=1'], 3, /app\.option_malformed/],
      [['--advance'], 2, /bpmn run FILE/],
      [['--advance', 'two days'], 3, /bpmn\.advance_malformed/],
      [['--vars', '[]'], 3, /app\.option_malformed/],
      [['--vars', '{'], 3, /json\.malformed/],
      [['--complete', '[{}]'], 3, /bpmn\.script_malformed/],
      [['--complete', '/no/such.json'], 3, /app\.file_missing/],
      [['--start-at', 'now'], 3, /app\.option_malformed/],
      [['--process', 'other'], 3, /bpmn\.not_deployable/],
    ])
      test(`refuses ${more.join(' ')}`, () => {
        const done = run(['bpmn', 'run', process(), ...more])
        assert.equal(done.status, status)
        assert.equal(done.stdout, '')
        assert.match(done.stderr, reason)
      })
  })
})
