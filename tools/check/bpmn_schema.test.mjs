// The XSD of Kaigong's extensions knows what the shipped processes use.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from '../test/process.mjs'

const schema = readFileSync(join(root, 'server/engine/bpmn/kaigong.xsd'), 'utf8')
const known = new Map([...schema.matchAll(/<xsd:element name="(\w+)">([^]*?)<\/xsd:element>/g)].map(([, name, body]) => [name, new Set([...body.matchAll(/<xsd:attribute name="(\w+)"/g)].map(([, attribute]) => attribute))]))

test('every extension element of a shipped process stands in the schema with each of its attributes', () => {
  const files = readdirSync(join(root, 'catalog')).map((matter) => join(root, 'catalog', matter, 'issue.bpmn')).filter((file) => existsSync(file))
  assert.ok(files.length >= 2)
  let seen = 0
  for (const file of files) {
    for (const [, name, attributes] of readFileSync(file, 'utf8').matchAll(/<kaigong:(\w+)([^>]*?)\/?>/g)) {
      assert.ok(known.has(name), `${name} in ${file}`)
      for (const [, attribute] of attributes.matchAll(/(\w+)=/g)) assert.ok(known.get(name).has(attribute), `${name} ${attribute} in ${file}`)
      seen += 1
    }
  }
  assert.ok(seen > 20)
})
