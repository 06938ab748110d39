/** What can be read on the pages of a PDF: the characters that its fonts say their glyphs stand for (§9.10). */
import { latin1_text, malformed } from '../bytes'
import type { PdfFile } from './file'
import { is_name, is_operator, PdfReader, type PdfDictionary, type PdfStream, type PdfValue } from './values'

const kFormsDeepMax = 4
const kOperandsMax = 4096
const kSavedMax = 64
const kMarksMax = 256
const kCodesMax = 65_536
/** One glyph stands for a character, or a few. */
const kShownBytesMax = 64
const kTextMax = 4 << 20
/** Without a map: what is the same in every encoding of Latin letters. */
const kFirstLetter = 0x20
const kLastLetter = 0x7e

interface Font {
  bytes_a_code: number
  characters: Map<number, string>
}

export function text_of_pages(file: PdfFile): string {
  const pages = new PageReader(file)
  for (const { contents, resources } of file.pages()) pages.read(contents, resources, 0)
  return pages.text
}

/** Operators with what stands before each. */
function* operations(reader: PdfReader): Generator<[operator: string, operands: PdfValue[]]> {
  let operands: PdfValue[] = []
  for (let value = reader.next(); value !== undefined; value = reader.next()) {
    if (is_operator(value)) {
      yield [value.operator, operands]
      operands = []
    } else if (operands.length < kOperandsMax) operands.push(value)
  }
}

/** What is in force at one place of a content stream. */
interface State {
  resources: PdfDictionary
  depth: number
  font: Font | undefined
  saved: (Font | undefined)[]
  /** Characters that stand for a whole span take the place of what its glyphs say. */
  spans: boolean[]
}

class PageReader {
  text = ''
  private readonly fonts = new Map<PdfDictionary, Font>()
  constructor(private readonly file: PdfFile) {}

  read(contents: PdfStream[], resources: PdfDictionary, depth: number): void {
    const drawing = contents.map((one) => latin1_text(this.file.stream_bytes(one))).join('\n')
    const reader = new PdfReader(drawing, 0, this.file.steps)
    const state: State = { resources, depth, font: undefined, saved: [], spans: [] }
    for (const [operator, operands] of operations(reader)) {
      if (operator === 'ID') skip_image(reader)
      else this.operate(operator, operands, state)
    }
  }

  private operate(operator: string, operands: PdfValue[], state: State): void {
    switch (operator) {
      case 'Tf':
        state.font = this.font(state.resources, operands[0])
        break
      case 'Tj':
      case "'":
      case '"':
        this.show(state, operands.at(-1))
        break
      case 'TJ':
        for (const part of list_of(operands.at(-1))) this.show(state, part)
        break
      case 'BMC':
      case 'BDC':
        if (state.spans.length >= kMarksMax) malformed('spans too deep')
        state.spans.push(this.replaced(operands[1], state))
        break
      case 'EMC':
        state.spans.pop()
        break
      case 'q':
        if (state.saved.length < kSavedMax) state.saved.push(state.font)
        break
      case 'Q':
        if (state.saved.length > 0) state.font = state.saved.pop()
        break
      case 'Do':
        this.draw(operands[0], state)
        break
    }
  }

  private add(text: string): void {
    this.text += text
    if (this.text.length > kTextMax) malformed('too much text')
  }

  /** A form that names no font of its own shows no text, and is not unpacked. */
  private draw(name: PdfValue | undefined, { resources, depth }: State): void {
    const forms = this.file.dictionary(resources.get('XObject'))
    const form = is_name(name) ? this.file.stream(forms?.get(name.name)) : undefined
    if (!form || depth >= kFormsDeepMax || !is_name(this.file.value(form.dictionary.get('Subtype')), 'Form')) return
    const own = this.file.dictionary(form.dictionary.get('Resources'))
    if (own && this.file.dictionary(own.get('Font'))) this.read([form], own, depth + 1)
  }

