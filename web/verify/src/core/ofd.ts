/** An OFD package (GB/T 33190-2016): its seal, which files the seal covers, its attachment, its printed text. */
import { base64_bytes, equal_bytes, malformed, utf8_text } from './bytes'
import { parse_sealing, type Sealing } from './seal'
import { sm3 } from './sm3'
import { all_elements, attribute, element, elements, inner_text, parse_xml, type XmlElement } from './xml'

const kRoot = 'OFD.xml'
const kSm3Names = ['SM3', '1.2.156.10197.1.401']
const kPagesMax = 5000

export type Package = Map<string, Uint8Array>

export interface OfdSeal {
  sealing: Sealing
  /** Path and bytes of Signature.xml, which the seal is pressed upon. */
  description: string
  description_bytes: Uint8Array
  /** Files that are not as they were, and files that nobody sealed. */
  changed: string[]
  not_covered: string[]
}

/** Relative to the file that names it, or from the root. */
function resolved(base: string, path: string): string {
  const parts = path.startsWith('/') ? [] : base.split('/').slice(0, -1)
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}

function xml_of(files: Package, path: string): XmlElement {
  return parse_xml(utf8_text(files.get(path) ?? malformed(`${path} is missing`)))
}

function body(files: Package): XmlElement {
  return element(xml_of(files, kRoot), 'DocBody') ?? malformed('a package without document')
}

/** Throws Malformed when what stands for a seal is none. */
export function find_seal(files: Package): OfdSeal | 'missing' {
  const listed = inner_text(element(body(files), 'Signatures')).trim()
  if (!listed) return 'missing'
  const list = resolved(kRoot, listed)
  const first = files.has(list) ? element(xml_of(files, list), 'Signature') : undefined
  if (!first) return 'missing'
  const description = resolved(list, attribute(first, 'BaseLoc') ?? malformed('a signature without place'))
  const root = xml_of(files, description)
  const value = resolved(description, inner_text(element(root, 'SignedValue')).trim())
  const description_bytes = files.get(description) ?? malformed('no description')
  const references = element(root, 'SignedInfo', 'References') ?? malformed('nothing is sealed')
  return {
    sealing: parse_sealing(files.get(value) ?? malformed('no seal')),
    description,
    description_bytes,
    ...covered(files, description, references, new Set([list, description, value])),
  }
}

/** The list of seals, the description and the seal itself cannot be covered by it; everything else must be. */
function covered(files: Package, base: string, references: XmlElement, apart: Set<string>) {
  if (!kSm3Names.includes(attribute(references, 'CheckMethod') ?? '')) malformed('digests of another kind')
  const seen = new Set<string>()
  const changed: string[] = []
  for (const reference of elements(references, 'Reference')) {
    const path = resolved(base, attribute(reference, 'FileRef') ?? '')
    const digest = base64_bytes(inner_text(element(reference, 'CheckValue')).trim())
    const bytes = files.get(path)
    if (!bytes || !equal_bytes(sm3(bytes), digest)) changed.push(path)
    seen.add(path)
  }
  return { changed, not_covered: [...files.keys()].filter((path) => !seen.has(path) && !apart.has(path)) }
}

function document_path(files: Package): string {
  return resolved(kRoot, inner_text(element(body(files), 'DocRoot')).trim())
}

/** The bytes of an attachment by the name of its file. */
export function find_attachment(files: Package, name: string): Uint8Array | undefined {
  const document = document_path(files)
  const listed = inner_text(element(xml_of(files, document), 'Attachments')).trim()
  if (!listed) return undefined
  const list = resolved(document, listed)
  for (const one of files.has(list) ? elements(xml_of(files, list), 'Attachment') : []) {
    const path = resolved(list, inner_text(element(one, 'FileLoc')).trim())
    if (path.split('/').at(-1) === name) return files.get(path)
  }
  return undefined
}

/** What stands on the pages and on the templates under them, in the order of the file. */
export function text_of_package(files: Package): string {
  const document = document_path(files)
  const root = xml_of(files, document)
  const pages = [
    ...elements(element(root, 'CommonData') ?? root, 'TemplatePage'),
    ...elements(element(root, 'Pages') ?? root, 'Page'),
  ]
  if (pages.length > kPagesMax) malformed('too many pages')
  return pages
    .map((page) => resolved(document, attribute(page, 'BaseLoc') ?? ''))
    .filter((path) => files.has(path))
    .flatMap((path) => [...all_elements(xml_of(files, path))])
    .filter((one) => one.local === 'TextCode')
    .map(inner_text)
    .join('')
}
