/**
 * Serves web/dist with the story instead of a server, for looking at pages: node tests/preview.mjs [port]. Loopback
 * only, with the policy headers of the real server, so that what the policy forbids shows.
 */
import { createServer } from 'node:http'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))
process.chdir(join(here, '..'))
const dist = join(here, '..', 'dist')
const port = Number(process.argv[2] ?? 5199)
const outfile = join(tmpdir(), `kaigong-stub-${process.pid}.mjs`)
await build({
  entryPoints: [join(here, 'stub.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile,
  alias: { '@': join(here, '..', 'src') },
  logLevel: 'error',
})
const { make_stub } = await import(pathToFileURL(outfile).href)
const stub = make_stub(null)

const kPolicy =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
const kTypes = {
  js: 'text/javascript',
  mjs: 'text/javascript',
  css: 'text/css',
  html: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
  bcmap: 'application/octet-stream',
}

async function api(request, response) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const account = /mock=(\w+)/.exec(request.headers.cookie ?? '')?.[1]
  if (account) stub.sign_in(account)
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const body = ['GET', 'HEAD'].includes(request.method) ? undefined : Buffer.concat(chunks)
  const reply = await stub.answer(
    new Request(`http://127.0.0.1:${port}${request.url}`, { method: request.method, headers, body }),
  )
  const out = Object.fromEntries(reply.headers)
  if (request.url.endsWith('/session') && request.method === 'POST' && reply.ok)
    out['set-cookie'] = `mock=${JSON.parse(Buffer.concat(chunks)).account}; Path=/`
  response.writeHead(reply.status, out)
  response.end(Buffer.from(await reply.arrayBuffer()))
}

function page(request, response) {
  const path = decodeURIComponent(new URL(request.url, 'http://x').pathname).replace(/^\/app\/?/, '')
  const file = join(dist, path)
  const found = path && file.startsWith(dist) && existsSync(file) ? file : join(dist, 'index.html')
  response.writeHead(200, {
    'Content-Type': kTypes[found.split('.').pop()] ?? 'application/octet-stream',
    'Content-Security-Policy': kPolicy,
  })
  response.end(readFileSync(found))
}

createServer((request, response) => {
  const answer = request.url.startsWith('/api/') ? api : page
  Promise.resolve(answer(request, response)).catch((error) => {
    response.writeHead(500)
    response.end(String(error))
  })
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/app/`))
