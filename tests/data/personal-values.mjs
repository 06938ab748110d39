// Every personal value of the shipped application packages, for the test that scans database, blobs and logs for clear text.
//   import { personalValues } from 'tests/data/personal-values.mjs'      or      node tests/data/personal-values.mjs [--secret] > values.json
// One entry a value: {value, kind: name|id_number|phone|account, public, packages: [name], paths: [path with [] for rows]}.
// `public` is true where the law or the demo itself shows the value in clear: names of leads on the certificate (建筑法 8, certificate face),
// names of the demo accounts. A scan looks for the others; `--secret` prints only those.
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withChanges } from '../../tools/demo/patch.mjs'

const matter = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'catalog', 'construction-permit')
const kDemoAccountNames = ['孙经办', '周经办', '吴经办']

/** Paths of the form that carry `x-personal`: [{path, kind, on_certificate}]. */
export function personalPaths(schema = JSON.parse(readFileSync(join(matter, 'form.schema.json'), 'utf8')), path = '') {
  if (schema['x-personal']) return [{ path, kind: schema['x-personal'], on_certificate: schema['x-public-on'] === 'certificate' }]
  if (schema.items) return personalPaths(schema.items, `${path}[]`)
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => personalPaths(inner, path ? `${path}.${key}` : key))
}

function valuesAt(value, parts) {
  if (value === undefined || value === null) return []
  if (!parts.length) return [String(value)]
  const [part, ...rest] = parts
  return part === '[]' ? value.flatMap((row) => valuesAt(row, rest)) : valuesAt(value[part], rest)
}

// Everything a package ever files: its form, the forms of its other applications, and each resubmission.
function formsOf(pack) {
  const forms = [pack.form, withChanges(pack.form, pack.papers_say)]
  for (const more of Object.values(pack.more_applications ?? {})) forms.push(withChanges(pack.form, more.changes))
  for (const step of pack.steps) if (step.input?.changes) forms.push(withChanges(pack.form, step.input.changes))
  return forms
}

/** All personal values of all shipped packages, each once. */
export function personalValues() {
  const cases = join(matter, 'cases')
  const found = new Map()
  for (const name of readdirSync(cases).sort()) {
    const pack = JSON.parse(readFileSync(join(cases, name, 'case.json'), 'utf8'))
    for (const form of formsOf(pack)) {
      for (const { path, kind, on_certificate: onCertificate } of personalPaths()) {
        for (const value of valuesAt(form, path.replaceAll('[]', '.[]').split('.'))) {
          const entry = found.get(value) ?? { value, kind, public: false, packages: new Set(), paths: new Set() }
          entry.public ||= onCertificate || kDemoAccountNames.includes(value)
          entry.packages.add(name)
          entry.paths.add(path)
          found.set(value, entry)
        }
      }
    }
  }
  return [...found.values()].map((entry) => ({ ...entry, packages: [...entry.packages], paths: [...entry.paths] })).sort((a, b) => (a.value < b.value ? -1 : 1))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const list = personalValues().filter((entry) => !process.argv.includes('--secret') || !entry.public)
  console.log(JSON.stringify(list, null, 2))
}
