import type { SourceError } from '../../../shared/model/source.ts'

const BRIEF: Readonly<Record<string, string>> = {
  refused: 'connection refused',
  timeout: 'timed out',
  dns: 'its name is not found',
  reset: 'connection closed',
  unreachable: 'unreachable',
  tls: 'TLS refused',
  parse: 'its answer cannot be read',
  'too-large': 'its answer is too large',
}

/** What stopped a source, for a line that says much else; the list of sources has the whole text. */
export function briefly({ code }: Pick<SourceError, 'code'>): string {
  return BRIEF[code] ?? (code.startsWith('http-') ? `HTTP ${code.slice(5)}` : 'see the sources')
}
