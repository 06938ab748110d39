// A bureau whose certificates wait for a witness and for a time stamp, and what `ledger fsck` says of its folder before
// and after somebody wrote in the database.
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { binary, missing, root } from '../api/binary.mjs'
import { Contract } from '../api/contract.mjs'
import { Bureau } from '../api/harness.mjs'
import { complete, fileNight, inboxRows } from '../api/stories.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'

const kClock = '2026-11-24T08:00:00+08:00'
const kWaitMs = 120_000
/** id-aa-timeStampToken, 1.2.840.113549.1.9.16.2.14. */
const kStampOid = Buffer.from('060b2a864886f70d010910020e', 'hex')

const tools = () => ['openssl', 'sqlite3'].filter((tool) => spawnSync(tool, ['version']).error)
const without = missing || (tools().length ? `${tools()} is not here` : false)
const hasVerifier = existsSync(join(root, 'web/node_modules'))

const freePort = () =>
  new Promise((resolve) => {
    const socket = createSocket()
    socket.listen(0, '127.0.0.1', () => {
      const { port } = socket.address()
      socket.close(() => resolve(port))
    })
  })

/** A time stamping authority out of `openssl ts`. Until `isUp` it answers 503. */
class Authority {
  static async start(folder) {
    const authority = Object.assign(new Authority(), { folder, isUp: false, asked: 0 })
    mkdirSync(folder)
    writeFileSync(join(folder, 'ts.cnf'), [
      '[req]', 'distinguished_name=dn', 'prompt=no', 'x509_extensions=ext', '[dn]', 'CN=Test TSA', 'O=Test',
      '[ext]', 'basicConstraints=critical,CA:false', 'keyUsage=critical,digitalSignature', 'extendedKeyUsage=critical,timeStamping',
      '[tsa]', 'default_tsa=one', '[one]', `serial=${folder}/serial`, `signer_cert=${folder}/tsa.pem`, `signer_key=${folder}/tsa.key`, `certs=${folder}/tsa.pem`,
      'signer_digest=sha256', 'default_policy=1.2.3.4.1', 'digests=sha256', 'ess_cert_id_alg=sha256', ''].join('\n'))
    writeFileSync(join(folder, 'serial'), '01\n')
    authority.#openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'ca.key')
    authority.#openssl('req', '-x509', '-new', '-key', 'ca.key', '-subj', '/CN=Test TSA root/O=Test', '-days', '30', '-out', 'ca.pem')
    authority.#openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'tsa.key')
    authority.#openssl('req', '-new', '-key', 'tsa.key', '-config', 'ts.cnf', '-out', 'tsa.csr')
    authority.#openssl('x509', '-req', '-in', 'tsa.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'ts.cnf', '-extensions', 'ext', '-days', '30', '-out', 'tsa.pem')
    authority.http = createServer((request, response) => authority.#answer(request, response))
    await new Promise((resolve) => authority.http.listen(0, '127.0.0.1', resolve))
    authority.url = `http://127.0.0.1:${authority.http.address().port}/tsa`
    return authority
  }
  #openssl(...words) {
    return execFileSync('openssl', words, { cwd: this.folder, stdio: ['ignore', 'pipe', 'ignore'] })
  }
  async #answer(request, response) {
    this.asked += 1
    const parts = []
    for await (const part of request) parts.push(part)
    if (!this.isUp) return response.writeHead(503).end()
    assert.equal(request.headers['content-type'], 'application/timestamp-query')
    writeFileSync(join(this.folder, 'query'), Buffer.concat(parts))
    this.#openssl('ts', '-reply', '-config', 'ts.cnf', '-section', 'one', '-queryfile', 'query', '-out', 'reply')
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(readFileSync(join(this.folder, 'reply')))
  }
  /** OpenSSL's own word on a token for these bytes. */
  verifies(token, bytes) {
    writeFileSync(join(this.folder, 'token'), token)
    const digest = createHash('sha256').update(bytes).digest('hex')
    const done = spawnSync('openssl', ['ts', '-verify', '-digest', digest, '-token_in', '-in', 'token', '-CAfile', 'ca.pem'], { cwd: this.folder, encoding: 'utf8' })
    return done.status === 0 && done.stdout.includes('Verification: OK')
  }
  stop() {
    return new Promise((resolve) => this.http.close(resolve))
  }
}

