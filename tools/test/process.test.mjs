import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeTestCounts, sideBySide, toldFailures } from './process.mjs'

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
