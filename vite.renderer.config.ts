import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The console's page: dist/renderer, for the HTTP host and the Electron shell alike. */
export default defineConfig({
  root: fileURLToPath(new URL('renderer', import.meta.url)),
  // Relative addresses, because one host serves it at http://…/ and the shell at floorwatch://app/.
  base: './',
  plugins: [react({ jsxImportSource: '#screen' })],
  build: {
    outDir: fileURLToPath(new URL('dist/renderer', import.meta.url)),
    emptyOutDir: true,
    // The policy allows no data: address for fonts, scripts and styles, so nothing is written inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // renderer/withoutEval.ts has to run before the first schema is built, whichever files the two are laid into.
    rolldownOptions: { output: { strictExecutionOrder: true } },
    reportCompressedSize: false,
  },
})
