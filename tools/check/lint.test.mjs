import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filesOf, fingerprint } from './lint.mjs'

const sources = (changes = {}) => {
  const all = {
    'server/a/a.cpp': '#include "a/a.hpp"\n#include <vector>\n',
    'server/a/a.hpp': '#pragma once\n  #  include "b/b.hpp"\n',
    'server/b/b.hpp': '#include "a/a.hpp"\n#include "missing.hpp"\n',
    'server/c/c.hpp': 'int c;\n',
    ...changes,
  }
  return (file) => all[file] ?? ''
}

test('a unit depends on the headers of ours it reaches, in a circle too', () => {
  assert.deepEqual([...filesOf('server/a/a.cpp', sources())].sort(), ['server/a/a.cpp', 'server/a/a.hpp', 'server/b/b.hpp'])
})

test('a verdict holds until the unit, a header it reaches or the rules change', () => {
  const before = fingerprint('server/a/a.cpp', sources())
  assert.equal(fingerprint('server/a/a.cpp', sources({ 'server/c/c.hpp': 'int d;', 'server/c/.clang-tidy': 'rules' })), before)
  for (const file of ['server/b/b.hpp', '.clang-tidy', 'server/a/.clang-tidy']) {
    assert.notEqual(fingerprint('server/a/a.cpp', sources({ [file]: 'changed' })), before)
  }
})
