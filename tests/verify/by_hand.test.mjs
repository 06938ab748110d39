// docs/how-to/verify-everything-yourself.md, block by block as it stands there, on the files of a demo bureau; and on files that somebody changed.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { missing, root } from '../api/binary.mjs'
import { Bureau } from '../api/harness.mjs'
import { packageOf, playUntil, publishedNight } from '../api/stories.mjs'

const kGuide = readFileSync(join(root, 'docs/how-to/verify-everything-yourself.md'), 'utf8')
/** Blocks of bash by the number of their section. */
const kSections = Object.fromEntries(kGuide.split(/^## (?=\d)/m).slice(1).map((text) => [text[0], [...text.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map((match) => match[1])]))
const kTools = ['openssl', 'qpdf', 'sha256sum', 'jq', 'xxd', 'unzip', 'xmlsec1', 'pdfinfo', 'pdftotext', 'faketime']
const kFiles = ['certificate.pdf', 'certificate.ofd', 'certificate.xml', 'certificate.json']

describe('verify everything yourself', { skip: missing }, () => {
  let bureau, folder
  const good = {}
  const copied = {}

  /** On a machine whose clock says `year`. */
  const run = (numbers, { year = 0, where = folder } = {}) => {
    const blocks = numbers.flatMap((number) => kSections[number]).join('\n')
    const [program, ...words] = year ? ['faketime', `${year}-06-01 12:00:00`, 'bash'] : ['bash']
    const done = spawnSync(program, [...words, '-c', blocks], { cwd: where, encoding: 'utf8' })
    return done.stdout + done.stderr
  }
  const kGood = ['nothing was added after signing', 'CAdES Verification successful', 'signer.pem: OK', 'Verified OK', 'SignedInfo References (ok/all): 1/1', 'the entry is in the log', 'Signature Verified Successfully', 'the seal is about this Signature.xml', 'whole: Doc_0/Signs/Sign_0/Seal.esl', 'this is the seal that was pressed', 'the day of issue fits the time of logging', 'printed: 翠苑小学扩建工程']
  const kBad = /CHANGED|STRANGER|NOT COVERED|NOT PRINTED|[Ee]rror:|expired|not yet valid/
  const isGood = (said) => {
    for (const wanted of kGood) assert.ok(said.includes(wanted), `${wanted} is missing in:\n${said}`)
    assert.equal(said.match(/Verified OK/g).length, 3, said)
    assert.equal(said.match(/the authority's own: /g).length, 5, said)
    assert.doesNotMatch(said, kBad)
  }
  const restore = () => Object.entries(good).forEach(([name, bytes]) => writeFileSync(join(folder, name), bytes))

  before(async () => {
    for (const tool of kTools) assert.equal(spawnSync('sh', ['-c', `command -v ${tool}`]).status, 0, `${tool} is not installed`)
    folder = mkdtempSync(join(tmpdir(), 'kaigong-by-hand-'))
    bureau = await Bureau.start()
    const school = await bureau.person('school')
    // Others come before it in the log, so that its proof has steps to both sides.
    for (let number = 1; number <= 2; number++) await publishedNight(bureau, number)
    const { progress } = await playUntil(bureau, packageOf('school'))
    for (const name of kFiles) good[name] = (await school.ask('GET', `/permits/${progress.permit_number}/certificates/1/files/${name}`)).body
    const copy = await school.must('POST', `/permits/${progress.permit_number}/copies`, { json: { purpose: '办理贷款', made_for: '示例银行' }, key: true })
    for (const name of kFiles) copied[name] = (await school.ask('GET', `/permits/${progress.permit_number}/certificates/1/copies/${copy.copy_number}/files/${name}`)).body
    good['trust.json'] = (await bureau.ask('GET', '/ledger/trust.json')).body
    restore()
  })
  after(async () => {
    await bureau?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  test('every block says what the page says that it says', () => {
    const said = run([1, 2, 3, 4, 5, 6, 7])
    isGood(said)
    const [computed, content] = [/^([0-9a-f]{64}) {2}-$/m.exec(said)[1], /^sha256:([0-9a-f]{64})$/m.exec(said)[1]]
    assert.equal(computed, content)
  })

  test('every block says the same on a machine whose clock is years behind or ahead', () => {
    for (const year of [2020, 2040]) isGood(run([1, 2, 3, 4, 5, 6, 7], { year }))
  })

  test('each kind of file alone gives the two objects', () => {
    const wanted = JSON.parse(good['certificate.json'])
    const [pdf, ofd, json, xml, at] = kSections[2]
    const objects = (block, name, bytes) => {
      const alone = mkdtempSync(join(tmpdir(), 'kaigong-alone-'))
      try {
        writeFileSync(join(alone, name), bytes)
        const done = spawnSync('bash', ['-c', `${block}\n${at}`], { cwd: alone, encoding: 'utf8' })
        assert.equal(done.stderr, '')
        return JSON.parse(readFileSync(join(alone, 'objects.json')))
      } finally {
        rmSync(alone, { recursive: true })
      }
    }
    for (const [block, name] of [[pdf, 'certificate.pdf'], [ofd, 'certificate.ofd'], [json, 'certificate.json']]) {
      assert.deepEqual(objects(block, name, good[name]), { certificate: wanted.certificate, evidence: wanted.evidence }, name)
      assert.equal(objects(block, name, copied[name]).copy.made_for, '示例银行', name)
    }
    assert.deepEqual(objects(xml, 'certificate.xml', good['certificate.xml']), { evidence: wanted.evidence })
  })

  test('a copy for one purpose is judged by the day that it was made', () => {
    for (const name of kFiles) writeFileSync(join(folder, name), copied[name])
    for (const year of [0, 2040]) {
      const said = run([1, 2, 3, 4, 5, 6], { year })
      for (const wanted of ['CAdES Verification successful', 'signer.pem: OK', 'the entry is in the log']) assert.ok(said.includes(wanted), said)
      assert.doesNotMatch(said, kBad)
    }
    restore()
  })

  test('a witness that cosigned is told by its name and time, and a cosignature that does not hold is not', () => {
    const samples = mkdtempSync(join(tmpdir(), 'kaigong-witnessed-'))
    try {
      const made = spawnSync(process.execPath, [join(root, 'web/verify/tests/write_samples.mjs'), samples], { encoding: 'utf8' })
      assert.equal(made.status, 0, made.stderr)
      cpSync(join(samples, 'genuine.json'), join(samples, 'certificate.json'))
      const blocks = [kSections[1][0], kSections[2][2], ...kSections[5], kSections[7][0]].join('\n')
      const watched = () => spawnSync('bash', ['-c', blocks], { cwd: samples, encoding: 'utf8' }).stdout
      const [name] = JSON.parse(readFileSync(join(samples, 'trust.json'))).witnesses.map(({ key }) => key.split('+')[0])
      const said = watched()
      assert.match(said, new RegExp(`Signature Verified Successfully\\n${name.replaceAll('.', '\\.')} saw this log at 2026-`))
      const whole = JSON.parse(readFileSync(join(samples, 'certificate.json')))
      whole.evidence.proof = whole.evidence.proof.split('\n').map((line) => (line.startsWith(`— ${name} `) ? line.replace(/.{8}$/, 'AAAAAAA=') : line)).join('\n')
      writeFileSync(join(samples, 'certificate.json'), JSON.stringify(whole))
      assert.ok(!watched().includes(`${name} saw`))
    } finally {
      rmSync(samples, { recursive: true })
    }
  })

  test('a byte of the PDF that somebody changed is told', () => {
    const bytes = Buffer.from(good['certificate.pdf'])
    bytes[Math.floor(bytes.length / 3)] ^= 1
    writeFileSync(join(folder, 'certificate.pdf'), bytes)
    assert.doesNotMatch(run([1, 2, 3]), /CMS Verification successful|CAdES Verification successful/)
    restore()
  })

  test('something added behind the PDF is told', () => {
    writeFileSync(join(folder, 'certificate.pdf'), Buffer.concat([good['certificate.pdf'], Buffer.from('\n% more\n')]))
    assert.doesNotMatch(run([1, 2, 3]), /nothing was added after signing/)
    restore()
  })

  test('another value in the data is told by the signature, by the commitment and by the XML', () => {
    for (const name of ['certificate.json', 'certificate.xml']) writeFileSync(join(folder, name), good[name].toString().replace('翠苑小学扩建工程', '翠苑小学改建工程'))
    const said = run([1, 2, 4, 5])
    assert.doesNotMatch(said, /Verified OK|\(ok\/all\): 1\/1/)
    assert.notEqual(/^([0-9a-f]{64}) {2}-$/m.exec(said)[1], /^sha256:([0-9a-f]{64})$/m.exec(said)[1])
    restore()
  })

  test('a signer whom the list does not name is told, wherever his certificate leads', () => {
    writeFileSync(join(folder, 'trust.json'), JSON.stringify({ ...JSON.parse(good['trust.json']), signers: [], seal_makers: [] }))
    assert.equal(run([1, 2, 3, 4, 6]).match(/STRANGER: /g).length, 5)
    restore()
  })

  test('an entry that is not in the log is told', () => {
    const whole = JSON.parse(good['certificate.json'])
    whole.evidence.entry.issued_on = '2026-01-01'
    writeFileSync(join(folder, 'certificate.json'), JSON.stringify(whole))
    assert.doesNotMatch(run([1, 2, 5]), /the entry is in the log/)
    restore()
  })

  test('a file of the OFD that somebody exchanged, or put in, is told by its name', () => {
    assert.doesNotMatch(run([1, 2, 6]), kBad)
    const again = (act) => spawnSync('bash', ['-c', `${act} && ${kSections[6][0].split('\n').filter((line) => !line.startsWith('mkdir')).join('\n')}`], { cwd: folder, encoding: 'utf8' }).stdout
    assert.match(again('printf x >> ofd/Doc_0/Attachs/certificate.json'), /CHANGED: Doc_0\/Attachs\/certificate.json/)
    assert.match(again('printf x > ofd/Doc_0/Attachs/more.json'), /NOT COVERED: Doc_0\/Attachs\/more.json/)
  })
})
