// Changes a package (ZIP) as a forger would: sizes and sums fit, only the seal can tell.
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

const kDirectoryEnd = Buffer.from('PK\x05\x06', 'latin1')
const kCentral = Buffer.from('PK\x01\x02', 'latin1')
const kLocal = Buffer.from('PK\x03\x04', 'latin1')
const kCentralBytes = 46
const kDeflated = 8

/** Where the entry of `name` stands in a central directory. */
function placeOf(directory, name) {
  for (let at = 0; at < directory.length && directory.indexOf(kCentral, at) === at; ) {
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field))
    if (directory.toString('utf8', at + kCentralBytes, at + kCentralBytes + nameBytes) === name) return at
    at += kCentralBytes + nameBytes + extraBytes + commentBytes
  }
  throw new Error(`no ${name} in the package`)
}

function contentOf(bytes, directory, at) {
  const local = directory.readUInt32LE(at + 42)
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  const packed = bytes.subarray(start, start + directory.readUInt32LE(at + 20))
  return directory.readUInt16LE(at + 10) === kDeflated ? inflateRawSync(packed) : Buffer.from(packed)
}

/** Time, sums and sizes of an entry stand in its central and its local header alike, at these places. */
function localHeader(central, name) {
  const header = Buffer.alloc(30)
  kLocal.copy(header)
  central.copy(header, 4, 6, 28)
  header.writeUInt16LE(Buffer.byteLength(name), 26)
  return Buffer.concat([header, Buffer.from(name)])
}

function read(bytes) {
  const end = Buffer.from(bytes.subarray(bytes.lastIndexOf(kDirectoryEnd)))
  const start = end.readUInt32LE(16)
  return { start, directory: Buffer.from(bytes.subarray(start, bytes.length - end.length)), end }
}

/** The package with `content` as the file whose entry stands at `at`. The content goes where the directory was, which follows it. */
function written(bytes, { start, directory, end }, at, name, content) {
  const packed = deflateRawSync(content)
  directory.writeUInt16LE(kDeflated, at + 10)
  directory.writeUInt32LE(crc32(content), at + 16)
  directory.writeUInt32LE(packed.length, at + 20)
  directory.writeUInt32LE(content.length, at + 24)
  directory.writeUInt32LE(start, at + 42)
  const added = Buffer.concat([localHeader(directory.subarray(at, at + kCentralBytes), name), packed])
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(start + added.length, 16)
  return Buffer.concat([bytes.subarray(0, start), added, directory, end])
}

/** The content of one file. */
export function fileIn(bytes, name) {
  const { directory } = read(bytes)
  return contentOf(bytes, directory, placeOf(directory, name))
}

/** The package with the file `name` as `change` makes it. */
export function packageWith(bytes, name, change) {
  const parts = read(bytes)
  const at = placeOf(parts.directory, name)
  return written(bytes, parts, at, name, change(contentOf(bytes, parts.directory, at)))
}

/** The package with one more file. */
export function packageAdding(bytes, name, content) {
  const { start, directory, end } = read(bytes)
  const entry = Buffer.from(directory.subarray(0, kCentralBytes))
  entry.writeUInt16LE(Buffer.byteLength(name), 28)
  entry.fill(0, 30, 34)
  for (const count of [8, 10]) end.writeUInt16LE(end.readUInt16LE(count) + 1, count)
  return written(bytes, { start, directory: Buffer.concat([directory, entry, Buffer.from(name)]), end }, directory.length, name, content)
}
