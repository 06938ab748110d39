/** What changed between two wordings, character by character: Chinese has no words to go by. */

export interface Piece {
  kind: 'same' | 'gone' | 'new'
  text: string
}

/** Past this a table of all pairs is too large; then the whole is shown as replaced. */
const kPairsMax = 4_000_000

function common(left: string[], right: string[], at: (list: string[], n: number) => string | undefined): number {
  let n = 0
  while (n < Math.min(left.length, right.length) && at(left, n) === at(right, n)) n++
  return n
}

function push(pieces: Piece[], kind: Piece['kind'], text: string): void {
  const last = pieces.at(-1)
  if (!text) return
  if (last?.kind === kind) last.text += text
  else pieces.push({ kind, text })
}

/** Lengths of what is left in common from each pair of places on. */
function table_of(left: string[], right: string[]): Uint16Array[] {
  const table = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1))
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--) {
      const row = table[i] as Uint16Array
      const next = table[i + 1] as Uint16Array
      row[j] = left[i] === right[j] ? (next[j + 1] as number) + 1 : Math.max(next[j] as number, row[j + 1] as number)
    }
  return table
}

function middle(left: string[], right: string[], pieces: Piece[]): void {
  if (left.length * right.length > kPairsMax) {
    push(pieces, 'gone', left.join(''))
    push(pieces, 'new', right.join(''))
    return
  }
  const table = table_of(left, right)
  let i = 0
  let j = 0
  while (i < left.length && j < right.length) {
    if (left[i] === right[j]) {
      push(pieces, 'same', left[i] as string)
      i++
      j++
    } else if (((table[i + 1] as Uint16Array)[j] as number) >= ((table[i] as Uint16Array)[j + 1] as number)) {
      push(pieces, 'gone', left[i++] as string)
    } else push(pieces, 'new', right[j++] as string)
  }
  push(pieces, 'gone', left.slice(i).join(''))
  push(pieces, 'new', right.slice(j).join(''))
}

export function difference(before: string, after: string): Piece[] {
  const left = [...before]
  const right = [...after]
  const head = common(left, right, (list, n) => list[n])
  const rest_left = left.slice(head)
  const rest_right = right.slice(head)
  const tail = common(rest_left, rest_right, (list, n) => list.at(-1 - n))
  const pieces: Piece[] = []
  push(pieces, 'same', left.slice(0, head).join(''))
  middle(rest_left.slice(0, rest_left.length - tail), rest_right.slice(0, rest_right.length - tail), pieces)
  push(pieces, 'same', rest_left.slice(rest_left.length - tail).join(''))
  return pieces
}
