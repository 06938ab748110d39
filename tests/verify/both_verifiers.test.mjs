// The verifier of the server (kaigong verify) and that of the page (web/verify) answer alike, file by file: verdict,
// checks, codes, sentences. Files of two throwaway authorities, good and forged; sealed packages of others; and the files
// that a server issues.
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Client } from '../../tools/demo/client.mjs'
import { binary, root } from '../api/binary.mjs'
import { Bureau } from '../api/harness.mjs'
import { signatureChanges } from './signature_changes.mjs'

const kWriter = process.env.KAIGONG_VERIFY_TEST ?? join(dirname(binary), 'verify_test')
const kPage = join(root, 'web/verify')
const kConformance = join(root, '../shared/conformance/ofd')
const kAt = '2026-12-05T02:00:00Z'
const kNoCertificates = ['trust.json', 'expected.json']
const kGood = ['genuine', 'training']
const kFiles = ['certificate.pdf', 'certificate.ofd', 'certificate.xml', 'certificate.json']

/** Why these tests cannot run here; false when they can. */
function missing() {
  for (const needed of [binary, kWriter, join(root, 'web/node_modules')]) if (!existsSync(needed) && !process.env.CI) return `${needed} is missing`
  return false
}

const filesOf = (folder) => readdirSync(folder).filter((name) => !kNoCertificates.includes(name)).sort()

/** The answers of both for a folder, and whether the server's ended as the worst of them asks. */
function judge(folder, trust = join(folder, 'trust.json')) {
  const files = filesOf(folder).map((name) => join(folder, name))
  const options = { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 300_000 }
  const server = spawnSync(binary, ['verify', ...files, '--trust', trust, '--at', kAt, '--json'], options)
  assert.ok([0, 1].includes(server.status), `${server.status} ${server.stderr}`)
  const page = spawnSync(process.execPath, [join(kPage, 'cli.mjs'), '--trust', trust, '--at', kAt, ...files], options)
  assert.equal(page.status, 0, page.stderr)
  const answers = JSON.parse(server.stdout)
  assert.equal(server.status, answers.every(({ verdict }) => kGood.includes(verdict)) ? 0 : 1)
  return { server: answers, page: JSON.parse(page.stdout) }
}

/** The same answers, and what is expected of each where that is told. */
function agree({ server, page }, expected = []) {
  assert.deepEqual(server.map(({ file }) => file), page.map(({ file }) => file))
  for (const [at, answer] of server.entries()) assert.deepEqual(answer, page[at], answer.file)
  const failed = ({ checks }) => checks.filter(({ outcome }) => outcome === 'fail').map(({ check, code }) => `${check} ${code}`)
  for (const { file, verdict, failures } of expected) {
    const answer = server.find((one) => one.file === file)
    assert.deepEqual([answer?.verdict, failed(answer)], [verdict, failures], file)
  }
}

function flipped(bytes, at) {
  const changed = Buffer.from(bytes)
  changed[at] ^= 1
  return changed
}

