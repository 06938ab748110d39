/** An authority of its own for each test: keys, log, witness, seal, and files as docs/proof-formats.md says. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { strToU8, zipSync, zlibSync } from 'fflate'
import { base64_text, hex_text, joined, latin1_bytes, utf8_bytes } from '../src/core/bytes'
import { canonical_json, is_object, type Json, type JsonObject } from '../src/core/canonical_json'
import { chinese_day, fields_of } from '../src/core/fields'
import { certificate_of, kNamespace } from '../src/core/contents'
import { mod_37_36_check } from '../src/core/identifier'
import { sm3 } from '../src/core/sm3'
import { leaf_hash } from '../src/core/tlog'
import { parse_trust, type Trust } from '../src/core/trust'
import {
  bits,
  der,
  flip,
  generalized_time,
  integer,
  make_cms,
  make_party,
  octets,
  oid,
  sequence,
  text,
  type CmsOptions,
  type Party,
} from './der_writer'

export const kLoggedAtMs = Date.UTC(2026, 11, 2, 7, 32)
export const kNowMs = Date.UTC(2026, 11, 5, 2)
const kOrigin = 'permits.example/permits'

export interface Authority {
  root: Party
  signer: Party
  seal_root: Party
  seal_maker: Party
  seal_signer: Party
  log: NoteKey
  witness: NoteKey
  trust_text: string
  trust: Trust
  /** On the list, with a certificate that ended before the certificate was logged. */
  former_signer: Party
  /** On the list by mistake. */
  clock: Party
}

export interface NoteKey {
  name: string
  kind: number
  secret: Uint8Array
  vkey: string
  id: Uint8Array
}

export function make_note_key(name: string, kind: number, secret?: Uint8Array): NoteKey {
  const { secretKey, publicKey } = ed25519.keygen(secret)
  const body = joined(Uint8Array.of(kind), publicKey)
  const id = sha256(joined(utf8_bytes(`${name}\n`), body)).subarray(0, 4)
  return { name, kind, secret: secretKey, id, vkey: `${name}+${hex_text(id)}+${base64_text(body)}` }
}

export interface AuthorityOptions {
  witnesses_needed?: number
  sandbox?: boolean
}

export function make_authority(options: AuthorityOptions = {}): Authority {
  const root = make_party({ kind: 'p256', name: '示例市签名根', is_authority: true })
  const seal_root = make_party({ kind: 'sm2', name: '示例市印章根', is_authority: true })
  const signer = make_party({ kind: 'p256', name: '示例市西湖区住房和城乡建设局', by: root })
  const former_signer = make_party({ kind: 'p256', name: '过期', by: root, through_ms: kLoggedAtMs - 1 })
  const clock = make_party({ kind: 'p256', name: '时间戳', by: root, purposes: ['1.3.6.1.5.5.7.3.8'] })
  const seal_maker = make_party({ kind: 'sm2', name: '示例市印章制作', by: seal_root })
  const seal_signer = make_party({ kind: 'sm2', name: '示例市西湖区住房和城乡建设局', by: seal_root })
  const log = make_note_key(kOrigin, 1)
  const witness = make_note_key('witness.example/w1', 4)
  const trust_text = JSON.stringify({
    v: 1,
    name: '示例市住房和城乡建设局',
    sandbox: options.sandbox ?? false,
    public_url: 'https://permits.example',
    log: { origin: kOrigin, key: log.vkey },
    audit_log: { origin: 'permits.example/audit', key: make_note_key('permits.example/audit', 1).vkey },
    witnesses: [{ name: 'w1', key: witness.vkey }],
    witnesses_needed: options.witnesses_needed ?? 1,
    signing_roots: [base64_text(root.certificate)],
    seal_roots: [base64_text(seal_root.certificate)],
    signers: [signer, former_signer, clock, seal_signer].map(fingerprint),
    seal_makers: [seal_maker].map(fingerprint),
    issuers: [{ code: '11330106002500287C', name: '示例市西湖区住房和城乡建设局' }],
  })
  return {
    root,
    signer,
    former_signer,
    clock,
    seal_root,
    seal_maker,
    seal_signer,
    log,
    witness,
    trust_text,
    trust: parse_trust(trust_text),
  }
}

