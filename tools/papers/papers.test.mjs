import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { creditCodeValid, residentIdValid } from './codes.mjs'
import { papersOf, templates } from './make.mjs'

const cases = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'catalog', 'construction-permit', 'cases')
const packages = readdirSync(cases).map((name) => ({ name, pack: JSON.parse(readFileSync(join(cases, name, 'case.json'), 'utf8')) }))

test('every paper of every package can be laid out, is there, and says that it is a sample', () => {
  for (const { name, pack } of packages) {
    for (const { file, pages } of papersOf(pack)) {
      assert.ok(pages.length > 0, `${name}/${file} has no page`)
      for (const page of pages) {
        assert.ok(page.includes('样例'), `${name}/${file}`)
        assert.ok(!/undefined|NaN|null/.test(page), `${name}/${file}: ${/.{30}(undefined|NaN|null).{30}/.exec(page)?.[0]}`)
      }
      const path = join(cases, name, file)
      assert.ok(existsSync(path), `${path} was not made: node tools/papers/make.mjs`)
      assert.ok(statSync(path).size <= 150_000, `${path} is larger than 150 kB`)
    }
  }
})

test('no file lies in a package without being one of its materials', () => {
  for (const { name, pack } of packages) {
    const named = papersOf(pack).map((p) => p.file)
    for (const file of readdirSync(join(cases, name, 'papers'))) assert.ok(named.includes(`papers/${file}`), `${name}/papers/${file}`)
  }
})

test('every template is used by some package', () => {
  const used = new Set(JSON.stringify(packages).match(/"template":"\w+"/g).map((m) => m.slice(12, -1)))
  assert.deepEqual(Object.keys(templates).filter((t) => !used.has(t)), [])
})

test('codes are right, except the one that is wrong on purpose', () => {
  const wrong = []
  for (const { name, pack } of packages) {
    for (const [i, p] of pack.form.participants.entries()) {
      if (!creditCodeValid(p.credit_code)) wrong.push(`${name} participants[${i}]`)
      for (const person of [p.lead, ...(p.people ?? []), ...(p.legal_representative.id_number ? [p.legal_representative] : [])]) assert.ok(residentIdValid(person.id_number), `${name}: ${person.name}`)
    }
    assert.ok(residentIdValid(pack.form.agent.id_number), name)
  }
  assert.deepEqual(wrong.map((w) => w.split(' ')[0]), ['wrong_credit_code'])
})

test('an unknown template is refused with the known ones', () => {
  const pack = { form: {}, materials: [{ material_code: 'M-21', file: 'papers/x.pdf', paper: { template: 'love_letter' } }], steps: [] }
  assert.throws(() => papersOf(pack), /love_letter.*construction_contract/s)
})
