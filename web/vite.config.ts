import { fileURLToPath, URL } from 'node:url'
import { readdirSync, readFileSync } from 'node:fs'
import vue from '@vitejs/plugin-vue'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/**
 * PDF papers often name Chinese fonts without carrying them; the reader then needs Adobe's character maps.
 * They are emitted beside the other assets and fetched one by one, only when a page asks for one.
 */
function pdf_character_maps(): Plugin {
  const folder = new URL('./node_modules/pdfjs-dist/cmaps/', import.meta.url)
  return {
    name: 'pdf-character-maps',
    apply: 'build',
    generateBundle() {
      for (const file of readdirSync(folder)) {
        if (!file.endsWith('.bcmap')) continue
        this.emitFile({ type: 'asset', fileName: `cmaps/${file}`, source: readFileSync(new URL(file, folder)) })
      }
    },
  }
}

export default defineConfig({
  base: '/app/',
  plugins: [vue(), pdf_character_maps()],
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('./src', import.meta.url)),
      // dmn-js makes elements from markup with style attributes; ours asks nothing of the content policy.
      domify: fileURLToPath(new URL('./src/modules/catalog/rules/editor/domify.ts', import.meta.url)),
    },
  },
  define: {
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __VUE_OPTIONS_API__: true,
    __VUE_PROD_DEVTOOLS__: false,
  },
  build: {
    target: 'es2022',
    // The strict content security policy allows no data: fonts or scripts; small images stay files too.
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    manifest: true,
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': 'http://127.0.0.1:8600' } },
  preview: { host: '127.0.0.1' },
  test: {
    environment: 'jsdom',
    setupFiles: ['tests/setup.ts'],
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts', 'verify/**/*.test.ts'],
    server: { deps: { inline: ['element-plus', /dmn-js/, /table-js/, /diagram-js/] } },
    css: false,
    // Whole pages in jsdom on a busy machine.
    testTimeout: 30_000,
    // On every core: the runner leaves one free by itself, which is half of two.
    maxWorkers: '100%',
  },
})
