/**
 * Reading what a transparency log says: RFC 6962 hashes, C2SP signed-note, tlog-checkpoint, tlog-cosignature (the
 * Ed25519 kind) and tlog-proof. Pure; nothing here says whom to trust.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { base64_bytes, equal_bytes, hex_text, joined, malformed, utf8_bytes } from './bytes'

const kLog = 0x01
const kWitness = 0x04
/** A note with more lines is not read: 16 must be, nobody has so many witnesses. */
const kSignaturesMax = 64
const kPathMax = 63
/** Later times are none that a clock could have shown. */
const kSecondsMax = 1n << 43n

export interface VerifierKey {
  name: string
  /** Eight hexadecimal digits. */
  id: string
  kind: number
  key: Uint8Array
}

export interface NoteSignature {
  name: string
  id: string
  bytes: Uint8Array
}

export interface Checkpoint {
  origin: string
  size: bigint
  root: Uint8Array
  /** What is signed: the lines before the empty one, each with its end. */
  text: string
  signatures: NoteSignature[]
}

export interface Proof {
  index: bigint
  path: Uint8Array[]
  checkpoint: Checkpoint
}

export function leaf_hash(entry: Uint8Array): Uint8Array {
  return sha256(joined(Uint8Array.of(0), entry))
}

function node_hash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(joined(Uint8Array.of(1), left, right))
}

/** RFC 9162 §2.1.3.2: the root that a path from a leaf leads to; nothing when the path has not the length of the place. */
export function root_of_path(leaf: Uint8Array, index: bigint, size: bigint, path: Uint8Array[]): Uint8Array | null {
  if (index >= size) return null
  let place = index
  let last = size - 1n
  let hash = leaf
  for (const other of path) {
    if (last === 0n) return null
    if (place % 2n === 1n || place === last) {
      hash = node_hash(other, hash)
      while (place % 2n === 0n && place !== 0n) {
        place /= 2n
        last /= 2n
      }
    } else {
      hash = node_hash(hash, other)
    }
    place /= 2n
    last /= 2n
  }
  return last === 0n ? hash : null
}

export function holds(proof: Proof, entry: Uint8Array): boolean {
  const root = root_of_path(leaf_hash(entry), proof.index, proof.checkpoint.size, proof.path)
  return root !== null && equal_bytes(root, proof.checkpoint.root)
}

/** `<name>+<8 hexadecimal digits>+<base64>`; the id must be that of the name and the key. */
export function parse_verifier_key(text: string): VerifierKey {
  const [, name, id, base64] = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(text) ?? []
  if (!name || !id || !base64) return malformed('not a verifier key')
  const bytes = base64_bytes(base64)
  const kind = bytes[0] ?? 0
  if (bytes.length !== 33 || (kind !== kLog && kind !== kWitness)) malformed('not an Ed25519 key')
  if (key_id(name, bytes) !== id) malformed('the id is not that of the key')
  return { name, id, kind, key: bytes.subarray(1) }
}

function key_id(name: string, kind_and_key: Uint8Array): string {
  return hex_text(sha256(joined(utf8_bytes(`${name}\n`), kind_and_key)).subarray(0, 4))
}

/** The lines of signature of the note, and what is before them. */
function parse_note(note: string): { text: string; signatures: NoteSignature[] } {
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) malformed('control characters in a note')
  const border = note.lastIndexOf('\n\n')
  if (border < 0 || !note.endsWith('\n')) malformed('a note without signatures')
  const lines = note.slice(border + 2, -1).split('\n')
  if (lines.length > kSignaturesMax) malformed('too many signatures')
  return { text: note.slice(0, border + 1), signatures: lines.map(parse_signature) }
}

function parse_signature(line: string): NoteSignature {
  const [, name, base64] = /^— ([^\s+]+) (\S+)$/u.exec(line) ?? []
  if (!name || !base64) return malformed('not a line of signature')
  const bytes = base64_bytes(base64)
  if (bytes.length < 5) malformed('a signature without bytes')
  return { name, id: hex_text(bytes.subarray(0, 4)), bytes: bytes.subarray(4) }
}

function parse_decimal(text: string | undefined): bigint {
  if (!text || !/^(?:0|[1-9]\d{0,18})$/.test(text)) return malformed('not a number of a log')
  return BigInt(text)
}

function parse_hash(text: string | undefined): Uint8Array {
  const bytes = base64_bytes(text ?? '')
  if (bytes.length !== 32) malformed('not a hash')
  return bytes
}

export function parse_checkpoint(note: string): Checkpoint {
  const { text, signatures } = parse_note(note)
  const lines = text.slice(0, -1).split('\n')
  const [origin, size, root] = lines
  if (!origin || lines.some((line) => line === '')) return malformed('an empty line in a checkpoint')
  return { origin, size: parse_decimal(size), root: parse_hash(root), text, signatures }
}

export function parse_proof(text: string): Proof {
  const border = text.indexOf('\n\n')
  if (border < 0) malformed('a proof without checkpoint')
  const lines = text.slice(0, border).split('\n')
  if (lines.shift() !== 'c2sp.org/tlog-proof@v1') malformed('not a proof')
  if (lines[0]?.startsWith('extra ')) base64_bytes((lines.shift() ?? '').slice(6))
  const index_line = lines.shift() ?? ''
  if (!index_line.startsWith('index ')) malformed('a proof without index')
  if (lines.length > kPathMax) malformed('a path too long')
  return {
    index: parse_decimal(index_line.slice(6)),
    path: lines.map(parse_hash),
    checkpoint: parse_checkpoint(text.slice(border + 2)),
  }
}

function signatures_of(checkpoint: Checkpoint, key: VerifierKey): NoteSignature[] {
  return checkpoint.signatures.filter(({ name, id }) => name === key.name && id === key.id)
}

function ed25519_holds(signature: Uint8Array, message: string, key: Uint8Array): boolean {
  try {
    return signature.length === 64 && ed25519.verify(signature, utf8_bytes(message), key, { zip215: false })
  } catch {
    return false
  }
}

/** The log's own line; a line of this key that fails makes the note worthless, as signed-note says. */
export function signed_by_log(checkpoint: Checkpoint, key: VerifierKey): boolean {
  const mine = signatures_of(checkpoint, key)
  return (
    key.kind === kLog && mine.length > 0 && mine.every(({ bytes }) => ed25519_holds(bytes, checkpoint.text, key.key))
  )
}

/** When the witness cosigned, in milliseconds; nothing when it did not, false when a line of its key does not hold. */
export function cosigned_at_ms(checkpoint: Checkpoint, key: VerifierKey): number | null | false {
  if (key.kind !== kWitness) return null
  const times = signatures_of(checkpoint, key).map(({ bytes }) => {
    const seconds = bytes.length === 72 ? new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0) : kSecondsMax
    const message = `cosignature/v1\ntime ${seconds}\n${checkpoint.text}`
    return seconds < kSecondsMax && ed25519_holds(bytes.subarray(8), message, key.key) ? Number(seconds) * 1000 : false
  })
  return times.includes(false) ? false : (times[0] ?? null)
}
