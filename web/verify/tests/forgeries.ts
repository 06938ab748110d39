/** Good files with something of a stranger's in them where no signature is: none of them is genuine. */
import { base64_text, joined, latin1_bytes, latin1_text, utf8_bytes, utf8_text } from '../src/core/bytes'
import type { JsonObject } from '../src/core/canonical_json'
import { unzip } from '../src/core/zip'
import { der, octets, oid, sequence, set, text, with_longer_number, type CmsOptions } from './der_writer'
import * as make from './make'
import { changed, type Sample } from './samples'
import { write_zip, type ZipEntry } from './zip_writer'

export interface Made {
  ours: make.Authority
  stranger: make.Authority
  good: make.Case
}

const kSignatureWrong = 'signature verify.signature_wrong'
const kBytesChanged = 'signature verify.bytes_changed'
const kUnreadable = 'file verify.file_unreadable'
const kAnything = text(0x0c, 'anything at all')

export function make_forgeries(made: Made): Sample[] {
  return [
    ...forged_jsons(made),
    ...forged_pdfs(made),
    ...forged_seals(made),
    ...forged_xmls(made),
    ...forged_packages(made),
  ]
}

function not_genuine(file: string, bytes: Uint8Array, ...failures: string[]): Sample {
  return { file, bytes, verdict: 'not_genuine', failures }
}

