/**
 * XML as our files and OFD packages need it: elements, attributes, text. No document type, so nothing can be drawn in
 * from elsewhere or grow, and no processing instructions within the root: the canonical form would have to keep them.
 * Runs alike in the browser and in Node.
 */
import { malformed } from './bytes'

export interface XmlAttribute {
  prefix: string
  local: string
  namespace: string
  value: string
}

export interface XmlElement {
  prefix: string
  local: string
  namespace: string
  attributes: XmlAttribute[]
  children: (XmlElement | string)[]
}

/** By prefix; '' is the default one. */
type Namespaces = Map<string, string>

const kDepthMax = 100
const kElementsMax = 200_000
/** In force at one place. */
const kNamespacesMax = 64
const kXml = 'http://www.w3.org/XML/1998/namespace'
const kName = /[\p{L}_][\p{L}\p{N}\p{M}._·-]*(?::[\p{L}_][\p{L}\p{N}\p{M}._·-]*)?/uy
const kEntities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

export function parse_xml(text: string): XmlElement {
  const reader = new Reader(text.startsWith('\ufeff') ? text.slice(1) : text)
  return reader.document()
}

export function elements(parent: XmlElement | undefined, local?: string): XmlElement[] {
  return (parent?.children ?? []).filter(
    (child): child is XmlElement => typeof child !== 'string' && (local === undefined || child.local === local),
  )
}

export function element(parent: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  return path.reduce((found: XmlElement | undefined, local) => found && elements(found, local)[0], parent)
}

export function inner_text(parent: XmlElement | undefined): string {
  return (parent?.children ?? []).map((child) => (typeof child === 'string' ? child : inner_text(child))).join('')
}

export function attribute(of: XmlElement, local: string): string | undefined {
  return of.attributes.find((one) => one.local === local)?.value
}

/** The element and all below it, in the order of the file. */
export function* all_elements(root: XmlElement): Generator<XmlElement> {
  yield root
  for (const child of root.children) if (typeof child !== 'string') yield* all_elements(child)
}

class Reader {
  at = 0
  count = 0
  constructor(readonly text: string) {}

  document(): XmlElement {
    if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(this.text)) malformed('characters outside XML')
    this.between()
    const root = this.element(new Map([['xml', kXml]]), 0)
    this.between()
    if (this.at !== this.text.length) malformed('something after the root element')
    return root
  }

  /** Declaration, comments, instructions and white space around the root. */
  private between(): void {
    const around = /\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->/y
    while (this.match(around) !== null);
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found === undefined) return null
    this.at += found.length
    return found
  }

  private need(pattern: RegExp): string {
    return this.match(pattern) ?? malformed(`not XML at ${this.at}`)
  }

  private element(outer: Namespaces, depth: number): XmlElement {
    if (depth > kDepthMax || (this.count += 1) > kElementsMax) malformed('XML too deep or too large')
    this.need(/</y)
    const name = this.need(kName)
    const written = this.attributes()
    const namespaces = in_force(outer, written)
    const made: XmlElement = { ...named(name, namespaces, true), attributes: [], children: [] }
    for (const [key, value] of written) {
      if (key !== 'xmlns' && !key.startsWith('xmlns:'))
        made.attributes.push({ ...named(key, namespaces, false), value })
    }
    const distinct = new Set(made.attributes.map((one) => `${one.namespace} ${one.local}`))
    if (distinct.size !== made.attributes.length) malformed('an attribute twice')
    if (this.need(/\/?>/y) === '>') this.content(made, namespaces, name, depth)
    return made
  }

  private attributes(): Map<string, string> {
    const written = new Map<string, string>()
    while (this.match(/\s+(?![\s/>])/y) !== null) {
      const key = this.need(kName)
      this.need(/\s*=\s*/y)
      const quoted = this.need(/"[^"<]*"|'[^'<]*'/y)
      if (written.has(key)) malformed('an attribute twice')
      written.set(key, expanded(quoted.slice(1, -1).replace(/[\t\n\r]/g, ' ')))
    }
    this.match(/\s+/y)
    return written
  }

  private content(parent: XmlElement, namespaces: Namespaces, name: string, depth: number): void {
    const children = parent.children
    const add = (text: string) => {
      if (typeof children.at(-1) === 'string') children.push((children.pop() as string) + text)
      else children.push(text)
    }
    for (;;) {
      const text = this.match(/[^<]+/y)
      if (text !== null) add(expanded(text.replace(/\r\n?/g, '\n')))
      if (this.match(/<\//y) !== null) break
      const verbatim = this.match(/<!\[CDATA\[[\s\S]*?\]\]>/y)
      if (verbatim !== null) add(verbatim.slice(9, -3).replace(/\r\n?/g, '\n'))
      else if (this.match(/<!--[\s\S]*?-->/y) !== null) continue
      else children.push(this.element(namespaces, depth + 1))
    }
    if (this.need(kName) !== name) malformed('the wrong end tag')
    this.need(/\s*>/y)
  }
}

/** Those of the elements around it too; most declare none of their own. */
function in_force(outer: Namespaces, written: Map<string, string>): Namespaces {
  const declared = [...written].filter(([key]) => key === 'xmlns' || key.startsWith('xmlns:'))
  if (declared.length === 0) return outer
  const namespaces = new Map(outer)
  for (const [key, value] of declared) {
    if (key === 'xmlns') namespaces.set('', value)
    else namespaces.set(key.slice(6), value || malformed('a prefix for nothing'))
  }
  return namespaces.size > kNamespacesMax ? malformed('too many namespaces') : namespaces
}

function named(name: string, namespaces: Namespaces, is_element: boolean) {
  const [prefix, local] = name.includes(':') ? (name.split(':') as [string, string]) : ['', name]
  if (prefix === '' && !is_element) return { prefix, local, namespace: '' }
  const namespace = namespaces.get(prefix)
  if (namespace === undefined && prefix !== '') malformed(`the prefix ${prefix} means nothing`)
  return { prefix, local, namespace: namespace ?? '' }
}

function expanded(text: string): string {
  if (text.includes(']]>')) malformed(']]> in text')
  return text.replace(/&([^;&]{0,10});?/g, (whole, name: string) => {
    if (!whole.endsWith(';')) return malformed('an ampersand alone')
    if (!name.startsWith('#')) return kEntities[name] ?? malformed(`the entity ${name}`)
    const code = /^#x[0-9a-fA-F]+$/.test(name)
      ? Number.parseInt(name.slice(2), 16)
      : /^#\d+$/.test(name)
        ? Number(name.slice(1))
        : 0
    if (code < 0x20 && ![9, 10, 13].includes(code)) return malformed('a character outside XML')
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return malformed('a character outside XML')
    return String.fromCodePoint(code)
  })
}

const kEscapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** What a text looks like in canonical form (Canonical XML 1.0 §1.1), where it has no carriage return. */
export function escaped_text(text: string): string {
  return text.replace(/[&<>]/g, (character) => kEscapes[character] ?? '')
}
