// The keys change while the office works: people read, save and upload all the time, nobody gets anything but what he
// asked for, and in the end nothing is under the former key, which then goes. A death in the middle costs nothing but
// time. A key that is missing or wrong stops the start.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { binary, missing, root } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { packageOf, playUntil } from './stories.mjs'

const kPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg==', 'base64')
const kPassword = 'a password of nobody else'

describe('a change of keys', { skip: missing }, () => {
  let bureau, issued, pack

  before(async () => {
    bureau = await Bureau.start()
    pack = packageOf('school')
    issued = await playUntil(bureau, pack)
  })
  after(() => bureau?.stop())

  const keyFile = () => join(bureau.folder, 'keys.json')
  const admin = (args, input = '') => spawnSync(binary, ['admin', ...args, '--demo', '--data', bureau.folder], { cwd: root, input, encoding: 'utf8', env: { PATH: process.env.PATH } })
  const sealedWith = async () => {
    const text = (await bureau.exchange('GET', '/metrics')).body.toString()
    return { left: Number(/^kaigong_to_reseal (\S+)/m.exec(text)[1]), done: Number(/^kaigong_resealed_total (\S+)/m.exec(text)[1]) }
  }
  /** Every column and file that names a key: how often each does. */
  const named = () => {
    const counts = {}
    const add = (place, text) => {
      for (const [, id] of text.matchAll(/enc1:([a-z0-9]+):/g)) counts[`${place} ${id}`] = (counts[`${place} ${id}`] ?? 0) + 1
    }
    const tables = { accounts: 'display_name', applications: 'form', submissions: 'form', permits: 'record', certificate_editions: 'content', certificate_copies: 'purpose' }
    for (const [table, column] of Object.entries(tables)) {
      const done = spawnSync('sqlite3', ['-readonly', join(bureau.folder, 'kaigong.db'), `SELECT ${column} FROM ${table}`], { encoding: 'utf8', maxBuffer: 1 << 28 })
      assert.equal(done.status, 0, done.stderr)
      add(table, done.stdout)
    }
    const whole = spawnSync('sqlite3', ['-readonly', join(bureau.folder, 'kaigong.db'), '.dump'], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout
    add('database', whole)
    add('ledger.json', readFileSync(join(bureau.folder, 'signing/ledger.json'), 'utf8'))
    const content = join(bureau.folder, 'blobs/content')
    for (const path of readdirSync(content, { recursive: true, withFileTypes: true })) {
      if (!path.isFile()) continue
      const head = readFileSync(join(path.parentPath ?? path.path, path.name)).subarray(0, 24)
      const id = head.subarray(5, 5 + head[4]).toString()
      counts[`files ${id}`] = (counts[`files ${id}`] ?? 0) + 1
    }
    return counts
  }
  const under = (counts, id) => Object.entries(counts).filter(([name]) => name.endsWith(` ${id}`)).map(([name]) => name.split(' ')[0]).sort()
  const isDone = (id) => bureau.log.split('\n').some((line) => line.includes('app.resealed') && line.includes(`"${id}"`))

  /** People at work until `ended`; every reply that is not a success. */
  async function work(ended) {
    const school = await bureau.person('school')
    const clerk = await bureau.person('clerk')
    const draft = await school.must('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })
    let version = draft.version
    let asked = 0
    const wrong = []
    const loop = async (act) => {
      while (!ended()) {
        const reply = await act()
        asked += 1
        if (reply.status < 200 || reply.status > 299) wrong.push(`${reply.method} ${reply.target} ${reply.status} ${reply.body}`.slice(0, 300))
      }
    }
    let upload = 0
    await Promise.all([
      loop(async () => {
        const saved = await school.ask('PUT', `/applications/${draft.application_id}/form`, { json: { form: pack.form }, version })
        version = saved.json?.version ?? version
        return saved
      }),
      loop(() => school.ask('POST', `/applications/${draft.application_id}/documents?${new URLSearchParams({ file_name: `p${++upload}.png` })}`, { body: Buffer.concat([kPng, Buffer.from(randomUUID())]), type: 'image/png', key: true })),
      loop(() => school.ask('GET', `/applications/${issued.id}`)),
      loop(() => clerk.ask('GET', `/applications/${issued.id}/submissions/1`)),
      loop(() => clerk.ask('GET', `/permits/${issued.progress.permit_number}`)),
      loop(() => school.ask('GET', `/documents/${issued.documents[asked % issued.documents.length].document_id}/content`)),
      loop(() => school.ask('GET', `/permits/${issued.progress.permit_number}/certificates`)),
    ])
    return { wrong, asked }
  }

  const codes = async () => (await (await bureau.person('school')).must('GET', `/permits/${issued.progress.permit_number}/certificates`)).editions.map((one) => [one.anti_forgery_code])

  test('under load nobody is refused, and all is under the new key', async () => {
    const printed = await codes()
    assert.equal(admin(['rotate-keys']).status, 0)
    const begun = Date.now()
    const { wrong, asked } = await work(() => isDone('k2') || Date.now() - begun > 60_000)
    assert.deepEqual(wrong, [])
    assert.ok(asked > 50, `only ${asked} requests`)
    assert.ok(isDone('k2'), 'the round did not end')
    assert.equal((await sealedWith()).left, 0)
    // What is printed stays what is shown.
    assert.deepEqual(await codes(), printed)
    await bureau.stop({ keep: true })
    const counts = named()
    assert.deepEqual(under(counts, 'k1'), [])
    for (const place of ['accounts', 'applications', 'submissions', 'permits', 'certificate_editions', 'files', 'ledger.json']) assert.ok(under(counts, 'k2').includes(place), `nothing in ${place}`)
  })

  test('a key in use, and an unknown one, are not retired; one that protects nothing is', async () => {
    assert.match(admin(['retire-key', 'k2']).stderr, /app\.key_not_former/)
    assert.match(admin(['retire-key', 'k9']).stderr, /app\.key_not_former/)
    const retired = admin(['retire-key', 'k1'])
    assert.equal(retired.status, 0, retired.stderr)
    const file = JSON.parse(readFileSync(keyFile(), 'utf8'))
    assert.deepEqual([Object.keys(file.keys), Object.keys(file.retired)], [['k2'], ['k1']])
    assert.equal(admin(['add', '--account', 'keeper', '--display-name', '钱密管', '--role', 'security_admin'], `${kPassword}\n`).status, 0)
    await bureau.reopen({ clockStart: '2027-01-10T08:00:00+08:00' })
    assert.equal((await bureau.ask('GET', `/api/v1/public/permits/${issued.progress.permit_number}`)).status, 200)
  })

  test('the security administrator sees the keys, others do not', async () => {
    const signedIn = await bureau.ask('POST', '/api/v1/session', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account: 'keeper', password: kPassword }) })
    assert.equal(signedIn.status, 200)
    const headers = { cookie: String(signedIn.headers['set-cookie']).split(';')[0], 'x-csrf-token': signedIn.json.csrf_token }
    const { json: shown } = await bureau.ask('GET', '/api/v1/keys', { headers })
    assert.deepEqual(shown.keys.map((key) => [key.key_id, key.state, key.may_retire]), [['k1', 'retired', false], ['k2', 'current', false]])
    assert.deepEqual([shown.round.state, shown.round.left, shown.processes], ['done', 0, 1])
    // Who signed in just now has proved who he is; a session of before must do it again.
    const started = await bureau.ask('POST', '/api/v1/keys/rotation', { headers })
    assert.ok(started.status === 202 || started.json.reason === 'authz.step_up_needed', `${started.status} ${started.body}`)
    for (const name of ['clerk', 'admin', 'audit']) assert.equal((await (await bureau.person(name)).ask('GET', '/keys')).status, 403, name)
  })

  test('killed in the middle, it goes on and ends', async () => {
    assert.equal(admin(['rotate-keys']).status, 0)
    await waitFor('重新加密开始', async () => ((await sealedWith()).done > 0 ? true : null), { deadlineMs: 60_000 })
    await bureau.kill()
    const middle = named()
    assert.ok(under(middle, 'k2').length > 0 && under(middle, 'k3').length > 0, `not in the middle: ${JSON.stringify(middle)}`)
    assert.match(admin(['retire-key', 'k2']).stderr, /app\.key_in_use/)
    await bureau.reopen({ clockStart: '2027-01-11T08:00:00+08:00' })
    await waitFor('重新加密结束', async () => isDone('k3') || null, { deadlineMs: 60_000 })
    assert.equal((await (await bureau.person('clerk')).ask('GET', `/applications/${issued.id}/submissions/1`)).status, 200)
    await bureau.stop({ keep: true })
    assert.deepEqual(under(named(), 'k2'), [])
  })

  test('without a key, or with another one, it does not start and says why', async () => {
    const whole = readFileSync(keyFile(), 'utf8')
    const kept = join(bureau.folder, 'keys.kept')
    cpSync(keyFile(), kept)
    const refusedWith = async (file) => {
      writeFileSync(keyFile(), JSON.stringify(file))
      const failure = await bureau.reopen({ clockStart: '2027-01-12T08:00:00+08:00' }).then(() => null, (error) => error)
      assert.ok(failure, 'it started')
      return failure.message
    }
    const file = JSON.parse(whole)
    const { k3, ...others } = file.keys
    assert.match(await refusedWith({ ...file, current: 'k2', keys: others }), /k3（[1-9]\d* 处）[^]*app\.keys_incomplete/)
    const { k2, ...without } = file.keys
    assert.match(await refusedWith({ ...file, keys: without }), /k2（0 处）[^]*app\.keys_incomplete/)
    assert.match(await refusedWith({ ...file, keys: { k2, k3: k2 } }), /k3[^]*app\.keys_wrong/)
    assert.notEqual(k3, k2)
    writeFileSync(keyFile(), whole)
    rmSync(kept)
    await bureau.reopen({ clockStart: '2027-01-12T08:00:00+08:00' })
    assert.equal((await bureau.ask('GET', `/api/v1/public/permits/${issued.progress.permit_number}`)).status, 200)
  })
})
