// The merged interface is read while others write it: the files of the API tests do so several at a time.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const kAtOnce = 4

function merge() {
  return new Promise((resolve) => {
    const one = spawn(process.execPath, [join(root, 'tools/check/openapi.mjs')], { stdio: 'ignore' })
    one.on('close', resolve)
  })
}

test('the merged document is whole at every moment', async () => {
  assert.equal(await merge(), 0)
  let ended = 0
  const writers = Array.from({ length: kAtOnce }, async () => {
    const status = await merge()
    ended += 1
    return status
  })
  while (ended < kAtOnce) {
    JSON.parse(readFileSync(join(root, 'build/openapi.json'), 'utf8'))
    await turn()
  }
  assert.deepEqual(await Promise.all(writers), Array(kAtOnce).fill(0))
})
