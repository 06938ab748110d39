/** Where marks lie: parts of the page in millionths, so that they hold at any size and zoom. */
import type { MarkKind, PaperMark } from '@/shared/api/types'

export const kPagePpm = 1_000_000

export interface Place {
  left_ppm: number
  top_ppm: number
  width_ppm: number
  height_ppm: number
}

/** A mark on one paper. */
export interface Placed {
  mark: PaperMark
  page: number
  carried: boolean
}

export interface Spot {
  x: number
  y: number
}

/** A finger or a mouse that hardly moved made a point, no rectangle. */
const kSideMin = 5_000
const kStep = 10_000

function within(value: number, most = kPagePpm): number {
  return Math.min(Math.max(0, Math.round(value)), most)
}

/** Of a position inside a box as it is drawn now. */
export function spot_in(box: { left: number; top: number; width: number; height: number }, x: number, y: number): Spot {
  return {
    x: within(((x - box.left) / Math.max(1, box.width)) * kPagePpm),
    y: within(((y - box.top) / Math.max(1, box.height)) * kPagePpm),
  }
}

export function point_at(spot: Spot): Place {
  return { left_ppm: spot.x, top_ppm: spot.y, width_ppm: 0, height_ppm: 0 }
}

/** Dragged in any direction; nothing where it is too small to be meant. */
export function rectangle_of(from: Spot, to: Spot): Place | null {
  const width_ppm = Math.abs(to.x - from.x)
  const height_ppm = Math.abs(to.y - from.y)
  if (width_ppm < kSideMin || height_ppm < kSideMin) return null
  return { left_ppm: Math.min(from.x, to.x), top_ppm: Math.min(from.y, to.y), width_ppm, height_ppm }
}

export function in_the_middle(kind: MarkKind): Place {
  if (kind !== 'rectangle') return point_at({ x: kPagePpm / 2, y: kPagePpm / 2 })
  return { left_ppm: 350_000, top_ppm: 450_000, width_ppm: 300_000, height_ppm: 100_000 }
}

const kArrows: Record<string, Spot> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

/** An arrow moves a place by a hundredth of the page, with Shift it makes a rectangle larger or smaller. */
export function moved_by(key: string, shift: boolean, place: Place, kind: MarkKind): Place | null {
  const arrow = kArrows[key]
  if (!arrow) return null
  if (!shift || kind !== 'rectangle')
    return {
      ...place,
      left_ppm: within(place.left_ppm + arrow.x * kStep, kPagePpm - place.width_ppm),
      top_ppm: within(place.top_ppm + arrow.y * kStep, kPagePpm - place.height_ppm),
    }
  return {
    ...place,
    width_ppm: Math.max(kStep, within(place.width_ppm + arrow.x * kStep, kPagePpm - place.left_ppm)),
    height_ppm: Math.max(kStep, within(place.height_ppm + arrow.y * kStep, kPagePpm - place.top_ppm)),
  }
}

export function percent(ppm: number): string {
  return `${ppm / 10_000}%`
}

/** The marks that are seen on a paper, by page. */
export function placed_on(marks: PaperMark[], document_id: string): Placed[] {
  return marks
    .flatMap((mark) => {
      const place = mark.places.find((one) => one.document_id === document_id)
      return place ? [{ mark, page: place.page, carried: place.carried_from !== null }] : []
    })
    .sort((a, b) => a.page - b.page || a.mark.mark_no - b.mark.mark_no)
}

/** Where a mark is to be dealt with: the newest paper that it is seen on. */
export function newest_place(mark: PaperMark): PaperMark['places'][number] {
  return mark.places.at(-1) ?? { document_id: mark.document_id, page: mark.page, carried_from: null }
}

export function is_unsettled(mark: PaperMark): boolean {
  return mark.state !== 'accepted'
}
