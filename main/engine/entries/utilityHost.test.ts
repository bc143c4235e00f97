import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { manualClock } from '../../platform/clock.ts'
import { createLogger } from '../../platform/logger.ts'
import { fromEngineSchema, type FromEngine } from '../hostMessages.ts'
import type { Engine, EngineOptions } from '../types.ts'
import { shellOf } from './parentPort.ts'
import { type MessagePortLike, portWire } from './portWire.ts'
import { serveShell } from './utilityHost.ts'

function fakePort() {
  const listeners: Record<string, ((event: { data: unknown }) => void)[]> = { message: [], close: [] }
  const port = {
    on: (event: string, listener: (event: { data: unknown }) => void) => listeners[event]?.push(listener),
    start: vi.fn<() => void>(),
    postMessage: vi.fn<(message: unknown) => void>(),
    close: vi.fn<() => void>(),
  } satisfies MessagePortLike
  return {
    port,
    emit: (event: string, data?: unknown) => listeners[event]?.forEach((each) => each({ data })),
  }
}

function shell() {
  const posted: FromEngine[] = []
  let tell: (event: { data: unknown; ports: readonly MessagePortLike[] }) => void = refuse
  const created: EngineOptions[] = []
  const attached: string[] = []
  const unlocked: string[] = []
  const exits: number[] = []
  serveShell({
    shell: shellOf({
      parentPort: {
        on: (_: string, listener: typeof tell) => (tell = listener),
        postMessage: (message: unknown) => posted.push(fromEngineSchema.parse(message)),
      },
    }),
    clock: manualClock(),
    logger: createLogger({ level: 'silent' }),
    createEngine: (options): Engine => {
      created.push(options)
      return {
        attach: (_, role) => attached.push(role),
        unlockSetup: () => unlocked.push('setup'),
        close: async () => undefined,
        metrics: () => ({ cuts: 0, cutMs: 0, encoded: 0, sessions: 0 }),
      }
    },
    exit: (code) => exits.push(code),
  })
  const configure = { type: 'configure', configPath: null, version: '1', paths: { newConfig: 'x.yaml' } }
  return {
    posted,
    created,
    attached,
    unlocked,
    exits,
    configure,
    tell: (data: unknown, ports: readonly MessagePortLike[] = []) => tell({ data, ports }),
  }
}

function refuse(): never {
  throw new Error('no listener')
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('the utility host', () => {
  it('attaches screens that came before the configuration, and says that it is ready', async () => {
    const { tell, posted, attached, configure } = shell()
    tell({ type: 'attach', role: 'wall' }, [fakePort().port])
    tell(configure)
    await settle()
    tell({ type: 'attach', role: 'console' }, [fakePort().port])
    expect(attached).toEqual(['wall', 'console'])
    expect(posted).toEqual([{ type: 'ready' }])
  })

  it('ignores what it does not understand and a second configuration', async () => {
    const { tell, created, attached, configure } = shell()
    tell({ type: 'configure', configPath: 7 })
    tell('hello')
    tell(configure)
    tell(configure)
    tell({ type: 'attach', role: 'console' })
    await settle()
    expect(created).toHaveLength(1)
    expect(attached).toEqual([])
  })

  it('tells a configuration that cannot be used and ends', async () => {
    const { tell, posted, exits, configure } = shell()
    tell({ ...configure, configPath: 'no/such/floorwatch.yaml' })
    await vi.waitFor(() => expect(exits).toEqual([1]))
    expect(posted).toEqual([{ type: 'fatal', text: expect.stringContaining('does not exist') }])
  })

  it('opens the setup of a site only where the shell was started so', async () => {
    const { tell, unlocked, configure } = shell()
    tell({ ...configure, allowSetup: true })
    await settle()
    expect(unlocked).toEqual(['setup'])
    const plain = shell()
    plain.tell(configure)
    await settle()
    expect(plain.unlocked).toEqual([])
  })

  it('asks the shell whether a secret may go to an address', async () => {
    const { tell, posted, created, configure } = shell()
    tell(configure)
    await settle()
    const use = { reference: { env: 'PROM_TOKEN' }, origin: 'https://prom.example' }
    const allowed = created[0]?.host.allowSecret?.(use)
    const refused = created[0]?.host.allowSecret?.(use)
    expect(posted.slice(1)).toEqual([
      { type: 'secret-request', id: 1, use },
      { type: 'secret-request', id: 2, use },
    ])
    tell({ type: 'secret-answer', id: 1, given: true })
    tell({ type: 'secret-answer', id: 2, given: false })
    expect(await allowed).toEqual({ given: true })
    expect(await refused).toMatchObject({ given: false, text: expect.stringContaining('PROM_TOKEN') })
  })

  describe('asked for a demo', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
    afterEach(() => void vi.useRealTimers())

    it('passes each answer on to the request that it belongs to', async () => {
      const { tell, posted, created, configure } = shell()
      tell(configure)
      await settle()
      const first = created[0]?.host.launchDemo()
      const second = created[0]?.host.launchDemo()
      expect(posted.slice(1)).toEqual([
        { type: 'demo-request', id: 1 },
        { type: 'demo-request', id: 2 },
      ])
      tell({ type: 'demo-failed', id: 2, text: 'no port is free' })
      tell({ type: 'demo-ready', id: 1, configPath: 'demo.yaml' })
      await expect(second).rejects.toThrow('no port is free')
      await expect(first).resolves.toBe('demo.yaml')
    })

    it('does not wait for ever', async () => {
      const { tell, created, configure } = shell()
      tell(configure)
      await settle()
      const demo = created[0]?.host.launchDemo().catch((error: unknown) => String(error))
      vi.advanceTimersByTime(30_000)
      expect(await demo).toContain('within 30 s')
      expect(vi.getTimerCount()).toBe(0)
    })
  })
})

describe('a line over a port', () => {
  it('passes text on, turns anything else into bytes, and is silent once closed', () => {
    const { port, emit } = fakePort()
    const wire = portWire(port)
    const got: (string | ArrayBuffer)[] = []
    const ends: string[] = []
    wire.onClose((reason) => ends.push(reason))
    wire.onMessage((message) => got.push(message))
    expect(port.start).toHaveBeenCalledTimes(1)
    emit('message', 'hello')
    emit('message', { t: 'call' })
    expect(got).toEqual(['hello', new ArrayBuffer(0)])
    emit('close')
    emit('close')
    emit('message', 'late')
    expect(got).toHaveLength(2)
    expect(ends).toHaveLength(1)
    expect(() => wire.send('x')).toThrow('closed')
  })

  it('closes its port once', () => {
    const { port } = fakePort()
    const wire = portWire(port)
    wire.close()
    wire.close()
    expect(port.close).toHaveBeenCalledTimes(1)
  })
})

describe('the parent port', () => {
  it('is missed with a sentence outside of a utility process', () => {
    expect(() => shellOf({})).toThrow('utility process')
  })
})
