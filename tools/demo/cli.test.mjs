import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { personalValues } from '../../tests/data/personal-values.mjs'
import { FakeBureau } from './fake_bureau.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const kSchool = join(here, '..', '..', 'catalog', 'construction-permit', 'cases', 'school')

function run(...argv) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(here, 'demo.mjs'), ...argv], { env: { ...process.env, KAIGONG_URL: '' } })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (err += chunk))
    child.on('close', (status) => resolve({ status, out, err }))
  })
}

async function withBureau(options, body) {
  const bureau = new FakeBureau(options)
  const url = await bureau.start()
  try {
    return await body(url)
  } finally {
    await bureau.stop()
  }
}

const uncheckedSchool = ['R-109', 'R-212', 'R-504', 'R-508', 'R-602'].map((rule) => ({ rule, outcome: 'unchecked', severity: 'block', fields: [], legal_basis: '' }))

test('the school package plays over a bureau, prints one JSON object and exits with 0', async () => {
  await withBureau({ findings: () => uncheckedSchool }, async (url) => {
    const { status, out } = await run('--case', kSchool, '--url', url, '--json', '--out', mkdtempSync(join(tmpdir(), 'kaigong-')))
    const result = JSON.parse(out)
    assert.deepEqual(result.differences, [])
    assert.equal(status, 0)
    assert.deepEqual(Object.keys(result), ['ok', 'case', 'findings', 'outcome', 'permit_number', 'files', 'verify_url', 'steps', 'differences'])
    assert.deepEqual(result.files.map((f) => f.kind), ['certificate', 'materials_receipt', 'acceptance_notice', 'grant_decision'])
    assert.deepEqual(result.steps[1], { ...result.steps[1], actor: 'housing+fire+civil_defence+planning+quality', act: 'check' })
  })
})

test('another outcome than expected exits with 1, wrong use with 2, a late clock with 3', async () => {
  await withBureau({}, async (url) => {
    const { status, out } = await run('--case', kSchool, '--url', url, '--out', mkdtempSync(join(tmpdir(), 'kaigong-')))
    assert.equal(status, 1)
    assert.match(out, /R-504/)
  })
  assert.equal((await run()).status, 2)
  assert.equal((await run('--case', kSchool)).status, 2)
  assert.equal((await run('--case', join(kSchool, 'nowhere'), '--url', 'http://127.0.0.1:9')).status, 2)
  await withBureau({ nowMs: Date.parse('2030-01-01T00:00:00+08:00') }, async (url) => assert.equal((await run('--case', kSchool, '--url', url)).status, 3))
})

test('the instant at which a fresh bureau has to begin can be asked', async () => {
  assert.deepEqual(await run('--case', kSchool, '--clock-start'), { status: 0, out: '2026-11-24T09:00:00+08:00\n', err: '' })
})

test('a bureau that is not running is named with the remedy', async () => {
  const gone = await withBureau({}, async (url) => url)
  const { status, err } = await run('--case', kSchool, '--url', gone)
  assert.equal(status, 1)
  assert.match(err, /kaigong up/)
})

test('the school form of the other tests is the one of the school package, with what the system says of its firms', () => {
  const form = JSON.parse(readFileSync(join(here, '..', '..', 'tests', 'data', 'school-form.json'), 'utf8'))
  for (const row of form.participants.filter((one) => one.role !== 'owner')) {
    assert.deepEqual([typeof row.confirmed_at_ms, row.confirmation_standing], ['number', 'confirmed'])
    delete row.confirmed_at_ms
    delete row.confirmation_standing
  }
  assert.deepEqual(form, JSON.parse(readFileSync(join(kSchool, 'case.json'), 'utf8')).form)
})

test('personal values are known for every kind, and the public ones are names only', () => {
  const values = personalValues()
  assert.deepEqual([...new Set(values.map((v) => v.kind))].sort(), ['account', 'id_number', 'name', 'phone'])
  assert.ok(values.filter((v) => v.public).every((v) => v.kind === 'name'))
  assert.ok(values.filter((v) => !v.public && v.kind === 'id_number').length > 60)
})
