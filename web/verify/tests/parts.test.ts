/** The parts beside what others publish about them: vectors of standards, OpenSSL, xmlsec1, sealed packages of others. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { base64_bytes, hex_bytes, hex_text, Malformed, utf8_bytes } from '../src/core/bytes'
import { canonical_json, kFileLimits, parse_json } from '../src/core/canonical_json'
import { judge_content, parse_signed_content } from '../src/core/cms'
import { contents_of_xml, kNamespace } from '../src/core/contents'
import { Fields, parse_der } from '../src/core/der'
import { find_identifier } from '../src/core/identifier'
import { signature_holds } from '../src/core/signatures'
import { sm3 } from '../src/core/sm3'
import {
  cosigned_at_ms,
  leaf_hash,
  parse_checkpoint,
  parse_verifier_key,
  root_of_path,
  signed_by_log,
} from '../src/core/tlog'
import { parse_certificate, standing_of } from '../src/core/x509'
import { all_elements, inner_text, parse_xml } from '../src/core/xml'
import { certificate_of } from '../src/core/contents'
import { fields_of } from '../src/core/fields'
import { kCodes, sentence } from '../src/core/sentences'
import { parse_trust } from '../src/core/trust'
import { verify_file } from '../src/core/verify'
import { judge_status } from '../src/core/status'
import { attempt } from '../src/core/judging'
import { make_cms, make_party } from './der_writer'
import { kWords, type WordKey } from '../src/page/words'
import * as make from './make'

const conformance = join(process.cwd(), '../../shared/conformance')
const has_conformance = existsSync(conformance) || Boolean(process.env.CI)

function has_program(name: string): boolean {
  return spawnSync(name, ['--version']).error === undefined || Boolean(process.env.CI)
}

describe('canonical JSON', () => {
  it('is that of RFC 8785, of whole numbers', () => {
    const text =
      '{"numbers":[333333333,-1,0],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}'
    expect(canonical_json(parse_json(text))).toBe(
      '{"literals":[null,true,false],"numbers":[333333333,-1,0],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
    const sorted = canonical_json(
      parse_json('{"\u20ac":1,"\\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}'),
    )
    expect(sorted).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}')
  })

  it('is of no number that records do not have, however it is spelled', () => {
    for (const number of ['1.0', '1e0', '0.0', '1E2', '-0.5', '1e999', '9007199254740992', '-9007199254740992']) {
      expect(parse_json(`[${number}]`), number).toEqual([NaN])
      expect(() => canonical_json(parse_json(number)), number).toThrow(Malformed)
    }
    expect(canonical_json(parse_json('[-0,9007199254740991]'))).toBe('[0,9007199254740991]')
  })

  it('is read as far as there is room for it, however long its texts are', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(() => parse_json(nested(32))).not.toThrow()
    expect(() => parse_json(nested(33))).toThrow(Malformed)
    expect(() => parse_json(nested(64), kFileLimits)).not.toThrow()
    expect(() => parse_json(nested(65), kFileLimits)).toThrow(Malformed)
    expect(() => parse_json(`[${'0,'.repeat(100_000)}0]`)).toThrow(Malformed)
    expect(() => parse_json(`"${'a'.repeat(1 << 20)}"`)).toThrow(Malformed)
    expect(() => parse_json(`{"${'a'.repeat(1025)}":1}`)).toThrow(Malformed)
    const long = 'a\\"'.repeat(2_000_000)
    expect(parse_json(`"${long}"`, kFileLimits)).toBe('a"'.repeat(2_000_000))
    for (const text of [`"${long}`, '"', '"\\', '"\\"']) expect(() => parse_json(text, kFileLimits)).toThrow(Malformed)
  })

  it('is not read from what two readers could read differently', () => {
    for (const text of ['', '{"a":1,"a":2}', '[1,]', '{"a":1}x', '01', '"\\ud800"', '"\n"', 'nul', '[1 2]', '{a:1}'])
      expect(() => parse_json(text), text).toThrow()
    expect(canonical_json(parse_json(' {"__proto__" : [ 1 , -5 ] } '))).toBe('{"__proto__":[1,-5]}')
  })
})

describe('identifiers', () => {
  it('in use carry the check character', () => {
    for (const text of [
      '1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0',
      '1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U',
      '1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9',
    ])
      expect(find_identifier(text), text).not.toBeNull()
  })

  it('with one wrong character are found out', () => {
    const right = make.make_identifier('330106202612020101', 1)
    for (let at = 15; at < right.length; at += 1) {
      if (right[at] === '.') continue
      expect(find_identifier(right.slice(0, at) + (right[at] === '7' ? '8' : '7') + right.slice(at + 1))).toBeNull()
    }
  })
})

describe('SM3 and SM2', () => {
  it('give the digests of the standard', () => {
    expect(hex_text(sm3(utf8_bytes('abc')))).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
    expect(hex_text(sm3(utf8_bytes('abcd'.repeat(16))))).toBe(
      'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732',
    )
  })

  it.skipIf(!has_program('openssl'))('agree with OpenSSL', () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
      const bytes = new Uint8Array(length).map((_, at) => at * 7)
      const said = spawnSync('openssl', ['dgst', '-sm3', '-r'], { input: bytes, encoding: 'utf8' })
      expect(said.stdout.slice(0, 64), `${length} bytes`).toBe(hex_text(sm3(bytes)))
    }
  })
})

describe('the log', () => {
  it('reads the notes of C2SP', () => {
    const note =
      'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'
    const key = parse_verifier_key('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k')
    const [text, lines] = [note.slice(0, 28), note.slice(29)]
    const signature = { name: key.name, id: key.id, bytes: base64_bytes(lines.trim().split(' ')[2] ?? '').subarray(4) }
    const checkpoint = { origin: '', size: 0n, root: new Uint8Array(), text, signatures: [signature] }
    expect(signed_by_log(checkpoint, key)).toBe(true)
    expect(signed_by_log({ ...checkpoint, text: `${text}x` }, key)).toBe(false)
    expect(cosigned_at_ms(checkpoint, key)).toBeNull()
  })

  it('refuses keys and checkpoints that are not of the form', () => {
    for (const key of ['', 'a+1+b', 'example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'])
      expect(() => parse_verifier_key(key), key).toThrow()
    for (const note of ['', 'a\n1\n\n', `a\n01\n${'A'.repeat(43)}=\n\n— a AAAAAAA=\n`, `a\n1\nAA==\n\n— a AAAAAAA=\n`])
      expect(() => parse_checkpoint(note), note).toThrow()
  })

  it.skipIf(!has_conformance)('leads from leaves to the roots of RFC 6962', () => {
    interface Vectors {
      leaf_inputs_hex: string[]
      leaf_hashes: string[]
      roots_by_size: string[]
      inclusion: { size: number; index: number; proof: string[] }[]
    }
    const vectors = JSON.parse(readFileSync(join(conformance, 'merkle/rfc6962_small.json'), 'utf8')) as Vectors
    const leaves = vectors.leaf_inputs_hex.map((leaf) => leaf_hash(hex_bytes(leaf)))
    expect(leaves.map(hex_text)).toEqual(vectors.leaf_hashes)
    for (const { size, index, proof } of vectors.inclusion) {
      const path = proof.map(hex_bytes)
      const root = (at: number, hashes: Uint8Array[]) => {
        const found = root_of_path(leaves[index] ?? new Uint8Array(), BigInt(at), BigInt(size), hashes)
        return found && hex_text(found)
      }
      expect(root(index, path)).toBe(vectors.roots_by_size[size])
      expect(root(index, [...path, new Uint8Array(32)])).toBeNull()
      if (path.length > 0) expect(root(index, path.slice(1))).not.toBe(vectors.roots_by_size[size])
      expect(root(size, path)).toBeNull()
    }
  })
})

describe('sealed packages of others', () => {
  const judged = (name: string) =>
    verify_file(
      { name, bytes: new Uint8Array(readFileSync(join(conformance, 'ofd', name))) },
      make.make_authority().trust,
      make.kNowMs,
    )

  it.skipIf(!has_conformance)('hold by themselves, of a signer whom nobody here knows', () => {
    for (const [name, seal] of [
      ['reader_SESV4SignDoc.ofd', 'fail verify.seal_expired'],
      ['sign_v4signed.ofd', 'pass '],
    ] as const) {
      const answer = judged(name)
      const said = Object.fromEntries(answer.checks.map(({ check, outcome, code }) => [check, `${outcome} ${code}`]))
      expect(answer.verdict).toBe('cannot_judge')
      expect([said.signature, said.signer, said.seal]).toEqual(['pass ', 'fail verify.signer_unknown', seal])
    }
  })

  it.skipIf(!has_conformance)('without a seal are not judged', () => {
    expect(judged('reader_helloworld.ofd').checks.find(({ check }) => check === 'signature')?.code).toBe(
      'verify.signature_missing',
    )
  })
})

describe('XML', () => {
  it('is read with its namespaces and what its texts stand for', () => {
    const root = parse_xml(`<?xml version="1.0"?>
<!-- outside --><a:r xmlns:a="urn:a" xmlns:b="urn:b" xmlns="urn:d" z='1&quot;' b:y="&#x9;&lt;" a:x="3"><e/><!-- in --><b:f c="&gt;">&gt;&amp;&#13;<![CDATA[<x>]]></b:f></a:r>`)
    const read = [...all_elements(root)].map(({ namespace, local, attributes }) => [
      namespace,
      local,
      ...attributes.map((one) => `${one.namespace} ${one.local}=${one.value}`),
    ])
    expect(read).toEqual([
      ['urn:a', 'r', ' z=1"', 'urn:b y=\t<', 'urn:a x=3'],
      ['urn:d', 'e'],
      ['urn:b', 'f', ' c=>'],
    ])
    expect(inner_text(root)).toBe('>&\r<x>')
  })

  it('of other kinds is refused', () => {
    for (const text of [
      '<!DOCTYPE a><a/>',
      '<a',
      '<a></b>',
      '<a/><b/>',
      '<a b="1" b="2"/>',
      '<p:a/>',
      '<a>&x;</a>',
      '<a><?b c?></a>',
      '<a>&#0;</a>',
      '<a b=1/>',
      '<a>\u0001</a>',
      '<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>',
      '<a>'.repeat(200),
    ])
      expect(() => parse_xml(text), text).toThrow()
  })

  it('gives values of the kinds that they say, and of no others', () => {
    const read = (certificate: string, more = '') =>
      contents_of_xml(parse_xml(`<certificate_file xmlns="${kNamespace}">${certificate}${more}</certificate_file>`))
    const whole =
      '<certificate kind="object"><a>1</a><b kind="integer">-7</b><c kind="truth">true</c>' +
      '<d kind="list"><item>x</item><item kind="object"><e></e></item></d></certificate>'
    expect(read(whole, '<evidence>{"a":1}</evidence>')).toEqual({
      certificate: { a: '1', b: -7, c: true, d: ['x', { e: '' }] },
      evidence: { a: 1 },
    })
    expect(read('')).toEqual({})
    for (const inside of [
      '<a kind="integer">1.5</a>',
      '<a kind="integer">01</a>',
      '<a kind="truth">yes</a>',
      '<a kind="number">1</a>',
      '<a><b>1</b></a>',
      '<a>1</a><a>1</a>',
      '<a kind="list"><b>1</b></a>',
      '<a kind="list"><item>1</item>2</a>',
      '<a>1</a>text<b>2</b>',
      '<a xmlns="urn:other">1</a>',
    ])
      expect(() => read(`<certificate kind="object">${inside}</certificate>`), inside).toThrow(Malformed)
    expect(read(whole + whole)).toEqual(read(whole))
    expect(() => read('<certificate>1</certificate>')).toThrow(Malformed)
  })

  it.skipIf(!has_program('xmlsec1'))('is signed as xmlsec1 reads it', () => {
    const ours = make.make_authority()
    const folder = mkdtempSync(join(tmpdir(), 'kaigong-xml-'))
    try {
      writeFileSync(join(folder, 'root.der'), ours.root.certificate)
      writeFileSync(join(folder, 'signed.xml'), make.make_xml(make.make_case(ours), ours.signer))
      const judge = [
        '--verify',
        '--verification-time',
        '2026-12-05 00:00:00',
        '--trusted-der',
        'root.der',
        'signed.xml',
      ]
      const said = spawnSync('xmlsec1', judge, { cwd: folder, encoding: 'utf8' })
      expect(`${said.stdout}${said.stderr}`).toMatch(/^(?:Verification status: )?OK/m)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('DER', () => {
  const fields = (hex: string) => new Fields(hex_bytes(hex.replaceAll(' ', '')))

  it('gives what stands there', () => {
    expect(fields('01 01 ff').boolean()).toBe(true)
    expect(fields('01 01 00').boolean()).toBe(false)
    expect(['02 01 80', '02 02 0080', '02 02 ff7f', '02 01 00'].map((hex) => fields(hex).small_integer())).toEqual([
      -128, 128, -129, 0,
    ])
    expect(hex_text(fields('02 02 0080').unsigned_integer())).toBe('80')
    expect(fields('06 03 2a8648').object_identifier()).toBe('1.2.840')
    expect(fields('06 03 883703').object_identifier()).toBe('2.999.3')
    expect(fields('1e 04 65bd5de5').text()).toBe('施工')
    expect(fields('17 0d 3439313233313233353935395a').instant_ms()).toBe(Date.UTC(2049, 11, 31, 23, 59, 59))
    expect(fields('18 11 32303236313230323037333230302e355a').instant_ms()).toBe(Date.UTC(2026, 11, 2, 7, 32, 0, 500))
  })

  it('is refused in any form but the shortest', () => {
    const refused: [read: (of: Fields) => unknown, ...forms: string[]][] = [
      [
        (of) => of.next(),
        '',
        '30',
        '1f 01 00',
        '30 80 0000',
        '30 81 01 00',
        '30 82 0080',
        '30 85 0000000001 00',
        '30 02 00',
      ],
      [(of) => of.boolean(), '01 00', '01 01 01', '01 02 ffff', '02 01 ff'],
      [(of) => of.integer(), '02 00', '02 02 007f', '02 02 ff80'],
      [(of) => of.unsigned_integer(), '02 01 80', '02 03 00007f'],
      [(of) => of.small_integer(), '02 09 7fffffffffffffffff'],
      [
        (of) => of.object_identifier(),
        '06 00',
        '06 01 80',
        '06 03 2a8001',
        '06 02 2a86',
        `06 0b 2a${'ff'.repeat(9)}7f`,
      ],
      [(of) => of.bits(), '03 00', '03 02 0180'],
      [(of) => of.text(), '04 01 61', '0c 01 ff', '1e 01 61', '1e 02 d800'],
      [(of) => of.finish(), '00'],
      [(of) => of.sequence(), '31 00'],
      // 13 months, 30 February, 24 o'clock, without Z, a fraction that ends in zero.
      [(of) => of.instant_ms(), '17 0d 3236313330323037333230305a', '17 0d 3236303233303037333230305a'],
      [(of) => of.instant_ms(), '17 0d 3236313230323234333230305a', '17 0c 323631323032303733323030'],
      [(of) => of.instant_ms(), '18 11 32303236313230323037333230302e305a', '0c 0d 3236313230323037333230305a'],
    ]
    for (const [read, ...forms] of refused)
      for (const form of forms) expect(() => read(fields(form)), `${String(read)} ${form}`).toThrow(Malformed)
    expect(() => parse_der(hex_bytes('0500ff'))).toThrow(Malformed)
  })
})

describe('certificates and signatures of OpenSSL', () => {
  it.skipIf(!has_program('openssl'))('are read, and hold', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kaigong-x509-'))
    const openssl = (...words: string[]) => {
      const said = spawnSync('openssl', words, { cwd: folder, encoding: 'utf8' })
      expect(said.status, said.stderr).toBe(0)
    }
    try {
      for (const curve of ['P-256', 'SM2']) {
        const digest = curve === 'SM2' ? '-sm3' : '-sha256'
        openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-out', 'key.pem')
        openssl(
          'req',
          '-x509',
          '-new',
          digest,
          '-key',
          'key.pem',
          '-subj',
          '/CN=root',
          '-days',
          '30',
          '-outform',
          'DER',
          '-out',
          'root.der',
          ...(curve === 'SM2' ? ['-sigopt', 'distid:1234567812345678'] : []),
        )
        const root = parse_certificate(new Uint8Array(readFileSync(join(folder, 'root.der'))))
        expect(root.is_authority).toBe(true)
        expect(signature_holds(root.algorithm, root.signature, root.signed, root.key), curve).toBe(true)
        expect(standing_of(root, [], [root], Date.now()).word).toBe('trusted')
        expect(standing_of(root, [], [root], 0).word).toBe('expired')
        expect(standing_of(root, [], [], Date.now()).word).toBe('unknown')
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('signed content of OpenSSL', () => {
  it.skipIf(!has_program('openssl'))('is of another profile and refused, and OpenSSL finds ours right', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kaigong-cms-'))
    const openssl = (...words: string[]) => {
      const said = spawnSync('openssl', words, { cwd: folder, encoding: 'utf8' })
      expect(said.status, said.stderr).toBe(0)
    }
    const read = (name: string) => new Uint8Array(readFileSync(join(folder, name)))
    try {
      const content = utf8_bytes('what is signed')
      writeFileSync(join(folder, 'content'), content)
      for (const key of [
        ['EC', 'ec_paramgen_curve:P-256'],
        ['RSA', 'rsa_keygen_bits:2048'],
      ] as const) {
        openssl('genpkey', '-algorithm', key[0], '-pkeyopt', key[1], '-out', 'key.pem')
        openssl('req', '-x509', '-new', '-key', 'key.pem', '-subj', '/CN=signer', '-days', '30', '-out', 'signer.pem')
        openssl(
          'cms',
          '-sign',
          '-binary',
          '-cades',
          '-md',
          'sha256',
          '-nosmimecap',
          '-in',
          'content',
          '-signer',
          'signer.pem',
          '-inkey',
          'key.pem',
          '-outform',
          'DER',
          '-out',
          'signed.der',
        )
        // OpenSSL writes a signing time, which PAdES has in the dictionary of the PDF: not the profile that the server
        // writes, so both verifiers refuse it, whatever its signature is worth.
        const signed = read('signed.der')
        const finding = attempt(() => judge_content(parse_signed_content(signed), content))
        expect(finding ?? 'signature_wrong', key[0]).toBe('signature_wrong')
        expect(
          judge_content(parse_signed_content(make_cms(make_party({ kind: 'p256', name: 'a' }), content)), content),
        ).toBe('holds')
      }
      const ours = make.make_authority()
      writeFileSync(join(folder, 'root.der'), ours.root.certificate)
      writeFileSync(join(folder, 'ours.der'), make_cms(ours.signer, content))
      openssl('x509', '-inform', 'DER', '-in', 'root.der', '-out', 'root.pem')
      openssl(
        'cms',
        '-verify',
        '-binary',
        '-cades',
        '-purpose',
        'any',
        '-inform',
        'DER',
        '-in',
        'ours.der',
        '-content',
        'content',
        '-CAfile',
        'root.pem',
        '-out',
        'verified',
      )
      expect(hex_text(read('verified'))).toBe(hex_text(content))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('what the authority says', () => {
  const certificate = make.make_certificate()
  const said = (status: number, changes: object = {}) =>
    judge_status(certificate, {
      status,
      body: {
        state: 'in_force',
        state_name: '有效',
        certificate_version: 1,
        certificate_identifier: make.make_identifier('330106202612020101', 1),
        ...changes,
      },
    })

  it('is told by its code', () => {
    expect(said(200)?.outcome).toBe('pass')
    expect(said(404)?.code).toBe('verify.number_unknown')
    expect(said(200, { state: 'revoked', state_name: '已撤销' })?.zh).toContain('已撤销')
    expect(said(200, { state: 'replaced' })?.code).toBe('verify.replaced')
    expect(said(200, { certificate_version: 2 })?.code).toBe('verify.replaced')
    expect(said(200, { certificate_identifier: 'x' })?.code).toBe('verify.version_differs')
    expect(said(503)).toBeNull()
  })
})

it('both languages have the same words, with the same places for values', () => {
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()
  for (const [code, { zh, en }] of kCodes) expect([code, holes(en)]).toEqual([code, holes(zh)])
  for (const [key, text] of Object.entries(kWords.zh))
    expect([key, holes(kWords.en[key as WordKey])]).toEqual([key, holes(text)])
})

it('a permit that ended is told as ended, also to who holds an older edition, in the reader’s language', () => {
  const certificate = make.make_case(make.make_authority()).certificate
  const said = (state: string, state_name: string) =>
    judge_status(certificate, { status: 200, body: { state, state_name, certificate_version: 3 } })
  expect(said('revoked', '已撤销')?.code).toBe('verify.not_in_force')
  expect(said('revoked', '已撤销')?.zh).toContain('“已撤销”')
  expect(said('revoked', '已撤销')?.en).toContain('"revoked"')
  expect(said('revoked', '已撤销')?.en).not.toContain('已撤销')
  expect(said('in_force', '有效')?.code).toBe('verify.replaced')
})

it('names that a stranger chose do not push the advice out of a sentence', () => {
  const long = '/Doc_0/'.padEnd(5000, 'x')
  const { zh, en } = sentence('verify.package_file_changed', { names: long })
  expect(zh).toMatch(/…在盖章之后被改动过。请到发证机关网站用编号查询，或要求对方出示原件。$/)
  expect(en).toMatch(/ask to be shown the original\.$/)
  expect(zh.length).toBeLessThan(400)
})

it('what is to be compared with the page is what the template prints', () => {
  const paths: Record<string, string> = {
    permit_number: 'permit_number',
    holder: 'holder.name',
    unit: 'units[].name',
    unit_lead: 'units[].lead_name',
    building: 'buildings[].building_name',
    building_area: 'buildings[].floor_area_text',
    remark: 'remark',
    issuer: 'issuer.name',
    certificate_identifier: 'certificate_identifier',
  }
  for (const matter of ['construction-permit', 'night-construction']) {
    const template = JSON.parse(readFileSync(join(process.cwd(), `../catalog/${matter}/certificate.json`), 'utf8')) as {
      profile: { certificate_name: string; printed: string[] }
    }
    const whole = make.make_case(make.make_authority()).certificate
    const fields = fields_of(certificate_of({ ...whole, certificate_name: template.profile.certificate_name }))
    const compared = fields.filter(({ is_printed }) => is_printed).map(({ key }) => key)
    expect(compared).toContain('holder')
    expect(compared).not.toContain('project_code')
    // The day stands on every certificate, in words, and so is not among the values that a profile names.
    for (const key of compared.filter((one) => one !== 'issued_on'))
      expect(template.profile.printed, key).toContain(paths[key] ?? `project.${key}`)
  }
})

it('every code that the page of formats names has its sentence, and there is no other failure', () => {
  const page = readFileSync(join(process.cwd(), '../docs/proof-formats.md'), 'utf8')
  const named = new Set([...page.matchAll(/`(verify\.[a-z_]+)`/g)].map((match) => match[1]))
  const ours = new Set(kCodes.keys())
  for (const code of ['verify.offline', 'verify.not_reached', 'verify.timestamp_authority_unknown']) ours.delete(code)
  expect([...ours].sort()).toEqual([...named].sort())
})

describe('the list of whom to trust', () => {
  it('is refused where one key would be two witnesses', () => {
    const { trust_text, witness } = make.make_authority()
    const renamed = make.make_note_key('another.example/name', witness.kind, witness.secret)
    const witnesses = [witness, renamed].map(({ name, vkey }) => ({ name, key: vkey }))
    expect(() => parse_trust(JSON.stringify({ ...JSON.parse(trust_text), witnesses }))).toThrow(
      'a witness is listed twice',
    )
  })
})
