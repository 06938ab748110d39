/** What can be read on the pages of a PDF: the characters that its fonts say their glyphs stand for (§9.10). */
import { latin1_text, malformed } from '../bytes'
import type { PdfFile } from './file'
import { is_name, PdfReader, type PdfDictionary, type PdfStream, type PdfValue } from './values'

const kFormsDeepMax = 12
const kCodesMax = 70_000

interface Font {
  bytes_a_code: number
  characters: Map<number, string>
}

export function text_of_pages(file: PdfFile): string {
  const pages = new PageReader(file)
  for (const { contents, resources } of file.pages()) pages.read(contents, resources, 0)
  return pages.text
}

class PageReader {
  text = ''
  private readonly fonts = new Map<PdfDictionary, Font>()
  constructor(private readonly file: PdfFile) {}

  read(contents: PdfStream[], resources: PdfDictionary, depth: number): void {
    if (depth > kFormsDeepMax) malformed('forms in forms without end')
    const drawing = contents.map((one) => latin1_text(this.file.stream_bytes(one))).join('\n')
    const reader = new PdfReader(drawing)
    let operands: PdfValue[] = []
    let font: Font | undefined
    // Characters that stand for a whole span take the place of what its glyphs say.
    const spans: boolean[] = []
    for (let value = reader.next(); value !== undefined; value = reader.next()) {
      if (typeof value !== 'object' || value === null || !('operator' in value)) {
        operands.push(value)
        continue
      }
      const is_replaced = spans.includes(true)
      switch (value.operator) {
        case 'Tf':
          font = this.font(resources, operands[0])
          break
        case 'Tj':
        case "'":
        case '"':
          if (!is_replaced) this.show(font, operands.at(-1))
          break
        case 'TJ':
          if (!is_replaced) for (const part of list_of(operands[0])) this.show(font, part)
          break
        case 'BMC':
          spans.push(false)
          break
        case 'BDC':
          spans.push(this.replaced(operands[1], is_replaced))
          break
        case 'EMC':
          spans.pop()
          break
        case 'ID':
          reader.match(/[^]*?[\0\t\n\f\r ]EI(?=[\0\t\n\f\r ]|$)/y)
          break
        case 'Do':
          this.draw(resources, operands[0], depth)
          break
      }
      operands = []
    }
  }

  private draw(resources: PdfDictionary, name: PdfValue | undefined, depth: number): void {
    const forms = this.file.dictionary(resources.get('XObject'))
    const form = is_name(name) ? this.file.stream(forms?.get(name.name)) : undefined
    if (!form || !is_name(this.file.value(form.dictionary.get('Subtype')), 'Form')) return
    this.read([form], this.file.dictionary(form.dictionary.get('Resources')) ?? resources, depth + 1)
  }

  private replaced(properties: PdfValue | undefined, is_replaced: boolean): boolean {
    const text = properties instanceof Map ? this.file.value(properties.get('ActualText')) : undefined
    if (!(text instanceof Uint8Array)) return false
    if (!is_replaced) this.text += utf16_text(text)
    return true
  }

  private show(font: Font | undefined, value: PdfValue | undefined): void {
    if (!font || !(value instanceof Uint8Array)) return
    for (let at = 0; at + font.bytes_a_code <= value.length; at += font.bytes_a_code) {
      const code = code_of(value.subarray(at, at + font.bytes_a_code))
      this.text += font.characters.get(code) ?? (font.bytes_a_code === 1 ? String.fromCharCode(code) : '\ufffd')
    }
  }

  private font(resources: PdfDictionary, name: PdfValue | undefined): Font | undefined {
    const fonts = this.file.dictionary(resources.get('Font'))
    const dictionary = is_name(name) ? this.file.dictionary(fonts?.get(name.name)) : undefined
    if (!dictionary) return undefined
    const known = this.fonts.get(dictionary)
    if (known) return known
    const stream = this.file.stream(dictionary.get('ToUnicode'))
    const bytes_a_code = is_name(this.file.value(dictionary.get('Subtype')), 'Type0') ? 2 : 1
    const characters = stream ? character_map(latin1_text(this.file.stream_bytes(stream))) : new Map<number, string>()
    const font = { bytes_a_code, characters }
    this.fonts.set(dictionary, font)
    return font
  }
}

function list_of(value: PdfValue | undefined): PdfValue[] {
  return Array.isArray(value) ? value : []
}

function code_of(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0)
}

/** UTF-16 with or without its mark, as ActualText and character maps hold it. */
function utf16_text(bytes: Uint8Array): string {
  const from = bytes[0] === 0xfe && bytes[1] === 0xff ? 2 : 0
  let text = ''
  for (let at = from; at + 1 < bytes.length; at += 2)
    text += String.fromCharCode((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0))
  return text
}

/** A ToUnicode map: pairs, and ranges that count on or list. */
function character_map(map: string): Map<number, string> {
  const characters = new Map<number, string>()
  const add = (code: number, text: string) => {
    if (characters.set(code, text).size > kCodesMax) malformed('a map of characters too large')
  }
  const reader = new PdfReader(map)
  let operands: PdfValue[] = []
  for (let value = reader.next(); value !== undefined; value = reader.next()) {
    if (typeof value !== 'object' || value === null || !('operator' in value)) {
      operands.push(value)
      continue
    }
    if (value.operator === 'endbfchar')
      for_each(operands, 2, ([code, text]) => add(code_of(bytes(code)), utf16_text(bytes(text))))
    if (value.operator === 'endbfrange') for_each(operands, 3, (range) => add_range(range, add))
    operands = []
  }
  return characters
}

function for_each(values: PdfValue[], size: number, take: (group: PdfValue[]) => void): void {
  for (let at = 0; at + size <= values.length; at += size) take(values.slice(at, at + size))
}

function bytes(value: PdfValue | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : malformed('a map of characters with something else in it')
}

function add_range([first, last, target]: PdfValue[], add: (code: number, text: string) => void): void {
  const from = code_of(bytes(first))
  const through = code_of(bytes(last))
  if (through - from > 0xffff) malformed('a range too long')
  for (let code = from; code <= through; code += 1) {
    if (Array.isArray(target)) add(code, utf16_text(bytes(target[code - from])))
    else {
      const start = bytes(target).slice()
      const text = utf16_text(start)
      const last_unit = text.charCodeAt(text.length - 1) + code - from
      add(code, text.slice(0, -1) + String.fromCharCode(last_unit))
    }
  }
}
