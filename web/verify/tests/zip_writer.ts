/** Packages written byte by byte, as no program writes them: for readers that must not believe them. */
import { deflateSync } from 'fflate'
import { joined, utf8_bytes } from '../src/core/bytes'

export interface ZipEntry {
  name: string
  bytes: Uint8Array
  /** Of what stands before the file; the directory has `name`. */
  local_name?: string
  /** Sizes and sum stand after the file, not before it: with the mark before them, or without. */
  follows?: 'marked' | 'bare'
  stored?: boolean
  /** What the file says to be, where it says something else. */
  size?: number
  /** Stands behind the packed bytes, and counts as part of them. */
  packed_more?: Uint8Array
  extra?: Uint8Array
  local_extra?: Uint8Array
  /** Stands between this file and the next, or the directory. */
  after?: Uint8Array
  /** Is in no directory. */
  is_hidden?: boolean
  flags?: number
}

export interface ZipWhole {
  before?: Uint8Array
  after_directory?: Uint8Array
  comment?: Uint8Array
}

function numbers(...parts: [value: number, bytes: 2 | 4][]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap(([value, bytes]) => Array.from({ length: bytes }, (_, at) => (value >>> (8 * at)) & 0xff)),
  )
}

function crc32(bytes: Uint8Array): number {
  let sum = -1
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return ~sum >>> 0
}

/** The file with what is before and after it, and its line in the directory. */
function written(entry: ZipEntry, from: number): { local: Uint8Array; central: Uint8Array } {
  const { bytes, follows, extra = new Uint8Array(), local_extra = new Uint8Array() } = entry
  const packed = joined(entry.stored ? bytes : deflateSync(bytes), entry.packed_more ?? new Uint8Array())
  const sizes: [number, 4][] = [
    [crc32(bytes), 4],
    [packed.length, 4],
    [entry.size ?? bytes.length, 4],
  ]
  const nothing: [number, 4][] = [
    [0, 4],
    [0, 4],
    [0, 4],
  ]
  const how: [number, 2][] = [
    [20, 2],
    [0x800 | (follows ? 8 : 0) | (entry.flags ?? 0), 2],
    [entry.stored ? 0 : 8, 2],
    [0, 2],
    [33, 2],
  ]
  const [name, local_name] = [utf8_bytes(entry.name), utf8_bytes(entry.local_name ?? entry.name)]
  const mark = follows === 'marked' ? numbers([0x08074b50, 4]) : new Uint8Array()
  const local = joined(
    numbers([0x04034b50, 4], ...how, ...(follows ? nothing : sizes), [local_name.length, 2], [local_extra.length, 2]),
    local_name,
    local_extra,
    packed,
    ...(follows ? [mark, numbers(...sizes)] : []),
    entry.after ?? new Uint8Array(),
  )
  const lengths: [number, 2 | 4][] = [
    [name.length, 2],
    [extra.length, 2],
    [0, 2],
    [0, 2],
    [0, 2],
    [0, 4],
    [from, 4],
  ]
  return { local, central: joined(numbers([0x02014b50, 4], [20, 2], ...how, ...sizes, ...lengths), name, extra) }
}

export function write_zip(entries: ZipEntry[], whole: ZipWhole = {}): Uint8Array {
  const { before = new Uint8Array(), after_directory = new Uint8Array(), comment = new Uint8Array() } = whole
  const locals = [before]
  const centrals: Uint8Array[] = []
  let at = before.length
  for (const entry of entries) {
    const { local, central } = written(entry, at)
    locals.push(local)
    at += local.length
    if (!entry.is_hidden) centrals.push(central)
  }
  const directory = joined(...centrals)
  const end = numbers(
    [0x06054b50, 4],
    [0, 4],
    [centrals.length, 2],
    [centrals.length, 2],
    [directory.length, 4],
    [at, 4],
    [comment.length, 2],
  )
  return joined(...locals, directory, after_directory, end, comment)
}
