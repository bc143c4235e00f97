import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { encodeFrame } from '../../shared/codec/frame.ts'
import type { Wire } from '../../shared/contract/wire.ts'
import type { FleetFrame } from '../../shared/model/frame.ts'
import { healthyStatus } from '../../test/fixtures/fakeEngine.ts'
import { type ClosableClient, createClient } from './client.ts'
import { CallFailure } from './failure.ts'
import { textOf } from '../../shared/messages/format.ts'
import { said } from '../../shared/messages/message.ts'

/** The far end of every line that the client has opened. */
class Line {
  readonly sent: { t: string; id?: number; name?: string }[] = []
  closed = false
  #message: (message: string | ArrayBuffer) => void = () => undefined
  #close: (reason: string) => void = () => undefined

  readonly wire: Wire = {
    send: (message) => this.sent.push(JSON.parse(typeof message === 'string' ? message : '')),
    onMessage: (listener) => {
      this.#message = listener
    },
    onClose: (listener) => {
      this.#close = listener
    },
    close: () => {
      this.closed = true
    },
  }

  say(message: unknown): void {
    this.#message(JSON.stringify(message))
  }
  raw(message: string | ArrayBuffer): void {
    this.#message(message)
  }
  hello(wire = 1): void {
    this.say({ t: 'hello', wire, role: 'console', version: '0.1.0' })
  }
  break(reason = 'the engine has gone'): void {
    this.#close(reason)
  }
  last(t: string) {
    const found = this.sent.findLast((request) => request.t === t)
    if (found?.id === undefined) throw new Error(`Nothing was sent as ${t}.`)
    return { ...found, id: found.id }
  }
}

const lines: Line[] = []
const faults: string[] = []
let client: ClosableClient
const line = (): Line => lines.at(-1) as Line

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  lines.length = 0
  faults.length = 0
  client = createClient({
    connect: () => {
      lines.push(new Line())
      return line().wire
    },
    onFault: (text) => faults.push(text),
    random: () => 1,
  })
})
afterEach(() => {
  client.close()
  vi.useRealTimers()
})