/** The time stamp of a PDF's signature, and the signature that it is about. */
function stampOf(pdf) {
  const text = pdf.toString('latin1')
  const contents = Buffer.from(/\/Contents\s*<([0-9a-fA-F]+)>/.exec(text)[1], 'hex')
  const at = contents.indexOf(kStampOid)
  assert.ok(at > 0, 'the signature carries no time stamp')
  // [1] { SEQUENCE { OID, SET { token } } } follows the OCTET STRING of the signature; both headers have four bytes.
  const set = at + kStampOid.length
  const token = contents.subarray(set + 4, set + 4 + contents.readUInt16BE(set + 2))
  const end = at - 8
  const start = [...Array(80).keys()].map((back) => end - back).find((i) => contents[i] === 4 && i + 2 + contents[i + 1] === end)
  return { token, signature: contents.subarray(start + 2, end) }
}

function ledger(...words) {
  const done = spawnSync(binary, ['ledger', ...words], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  return { ...done, said: done.stdout.startsWith('{') ? JSON.parse(done.stdout) : null }
}

test('one key under two names is not two witnesses', { skip: missing }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaigong-witnesses-'))
  const key = ledger('make-key', 'one.example', join(folder, 'witness.key')).stdout.trim()
  const typed = key.split('+').slice(2).join('+')
  const id = createHash('sha256').update('two.example\n').update(Buffer.from(typed, 'base64')).digest('hex').slice(0, 8)
  const witnesses = [`http://127.0.0.1:1 ${key}`, `http://127.0.0.1:1 two.example+${id}+${typed}`].join(',')
  const done = spawnSync(binary, ['serve', '--demo', '--data', join(folder, 'data'), '--port', '0'], { cwd: root, encoding: 'utf8', timeout: 60_000, env: { ...process.env, KAIGONG_LEDGER_WITNESSES: witnesses } })
  rmSync(folder, { recursive: true, force: true })
  assert.equal(done.status, 3, done.stderr)
  assert.match(done.stderr, /app\.witness_twice/)
})

