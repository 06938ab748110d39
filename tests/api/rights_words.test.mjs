// Every action, role and scope of the permission table has words in both languages, on the page that explains it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { missing, root, routes } from './binary.mjs'

function wordsOf(locale) {
  return JSON.parse(readFileSync(join(root, `web/src/modules/administration/locales/${locale}.json`), 'utf8')).rights
}

const wordOf = (words, key) => key.split('.').reduce((found, part) => found?.[part], words)

for (const locale of ['zh-CN', 'en']) {
  test(`every right has words in ${locale}`, { skip: missing }, () => {
    const words = wordsOf(locale)
    const { routes: endpoints, grants } = routes()
    const actions = [...grants, ...endpoints].map((one) => one.action).filter(Boolean)
    assert.ok(actions.length > 50, 'the program lists its actions')
    const wanted = [...actions.map((one) => ['actions', one]), ...grants.map((one) => ['roles', one.role]), ...grants.map((one) => ['scopes', one.scope])]
    const unsaid = wanted.filter(([topic, key]) => typeof wordOf(words[topic], key) !== 'string').map(([topic, key]) => `${topic}.${key}`)
    assert.deepEqual([...new Set(unsaid)], [])
  })
}
