// Clients of others read a log that the engine wrote: golang.org/x/mod/sumdb and transparency-dev, in tests/ledger/go/.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { root } from '../api/binary.mjs'
import { goIn, withoutGo } from '../api/go.mjs'

const kWriter = process.env.KAIGONG_TLOG_TEST ?? join(root, 'build/sanitize/server/engine_tlog_test')
const kJudge = join(root, 'tests/ledger/go')
const kSize = 70_000
const kSizes = 9
/** Why these tests cannot run here; false when they can. */
function missing() {
  if (!existsSync(kWriter)) return process.env.CI ? false : `${kWriter} is not built (./kaigong test builds it)`
  return withoutGo(kJudge)
}

describe('clients of others read the log', { skip: missing() }, () => {
  let folder
  let judge
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kaigong-ledger-'))
    judge = join(folder, 'judge')
    execFileSync(kWriter, ['--no-intro', '--test-case=a log is whole in its static files at every size it had'], {
      env: { ...process.env, KAIGONG_TLOG_TO: join(folder, 'log') },
    })
    const built = goIn(kJudge, 'build', '-o', judge, '.')
    assert.equal(built.status, 0, built.stderr)
  }, { timeout: 300_000 })
  after(() => rmSync(folder, { recursive: true }))

  const judged = () => spawnSync(judge, [join(folder, 'log')], { encoding: 'utf8', timeout: 120_000 })

  /** Judges the log with one file changed, and puts it back. */
  function judgedWith(name, change) {
    const path = join(folder, 'log', name)
    const bytes = readFileSync(path)
    writeFileSync(path, change(Buffer.from(bytes)))
    const { status, stderr } = judged()
    writeFileSync(path, bytes)
    assert.equal(status, 1, `nobody minds a changed ${name}`)
    return stderr
  }

  const flipped = (at) => (bytes) => {
    bytes[at < 0 ? bytes.length + at : at] ^= 1
    return bytes
  }

  test('notes, checkpoints, tiles, entries and proofs are right to them', () => {
    const { status, stdout, stderr } = judged()
    assert.equal(status, 0, stderr)
    const counts = JSON.parse(stdout)
    assert.equal(counts.size, kSize)
    assert.equal(counts.entries, kSize)
    assert.equal(counts.checkpoints, kSizes)
    assert.equal(counts.consistent, kSizes)
    assert.equal(counts.inclusions, kSizes * 4)
    assert.equal(counts.proofs, kSizes)
    assert.ok(counts.tiles > 277, 'those of the last tree, and of all before')
  })

  test('a changed entry, tile, checkpoint or proof is wrong to them', () => {
    assert.match(judgedWith('tile/entries/100', flipped(-1)), /the root over 70000 entries/)
    assert.match(judgedWith('tile/0/272', flipped(8)), /tile\/0\/272 is not the tile/)
    assert.match(judgedWith('tile/1/001.p/17', flipped(0)), /tile\/1\/001\.p\/17 is not the tile/)
    assert.match(judgedWith('tile/2/000.p/1', flipped(31)), /tile\/2\/000\.p\/1 is not the tile/)
    assert.match(judgedWith('checkpoint', flipped(-9)), /checkpoint/)
    assert.match(judgedWith('checkpoints/257', (bytes) => Buffer.from(bytes.toString().replace('\n257\n', '\n258\n'))), /checkpoints\/257/)
    assert.match(judgedWith('proofs/1299.tlog-proof', (bytes) => Buffer.from(bytes.toString().replace(/(index \d+\n)(.*\n)(.*\n)/, '$1$3$2'))), /1299\.tlog-proof/)
  })
})
