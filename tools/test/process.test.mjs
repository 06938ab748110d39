import assert from 'node:assert/strict'
import { test } from 'node:test'
import { doctestCounts, nodeTestCounts, rangesOf, sideBySide, toldFailures } from './process.mjs'

test('work side by side keeps the order of its answers and never does more at once than it may', async () => {
  let running = 0
  let most = 0
  const answers = await sideBySide([30, 1, 20, 5, 10], 2, async (milliseconds) => {
    running += 1
    most = Math.max(most, running)
    await new Promise((done) => setTimeout(done, milliseconds))
    running -= 1
    return milliseconds * 2
  })
  assert.deepEqual(answers, [60, 2, 40, 10, 20])
  assert.equal(most, 2)
})

test('a failed test is named again at the end, with what it said', () => {
  const output = 'ok 1 - fine\n  ---\n  ...\nnot ok 2 - the page opens\n  ---\n  error: no such page\n  ...\nok 3 - after it\n# pass 2\n# fail 1\n'
  assert.deepEqual(nodeTestCounts({ status: 1, output }), { passed: 2, failed: 1, skipped: 0 })
  const [{ name, tail }] = toldFailures()
  assert.equal(name, 'the page opens')
  assert.match(tail, /no such page/)
  assert.doesNotMatch(tail, /after it/)
})

test('pieces of a program leave nothing out and do nothing twice', () => {
  assert.deepEqual(rangesOf(10, 4), [[1, 3], [4, 5], [6, 8], [9, 10]])
  assert.deepEqual(rangesOf(2, 4), [[1, 1], [2, 2]])
  assert.deepEqual(rangesOf(7, 1), [[1, 7]])
})

test('a piece counts its own cases only, and a crash of it is a failure', () => {
  const line = '[doctest] test cases: 212 | 211 passed | 1 failed | 0 skipped'
  assert.deepEqual(doctestCounts({ status: 1, output: line }, 53), { passed: 52, failed: 1 })
  assert.deepEqual(doctestCounts({ status: 0, output: line.replace('211', '212').replace('1 failed', '0 failed') }), { passed: 212, failed: 0 })
  assert.deepEqual(doctestCounts({ status: 139, output: '' }, 53), { passed: 0, failed: 1 })
})