function fingerprint(party: Party): string {
  return `sha256:${hex_text(sha256(party.certificate))}`
}

/** The authority's list with others on it. */
export function trusting(authority: Authority, ...signers: Party[]): Trust {
  const text = JSON.parse(authority.trust_text) as { signers: string[] }
  return parse_trust(JSON.stringify({ ...text, signers: [...text.signers, ...signers.map(fingerprint)] }))
}

export function make_identifier(serial: string, version: number, type_code = '11100000000013338W009'): string {
  const three = String(version).padStart(3, '0')
  const check = mod_37_36_check(`${type_code}11330106002500287C${serial}${three}`)
  return `1.2.156.3005.2.${type_code}.11330106002500287C.${serial}.${three}.${check}`
}

export function make_certificate(changes: JsonObject = {}): JsonObject {
  return {
    certificate_identifier: make_identifier('330106202612020101', 1),
    certificate_name: '中华人民共和国建筑工程施工许可证',
    certificate_type_code: '11100000000013338W009',
    certificate_version: 1,
    permit_number: '330106202612020101',
    state: 'in_force',
    issued_on: '2026-12-02',
    issuer: { name: '示例市西湖区住房和城乡建设局', code: '11330106002500287C' },
    holder: { name: '示例教育建设中心', code: '11330105002500287C' },
    project: {
      works_name: '翠苑小学扩建工程',
      works_address: '示例市西湖区翠苑街道学院路 77 号',
      project_code: '2612-330106-04-01-123456',
      scale_text: '12 345.67 平方米',
      contract_price_text: '8260 万元',
      duration_text: '540 天',
      works_category: '01',
    },
    units: [
      {
        role: 'contractor',
        role_name: '施工单位',
        name: '浙江示例建设有限公司',
        code: '91330100000000000X',
        lead_name: '李样例',
      },
      {
        role: 'designer',
        role_name: '设计单位',
        name: '浙江样例建筑设计有限公司',
        code: '91330100000000001X',
        lead_name: '孙例平',
      },
    ],
    buildings: [
      {
        building_name: '教学楼',
        floor_area_text: '4115.22 平方米',
        storeys_text: '地上 5',
        structure_type_name: '框架',
      },
    ],
    remark: '单体工程 1 个。',
    verify_url: 'https://permits.example/v?c=1',
    ...changes,
  }
}

const kSalt = hex_text(sha256(utf8_bytes('salt')).subarray(0, 16))

export interface CaseOptions {
  /** Of the entry that is logged. */
  entry?: JsonObject
  /** Entries that stand before and after it in the log. */
  before?: number
  after?: number
  log?: NoteKey
  origin?: string
  cosigned_at_ms?: number | null
}

export interface Case {
  certificate: JsonObject
  evidence: JsonObject
}

interface Named {
  certificate_identifier: string
  certificate_version: number
  permit_number: string
  state: string
  issued_on: string
  issuer: { code: string }
  holder: { name: string }
  project: { works_name: string }
  sandbox?: boolean
}

export function make_entry(certificate: JsonObject, changes: JsonObject = {}): JsonObject {
  const { issuer, holder, project, ...named } = certificate as unknown as Named
  const salt = Uint8Array.from(Buffer.from(kSalt, 'hex'))
  return {
    entry: 'permit',
    v: 1,
    certificate_identifier: named.certificate_identifier,
    certificate_version: named.certificate_version,
    permit_number: named.permit_number,
    state: named.state,
    issuer_code: issuer.code,
    issued_on: named.issued_on,
    decided_at_ms: kLoggedAtMs - 3_600_000,
    logged_at_ms: kLoggedAtMs,
    works_name: project.works_name,
    owner_name: holder.name,
    sandbox: named.sandbox === true,
    content: `sha256:${hex_text(sha256(joined(salt, utf8_bytes(canonical_json(certificate)))))}`,
    ...changes,
  }
}

