import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { endWith, exitCodeOf } from './children.mjs'
import { electronIn, findElectron, installElectron, lastAttempt } from './electronRuntime.mjs'
import { isStale, stamp, withBuildLock } from './freshness.mjs'
import { isNodeNewEnough } from './node.mjs'

let root = ''
const silence = () => undefined

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'floorwatch-launch-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(root, { recursive: true, force: true })
})

async function put(path: string, text = ''): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true })
  await writeFile(join(root, path), text)
}

describe('which Node will do', () => {
  it.each([
    ['24.0.0', true],
    ['22.19.0', true],
    ['22.18.9', false],
    ['20.20.2', false],
    ['18.0.0', false],
  ])('%s: %s', (version, enough) => {
    expect(isNodeNewEnough(version)).toBe(enough)
  })
})

describe('whether the build is old', () => {
  const built = new Date('2026-01-02T00:00:00Z')
  const before = new Date('2026-01-01T00:00:00Z')
  const after = new Date('2026-01-03T00:00:00Z')

  async function tree(): Promise<void> {
    for (const path of [
      'shared/a.ts',
      'main/cli/b.ts',
      'main/cli/b.test.ts',
      'renderer/c.tsx',
      'package.json',
    ]) {
      await put(path)
      await utimes(join(root, path), before, before)
    }
    for (const folder of ['shared', 'main', 'main/cli', 'renderer'])
      await utimes(join(root, folder), before, before)
    await mkdir(join(root, 'dist'))
    stamp(root, built.getTime())
  }

  it('is not, while no source is newer', async () => {
    await tree()
    expect(isStale(root)).toBe(false)
  })

  it.each(['shared/a.ts', 'main/cli/b.ts', 'renderer/c.tsx', 'package.json'])(
    'is, once %s is newer',
    async (path) => {
      await tree()
      await utimes(join(root, path), after, after)
      expect(isStale(root)).toBe(true)
    },
  )

  it('is not by a test alone, and is without a build', async () => {
    await tree()
    await utimes(join(root, 'main/cli/b.test.ts'), after, after)
    expect(isStale(root)).toBe(false)
    await rm(join(root, 'dist'), { recursive: true })
    expect(isStale(root)).toBe(true)
  })

  it('is built by one process at a time, and a dead one does not block', async () => {
    await put('node_modules/.cache/floorwatch/build.lock', '999999999')
    const order: string[] = []
    const work = (name: string) =>
      withBuildLock(root, async () => {
        order.push(`${name} in`)
        await new Promise((resolve) => setTimeout(resolve, 20))
        order.push(`${name} out`)
      })
    await Promise.all([work('a'), work('b')])
    expect(order).toHaveLength(4)
    expect(order[0]?.slice(0, 1)).toBe(order[1]?.slice(0, 1))
  })
})

describe('a child that does a job', () => {
  it.each([
    ['its exit code', process.execPath, ['-e', 'process.exit(3)'], 3],
    ['0', process.execPath, ['-e', ''], 0],
    ['1 where a signal ended it', process.execPath, ['-e', 'process.kill(process.pid)'], 1],
    ['1 where it never began', '/nowhere/floorwatch-node', [], 1],
  ])('is told by %s', async (_, program, args, code) => {
    expect(await exitCodeOf(spawn(program, args, { stdio: 'ignore' }))).toBe(code)
  })
})

describe('finding Electron', () => {
  it('takes an executable alone', async ({ skip }) => {
    skip(process.platform !== 'linux', 'the folder has another layout there')
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '')
    await put('node_modules/electron/dist/electron')
    expect(electronIn(join(root, 'node_modules/electron/dist'))).toBeNull()
    await chmod(join(root, 'node_modules/electron/dist/electron'), 0o755)
    expect(findElectron(root).runtime).toBe(join(root, 'node_modules/electron/dist/electron'))
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', join(root, 'none'))
    expect(findElectron(root)).toMatchObject({ runtime: null, override: join(root, 'none') })
  })
})

describe('getting Electron', () => {
  it('gives up at once where its host is not there, and remembers', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await new Promise((resolve) => server.close(resolve))
    vi.stubEnv('ELECTRON_MIRROR', `http://127.0.0.1:${port}/`)
    vi.stubEnv('electron_config_cache', join(root, 'cache'))

    const outcome = await installElectron(root, silence)
    expect(outcome).toEqual({ why: 'Electron could not be downloaded: 127.0.0.1 cannot be reached.' })
    expect(lastAttempt(root)?.reason).toBe('127.0.0.1 cannot be reached')
    expect(Math.abs(Date.now() - (lastAttempt(root)?.at ?? 0))).toBeLessThan(60_000)
  })

  it('tells what the installer said, and leaves nothing behind', async () => {
    const archive = `electron-v1.2.3-${process.platform}-${process.arch}.zip`
    await put(`cache/x/${archive}`)
    await put('node_modules/electron/package.json', '{ "version": "1.2.3" }')
    await put(
      'node_modules/electron/install.js',
      'process.stderr.write("HTTPError: 404\\n"); process.exit(1)',
    )
    vi.stubEnv('electron_config_cache', join(root, 'cache'))
    expect(await installElectron(root, silence)).toEqual({
      why: 'Electron could not be downloaded: HTTPError: 404.',
    })
  })

  it('reads a broken memory as none', async () => {
    await put('node_modules/.cache/floorwatch/electron-attempt.json', '{"at":"yesterday"}')
    expect(lastAttempt(root)).toBeNull()
  })
})

describe('a child with the terminal', () => {
  it.each([
    ['process.exit(7)', 7],
    ['process.kill(process.pid, "SIGTERM")', 143],
  ])('ends as %s', async (script, code) => {
    expect(await endWith(spawn(process.execPath, ['-e', script], { stdio: 'ignore' }))).toBe(code)
  })
})
