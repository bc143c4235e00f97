import { readFileSync, statSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import type { SecretReference } from '../../shared/contract/console.ts'
import { Secret } from '../platform/secret.ts'
import { whoElseWrites } from '../platform/whoElseWrites.ts'

/** Where secrets are looked for. */
export interface SecretPlaces {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Relative file references start here. */
  readonly folder: string
}

/** A reference that leads nowhere. `message` never holds a value. */
export class SecretError extends Error {
  override readonly name = 'SecretError'
  readonly nextStep: string

  constructor(text: string, nextStep: string) {
    super(text)
    this.nextStep = nextStep
  }
}

/** "environment variable PROM_TOKEN", "file /etc/floorwatch/token": for people, never a value. */
export function secretName(reference: SecretReference): string {
  return 'env' in reference ? `environment variable ${reference.env}` : `file ${reference.file}`
}

const MAX_SECRET_BYTES = 64 * 1024
/** A token file may be replaced while we run (Kubernetes does so); it is looked at again after this time. */
const REREAD_AFTER_MS = 10_000

/**
 * Finds the secret now, so that a wrong reference is told at the start and not at the first request at night.
 * @throws SecretError
 */
export function openSecret(reference: SecretReference, places: SecretPlaces): Secret {
  if ('env' in reference) return fromEnvironment(reference.env, places.env)
  return fromFile(isAbsolute(reference.file) ? reference.file : resolve(places.folder, reference.file))
}

function fromEnvironment(name: string, env: SecretPlaces['env']): Secret {
  const value = env[name]
  const origin = secretName({ env: name })
  if (value === undefined || value.trim() === '') {
    throw new SecretError(
      `${origin} is ${value === undefined ? 'not set' : 'empty'}`,
      `Set ${name} for the process that runs Floorwatch, or name a file instead.`,
    )
  }
  const line = trimmed(value, origin)
  return new Secret(origin, () => line)
}

function fromFile(path: string): Secret {
  const origin = secretName({ file: path })
  let last = readSecretFile(path, origin)
  let readAt = performance.now()
  return new Secret(origin, () => {
    if (performance.now() - readAt > REREAD_AFTER_MS) {
      readAt = performance.now()
      try {
        last = readSecretFile(path, origin)
      } catch {
        // Between two replacements of the file the last token is the best there is; a wrong one is told by the source.
      }
    }
    return last
  })
}

function readSecretFile(path: string, origin: string): string {
  const text = readSmallFile(path, MAX_SECRET_BYTES)
  if (text.trim() === '')
    throw new SecretError(`${origin} is empty`, 'Write the secret into it, on one line.')
  return trimmed(text, origin)
}

function trimmed(text: string, origin: string): string {
  const value = text.replace(/[\r\n]+$/, '')
  if (/[\r\n\0]/.test(value)) {
    throw new SecretError(`${origin} holds more than one line`, 'A token or password is one line of text.')
  }
  return value
}

/**
 * @throws SecretError telling in plain words why a file cannot be used
 */
export function readSmallFile(path: string, maxBytes: number): string {
  try {
    const stat = statSync(path)
    if (!stat.isFile()) throw new SecretError(`${path} is not a file`, 'Name a file.')
    if (stat.size > maxBytes) {
      throw new SecretError(
        `${path} has ${stat.size} bytes, more than the ${maxBytes} expected`,
        'Name another file.',
      )
    }
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof SecretError) throw error
    throw new SecretError(`the file ${path} ${whyUnreadable(error)}`, 'Check the path and its permissions.')
  }
}

export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist'
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user'
  if (code === 'EISDIR') return 'is a folder'
  return `cannot be read (${code === '' ? 'unknown reason' : code})`
}

/** "it may be read by everybody", or null where the permissions are tight or mean nothing (Windows). */
export function looseness(path: string): string | null {
  if (process.platform === 'win32') return null
  try {
    const { mode } = statSync(path)
    const writer = whoElseWrites(path)
    if (writer !== null) return writer
    if ((mode & 0o004) !== 0) return 'it may be read by everybody on this machine'
    if ((mode & 0o040) !== 0) return 'it may be read by its whole group'
  } catch {
    // Reading it says the same in better words.
  }
  return null
}
