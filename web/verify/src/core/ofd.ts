/** An OFD package (GB/T 33190-2016): its seal, which files the seal covers, its attachment, its printed text. */
import { base64_bytes, equal_bytes, malformed, utf8_text } from './bytes'
import { text_of_page } from './ofd_text'
import { parse_sealing, type Sealing } from './seal'
import { sm3 } from './sm3'
import { Steps } from './steps'
import { attribute, element, elements, inner_text, parse_xml, type XmlElement } from './xml'

const kRoot = 'OFD.xml'
const kSm3Names = ['SM3', 'sm3', '1.2.156.10197.1.401']
const kXmlBytesMax = 8 << 20
const kPagesMax = 1000
const kTemplatesAPageMax = 16
/** Elements of pages, as often as they are looked at; so many bytes of XML cost as much as one. */
const kStepsMax = 4 << 20
const kBytesAStep = 16

export interface OfdPackage {
  files: Map<string, Uint8Array>
  /** What stands on the pages and on the templates under them. */
  text: string
  /** Paths. */
  attachments: string[]
  seal: SealRecord | null
}

/** What Signature.xml says, by paths. */
interface SealRecord {
  list: string
  description: string
  value: string
  knows_digests: boolean
  references: { path: string; digest: Uint8Array }[]
}

export interface OfdSeal {
  sealing: Sealing
  /** Path and bytes of Signature.xml, which the seal is pressed upon. */
  description: string
  description_bytes: Uint8Array
  /** Files that are not as they were, and files that nobody sealed. */
  changed: string[]
  not_covered: string[]
}

/** Nothing where the package is no OFD. Throws Malformed where what it describes is not there or not of the form. */
export function read_package(files: Map<string, Uint8Array>): OfdPackage | 'other' {
  const reader = new PackageReader(files)
  return reader.find(kRoot) === undefined ? 'other' : reader.read()
}

class PackageReader {
  private readonly paths: Map<string, string>
  private readonly parsed = new Map<string, XmlElement>()
  private readonly steps = new Steps(kStepsMax)

  constructor(private readonly files: Map<string, Uint8Array>) {
    this.paths = new Map([...files.keys()].map((path) => [lower(path), path]))
  }

  /** Real files name parts in the wrong case; names are unique without it. */
  find(path: string): string | undefined {
    return this.paths.get(lower(path))
  }

  read(): OfdPackage {
    const bodies = elements(this.xml(kRoot, 'OFD'), 'DocBody')
    const [body] = bodies
    if (!body || bodies.length > 1) return malformed('not one document')
    const path = this.located(kRoot, text_of(body, 'DocRoot'))
    const document = this.xml(path, 'Document')
    const text = this.pages(path, document)
    const attachments = this.attachments(path, text_of(document, 'Attachments'))
    return { files: this.files, text, attachments, seal: this.seal(text_of(body, 'Signatures')) }
  }

  private located(base: string, location: string): string {
    return this.find(resolved(base, location)) ?? malformed(`${location} is missing`)
  }

  private xml(path: string, root: string): XmlElement {
    const known = this.parsed.get(path)
    if (known) return known
    const bytes = this.files.get(this.find(path) ?? '') ?? malformed(`${path} is missing`)
    this.steps.spend(bytes.length / kBytesAStep)
    const read = bytes.length > kXmlBytesMax ? malformed(`${path} is too large`) : parse_xml(utf8_text(bytes))
    if (read.local !== root) malformed(`${path} is something else`)
    this.parsed.set(path, read)
    return read
  }

  private pages(base: string, document: XmlElement): string {
    const templates = new Map<string, string>()
    for (const one of elements(element(document, 'CommonData'), 'TemplatePage')) {
      const path = this.find(resolved(base, attribute(one, 'BaseLoc') ?? ''))
      if (path !== undefined) templates.set(attribute(one, 'ID') ?? '', path)
    }
    const pages = elements(element(document, 'Pages'), 'Page')
    if (pages.length > kPagesMax) malformed('too many pages')
    let text = ''
    for (const one of pages) {
      const page = this.xml(this.located(base, attribute(one, 'BaseLoc') ?? ''), 'Page')
      const used = elements(page, 'Template')
      if (used.length > kTemplatesAPageMax) malformed('too many templates')
      const under = used.flatMap((template) => templates.get(attribute(template, 'TemplateID') ?? '') ?? [])
      for (const part of [...under.map((path) => this.xml(path, 'Page')), page])
        text = text_of_page(part, this.steps, text)
    }
    return text
  }

  private attachments(base: string, location: string): string[] {
    if (location === '') return []
    const list = this.located(base, location)
    const attached = elements(this.xml(list, 'Attachments'), 'Attachment')
    return attached.map((one) => this.located(list, text_of(one, 'FileLoc')))
  }

