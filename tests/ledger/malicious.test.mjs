// A log that lies with its own key, and the witness that finds each lie out by its name. Nothing here is signed wrongly:
// every checkpoint is one that the log signed.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, afterEach, describe, test } from 'node:test'
import { binary, missing } from '../api/binary.mjs'
import { LogKey, LogServer, filesOf, permitEntry } from './log.mjs'

const kOrigin = 'kaigong.example/ledger/permits'
const kMinute = 60_000
const kDay = 24 * 60 * kMinute

/** Runs `kaigong ledger …`; the answer of --json as `said`. */
function ledger(...words) {
  return new Promise((resolve) => {
    const process_ = spawn(binary, ['ledger', ...words])
    const all = { stdout: '', stderr: '' }
    process_.stdout.on('data', (text) => (all.stdout += text))
    process_.stderr.on('data', (text) => (all.stderr += text))
    process_.on('close', (status) => resolve({ ...all, status, said: words.includes('--json') && all.stdout.startsWith('{') ? JSON.parse(all.stdout) : null }))
  })
}

const names = (done) => done.said.findings.map((one) => one.name)

describe('a log that lies', { skip: missing }, () => {
  const folders = []
  let folder, key, server, entries, now
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kaigong-witness-'))
    folders.push(folder)
    key = new LogKey(kOrigin)
    now = Date.now()
    // More than a tile, so that whole tiles, partial ones and a level above are all there.
    entries = Array.from({ length: 300 }, (_, i) => permitEntry(i, now - 2 * kMinute + i))
    server = await LogServer.start(filesOf(key, entries))
    const made = await ledger('make-key', 'witness.example', join(folder, 'witness.key'))
    assert.equal(made.status, 0, made.stderr)
    assert.equal(statSync(join(folder, 'witness.key')).mode & 0o777, 0o600)
  })
  afterEach(() => server.stop())
  after(() => folders.forEach((one) => rmSync(one, { recursive: true })))

  const look = (...more) =>
    ledger('witness', '--once', '--json', '--log-url', server.url, '--vkey', key.vkey, '--state', join(folder, 'state'), '--key', join(folder, 'witness.key'), ...more)

  const show = (list, by = key) => (server.files = filesOf(by, list))

  async function seenOnce() {
    const first = await look()
    assert.equal(first.status, 0, first.stdout + first.stderr)
    assert.equal(first.said.size, entries.length)
    assert.equal(first.said.judged, entries.length)
    assert.equal(first.said.cosigned, true)
  }

  /** Caught by this name, with both languages, evidence and nothing signed. */
  async function caught(name, index) {
    const before = readFileSync(join(folder, 'state/cosigned'))
    const done = await look()
    assert.equal(done.status, 1, done.stdout + done.stderr)
    assert.ok(names(done).includes(name), `${names(done)} has no ${name}`)
    const finding = done.said.findings.find((one) => one.name === name)
    if (index !== undefined) assert.equal(finding.index, index)
    assert.match(finding.zh, /[一-鿿]/)
    assert.match(finding.en, /[A-Za-z]/)
    assert.equal(done.said.cosigned, false)
    assert.deepEqual(readFileSync(join(folder, 'state/cosigned')), before, 'nothing is cosigned after a lie')
    assert.equal(readFileSync(join(folder, 'state/alarms', readdirSync(join(folder, 'state/alarms')).find((one) => one.startsWith('shown-')))).toString(),
      server.files.get('checkpoint').toString(), 'the checkpoint that lies is kept')
    const again = await look()
    assert.equal(again.status, 1, 'the alarm stands until a person has looked')
    assert.match(again.stderr, /ledger\.alarm_stands/)
    return done
  }

  test('an honest log grows and is cosigned each time, with a proof that others verify', async () => {
    await seenOnce()
    for (const size of [301, 512, 700]) {
      while (entries.length < size) entries.push(permitEntry(entries.length, Date.now()))
      show(entries)
      const done = await look()
      assert.equal(done.status, 0, done.stdout + done.stderr)
      assert.equal(done.said.size, size)
      assert.equal(done.said.cosigned, true)
    }
    const cosigned = readFileSync(join(folder, 'state/cosigned'), 'utf8')
    assert.match(cosigned, new RegExp(`^${kOrigin}\n700\n`))
    assert.match(cosigned, /\n— witness\.example /)
    const checked = await ledger('fsck', '--folder', join(folder, 'state/log'), '--vkey', key.vkey, '--json')
    assert.equal(checked.status, 0, checked.stdout + checked.stderr)
    assert.equal(checked.said.checked.entries, 700)
  })

  test('fork: another tree of the same size', async () => {
    await seenOnce()
    show(entries.with(299, permitEntry(999, now)))
    await caught('ledger.fork', 300)
  })

  test('fork: a larger tree with another past', async () => {
    await seenOnce()
    show([...entries.with(7, permitEntry(777, now)), permitEntry(300, now)])
    const done = await caught('ledger.fork', 301)
    assert.equal(done.said.findings.find((one) => one.name === 'ledger.entry_removed').index, 7)
  })

  test('rollback: an older checkpoint after a newer one', async () => {
    await seenOnce()
    show(entries.slice(0, 299))
    await caught('ledger.rollback', 299)
  })

  test('a removed entry: a larger signed tree whose old part lacks one', async () => {
    await seenOnce()
    const fewer = entries.toSpliced(41, 1)
    for (let i = 0; i < 5; i += 1) fewer.push(permitEntry(300 + i, now))
    show(fewer)
    await caught('ledger.entry_removed', 41)
  })

  test('a removed entry: the bundle holds another than the tree', async () => {
    await seenOnce()
    const more = [...entries, permitEntry(300, now), permitEntry(301, now)]
    const files = filesOf(key, more)
    files.set('tile/entries/001.p/46', filesOf(key, more.with(300, permitEntry(555, now))).get('tile/entries/001.p/46'))
    server.files = files
    await caught('ledger.entry_removed', 300)
  })

  test('a backdated permit: its time is before the last look at the log', async () => {
    await seenOnce()
    show([...entries, permitEntry(300, now - 3 * kDay)])
    await caught('ledger.entry_backdated', 300)
  })

  test('a backdated day of issue', async () => {
    await seenOnce()
    show([...entries, permitEntry(300, now, { issued_on: new Date(now - 40 * kDay).toISOString().slice(0, 10) })])
    await caught('ledger.time_wrong', 300)
  })

  test('a wrong time: an entry of tomorrow', async () => {
    await seenOnce()
    show([...entries, permitEntry(300, now + kDay)])
    await caught('ledger.time_wrong', 300)
  })

  test('an entry that is none', async () => {
    await seenOnce()
    show([...entries, '{"entry":"permit","v":1}'])
    await caught('ledger.entry_malformed', 300)
  })

  test('files that are not those of the signed tree are no alarm and are not taken', async () => {
    await seenOnce()
    const files = filesOf(key, [...entries, permitEntry(300, now)])
    files.set('tile/0/001.p/45', filesOf(key, [...entries, permitEntry(301, now)]).get('tile/0/001.p/45'))
    server.files = files
    const done = await look()
    assert.equal(done.status, 3, done.stdout)
    assert.match(done.stderr, /ledger\.files_wrong/)
    assert.equal(existsSync(join(folder, 'state/alarm.json')), false)
    show([...entries, permitEntry(300, now)])
    assert.equal((await look()).status, 0)
  })

  test('a checkpoint of somebody else is not believed', async () => {
    await seenOnce()
    show([...entries, permitEntry(300, now)], new LogKey(kOrigin))
    const done = await look()
    assert.equal(done.status, 3, done.stdout)
    assert.match(done.stderr, /tlog\.signature/)
  })

  test('with --sandbox a log of another day is judged by its own times only', async () => {
    const then = now + 200 * kDay
    show(entries.map((_, i) => permitEntry(i, then + i)))
    assert.equal((await look('--sandbox')).status, 0)
    show([...entries.map((_, i) => permitEntry(i, then + i)), permitEntry(300, then - kDay)])
    const done = await look('--sandbox')
    assert.equal(done.status, 1, done.stdout + done.stderr)
    assert.ok(names(done).includes('ledger.entry_backdated'))
  })

  test('a mirror copies, goes on, is served, and a lie does not get into it', async () => {
    const words = ['mirror', '--json', '--log-url', server.url, '--vkey', key.vkey, '--folder', join(folder, 'mirror')]
    assert.equal((await ledger(...words)).said.added, 300)
    entries.push(permitEntry(300, now))
    show(entries)
    assert.equal((await ledger(...words)).said.added, 1)
    show(entries.with(300, permitEntry(301, now)))
    const lied = await ledger(...words)
    assert.equal(lied.status, 1)
    assert.deepEqual(names(lied), ['ledger.fork'])
    await withServed(join(folder, 'mirror'), async (url) => {
      const again = await ledger('mirror', '--json', '--log-url', url, '--vkey', key.vkey, '--folder', join(folder, 'second'))
      assert.equal(again.status, 0, again.stderr)
      assert.equal(again.said.size, 301)
      assert.equal((await fetch(`${url}/tile/0/../../state.json`)).status, 404)
      assert.equal((await fetch(`${url}/tile/0/%2e%2e`)).status, 404)
    })
    for (const path of ['tile/0/000', 'tile/entries/001.p/45', 'tile/1/000.p/1', 'checkpoint']) await spoiled(path)
  })

  /** fsck names a file with one bit turned over. */
  async function spoiled(path) {
    const file = join(folder, 'mirror', path)
    const bytes = readFileSync(file)
    const changed = Buffer.from(bytes)
    changed[Math.floor(changed.length / 2)] ^= 1
    writeFileSync(file, changed)
    const done = await ledger('fsck', '--json', '--folder', join(folder, 'mirror'), '--vkey', key.vkey)
    writeFileSync(file, bytes)
    assert.equal(done.status, 1, `${path}: ${done.stdout}${done.stderr}`)
    assert.deepEqual(done.said.findings.map((one) => one.where), [path])
  }

  async function withServed(mirror, use) {
    const process_ = spawn(binary, ['ledger', 'serve', '--folder', mirror, '--port', '0'])
    const url = await new Promise((resolve) => process_.stderr.on('data', (text) => /http:\S+/.test(text) && resolve(/http:\S+/.exec(text)[0])))
    try {
      await use(url)
    } finally {
      process_.kill()
      await new Promise((resolve) => process_.on('close', resolve))
    }
  }

  test('a witness key is made once and only for its owner', async () => {
    const again = await ledger('make-key', 'witness.example', join(folder, 'witness.key'))
    assert.equal(again.status, 3)
    assert.match(again.stderr, /ledger\.key_not_written/)
    const bad = await ledger('make-key', 'two words', join(folder, 'other.key'))
    assert.equal(bad.status, 3)
    assert.equal((await ledger('nothing')).status, 2)
  })
})
