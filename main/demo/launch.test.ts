import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { launchDemo } from './launch.ts'

const entry = new URL('./main.ts', import.meta.url)
const small = ['--hosts', '6', '--timezone', 'UTC']

async function isAlive(control: string): Promise<boolean> {
  return fetch(new URL('healthz', control)).then(
    (answer) => answer.ok,
    () => false,
  )
}

describe('launchDemo', () => {
  it('starts a demo that runs, and stops it without leaving files or ports', async () => {
    const demo = await launchDemo({ entry, args: small })
    expect(demo.targets).toBe(6)
    expect(existsSync(demo.configPath)).toBe(true)
    expect(await isAlive(demo.control)).toBe(true)
    await demo.stop()
    expect(await isAlive(demo.control)).toBe(false)
    expect(existsSync(dirname(demo.configPath))).toBe(false)
    await demo.stop()
  })

  it('says why a demo did not start', async () => {
    await expect(launchDemo({ entry, args: ['--hosts', 'many'] })).rejects.toThrow(
      /ended before it was ready \(code 2\)\. demo: --hosts: expected a whole number/,
    )
    await expect(launchDemo({ entry, args: [...small, '--faults', 'frosty'] })).rejects.toThrow(
      /no fault "frosty"/,
    )
    await expect(
      launchDemo({ entry, args: [...small, '--dir', `${fileURLToPath(entry)}/x`] }),
    ).rejects.toThrow(/code 1/)
    await expect(launchDemo({ entry: '/nowhere/main.js' })).rejects.toThrow(/before it was ready/)
  })

  it('gives it none of the console’s secrets', async ({ skip, onTestFinished }) => {
    skip(process.platform !== 'linux', 'only Linux tells the environment of a process')
    process.env['PROM_TOKEN'] = 'canary-55aa'
    onTestFinished(() => void delete process.env['PROM_TOKEN'])
    const demo = await launchDemo({ entry, args: small })
    onTestFinished(() => demo.stop())
    const names = readFileSync(`/proc/${demo.pid}/environ`, 'utf8')
      .split('\0')
      .map((line) => line.split('=')[0])
    expect(names).toContain('PATH')
    expect(names).not.toContain('PROM_TOKEN')
    expect(names.filter((name) => name?.startsWith('VITEST'))).toEqual([])
  })

  it('gives up at its deadline', async () => {
    await expect(launchDemo({ entry, args: small, deadlineMs: 1 })).rejects.toThrow(
      /not ready after 0\.001 s/,
    )
  })

  it('tells when the demo ends by itself', async ({ skip }) => {
    skip(process.platform === 'win32', 'a signal ends a process at once on Windows')
    const { promise, resolve } = Promise.withResolvers<string>()
    const demo = await launchDemo({ entry, args: small, onExit: resolve })
    const description = await (await fetch(demo.control)).text()
    expect(description).toContain('Floorwatch demo factory')
    process.kill(demo.pid, 'SIGTERM')
    expect(await promise).toContain('ended by itself')
    expect(existsSync(dirname(demo.configPath))).toBe(false)
    await demo.stop()
  })
})

describe('the demo process by itself', () => {
  it.for(['closed input', 'SIGINT'])(
    'prints one line and ends with %s, without leaving files',
    async (how, { skip }) => {
      skip(how === 'SIGINT' && process.platform === 'win32', 'a signal ends a process at once on Windows')
      const child = spawn(process.execPath, [fileURLToPath(entry), ...small], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      const exit = once(child, 'exit')
      const [line] = (await once(child.stdout, 'data')) as [Buffer]
      const ready = JSON.parse(line.toString()) as { configPath: string; control: string; targets: number }
      expect(Object.keys(ready)).toEqual(['configPath', 'control', 'targets'])
      if (how === 'SIGINT') child.kill('SIGINT')
      else child.stdin.end()
      expect((await exit)[0]).toBe(0)
      expect(existsSync(dirname(ready.configPath))).toBe(false)
    },
  )
})
