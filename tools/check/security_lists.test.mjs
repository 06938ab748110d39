// The pages of security are true: what they name is in the tree, each line has its state, numbers and counts are right.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { brokenLinks, documents, pathsIn, root, rowsOf } from './named_things.mjs'

const kAsvs = 'docs/security/asvs-level-2.md'
const kDjcp = 'docs/security/djcp-level-3.md'
const kGoLive = 'docs/operations/go-live.md'
const kRows = { [kAsvs]: 'number | what | state | how, or what is missing | test', [kDjcp]: '条款 | 要点 | 状态 | 怎样做到 | 测试' }
const kStates = { [kAsvs]: ['met', 'partly', 'not met', 'not applicable', 'operator'], [kDjcp]: ['满足', '部分', '运行'] }
const kCounts = { [kAsvs]: 'state | lines', [kDjcp]: '状态 | 行数' }

/** Chapter → section → how its requirements of level 1 and 2 are numbered; numbers that the standard gave up are left out. */
const kNumbers = {
  1: { 1: '1-7', 2: '1-4', 4: '1 4 5', 5: '1-4', 6: '1-4', 7: '1-2', 8: '1-2', 9: '1-2', 10: '1', 11: '1-2', 12: '2', 14: '1-6' },
  2: { 1: '1-12', 2: '1-3', 3: '1-3', 4: '1-5', 5: '1-7', 6: '1-3', 7: '1-6', 8: '1-7', 9: '1-3', 10: '1-4' },
  3: { 1: '1', 2: '1-4', 3: '1-4', 4: '1-5', 5: '1-3', 7: '1' },
  4: { 1: '1-3 5', 2: '1-2', 3: '1-3' },
  5: { 1: '1-5', 2: '1-8', 3: '1-10', 4: '1-3', 5: '1-4' },
  6: { 1: '1-3', 2: '1-6', 3: '1-2', 4: '1-2' },
  7: { 1: '1-4', 2: '1-2', 3: '1 3 4', 4: '1-3' },
  8: { 1: '1-4', 2: '1-3', 3: '1-8' },
  9: { 1: '1-3', 2: '1-4' },
  10: { 2: '1-2', 3: '1-3' },
  11: { 1: '1-8' },
  12: { 1: '1-3', 2: '1', 3: '1-6', 4: '1-2', 5: '1-2', 6: '1' },
  13: { 1: '1 3-5', 2: '1-3 5-6', 3: '1-2', 4: '1-2' },
  14: { 1: '1-4', 2: '1-6', 3: '2-3', 4: '1-7', 5: '1-4' },
}
const spread = (text) => text.split(' ').flatMap((part) => {
  const [first, last = first] = part.split('-').map(Number)
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
})
const kAll = Object.entries(kNumbers).flatMap(([chapter, sections]) => Object.entries(sections).flatMap(([section, text]) => spread(text).map((one) => `${chapter}.${section}.${one}`)))

const kTop = /^(server|web|tools|catalog|docs|tests|bench|\.ci)\//
const read = (file) => readFileSync(join(root, file), 'utf8')
const pages = documents(/^docs\/security\/.*\.md$/)
/** Also the few files at the top, `CONTRIBUTING.md` and the like. */
const named = (text) => [...new Set([...pathsIn(text), ...[...text.matchAll(/`([^`\s]+)`/g)].map((m) => m[1]).filter((token) => kTop.test(token) || /^[\w.-]+\.(md|txt)$|^CMakePresets\.json$/.test(token))])].filter((token) => !/[<>*…{}]/.test(token))
const gone = (text) => named(text).filter((path) => !existsSync(join(root, path)))
const linesOf = (file) => rowsOf(read(file), kRows[file]).map(([number, what, state, how, proof]) => ({ number, what, state, how, proof }))

/** What is wrong with the lines of a list. */
function faultsOf(lines, states) {
  return lines.flatMap(({ number, what, state, how, proof }) => [
    ...(states.includes(state) ? [] : [`${number}: no state "${state}"`]),
    ...(what && how && proof ? [] : [`${number}: a cell is empty`]),
    ...(state === states[0] && !named(`${how} ${proof}`).length && !/`\.\/kaigong [a-z]/.test(proof ?? '') ? [`${number}: ${state}, and neither a test nor a file is named`] : []),
  ])
}

test('every path and link of the pages of security is there', () => {
  assert.ok(pages.length >= 5, 'a page is missing')
  for (const page of [...pages, kGoLive]) {
    assert.deepEqual(gone(read(page)).map((path) => `${page}: ${path}`), [])
    assert.deepEqual(brokenLinks(page).map((target) => `${page} → ${target}`), [])
  }
})

test('every line has a state, and what is met names a test or a file', () => {
  for (const list of [kAsvs, kDjcp]) {
    assert.ok(linesOf(list).length > 30, `${list} has lost its lines`)
    assert.deepEqual(faultsOf(linesOf(list), kStates[list]), [])
  }
})

test('the list of ASVS has each requirement of level 2 once, in order', () => {
  assert.equal(kAll.length, 259)
  assert.deepEqual(linesOf(kAsvs).map(({ number }) => number), kAll)
})

test('clauses of the national list stand once', () => {
  const clauses = linesOf(kDjcp).map(({ number }) => number)
  assert.deepEqual(clauses.filter((clause, at) => clauses.indexOf(clause) !== at), [])
})

test('the counts in the heads are those of the lines', () => {
  for (const list of [kAsvs, kDjcp]) {
    const lines = linesOf(list)
    const counted = [...kStates[list].map((state) => [state, String(lines.filter((line) => line.state === state).length)])]
    const told = rowsOf(read(list), kCounts[list]).map(([state, count]) => [state.replaceAll('*', ''), count])
    assert.deepEqual(told.slice(0, -1), counted, list)
    assert.equal(told.at(-1)[1], String(lines.length), list)
  }
})

test('every test of the lists is one that the program runs', () => {
  for (const list of [kAsvs, kDjcp])
    for (const { number, proof } of linesOf(list))
      for (const path of named(proof).filter((token) => /\/[^/]+\.[a-z]+$/.test(token))) assert.match(path, /_test\.cpp$|_fuzz\.cpp$|\.test\.(mjs|ts)$|^tools\/|^\.ci\/run$|lock\.json$|\.md$/, `${list} ${number}: ${path} is no test`)
})

test('a fault is noticed', () => {
  const line = { number: '9.9.9', what: 'a', state: 'met', how: 'b', proof: '—' }
  assert.equal(faultsOf([line], kStates[kAsvs]).length, 1)
  assert.equal(faultsOf([{ ...line, how: '`server/http/edge.cpp`' }], kStates[kAsvs]).length, 0)
  assert.equal(faultsOf([{ ...line, state: 'done' }], kStates[kAsvs]).length, 1)
  assert.deepEqual(gone('`server/no_such_file.cpp` `CONTRIBUTING.md`'), ['server/no_such_file.cpp'])
})
