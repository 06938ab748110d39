import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tableOf } from './conformance.mjs'

test('the table has a row a suite and the sum of its level', () => {
  const suites = [
    { name: '0001-a', passed: 2, total: 3, refused: 0 },
    { name: '0002-b', passed: 4, total: 4, refused: 5 },
  ]
  assert.equal(
    tableOf([{ level: 'level-2', suites }]),
    '### level-2\n\n| suite | cases | passed | refused |\n| --- | ---: | ---: | ---: |\n| 0001-a | 3 | 2 | — |\n| 0002-b | 4 | 4 | 5 |\n| **all** | **7** | **6** | **5** |',
  )
})
