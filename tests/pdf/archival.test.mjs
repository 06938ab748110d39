// Every PDF that the catalogue's templates make, judged by programs that others wrote: veraPDF (PDF/A-2u), qpdf,
// poppler. The files are written by the formats' own tests, beside the binary that KAIGONG_BINARY names.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { binary, root } from '../api/binary.mjs'
import { run, verapdfClasses, verdicts, without } from './judges.mjs'

const writer = join(dirname(binary), 'formats_test')
const unbuilt = existsSync(writer) || process.env.CI ? false : `${writer} is not built`
const folder = mkdtempSync(join(tmpdir(), 'kaigong-archival-'))
after(() => rmSync(folder, { recursive: true }))

function writtenFiles() {
  const done = run(writer, ['--no-intro', '--source-file=*formats/pdf/*'], { cwd: root, env: { ...process.env, KAIGONG_RENDER_TO: folder } })
  assert.equal(done.status, 0, done.stdout + done.stderr)
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.pdf')).map((name) => join(folder, name))
  assert.ok(files.length >= 20, `only ${files.length} files were written`)
  return files.sort()
}

const files = unbuilt ? [] : writtenFiles()

const classes = unbuilt ? null : verapdfClasses()

test('every file is PDF/A-2u for veraPDF, and one whose colours are taken away is not', { skip: unbuilt || (classes ? false : 'veraPDF is not to be had here (Maven, Java, network)') }, () => {
  const broken = join(folder, 'broken.pdf')
  const bytes = readFileSync(files[0])
  bytes.write('/OutputXntents', bytes.indexOf('/OutputIntents'), 'latin1')
  writeFileSync(broken, bytes)
  const lines = verdicts(classes, [...files, broken])
  assert.equal(lines.length, files.length + 1)
  assert.deepEqual(lines.filter((line) => !line.startsWith('PASS')).map((line) => line.split(' ').slice(0, 2)), [['FAIL', broken]])
})

test('qpdf finds no fault in any file', { skip: unbuilt || without('qpdf', '--version') }, () => {
  for (const file of files) {
    const done = run('qpdf', ['--check', file])
    assert.equal(done.status, 0, `${file}: ${done.stdout}${done.stderr}`)
  }
})

test('the text that the reader finds is the one that pdftotext finds', { skip: unbuilt || without('pdftotext', '-v') }, () => {
  const blankless = (text) => text.replace(/[\s\f]/g, '')
  let compared = 0
  for (const file of files.filter((name) => existsSync(name.replace(/pdf$/, 'txt')))) {
    const ours = blankless(readFileSync(file.replace(/pdf$/, 'txt'), 'utf8'))
    assert.ok(ours.length > 20, file)
    assert.equal(ours, blankless(run('pdftotext', ['-raw', file, '-']).stdout), file)
    compared += 1
  }
  assert.ok(compared >= 20)
})

test('every font is embedded as a subset with its way back to Unicode', { skip: unbuilt || without('pdffonts', '-v') }, () => {
  for (const file of files) {
    const rows = run('pdffonts', [file]).stdout.trim().split('\n').slice(2)
    assert.ok(rows.length > 0, file)
    for (const row of rows) assert.match(row, /^[A-Z]{6}\+\S+ .* yes +yes +yes /, `${file}: ${row}`)
  }
})