export function make_case(authority: Authority, certificate = make_certificate(), options: CaseOptions = {}): Case {
  const entry = make_entry(certificate, options.entry)
  const others = (count: number, from: number) =>
    Array.from({ length: count }, (_, at) => utf8_bytes(`{"entry":${from + at}}`))
  const before = others(options.before ?? 4, 0)
  const leaves = [...before, utf8_bytes(canonical_json(entry)), ...others(options.after ?? 6, 100)].map(leaf_hash)
  const note = make_checkpoint(authority, tree_root(leaves), leaves.length, options)
  const path = tree_path(before.length, leaves).map((hash) => `${base64_text(hash)}\n`)
  const proof = `c2sp.org/tlog-proof@v1\nindex ${before.length}\n${path.join('')}\n${note}`
  return { certificate, evidence: { entry, salt: kSalt, proof } }
}

function make_checkpoint(authority: Authority, root: Uint8Array, size: number, options: CaseOptions): string {
  const log = options.log ?? authority.log
  const body = `${options.origin ?? kOrigin}\n${size}\n${base64_text(root)}\n`
  const line = (key: NoteKey, bytes: Uint8Array) => `— ${key.name} ${base64_text(joined(key.id, bytes))}\n`
  const lines = [line(log, ed25519.sign(utf8_bytes(body), log.secret))]
  if (options.cosigned_at_ms !== null) {
    const seconds = BigInt(Math.floor((options.cosigned_at_ms ?? kLoggedAtMs + 5000) / 1000))
    const time = new Uint8Array(8)
    new DataView(time.buffer).setBigUint64(0, seconds)
    const signed = utf8_bytes(`cosignature/v1\ntime ${seconds}\n${body}`)
    lines.push(line(authority.witness, joined(time, ed25519.sign(signed, authority.witness.secret))))
  }
  return `${body}\n${lines.join('')}`
}

function split_at(count: number): number {
  let half = 1
  while (half * 2 < count) half *= 2
  return half
}

export function tree_root(leaves: Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (only && leaves.length === 1) return only
  const half = split_at(leaves.length)
  return sha256(joined(Uint8Array.of(1), tree_root(leaves.slice(0, half)), tree_root(leaves.slice(half))))
}

export function tree_path(index: number, leaves: Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return []
  const half = split_at(leaves.length)
  return index < half
    ? [...tree_path(index, leaves.slice(0, half)), tree_root(leaves.slice(half))]
    : [...tree_path(index - half, leaves.slice(half)), tree_root(leaves.slice(0, half))]
}

/** JSON with its detached JWS. */
export function make_json(contents: JsonObject, by: Party, header: JsonObject = {}): Uint8Array {
  const url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
  const head = url(
    utf8_bytes(
      JSON.stringify({ alg: 'ES256', b64: false, crit: ['b64'], x5c: [base64_text(by.certificate)], ...header }),
    ),
  )
  const signature = `${head}..${url(by.key.sign_raw(utf8_bytes(`${head}.${canonical_json(contents)}`)))}`
  return utf8_bytes(canonical_json({ ...contents, signature }))
}