describe('both verifiers', { skip: missing() }, () => {
  let folder
  before(() => (folder = mkdtempSync(join(tmpdir(), 'kaigong-both-'))))
  after(() => rmSync(folder, { recursive: true }))

  const expectedIn = (where) => JSON.parse(readFileSync(join(where, 'expected.json'), 'utf8'))

  test('say the same of the files that the server’s own test makes', () => {
    const made = join(folder, 'server')
    execFileSync(kWriter, ['--no-intro', '--test-case=the samples are written*'], { env: { ...process.env, KAIGONG_VERIFY_TO: made } })
    assert.ok(filesOf(made).length >= 60)
    agree(judge(made), expectedIn(made))
  })

  test('say the same of the files that the page’s own test makes', () => {
    const made = join(folder, 'page')
    execFileSync(process.execPath, [join(kPage, 'tests/write_samples.mjs'), made])
    assert.ok(filesOf(made).length >= 40)
    agree(judge(made), expectedIn(made))
  })

  test('say the same of packages that others sealed', { skip: existsSync(kConformance) || process.env.CI ? false : `${kConformance} is missing` }, () => {
    const made = join(folder, 'others')
    mkdirSync(made)
    for (const name of readdirSync(kConformance).filter((one) => one.endsWith('.ofd'))) writeFileSync(join(made, name), readFileSync(join(kConformance, name)))
    const answers = judge(made, join(folder, 'server/trust.json'))
    agree(answers)
    const said = (file, check) => {
      const { outcome, code } = answers.server.find((one) => one.file === file).checks.find((one) => one.check === check)
      return `${outcome} ${code}`
    }
    for (const [file, seal] of [['sign_v4signed.ofd', 'pass '], ['reader_SESV4SignDoc.ofd', 'fail verify.seal_expired']]) {
      assert.deepEqual(['signature', 'signer', 'seal'].map((check) => said(file, check)), ['pass ', 'fail verify.signer_unknown', seal], file)
    }
  })

  // Each byte by itself: what no signature covers must be what is written there, or a stranger could write there.
  for (const kind of ['json', 'xml', 'pdf', 'ofd']) {
    test(`take no ${kind} whose signature was changed in any one byte`, { timeout: 900_000 }, async () => {
      const list = join(folder, 'server/trust.json')
      const { changes, judgePage } = await signatureChanges(kind, readFileSync(join(folder, `server/genuine.${kind}`)), readFileSync(list, 'utf8'), kAt)
      assert.ok(changes.length > 500, `${changes.length}`)
      const made = join(folder, `changed-${kind}`)
      mkdirSync(made)
      const files = changes.map(({ at, bytes }) => {
        const file = join(made, `${at}.${kind}`)
        writeFileSync(file, bytes)
        return file
      })
      for (let from = 0; from < files.length; from += 500) {
        const words = ['verify', ...files.slice(from, from + 500), '--trust', list, '--at', kAt, '--json']
        const { stdout, status, stderr } = spawnSync(binary, words, { encoding: 'utf8', maxBuffer: 1 << 28 })
        assert.equal(status, 1, stderr)
        for (const [place, { file, verdict, checks }] of JSON.parse(stdout).entries()) {
          const page = judgePage(changes[from + place].bytes)
          const codes = (of) => of.map(({ check, outcome, code }) => `${check} ${outcome} ${code}`)
          assert.ok(!kGood.includes(verdict) && !kGood.includes(page.verdict), `${file}: ${verdict} here, ${page.verdict} in the browser`)
          assert.deepEqual([page.verdict, ...codes(page.checks)], [verdict, ...codes(checks)], file)
        }
      }
      rmSync(made, { recursive: true })
    })
  }

  test('refuse to judge without a list of whom to trust', () => {
    const file = join(folder, 'server/genuine.json')
    const without = spawnSync(binary, ['verify', file], { encoding: 'utf8' })
    assert.equal(without.status, 3)
    assert.match(without.stderr, /trust\.json/)
    assert.equal(spawnSync(binary, ['verify', file, '--trust', file], { encoding: 'utf8' }).status, 3)
    const list = join(folder, 'server/trust.json')
    assert.equal(spawnSync(binary, ['verify', join(folder, 'nothing'), '--trust', list], { encoding: 'utf8' }).status, 3)
    for (const words of [[], [file, '--at', 'noon', '--trust', list], [file, '--nothing', list], [file, '--trust']]) {
      assert.equal(spawnSync(binary, ['verify', ...words], { encoding: 'utf8' }).status, 2, words.join(' '))
    }
  })

  test('tell a person what was found, and nothing that a terminal would obey', () => {
    const list = join(folder, 'server/trust.json')
    const { stdout, status } = spawnSync(binary, ['verify', join(folder, 'server/genuine.pdf'), join(folder, 'server/changed-value.json'), '--trust', list, '--at', kAt], { encoding: 'utf8' })
    assert.equal(status, 1)
    assert.match(stdout, /GENUINE[^]*翠苑小学扩建工程[^]*NOT GENUINE[^]*verify\.bytes_changed/)
    const named = join(folder, 'named\u001b[31m.json')
    writeFileSync(named, '{"certificate":1}')
    assert.doesNotMatch(spawnSync(binary, ['verify', named, '--trust', list], { encoding: 'utf8' }).stdout, /\u001b/)
  })
})

