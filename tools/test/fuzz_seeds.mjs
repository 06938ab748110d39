// What fuzzing starts from: the repository's own files of each kind, so that the first input is already a valid one.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './process.mjs'

/** Longer files only slow the fuzzer down: it finds the same with shorter ones. */
const kSeedBytesMax = 80 * 1024

const xmlText = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&')

/** Every FEEL expression of a decision model, each once. */
export function expressionsOf(dmn) {
  return [...new Set([...dmn.matchAll(/<(?:\w+:)?text>([^]*?)<\/(?:\w+:)?text>/g)].map(([, text]) => xmlText(text).trim()).filter(Boolean))]
}

/** A table whose cells are of every form that the check takes apart. */
const kTable = `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="m"><inputData id="a" name="a"><variable name="a" typeRef="number"/></inputData>
<decision id="d" name="d"><variable name="d"/><informationRequirement><requiredInput href="#a"/></informationRequirement><decisionTable id="t" hitPolicy="UNIQUE">
<input id="i"><inputExpression typeRef="number"><text>a</text></inputExpression><inputValues><text>[0..9]</text></inputValues></input><input id="j"><inputExpression><text>"x"</text></inputExpression></input><output id="o" name="o"/>
${[['not(1, [3..5))', 'starts with(?, "33")'], ['? > 1 and ? < 4 or ? = 7', '"a","b"'], ['null', 'not("a")'], ['< date("2026-01-01")', '@"2026-01-01"'], ['-', '-']]
  .map(([one, other]) => `<rule><inputEntry><text>${one.replaceAll('<', '&lt;')}</text></inputEntry><inputEntry><text>${other}</text></inputEntry><outputEntry><text>a + 1</text></outputEntry></rule>`)
  .join('\n')}</decisionTable></decision></definitions>`

/** The examples of C2SP tlog-checkpoint and tlog-proof. */
const kCheckpoint = `example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n`
const kPath = 'gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n'
/** The smallest package, stored without compression: OFD.xml and nothing else. */
const kPackage = Buffer.from('UEsDBBQAAAAAAAAAIQDWrkgCBgAAAAYAAAAHAAAAT0ZELnhtbDxPRkQvPlBLAQIUAxQAAAAAAAAAIQDWrkgCBgAAAAYAAAAHAAAAAAAAAAAAAACAAQAAAABPRkQueG1sUEsFBgAAAAABAAEANQAAACsAAAAAAA==', 'base64')
/** Five descriptions in one input, as server/formats/ofd/ofd_reader_fuzz.cpp parts them. */
const kDescriptions = [
  '<OFD><DocBody><DocInfo><DocID>0</DocID><CustomDatas><CustomData Name="a">b</CustomData></CustomDatas></DocInfo><DocRoot>D/Document.xml</DocRoot><Signatures>/D/Signatures.xml</Signatures></DocBody></OFD>',
  '<Document><CommonData><PageArea><PhysicalBox>0 0 210 297</PhysicalBox></PageArea><TemplatePage ID="2" BaseLoc="Content.xml"/></CommonData><Pages><Page ID="1" BaseLoc="./Content.xml"/></Pages></Document>',
  '<Page><Template TemplateID="2"/><Content><Layer><PageBlock><TextObject Boundary="1 2 3 4" Size="3"><TextCode X="0" Y="3" DeltaX="g 2 3 1.5">施工许可</TextCode></TextObject></PageBlock></Layer></Content></Page>',
  '<Signatures><MaxSignId>1</MaxSignId><Signature ID="1" Type="Seal" BaseLoc="/D/Signature.xml"/></Signatures>',
  '<Signature><SignedInfo><Provider ProviderName="a"/><References CheckMethod="SM3"><Reference FileRef="/OFD.xml"><CheckValue>AAAA</CheckValue></Reference></References><StampAnnot ID="1" PageRef="1" Boundary="1 1 4 4"/></SignedInfo><SignedValue>v.dat</SignedValue></Signature>',
].join('\x1E')

