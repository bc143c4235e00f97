import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

interface BuilderConfig {
  readonly asar: boolean
  readonly npmRebuild: boolean
  readonly icon: string
  readonly files: readonly string[]
  readonly electronFuses: Readonly<Record<string, boolean>>
}
const config = parse(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8')) as BuilderConfig

describe('the recipe of the packages', () => {
  it('closes every way to run other code than ours', () => {
    expect(config.electronFuses).toEqual(FUSES)
    expect(config.asar).toBe(true)
  })

  it('takes what was built and nothing else', () => {
    const taken = config.files.filter((pattern) => !pattern.startsWith('!'))
    expect(taken.toSorted()).toEqual(['LICENSE', 'dist/**'])
    expect(config.files).toContain('!node_modules/**')
    expect(config.npmRebuild).toBe(false)
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
      const outside = files.filter((path) => !path.startsWith('dist/'))
      expect(outside.toSorted()).toEqual(['LICENSE', 'package.json'])
      expect(files).toEqual(
        expect.arrayContaining([
          'dist/electron/main.js',
          'dist/electron/preload.cjs',
          'dist/main/engine-utility.js',
          'dist/main/demo.js',
          'dist/renderer/index.html',
        ]),
      )
      expect(files.filter((path) => /node_modules|\.map$|\.test\.|\.tsx?$|cli\.js$/.test(path))).toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }, 120_000)
})
