// Writes src/shared/api/schema.d.ts from build/openapi.json, which `node tools/check/openapi.mjs` at the root makes of the
// modules' openapi.yaml. With --check nothing is written: exit 1 when the file there says something else.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath, URL } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'
import ts from 'typescript'

const source = new URL('../../build/openapi.json', import.meta.url)
const target = new URL('../src/shared/api/schema.d.ts', import.meta.url)

/** What the interface leaves to the catalogue is typed by hand: the form, its schema and its layout. */
const kByHand = {
  form: 'FormObject',
  values: 'FormObject',
  form_schema: 'SchemaNode',
  layout: 'Layout',
  code_tables: 'CodeTables',
}

function by_hand(schema, { path }) {
  const name = kByHand[path?.split('/').pop() ?? '']
  // `values` is also what a map of texts is called elsewhere.
  const is_map = name === 'FormObject' && schema.additionalProperties
  return name && schema.type === 'object' && !is_map ? ts.factory.createTypeReferenceNode(name) : undefined
}

/** Texts beside the named ones would make every named member a text too. */
function without_rest(schemas) {
  for (const schema of Object.values(schemas))
    if (schema.properties && typeof schema.additionalProperties === 'object') delete schema.additionalProperties
}

export async function schema_text() {
  const document = JSON.parse(readFileSync(source, 'utf8'))
  without_rest(document.components.schemas)
  const nodes = await openapiTS(document, {
    transform: by_hand,
    emptyObjectsUnknown: true,
    inject: `import type { ${[...new Set(Object.values(kByHand))].join(', ')} } from './form_types'\n`,
  })
  return astToString(nodes)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!existsSync(source))
    throw new Error('build/openapi.json is missing: run node tools/check/openapi.mjs at the root first')
  const text = await schema_text()
  if (!process.argv.includes('--check')) {
    // Types are checked while others write them: the new file takes the place of the old one whole.
    const written = new URL(`schema.d.ts.${process.pid}`, target)
    writeFileSync(written, text)
    renameSync(written, target)
  } else if (readFileSync(target, 'utf8') !== text) {
    console.error('src/shared/api/schema.d.ts is not what the interface says: run npm run api')
    process.exit(1)
  }
}
