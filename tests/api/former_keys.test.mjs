// Keys that were replaced: what they signed stays the authority's, as long as their certificates are kept.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { binary, missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { publishedNight } from './stories.mjs'

const kFormer = ['document', 'seal']
const kFiles = ['certificate.json', 'certificate.xml', 'certificate.pdf', 'certificate.ofd']

describe('keys that were replaced', { skip: missing }, () => {
  let bureau, folder, before_change
  const at = (...names) => join(folder, ...names)
  const trust = async () => JSON.parse((await bureau.ask('GET', '/ledger/trust.json')).body)

  async function issue() {
    const school = await bureau.person('school')
    const number = await publishedNight(bureau)
    for (const name of kFiles) {
      const reply = await school.ask('GET', `/permits/${number}/certificates/1/files/${name}`)
      assert.equal(reply.status, 200, name)
      writeFileSync(at(name), reply.body)
    }
  }

  /** What is said of the four files, and of their signers. */
  async function judged() {
    writeFileSync(at('trust.json'), JSON.stringify(await trust()))
    const { stdout } = spawnSync(binary, ['verify', ...kFiles.map((name) => at(name)), '--trust', at('trust.json'), '--json'], { encoding: 'utf8' })
    return JSON.parse(stdout).map(({ verdict, checks }) => [verdict, ...checks.filter(({ outcome }) => outcome === 'fail').map(({ code }) => code)].join(' '))
  }

  /** As docs/operations/signing.md says, with keys of another bureau. */
  function replace(other) {
    mkdirSync(at('signing/signers'))
    mkdirSync(at('signing/seals/former'))
    for (const name of kFormer) {
      copyFileSync(at(`signing/${name}.chain.pem`), at(`signing/signers/${name}-until-today.pem`))
      for (const part of ['key', 'chain']) copyFileSync(join(other, `${name}.${part}.pem`), at(`signing/${name}.${part}.pem`))
      appendFileSync(at(`signing/${name}.roots.pem`), readFileSync(join(other, `${name}.roots.pem`)))
    }
    for (const name of readdirSync(join(other, 'seals'))) {
      renameSync(at('signing/seals', name), at('signing/seals/former', name))
      copyFileSync(join(other, 'seals', name), at('signing/seals', name))
    }
  }

  before(async () => {
    bureau = await Bureau.start()
    folder = bureau.folder
    await issue()
    before_change = await trust()
    const other = await Bureau.start()
    await other.stop({ keep: true })
    await bureau.stop({ keep: true })
    replace(join(other.folder, 'signing'))
    await bureau.reopen({ clockStart: '2026-11-25T09:00:00+08:00' })
    await other.stop()
  })
  after(() => bureau?.stop())

  test('are still named beside the new ones, and their files are what they were', async () => {
    const now = await trust()
    for (const [list, count] of [['signers', 4], ['seal_makers', 2]]) {
      assert.equal(now[list].length, count)
      assert.ok(before_change[list].every((one) => now[list].includes(one)))
    }
    assert.deepEqual(await judged(), kFiles.map(() => 'training'))
    assert.doesNotMatch(bureau.log, /app\.former_signer_missing/)
  })

  test('are those of a stranger when their certificates are not kept', async () => {
    await bureau.stop({ keep: true })
    for (const name of readdirSync(at('signing/signers'))) renameSync(at('signing/signers', name), at(name))
    await bureau.reopen({ clockStart: '2026-11-26T09:00:00+08:00' })
    assert.equal((await trust()).signers.length, 2)
    assert.deepEqual(await judged(), kFiles.map(() => 'not_genuine verify.signer_unknown'))
    const serials = kFormer.map((name) => spawnSync('openssl', ['x509', '-in', at(`${name}-until-today.pem`), '-noout', '-serial'], { encoding: 'utf8' }).stdout.trim().replace('serial=', '').toLowerCase())
    for (const serial of serials) assert.match(bureau.log.toLowerCase(), new RegExp(`"event":"app\\.former_signer_missing".*${serial}`), 'whoever runs the bureau is told which certificates to put back')
  })
})
