import { X509Certificate, createPrivateKey } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { Server } from 'node:https'
import { createSecureContext } from 'node:tls'
import { say } from '../../shared/messages/format.ts'
import type { Logger } from '../platform/logger.ts'

/** Where the certificate and its key lie, both PEM. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

export interface LoadedTls {
  readonly cert: Buffer
  readonly key: Buffer
  /** DNS names and addresses that the certificate is for, without wildcards. */
  readonly names: readonly string[]
  /** ms since the epoch. */
  readonly expiresAt: number
}

const MOST_BYTES = 1024 * 1024

/**
 * Reads a certificate with its key.
 * @throws Error with a sentence that names the file and what is wrong with it
 */
export function loadTls({ cert: certPath, key: keyPath }: TlsFiles): LoadedTls {
  const cert = read('--tls-cert', certPath)
  const key = read('--tls-key', keyPath)
  const leaf = parsed(() => new X509Certificate(cert), say('wall.tls.cert', { path: certPath }))
  const privateKey = parsed(() => createPrivateKey(key), say('wall.tls.key', { path: keyPath }))
  if (!leaf.checkPrivateKey(privateKey))
    throw new Error(say('wall.tls.pair', { cert: certPath, key: keyPath }))
  parsed(
    () => createSecureContext({ cert, key, minVersion: 'TLSv1.2' }),
    say('wall.tls.cert', { path: certPath }),
  )
  return { cert, key, names: namesOf(leaf), expiresAt: Date.parse(leaf.validTo) }
}

function read(option: string, path: string): Buffer {
  try {
    if (statSync(path).size > MOST_BYTES) throw new Error('it is larger than any certificate')
    return readFileSync(path)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(say('wall.tls.read', { option, path, reason }), { cause: error })
  }
}

function parsed<T>(parse: () => T, otherwise: string): T {
  try {
    return parse()
  } catch (error) {
    throw new Error(otherwise, { cause: error })
  }
}

/** `DNS:noc.example, IP Address:10.0.0.7`; Node quotes names that could be mistaken for more than one, which are left out. */
function namesOf({ subjectAltName }: X509Certificate): string[] {
  return (subjectAltName ?? '').split(', ').flatMap((entry) => {
    const [, kind, name] = /^(DNS|IP Address):([A-Za-z0-9.:_-]+)$/.exec(entry) ?? []
    return kind === undefined || name === undefined ? [] : [name.toLowerCase()]
  })
}

/**
 * Takes over a certificate that was renewed under the same names of files, without a restart: connections that stand go on.
 * @returns looks once; call it now and then
 */
export function renewing(
  server: Pick<Server, 'setSecureContext'>,
  files: TlsFiles,
  loaded: LoadedTls,
  logger: Logger,
): () => void {
  let seen = stampOf(files)
  let current = loaded
  return () => {
    const stamp = stampOf(files)
    if (stamp === seen) return
    seen = stamp
    try {
      const next = loadTls(files)
      if (next.cert.equals(current.cert) && next.key.equals(current.key)) return
      server.setSecureContext({ cert: next.cert, key: next.key, minVersion: 'TLSv1.2' })
      current = next
      logger.warn({ until: new Date(next.expiresAt).toISOString() }, 'the renewed certificate is in use')
    } catch (error) {
      // The two files are seldom written in one moment: the next look finds both.
      logger.error({ err: error }, 'a renewed certificate cannot be used; the one before it stays')
    }
  }
}

function stampOf({ cert, key }: TlsFiles): string {
  return [cert, key]
    .map((path) => {
      try {
        const { mtimeMs, size, ino } = statSync(path)
        return `${mtimeMs} ${size} ${ino}`
      } catch {
        return 'none'
      }
    })
    .join(' ')
}
