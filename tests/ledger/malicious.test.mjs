// A log that lies with its own key, and the witness that finds each lie out by its name. Nothing here is signed wrongly:
// every checkpoint is one that the log signed.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, afterEach, describe, test } from 'node:test'
import { missing } from '../api/binary.mjs'
import { LogKey, LogServer, filesOf, ledger, permitEntry, whileListening } from './log.mjs'

const kOrigin = 'kaigong.example/ledger/permits'
const kMinute = 60_000
const kDay = 24 * 60 * kMinute

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

  test('rollback: an older checkpoint after a newer one, for longer than one of several processes may lag', async () => {
    await seenOnce()
    show(entries.slice(0, 299))
    const lags = await look()
    assert.equal(lags.status, 0, lags.stdout + lags.stderr)
    assert.equal(lags.said.cosigned, false)
    assert.equal(existsSync(join(folder, 'state/alarm.json')), false)
    letPass((state) => (state.older_since_ms -= 11 * kMinute))
    await caught('ledger.rollback', 299)
  })

  test('an older checkpoint that a newer one follows was only a lag', async () => {
    await seenOnce()
    show(entries.slice(0, 299))
    assert.equal((await look()).status, 0)
    show(entries)
    assert.equal((await look()).said.cosigned, true)
    assert.equal(JSON.parse(readFileSync(join(folder, 'state/state.json'))).older_since_ms, null)
  })

  test('fork: a smaller tree that the copy never was', async () => {
    await seenOnce()
    show(entries.slice(0, 299).with(7, permitEntry(777, now)))
    await caught('ledger.fork', 299)
  })

  test('one spoiled tile accuses nobody, and nothing unseen is cosigned', async () => {
    const spoilOnce = (wanted) => {
      let left = 1
      server.spoil = (path, bytes) => (path === wanted && left-- > 0 ? Buffer.alloc(bytes.length, 7) : bytes)
    }
    const refused = async () => {
      const done = await look()
      assert.equal(done.status, 3, done.stdout + done.stderr)
      assert.match(done.stderr, /ledger\.files_wrong/)
      assert.equal(existsSync(join(folder, 'state/alarm.json')), false)
    }
    spoilOnce('tile/0/000')
    await refused()
    assert.equal(existsSync(join(folder, 'state/cosigned')), false)
    await seenOnce()
    entries.push(permitEntry(300, now))
    show(entries)
    spoilOnce('tile/0/001.p/45')
    await refused()
    assert.match(readFileSync(join(folder, 'state/cosigned'), 'utf8'), /\n300\n/)
    const done = await look()
    assert.equal(done.said.cosigned, true, done.stdout + done.stderr)
    assert.deepEqual(readdirSync(join(folder, 'state/alarms')), [])
  })

  test('one spoiled bundle is fetched again and accuses nobody', async () => {
    let left = 1
    const other = filesOf(key, entries.with(7, permitEntry(555, now))).get('tile/entries/000')
    server.spoil = (path, bytes) => (path === 'tile/entries/000' && left-- > 0 ? other : bytes)
    await seenOnce()
    assert.equal(left, -1, 'it was asked for twice')
  })

  test('a log that was never read is not suspected, however long its files do not come', async () => {
    server.spoil = (path, bytes) => (path.startsWith('tile/') ? undefined : bytes)
    assert.equal((await look()).status, 3)
    assert.deepEqual(JSON.parse(readFileSync(join(folder, 'state/state.json'))).unproven, [])
  })

  test('a fork whose files are withheld is an alarm after ten minutes, and its checkpoint is kept at once', async () => {
    await seenOnce()
    show([...entries.with(7, permitEntry(777, now)), permitEntry(300, now)])
    server.spoil = (path, bytes) => (path.startsWith('tile/') ? undefined : bytes)
    const withheld = await look()
    assert.equal(withheld.status, 3, withheld.stdout)
    assert.match(withheld.stderr, /ledger\.file_missing/)
    const [kept] = readdirSync(join(folder, 'state/alarms'))
    assert.match(kept, /^unproven-301-/)
    assert.deepEqual(readFileSync(join(folder, 'state/alarms', kept)), server.files.get('checkpoint'))
    letPass((state) => (state.unproven[0].at_ms -= 11 * kMinute))
    await caught('ledger.tree_withheld', 301)
  })

  test('a fork that was shown without its files is found when the log goes on from another tree', async () => {
    await seenOnce()
    show([...entries, permitEntry(777, now)])
    server.spoil = (path, bytes) => (path.startsWith('tile/') ? undefined : bytes)
    assert.equal((await look()).status, 3)
    server.spoil = (path, bytes) => bytes
    show([...entries, permitEntry(300, now), permitEntry(301, now)])
    await caught('ledger.fork', 301)
  })

  test('a removed entry: the bundle is withheld while its hashes are there', async () => {
    await seenOnce()
    show([...entries, permitEntry(300, now)])
    server.spoil = (path, bytes) => (path.startsWith('tile/entries/') ? undefined : bytes)
    assert.equal((await look()).status, 3)
    letPass((state) => (state.unproven[0].at_ms -= 11 * kMinute))
    await caught('ledger.entry_removed', 256)
  })

  test('files that come in the end leave no suspicion', async () => {
    await seenOnce()
    show([...entries, permitEntry(300, now)])
    server.spoil = (path, bytes) => (path.startsWith('tile/') ? undefined : bytes)
    assert.equal((await look()).status, 3)
    letPass((state) => (state.unproven[0].at_ms -= 11 * kMinute))
    server.spoil = (path, bytes) => bytes
    assert.equal((await look()).said.cosigned, true)
    assert.deepEqual(readdirSync(join(folder, 'state/alarms')), [])
  })

  /** As if the time were over: the witness's own memory says when it saw something first. */
  function letPass(change) {
    const file = join(folder, 'state/state.json')
    const state = JSON.parse(readFileSync(file))
    change(state)
    writeFileSync(file, JSON.stringify(state))
  }

  describe('that asks for cosignatures', () => {
    const listening = (use) =>
      whileListening(['witness', '--listen', '0', '--every', '86400', '--log-url', server.url, '--vkey', key.vkey, '--state', join(folder, 'state'), '--key', join(folder, 'witness.key')], use)
    const ask = (url, oldSize, list) => fetch(`${url}/add-checkpoint`, { method: 'POST', body: `old ${oldSize}\n\n${filesOf(key, list).get('checkpoint')}` })
    const monitored = `${createHash('sha256').update(kOrigin).digest('hex')}/checkpoint`
    const notes = () => readdirSync(join(folder, 'state/alarms')).map((name) => readFileSync(join(folder, 'state/alarms', name), 'utf8'))
    const hide = () => (server.files = new Map())

    test('what was cosigned must be published within ten minutes of the first time, however often it is asked again', async () => {
      hide()
      await listening(async (url) => {
        assert.equal((await ask(url, 0, entries.slice(0, 150))).status, 200)
        assert.equal((await ask(url, 150, entries.slice(0, 150))).status, 200)
      })
      letPass((state) => state.marks.forEach((mark) => (mark.at_ms -= 11 * kMinute)))
      show(entries.slice(0, 100))
      await caught('ledger.rollback', 100)
    })

    test('monitors get the cosigned checkpoint, and both sides of a fork are kept', async () => {
      hide()
      const forked = entries.with(7, permitEntry(777, now))
      await listening(async (url) => {
        assert.equal((await fetch(`${url}/${monitored}`)).status, 404)
        const lines = await (await ask(url, 0, forked)).text()
        const shown = await fetch(`${url}/${monitored}`)
        assert.equal(shown.status, 200)
        assert.equal(await shown.text(), filesOf(key, forked).get('checkpoint') + lines)
        assert.equal((await fetch(`${url}/${'0'.repeat(64)}/checkpoint`)).status, 404)
      })
      show(entries)
      await caught('ledger.fork', 300)
      assert.ok(notes().some((note) => note.startsWith(String(filesOf(key, forked).get('checkpoint')))), 'what was only cosigned')
      assert.ok(notes().some((note) => note.startsWith(String(filesOf(key, entries).get('checkpoint')))), 'what was published')
    })

    test('another tree of the cosigned size is an alarm by itself', async () => {
      hide()
      await listening(async (url) => {
        assert.equal((await ask(url, 0, entries)).status, 200)
        assert.equal((await ask(url, 300, entries.with(7, permitEntry(777, now)))).status, 422)
        assert.equal((await ask(url, 300, entries)).status, 503)
      })
      assert.equal(JSON.parse(readFileSync(join(folder, 'state/alarm.json'))).findings[0].name, 'ledger.fork')
      assert.equal(new Set(notes().map((note) => note.split('\n')[2])).size, 2, 'two roots')
      assert.equal((await look()).status, 1)
    })

    test('a larger tree without its proof is remembered, and is a fork when the published one is another', async () => {
      hide()
      const forked = [...entries.with(7, permitEntry(777, now)), permitEntry(300, now)]
      await listening(async (url) => {
        assert.equal((await ask(url, 0, entries)).status, 200)
        assert.equal((await ask(url, 300, forked)).status, 422)
      })
      show([...entries, permitEntry(300, now)])
      await caught('ledger.fork', 301)
    })

    test('a copy without its state is not taken for a new beginning', async () => {
      await seenOnce()
      rmSync(join(folder, 'state/state.json'))
      const done = await look()
      assert.equal(done.status, 3)
      assert.match(done.stderr, /ledger\.state_missing/)
    })

    test('a proxy may hand requests on under the name that is said', async () => {
      const words = ['serve', '--folder', join(folder, 'mirror'), '--port', '0']
      await ledger('mirror', '--log-url', server.url, '--vkey', key.vkey, '--folder', join(folder, 'mirror'))
      const status = (url) => new Promise((resolve) => get(`${url}/checkpoint`, { headers: { host: 'log.example.org' } }, (answer) => resolve(answer.resume().statusCode)))
      await whileListening(words, async (url) => assert.equal(await status(url), 421))
      await whileListening([...words, '--host', 'log.example.org'], async (url) => assert.equal(await status(url), 200))
    })
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
    await whileListening(['serve', '--folder', join(folder, 'mirror'), '--port', '0'], async (url) => {
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

  test('a witness key is made once and only for its owner', async () => {
    const again = await ledger('make-key', 'witness.example', join(folder, 'witness.key'))
    assert.equal(again.status, 3)
    assert.match(again.stderr, /ledger\.key_not_written/)
    const bad = await ledger('make-key', 'two words', join(folder, 'other.key'))
    assert.equal(bad.status, 3)
    assert.equal((await ledger('nothing')).status, 2)
  })
})
