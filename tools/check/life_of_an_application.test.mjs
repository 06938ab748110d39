// The tour and the pages of the modules are true: what they name is in the tree.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { brokenLinks, documents, isEvent, isTable, missing, modules, outbox_events, pathsIn, root, rowsOf, tables, tokens } from './named_things.mjs'

const kTour = 'docs/life-of-an-application.md'
const kHeading = 'actor | verb | module | table | event | file'
const read = (file) => readFileSync(join(root, file), 'utf8')
const gone = (list) => list.map((token) => [token, missing(token)]).filter(([, why]) => why).map(([token, why]) => `${token}: ${why}`)

test('everything that the tour names in backticks is in the tree', () => {
  assert.deepEqual(gone(tokens(read(kTour))), [])
})

test('the columns of the tour hold modules, tables, events and files', () => {
  const rows = rowsOf(read(kTour), kHeading)
  assert.ok(rows.length > 20, 'the tour has lost its steps')
  for (const [, verb, module, table, event, file] of rows) {
    assert.ok(tokens(verb).length > 0, `a step without a verb: ${verb}`)
    for (const name of tokens(module)) assert.ok(modules.includes(name) || name === 'events', `${name} is no module`)
    for (const name of tokens(table)) assert.ok(isTable(name), `${name} is no table`)
    for (const name of tokens(event)) assert.ok(isEvent(name), `${name} is no event`)
    for (const name of tokens(file)) assert.ok(existsSync(join(root, name)), `${name} is gone`)
    const said = tokens(file).map(read).join('\n')
    for (const name of tokens(verb).filter((token) => /^\w+(::\w+)?$/.test(token))) assert.match(said, new RegExp(`\\b${name.split('::').pop()}\\b`), `${name} is not in ${file}`)
  }
})

test('the tour passes every fact that modules tell each other', () => {
  const named = new Set(tokens(read(kTour)))
  assert.ok(outbox_events.size > 3)
  assert.deepEqual([...outbox_events].filter((event) => !named.has(event)), [])
})

test('every module has a page whose tables are its tables and whose names are in the tree', () => {
  for (const module of modules) {
    const page = `server/modules/${module}/README.md`
    assert.ok(existsSync(join(root, page)), `${page} is missing`)
    const text = read(page)
    for (const part of ['Purpose', 'States', 'Tables', 'Events', 'Jobs', 'Invariants', 'Limits']) assert.match(text, new RegExp(`^## ${part}`, 'm'), `${page} says nothing about ${part}`)
    assert.deepEqual(gone(tokens(text)).map((line) => `${page}: ${line}`), [])
    // In the order of their numbers: a later migration may take a table away.
    const own = new Set()
    for (const file of documents(new RegExp(`^server/modules/${module}/migrations/.*\\.sql$`)).sort())
      for (const [, act, name] of read(file).matchAll(/(CREATE|DROP) TABLE (?:IF (?:NOT )?EXISTS )?(\w+)/g)) act === 'CREATE' ? own.add(name) : own.delete(name)
    const described = new Set(tokens(/## Tables\n([\s\S]*?)\n## /.exec(text)[1]).filter((token) => tables.has(token)))
    assert.deepEqual([...described].sort(), [...own].sort(), `${page} describes other tables than the module has`)
  }
})

test('paths and links in the documents lead somewhere', () => {
  const pages = documents(/^(README(\.zh-CN)?|CONTRIBUTING)\.md$|^server\/README\.md$|^server\/modules\/\w+\/README\.md$|^docs\/.*\.md$/)
  assert.ok(pages.length > 30)
  for (const page of pages) {
    assert.deepEqual(brokenLinks(page).map((target) => `${page} → ${target}`), [])
    if (page.startsWith('docs/adr/')) continue // a decision is about its day
    assert.deepEqual(pathsIn(read(page)).filter((path) => missing(path)).map((path) => `${page}: ${path}`), [])
  }
})

test('a thing that is gone is noticed', () => {
  for (const token of ['server/modules/approval/no_such_file.cpp', 'POST /applications/{application_id}/no_such_act', 'no_such_function_anywhere', 'CaseWork::no_such_function', './kaigong nosuchverb', 'approval.no_such_reason']) assert.ok(missing(token), token)
})
