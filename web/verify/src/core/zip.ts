/**
 * A ZIP package (OFD), read by its central directory, with limits. What two readers could see differently is refused:
 * names twice, names that climb, sizes and sums that do not fit.
 */
import { inflateSync } from 'fflate'
import { equal_bytes, malformed, utf8_text } from './bytes'

const kFilesMax = 5000
const kUnpackedBytesMax = 200_000_000
const kEndBytes = 22
const kEnd = 0x06054b50
const kCentral = 0x02014b50
const kLocal = 0x04034b50
const kStored = 0
const kDeflated = 8

/** By name, without a slash before it. Folders are left out. */
export function unzip(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    return read_directory(bytes, view)
  } catch (error) {
    return malformed(`not a package: ${String(error)}`)
  }
}

function read_directory(bytes: Uint8Array, view: DataView): Map<string, Uint8Array> {
  const end = end_of_directory(view)
  const count = view.getUint16(end + 10, true)
  if (count > kFilesMax) malformed('too many files')
  const files = new Map<string, Uint8Array>()
  let total = 0
  for (let place = 0, at = view.getUint32(end + 16, true); place < count; place += 1) {
    if (view.getUint32(at, true) !== kCentral) malformed('no entry where one should be')
    const name_bytes = view.getUint16(at + 28, true)
    const name = utf8_text(bytes.subarray(at + 46, at + 46 + name_bytes))
    if (files.has(name)) malformed(`${name} twice`)
    if (name.startsWith('/') || name.includes('\\') || name.split('/').includes('..')) malformed(`the name ${name}`)
    if ((total += view.getUint32(at + 24, true)) > kUnpackedBytesMax) malformed('too large unpacked')
    files.set(name, unpacked(bytes, view, at))
    at += 46 + name_bytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  for (const name of files.keys()) if (name.endsWith('/')) files.delete(name)
  return files
}

/** The comment after it may be up to 64 kB long. */
function end_of_directory(view: DataView): number {
  for (let at = view.byteLength - kEndBytes; at >= 0 && at >= view.byteLength - kEndBytes - 0xffff; at -= 1)
    if (view.getUint32(at, true) === kEnd && at + kEndBytes + view.getUint16(at + 20, true) === view.byteLength)
      return at
  return malformed('no directory')
}

function unpacked(bytes: Uint8Array, view: DataView, at: number): Uint8Array {
  const [method, sum] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true)]
  const [packed_size, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)]
  const local = view.getUint32(at + 42, true)
  if (view.getUint32(local, true) !== kLocal || view.getUint16(at + 8, true) & 1) malformed('a file that is locked')
  // Readers that go from file to file see the name before it, others that of the directory.
  const name_bytes = view.getUint16(local + 26, true)
  const name = bytes.subarray(at + 46, at + 46 + view.getUint16(at + 28, true))
  if (!equal_bytes(name, bytes.subarray(local + 30, local + 30 + name_bytes))) malformed('a file with two names')
  const from = local + 30 + name_bytes + view.getUint16(local + 28, true)
  const packed = bytes.subarray(from, from + packed_size)
  if (packed.length !== packed_size) malformed('a file that ends too early')
  if (method !== kStored && method !== kDeflated) malformed('a file packed in another way')
  const plain = method === kStored ? packed : inflateSync(packed, { out: new Uint8Array(size) })
  if (plain.length !== size || crc32(plain) !== sum) malformed('a file that is damaged')
  return plain
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
