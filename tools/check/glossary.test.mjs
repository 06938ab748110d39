// The glossary's names are used: each stands in code or catalogue, and each only once in the glossary's tables.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { missing, root, rowsOf, tokens } from './named_things.mjs'

const text = readFileSync(join(root, 'docs/glossary.md'), 'utf8')
const rows = rowsOf(text, '中文 | name in code | meaning | law')

test('every name of the glossary occurs in code or catalogue', () => {
  assert.ok(rows.length > 90, 'the glossary has lost its tables')
  const gone = rows.flatMap(([, name]) => tokens(name)).filter((token) => missing(token))
  assert.deepEqual(gone, [])
})

test('every row has a Chinese term, a name, a meaning, and a law or a dash', () => {
  for (const [chinese, name, meaning, law] of rows) {
    assert.match(chinese, /\p{Script=Han}/u)
    assert.ok(tokens(name).length > 0, chinese)
    assert.ok(meaning.length > 2 && law.length > 0, chinese)
  }
})

test('a Chinese term has one place', () => {
  const terms = rows.flatMap(([chinese]) => chinese.split('、'))
  assert.deepEqual(terms.filter((term, at) => terms.indexOf(term) !== at), [])
})

test('names that say nothing are not in it', () => {
  const names = rows.flatMap(([, name]) => tokens(name))
  assert.deepEqual(names.filter((name) => /^(manager|helper|utils|data|common)$/.test(name)), [])
})

test('a name that is gone is noticed', () => {
  assert.ok(missing('no_such_word_of_the_trade'))
})
