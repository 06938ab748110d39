// What a person holds in his hand, for tests: an authenticator app and a security key of software.
import { createHash, createHmac, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

const kBase32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const kStepMs = 30_000

function fromBase32(text) {
  const bits = [...text].map((c) => kBase32.indexOf(c).toString(2).padStart(5, '0')).join('')
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
}

/** The six digits that an app shows for a base32 secret (RFC 6238). */
export function totpCode(secret, atMs = Date.now()) {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / kStepMs)))
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const number = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

/** A code that the app shows neither now nor in the steps beside. */
export function wrongTotpCode(secret, atMs = Date.now()) {
  const good = [-2, -1, 0, 1, 2].map((step) => totpCode(secret, atMs + step * kStepMs))
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !good.includes(code))
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest()

/** CBOR (RFC 8949) of what a key of P-256 needs: a map of small numbers to small numbers or byte strings. */
const cborHead = (major, value) => (value < 24 ? Buffer.from([(major << 5) | value]) : Buffer.from([(major << 5) | 24, value]))
const cborNumber = (value) => (value < 0 ? cborHead(1, -1 - value) : cborHead(0, value))
const cborValue = (value) => (typeof value === 'number' ? cborNumber(value) : Buffer.concat([cborHead(2, value.length), value]))
const cborMap = (pairs) => Buffer.concat([cborHead(5, pairs.length), ...pairs.flatMap(([name, value]) => [cborNumber(name), cborValue(value)])])

/** Answers as an honest key does; `lies` changes the answer: {origin, rpId, challenge, type, flags, count}. */
export class Authenticator {
  #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  count = 0

  constructor(origin) {
    this.origin = origin
    this.credentialId = randomBytes(32)
  }

  #clientData(type, challenge, lies) {
    return Buffer.from(JSON.stringify({ type: lies.type ?? type, challenge: lies.challenge ?? challenge, origin: lies.origin ?? this.origin, crossOrigin: false }))
  }

  #head(rpId, flags, lies) {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(lies.count ?? this.count)
    return Buffer.concat([sha256(lies.rpId ?? rpId), Buffer.from([lies.flags ?? flags]), count])
  }

  /** The body for a registration, from the options that the server gave. */
  register(options, name, lies = {}) {
    const { x, y } = this.#keys.publicKey.export({ format: 'jwk' })
    const coordinate = (text) => Buffer.from(text, 'base64url')
    const key = cborMap([[1, 2], [3, -7], [-1, 1], [-2, coordinate(x)], [-3, coordinate(y)]])
    const data = Buffer.concat([this.#head(options.rp.id, 0x45, lies), Buffer.alloc(16), Buffer.from([0, this.credentialId.length]), this.credentialId, key])
    return { name, client_data_json: this.#clientData('webauthn.create', options.challenge, lies).toString('base64url'), authenticator_data: data.toString('base64url') }
  }

  /** The body for an assertion, from the options that the server gave. */
  assert(options, lies = {}) {
    this.count += 1
    const clientData = this.#clientData('webauthn.get', options.challenge, lies)
    const data = this.#head(options.rpId, 0x05, lies)
    const signature = createSign('SHA256').update(Buffer.concat([data, sha256(clientData)])).sign(this.#keys.privateKey)
    const encoded = { credential_id: this.credentialId, client_data_json: clientData, authenticator_data: data, signature }
    return Object.fromEntries(Object.entries(encoded).map(([member, bytes]) => [member, bytes.toString('base64url')]))
  }
}