/** The same number, the same signature, in another spelling; and kinds that two readers could see differently. */
function forged_jsons({ ours, good }: Made): Sample[] {
  const json = make.make_json({ ...good }, ours.signer)
  const codes = [kSignatureWrong, 'data verify.data_malformed']
  const version = '"certificate_version":1,'
  const none = (file: string, bytes: Uint8Array, code: string): Sample => {
    return { file, bytes, verdict: 'cannot_judge', failures: [`file ${code}`] }
  }
  const in_a_list = utf8_text(json).replace(/(?<="signature":)("[^"]*")/, '[$1]')
  const blanks = utf8_bytes(' \t\r\n'.repeat(1000))
  return [
    not_genuine('number-with-point.json', changed(json, version, '"certificate_version":1.0,'), ...codes),
    not_genuine('number-with-exponent.json', changed(json, version, '"certificate_version":1e0,'), ...codes),
    not_genuine('signature-in-a-list.json', utf8_bytes(in_a_list), kSignatureWrong),
    { file: 'blanks-before.json', bytes: joined(blanks, json), verdict: 'genuine', failures: [] },
    not_genuine('blanks-before.xml', joined(blanks, make.make_xml(good, ours.signer)), kBytesChanged),
    none('mark-before.json', joined(Uint8Array.of(0xef, 0xbb, 0xbf), json), 'verify.file_unreadable'),
    none('page-break-before.json', joined(utf8_bytes('\f'), json), 'verify.kind_unknown'),
    none('text-without-end.json', utf8_bytes(`{"certificate":"${'a'.repeat(1_000_000)}`), 'verify.file_unreadable'),
  ]
}

/** Around what the signature of a PDF covers. */
function forged_pdfs({ ours, good }: Made): Sample[] {
  const attribute = (name: string, ...values: Uint8Array[]) => sequence(oid(name), set(...values))
  const forms: Record<string, CmsOptions> = {
    'cms-version.pdf': { version: 5 },
    'cms-signer-version.pdf': { signer_version: 7 },
    'cms-no-digests.pdf': { without_digests: true },
    'cms-revoked.pdf': { revoked: kAnything },
    'cms-unsigned-attribute.pdf': { unsigned: [attribute('1.2.3.4', kAnything)] },
    'cms-two-timestamps.pdf': { unsigned: [attribute('1.2.840.113549.1.9.16.2.14', sequence(), sequence())] },
    'cms-longer-number.pdf': { rewritten: with_longer_number },
    'cms-signing-time.pdf': { at_ms: make.kLoggedAtMs },
  }
  const pdf = latin1_text(make.make_pdf(ours, good))
  // The type of the content, as an object of no kind.
  const type = '06092a864886f70d010903310b06'
  if (!pdf.includes(type)) throw new Error('no type of the content')
  const other_type = latin1_bytes(pdf.replace(type, type.replace(/06$/, '07')))
  return [
    ...Object.entries(forms).map(([file, cms]) =>
      not_genuine(file, make.make_pdf(ours, good, { cms }), kSignatureWrong),
    ),
    not_genuine('cms-content-type.pdf', other_type, kSignatureWrong),
  ]
}

function forged_seals({ ours, good }: Made): Sample[] {
  const sealed = (file: string, options: make.OfdOptions) =>
    not_genuine(file, make.make_ofd(ours, good, options), kSignatureWrong)
  return [
    sealed('seal-longer-number.ofd', { rewritten: with_longer_number }),
    sealed('seal-more.ofd', { sealed_more: kAnything }),
    sealed('seal-more-of-none.ofd', { sealed_more: der(0xa0, octets(utf8_bytes('anything'))) }),
  ]
}

/** Within the element of the signature, which nobody signs. */
function forged_xmls({ ours, stranger, good }: Made): Sample[] {
  const xml = make.make_xml(good, ours.signer)
  const certificate = (der: Uint8Array) => `<X509Certificate>${base64_text(der)}</X509Certificate></X509Data>`
  const more = (der: Uint8Array) => changed(xml, '</X509Data>', certificate(der))
  const signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"'
  return [
    not_genuine('xml-object.xml', changed(xml, '</Signature>', '<Object>anything</Object></Signature>'), kBytesChanged),
    not_genuine('xml-id.xml', changed(xml, signature, `${signature} Id="anything"`), kSignatureWrong),
    not_genuine('xml-id-inside.xml', changed(xml, '<SignedInfo', '<SignedInfo Id="anything"'), kBytesChanged),
    not_genuine('xml-key-name.xml', changed(xml, '<X509Data', '<KeyName>anything</KeyName><X509Data'), kBytesChanged),
    not_genuine('xml-comment.xml', changed(xml, '<SignatureValue', '<!-- x --><SignatureValue'), kBytesChanged),
    not_genuine('xml-value-broken.xml', changed(xml, '<SignatureValue>', '<SignatureValue>\n'), kSignatureWrong),
    not_genuine('xml-twice.xml', changed(xml, '<evidence>', '<certificate></certificate><evidence>'), kBytesChanged),
    not_genuine('xml-more-after.xml', joined(xml, utf8_bytes('\n')), kBytesChanged),
    not_genuine('xml-garbage-certificate.xml', more(utf8_bytes('anything')), kSignatureWrong),
    not_genuine('xml-more-certificates.xml', more(stranger.root.certificate), kSignatureWrong),
    { file: 'xml-with-root.xml', bytes: more(ours.root.certificate), verdict: 'genuine', failures: [] },
  ]
}

/** A page of a stranger's where readers that go from file to file find it, and those by the directory do not. */
function forged_packages({ ours, good }: Made): Sample[] {
  const project = { ...(good.certificate.project as JsonObject), works_name: '违法别墅工程' }
  const other = unzip(make.make_ofd(ours, { ...good, certificate: make.make_certificate({ project }) }))
  const entries: ZipEntry[] = [...unzip(make.make_ofd(ours, good))].map(([name, bytes]) => ({ name, bytes }))
  const page = 'Doc_0/Pages/Page_0/Content.xml'
  const forged = { name: page, bytes: other.get(page) ?? new Uint8Array() }
  const hidden = { ...forged, is_hidden: true }
  const [first, ...rest] = entries as [ZipEntry, ...ZipEntry[]]
  const unreadable = (file: string, bytes: Uint8Array): Sample => {
    return { file, bytes, verdict: 'cannot_judge', failures: [kUnreadable] }
  }
  const followed = { ...first, follows: 'marked' as const }
  const list = 'Doc_0/Signs/Signatures.xml'
  const second = '<ofd:Signature ID="2" BaseLoc="/none.xml"/></ofd:Signatures>'
  const with_second = make.make_ofd(ours, good, {
    afterwards: (files) => (files[list] = changed(files[list] ?? new Uint8Array(), '</ofd:Signatures>', second)),
  })
  return [
    unreadable('second-seal.ofd', with_second),
    { file: 'packed-again.ofd', bytes: write_zip([followed, ...rest]), verdict: 'genuine', failures: [] },
    unreadable('hidden-at-the-end.ofd', write_zip([...entries, hidden])),
    unreadable('hidden-between.ofd', write_zip([first, hidden, ...rest])),
    unreadable('hidden-at-the-begin.ofd', write_zip([hidden, ...entries])),
    unreadable('hidden-package.ofd', write_zip(entries, { comment: write_zip([forged]) })),
    unreadable('hidden-in-packed.ofd', write_zip([{ ...followed, packed_more: write_zip([forged]) }, ...rest])),
    unreadable('hidden-in-a-folder.ofd', write_zip([...entries, { ...forged, name: 'forged/' }])),
    unreadable('after-the-end.ofd', joined(write_zip(entries), latin1_bytes('x'))),
  ]
}
