/** What can be read on a page of an OFD package (GB/T 33190 §7, §11): its texts, without where they stand. */
import { malformed } from './bytes'
import type { Steps } from './steps'
import { attribute, element, elements, inner_text, type XmlElement } from './xml'

const kNestingMax = 16
const kTextMax = 4 << 20

/** `before` and what the page adds to it. Spaces and lines do not count, so nothing stands between. */
export function text_of_page(page: XmlElement, steps: Steps, before: string): string {
  let text = before
  for (const object of objects_of(elements(element(page, 'Content'), 'Layer'), steps, 0))
    for (const code of elements(object, 'TextCode')) text += inner_text(code)
  return text.length > kTextMax ? malformed('too much text') : text
}

function* objects_of(blocks: XmlElement[], steps: Steps, depth: number): Generator<XmlElement> {
  if (depth > kNestingMax) return
  for (const block of blocks) {
    steps.spend(1 + block.children.length)
    for (const object of elements(block)) {
      if (object.local === 'PageBlock') yield* objects_of([object], steps, depth + 1)
      else if (object.local === 'TextObject' && is_shown(object)) yield object
    }
  }
}

/** Whatever does not say `true` where it says something is not seen. */
function is_shown(object: XmlElement): boolean {
  const visible = attribute(object, 'Visible') ?? 'true'
  const is_placed = (attribute(object, 'Boundary') ?? '').trim().split(/[ \t\r\n,]+/).length === 4
  return is_placed && /^[1tTyY]/.test(visible)
}
