/**
 * A ZIP package (OFD), read by its central directory, with limits. What two readers could see differently is refused:
 * some go by the directory, others from file to file, so each byte must belong to a file that both see, and what is
 * said of a file before it must be what the directory says.
 */
import { equal_bytes, malformed, Malformed, utf8_text } from './bytes'
import { inflated } from './inflate'

const kFilesMax = 2000
const kFileBytesMax = 32 << 20
const kUnpackedBytesMax = 96 << 20
/** Files of a size to be noticed are packed to no less than this part. */
const kRatioMax = 200
const kRatioCheckedFrom = 1 << 20
const kNameBytesMax = 240
const kEndBytes = 22
const kCentralBytes = 46
const kLocalBytes = 30
const kEnd = 0x06054b50
const kCentral = 0x02014b50
const kLocal = 0x04034b50
const kDescriptor = 0x08074b50
const kStored = 0
const kDeflated = 8
const kSizesFollow = 0x0008
/** How well it is packed, that sizes follow, that names are UTF-8. Others change what is there: keys, patches. */
const kFlagsKnown = 0x080e
/** Fields that say another size (ZIP64) or another name (Info-ZIP) than the one that is read here. */
const kOtherSizes = 0x0001
const kOtherName = 0x7075

interface Entry {
  name: string
  name_bytes: Uint8Array
  flags: number
  method: number
  sum: number
  packed_size: number
  size: number
  /** Where what stands before it begins, where its bytes do, and where what stands after it ends. */
  from: number
  bytes_from: number
  to: number
}

/** By name. Folders are left out. */
export function unzip(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    return read_package(bytes, view)
  } catch (error) {
    // Beyond the end of the bytes.
    if (error instanceof RangeError) return malformed('not a package')
    throw error
  }
}

function read_package(bytes: Uint8Array, view: DataView): Map<string, Uint8Array> {
  const entries = read_directory(bytes, view)
  const files = new Map<string, Uint8Array>()
  const seen = new Set<string>()
  for (const entry of entries) {
    if (entry.name.endsWith('/') && entry.size === 0) continue
    if (!may_be_named(entry)) malformed(`the name ${entry.name}`)
    const lower = entry.name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    if (seen.has(lower)) malformed(`${entry.name} twice`)
    seen.add(lower)
    files.set(entry.name, unpacked(bytes, entry))
  }
  return files
}

/** Nothing before the first file, nothing between them, nothing before or after the directory. */
function read_directory(bytes: Uint8Array, view: DataView): Entry[] {
  const end = bytes.length - kEndBytes
  const count = view.getUint16(end + 10, true)
  const begin = view.getUint32(end + 16, true)
  const is_end =
    view.getUint32(end, true) === kEnd &&
    view.getUint32(end + 4, true) === 0 &&
    view.getUint16(end + 8, true) === count &&
    begin + view.getUint32(end + 12, true) === end &&
    view.getUint16(end + 20, true) === 0
  if (!is_end || count > kFilesMax) malformed('no directory at the end')
  const entries: Entry[] = []
  let at = begin
  let total = 0
  while (entries.length < count) {
    const entry = read_entry(bytes, view, at)
    at += kCentralBytes + entry.name_bytes.length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    total += entry.size
    entries.push(entry)
  }
  if (at !== end || total > kUnpackedBytesMax) malformed('a directory of another size')
  follow_each_other(view, entries, begin)
  return entries
}

function read_entry(bytes: Uint8Array, view: DataView, at: number): Entry {
  if (view.getUint32(at, true) !== kCentral) malformed('no entry where one should be')
  const name_bytes = part(bytes, at + kCentralBytes, view.getUint16(at + 28, true))
  check_extra(view, at + kCentralBytes + name_bytes.length, view.getUint16(at + 30, true))
  const from = view.getUint32(at + 42, true)
  const entry = {
    name: utf8_text(name_bytes),
    name_bytes,
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    sum: view.getUint32(at + 16, true),
    packed_size: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    from,
    bytes_from: from + kLocalBytes + view.getUint16(from + 26, true) + view.getUint16(from + 28, true),
    to: 0,
  }
  const is_bomb = entry.size > kRatioCheckedFrom && entry.size / kRatioMax > entry.packed_size
  if (view.getUint16(at + 34, true) !== 0 || (entry.flags & ~kFlagsKnown) !== 0) malformed('a file that is locked')
  if (entry.method !== kStored && entry.method !== kDeflated) malformed('a file packed in another way')
  if (entry.size > kFileBytesMax || is_bomb) malformed('a file too large unpacked')
  check_local(bytes, view, entry)
  return entry
}

