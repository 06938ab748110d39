import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { withChanges } from '../demo/patch.mjs'

const matter = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'catalog', 'construction-permit')
const read = (path) => JSON.parse(readFileSync(join(matter, path), 'utf8'))
const ajv = await Promise.all([import('ajv/dist/2020.js'), import('ajv-formats')]).catch(() => null)
const skip = !ajv && !process.env.CI && 'ajv is not installed; run npm ci in tools/'

function formsOf(pack) {
  const forms = [pack.form, withChanges(pack.form, pack.papers_say)]
  for (const more of Object.values(pack.more_applications ?? {})) forms.push(withChanges(pack.form, more.changes))
  for (const step of pack.steps) if (step.input?.changes) forms.push(withChanges(pack.form, step.input.changes))
  return forms
}

function wrongCodes(schema, value, tables, path = '') {
  if (value === undefined || value === null) return []
  if (schema.items) return value.flatMap((row, i) => wrongCodes(schema.items, row, tables, `${path}[${i}]`))
  if (schema.properties) return Object.entries(schema.properties).flatMap(([key, inner]) => wrongCodes(inner, value[key], tables, `${path}.${key}`))
  const table = tables[schema['x-code-table']]
  return !table || table.some((row) => row.code === value) ? [] : [`${path} = ${value} is not in ${schema['x-code-table']}`]
}

test('every form that a package files fits the form of the catalogue', { skip }, () => {
  const [Ajv, formats] = ajv.map((module) => module.default)
  const schema = read('form.schema.json')
  const validator = new (Ajv.default ?? Ajv)({ strict: false, allErrors: true })
  ;(formats.default ?? formats)(validator)
  const fits = validator.compile(schema)
  const tables = read('code_tables.json')
  for (const name of readdirSync(join(matter, 'cases'))) {
    for (const form of formsOf(read(`cases/${name}/case.json`))) {
      assert.ok(fits(form), `${name}: ${JSON.stringify(fits.errors)}`)
      assert.deepEqual(wrongCodes(schema, form, tables), [], name)
    }
  }
})

test('every material and every commitment of a package is on the list of the matter', () => {
  const list = new Map(read('materials.json').map((m) => [m.material_code, m]))
  for (const name of readdirSync(join(matter, 'cases'))) {
    const pack = read(`cases/${name}/case.json`)
    const materials = [pack.materials, ...Object.values(pack.more_applications ?? {}).map((m) => m.materials), ...pack.steps.map((s) => s.input?.materials ?? [])].flat()
    for (const { material_code: code, file } of materials) assert.ok(list.get(code)?.formats.includes(file.split('.').pop()), `${name}: ${code} ${file}`)
    for (const code of pack.commitments ?? []) assert.ok(list.get(code)?.may_commit, `${name}: ${code} may not be promised`)
  }
})
