// The peers of `certificate`: LibreOffice makes a PDF of the same words, podofosign signs one; by their processor time.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../parts/processes.mjs'

const kWaitMs = 600_000
const escaped = (text) => text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign])

/** Flat ODT: every line of the pages a paragraph in its size; none of the art of the certificate. `pages`: `[[{ line, size_pt }]]`. */
export function flatText(pages) {
  const sizes = [...new Set(pages.flat().map((one) => one.size_pt))]
  const style = (name, size, more) =>
    `<style:style style:name="${name}" style:family="paragraph"><style:paragraph-properties${more}/><style:text-properties style:font-name-asian="Noto Serif CJK SC" fo:font-size="${size}pt" style:font-size-asian="${size}pt"/></style:style>`
  const styles = sizes.flatMap((size, at) => [style(`S${at}`, size, ''), style(`B${at}`, size, ' fo:break-before="page"')])
  const paragraph = ({ line, size_pt: size }, begins) => `<text:p text:style-name="${begins ? 'B' : 'S'}${sizes.indexOf(size)}">${escaped(line)}</text:p>`
  const body = pages.flatMap((lines, page) => lines.map((line, at) => paragraph(line, page > 0 && at === 0)))
  const names = ['office', 'style', 'text'].map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`).join(' ')
  return `<?xml version="1.0" encoding="UTF-8"?>
<office:document ${names} xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="Noto Serif CJK SC" svg:font-family="'Noto Serif CJK SC'"/></office:font-face-decls>
<office:automatic-styles>${styles.join('')}</office:automatic-styles>
<office:body><office:text>${body.join('\n')}</office:text></office:body></office:document>\n`
}

/** Processor seconds of a command and its children, of what bash's `time` printed. */
export function secondsOfTime(printed) {
  const seconds = printed.trim().split(/\s+/).map(Number)
  if (seconds.length !== 2 || seconds.some((one) => !Number.isFinite(one))) throw new Error(`not two times: ${printed}`)
  return seconds[0] + seconds[1]
}

/** Fails when the command does. */
export async function cpuSecondsOfCommand(command, args) {
  const script = 'TIMEFORMAT="%3U %3S"; { time "$@" >/dev/null 2>&1; } 2>&1'
  return secondsOfTime(await run('bash', ['-c', script, 'bash', command, ...args], { timeoutMs: kWaitMs }))
}

/** LibreOffice in a folder of its own, started once before anything is measured. */
export class LibreOffice {
  constructor(folder) {
    this.folder = folder
  }

  #convert(files) {
    return cpuSecondsOfCommand('soffice', [`-env:UserInstallation=file://${join(this.folder, 'profile')}`, '--headless', '--convert-to', 'pdf', '--outdir', join(this.folder, 'pdf'), ...files])
  }

  /** Processor seconds a document, so many copies in one call. */
  async seconds(text, copies) {
    mkdirSync(this.folder, { recursive: true })
    const files = Array.from({ length: copies }, (_, at) => join(this.folder, `page-${at}.fodt`))
    writeFileSync(files[0], text)
    for (const file of files.slice(1)) copyFileSync(files[0], file)
    if (!this.warm) await this.#convert(files.slice(0, 1))
    this.warm = true
    return (await this.#convert(files)) / copies
  }
}

/** A P-256 key, as ours, and its certificate. */
export async function signingFiles(folder) {
  mkdirSync(folder, { recursive: true })
  const files = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') }
  await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=bench', '-keyout', files.key, '-out', files.certificate])
  return files
}
