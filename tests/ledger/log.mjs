// A throwaway log as static files (C2SP tlog-tiles), written a second time, so that tests can lie with its key: a test
// that only spoke the engine's own dialect would find nothing.
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { spawn } from 'node:child_process'
import { binary } from '../api/binary.mjs'

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
export const leafHash = (entry) => sha256(Buffer.of(0), entry)
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right)

/** RFC 6962 §2.1, word for word. */
export function rootOf(leaves) {
  if (leaves.length === 0) return sha256()
  if (leaves.length === 1) return leaves[0]
  let cut = 1
  while (cut * 2 < leaves.length) cut *= 2
  return nodeHash(rootOf(leaves.slice(0, cut)), rootOf(leaves.slice(cut)))
}

/** RFC 8785 for what entries hold. */
export const canonical = (value) =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`
    : JSON.stringify(value)

/** A key of notes: Ed25519 of a random seed. */
export class LogKey {
  constructor(name) {
    this.name = name
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), randomBytes(32)])
    this.key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
    this.public = Buffer.concat([Buffer.of(1), createPublicKey(this.key).export({ format: 'der', type: 'spki' }).subarray(-32)])
    this.id = sha256(`${name}\n`, this.public).subarray(0, 4)
  }
  get vkey() {
    return `${this.name}+${this.id.toString('hex')}+${this.public.toString('base64')}`
  }
  note(text) {
    const signature = Buffer.concat([this.id, sign(null, Buffer.from(text), this.key)])
    return `${text}\n— ${this.name} ${signature.toString('base64')}\n`
  }
}

const pathOf = (index) => {
  const groups = []
  for (let rest = index; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) groups.unshift(String(rest % 1000).padStart(3, '0'))
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')
}

function bundleOf(entries) {
  return Buffer.concat(entries.flatMap((entry) => [Buffer.of(entry.length >> 8, entry.length & 255), entry]))
}

/** All files of a log of these entries, by path. */
export function filesOf(key, entries) {
  const files = new Map()
  const bytes = entries.map((entry) => Buffer.from(typeof entry === 'string' ? entry : canonical(entry)))
  const put = (kind, hashes, make) => {
    for (let index = 0; index * 256 < hashes.length; index += 1) {
      const some = hashes.slice(index * 256, index * 256 + 256)
      files.set(`tile/${kind}/${pathOf(index)}${some.length < 256 ? `.p/${some.length}` : ''}`, make(some))
    }
  }
  put('entries', bytes, bundleOf)
  let row = bytes.map(leafHash)
  const root = rootOf(row)
  for (let level = 0; row.length > 0; level += 1) {
    put(level, row, (hashes) => Buffer.concat(hashes))
    const above = []
    for (let i = 0; i + 256 <= row.length; i += 256) above.push(rootOf(row.slice(i, i + 256)))
    row = above
  }
  files.set('checkpoint', Buffer.from(key.note(`${key.name}\n${entries.length}\n${root.toString('base64')}\n`)))
  return files
}

const digest = (text) => `sha256:${sha256(text).toString('hex')}`

/** The entry of a permit that nobody finds fault with. */
export function permitEntry(number, loggedAtMs, changes = {}) {
  const day = new Date(loggedAtMs + 8 * 3_600_000).toISOString().slice(0, 10)
  return {
    v: 1, entry: 'permit', certificate_identifier: `C${number}`, certificate_version: 1, permit_number: `3301${number}`,
    state: 'in_force', issuer_code: '11330106MB0000000X', issued_on: day, decided_at_ms: loggedAtMs, logged_at_ms: loggedAtMs,
    works_name: `示例工程${number}`, owner_name: '示例单位', sandbox: false, content: digest(`content ${number}`), ...changes,
  }
}

/** Runs `kaigong ledger …`; the answer of --json as `said`. */
export function ledger(...words) {
  return new Promise((resolve) => {
    const process_ = spawn(binary, ['ledger', ...words])
    const all = { stdout: '', stderr: '' }
    process_.stdout.on('data', (text) => (all.stdout += text))
    process_.stderr.on('data', (text) => (all.stderr += text))
    process_.on('close', (status) => resolve({ ...all, status, said: words.includes('--json') && all.stdout.startsWith('{') ? JSON.parse(all.stdout) : null }))
  })
}

/** A verb that listens, while `use` runs with its address. */
export async function whileListening(words, use) {
  const process_ = spawn(binary, ['ledger', ...words])
  const ended = new Promise((resolve) => process_.on('close', resolve))
  const url = await new Promise((resolve) => process_.stderr.on('data', (text) => /http:\S+/.test(text) && resolve(/http:\S+/.exec(text)[0])))
  try {
    await use(url, ended)
  } finally {
    process_.kill()
    await ended
  }
}

/** Serves whatever `files` holds now, after `spoil` had its way with it; that is where the lies come from. */
export class LogServer {
  static async start(files) {
    const server = new LogServer()
    server.files = files
    server.spoil = (path, bytes) => bytes
    server.http = createServer((request, response) => {
      const path = request.url.slice(1)
      const bytes = server.spoil(path, server.files.get(path))
      response.writeHead(bytes ? 200 : 404, { 'content-type': 'application/octet-stream' })
      response.end(bytes ?? '')
    })
    await new Promise((resolve) => server.http.listen(0, '127.0.0.1', resolve))
    server.url = `http://127.0.0.1:${server.http.address().port}`
    return server
  }
  stop() {
    return new Promise((resolve) => this.http.close(resolve))
  }
}
