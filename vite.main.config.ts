import { isBuiltin } from 'node:module'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** What runs outside a page. Each becomes one file with all it needs, so that a start reads one file. */
const ENTRIES = {
  cli: { input: 'main/cli/main.ts', file: 'main/cli.js', format: 'es' },
  'engine-utility': { input: 'main/engine/entries/utility.ts', file: 'main/engine-utility.js', format: 'es' },
  demo: { input: 'main/demo/main.ts', file: 'main/demo.js', format: 'es' },
  electron: { input: 'main/electron/main.ts', file: 'electron/main.js', format: 'es' },
  // A sandboxed preload is loaded as CommonJS.
  preload: { input: 'main/preload/preload.ts', file: 'electron/preload.cjs', format: 'cjs' },
} as const
type EntryName = keyof typeof ENTRIES
const OWN = /^(?!.*\/node_modules\/).*\/(?:main|shared)\/.*\.ts$/

/** `vite build --config vite.main.config.ts --mode ENTRY` builds one of them; main/launch/build.mjs builds all. */
export default defineConfig(({ mode }) => {
  if (!isEntry(mode)) throw new Error(`--mode names what to build: ${Object.keys(ENTRIES).join(', ')}`)
  const { input, file, format } = ENTRIES[mode]
  return {
    root: path('.'),
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: path(input),
      outDir: path('dist'),
      emptyOutDir: false,
      // Electron's Node is the oldest that runs it; not minified, so that a stack names real places.
      target: 'node20',
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        // SQLite's addon is found by its package, which therefore stays outside.
        external: (id) => id === 'electron' || id === 'better-sqlite3' || isBuiltin(id),
        // Our own modules do nothing by being imported (entries aside), so a part takes only what it uses: without
        // this the shell would carry the whole engine for the sake of one schema.
        treeshake: { moduleSideEffects: (id) => (OWN.test(id) ? false : undefined) },
        output: { format, entryFileNames: file, codeSplitting: false },
      },
    },
  }
})

function isEntry(mode: string): mode is EntryName {
  return Object.hasOwn(ENTRIES, mode)
}
