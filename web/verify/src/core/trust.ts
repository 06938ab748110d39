/** Whom a verifier trusts: trust.json, got from the authority once. */
import { base64_bytes, malformed } from './bytes'
import { is_object, parse_json, type Json, type JsonObject } from './canonical_json'
import { parse_verifier_key, type VerifierKey } from './tlog'
import { parse_certificate, type Certificate } from './x509'

export interface Trust {
  name: string
  sandbox: boolean
  public_url: string
  log: { origin: string; key: VerifierKey }
  witnesses: { name: string; key: VerifierKey }[]
  witnesses_needed: number
  signing_roots: Certificate[]
  seal_roots: Certificate[]
  /** SHA-256, in hexadecimal digits, of the certificates that the authority signs with, or did; of the makers of its seals. */
  signers: string[]
  seal_makers: string[]
  issuers: { code: string; name: string }[]
}

/** Throws Malformed: a list of trust that is half understood is worse than none. */
export function parse_trust(text: string): Trust {
  const root = parse_json(text)
  if (!is_object(root) || root.v !== 1 || !is_object(root.log)) return malformed('not a trust file of version 1')
  const needed = root.witnesses_needed ?? 0
  if (typeof needed !== 'number' || !Number.isInteger(needed) || needed < 0) return malformed('witnesses_needed')
  return {
    name: text_member(root, 'name'),
    sandbox: root.sandbox === true,
    public_url: text_member(root, 'public_url'),
    log: { origin: text_member(root.log, 'origin'), key: parse_verifier_key(text_member(root.log, 'key')) },
    witnesses: witnesses(root.witnesses),
    witnesses_needed: needed,
    signing_roots: roots(root.signing_roots),
    seal_roots: roots(root.seal_roots),
    signers: digests(root.signers),
    seal_makers: digests(root.seal_makers),
    issuers: objects(root.issuers).map((one) => ({ code: text_member(one, 'code'), name: text_member(one, 'name') })),
  }
}

function text_member(object: JsonObject, name: string): string {
  const value = object[name]
  return typeof value === 'string' ? value : malformed(`${name} is missing`)
}

function objects(list: Json | undefined): JsonObject[] {
  return Array.isArray(list) ? list.map((one) => (is_object(one) ? one : malformed('not an object'))) : []
}

/** One key under two names is one witness: counted twice, it would be its own second opinion. */
function witnesses(list: Json | undefined): Trust['witnesses'] {
  const all = objects(list).map((one) => ({
    name: text_member(one, 'name'),
    key: parse_verifier_key(text_member(one, 'key')),
  }))
  const keys = new Set(all.map(({ key }) => String(key.key)))
  return keys.size === all.length ? all : malformed('a witness is listed twice')
}

function roots(list: Json | undefined): Certificate[] {
  return Array.isArray(list) ? list.map((one) => parse_certificate(base64_bytes(String(one)))) : []
}

/** Without the list nobody would be the authority: it must be there. */
function digests(list: Json | undefined): string[] {
  if (!Array.isArray(list)) return malformed('no list of signers')
  return list.map(
    (one) => /^sha256:([0-9a-fA-F]{64})$/.exec(String(one))?.[1]?.toLowerCase() ?? malformed('not a digest'),
  )
}
