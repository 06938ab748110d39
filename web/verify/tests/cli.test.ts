/** The verifier in a terminal, over a folder: the way in which two verifiers are compared. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Answer } from '../src/core/answer'
import { write_samples, type Sample } from './samples'

let folder: string
let samples: Sample[]

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaigong-verify-'))
  samples = write_samples(folder)
})

afterAll(() => rmSync(folder, { recursive: true }))

function run(...words: string[]) {
  return spawnSync(process.execPath, ['verify/cli.mjs', ...words], { encoding: 'utf8' })
}

it('says of each file of a folder what is expected', () => {
  const said = run('--trust', join(folder, 'trust.json'), '--at', '2026-12-05T02:00:00Z', folder)
  expect(said.stderr).toBe('')
  const answers = (JSON.parse(said.stdout) as Answer[]).map(({ file, verdict, checks }) => ({
    file,
    verdict,
    failures: checks.filter(({ outcome }) => outcome === 'fail').map(({ check, code }) => `${check} ${code}`),
  }))
  const expected = samples.map(({ file, verdict, failures }) => ({ file, verdict, failures }))
  expect(answers).toEqual(expected.sort((a, b) => (a.file < b.file ? -1 : 1)))
  expect(expected.filter(({ verdict }) => verdict === 'not_genuine').length).toBeGreaterThanOrEqual(15)
})

it('says how it is called when it is called in another way', () => {
  const said = run('--at', 'yesterday')
  expect([said.status, said.stdout]).toEqual([1, ''])
  expect(said.stderr).toContain('--trust trust.json')
})
