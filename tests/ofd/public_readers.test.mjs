// Our OFD in a reader that others wrote (ofdrw): it draws the page that we draw, finds the text, and makes a PDF of it.
// Needs Java and Maven with ofdrw's artifacts, and the test program of the formats, which writes the files, beside the binary
// that KAIGONG_BINARY names.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { binary } from '../api/binary.mjs'
import { judgeClasses, run } from './ofdrw.mjs'

const kDpi = 100
const kNames = ['construction-permit_certificate', 'construction-permit_letters_grant_decision', 'night-construction_certificate']
/**
 * Blocks of 4 × 4 pixels. Java ends lines with squares and cuts a boundary 2 mm later than it should, so parts of a certificate's
 * watermark stand over its edge: measured 0.0094 for certificates, 0 for letters. Pages without their text: 0.03 to 0.08.
 */
const kBlockShareMost = 0.015

const writer = join(dirname(binary), 'formats_test')
const built = existsSync(writer) || process.env.CI
const classes = built ? judgeClasses() : null
const missing = !built ? `${writer} is not built` : !classes ? 'ofdrw is not here (Java, Maven and its artifacts)' : false

const withoutSpace = (text) => text.replace(/\s+/gu, '')
const characters = (text) => [...withoutSpace(text)].sort().join('')

describe('a public reader', { skip: missing }, () => {
  const folder = missing ? '' : mkdtempSync(join(tmpdir(), 'kaigong-ofd-'))
  after(() => folder && !process.env.KAIGONG_RENDER_TO && rmSync(folder, { recursive: true }))

  test('is given the files', () => {
    const written = run(writer, ['-tc=every template of the catalogue looks the same as OFD and as PDF'], { KAIGONG_RENDER_TO: folder, ASAN_OPTIONS: 'detect_leaks=0' })
    assert.equal(written.status, 0, written.stdout)
  })

  for (const name of kNames) {
    test(`${name} looks as we draw it and says what we wrote`, () => {
      const file = join(folder, 'ofd', name)
      const out = join(folder, 'judged', name)
      const judged = run('java', ['-Djava.awt.headless=true', '-cp', classes, 'judge.Judge', `${file}.ofd`, out, String(kDpi), file])
      assert.equal(judged.status, 0, judged.stderr)
      const shares = [...judged.stdout.matchAll(/^page \d+ (\S+)$/gm)].map(([, share]) => Number(share))
      assert.ok(shares.length > 0, judged.stdout)
      for (const share of shares) assert.ok(share < kBlockShareMost, `${name}: ${shares.join(' ')}`)

      const wanted = run('pdftotext', ['-raw', `${file}.pdf`, '-']).stdout
      assert.equal(characters(readFileSync(join(out, 'text.txt'), 'utf8')), characters(wanted))
      const made = withoutSpace(run('pdftotext', ['-raw', join(out, 'pages.pdf'), '-']).stdout)
      for (const line of wanted.split('\n').slice(0, 3).map(withoutSpace)) assert.ok(made.includes(line), line)
    })
  }

  test('shows a code that can be read', () => {
    const read = run('zbarimg', ['-q', '--raw', join(folder, 'judged', kNames[0], 'page_0.png')])
    assert.match(read.stdout, /^http/)
  })
})
