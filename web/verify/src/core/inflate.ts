/** Deflate (RFC 1951) of strangers, unpacked in pieces: a small file cannot become a very large one unseen. */
import { Inflate, Unzlib } from 'fflate'
import { joined, malformed } from './bytes'

const kPieceBytes = 4096

/** `kind` is what is around it: nothing in a package, a head of two bytes (RFC 1950) in a PDF. Throws Malformed. */
export function inflated(kind: 'bare' | 'zlib', packed: Uint8Array, size_max: number): Uint8Array {
  const pieces: Uint8Array[] = []
  let size = 0
  const take = (piece: Uint8Array) => {
    pieces.push(piece)
    if ((size += piece.length) > size_max) malformed('a file too large unpacked')
  }
  const inflater = kind === 'bare' ? new Inflate(take) : new Unzlib(take)
  try {
    for (let at = 0; at === 0 || at < packed.length; at += kPieceBytes)
      inflater.push(packed.subarray(at, at + kPieceBytes), at + kPieceBytes >= packed.length)
  } catch (error) {
    return malformed(`a stream that cannot be unpacked: ${String(error)}`)
  }
  return joined(...pieces)
}
