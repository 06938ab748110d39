// One openapi.yaml a module becomes one document, build/openapi.json: the TypeScript client and the API tests read that.
// Exit 1 when a file does not parse, a path stands twice, or an operation lacks an id or replies.
import { readFileSync, readdirSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse as parseYaml } from 'yaml'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const modules = join(root, 'server/modules')
const document = {
  openapi: '3.1.0',
  info: { title: 'Kaigong', version: '0.1.0', description: 'Construction permits: file, review, issue, verify.', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
  servers: [{ url: '/' }],
  paths: {},
  components: { schemas: {}, parameters: {}, responses: {} },
}
const problems = []
const operations = new Set()

function take(file) {
  const fragment = parseYaml(readFileSync(file, 'utf8'))
  for (const [path, item] of Object.entries(fragment.paths ?? {})) {
    if (document.paths[path]) problems.push(`${file}: ${path} stands in two modules`)
    document.paths[path] = item
    for (const [method, operation] of Object.entries(item)) {
      if (method === 'parameters') continue
      if (!operation.operationId) problems.push(`${file}: ${method} ${path} has no operationId`)
      if (operations.has(operation.operationId)) problems.push(`${file}: operationId ${operation.operationId} stands twice`)
      operations.add(operation.operationId)
      if (!operation.responses) problems.push(`${file}: ${method} ${path} has no responses`)
    }
  }
  for (const kind of Object.keys(document.components)) {
    for (const [name, value] of Object.entries(fragment.components?.[kind] ?? {})) {
      if (document.components[kind][name]) problems.push(`${file}: component ${kind}/${name} stands twice`)
      document.components[kind][name] = value
    }
  }
}

const files = [join(root, 'server/http/openapi.yaml'), ...(existsSync(modules) ? readdirSync(modules).sort().map((m) => join(modules, m, 'openapi.yaml')) : []), join(root, 'server/app/openapi.yaml')]
for (const file of files.filter(existsSync)) {
  try {
    take(file)
  } catch (fault) {
    problems.push(`${file}: ${fault.message}`)
  }
}

const text = JSON.stringify(document)
for (const [, kind, name] of text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g)) {
  if (!document.components[kind]?.[name]) problems.push(`a reference to components/${kind}/${name} leads nowhere`)
}
mkdirSync(join(root, 'build'), { recursive: true })
// Others read it meanwhile: the new one takes the place of the old one whole.
const written = join(root, `build/openapi.json.${process.pid}`)
writeFileSync(written, JSON.stringify(document, null, 1))
renameSync(written, join(root, 'build/openapi.json'))
for (const problem of new Set(problems)) console.error(problem)
console.log(problems.length ? `openapi: ${problems.length} problems` : `openapi: ok, ${operations.size} operations`)
process.exit(problems.length ? 1 : 0)
