/** Putting a sentence into an opinion: at the cursor, gaps filled as far as the case gives them. */

export interface Insertion {
  text: string
  /** What is marked afterwards: the first gap that somebody has to fill, else the end of what came in. */
  from: number
  through: number
}

const kGap = /\{(\w+)\}/g
/** A gap that nothing filled, or a line to write on. */
const kOpen = /\{\w+\}|_{3,}/

export function fill(text: string, values: Record<string, string>): string {
  return text.replace(kGap, (gap, name: string) => values[name] || gap)
}

export function insert_at(text: string, from: number, through: number, piece: string): Insertion {
  const before = text.slice(0, from)
  const glue = before && !/\s$/.test(before) && piece.length > 0 && /[。；！？]$/.test(before) ? '\n' : ''
  const start = before.length + glue.length
  const open = kOpen.exec(piece)
  return {
    text: before + glue + piece + text.slice(through),
    from: start + (open ? open.index : piece.length),
    through: start + (open ? open.index + open[0].length : piece.length),
  }
}

/** Substring of any of its texts, whatever the case of letters and the spaces. */
export function fits(search: string, ...texts: string[]): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[\s《》]/g, '')
  const wanted = plain(search)
  return !wanted || texts.some((text) => plain(text).includes(wanted))
}