  private seal(location: string): SealRecord | null {
    if (location === '') return null
    const list = this.located(kRoot, location)
    const place = only_signature(this.xml(list, 'Signatures'), utf8_text(this.files.get(list) ?? new Uint8Array()))
    return place === null ? null : this.record(list, this.located(list, place))
  }

  private record(list: string, description: string): SealRecord {
    const root = this.xml(description, 'Signature')
    const info = element(root, 'SignedInfo')
    const references = element(info, 'References')
    for (const stamp of elements(info, 'StampAnnot'))
      if (!is_box(attribute(stamp, 'Boundary') ?? '')) malformed('a stamp without place')
    const seal = text_of(element(info, 'Seal'), 'BaseLoc')
    if (seal !== '') this.located(description, seal)
    const covered = elements(references, 'Reference').map((one) => ({
      path: resolved(description, attribute(one, 'FileRef') ?? ''),
      digest: base64_bytes(text_of(one, 'CheckValue')),
    }))
    // Each would be hashed again, however large it is.
    if (new Set(covered.map(({ path }) => lower(path))).size !== covered.length) malformed('a file covered twice')
    return {
      list,
      description,
      value: this.located(description, text_of(root, 'SignedValue')),
      knows_digests: kSm3Names.includes((references && attribute(references, 'CheckMethod')) ?? ''),
      references: covered.map(({ path, digest }) => ({ path: this.find(path) ?? path, digest })),
    }
  }
}

function lower(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function text_of(parent: XmlElement | undefined, local: string): string {
  return inner_text(element(parent, local)).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
}

/** Relative to the file that names it, or from the root; never above it. */
function resolved(base: string, path: string): string {
  const parts = path.startsWith('/') ? [] : base.split('/').slice(0, -1)
  for (const part of path.split('/')) {
    if (part === '..' && parts.pop() === undefined) malformed('a path that climbs')
    else if (!['', '.', '..'].includes(part)) parts.push(part)
  }
  return parts.length > 0 ? parts.join('/') : malformed('a path to nowhere')
}

function is_box(text: string): boolean {
  const numbers = text.split(/[ \t\r\n,]+/).filter((one) => one !== '')
  return numbers.length === 4 && numbers.every((one) => Number.isFinite(Number(one)))
}

/**
 * Where the description of the one seal is; nothing where there is none. No seal can cover the list of seals, so
 * there is nothing in it but that, and the highest number that was given.
 */
function only_signature(list: XmlElement, written: string): string | null {
  const [signature, ...more] = elements(list, 'Signature')
  const is_known = (child: XmlElement | string) =>
    typeof child === 'string' ? child.trim() === '' : is_number(child) || child === signature
  const is_plain = !/<!|<\?(?!xml )/.test(written) && list.attributes.length === 0 && list.children.every(is_known)
  if (!is_plain || more.length > 0 || elements(list, 'MaxSignId').length > 1) malformed('a list of something else')
  if (!signature) return null
  const { attributes, children } = signature
  const is_ours = ({ local, prefix, value }: XmlElement['attributes'][number]) =>
    prefix === '' && (local === 'BaseLoc' || (local === 'ID' ? is_digits(value) : local === 'Type' && value === 'Seal'))
  if (children.length > 0 || !attributes.every(is_ours)) malformed('a seal that says something else')
  return attribute(signature, 'BaseLoc') ?? malformed('a seal without place')
}

function is_number({ local, attributes, children }: XmlElement): boolean {
  const [text, ...more] = children
  return (
    local === 'MaxSignId' && attributes.length === 0 && more.length === 0 && typeof text === 'string' && is_digits(text)
  )
}

function is_digits(text: string): boolean {
  return /^\d{1,9}$/.test(text)
}

/** Throws Malformed when what stands for a seal is none. */
export function find_seal({ files, seal }: OfdPackage): OfdSeal | 'missing' {
  if (!seal) return 'missing'
  if (!seal.knows_digests) return malformed('digests of another kind')
  const bytes_of = (path: string) => files.get(path) ?? malformed(`${path} is missing`)
  const changed = seal.references.filter(({ path, digest }) => {
    const bytes = files.get(path)
    return !bytes || !equal_bytes(sm3(bytes), digest)
  })
  // The list of seals, the description and the seal itself cannot be covered by it; everything else must be.
  const known = new Set([seal.list, seal.description, seal.value, ...seal.references.map(({ path }) => path)])
  return {
    sealing: parse_sealing(bytes_of(seal.value)),
    description: seal.description,
    description_bytes: bytes_of(seal.description),
    changed: changed.map(({ path }) => path),
    not_covered: [...files.keys()].filter((path) => !known.has(path)),
  }
}

/** The bytes of an attachment by the name of its file. */
export function find_attachment({ files, attachments }: OfdPackage, name: string): Uint8Array | undefined {
  const found = attachments.find((path) => path.split('/').at(-1) === name)
  return found === undefined ? undefined : files.get(found)
}
