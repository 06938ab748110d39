/** An electronic seal (GB/T 38540-2020, SES V4): who made it, who may press it, and what it was pressed upon. */
import { sha256 } from '@noble/hashes/sha2.js'
import { equal_bytes, malformed } from './bytes'
import {
  bit_string,
  children,
  expect_tag,
  instant_ms,
  kTag,
  object_identifier,
  octets,
  parse_der,
  sequence,
  small_integer,
  text_of,
  type Der,
} from './der'
import { kSm2WithSm3, signature_holds } from './signatures'
import { sm3 } from './sm3'
import { parse_certificate, type Certificate } from './x509'

const kVersion = 4
const kListOfCertificates = 1

export interface Seal {
  name: string
  /** Certificates, or their digests. */
  listed: Uint8Array[]
  lists_certificates: boolean
  made_ms: number
  from_ms: number
  through_ms: number
  maker: Certificate
  /** What its maker signed, how, and with what. */
  signed: Uint8Array
  algorithm: string
  signature: Uint8Array
}

export interface Sealing {
  seal: Seal
  at_ms: number
  /** SM3 of the description that was sealed. */
  digest: Uint8Array
  /** Path of the description in its package. */
  description: string
  signer: Certificate
  signed: Uint8Array
  algorithm: string
  signature: Uint8Array
  /** RFC 3161, over the signature. */
  timestamp: Uint8Array | null
}

function parse_seal(der: Der | undefined): Seal {
  const [about, maker, algorithm, signature] = sequence(der)
  const [header, , property] = sequence(about)
  const [id, version] = sequence(header)
  if (text_of(id) !== 'ES' || small_integer(version) !== kVersion) malformed('not a seal of version 4')
  const [, name, kind, list, made, from, through] = sequence(property)
  return {
    name: text_of(name),
    listed: sequence(list).map((item) => (item.tag === kTag.sequence ? octets(children(item).at(-1)) : octets(item))),
    lists_certificates: small_integer(kind) === kListOfCertificates,
    made_ms: instant_ms(made),
    from_ms: instant_ms(from),
    through_ms: instant_ms(through),
    maker: parse_certificate(octets(maker)),
    signed: expect_tag(about, kTag.sequence).whole,
    algorithm: object_identifier(algorithm),
    signature: bit_string(signature),
  }
}

/** SignedValue.dat. */
export function parse_sealing(bytes: Uint8Array): Sealing {
  const [signed, signer, algorithm, signature, timestamp] = sequence(parse_der(bytes))
  const [version, seal, at, digest, description] = sequence(signed)
  if (small_integer(version) !== kVersion) malformed('not a seal of version 4')
  return {
    seal: parse_seal(seal),
    at_ms: instant_ms(at),
    digest: bit_string(digest),
    description: text_of(description),
    signer: parse_certificate(octets(signer)),
    signed: expect_tag(signed, kTag.sequence).whole,
    algorithm: object_identifier(algorithm),
    signature: bit_string(signature),
    timestamp: timestamp ? bit_string(children(expect_tag(timestamp, 0xa0))[0]) : null,
  }
}

function holds(algorithm: string, signature: Uint8Array, signed: Uint8Array, by: Certificate): boolean {
  return algorithm === kSm2WithSm3 && signature_holds(algorithm, signature, signed, by.key)
}

export function sealing_holds(sealing: Sealing): boolean {
  return holds(sealing.algorithm, sealing.signature, sealing.signed, sealing.signer)
}

/** The maker signs the description of the seal alone, without his own certificate after it. */
export function seal_is_whole({ algorithm, signature, signed, maker }: Seal): boolean {
  return holds(algorithm, signature, signed, maker)
}

export function lists_signer({ seal, signer }: Sealing): boolean {
  const forms = seal.lists_certificates ? [signer.der] : [sm3(signer.der), sha256(signer.der)]
  return seal.listed.some((one) => forms.some((form) => equal_bytes(one, form)))
}
