import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import react from '@vitejs/plugin-react'
import { build, type Rolldown } from 'vite'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

/** Files of a page by their path, built in memory as the console itself is built. */
export type BuiltPage = ReadonlyMap<string, string | Uint8Array>

/** @param folder with an index.html, relative to the repository's root, e.g. `test/bench/heatmapPage` */
export async function buildPage(folder: string): Promise<BuiltPage> {
  const result = await build({
    configFile: false,
    root: fileURLToPath(new URL(`../../${folder}`, import.meta.url)),
    base: './',
    logLevel: 'warn',
    plugins: [react({ jsxImportSource: '#screen' })],
    build: {
      write: false,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { output: { strictExecutionOrder: true } },
    },
  })
  const outputs = (Array.isArray(result) ? result : [result]) as Rolldown.RolldownOutput[]
  return new Map(
    outputs.flatMap(({ output }) =>
      output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source] as const),
    ),
  )
}

/** Opens it in a browser page without any server: every request is answered from memory, all others are refused. */
export async function openBuiltPage(page: Page, built: BuiltPage, query = ''): Promise<void> {
  await page.route('**/*', (route) => {
    const path = new URL(route.request().url()).pathname.slice(1)
    const body = built.get(path)
    if (body === undefined) return route.fulfill({ status: 404, body: '' })
    const contentType = TYPES[extname(path)] ?? 'application/octet-stream'
    return route.fulfill({ contentType, body: typeof body === 'string' ? body : Buffer.from(body) })
  })
  await page.goto(`http://page.test/index.html${query}`)
}
