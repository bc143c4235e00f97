const EOF = '# EOF'

/** OpenMetrics ends with `# EOF`, which 0.0.4 has only as a comment of no meaning. */
export function endsWithEof(body: Uint8Array): boolean {
  const from = Math.max(0, body.length - EOF.length - 3)
  const lines = Buffer.from(body.buffer, body.byteOffset + from, body.length - from)
    .toString('latin1')
    .trimEnd()
    .split('\n')
  return lines.at(-1) === EOF
}

/** By the content type, and where that does not say so by its last line: proxies and old clients call it text/plain. */
export function isOpenMetrics(body: Uint8Array, contentType: string | undefined): boolean {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  return type === 'application/openmetrics-text' || endsWithEof(body)
}
