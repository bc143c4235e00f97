import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, matchesGlob } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { listArchive, readFuses } from '../support/packaged.ts'
import { electronRuntime } from '../support/peers.ts'

const ROOT = join(import.meta.dirname, '../..')
const FUSES = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  grantFileProtocolExtraPrivileges: false,
}
/** Matters of the build, and a start-up snapshot of the browser, which Floorwatch has none of. */
const UNDECIDED = new Set(['loadBrowserProcessSpecificV8Snapshot', 'resetAdHocDarwinSignature'])

interface BuilderConfig {
  readonly icon: string
  readonly files: readonly string[]
  readonly electronFuses: Readonly<Record<string, boolean>>
}
const config = parse(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8')) as BuilderConfig

/** As the packager reads its patterns: the last one that matches decides. */
function isTaken(path: string): boolean {
  const last = config.files.findLast((pattern) => matchesGlob(path, pattern.replace(/^!/, '')))
  return last !== undefined && !last.startsWith('!')
}

describe('the recipe of the packages', () => {
  it('decides every fuse that the packager knows', () => {
    const scheme = JSON.parse(
      readFileSync(join(ROOT, 'node_modules/app-builder-lib/scheme.json'), 'utf8'),
    ) as {
      definitions: { FuseOptionsV1: { properties: Record<string, unknown> } }
    }
    const known = Object.keys(scheme.definitions.FuseOptionsV1.properties)
    expect(known.filter((name) => !(name in config.electronFuses) && !UNDECIDED.has(name))).toEqual([])
    expect(Object.keys(config.electronFuses).filter((name) => !known.includes(name))).toEqual([])
  })

  it('takes of this checkout what was built and the licence, whatever else lies there', ({ skip }) => {
    skip(!existsSync(join(ROOT, '.git')), 'needs a checkout of the repository')
    const tracked = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n')
    expect(tracked.length).toBeGreaterThan(500)
    expect(tracked.filter(isTaken)).toEqual(['LICENSE'])
    const { main } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { main: string }
    expect(isTaken(main)).toBe(true)
    // Production dependencies come by themselves unless a pattern keeps them out.
    const keepsOut = (pattern: string) =>
      pattern.startsWith('!') && matchesGlob('node_modules/zod/index.js', pattern.slice(1))
    expect(config.files.some(keepsOut)).toBe(true)
  })

  it('has its icon, large enough for every platform', () => {
    const png = readFileSync(join(ROOT, config.icon))
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([512, 512])
  })
})

describe('a package', () => {
  const runtime = electronRuntime()

  it('holds the built program, and its fuses are blown', async ({ skip }) => {
    skip(!runtime.present, runtime.reason)
    skip(!existsSync(join(ROOT, 'dist', 'electron', 'main.js')), 'needs a build: npm run build')
    const folder = mkdtempSync(join(tmpdir(), 'floorwatch-package-'))
    try {
      await promisify(execFile)(
        process.execPath,
        [
          join(ROOT, 'node_modules', 'electron-builder', 'cli.js'),
          '--dir',
          '--linux',
          `-c.electronDist=${runtime.path}`,
          `-c.directories.output=${folder}`,
        ],
        { cwd: ROOT, timeout: 100_000 },
      )
      const unpacked = join(folder, 'linux-unpacked')
      expect(readFuses(join(unpacked, 'floorwatch'))).toMatchObject(FUSES)
      const files = listArchive(join(unpacked, 'resources', 'app.asar'))
      // SQLite alone is not bundled: its code, and the addon of this platform outside of the archive.
      const sqlite = 'node_modules/better-sqlite3/'
      const outside = files.filter((path) => !path.startsWith('dist/') && !path.startsWith(sqlite))
      expect(outside.toSorted()).toEqual(['LICENSE', 'package.json'])
      const addons = files.filter((path) => path.endsWith('.node'))
      expect(addons).toContain(`${sqlite}prebuilds/linux-${process.arch}.node`)
      expect(addons.filter((path) => !/\/prebuilds\/linux(?:musl)?-/.test(path))).toEqual([])
      for (const path of addons)
        expect(existsSync(join(unpacked, 'resources', 'app.asar.unpacked', path))).toBe(true)
      expect(
        files.filter((path) => path.startsWith(`${sqlite}deps`) || path.startsWith(`${sqlite}src`)),
      ).toEqual([])
      expect(files).toEqual(
        expect.arrayContaining([
          'dist/electron/main.js',
          'dist/electron/preload.cjs',
          'dist/main/engine-utility.js',
          'dist/main/demo.js',
          'dist/renderer/index.html',
        ]),
      )
      const ours = files.filter((path) => !path.startsWith(sqlite))
      expect(ours.filter((path) => /node_modules|\.map$|\.test\.|\.tsx?$|cli\.js$/.test(path))).toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }, 120_000)
})
