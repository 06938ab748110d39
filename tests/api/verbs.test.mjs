// Verbs of the binary: the first account of a production bureau, and what they say when a file is not there.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
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

  test('dmn test runs the suites of a folder and counts them', { skip: existsSync(join(root, '../shared/conformance/dmn-tck')) ? false : 'the conformance suites are not here' }, () => {
    const done = run(['dmn', 'test', join(root, '../shared/conformance/dmn-tck'), '--json'])
    const { passed, total, suites } = JSON.parse(done.stdout)
    assert.ok(total > 0 && suites.length > 0)
    assert.equal(done.status, passed === total ? 0 : 1)
    assert.equal(suites.reduce((sum, suite) => sum + suite.total, 0), total)
  })
})
