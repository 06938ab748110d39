/** The XMP properties of ours (ISO 16684-1): text in the namespace of certificates. */
import { malformed, utf8_text } from '../bytes'
import { elements, inner_text, parse_xml, type XmlElement } from '../xml'
import type { PdfFile } from './file'

const kRdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'

/**
 * By local name: `certificate`, `evidence`, `copy`. Empty when the file has no metadata. They stand where every reader
 * looks for them, each once: two readers of two properties could see two certificates.
 */
export function certificate_properties(file: PdfFile, namespace: string): Map<string, string> {
  const found = new Map<string, string>()
  const stream = file.stream(file.catalog().get('Metadata'))
  if (!stream) return found
  const root = parse_xml(utf8_text(file.stream_bytes(stream)).trim())
  for (const property of named(root, 'RDF').slice(0, 1).flatMap(descriptions)) {
    if (property.namespace !== namespace || elements(property).length > 0) continue
    if (found.has(property.local)) malformed(`the property ${property.local} twice`)
    found.set(property.local, inner_text(property))
  }
  return found
}

function named(parent: XmlElement, local: string): XmlElement[] {
  return elements(parent, local).filter(({ namespace }) => namespace === kRdf)
}

function descriptions(rdf: XmlElement): XmlElement[] {
  return named(rdf, 'Description').flatMap((one) => elements(one))
}
