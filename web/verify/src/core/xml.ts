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
  /** Prefixes in force here; '' is the default one. */
  namespaces: Map<string, string>
  children: (XmlElement | string)[]
  /** Where it begins and ends in the text. */
  from: number
  to: number
}

const kDepthMax = 100
const kElementsMax = 200_000
const kXml = 'http://www.w3.org/XML/1998/namespace'
const kName = /[\p{L}_][\p{L}\p{N}\p{M}._·-]*(?::[\p{L}_][\p{L}\p{N}\p{M}._·-]*)?/uy
const kEntities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

export function parse_xml(text: string): XmlElement {
  const reader = new Reader(text.startsWith('\ufeff') ? text.slice(1) : text)
  return reader.document()
}

export function elements(parent: XmlElement, local?: string): XmlElement[] {
  return parent.children.filter(
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

  private element(outer: Map<string, string>, depth: number): XmlElement {
    if (depth > kDepthMax || (this.count += 1) > kElementsMax) malformed('XML too deep or too large')
    const from = this.at
    this.need(/</y)
    const name = this.need(kName)
    const written = this.attributes()
    const namespaces = new Map(outer)
    for (const [key, value] of written) {
      if (key === 'xmlns') namespaces.set('', value)
      else if (key.startsWith('xmlns:')) namespaces.set(key.slice(6), value || malformed('a prefix for nothing'))
    }
    const made: XmlElement = { ...named(name, namespaces, true), attributes: [], namespaces, children: [], from, to: 0 }
    for (const [key, value] of written) {
      if (key !== 'xmlns' && !key.startsWith('xmlns:'))
        made.attributes.push({ ...named(key, namespaces, false), value })
    }
    const distinct = new Set(made.attributes.map((one) => `${one.namespace} ${one.local}`))
    if (distinct.size !== made.attributes.length) malformed('an attribute twice')
    if (this.need(/\/?>/y) === '>') this.content(made, name, depth)
    made.to = this.at
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

  private content(parent: XmlElement, name: string, depth: number): void {
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
      else children.push(this.element(parent.namespaces, depth + 1))
    }
    if (this.need(kName) !== name) malformed('the wrong end tag')
    this.need(/\s*>/y)
  }
}

function named(name: string, namespaces: Map<string, string>, is_element: boolean) {
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

/**
 * Exclusive canonical form (W3C xml-exc-c14n, without comments), leaving one element out: that is what the transform
 * “enveloped” means.
 */
export function canonical_xml(root: XmlElement, without?: XmlElement, written = new Map<string, string>()): string {
  const name = qualified(root)
  const declared = new Map(written)
  const namespaces: string[] = []
  const used = new Set([root.prefix, ...root.attributes.filter((one) => one.prefix).map((one) => one.prefix)])
  for (const prefix of [...used].sort()) {
    const namespace = root.namespaces.get(prefix) ?? ''
    if (prefix === 'xml' || (declared.get(prefix) ?? '') === namespace) continue
    declared.set(prefix, namespace)
    namespaces.push(` xmlns${prefix && ':'}${prefix}="${escaped_value(namespace)}"`)
  }
  const attributes = [...root.attributes]
    .sort((a, b) => order(a.namespace, b.namespace) || order(a.local, b.local))
    .map((one) => ` ${qualified(one)}="${escaped_value(one.value)}"`)
  const content = root.children
    .filter((child) => child !== without)
    .map((child) => (typeof child === 'string' ? escaped_text(child) : canonical_xml(child, without, declared)))
  return `<${name}${namespaces.join('')}${attributes.join('')}>${content.join('')}</${name}>`
}

function qualified({ prefix, local }: { prefix: string; local: string }): string {
  return prefix ? `${prefix}:${local}` : local
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const kEscapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

function escaped_text(text: string): string {
  return text.replace(/[&<>\r]/g, (character) => kEscapes[character] ?? '')
}

function escaped_value(text: string): string {
  return text.replace(/[&<"\t\n\r]/g, (character) => kEscapes[character] ?? '')
}
