/** The XMP properties of ours (ISO 16684-1): text in the namespace of certificates. */
import { utf8_text } from '../bytes'
import { all_elements, inner_text, parse_xml } from '../xml'
import type { PdfFile } from './file'

/** By local name: `certificate`, `evidence`, `copy`. Empty when the file has no metadata. */
export function certificate_properties(file: PdfFile, namespace: string): Map<string, string> {
  const found = new Map<string, string>()
  const stream = file.stream(file.catalog().get('Metadata'))
  if (!stream) return found
  const root = parse_xml(utf8_text(file.stream_bytes(stream)).trim())
  for (const element of all_elements(root)) {
    if (element.namespace === namespace) found.set(element.local, inner_text(element))
    for (const one of element.attributes) if (one.namespace === namespace) found.set(one.local, one.value)
  }
  return found
}
