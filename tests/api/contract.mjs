// The API as openapi.yaml describes it: checks each reply against its schema and remembers what was exercised.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from './binary.mjs'

const require = createRequire(join(root, 'tools', 'package.json'))
const { default: Ajv } = require('ajv/dist/2020')
const { default: addFormats } = require('ajv-formats')

const kMethods = ['get', 'post', 'put', 'patch', 'delete']
const kChinese = /[\u4e00-\u9fff]/

function readDocument() {
  execFileSync(process.execPath, [join(root, 'tools/check/openapi.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] })
  return JSON.parse(readFileSync(join(root, 'build/openapi.json'), 'utf8'))
}

const pointer = (...parts) => `kaigong#/${parts.map((part) => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`

/** How many of the segments are literal; -1 when the path is another one. */
function fitOf(template, path) {
  const wanted = template.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return -1
  let literal = 0
  for (const [i, part] of wanted.entries()) {
    if (part.startsWith('{')) {
      if (!given[i]) return -1
    } else if (part !== given[i]) return -1
    else literal += 1
  }
  return literal
}

/** What a policy says of one directive. */
const directiveOf = (policy, name) => policy.split(';').map((one) => one.trim().split(/\s+/)).find(([first]) => first === name)?.slice(1).join(' ')

/** A page that a browser shows: nothing in it runs but our own files, whatever somebody managed to write into it. */
function checkPage(where, headers, body) {
  if (!String(headers['content-type'] ?? '').startsWith('text/html') || String(headers['content-disposition'] ?? '').startsWith('attachment')) return
  const policy = String(headers['content-security-policy'] ?? '')
  for (const [name, wanted] of Object.entries({ 'default-src': "'none'", 'script-src': "'self'", 'style-src': "'self'", 'object-src': "'none'", 'base-uri': "'none'", 'form-action': "'self'", 'frame-ancestors': "'self'" })) {
    assert.equal(directiveOf(policy, name), wanted, `${where}: ${name} of the content security policy`)
  }
  assert.doesNotMatch(policy.replace("style-src-attr 'unsafe-inline'", ''), /unsafe|\*|https?:/, `${where}: the content security policy`)
  for (const [name, wanted] of Object.entries({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin' })) {
    assert.equal(headers[name], wanted, `${where}: ${name}`)
  }
  const html = body.toString('utf8')
  for (const [tag, content] of html.matchAll(/<script\b[^>]*>([^]*?)<\/script>/gi)) assert.ok(/\ssrc="\//.test(tag) && content.trim() === '', `${where}: a script in the page itself`)
  assert.doesNotMatch(html, /<style\b/i, `${where}: styles in the page itself`)
  for (const [tag] of html.matchAll(/<[a-z][^>]*>/gi)) assert.doesNotMatch(tag, /\son[a-z]+\s*=|=\s*["']?\s*javascript:/i, `${where}: code in an attribute`)
}

export class Contract {
  #ajv = new Ajv({ strict: false, allErrors: true })
  #validators = new Map()
  #seen = new Set()

  constructor() {
    this.document = readDocument()
    addFormats(this.#ajv)
    this.#ajv.addSchema(this.document, 'kaigong')
  }

  /** `{method, path, operation}` of everything that is described. */
  operations() {
    return Object.entries(this.document.paths).flatMap(([path, item]) => kMethods.filter((m) => item[m]).map((method) => ({ method, path, operation: item[method] })))
  }

  /** The template that a target belongs to, or null. */
  find(target) {
    const path = target.split('?')[0]
    const best = Object.keys(this.document.paths).map((template) => [fitOf(template, path), template]).sort((a, b) => b[0] - a[0])[0]
    return best[0] < 0 ? null : best[1]
  }

  /** Asserts that the reply is one that openapi.yaml describes. Targets that it does not know (the web client's files) must not be under /api. */
  check({ method, target, status, headers, body }) {
    const where = `${method} ${target.slice(0, 200)} → ${status}`
    checkPage(where, headers, body)
    const template = this.find(target)
    assert.ok(headers['x-request-id'] || (template === null && !target.startsWith('/api/')), `${where}: no X-Request-Id`)
    const operation = template ? this.document.paths[template][method.toLowerCase()] : undefined
    if (!operation) return this.#checkUnknown(where, target, status, headers, body)
    const named = String(status) in operation.responses
    const key = named ? String(status) : 'default'
    assert.ok(named || status >= 400, `${where}: this status is not described`)
    const response = this.#resolve(operation.responses[key])
    this.#checkHeaders(where, response, headers)
    this.#checkBody(where, [template, method.toLowerCase(), key], operation.responses[key], headers, body, status)
    this.#seen.add(`${method.toLowerCase()} ${template} ${key}`)
  }

  #resolve(value) {
    return value.$ref ? value.$ref.slice(2).split('/').reduce((at, part) => at[part], this.document) : value
  }

  #checkUnknown(where, target, status, headers, body) {
    if (!target.startsWith('/api/')) return
    assert.ok(status >= 400, `${where}: answered although openapi.yaml does not know it`)
    this.checkProblem(where, status, headers, body)
  }

  #checkHeaders(where, response, headers) {
    for (const [name, rule] of Object.entries(response.headers ?? {})) {
      const value = headers[name.toLowerCase()]
      assert.ok(value !== undefined || !rule.required, `${where}: header ${name} is missing`)
      if (value !== undefined && rule.schema?.pattern) assert.match(String(value), new RegExp(rule.schema.pattern), `${where}: header ${name}`)
    }
  }

  #checkBody(where, [template, method, key], raw, headers, body, status) {
    const response = this.#resolve(raw)
    if (!response.content) return assert.equal(body.length, 0, `${where}: a body where none is described`)
    const type = String(headers['content-type'] ?? '').split(';')[0]
    assert.ok(response.content[type], `${where}: content type ${type}, described are ${Object.keys(response.content).join(', ')}`)
    if (type === 'application/problem+json') this.checkProblem(where, status, headers, body)
    if (!type.endsWith('json')) return
    const place = raw.$ref ? raw.$ref.slice(2).split('/') : ['paths', template, method, 'responses', key]
    this.#validate(where, pointer(...place, 'content', type, 'schema'), JSON.parse(body.toString('utf8')))
  }

  #validate(where, schema, value) {
    if (!this.#validators.has(schema)) this.#validators.set(schema, this.#ajv.compile({ $ref: schema }))
    const valid = this.#validators.get(schema)
    assert.ok(valid(value), `${where} does not fit openapi.yaml:\n${(valid.errors ?? []).slice(0, 8).map((e) => `  ${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`).join('\n')}`)
  }

  /** RFC 9457, in Chinese, with the request's id; 422 names what is wrong where a field is wrong. */
  checkProblem(where, status, headers, body) {
    assert.equal(String(headers['content-type']).split(';')[0], 'application/problem+json', where)
    const problem = JSON.parse(body.toString('utf8'))
    this.#validate(where, pointer('components', 'schemas', 'Problem'), problem)
    assert.equal(problem.status, status, where)
    assert.equal(problem.request_id, headers['x-request-id'], where)
    for (const text of [problem.title, problem.detail, ...problem.fields.map((f) => f.message)]) assert.match(text, kChinese, `${where}: 「${text}」 is not Chinese`)
    return problem
  }

  /** `method path status` of everything described that no reply had, without what `exempt` explains. */
  missing(exempt = {}) {
    const all = this.operations().flatMap(({ method, path, operation }) => Object.keys(operation.responses).map((status) => `${method} ${path} ${status}`))
    return all.filter((one) => !this.#seen.has(one) && !(one in exempt))
  }
}
