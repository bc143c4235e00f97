import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { decodeFrame } from '../../shared/codec/frame.ts'
import { launchDemo, type LaunchedDemo } from '../demo/launch.ts'

let folder = ''
let demo: LaunchedDemo
const children: ChildProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-serve-'))
  demo = await launchDemo({
    entry: new URL('../demo/main.ts', import.meta.url),
    args: ['--hosts', '4', '--faults', 'none'],
  })
})
afterAll(async () => {
  await demo.stop()
  await rm(folder, { recursive: true })
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function floorwatch(...words: string[]) {
  const entry = JSON.stringify(new URL('main.ts', import.meta.url).href)
  const script = `const { runLine } = await import(${entry}); process.exit(await runLine(process.argv.slice(1)))`
  const env = { PATH: process.env['PATH'], HOME: folder, XDG_CONFIG_HOME: folder, NODE_NO_WARNINGS: '1' }
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, '--', ...words], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  }
  return { child, said: () => said, ended: once(child, 'exit') }
}

/** The address of the "desktop" line, with the token of the file that it names. */
async function desktopAddress(said: () => string): Promise<URL> {
  const pattern = /^ {2}desktop {2}floorwatch --engine (\S+) --token-file (\S+)$/m
  await expect.poll(said, { timeout: 15_000 }).toMatch(pattern)
  const [, engine = '', file = ''] = pattern.exec(said()) ?? []
  const { mode } = await stat(file)
  expect(mode & 0o777).toBe(0o600)
  return new URL(`/?token=${(await readFile(file, 'utf8')).trim()}`, engine)
}

/** Waits for an address of one kind among what was printed. */
async function addressFor(kind: string, said: () => string): Promise<URL> {
  const pattern = new RegExp(`^  ${kind}  .*?(http://[^\\s"]+)`, 'm')
  await expect.poll(said, { timeout: 15_000 }).toMatch(pattern)
  return new URL(pattern.exec(said())?.[1] ?? '')
}

/** Opens the frame stream as a desktop window would, and gives the first frame that has rows. */
async function firstFrame(address: URL) {
  const socket = new WebSocket(`ws://${address.host}/wire`, {
    headers: { authorization: `Bearer ${address.searchParams.get('token') ?? ''}` },
  })
  socket.binaryType = 'arraybuffer'
  const open = { t: 'open', id: 1, name: 'fleet.frame', params: { fields: ['power'] } }
  return new Promise<ReturnType<typeof decodeFrame>>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', (data, isBinary) => {
      if (!isBinary) return socket.send(JSON.stringify(open))
      const frame = decodeFrame(data as ArrayBuffer)
      if (frame.rows === 0) return socket.send(JSON.stringify({ t: 'ack', id: 1 }))
      socket.close()
      resolve(frame)
    })
  })
}

describe('floorwatch serve', () => {
  it('shows a site to a desktop window and ends on request', async () => {
    const { child, said, ended } = floorwatch('serve', '--config', demo.configPath, '--no-open')
    const frame = await firstFrame(await desktopAddress(said))
    expect(frame.rows).toBeGreaterThan(0)
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(said()).not.toMatch(/error|ERR_|    at /i)
  })

  it('opens the setup where there is no configuration, and brings its own demo', async () => {
    const setup = floorwatch('serve', '--no-open')
    await addressFor('browser', setup.said)
    expect(setup.said()).toContain('no configuration yet')
    setup.child.kill('SIGINT')
    expect(await setup.ended).toEqual([0, null])

    const demonstrated = floorwatch('--demo', '--no-open')
    const frame = await firstFrame(await desktopAddress(demonstrated.said))
    expect(frame.rows).toBeGreaterThanOrEqual(1024)
    demonstrated.child.kill('SIGTERM')
    expect(await demonstrated.ended).toEqual([0, null])
  })
})

describe('floorwatch wall', () => {
  const status = async (address: URL) => (await fetch(address, { redirect: 'manual' })).status

  it('admits a display over a restart of the engine until it is revoked, by a name of its own', async () => {
    const site = ['--config', demo.configPath]
    const first = floorwatch('serve', ...site, '--no-open', '--port', '0')
    const printed = await addressFor('wall', first.said)
    expect(first.said()).toContain('works until it is revoked')
    expect(await status(printed)).toBe(303)
    first.child.kill('SIGTERM')
    await first.ended
    expect(await readdir(join(folder, '.local', 'state', 'floorwatch'))).toEqual(['walls'])

    const second = floorwatch('serve', ...site, '--no-open', '--port', printed.port)
    await addressFor('wall', second.said)
    expect(await status(printed)).toBe(303)

    const added = floorwatch('wall', 'add', 'lobby', '--at', printed.origin, ...site)
    expect(await added.ended).toEqual([0, null])
    const lobby = new URL(added.said().split('\n')[0] ?? '')
    expect(await status(lobby)).toBe(303)

    const list = floorwatch('wall', 'list')
    await list.ended
    expect(list.said()).toMatch(/^id +name +issued \(UTC\) +last seen \(UTC\) +floor/)
    expect(list.said()).toMatch(/ printed by serve .*\n[0-9a-f]{8} +lobby +\d{4}-\d\d-\d\d \d\d:\d\d +never/)

    const revoked = floorwatch('wall', 'revoke', 'lobby', 'nobody')
    expect(await revoked.ended).toEqual([1, null])
    expect(revoked.said()).toContain('(lobby).')
    expect(revoked.said()).toContain('There is no wall "nobody".')
    await expect.poll(() => status(lobby), { timeout: 10_000 }).toBe(401)
    expect(await status(printed)).toBe(303)
    second.child.kill('SIGTERM')
    expect(await second.ended).toEqual([0, null])
  })
})

describe('floorwatch check', () => {
  it('calls a floor good where every exporter answers', async () => {
    const { said, ended } = floorwatch('check', '--config', demo.configPath)
    expect([await ended, said()]).toEqual([
      [0, null],
      expect.stringContaining('Everything that is configured answers.'),
    ])
    expect(said()).toMatch(/ok +Exporters: 4 of 4 answer/)
    expect(said()).toMatch(/Roll-call: \d+ expected/)
  })
})
