/**
 * Builds the page that verifies certificates, twice: as files beside the client (dist/verify/), and as one file that is
 * saved and opened from a disk. KAIGONG_TRUST names a trust.json that both then carry.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const kPlace = /(id="trust">)\s*null\s*</
const kSingleFile = 'kaigong-verify.html'

function carried_trust(): string {
  const path = process.env.KAIGONG_TRUST
  // Within the element that holds it, no text may look like its end.
  return path ? JSON.stringify(JSON.parse(readFileSync(path, 'utf8'))).replaceAll('<', '\\u003c') : 'null'
}

function trust_inside(): Plugin {
  return {
    name: 'trust-inside',
    transformIndexHtml(html) {
      if (!kPlace.test(html)) throw new Error('no place for the list')
      return html.replace(kPlace, (_, before: string) => `${before}${carried_trust()}<`)
    },
  }
}

/** Script and style stand in the file; a policy names them by their digests, and lets nothing else in or out. */
function single_file(): Plugin {
  return {
    name: 'single-file',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.values(bundle)
      const page = files.find((file) => file.fileName === 'index.html')
      const script = files.find((file) => file.type === 'chunk')
      const style = files.find((file) => file.fileName.endsWith('.css'))
      if (page?.type !== 'asset' || script?.type !== 'chunk' || style?.type !== 'asset')
        throw new Error('not one script')
      if (files.filter((file) => file.type === 'chunk').length !== 1) throw new Error('more than one script')
      const code = script.code.replaceAll('</script', '<\\/script')
      const css = String(style.source)
      const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
      const policy = `default-src 'none'; script-src ${digest(code)}; style-src ${digest(css)}; img-src data:; base-uri 'none'; form-action 'none'`
      const html = String(page.source)
        .replace(/\s*<script type="module"[^>]*><\/script>/, '')
        .replace(/\s*<link rel="stylesheet"[^>]*>/, '')
        .replace(
          '<meta charset="utf-8" />',
          (meta) => `${meta}\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`,
        )
        .replace('</head>', () => `<style>${css}</style>\n  </head>`)
        .replace('</body>', () => `<script type="module">${code}</script>\n  </body>`)
      this.emitFile({ type: 'asset', fileName: kSingleFile, source: html })
    },
  }
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  publicDir: false,
  plugins: [trust_inside(), single_file()],
  build: {
    outDir: fileURLToPath(new URL('../dist/verify', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // The policy of the server allows images from `data:`; both builds then need no more files than these.
    assetsInlineLimit: 100_000,
    modulePreload: { polyfill: false },
  },
})