describe('a bureau with a witness and time stamps', { skip: without }, () => {
  let folder, bureau, authority, witness, witnessPort, witnessKey, environment, trust, school
  const files = {}

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kaigong-bureau-'))
    authority = await Authority.start(join(folder, 'tsa'))
    witnessKey = ledger('make-key', 'witness.example', join(folder, 'witness.key')).stdout.trim()
    witnessPort = await freePort()
    environment = {
      KAIGONG_LEDGER_WITNESSES: `http://127.0.0.1:${witnessPort} ${witnessKey}`, KAIGONG_LEDGER_WITNESSES_NEEDED: '1',
      KAIGONG_SIGNING_TSA_URL: authority.url, KAIGONG_SIGNING_TSA_ROOTS: join(folder, 'tsa/ca.pem'),
    }
    bureau = await Bureau.start({ clockStart: kClock, environment, database: '' })
  })
  after(async () => {
    witness?.kill()
    await bureau?.stop()
    await authority?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  async function startWitness() {
    witness = spawn(binary, ['ledger', 'witness', '--log-url', `${bureau.url}/ledger/permits`, '--vkey', trust.log.key, '--state', join(folder, 'state'), '--key', join(folder, 'witness.key'), '--listen', String(witnessPort), '--every', '1', '--sandbox'])
    await new Promise((resolve, reject) => {
      witness.stderr.on('data', (text) => String(text).includes('ready on') && resolve())
      witness.on('exit', (code) => reject(new Error(`the witness ended with ${code}`)))
    })
  }

  const checkpointOf = async (log) => String((await bureau.exchange('GET', `/ledger/${log}/checkpoint`)).body)
  const sizeOf = async (log) => Number((await checkpointOf(log)).split('\n')[1])

  async function grant(office, number) {
    const owner = await office.person('school')
    const id = await fileNight(owner, '330106', number)
    const mine = (row) => row.application_id === id
    const clerk = await office.person('clerk')
    const [accept] = await inboxRows(clerk, 1, mine)
    assert.equal((await complete(clerk, accept, 'accept')).status, 200)
    const leader = await office.person('leader')
    const [decide] = await inboxRows(leader, 1, mine)
    assert.equal((await complete(leader, decide, 'grant')).status, 200)
    return id
  }

  const said = (office, reason) => waitFor(reason, async () => office.log.includes(reason) || null, { deadlineMs: kWaitMs })

  async function filesOf(office, id) {
    const owner = await office.person('school')
    const number = await waitFor('编号', async () => (await owner.must('GET', `/applications/${id}/progress`)).permit_number, { deadlineMs: kWaitMs })
    await waitFor('证照', async () => (await owner.ask('GET', `/permits/${number}/certificates`)).json?.editions?.some((one) => one.state === 'valid'), { deadlineMs: kWaitMs })
    const all = {}
    for (const name of ['certificate.pdf', 'certificate.json', 'certificate.xml', 'certificate.ofd']) {
      all[name] = (await owner.ask('GET', `/permits/${number}/certificates/1/files/${name}`)).body
    }
    return all
  }

  test('trust.json names the witness that is needed', async () => {
    trust = (await bureau.ask('GET', '/ledger/trust.json')).json
    assert.deepEqual(trust.witnesses, [{ name: 'witness.example', key: witnessKey }])
    assert.equal(trust.witnesses_needed, 1)
  })

  test('a permit waits, visibly, for the witness and then for the time stamp, and goes on by itself', { timeout: 400_000 }, async () => {
    const id = await grant(bureau, 1)
    await said(bureau, 'evidence.witnesses_missing')
    assert.equal(authority.asked, 0, 'nothing is signed before the proof is whole')
    await startWitness()
    await said(bureau, 'app.not_timestamped')
    school = await bureau.person('school')
    assert.equal((await school.must('GET', '/public/permits?limit=10')).permits.length, 0)
    authority.isUp = true
    Object.assign(files, await filesOf(bureau, id))
  })

  test('the PDF carries a time stamp that OpenSSL verifies', () => {
    const { token, signature } = stampOf(files['certificate.pdf'])
    assert.ok(authority.verifies(token, signature))
    assert.equal(authority.verifies(token, Buffer.from('another signature')), false)
  })

  test('checkpoint and proof carry the cosignature', async () => {
    const proof = JSON.parse(files['certificate.json']).evidence.proof
    assert.match(proof, /\n— witness\.example /)
    // Published first, cosigned a moment later.
    await waitFor('见证签名', async () => /\n— witness\.example /.test(await checkpointOf('permits')) || null, { deadlineMs: kWaitMs })
  })

  test('the witness that follows has judged every entry and raised no alarm', async () => {
    const size = await sizeOf('permits')
    await waitFor('见证', async () => JSON.parse(readFileSync(join(folder, 'state/state.json'))).watched >= size || null, { deadlineMs: kWaitMs })
    assert.equal(existsSync(join(folder, 'state/alarm.json')), false)
    assert.equal(witness.exitCode, null)
  })

  test('the verifier without network believes the certificate, and no fork of the same key', { skip: hasVerifier || process.env.CI ? false : 'npm ci in web/ first', timeout: 400_000 }, async () => {
    const judge = (name, list, given) => {
      mkdirSync(join(folder, name))
      for (const [file, bytes] of Object.entries(list)) writeFileSync(join(folder, name, file), bytes)
      writeFileSync(join(folder, 'trust.json'), JSON.stringify(given))
      return JSON.parse(execFileSync(process.execPath, ['verify/cli.mjs', '--trust', join(folder, 'trust.json'), join(folder, name)], { cwd: join(root, 'web'), encoding: 'utf8', maxBuffer: 1 << 26 }))
    }
    const kinds = (all) => Object.fromEntries(['certificate.pdf', 'certificate.json', 'certificate.xml'].map((name) => [name, all[name]]))
    for (const answer of judge('honest', kinds(files), trust)) assert.equal(answer.verdict, 'training', JSON.stringify(answer.checks))
    // The authority's own copy of everything, keys included, goes its own way and asks no witness.
    await bureau.stop({ keep: true })
    const liar = Object.assign(new Bureau(), { folder: join(folder, 'liar'), contract: new Contract() })
    cpSync(bureau.folder, liar.folder, { recursive: true })
    await liar.reopen({ clockStart: kClock, database: '' })
    const forged = await filesOf(liar, await grant(liar, 77))
    await liar.stop({ keep: true })
    for (const answer of judge('forged', kinds(forged), trust)) {
      assert.equal(answer.verdict, 'not_genuine')
      assert.deepEqual(answer.checks.filter((one) => one.outcome === 'fail').map((one) => one.code), ['verify.witnesses_missing'])
    }
    await bureau.reopen({ clockStart: kClock, environment, database: '' })
  })

  describe('ledger fsck', () => {
    const sql = (text) => execFileSync('sqlite3', [join(bureau.folder, 'kaigong.db'), text])
    const fsck = () => ledger('fsck', '--demo', '--data', bureau.folder, '--json')
    const found = (done) => done.said.findings.map((one) => one.name)

    test('refuses while the server runs', () => {
      const done = fsck()
      assert.equal(done.status, 3)
      assert.match(done.stderr, /ledger\.server_runs/)
    })

    test('finds nothing on an honest folder', async () => {
      await bureau.stop({ keep: true })
      witness.removeAllListeners('exit')
      witness.kill()
      const done = fsck()
      assert.equal(done.status, 0, done.stdout + done.stderr)
      assert.equal(done.said.checked.editions, 1)
      assert.equal(done.said.checked.certificate_files, 4)
      assert.ok(done.said.checked.acts > 5)
    })

    const tampered = [
      ['an act whose words were changed', "UPDATE audit_entries SET summary = '别的' WHERE entry_id = (SELECT max(entry_id) FROM audit_entries)", 'fsck.audit_changed'],
      ['an act that was removed', 'DELETE FROM audit_entries WHERE entry_id = (SELECT max(entry_id) FROM audit_entries)', 'fsck.audit_removed'],
      ['an act that was put in later', "INSERT INTO audit_entries SELECT '00000000-0000-7000-8000-000000000000', aggregate_kind, aggregate_id, aggregate_version, act, actor_id, actor_name, summary, at_ms, salt FROM audit_entries LIMIT 1", 'fsck.audit_inserted'],
      ['an act whose salt was taken away', "UPDATE audit_entries SET salt = '' WHERE entry_id = (SELECT max(entry_id) FROM audit_entries)", 'fsck.audit_changed'],
      ['a file with another digest', "UPDATE certificate_files SET sha256 = replace(sha256, substr(sha256, 1, 1), CASE substr(sha256, 1, 1) WHEN 'a' THEN 'b' ELSE 'a' END) WHERE file_name = 'certificate.pdf'", 'fsck.file_digest_differs'],
      ['an edition that was put in without an entry', "INSERT INTO certificate_editions SELECT 'X' || certificate_identifier, permit_number || 'X', certificate_version, version, state, salt, content, proof, prepared_at_ms, valid_from_ms, marks_key_id FROM certificate_editions", 'fsck.permit_entry_missing'],
      ['an edition that was taken away', 'DELETE FROM certificate_editions', 'fsck.edition_missing'],
      ['an edition with another salt', "UPDATE certificate_editions SET salt = '00000000000000000000000000000000'", 'fsck.permit_entry_differs'],
      ['an entry with another text', "UPDATE evidence_entries SET entry = replace(entry, '2026', '2025') WHERE log = 'permits' AND subject LIKE 'permit/%'", 'fsck.entry_changed'],
      ['an entry that was removed', "DELETE FROM evidence_entries WHERE log = 'audit' AND leaf_index = 3", 'fsck.entry_missing'],
      ['another edge', "UPDATE evidence_trees SET edge = (SELECT edge FROM evidence_trees WHERE log = 'permits') WHERE log = 'audit'", 'fsck.tree_wrong'],
    ]
    for (const [title, statement, name] of tampered) {
      test(`names ${title}`, () => {
        cpSync(join(bureau.folder, 'kaigong.db'), join(folder, 'kept.db'))
        sql(statement)
        const done = fsck()
        rmSync(join(bureau.folder, 'kaigong.db-wal'), { force: true })
        rmSync(join(bureau.folder, 'kaigong.db-shm'), { force: true })
        cpSync(join(folder, 'kept.db'), join(bureau.folder, 'kaigong.db'))
        assert.equal(done.status, 1, done.stdout + done.stderr)
        assert.ok(found(done).includes(name), `${found(done)} has no ${name}`)
        assert.ok(done.said.found <= 4, 'one wrong row is told once')
      })
    }

    test('names a static file that was changed, and one that is gone', () => {
      const path = join(bureau.folder, 'ledger/permits/tile/0/000.p/2')
      const bytes = readFileSync(path)
      writeFileSync(path, Buffer.concat([Buffer.of(bytes[0] ^ 1), bytes.subarray(1)]))
      assert.deepEqual(found(fsck()), ['fsck.file_wrong'])
      rmSync(path)
      assert.deepEqual(found(fsck()), ['fsck.file_missing'])
      writeFileSync(path, bytes)
      assert.equal(fsck().status, 0)
    })

    test('names a checkpoint that is gone, and a whole log', () => {
      for (const path of ['ledger/permits/checkpoint', 'ledger/permits', 'ledger']) {
        renameSync(join(bureau.folder, path), join(folder, 'away'))
        const done = fsck()
        renameSync(join(folder, 'away'), join(bureau.folder, path))
        assert.equal(done.status, 1, `${path}: ${done.stdout}`)
        assert.ok(done.said.findings.some((one) => one.name === 'fsck.file_missing' && one.where === 'permits/checkpoint'), done.stdout)
      }
      assert.equal(fsck().status, 0)
    })

    test('what was published after a backup is adopted when that is put back, and the log goes on', { timeout: 300_000 }, async () => {
      cpSync(join(bureau.folder, 'kaigong.db'), join(folder, 'backup.db'))
      const adopt = () => ledger('adopt', '--demo', '--data', bureau.folder, '--json')
      assert.ok(adopt().said.logs.every((log) => log.size === log.size_before), 'nothing to adopt')
      await bureau.reopen({ clockStart: kClock, database: '' })
      assert.match(adopt().stderr, /ledger\.server_runs/)
      await filesOf(bureau, await grant(bureau, 2))
      await waitFor('登记', async () => (await sizeOf('permits')) === 4 || null, { deadlineMs: kWaitMs })
      await bureau.stop({ keep: true })
      for (const end of ['-wal', '-shm']) rmSync(join(bureau.folder, `kaigong.db${end}`), { force: true })
      cpSync(join(folder, 'backup.db'), join(bureau.folder, 'kaigong.db'))
      assert.ok(found(fsck()).includes('fsck.tree_wrong'))
      const done = adopt()
      assert.equal(done.status, 0, done.stdout + done.stderr)
      const [audit, permits] = ['audit', 'permits'].map((name) => done.said.logs.find((log) => log.log === name))
      assert.equal(permits.size - permits.size_before, 2, 'the permit and its files')
      assert.deepEqual(permits.lost.map((entry) => JSON.parse(entry).entry), ['permit', 'files'])
      assert.equal(audit.size - audit.size_before, audit.lost.length)
      assert.ok(audit.lost.length > 3)
      const checked = fsck()
      assert.equal(checked.status, 0, checked.stdout + checked.stderr)
      assert.equal(checked.said.checked.entries_adopted, 2)
      await bureau.reopen({ clockStart: kClock, database: '' })
      await bureau.person('clerk')
      await waitFor('登记', async () => (await sizeOf('audit')) > audit.size || null, { deadlineMs: kWaitMs })
      await bureau.stop({ keep: true })
      assert.equal(fsck().status, 0)
    })
  })
})
