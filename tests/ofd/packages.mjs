// Changes a package (ZIP) as a forger would: sizes and sums fit and nothing stands between the entries, so only the seal can tell.
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

const kEnd = Buffer.from('PK\x05\x06', 'latin1')
const kCentral = Buffer.from('PK\x01\x02', 'latin1')
const kLocal = Buffer.from('PK\x03\x04', 'latin1')
const kCentralBytes = 46
const kLocalBytes = 30
const kDeflated = 8

/** The entries as they stand there: name, the directory's header, the packed bytes. */
function entriesOf(bytes) {
  const end = bytes.lastIndexOf(kEnd)
  const entries = []
  for (let at = bytes.readUInt32LE(end + 16); at < end; ) {
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field))
    const header = Buffer.from(bytes.subarray(at, at + kCentralBytes))
    const local = header.readUInt32LE(42)
    const from = local + kLocalBytes + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    entries.push({ name: bytes.toString('utf8', at + kCentralBytes, at + kCentralBytes + nameBytes), header, packed: bytes.subarray(from, from + header.readUInt32LE(20)) })
    at += kCentralBytes + nameBytes + extraBytes + commentBytes
  }
  return entries
}

function contentOf({ header, packed }) {
  return header.readUInt16LE(10) === kDeflated ? inflateRawSync(packed) : Buffer.from(packed)
}

/** The entry with another content. */
function holding({ name, header }, content) {
  const packed = deflateRawSync(content)
  const changed = Buffer.from(header)
  changed.writeUInt16LE(kDeflated, 10)
  changed.writeUInt32LE(crc32(content), 16)
  changed.writeUInt32LE(packed.length, 20)
  changed.writeUInt32LE(content.length, 24)
  return { name, header: changed, packed }
}

/** Flags, method, time, sum and sizes of an entry stand in its two headers alike. */
function localHeader(central) {
  const header = Buffer.alloc(kLocalBytes)
  kLocal.copy(header)
  central.copy(header, 4, 6, 30)
  return header
}

function written(entries) {
  const [files, directory] = [[], []]
  let place = 0
  for (const { name, header, packed } of entries) {
    const central = Buffer.from(header)
    kCentral.copy(central)
    central.writeUInt16LE(Buffer.byteLength(name), 28)
    central.fill(0, 30, 36)
    central.writeUInt32LE(place, 42)
    const file = Buffer.concat([localHeader(central), Buffer.from(name), packed])
    files.push(file)
    directory.push(central, Buffer.from(name))
    place += file.length
  }
  const end = Buffer.alloc(22)
  kEnd.copy(end)
  for (const at of [8, 10]) end.writeUInt16LE(entries.length, at)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(place, 16)
  return Buffer.concat([...files, ...directory, end])
}

function placeOf(entries, name) {
  const place = entries.findIndex((one) => one.name === name)
  if (place < 0) throw new Error(`no ${name} in the package`)
  return place
}

/** The content of one file. */
export function fileIn(bytes, name) {
  const entries = entriesOf(bytes)
  return contentOf(entries[placeOf(entries, name)])
}

/** The package with the file `name` as `change` makes it. */
export function packageWith(bytes, name, change) {
  const entries = entriesOf(bytes)
  const place = placeOf(entries, name)
  return written(entries.with(place, holding(entries[place], change(contentOf(entries[place])))))
}

/** The package with one more file. */
export function packageAdding(bytes, name, content) {
  const entries = entriesOf(bytes)
  return written([...entries, holding({ ...entries[0], name }, content)])
}