function part(bytes: Uint8Array, from: number, length: number): Uint8Array {
  const found = bytes.subarray(from, from + length)
  return found.length === length ? found : malformed('a package that ends too early')
}

function check_extra(view: DataView, from: number, length: number): void {
  for (let at = from; at + 4 <= from + length; at += 4 + view.getUint16(at + 2, true))
    if ([kOtherSizes, kOtherName].includes(view.getUint16(at, true))) malformed('a file with two names or sizes')
}

/** Readers that go from file to file know what stands before it alone, others what the directory says. */
function check_local(bytes: Uint8Array, view: DataView, entry: Entry): void {
  const { from, name_bytes } = entry
  const may_follow = (entry.flags & kSizesFollow) !== 0
  const agrees = (at: number, value: number) => {
    const said = view.getUint32(from + at, true)
    return said === value || (may_follow && said === 0)
  }
  const is_same =
    view.getUint32(from, true) === kLocal &&
    view.getUint16(from + 6, true) === entry.flags &&
    view.getUint16(from + 8, true) === entry.method &&
    agrees(14, entry.sum) &&
    agrees(18, entry.packed_size) &&
    agrees(22, entry.size) &&
    equal_bytes(name_bytes, part(bytes, from + kLocalBytes, view.getUint16(from + 26, true)))
  // Without sizes before it, only the packing itself says where the file ends.
  if (!is_same || (may_follow && entry.method === kStored)) malformed(`two readers see ${entry.name} differently`)
  check_extra(view, from + kLocalBytes + name_bytes.length, view.getUint16(from + 28, true))
}

/** A descriptor after a file may have its mark before it or not. */
function follow_each_other(view: DataView, entries: Entry[], directory: number): void {
  const sorted = [...entries].sort((a, b) => a.from - b.from)
  if ((sorted[0]?.from ?? directory) !== 0) malformed('something before the first file')
  for (const [place, entry] of sorted.entries()) {
    entry.to = sorted[place + 1]?.from ?? directory
    const after = entry.bytes_from + entry.packed_size
    const room = entry.to - after
    const is_tight = (entry.flags & kSizesFollow) === 0 ? room === 0 : is_descriptor(view, after, room, entry)
    if (!is_tight) malformed(`something after ${entry.name}`)
  }
}

function is_descriptor(view: DataView, after: number, room: number, entry: Entry): boolean {
  if (room !== 12 && room !== 16) return false
  const at = after + room - 12
  return (
    (room === 12 || view.getUint32(after, true) === kDescriptor) &&
    view.getUint32(at, true) === entry.sum &&
    view.getUint32(at + 4, true) === entry.packed_size &&
    view.getUint32(at + 8, true) === entry.size
  )
}

function may_be_named({ name, name_bytes }: Entry): boolean {
  return (
    name_bytes.length <= kNameBytesMax &&
    !/[\u0000-\u001f\u007f\\:]/.test(name) &&
    name.split('/').every((one) => !['', '.', '..'].includes(one))
  )
}

function unpacked(bytes: Uint8Array, entry: Entry): Uint8Array {
  const packed = part(bytes, entry.bytes_from, entry.packed_size)
  const plain = entry.method === kStored ? packed : inflated_to_the_end(packed, entry.size)
  if (plain.length !== entry.size || crc32(plain) !== entry.sum) malformed('a file that is damaged')
  return plain
}

/** Whoever goes from file to file looks for the next one where the packing ends: without its last byte it does not. */
function inflated_to_the_end(packed: Uint8Array, size: number): Uint8Array {
  const plain = inflated('bare', packed, size)
  try {
    inflated('bare', packed.subarray(0, -1), size)
  } catch (error) {
    if (error instanceof Malformed) return plain
    throw error
  }
  return malformed('something after the packed bytes')
}

const kTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

function crc32(bytes: Uint8Array): number {
  let sum = -1
  for (const byte of bytes) sum = (sum >>> 8) ^ (kTable[(sum ^ byte) & 0xff] ?? 0)
  return ~sum >>> 0
}
