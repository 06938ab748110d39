// The sealed OFD that a server issues, in the eyes of others: ofdrw's validator of seals (Java), which also draws it, and
// gmsm (Go), which follows the certificates to the root that the server publishes.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { missing, root } from '../api/binary.mjs'
import { goIn, withoutGo } from '../api/go.mjs'
import { kJudgedAt, writeIssued } from '../api/issued.mjs'
import { run, validatorClasses } from './ofdrw.mjs'
import { fileIn, packageAdding, packageWith } from './packages.mjs'

const kSealed = ['certificate.ofd', 'copy-certificate.ofd']
const kPage = 'Doc_0/Pages/Page_0/Content.xml'
const kSignature = 'Doc_0/Signs/Sign_0/Signature.xml'
const kValue = 'Doc_0/Signs/Sign_0/SignedValue.dat'
const kSeal = 'Doc_0/Signs/Sign_0/Seal.esl'
const kJudge = join(root, 'tests/ofd/go')
/** A4 at four pixels a millimetre. */
const kPageSize = '840 1188'
/** Of the square that a seal stands in: 0.19 with it. Without it there is paper and black text. */
const kRedShareLeast = 0.1

const flippedLast = (bytes) => {
  bytes[bytes.length - 1] ^= 1
  return bytes
}
const otherPrice = (bytes) => Buffer.from(bytes.toString('utf8').replace('8260', '9260'))
const otherDay = (bytes) => Buffer.from(bytes.toString('utf8').replace('<ofd:SignatureDateTime>2026', '<ofd:SignatureDateTime>2025'))

/** Forged packages: which file is changed, what ofdrw calls it, what the judge in Go says. */
const kForged = [
  { name: 'other_price.ofd', file: kPage, change: otherPrice, ofdrw: 'FileIntegrityException', go: /Page_0\/Content\.xml was changed/ },
  { name: 'other_day.ofd', file: kSignature, change: otherDay, ofdrw: 'InvalidSignedValueException', go: /another Signature\.xml/ },
  { name: 'other_value.ofd', file: kValue, change: flippedLast, ofdrw: 'InvalidSignedValueException', go: /signature: x509/ },
  { name: 'other_seal.ofd', file: kSeal, change: flippedLast, ofdrw: 'FileIntegrityException', go: /Seal\.esl was changed/ },
]

describe('an issued OFD', { skip: missing }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaigong-issued-ofd-'))
  const at = (name) => join(folder, name)
  before(async () => {
    await writeIssued(folder, ['certificate.ofd'])
    const sealed = readFileSync(at('certificate.ofd'))
    for (const { name, file, change } of kForged) {
      const forged = packageWith(sealed, file, change)
      assert.notDeepEqual(fileIn(forged, file), fileIn(sealed, file), name)
      writeFileSync(at(name), forged)
    }
    writeFileSync(at('more.ofd'), packageAdding(sealed, 'Doc_0/Pages/Page_2/Content.xml', fileIn(sealed, kPage)))
  }, { timeout: 900_000 })
  after(() => rmSync(folder, { recursive: true }))

  describe('in ofdrw', () => {
    const classes = missing ? null : validatorClasses()
    const skip = classes ? false : 'ofdrw’s validator is not here (Java, Maven and its artifacts)'
    const judged = (pages, names) => {
      const done = run('java', ['-Djava.awt.headless=true', '-cp', classes, 'tests/ofd/judge/SealJudge.java', pages, ...names.map(at)])
      assert.equal(done.status, 0, done.stderr)
      return done.stdout.trim().split('\n')
    }

    test('is valid, and drawn with its seal', { skip }, () => {
      const lines = judged(folder, kSealed)
      const said = (start) => lines.filter((line) => line.startsWith(start))
      assert.deepEqual(said('c'), kSealed.map((name) => `${name} valid`))
      assert.deepEqual(said('page'), kSealed.flatMap(() => [`page 0 ${kPageSize}`, `page 1 ${kPageSize}`]))
      assert.equal(said('seal').length, kSealed.length)
      for (const line of said('seal')) assert.ok(Number(line.split(' ')[1]) > kRedShareLeast, line)
    })

    test('is refused when any file of it is another', { skip }, () => {
      assert.deepEqual(judged('-', kForged.map(({ name }) => name)), kForged.map(({ name, ofdrw }) => `${name} ${ofdrw}`))
    })
  })

  describe('in gmsm', () => {
    const skip = missing || withoutGo(kJudge)
    const judge = at('judge')
    before(() => {
      if (skip) return
      const built = goIn(kJudge, 'build', '-o', judge, '.')
      assert.equal(built.status, 0, built.stderr)
    }, { timeout: 300_000 })

    const judged = (name, { trust = 'trust.json', when = kJudgedAt } = {}) => run(judge, [at(trust), when, at(name)])
    const refused = (why, name, how) => {
      const { status, stderr } = judged(name, how)
      assert.equal(status, 1, `nobody minds ${name}`)
      assert.match(stderr, why)
    }

    test('is signed with SM2 by whom the seal names, and both certificates lead to the published root', { skip }, () => {
      for (const name of kSealed) {
        const { status, stdout, stderr } = judged(name)
        assert.equal(status, 0, stderr)
        const found = JSON.parse(stdout)
        assert.ok(found.files >= 10 && found.signer !== found.maker, stdout)
        assert.match(found.seal, /西湖区住房和城乡建设局/)
        assert.match(found.sealed_at, /^2026-11-26T/)
      }
    })

    test('is refused when any file of it is another', { skip }, () => {
      for (const { name, go } of kForged) refused(go, name)
      refused(/Page_2\/Content\.xml is not covered/, 'more.ofd')
    })

    test('is refused under another root, and when its certificates are no more valid', { skip }, () => {
      const trust = JSON.parse(readFileSync(at('trust.json'), 'utf8'))
      writeFileSync(at('other_trust.json'), JSON.stringify({ ...trust, seal_roots: trust.signing_roots }))
      refused(/unknown authority/, 'certificate.ofd', { trust: 'other_trust.json' })
      refused(/expired/, 'certificate.ofd', { when: '2060-01-01T00:00:00Z' })
    })
  })
})