  private replaced(properties: PdfValue | undefined, { spans }: State): boolean {
    const text = properties instanceof Map ? this.file.value(properties.get('ActualText')) : undefined
    if (!(text instanceof Uint8Array)) return false
    const is_utf16 = text[0] === 0xfe && text[1] === 0xff
    if (!spans.includes(true)) this.add(is_utf16 ? utf16_text(text.subarray(2)) : latin1_text(text))
    return true
  }

  private show({ font, spans }: State, value: PdfValue | undefined): void {
    if (!font || !(value instanceof Uint8Array) || spans.includes(true)) return
    for (let at = 0; at + font.bytes_a_code <= value.length; at += font.bytes_a_code)
      this.add(font.characters.get(code_of(value.subarray(at, at + font.bytes_a_code))) ?? '\ufffd')
  }

  private font(resources: PdfDictionary, name: PdfValue | undefined): Font | undefined {
    const fonts = this.file.dictionary(resources.get('Font'))
    const dictionary = is_name(name) ? this.file.dictionary(fonts?.get(name.name)) : undefined
    if (!dictionary) return undefined
    const known = this.fonts.get(dictionary)
    if (known) return known
    const stream = this.file.stream(dictionary.get('ToUnicode'))
    const bytes_a_code = is_name(this.file.value(dictionary.get('Subtype')), 'Type0') ? 2 : 1
    const characters = new Map<number, string>()
    for (let code = kFirstLetter; bytes_a_code === 1 && code <= kLastLetter; code += 1)
      characters.set(code, String.fromCharCode(code))
    if (stream) read_map(latin1_text(this.file.stream_bytes(stream)), this.file, characters)
    const font = { bytes_a_code, characters }
    this.fonts.set(dictionary, font)
    return font
  }
}

/** The bytes of an image end with `EI`; where they do not, nothing comes after them. */
function skip_image(reader: PdfReader): void {
  if (reader.match(/[^]*?[\0\t\n\f\r ]EI(?=[\0\t\n\f\r ]|$)/y) === null) reader.at = reader.text.length
}

function list_of(value: PdfValue | undefined): PdfValue[] {
  return Array.isArray(value) ? value : []
}

function code_of(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0)
}

function utf16_text(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at + 1 < bytes.length; at += 2)
    text += String.fromCharCode((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0))
  return text
}

type Add = (code: number, text: Uint8Array) => void

/** A ToUnicode map: pairs, and ranges that count on or list. */
function read_map(map: string, file: PdfFile, characters: Map<number, string>): void {
  const add: Add = (code, text) => {
    file.steps.spend(1)
    if (characters.size < kCodesMax) characters.set(code, utf16_text(text.subarray(0, kShownBytesMax)))
  }
  for (const [operator, operands] of operations(new PdfReader(map, 0, file.steps))) {
    if (operator === 'endbfchar') for_each(operands, 2, ([code, text]) => add_one(code, text, add))
    if (operator === 'endbfrange') for_each(operands, 3, (range) => add_range(range, add))
  }
}

function add_one(code: PdfValue | undefined, text: PdfValue | undefined, add: Add): void {
  if (code instanceof Uint8Array && text instanceof Uint8Array) add(code_of(code), text)
}

function for_each(values: PdfValue[], size: number, take: (group: PdfValue[]) => void): void {
  for (let at = 0; at + size <= values.length; at += size) take(values.slice(at, at + size))
}

/** The texts of a range are listed, or they count up in the last byte of the first. */
function add_range([first, last, target]: PdfValue[], add: Add): void {
  if (!(first instanceof Uint8Array) || !(last instanceof Uint8Array)) return
  const count = code_of(last) - code_of(first) + 1
  if (count > kCodesMax) return
  const listed = list_of(target)
  for (let at = 0; at < count; at += 1) {
    const text = target instanceof Uint8Array ? counted_on(target, at) : listed[at]
    if (text === undefined) return
    if (text instanceof Uint8Array) add(code_of(first) + at, text)
  }
}

function counted_on(text: Uint8Array, by: number): Uint8Array | undefined {
  const last = text.at(-1)
  if (last === undefined || last + by > 0xff) return undefined
  const next = text.slice(0, kShownBytesMax)
  if (next.length === text.length) next[next.length - 1] = last + by
  return next
}
