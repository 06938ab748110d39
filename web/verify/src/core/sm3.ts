/** SM3 (GB/T 32905-2016, ISO/IEC 10118-3). A library for it weighs as much as half of this page. */

const kStart = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e]

/** To the left, by the bits modulo 32: shifts of ECMAScript take their count so by themselves. */
function turned(word: number, bits: number): number {
  return (word << bits) | (word >>> -bits)
}

/** The message, a one, zeroes, and its length in bits, up to whole blocks of 64 bytes. */
function padded(bytes: Uint8Array): DataView {
  const whole = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64)
  whole.set(bytes)
  whole[bytes.length] = 0x80
  const view = new DataView(whole.buffer)
  view.setBigUint64(whole.length - 8, BigInt(bytes.length) * 8n)
  return view
}

/** `w` is filled, again and again the same one: a new one for each block takes longer than what is done with it. */
function expand(view: DataView, offset: number, w: Int32Array): void {
  for (let j = 0; j < 16; j += 1) w[j] = view.getInt32(offset + 4 * j)
  for (let j = 16; j < 68; j += 1) {
    const mixed = (w[j - 16] ?? 0) ^ (w[j - 9] ?? 0) ^ turned(w[j - 3] ?? 0, 15)
    const p1 = mixed ^ turned(mixed, 15) ^ turned(mixed, 23)
    w[j] = p1 ^ turned(w[j - 13] ?? 0, 7) ^ (w[j - 6] ?? 0)
  }
}

function compress(state: Int32Array, w: Int32Array): void {
  let [a, b, c, d] = [state[0] ?? 0, state[1] ?? 0, state[2] ?? 0, state[3] ?? 0]
  let [e, f, g, h] = [state[4] ?? 0, state[5] ?? 0, state[6] ?? 0, state[7] ?? 0]
  for (let j = 0; j < 64; j += 1) {
    const early = j < 16
    const word = w[j] ?? 0
    const ss1 = turned((turned(a, 12) + e + turned(early ? 0x79cc4519 : 0x7a879d8a, j)) | 0, 7)
    const ff = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c)
    const gg = early ? e ^ f ^ g : (e & f) | (~e & g)
    const tt1 = (ff + d + (ss1 ^ turned(a, 12)) + (word ^ (w[j + 4] ?? 0))) | 0
    const tt2 = (gg + h + ss1 + word) | 0
    d = c
    c = turned(b, 9)
    b = a
    a = tt1
    h = g
    g = turned(f, 19)
    f = e
    e = tt2 ^ turned(tt2, 9) ^ turned(tt2, 17)
  }
  const next = [a, b, c, d, e, f, g, h]
  for (let at = 0; at < next.length; at += 1) state[at] = (state[at] ?? 0) ^ (next[at] ?? 0)
}

/** 32 bytes. */
export function sm3(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes)
  const state = Int32Array.from(kStart)
  const w = new Int32Array(68)
  for (let offset = 0; offset < view.byteLength; offset += 64) {
    expand(view, offset, w)
    compress(state, w)
  }
  const digest = new DataView(new ArrayBuffer(32))
  for (const [at, word] of state.entries()) digest.setInt32(4 * at, word)
  return new Uint8Array(digest.buffer)
}
