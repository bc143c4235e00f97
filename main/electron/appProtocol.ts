import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { isConsole } from './security.ts'

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
}

/**
 * The file under `root` that an address of the console names; null for anything else: another origin, a path that
 * leaves the folder, a kind of file that the console does not have.
 */
export function fileOf(root: string, address: string): { path: string; mediaType: string } | null {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || !isConsole(url)) return null
  const decoded = decode(url.pathname)
  if (decoded === null || decoded.includes('\0') || decoded.includes('\\')) return null
  const path = normalize(join(root, decoded === '/' ? 'index.html' : decoded))
  const mediaType = MEDIA_TYPES[extname(path)]
  return path.startsWith(root + sep) && mediaType !== undefined ? { path, mediaType } : null
}

/** Answers the console's own addresses from `root`, every answer with `headers` (the policy of the HTTP host too). */
export function createAppHandler(
  root: string,
  headers: Readonly<Record<string, string>>,
): (request: { url: string; method: string }) => Promise<Response> {
  return async ({ url, method }) => {
    if (method !== 'GET' && method !== 'HEAD') return new Response(null, { status: 405, headers })
    const file = fileOf(root, url)
    if (file === null) return new Response(null, { status: 404, headers })
    try {
      const body = method === 'HEAD' ? null : await readFile(file.path)
      return new Response(body, { status: 200, headers: { ...headers, 'content-type': file.mediaType } })
    } catch {
      return new Response(null, { status: 404, headers })
    }
  }
}

function decode(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return null
  }
}