function escaped(value: string): string {
  return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

function value_as_xml(name: string, value: Json): string {
  const element = (kind: string, content: string) => `<${name}${kind && ` kind="${kind}"`}>${content}</${name}>`
  if (Array.isArray(value)) return element('list', value.map((one) => value_as_xml('item', one)).join(''))
  if (is_object(value)) {
    const members = Object.keys(value).sort()
    return element('object', members.map((member) => value_as_xml(member, value[member] ?? null)).join(''))
  }
  const kinds: Record<string, string> = { boolean: 'truth', number: 'integer' }
  return element(kinds[typeof value] ?? '', escaped(String(value)))
}

/** In canonical form, as it is written, so that nothing needs to be made canonical here. */
export function make_xml({ certificate, evidence }: Case, by: Party, copy?: JsonObject): Uint8Array {
  const open = `<certificate_file xmlns="${kNamespace}">`
  const content = `${value_as_xml('certificate', certificate)}${copy ? value_as_xml('copy', copy) : ''}<evidence>${escaped(canonical_json(evidence))}</evidence>`
  const digest = base64_text(sha256(utf8_bytes(`${open}${content}</certificate_file>`)))
  const dsig = 'http://www.w3.org/2000/09/xmldsig#'
  const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
  const info = (namespace: string) =>
    `<SignedInfo${namespace}><CanonicalizationMethod Algorithm="${exclusive}"></CanonicalizationMethod>` +
    `<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"></SignatureMethod>` +
    `<Reference URI=""><Transforms><Transform Algorithm="${dsig}enveloped-signature"></Transform>` +
    `<Transform Algorithm="${exclusive}"></Transform></Transforms>` +
    `<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></DigestMethod>` +
    `<DigestValue>${digest}</DigestValue></Reference></SignedInfo>`
  const value = base64_text(by.key.sign_raw(utf8_bytes(info(` xmlns="${dsig}"`))))
  const signature =
    `<Signature xmlns="${dsig}">${info('')}<SignatureValue>${value}</SignatureValue><KeyInfo><X509Data>` +
    `<X509Certificate>${base64_text(by.certificate)}</X509Certificate></X509Data></KeyInfo></Signature>`
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
  return utf8_bytes(`${declaration}${open}${content}${signature}</certificate_file>`)
}

/** What is printed, line by line. */
export function printed_lines(certificate: JsonObject): string[] {
  const lines = fields_of(certificate_of(certificate)).map((field) => `${field.zh} ${field.value}`)
  return [...lines, `发证 ${chinese_day(String(certificate.issued_on))}`]
}

export interface PdfOptions {
  by?: Party
  lines?: string[]
  cms?: CmsOptions
  unsigned?: boolean
  without_metadata?: boolean
}

const kContentsBytes = 6000

export function make_pdf(authority: Authority, { certificate, evidence }: Case, options: PdfOptions = {}): Uint8Array {
  const lines = options.lines ?? printed_lines(certificate)
  const characters = [...new Set(lines.join(''))]
  const hex = (number: number) => number.toString(16).padStart(4, '0')
  const codes = (line: string) => [...line].map((one) => hex(characters.indexOf(one) + 1)).join('')
  const drawing = `BT /F1 10 Tf ${lines.map((line, at) => `1 0 0 1 40 ${800 - 14 * at} Tm [<${codes(line)}>-1]TJ`).join('\n')} ET`
  const map = `/CIDInit /ProcSet findresource begin 1 begincodespacerange <0000> <ffff> endcodespacerange
${characters.length} beginbfchar
${characters.map((one, at) => `<${hex(at + 1)}> <${[...Buffer.from(one, 'utf16le').swap16()].map((byte) => byte.toString(16).padStart(2, '0')).join('')}>`).join('\n')}
endbfchar end`
  const metadata = make_metadata(certificate, evidence)
  const packed = (content: string) => stream(zlibSync(strToU8(content)), '/Filter /FlateDecode')
  const objects = [
    latin1_bytes(
      `<< /Type /Catalog /Pages 2 0 R${options.without_metadata ? '' : ' /Metadata 7 0 R'}${options.unsigned ? '' : ' /AcroForm << /SigFlags 3 /Fields [8 0 R] >>'} >>`,
    ),
    latin1_bytes('<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources << /Font << /F1 5 0 R >> >> >>'),
    latin1_bytes('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>'),
    packed(drawing),
    latin1_bytes('<< /Type /Font /Subtype /Type0 /BaseFont /Test /Encoding /Identity-H /ToUnicode 6 0 R >>'),
    packed(map),
    stream(utf8_bytes(metadata), '/Type /Metadata /Subtype /XML'),
    ...(options.unsigned
      ? []
      : [
          latin1_bytes(
            '<< /FT /Sig /T (Signature1) /V 9 0 R /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /P 3 0 R >>',
          ),
          latin1_bytes(
            `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 ${'0'.repeat(10)} ${'0'.repeat(10)} ${'0'.repeat(10)}] /Contents <${'0'.repeat(2 * kContentsBytes)}> >>`,
          ),
        ]),
  ]
  const file = pdf_of(objects)
  return options.unsigned ? file : sign_pdf(file, options.by ?? authority.signer, options.cms ?? {})
}

export function make_metadata(certificate: JsonObject, evidence: JsonObject): string {
  return `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:kg="${kNamespace}"><kg:certificate>${escaped(canonical_json(certificate))}</kg:certificate><kg:evidence>${escaped(canonical_json(evidence))}</kg:evidence></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>`
}

export function stream(bytes: Uint8Array, members: string): Uint8Array {
  return joined(latin1_bytes(`<< /Length ${bytes.length} ${members} >>\nstream\n`), bytes, latin1_bytes('\nendstream'))
}

export function pdf_of(objects: Uint8Array[]): Uint8Array {
  const head = latin1_bytes('%PDF-1.7\n')
  const parts = [head]
  const offsets: number[] = []
  let at = head.length
  for (const [place, object] of objects.entries()) {
    offsets.push(at)
    const whole = joined(latin1_bytes(`${place + 1} 0 obj\n`), object, latin1_bytes('\nendobj\n'))
    parts.push(whole)
    at += whole.length
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  parts.push(
    latin1_bytes(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  )
  return joined(...parts)
}

function sign_pdf(file: Uint8Array, by: Party, cms: CmsOptions): Uint8Array {
  const words = Buffer.from(file).toString('latin1')
  const before = words.indexOf('/Contents <0') + '/Contents '.length
  const from = before + 2 * kContentsBytes + 2
  const pad = (number: number) => String(number).padEnd(10, ' ')
  const range = `/ByteRange [0 ${pad(before)} ${pad(from)} ${pad(file.length - from)}]`
  const placed = latin1_bytes(words.replace(/\/ByteRange \[[0 ]+\]/, range))
  const signature = make_cms(by, joined(placed.subarray(0, before), placed.subarray(from)), cms)
  placed.set(latin1_bytes(hex_text(signature)), before + 1)
  return placed
}

/** A second revision after the signature, as programs append it. */
export function with_added_page(pdf: Uint8Array): Uint8Array {
  const before = /startxref\n(\d+)\n%%EOF\n$/.exec(Buffer.from(pdf).toString('latin1'))?.[1] ?? ''
  const pages =
    '2 0 obj\n<< /Type /Pages /Kids [3 0 R 20 0 R] /Count 2 /Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n'
  const page = '20 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n'
  const row = (offset: number) => `${String(offset).padStart(10, '0')} 00000 n \n`
  const table = `xref\n2 1\n${row(pdf.length)}20 1\n${row(pdf.length + pages.length)}`
  const trailer = `trailer\n<< /Size 21 /Root 1 0 R /Prev ${before} >>\nstartxref\n${pdf.length + pages.length + page.length}\n%%EOF\n`
  return joined(pdf, latin1_bytes(pages + page + table + trailer))
}

export interface OfdOptions {
  signer?: Party
  maker?: Party
  listed?: Party
  lines?: string[]
  valid?: [number, number]
  sealed_at_ms?: number
  unsealed?: boolean
  without_attachment?: boolean
  /** Changes the package after its digests were taken, before it is packed. */
  afterwards?: (files: Record<string, Uint8Array>) => void
  broken_seal?: boolean
  timestamp?: (signature: Uint8Array) => Uint8Array
  /** Writes the signature in another way. */
  rewritten?: (signature: Uint8Array) => Uint8Array
  /** Stands behind the end of what is sealed. */
  sealed_more?: Uint8Array
}

const kOfd = 'xmlns:ofd="http://www.ofdspec.org/2016"'

export function make_ofd(authority: Authority, { certificate, evidence }: Case, options: OfdOptions = {}): Uint8Array {
  const lines = options.lines ?? printed_lines(certificate)
  const drawn = lines
    .map(
      (line, at) =>
        `<ofd:TextObject ID="${at + 10}" Boundary="20 ${20 + 6 * at} 170 6" Font="3" Size="4"><ofd:TextCode X="0" Y="4">${escaped(line)}</ofd:TextCode></ofd:TextObject>`,
    )
    .join('')
  const attachments = options.without_attachment ? '' : '<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>'
  const signatures = options.unsealed ? '' : '<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>'
  const files: Record<string, Uint8Array> = {
    'OFD.xml': strToU8(
      `<?xml version="1.0" encoding="UTF-8"?><ofd:OFD ${kOfd} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>${signatures}</ofd:DocBody></ofd:OFD>`,
    ),
    'Doc_0/Document.xml': strToU8(
      `<ofd:Document ${kOfd}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>${attachments}</ofd:Document>`,
    ),
    'Doc_0/Pages/Page_0/Content.xml': strToU8(
      `<ofd:Page ${kOfd}><ofd:Content><ofd:Layer ID="2">${drawn}</ofd:Layer></ofd:Content></ofd:Page>`,
    ),
  }
  if (!options.without_attachment) {
    files['Doc_0/Attachs/Attachments.xml'] = strToU8(
      `<ofd:Attachments ${kOfd}><ofd:Attachment ID="3" Name="certificate" Format="json"><ofd:FileLoc>certificate.json</ofd:FileLoc></ofd:Attachment></ofd:Attachments>`,
    )
    files['Doc_0/Attachs/certificate.json'] = utf8_bytes(canonical_json({ certificate, evidence }))
  }
  if (!options.unsealed) add_seal(files, authority, options)
  options.afterwards?.(files)
  return zipSync(files)
}

function add_seal(files: Record<string, Uint8Array>, authority: Authority, options: OfdOptions): void {
  const references = Object.entries(files)
    .map(
      ([path, bytes]) =>
        `<ofd:Reference FileRef="/${path}"><ofd:CheckValue>${base64_text(sm3(bytes))}</ofd:CheckValue></ofd:Reference>`,
    )
    .join('')
  const description = strToU8(
    `<ofd:Signature ${kOfd}><ofd:SignedInfo><ofd:Provider ProviderName="test"/><ofd:SignatureMethod>1.2.156.10197.1.501</ofd:SignatureMethod><ofd:References CheckMethod="1.2.156.10197.1.401">${references}</ofd:References></ofd:SignedInfo><ofd:SignedValue>/Doc_0/Signs/Sign_0/SignedValue.dat</ofd:SignedValue></ofd:Signature>`,
  )
  files['Doc_0/Signs/Signatures.xml'] = strToU8(
    `<ofd:Signatures ${kOfd}><ofd:MaxSignId>1</ofd:MaxSignId><ofd:Signature ID="1" Type="Seal" BaseLoc="/Doc_0/Signs/Sign_0/Signature.xml"/></ofd:Signatures>`,
  )
  files['Doc_0/Signs/Sign_0/Signature.xml'] = description
  files['Doc_0/Signs/Sign_0/SignedValue.dat'] = make_sealing(description, authority, options)
}

function make_sealing(description: Uint8Array, authority: Authority, options: OfdOptions): Uint8Array {
  const signer = options.signer ?? authority.seal_signer
  const maker = options.maker ?? authority.seal_maker
  const [from_ms, through_ms] = options.valid ?? [Date.UTC(2026, 0, 1), Date.UTC(2029, 0, 1)]
  const about = sequence(
    sequence(text(0x16, 'ES'), integer(4), text(0x16, 'KAIGONG')),
    text(0x16, '33010600000001'),
    sequence(
      integer(1),
      text(0x0c, '示例印章'),
      integer(1),
      sequence(octets((options.listed ?? signer).certificate)),
      generalized_time(Date.UTC(2026, 0, 1)),
      generalized_time(from_ms),
      generalized_time(through_ms),
    ),
    sequence(text(0x16, 'png'), octets(Uint8Array.of(1, 2, 3)), integer(40), integer(40)),
  )
  const made = maker.key.sign(about)
  if (options.broken_seal) flip(made, made.length - 1)
  const sm2 = oid('1.2.156.10197.1.501')
  const seal = sequence(about, octets(maker.certificate), sm2, bits(made))
  const signed = sequence(
    integer(4),
    seal,
    generalized_time(options.sealed_at_ms ?? kLoggedAtMs + 2000),
    bits(sm3(description)),
    der(0x16, utf8_bytes('/Doc_0/Signs/Sign_0/Signature.xml')),
  )
  const signature = signer.key.sign(signed)
  const stamp = options.timestamp ? [der(0xa0, bits(options.timestamp(signature)))] : []
  const more = options.sealed_more ? [options.sealed_more] : []
  return sequence(
    signed,
    octets(signer.certificate),
    sm2,
    bits(options.rewritten?.(signature) ?? signature),
    ...stamp,
    ...more,
  )
}
