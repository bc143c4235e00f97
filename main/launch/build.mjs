import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isStale, stamp, withBuildLock } from './freshness.mjs'
import { isNodeNewEnough, runUnderNewerNode } from './node.mjs'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** Where each part starts. */
const PARTS = [
  { name: 'renderer', entry: 'renderer/index.html', config: 'vite.renderer.config.ts' },
  { name: 'cli', entry: 'main/cli/main.ts', config: 'vite.main.config.ts' },
  { name: 'engine-utility', entry: 'main/engine/entries/utility.ts', config: 'vite.main.config.ts' },
  { name: 'demo', entry: 'main/demo/main.ts', config: 'vite.main.config.ts' },
  { name: 'electron', entry: 'main/electron/main.ts', config: 'vite.main.config.ts' },
  { name: 'preload', entry: 'main/preload/preload.ts', config: 'vite.main.config.ts' },
]

/**
 * Builds dist/: renderer/, main/{cli,engine-utility,demo}.js, electron/{main.js,preload.cjs}.
 * @param {{ root?: string, unless?: () => boolean }} [options] `unless` is asked once the lock is had
 * @returns {Promise<{ parts: string[], ms: number }>}
 */
export async function build({ root = ROOT, unless = () => false } = {}) {
  const started = performance.now()
  /** @type {string[]} */
  const parts = []
  await withBuildLock(root, async () => {
    if (unless()) return
    const startedAt = Date.now()
    const vite = await import('vite')
    // Built aside and put in place as a whole, so that a build that fails leaves the last good one alone.
    const next = mkdtempSync(join(root, 'node_modules', '.cache', 'floorwatch', 'dist-'))
    const present = PARTS.filter(({ entry }) => existsSync(join(root, entry)))
    const outcomes = await Promise.allSettled(present.map((part) => buildPart(vite, part, root, next)))
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
    if (failed.length > 0) {
      rmSync(next, { recursive: true, force: true })
      throw new Error(failed.map(({ reason }) => wordsOf(reason)).join('\n'))
    }
    // A temporary folder is private; a build may be installed for everybody.
    chmodSync(next, 0o755)
    rmSync(join(root, 'dist'), { recursive: true, force: true })
    renameSync(next, join(root, 'dist'))
    parts.push(...present.map(({ name }) => name))
    stamp(root, startedAt)
  })
  return { parts, ms: performance.now() - started }
}

/** @param {unknown} reason */
function wordsOf(reason) {
  return reason instanceof Error ? reason.message : String(reason)
}

/**
 * @param {typeof import('vite')} vite
 * @param {{ name: string, config: string }} part
 * @param {string} root
 * @param {string} next folder to build in
 */
async function buildPart(vite, { name, config }, root, next) {
  await vite.build({
    configFile: join(root, config),
    mode: name,
    logLevel: 'warn',
    clearScreen: false,
    build: { outDir: name === 'renderer' ? join(next, 'renderer') : next },
  })
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (isNodeNewEnough(process.versions.node)) {
    try {
      // Another start may have built it while this one waited for the lock.
      const unless = process.argv.includes('--if-stale') ? () => !isStale(ROOT) : () => false
      const { parts, ms } = await build({ unless })
      if (parts.length > 0) {
        process.stdout.write(`Built ${parts.join(', ')} in ${(ms / 1000).toFixed(1)} s.\n`)
      }
    } catch (error) {
      process.stderr.write(`${wordsOf(error)}\n`)
      process.exitCode = 1
    }
  } else process.exitCode = await runUnderNewerNode(ROOT, fileURLToPath(import.meta.url))
}
