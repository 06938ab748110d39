/** The certificate object and its evidence, as the four kinds of file carry them (docs/proof-formats.md). */
import { malformed, utf8_text } from './bytes'
import { canonical_json, is_object, parse_json, type Json, type JsonObject } from './canonical_json'
import { attribute, element, elements, inner_text, type XmlElement } from './xml'

export const kNamespace = 'urn:kaigong:certificate:1'

/** What is there, nothing judged yet. */
export interface Contents {
  certificate?: Json
  evidence?: Json
  copy?: Json
}

export interface CertificateObject {
  certificate_identifier: string
  certificate_name: string
  certificate_type_code: string
  certificate_version: number
  permit_number: string
  state: string
  issued_on: string
  issuer: { name: string; code: string }
  holder: { name: string; code?: string }
  project: JsonObject & { works_name: string }
  units: JsonObject[]
  buildings: JsonObject[]
  remark?: string
  sandbox: boolean
  verify_url?: string
  /** As it stands in the file: this is what the entry commits to. */
  whole: JsonObject
}

export interface Entry {
  kind: string
  certificate_identifier: string
  certificate_version: number
  permit_number: string
  state: string
  issuer_code: string
  issued_on: string
  logged_at_ms: number
  /** This and the next are not there of a restricted permit. */
  works_name?: string
  owner_name?: string
  sandbox: boolean
  content: string
  whole: JsonObject
}

function text(object: JsonObject, name: string): string {
  const value = object[name]
  return typeof value === 'string' && value !== '' ? value : malformed(`${name} is no text`)
}

function whole_number(object: JsonObject, name: string): number {
  const value = object[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : malformed(`${name} is no number`)
}

function day(object: JsonObject, name: string): string {
  const value = text(object, name)
  const at = new Date(`${value}T00:00:00Z`)
  const is_day = /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value)
  return is_day ? value : malformed(`${name} is no day`)
}

/** Up to the last instant of the year 9999. */
function instant(object: JsonObject, name: string): number {
  const value = whole_number(object, name)
  return value <= 253_402_300_799_999 ? value : malformed(`${name} is no instant`)
}

function truth(object: JsonObject, name: string): boolean {
  const value = object[name] ?? false
  return typeof value === 'boolean' ? value : malformed(`${name} is neither true nor false`)
}

function object_member(object: JsonObject, name: string): JsonObject {
  const value = object[name]
  return is_object(value) ? value : malformed(`${name} is no object`)
}

function list(object: JsonObject, name: string): JsonObject[] {
  const value = object[name] ?? []
  if (!Array.isArray(value)) return malformed(`${name} is no list`)
  return value.map((one) => (is_object(one) ? one : malformed(`${name} holds something else`)))
}

/** Of values that records have. */
function record(object: JsonObject): JsonObject {
  canonical_json(object)
  return object
}

/** Throws Malformed. */
export function certificate_of(value: Json): CertificateObject {
  if (!is_object(value)) return malformed('the certificate is no object')
  const [issuer, holder, project] = [
    object_member(value, 'issuer'),
    object_member(value, 'holder'),
    object_member(value, 'project'),
  ]
  return {
    certificate_identifier: text(value, 'certificate_identifier'),
    certificate_name: text(value, 'certificate_name'),
    certificate_type_code: text(value, 'certificate_type_code'),
    certificate_version: whole_number(value, 'certificate_version'),
    permit_number: text(value, 'permit_number'),
    state: text(value, 'state'),
    issued_on: day(value, 'issued_on'),
    issuer: { name: text(issuer, 'name'), code: text(issuer, 'code') },
    holder: { name: text(holder, 'name'), ...('code' in holder ? { code: text(holder, 'code') } : {}) },
    project: { ...project, works_name: text(project, 'works_name') },
    units: list(value, 'units'),
    buildings: list(value, 'buildings'),
    ...('remark' in value ? { remark: text(value, 'remark') } : {}),
    sandbox: truth(value, 'sandbox'),
    ...('verify_url' in value ? { verify_url: text(value, 'verify_url') } : {}),
    whole: record(value),
  }
}

/** Throws Malformed. An entry of another kind has other members: only its kind is told. */
export function entry_of(value: Json | undefined): Entry {
  if (!is_object(value) || value.v !== 1) return malformed('not an entry of version 1')
  return {
    kind: text(value, 'entry'),
    certificate_identifier: text(value, 'certificate_identifier'),
    certificate_version: whole_number(value, 'certificate_version'),
    permit_number: text(value, 'permit_number'),
    state: text(value, 'state'),
    issuer_code: text(value, 'issuer_code'),
    issued_on: day(value, 'issued_on'),
    logged_at_ms: instant(value, 'logged_at_ms'),
    ...('works_name' in value ? { works_name: text(value, 'works_name') } : {}),
    ...('owner_name' in value ? { owner_name: text(value, 'owner_name') } : {}),
    sandbox: truth(value, 'sandbox'),
    content: text(value, 'content'),
    whole: record(value),
  }
}

/** Members of certificate.json, or of the attachment in OFD. */
export function contents_of_json(root: JsonObject): Contents {
  return { certificate: root.certificate, evidence: root.evidence, copy: root.copy }
}

export function contents_of_properties(properties: Map<string, string>): Contents {
  const read = (name: string) => {
    const value = properties.get(name)
    return value === undefined ? undefined : parse_json(value)
  }
  return { certificate: read('certificate'), evidence: read('evidence'), copy: read('copy') }
}

export function contents_of_attachment(bytes: Uint8Array | undefined): Contents {
  if (!bytes) return {}
  const root = parse_json(utf8_text(bytes))
  return is_object(root) ? contents_of_json(root) : malformed('the attachment is no object')
}

/** `certificate` and `copy` are elements of the root, each value of the kind that it says; `evidence` is JSON as text. */
export function contents_of_xml(root: XmlElement): Contents {
  const object = (name: string): { [name: string]: JsonObject } => {
    const found = element(root, name)
    if (!found) return {}
    const value = value_of(found)
    return { [name]: is_object(value) ? value : malformed(`${name} is no object`) }
  }
  const evidence = element(root, 'evidence')
  return {
    ...object('certificate'),
    ...(evidence ? { evidence: parse_json(inner_text(evidence)) } : {}),
    ...object('copy'),
  }
}

function value_of(member: XmlElement): Json {
  if (member.namespace !== kNamespace) malformed('an element of somebody else')
  const inside = elements(member)
  const text = inner_text(member)
  switch (attribute(member, 'kind')) {
    case 'object':
      return object_of(members_of(member))
    case 'list':
      return members_of(member).map((one) => (one.local === 'item' ? value_of(one) : malformed('not an item')))
    case 'integer':
      return /^(?:0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : malformed('not a number')
    case 'truth':
      return text === 'true' || (text === 'false' ? false : malformed('neither true nor false'))
    case undefined:
      return inside.length === 0 ? text : malformed('elements in a text')
    default:
      return malformed('a value of another kind')
  }
}

/** Elements alone; blanks between them say nothing, and are found by how the file is spelled. */
function members_of(parent: XmlElement): XmlElement[] {
  const is_text = (child: XmlElement | string) => typeof child === 'string' && child.trim() !== ''
  return parent.children.some(is_text) ? malformed('a text between members') : elements(parent)
}

function object_of(members: XmlElement[]): JsonObject {
  // Without a prototype, as what is read from JSON.
  const object = Object.create(null) as JsonObject
  for (const member of members) {
    if (member.local in object) malformed(`${member.local} twice`)
    object[member.local] = value_of(member)
  }
  return object
}