describe('subscriptions', () => {
  it('tell an item from before the connection was lost as last known, and the next one as current', () => {
    const heard: unknown[] = []
    client.open('console.status', {}, ({ site }, received) => heard.push([site.name, received]))
    line().hello()
    line().say({ t: 'item', id: line().last('open').id, item: healthyStatus(1) })
    vi.advanceTimersByTime(3000)
    line().break()
    client.open('console.status', {}, (_, received) => heard.push(['late', received]))
    vi.advanceTimersByTime(1000)
    line().hello()
    line().say({ t: 'item', id: line().last('open').id, item: healthyStatus(2) })
    expect(heard).toEqual([
      ['Lyon 2', { at: 1_000_000, current: true }],
      ['late', { at: 1_000_000, current: false }],
      ['Lyon 2', { at: 1_004_000, current: true }],
      ['late', { at: 1_004_000, current: true }],
    ])
  })

  it('that a view has left are remembered for when it is opened without a connection, and only then', () => {
    const heard: unknown[] = []
    const open = () =>
      client.open('console.status', {}, (status, { at, current }) => heard.push([status.at, at, current]))
    const leave = open()
    line().hello()
    line().say({ t: 'item', id: line().last('open').id, item: healthyStatus(1) })
    leave()
    open()()
    // While connected the engine's own answer is awaited: an old one would pass for it.
    expect(heard).toEqual([[1, 1_000_000, true]])
    line().break()
    vi.advanceTimersByTime(200)
    open()
    expect(heard.at(-1)).toEqual([1, 1_000_000, false])
    expect(heard).toHaveLength(2)
  })

  it('that had no answer yet when the connection was lost show what was remembered', () => {
    const heard: unknown[] = []
    const open = () => client.open('console.status', {}, ({ at }, { current }) => heard.push([at, current]))
    const leave = open()
    line().hello()
    line().say({ t: 'item', id: line().last('open').id, item: healthyStatus(1) })
    leave()
    open()
    line().break()
    expect(heard).toEqual([
      [1, true],
      [1, false],
    ])
  })

  it('acknowledge an item only after everybody has had it', () => {
    const heard: string[] = []
    client.open('console.status', {}, () =>
      heard.push(`item, ${line().sent.filter(({ t }) => t === 'ack').length} acks`),
    )
    line().hello()
    line().say({ t: 'item', id: line().last('open').id, item: healthyStatus(1) })
    expect(heard).toEqual(['item, 0 acks'])
    expect(line().last('ack').id).toBe(line().last('open').id)
  })

  it('share one line subscription, and a late listener gets the last item at once', () => {
    const sites: string[] = []
    client.open('console.status', {}, (status) => sites.push(`first ${status.site.name}`))
    line().hello()
    line().say({ t: 'item', id: line().last('open').id, item: healthyStatus(1) })
    const leave = client.open('console.status', {}, (status) => sites.push(`second ${status.site.name}`))
    expect(sites).toEqual(['first Lyon 2', 'second Lyon 2'])
    expect(line().sent.filter(({ t }) => t === 'open')).toHaveLength(1)
    leave()
    expect(line().sent.filter(({ t }) => t === 'close')).toHaveLength(0)
  })

  it('drop an item that the contract does not allow, say so, and go on', () => {
    const seen: number[] = []
    client.open('console.status', {}, (status) => seen.push(status.at))
    line().hello()
    const { id } = line().last('open')
    line().say({ t: 'item', id, item: { ...healthyStatus(1), power: { watts: 'much' } } })
    expect(seen).toEqual([])
    expect(faults[0]).toContain('power')
    expect(line().last('ack').id).toBe(id)
    line().say({ t: 'item', id, item: healthyStatus(2) })
    expect(seen).toEqual([2])
  })

  it('survive a listener that throws', () => {
    const seen: number[] = []
    client.open('console.status', {}, () => {
      throw new Error('boom')
    })
    client.open('console.status', {}, (status) => seen.push(status.at))
    line().hello()
    line().say({ t: 'item', id: line().last('open').id, item: healthyStatus(3) })
    expect(seen).toEqual([3])
    expect(faults[0]).toContain('boom')
    expect(line().last('ack')).toBeDefined()
  })

  it('decode frames, and refuse bytes that are none', () => {
    const rows: number[] = []
    client.open('fleet.frame', { fields: ['power'] }, (frame) => rows.push(frame.rows))
    line().hello()
    const { id } = line().last('open')
    line().raw(encodeFrame(frameOf(2), id))
    expect(rows).toEqual([2])
    const torn = encodeFrame(frameOf(2), id).slice(0, 40)
    line().raw(torn)
    line().raw(new ArrayBuffer(3))
    expect(rows).toEqual([2])
    expect(faults).toHaveLength(2)
  })

  it('are reopened after the connection was lost, and keep nothing of the old ids', () => {
    const seen: number[] = []
    client.open('console.status', {}, (status) => seen.push(status.at))
    line().hello()
    const before = line().last('open').id
    line().break()
    vi.advanceTimersByTime(500)
    expect(lines).toHaveLength(2)
    line().hello()
    expect(line().last('open').id).not.toBe(before)
    line().say({ t: 'item', id: before, item: healthyStatus(8) })
    line().say({ t: 'item', id: line().last('open').id, item: healthyStatus(9) })
    expect(seen).toEqual([9])
  })

  it('hand on why the engine ended them, and ask again where that can help', () => {
    const reasons: string[] = []
    client.open(
      'sources.health',
      {},
      () => undefined,
      ({ text }) => reasons.push(textOf(text)),
    )
    line().hello()
    const failure = { code: 'busy', text: said('Too many.'), nextStep: said('Wait.') }
    line().say({ t: 'failure', id: line().last('open').id, failure })
    expect(reasons).toEqual(['Too many.'])
    vi.advanceTimersByTime(2000)
    expect(line().sent.filter(({ t }) => t === 'open')).toHaveLength(2)
    line().say({ t: 'failure', id: line().last('open').id, failure: { ...failure, code: 'forbidden' } })
    vi.advanceTimersByTime(60_000)
    expect(lines[0]?.sent.filter(({ t }) => t === 'open')).toHaveLength(2)
  })
})

async function failureOf(call: Promise<unknown>): Promise<CallFailure> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof CallFailure)) throw new Error(`Expected a CallFailure, got ${String(error)}.`)
  return error
}

