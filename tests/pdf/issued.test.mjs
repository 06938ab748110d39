// The signed PDF that a server issues, in the eyes of others: poppler with the published root, PDFBox with Bouncy Castle,
// veraPDF and qpdf.
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import { missing, root } from '../api/binary.mjs'
import { writeIssued } from '../api/issued.mjs'
import { pdfboxClasses, run, verapdfClasses, verdicts, without } from './judges.mjs'

const kSigned = ['certificate.pdf', 'copy-certificate.pdf']
const folder = mkdtempSync(join(tmpdir(), 'kaigong-issued-pdf-'))
const at = (name) => join(folder, name)

function flipped(bytes) {
  bytes[Math.floor(bytes.length / 3)] ^= 1
  return bytes
}

before(async () => {
  if (missing) return
  await writeIssued(folder, ['certificate.pdf'])
  const signed = readFileSync(at('certificate.pdf'))
  writeFileSync(at('longer.pdf'), Buffer.concat([signed, Buffer.from('% and more\n')]))
  writeFileSync(at('changed.pdf'), flipped(signed))
}, { timeout: 900_000 })
after(() => rmSync(folder, { recursive: true }))

/** A database of NSS that trusts these roots; its folder. */
function trusting(name, roots) {
  const database = at(name)
  mkdirSync(database)
  const certutil = (...args) => {
    const done = run('certutil', [...args, '-d', `sql:${database}`])
    assert.equal(done.status, 0, done.stderr)
  }
  certutil('-N', '--empty-password')
  for (const [place, der] of roots.entries()) {
    const file = join(database, `${place}.der`)
    writeFileSync(file, der)
    certutil('-A', '-n', `root ${place}`, '-t', 'CT,C,C', '-i', file)
  }
  return `sql:${database}`
}

const pdfsig = (database, name) => run('pdfsig', ['-nssdir', database, at(name)]).stdout

test('poppler trusts it with the published root, and not without; a changed file it refuses', { skip: missing || without('pdfsig', '-v') || without('certutil', '-H') }, (t) => {
  const roots = JSON.parse(readFileSync(at('trust.json'), 'utf8')).signing_roots.map((text) => Buffer.from(text, 'base64'))
  const first = new X509Certificate(roots[0]).validFrom
  // pdfsig judges certificates by the clock of the machine alone.
  if (Date.now() < Date.parse(first)) return t.skip(`by the clock of this machine the certificates of the story are not valid yet (${first})`)
  const [withRoot, withNothing] = [trusting('root', roots), trusting('nothing', [])]
  for (const name of kSigned) {
    const said = pdfsig(withRoot, name)
    for (const line of ['Signature Type: ETSI.CAdES.detached', 'Signing Hash Algorithm: SHA-256', '  - Total document signed', 'Signature is Valid.', 'Certificate is Trusted.']) {
      assert.ok(said.includes(line), `${name}: ${line} is missing in ${said}`)
    }
  }
  assert.match(pdfsig(withNothing, 'certificate.pdf'), /Certificate issuer is unknown/)
  assert.match(pdfsig(withRoot, 'changed.pdf'), /Digest Mismatch/)
  assert.match(pdfsig(withRoot, 'longer.pdf'), /Not total document signed/)
})

const pdfbox = missing ? null : pdfboxClasses()

test('PDFBox finds one signature over the whole file, and it is right', { skip: missing || (pdfbox ? false : 'PDFBox is not to be had here (Maven, Java, network)') }, () => {
  const done = run('java', ['-cp', pdfbox, join(root, 'tests/pdf/signatures/SignatureJudge.java'), ...[...kSigned, 'longer.pdf', 'changed.pdf'].map(at)])
  assert.equal(done.status, 0, done.stderr)
  assert.deepEqual(done.stdout.trim().split('\n'), [
    ...kSigned.map((name) => `${name} ETSI.CAdES.detached whole valid`),
    'longer.pdf ETSI.CAdES.detached part valid',
    'changed.pdf ETSI.CAdES.detached whole message-digest attribute value does not match calculated value',
  ])
})

const verapdf = missing ? null : verapdfClasses()

test('signed as it is, it is PDF/A-2u for veraPDF', { skip: missing || (verapdf ? false : 'veraPDF is not to be had here (Maven, Java, network)') }, () => {
  const lines = verdicts(verapdf, kSigned.map(at))
  assert.deepEqual(lines.map((line) => line.split(' ')).map(([verdict, file]) => `${verdict} ${basename(file)}`), kSigned.map((name) => `PASS ${name}`))
})

test('qpdf finds no fault in it', { skip: missing || without('qpdf', '--version') }, () => {
  for (const name of kSigned) {
    const done = run('qpdf', ['--check', at(name)])
    assert.equal(done.status, 0, `${name}: ${done.stdout}${done.stderr}`)
  }
})
