/** Second factors of one person, for pages without a server. One code is right: 123456. */
import type { Factor, Factors } from '@/shared/api/types'
import { kNow } from './story'

export interface FactorStub {
  found: Factors
  /** The reason for which every change is refused; null: none is. */
  refusal: { reason: string; status: number; message: string } | null
  /** Nothing where the path is none of its. */
  answer: (
    method: string,
    path: string,
    body: Record<string, unknown>,
  ) => { status: number; body: unknown; reason?: string } | null
}

export const kSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
export const kCodes = Array.from({ length: 10 }, (_, place) => `ABCDE-FGHJ${String(place === 9 ? 'K' : place + 2)}`)

export function factor(name: string, kind: Factor['kind'] = 'totp'): Factor {
  return { factor_id: `f-${name}`, kind, name, created_at_ms: kNow, last_used_at_ms: null }
}

export function make_factor_stub(): FactorStub {
  const waiting = new Map<string, string>()
  const stub: FactorStub = {
    found: { factors: [], recovery_codes_left: 0, webauthn_available: true },
    refusal: null,
    answer(method, path, body) {
      if (method === 'GET') return { status: 200, body: structuredClone(stub.found) }
      if (stub.refusal) return { status: stub.refusal.status, body: stub.refusal.message, reason: stub.refusal.reason }
      if (path === '/account/recovery-codes') {
        stub.found.recovery_codes_left = 10
        return { status: 201, body: { codes: kCodes } }
      }
      return change(method, path.replace('/account/factors', ''), body)
    },
  }

  function add(name: string, kind: Factor['kind'], status: number) {
    const one = factor(name, kind)
    stub.found.factors.push(one)
    return { status, body: one }
  }

  function change(method: string, rest: string, body: Record<string, unknown>) {
    const name = String(body.name)
    if (rest === '/totp') {
      waiting.set('f-new', name)
      const otpauth_uri = `otpauth://totp/%E5%BC%80%E5%B7%A5:li?secret=${kSecret}`
      return { status: 201, body: { factor_id: 'f-new', secret: kSecret, otpauth_uri, expires_at_ms: kNow } }
    }
    if (rest.endsWith('/confirmation')) {
      if (body.code === '123456') return add(waiting.get('f-new') ?? '', 'totp', 200)
      return { status: 422, body: '动态口令不对。', reason: 'identity.factor_code_wrong' }
    }
    if (rest === '/webauthn/options') return { status: 200, body: { public_key: kOptions } }
    if (rest === '/webauthn') return add(name, 'webauthn', 201)
    const id = decodeURIComponent(rest.slice(1))
    const one = stub.found.factors.find((entry) => entry.factor_id === id)
    if (!one) return { status: 404, body: '没有找到。', reason: 'identity.factor_not_found' }
    if (method === 'PATCH') return { status: 200, body: Object.assign(one, { name }) }
    stub.found.factors = stub.found.factors.filter((entry) => entry !== one)
    return { status: 204, body: null }
  }

  return stub
}

const kOptions = {
  challenge: 'AAEC_w',
  rp: { id: 'localhost', name: '开工' },
  user: { id: 'YQ', name: 'li', displayName: 'li' },
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  timeout: 300_000,
  excludeCredentials: [{ type: 'public-key', id: '_-4' }],
  authenticatorSelection: { residentKey: 'discouraged', requireResidentKey: false, userVerification: 'required' },
  attestation: 'none',
}