const kSeeds = {
  base_json_reader_fuzz: { files: ['catalog/**/case.json', 'catalog/**/matter.json'] },
  base_settings_fuzz: { texts: ['[listen]\nport = 8600\n', 'a = "x"\nb = 3\n[c]\nd = ["e", "f"]\n[e]\nf = true\n'] },
  crypto_jwt_fuzz: { texts: ['eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.AAAA', '{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}'] },
  db_mariadb_url_fuzz: { texts: ['mariadb://user:p%40ss@127.0.0.1:3306/kaigong', 'mariadb://user@localhost/kaigong?socket=/run/mysqld/mysqld.sock', 'mariadb://user@db.example/kaigong?tls_ca=/a/ca.pem&tls_certificate=/a/c.pem&tls_key=/a/k.pem'] },
  db_migration_dialect_fuzz: { files: ['server/**/migrations/*.sql'] },
  engine_bpmn_bpmn_fuzz: { files: ['catalog/**/*.bpmn', 'tests/engine/**/*.bpmn'] },
  engine_calendar_calendar_fuzz: { files: ['catalog/shared/holidays/*.json'] },
  engine_dmn_check_fuzz: { files: ['catalog/**/*.dmn'], texts: [kTable] },
  engine_dmn_dmn_fuzz: { files: ['catalog/**/*.dmn'] },
  engine_feel_feel_fuzz: { files: ['catalog/**/*.dmn'], split: expressionsOf },
  engine_feel_zones_fuzz: { machine: ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York'].map((name) => `/usr/share/zoneinfo/${name}`) },
  engine_tlog_note_fuzz: { texts: [kCheckpoint, `old 20852014\n${kPath}\n${kCheckpoint}`, `c2sp.org/tlog-proof@v1\nextra AAAA\nindex 3\n${kPath}\n${kCheckpoint}`, 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'] },
  engine_tlog_tile_fuzz: { texts: ['tile/0/x001/x234/067.p/3', 'tile/entries/000', `tlog-edge 1\n1\n${kPath}`, '\0\x01a\0\x02bb', `{"entry":"audit","hash":"sha256:${'0'.repeat(64)}","logged_at_ms":5,"v":1}`] },
  formats_identifier_fuzz: { texts: ['330106202612010199', '91330106MA0DEM0133', '11010519491231002X', 'MA0DEM013-3', '1.2.156.3005.2.11100000000013338W032.11330106002501910Y.330106202612010101.001.B', '3301062612010101', '2026-330106-70-01-123456'] },
  formats_pdf_reader_fuzz: { texts: [Buffer.from('BT /F 9 Tf <0001> Tj [<0010> 3] TJ /Span << /ActualText (a) >> BDC EMC ET /X Do\xFF1 beginbfchar <0001> <65BD> endbfchar 1 beginbfrange <0010> <0012> <0041> endbfrange\xFF<x:x xmlns:x="a"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description xmlns:c="urn:kaigong:certificate:1"><c:a>1</c:a></r:Description></r:RDF></x:x>\xFF/ByteRange [0 1 2 3] /Contents <3000>', 'latin1')] },
  formats_template_fuzz: { files: ['catalog/**/letters/*.json', 'catalog/**/certificate.json'] },
  modules_catalog_form_schema_fuzz: { texts: ['{"a":"A1","b":"2026-11-23","c":3,"e":true,"f":"x","g":[{"h":"z"}],"i":"1"}', '{"a":"a","b":"2026-02-30","c":99,"f":"q","g":[{"i":1}],"j":[]}'] },
  formats_ofd_package_fuzz: { texts: [kPackage] },
  formats_ofd_reader_fuzz: { texts: [kDescriptions, kDescriptions.replaceAll('<', '<ofd:').replaceAll('<ofd:/', '</ofd:')] },
  formats_sniff_fuzz: { files: ['catalog/**/cases/school/**/*.pdf', 'catalog/**/cases/school/**/*.jpg', 'catalog/**/cases/school/**/*.png'] },
  http_edge_fuzz: { texts: ['GET\n/api/x?a=1\nHost: 127.0.0.1\nCookie: __Host-kaigong=abc\n', 'POST\n/api/x\nHost: a\nOrigin: http://a\nX-CSRF-Token: token\nIdempotency-Key: 0f\nIf-Match: "3"\n'] },
  http_header_fields_fuzz: { texts: ['a=1; b=2', '"12"', 'gzip, br;q=0.5', 'https://a.example:8443', '/a/%E5%BC%80?b=c%20d&e'] },
  // The first byte says which good file is changed, then come places and bytes; after 4 comes a file.
  verify_verify_fuzz: { texts: ['\0\0\x10A', '\x01\x01\0<', '\x02\x03\0%', '\x03\x04\0P', '\x04{"certificate":{},"evidence":{"entry":{},"salt":"00","proof":"c2sp.org/tlog-proof@v1\\nindex 0\\n\\n"},"signature":"e30..AAAA"}', '\x04<?xml version="1.0" encoding="UTF-8"?>\n<certificate_file xmlns="urn:kaigong:certificate:1"><certificate kind="object"><a>b</a><units kind="list"><item kind="integer">1</item></units></certificate><evidence>{}</evidence></certificate_file>'] },
}

function listed(pattern) {
  return execFileSync('git', ['ls-files', '-z', '--', `:(glob)${pattern}`], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)
}

/** Writes the seeds of one fuzz program into `folder`; resolves with how many there are. */
export function writeSeeds(program, folder) {
  const { files = [], texts = [], machine = [], split = null } = kSeeds[program] ?? {}
  mkdirSync(folder, { recursive: true })
  const seeds = [...texts, ...machine.filter((path) => existsSync(path)).map((path) => readFileSync(path))]
  for (const file of files.flatMap(listed)) {
    if (!split && statSync(join(root, file)).size > kSeedBytesMax) continue
    const bytes = readFileSync(join(root, file))
    seeds.push(...(split ? split(bytes.toString('utf8')) : [bytes]))
  }
  seeds.forEach((seed, index) => writeFileSync(join(folder, String(index)), seed))
  return seeds.length
}