describe('calls', () => {
  it('wait for the first greeting and are answered', async () => {
    const call = client.call('setup.demo', {})
    expect(line().sent).toHaveLength(0)
    line().hello()
    line().say({ t: 'result', id: line().last('call').id, output: {} })
    await expect(call).resolves.toEqual({})
  })

  it('refuse an answer that the contract does not allow', async () => {
    line().hello()
    const call = failureOf(client.call('fleet.trend', {}))
    line().say({ t: 'result', id: line().last('call').id, output: { times: 'now' } })
    expect((await call).code).toBe('answer')
  })

  it('never send an input that the contract does not allow', async () => {
    line().hello()
    const failure = await failureOf(
      client.call('setup.test', { kind: 'exporter', url: 'file:///etc/passwd' }),
    )
    expect(failure.code).toBe('invalid')
    expect(line().sent.filter(({ t }) => t === 'call')).toHaveLength(0)
  })

  it('end at their deadline, and a late reply changes nothing', async () => {
    line().hello()
    const call = failureOf(client.call('fleet.trend', {}))
    const { id } = line().last('call')
    for (let second = 0; second < 20; second++) {
      vi.advanceTimersByTime(1000)
      line().say({ t: 'failure', id: 0, failure: { code: 'busy', text: said(''), nextStep: said('') } })
    }
    expect((await call).code).toBe('deadline')
    line().say({ t: 'result', id, output: {} })
    expect(faults).toEqual([])
  })

  it('can be given up', async () => {
    line().hello()
    const controller = new AbortController()
    const call = client.call('fleet.trend', {}, { signal: controller.signal })
    controller.abort()
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('say of an act whose line broke that its outcome is not known', async () => {
    line().hello()
    const call = failureOf(client.call('setup.demo', {}))
    line().break()
    const failure = await call
    expect(failure.code).toBe('line')
    expect(failure.message).toContain('not known')
    expect((await failureOf(client.call('setup.demo', {}))).message).toContain('Not sent')
  })
})

describe('the line', () => {
  it('grows its pauses up to a cap and keeps the instant of the loss', () => {
    line().hello()
    line().break()
    const { since } = client.link()
    const pauses: number[] = []
    for (let attempt = 0; attempt < 8; attempt++) {
      pauses.push((client.link().nextAttemptAt ?? 0) - Date.now())
      vi.advanceTimersByTime(pauses.at(-1) ?? 0)
      line().break('still gone')
    }
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
    expect(client.link()).toMatchObject({ state: 'lost', since, reason: 'Still gone.' })
  })

  it('is given up when the engine does not even greet', () => {
    vi.advanceTimersByTime(10_000)
    expect(client.link().state).toBe('lost')
    expect(lines[0]?.closed).toBe(true)
  })

  it('asks a silent engine for a sign of life and keeps the line when it comes', () => {
    line().hello()
    vi.advanceTimersByTime(10_000)
    expect(line().last('call').name).toBe('fleet.trend')
    line().say({
      t: 'failure',
      id: line().last('call').id,
      failure: { code: 'busy', text: said(''), nextStep: said('') },
    })
    vi.advanceTimersByTime(5000)
    expect(client.link().state).toBe('open')
  })

  it('is lost when no sign of life comes', () => {
    line().hello()
    vi.advanceTimersByTime(15_000)
    expect(client.link()).toMatchObject({ state: 'lost', reason: 'The engine has been silent for 15 s.' })
  })

  it('refuses an engine of another wire version, with what to do', () => {
    line().hello(2)
    expect(client.link().reason).toContain('Reload')
  })

  it.each([
    ['no JSON', 'not json'],
    ['a number', '7'],
    ['an unknown kind', '{"t":"gift","id":1}'],
    ['a poisoned prototype', '{"t":"item","id":-1,"__proto__":{"admin":true}}'],
  ])('counts %s as a fault and stays open', (_, message) => {
    line().hello()
    line().raw(message)
    expect(faults).toHaveLength(1)
    expect(client.link().state).toBe('open')
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false)
  })

  it('is given up after too many messages that are not understood', () => {
    line().hello()
    for (let count = 0; count < 32; count++) line().raw('nonsense')
    expect(client.link().state).toBe('lost')
  })

  it('hears nothing from a line that was given up', () => {
    const seen: number[] = []
    client.open('console.status', {}, (status) => seen.push(status.at))
    line().hello()
    const [first] = lines
    const { id } = line().last('open')
    line().break()
    first?.say({ t: 'item', id, item: healthyStatus(1) })
    first?.break('again')
    expect(seen).toEqual([])
    vi.advanceTimersByTime(500)
    expect(lines).toHaveLength(2)
  })
})

function frameOf(rows: number): FleetFrame {
  return {
    sequence: 1,
    at: 1,
    topologyVersion: 1,
    rows,
    state: new Uint8Array(rows),
    severity: new Uint8Array(rows),
    presence: new Uint8Array(rows),
    conditions: new Uint16Array(rows),
    ageMs: new Uint32Array(rows),
    fields: ['power'],
    values: [new Float32Array(rows)],
    states: [new Uint8Array(rows)],
  }
}
