// A provider of identities that does what a test tells it: rightly, or with one fault.
import { createHash, createPublicKey, constants, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'

const encoded = (part) => Buffer.from(JSON.stringify(part)).toString('base64url')

export class ProviderOfOthers {
  /** What is wrong today: a function that changes claims, header or answers; see the tests. */
  fault = {}
  /** Who sits at a browser that comes here by itself. */
  person = 'somebody'
  #codes = new Map()
  #keys = []
  #before = []

  static async start({ client_id, client_secret }) {
    const provider = new ProviderOfOthers()
    Object.assign(provider, { client_id, client_secret })
    provider.roll('ES256')
    await provider.listen(0)
    return provider
  }

  listen(port) {
    this.server = createServer((request, response) => void this.#answer(request, response))
    return new Promise((resolve) =>
      this.server.listen(port, '127.0.0.1', () => {
        this.port = this.server.address().port
        this.issuer = `http://127.0.0.1:${this.port}`
        resolve()
      }),
    )
  }

  /** Gone, as when the network is; `listen(port)` brings it back. */
  stop() {
    this.server.closeAllConnections()
    return new Promise((resolve) => this.server.close(resolve))
  }

  /** From now on by a new key; the old one is published no longer. */
  roll(alg) {
    const pair = alg === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 })
    this.#before = this.#keys
    this.#keys = [{ alg, kid: randomUUID(), ...pair }]
  }

  roll_back() {
    this.#keys = this.#before
  }

  /** What a person's browser brings back after signing in there as `subject`. */
  visit(location, subject, claims = {}) {
    const asked = new URL(location).searchParams
    const code = randomUUID()
    this.#codes.set(code, { asked, subject, claims })
    return { asked, query: new URLSearchParams({ code, state: asked.get('state'), iss: this.fault.iss ?? this.issuer }).toString() }
  }

  #token({ asked, subject, claims }) {
    const [key] = this.#keys
    const now = Math.floor(Date.now() / 1000)
    const header = { alg: key.alg, kid: key.kid, typ: 'JWT', ...this.fault.header }
    const whole = { iss: this.issuer, sub: subject, aud: this.client_id, iat: now, exp: now + 300, auth_time: now, nonce: asked.get('nonce'), name: '统一身份某人', ...claims, ...this.fault.claims }
    const text = `${encoded(header)}.${encoded(whole)}`
    if (this.fault.unsigned) return `${text}.`
    const options = { ES256: { key: key.privateKey, dsaEncoding: 'ieee-p1363' }, RS256: { key: key.privateKey }, PS256: { key: key.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } }[key.alg]
    return `${text}.${sign('sha256', Buffer.from(text), options).toString('base64url')}`
  }

  async #answer(request, response) {
    const say = (body, status = 200) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (this.fault.slow) return
    if (this.fault.huge) return say({ padding: 'x'.repeat(1 << 20) })
    if (request.url === '/.well-known/openid-configuration') {
      return say({ issuer: this.issuer, authorization_endpoint: `${this.issuer}/authorize`, token_endpoint: `${this.issuer}/token`, jwks_uri: `${this.issuer}/keys`, ...this.fault.metadata })
    }
    if (request.url.startsWith('/authorize?')) {
      const { asked, query } = this.visit(this.issuer + request.url, this.person)
      return response.writeHead(302, { location: `${asked.get('redirect_uri')}?${query}` }).end()
    }
    if (request.url === '/keys') return say({ keys: this.#keys.map(({ alg, kid, publicKey }) => ({ ...createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' }), alg, kid, use: 'sig' })) })
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    const known = this.#codes.get(form.get('code'))
    this.#codes.delete(form.get('code'))
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url')
    if (!known || known.asked.get('code_challenge') !== challenge || form.get('client_secret') !== this.client_secret) return say({ error: 'invalid_grant' }, 400)
    say({ access_token: 'of no use here', token_type: 'Bearer', id_token: this.#token(known) })
  }
}
