import { join } from 'node:path'
import type { MessagePortMain } from 'electron'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { toEngineSchema } from '../engine/hostMessages.ts'
import type { ChildProcess, Fork } from './childProcess.ts'
import { createDesktopEngine, type DesktopEngineOptions } from './desktopEngine.ts'

/** A process that does what the test says. */
class FakeProcess implements ChildProcess {
  readonly sent: { message: unknown; ports: number }[] = []
  readonly entry: string
  killed = false
  #messages: ((message: unknown) => void)[] = []
  #exits: ((code: number) => void)[] = []

  constructor(entry: string) {
    this.entry = entry
  }
  on(_: 'message', listener: (message: unknown) => void): void {
    this.#messages.push(listener)
  }
  once(_: 'exit', listener: (code: number) => void): void {
    this.#exits.push(listener)
  }
  postMessage(message: unknown, transfer: MessagePortMain[] = []): void {
    this.sent.push({ message, ports: transfer.length })
  }
  kill(): boolean {
    this.killed = true
    return true
  }
  say(message: unknown): void {
    for (const listener of this.#messages) listener(message)
  }
  end(code: number): void {
    for (const listener of this.#exits) listener(code)
  }
  types(): unknown[] {
    return this.sent.map(({ message }) => toEngineSchema.parse(message).type)
  }
}

class FakePort {
  readonly received: unknown[] = []
  closed = false
  on(): this {
    return this
  }
  start(): void {}
  postMessage(message: unknown): void {
    this.received.push(message)
  }
  close(): void {
    this.closed = true
  }
}
const portOf = (port: FakePort): MessagePortMain => port as unknown as MessagePortMain

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp(change: Partial<DesktopEngineOptions> = {}) {
  const processes: FakeProcess[] = []
  const logged: string[] = []
  const fork: Fork = (entry) => {
    const started = new FakeProcess(entry)
    processes.push(started)
    return started
  }
  const lines = createDesktopEngine({
    fork,
    dist: '/app/dist',
    configPath: '/etc/floor.yaml',
    demo: false,
    version: '1.2.3',
    newConfig: '/home/op/floorwatch.yaml',
    state: { folder: '/home/op/state', keepsDemo: false },
    log: (text) => logged.push(text),
    ...change,
  })
  const named = (name: string) => processes.filter(({ entry }) => entry === join('/app/dist/main', name))
  return {
    lines,
    logged,
    engines: () => named('engine-utility.js'),
    demos: () => named('demo.js'),
    engine: () => named('engine-utility.js').at(-1) as FakeProcess,
    demo: () => named('demo.js').at(-1) as FakeProcess,
  }
}

describe('the engine of a window', () => {
  it('is configured first, and takes ports that come before it is ready', () => {
    const { lines, engine } = setUp()
    const port = new FakePort()
    lines.attach(portOf(port))
    expect(engine().types()).toEqual(['configure', 'attach'])
    expect(engine().sent).toEqual([
      {
        message: {
          type: 'configure',
          configPath: '/etc/floor.yaml',
          version: '1.2.3',
          paths: { newConfig: '/home/op/floorwatch.yaml' },
          state: { folder: '/home/op/state', keepsDemo: false },
        },
        ports: 0,
      },
      { message: { type: 'attach', role: 'console' }, ports: 1 },
    ])
    expect(port.closed).toBe(false)
  })

  it('opens the setup of a site only where it was asked to', () => {
    expect(setUp({ allowSetup: true }).engine().sent[0]?.message).toMatchObject({ allowSetup: true })
    expect(setUp().engine().sent[0]?.message).not.toHaveProperty('allowSetup')
  })

  it('puts the question about a secret to the person, one at a time', async () => {
    const asked: unknown[] = []
    const answers: ((given: boolean) => void)[] = []
    const { engine } = setUp({
      askSecret: (use) => {
        asked.push(use)
        return new Promise((resolve) => answers.push(resolve))
      },
    })
    const use = { reference: { file: '/etc/token' }, origin: 'https://prom.example' }
    engine().say({ type: 'secret-request', id: 1, use })
    engine().say({ type: 'secret-request', id: 2, use })
    await vi.advanceTimersByTimeAsync(0)
    answers[0]?.(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toEqual([use])
    expect(
      engine()
        .sent.slice(1)
        .map(({ message }) => message),
    ).toEqual([
      { type: 'secret-answer', id: 2, given: false },
      { type: 'secret-answer', id: 1, given: true },
    ])
  })

  it('tells a page that asks while it is down why, and is configured again once it is back', () => {
    const { lines, engine, engines } = setUp()
    engine().say({ type: 'fatal', text: 'floor.yaml:2:7: site: expected a mapping.' })
    engine().end(1)
    const port = new FakePort()
    lines.attach(portOf(port))
    expect(port.closed).toBe(true)
    expect(port.received).toEqual([{ closed: expect.stringContaining('floor.yaml:2:7: site') }])
    vi.advanceTimersByTime(500)
    expect(engines()).toHaveLength(2)
    expect(engine().types()).toEqual(['configure'])

    // What the first one said is not the reason of the second one's end.
    engine().say({ type: 'ready' })
    engine().end(139)
    const later = new FakePort()
    lines.attach(portOf(later))
    expect(later.received).toEqual([{ closed: expect.stringContaining('code 139') }])
  })

  it.each([
    null,
    'ready',
    { type: 'ready', extra: 1 },
    { type: 'attach', role: 'console' },
    { type: 'fatal' },
  ])('does not act on the message %j', (message) => {
    const { engine, logged, demos } = setUp()
    engine().say(message)
    expect(logged).toEqual([expect.stringContaining('a message was refused')])
    expect(engine().types()).toEqual(['configure'])
    expect(demos()).toHaveLength(0)
  })

  it('is ended with the window and not started again', async () => {
    const { lines, engine, engines } = setUp()
    await lines.stop()
    expect(engine().killed).toBe(true)
    engine().end(0)
    vi.advanceTimersByTime(60_000)
    expect(engines()).toHaveLength(1)
  })
})

describe('the demo beside it', () => {
  const ready = { configPath: '/tmp/demo/floorwatch.yaml', control: 'http://127.0.0.1:1', targets: 132 }

  it('is waited for before the engine is configured, and lives on when the engine dies', async () => {
    const { engine, engines, demo, demos } = setUp({ demo: true, configPath: null })
    expect(engine().types()).toEqual([])
    demo().say(ready)
    await vi.advanceTimersByTimeAsync(0)
    expect(engine().sent[0]?.message).toMatchObject({ type: 'configure', configPath: ready.configPath })
    engine().end(1)
    await vi.advanceTimersByTimeAsync(500)
    expect(engines()).toHaveLength(2)
    expect(engine().sent[0]?.message).toMatchObject({ configPath: ready.configPath })
    expect(demos()).toHaveLength(1)
  })

  it('leaves the setup to the person when it does not start', async () => {
    const { engine, demo, logged } = setUp({ demo: true, configPath: null })
    demo().end(1)
    await vi.advanceTimersByTimeAsync(0)
    expect(engine().sent[0]?.message).toMatchObject({ type: 'configure', configPath: null })
    expect(logged[0]).toContain('ended with code 1 before it was ready')
  })

  it('is started once for the setup however often it is asked for, and again after it has ended', async () => {
    const { engine, demo, demos } = setUp({ configPath: null })
    engine().say({ type: 'demo-request', id: 1 })
    engine().say({ type: 'demo-request', id: 2 })
    demo().say(ready)
    await vi.advanceTimersByTimeAsync(0)
    expect(
      engine()
        .sent.slice(1)
        .map(({ message }) => message),
    ).toEqual([
      { type: 'demo-ready', id: 1, configPath: ready.configPath },
      { type: 'demo-ready', id: 2, configPath: ready.configPath },
    ])
    demo().end(0)
    engine().say({ type: 'demo-request', id: 3 })
    expect(demos()).toHaveLength(2)
  })

  it('is given up when it is not ready in time', async () => {
    const { engine, demo } = setUp({ configPath: null })
    engine().say({ type: 'demo-request', id: 7 })
    demo().say({ nothing: true })
    await vi.advanceTimersByTimeAsync(15_000)
    expect(demo().killed).toBe(true)
    expect(engine().sent[1]?.message).toEqual({
      type: 'demo-failed',
      id: 7,
      text: 'The demo factory was not ready within 15 s.',
    })
  })

  it('ends with the window, which waits for it within reason', async () => {
    const { lines, demo } = setUp({ demo: true, configPath: null })
    let stopped = false
    const stop = lines.stop().then(() => (stopped = true))
    await vi.advanceTimersByTimeAsync(100)
    expect(demo().killed).toBe(true)
    expect(stopped).toBe(false)
    demo().end(0)
    await stop
    expect(stopped).toBe(true)

    const stuck = setUp({ demo: true, configPath: null })
    const late = stuck.lines.stop()
    await vi.advanceTimersByTimeAsync(3000)
    await expect(late).resolves.toBeUndefined()
  })
})