/** Plays a whole case; the number of its permit. */
function play(url) {
  return new Promise((resolve, reject) => {
    const player = spawn(process.execPath, ['tools/demo/demo.mjs', '--case', 'catalog/construction-permit/cases/school', '--url', url, '--json'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    player.stdout.on('data', (bytes) => (said += bytes))
    player.on('error', reject)
    player.on('exit', (code) => (code === 0 ? resolve(/"permit_number":"(\d+)"/.exec(said)[1]) : reject(new Error(`the demo ended with ${code}: ${said.slice(-2000)}`))))
  })
}

describe('what a server issues', { skip: missing() }, () => {
  const issued = mkdtempSync(join(tmpdir(), 'kaigong-issued-'))
  const trust = join(issued, 'trust.json')
  let bureau

  before(async () => {
    bureau = await Bureau.start({ clockStart: '2026-11-23T09:00:00+08:00' })
    const number = await play(bureau.url)
    const school = new Client(bureau.url, 'school')
    const download = async (path, name) => writeFileSync(join(issued, name), (await school.download(path)).bytes)
    await download('/ledger/trust.json', 'trust.json')
    for (const name of kFiles) await download(`/api/v1/permits/${number}/certificates/1/files/${name}`, name)
    const copy = await school.call('POST', `/permits/${number}/copies`, { json: { purpose: '办理贷款', made_for: '示例银行' }, key: true })
    for (const name of kFiles) await download(`/api/v1/permits/${number}/certificates/1/copies/${copy.copy_number}/files/${name}`, `copy-${name}`)
  }, { timeout: 900_000 })
  after(async () => {
    await bureau?.stop()
    rmSync(issued, { recursive: true })
  })

  test('is what both say it is: certificates without force, of a training authority, and a copy for one purpose', () => {
    const answers = judge(issued, trust)
    agree(answers)
    assert.equal(answers.server.length, 2 * kFiles.length)
    for (const { file, verdict, checks } of answers.server) assert.equal(verdict, 'training', `${file} ${JSON.stringify(checks)}`)
  })

  test('with files put into it under long names still ends its sentence with what to do', () => {
    const { unzipSync, zipSync } = createRequire(join(root, 'web/package.json'))('fflate')
    const stuffed = mkdtempSync(join(tmpdir(), 'kaigong-stuffed-'))
    try {
      const path = join(stuffed, 'certificate.ofd')
      const more = Object.fromEntries([1, 2, 3, 4, 5].map((number) => [`Doc_0/${String(number).repeat(100)}.xml`, new Uint8Array([60])]))
      writeFileSync(path, zipSync({ ...unzipSync(readFileSync(join(issued, 'certificate.ofd'))), ...more }, { level: 0 }))
      const answers = judge(stuffed, trust)
      agree(answers)
      assert.equal(answers.server[0].checks.find(({ check }) => check === 'seal').code, 'verify.package_file_not_covered')
      const { stdout } = spawnSync(binary, ['verify', path, '--trust', trust, '--at', kAt], { encoding: 'utf8' })
      assert.match(stdout, /…不在印章的保护范围内.*请到发证机关网站用编号查询，或要求对方出示原件。（verify\.package_file_not_covered）/)
      assert.match(stdout, /ask to be shown the original\.\n/)
    } finally {
      rmSync(stuffed, { recursive: true })
    }
  })

  test('is neither genuine nor training with one byte changed, wherever', () => {
    const changed = mkdtempSync(join(tmpdir(), 'kaigong-changed-'))
    try {
      for (const name of filesOf(issued)) {
        const bytes = readFileSync(join(issued, name))
        for (const part of [0.1, 0.3, 0.5, 0.7, 0.9]) writeFileSync(join(changed, `${part}-${basename(name)}`), flipped(bytes, Math.floor(bytes.length * part)))
      }
      const { server, page } = judge(changed, trust)
      for (const { file, verdict } of [...server, ...page]) assert.ok(!kGood.includes(verdict), `${file} ${verdict}`)
      for (const [at, { file, verdict }] of server.entries()) assert.equal(verdict, page[at].verdict, file)
    } finally {
      rmSync(changed, { recursive: true })
    }
  })
})
