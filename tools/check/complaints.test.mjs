// Each complaint of docs/complaints.md is answered by a test that is there, under these very words.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from '../test/process.mjs'

const rows = readFileSync(join(root, 'docs/complaints.md'), 'utf8').split('\n').filter((line) => /^\|/.test(line)).slice(2).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))

test('each complaint names a test that is there', () => {
  assert.ok(rows.length > 15)
  assert.notEqual(rows[0][0], '')
  const gone = rows.filter(([, title, file]) => !readFileSync(join(root, file), 'utf8').includes(title))
  assert.deepEqual(gone, [])
})
