// docs/how-to/verify-everything-yourself.md, block by block as it stands there, on the files of a demo bureau; and on files that somebody changed.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { missing, root } from '../api/binary.mjs'
import { Bureau } from '../api/harness.mjs'
import { complete, fileNight, inboxRows, packageOf, playUntil } from '../api/stories.mjs'
import { waitFor } from '../../tools/demo/waiting.mjs'

const kGuide = readFileSync(join(root, 'docs/how-to/verify-everything-yourself.md'), 'utf8')
/** Shell blocks by the number of their section. */
const kSections = Object.fromEntries(kGuide.split(/^## (?=\d)/m).slice(1).map((text) => [text[0], [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1]).join('\n')]))
const kTools = ['openssl', 'qpdf', 'sha256sum', 'jq', 'xxd', 'unzip', 'xmlsec1']
const kFiles = ['certificate.pdf', 'certificate.ofd', 'certificate.xml', 'certificate.json']

describe('verify everything yourself', { skip: missing }, () => {
  let bureau, folder
  const good = {}

  const run = (...numbers) => {
    const done = spawnSync('bash', ['-c', numbers.map((number) => kSections[number]).join('\n')], { cwd: folder, encoding: 'utf8' })
    return done.stdout + done.stderr
  }
  const restore = () => Object.entries(good).forEach(([name, bytes]) => writeFileSync(join(folder, name), bytes))

  before(async () => {
    for (const tool of kTools) assert.equal(spawnSync('sh', ['-c', `command -v ${tool}`]).status, 0, `${tool} is not installed`)
    folder = mkdtempSync(join(tmpdir(), 'kaigong-by-hand-'))
    bureau = await Bureau.start()
    const school = await bureau.person('school')
    // Others come before it in the log, so that its proof has steps to both sides.
    for (let number = 1; number <= 2; number++) {
      const id = await fileNight(school, '330106', number)
      for (const [account, outcome] of [['clerk', 'accept'], ['leader', 'grant']]) {
        const officer = await bureau.person(account)
        const [row] = await inboxRows(officer, 1, (one) => one.application_id === id)
        assert.equal((await complete(officer, row, outcome)).status, 200)
      }
      await waitFor('证照公布', async () => {
        const { permit_number: found } = await school.must('GET', `/applications/${id}/progress`)
        return found && (await bureau.ask('GET', `/api/v1/public/permits/${found}`)).status === 200 ? found : null
      })
    }
    const { progress } = await playUntil(bureau, packageOf('school'))
    for (const name of kFiles) good[name] = (await school.ask('GET', `/permits/${progress.permit_number}/certificates/1/files/${name}`)).body
    good['trust.json'] = (await bureau.ask('GET', '/ledger/trust.json')).body
    restore()
  })
  after(async () => {
    await bureau?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  test('every block says what the page says that it says', () => {
    const said = run(1, 2, 3, 4, 5)
    for (const wanted of ['nothing was added after signing', 'CAdES Verification successful', 'signer.pem: OK', 'Verified OK', 'SignedInfo References (ok/all): 1/1', 'the entry is in the log', 'Signature Verified Successfully', 'the seal is about this Signature.xml', 'whole: Doc_0/Signs/Sign_0/Seal.esl', 'this is the seal that was pressed'])
      assert.ok(said.includes(wanted), `${wanted} is missing in:\n${said}`)
    assert.equal(said.match(/Verified OK/g).length, 3, said)
    assert.equal(said.match(/the authority's own: /g).length, 5, said)
    assert.doesNotMatch(said, /CHANGED|STRANGER|[Ee]rror:/)
    const [computed, content] = [/^([0-9a-f]{64}) {2}-$/m.exec(said)[1], /^sha256:([0-9a-f]{64})$/m.exec(said)[1]]
    assert.equal(computed, content)
  })

  test('a byte of the PDF that somebody changed is told', () => {
    const bytes = Buffer.from(good['certificate.pdf'])
    bytes[Math.floor(bytes.length / 3)] ^= 1
    writeFileSync(join(folder, 'certificate.pdf'), bytes)
    assert.doesNotMatch(run(1, 2), /CMS Verification successful|CAdES Verification successful/)
    restore()
  })

  test('something added behind the PDF is told', () => {
    writeFileSync(join(folder, 'certificate.pdf'), Buffer.concat([good['certificate.pdf'], Buffer.from('\n% more\n')]))
    assert.doesNotMatch(run(1, 2), /nothing was added after signing/)
    restore()
  })

  test('another value in the data is told by the signature, by the commitment and by the XML', () => {
    for (const name of ['certificate.json', 'certificate.xml']) writeFileSync(join(folder, name), good[name].toString().replace('翠苑小学扩建工程', '翠苑小学改建工程'))
    const said = run(1, 3, 4)
    assert.doesNotMatch(said, /Verified OK|\(ok\/all\): 1\/1/)
    assert.notEqual(/^([0-9a-f]{64}) {2}-$/m.exec(said)[1], /^sha256:([0-9a-f]{64})$/m.exec(said)[1])
    restore()
  })

  test('a signer whom the list does not name is told, wherever his certificate leads', () => {
    writeFileSync(join(folder, 'trust.json'), JSON.stringify({ ...JSON.parse(good['trust.json']), signers: [], seal_makers: [] }))
    assert.equal(run(1, 2, 3, 5).match(/STRANGER: /g).length, 5)
    restore()
  })

  test('an entry that is not in the log is told', () => {
    const whole = JSON.parse(good['certificate.json'])
    whole.evidence.entry.issued_on = '2026-01-01'
    writeFileSync(join(folder, 'certificate.json'), JSON.stringify(whole))
    assert.doesNotMatch(run(1, 4), /the entry is in the log/)
    restore()
  })

  test('a file of the OFD that somebody exchanged is told by its name', () => {
    const said = run(1, 5)
    assert.doesNotMatch(said, /CHANGED/)
    const exchanged = spawnSync('bash', ['-c', `printf x >> ofd/Doc_0/Attachs/certificate.json && ${kSections[5].split('\n').filter((line) => !line.startsWith('mkdir')).join('\n')}`], { cwd: folder, encoding: 'utf8' })
    assert.match(exchanged.stdout, /CHANGED: Doc_0\/Attachs\/certificate.json/)
  })
})
