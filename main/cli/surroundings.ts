import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import manifest from '../../package.json' with { type: 'json' }

export const VERSION: string = manifest.version

/** Where the parts of this program lie: built (dist/main/cli.js) or run from source (main/cli/*.ts). */
export interface Parts {
  /** Built page; it exists only once the project was built. */
  readonly rendererDir: string
  readonly demoEntry: string
}

export function findParts(here: string = import.meta.dirname): Parts {
  const built = join(here, 'demo.js')
  if (existsSync(built)) return { rendererDir: join(dirname(here), 'renderer'), demoEntry: built }
  const root = join(here, '..', '..')
  return { rendererDir: join(root, 'dist', 'renderer'), demoEntry: join(root, 'main', 'demo', 'main.ts') }
}

/** The terminal, or what stands in for it in a test. */
export interface Output {
  out(line: string): void
  err(line: string): void
}

export const terminal: Output = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
}
