import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

/** Fuses in the order of their place in the wire, by the names that electron-builder gives them. */
const FUSES = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const
/** Marks the wire in every Electron binary. */
const SENTINEL = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX')
const [OFF, ON] = ['0'.charCodeAt(0), '1'.charCodeAt(0)]

/**
 * The fuses as they are in a binary: sentinel, version byte, length byte, one byte each (electron/fuses, version 1).
 * @throws Error when there is no wire, or more than one
 */
export function readFuses(executable: string): Record<string, boolean> {
  const bytes = readFileSync(executable)
  const at = bytes.indexOf(SENTINEL)
  if (at === -1 || bytes.includes(SENTINEL, at + 1)) throw new Error(`${executable} has no single fuse wire`)
  const states = bytes.subarray(at + SENTINEL.length + 2)
  const found: Record<string, boolean> = {}
  for (const [place, name] of FUSES.entries()) {
    const state = states[place]
    if (state === ON || state === OFF) found[name] = state === ON
  }
  return found
}

interface Entry {
  readonly files?: Readonly<Record<string, Entry>>
}

/** Paths of the files in an asar archive, which begins with two nested lengths and a JSON header. */
export function listArchive(archive: string): string[] {
  const file = openSync(archive, 'r')
  try {
    const sizes = Buffer.alloc(16)
    readSync(file, sizes, 0, 16, 0)
    const header = Buffer.alloc(sizes.readUInt32LE(12))
    readSync(file, header, 0, header.length, 16)
    return [...pathsOf(JSON.parse(header.toString('utf8')) as Entry, '')]
  } finally {
    closeSync(file)
  }
}

function* pathsOf({ files }: Entry, path: string): Generator<string> {
  if (files === undefined) yield path
  else
    for (const [name, entry] of Object.entries(files))
      yield* pathsOf(entry, path === '' ? name : `${path}/${name}`)
}
