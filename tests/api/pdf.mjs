// What a PDF says.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Its text without the line ends that a page makes, and without any other space. */
export function textOf(pdf) {
  const folder = mkdtempSync(join(tmpdir(), 'kaigong-pdf-'))
  try {
    writeFileSync(join(folder, 'letter.pdf'), pdf)
    return execFileSync('pdftotext', [join(folder, 'letter.pdf'), '-'], { encoding: 'utf8' }).replace(/\s/g, '')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
