import { describe, expect, it } from 'vitest'
import { decodeFrame, subscriptionOf } from '../../../shared/codec/frame.ts'
import { EMPTY_TOPOLOGY } from '../../../shared/model/topology.ts'
import { fail, settle, start } from '../../../test/support/session.ts'
import type { Failure } from '../../../shared/contract/wire.ts'
import { textOf } from '../../../shared/messages/format.ts'
import { usedSecrets } from '../../platform/redact.ts'
import { GERMAN } from '../../../test/support/german.ts'

describe('a session refuses', () => {
  it('bytes, text that is not JSON, and an envelope that it does not know, and says why', () => {
    const { say, sayBytes, sent } = start()
    sayBytes(new ArrayBuffer(4))
    say('{"t":')
    say({ t: 'shout', id: 3 })
    say({ t: 'call', id: 9, name: 7, input: {} })
    say({ t: 'ack', id: -1 })
    say({ t: 'ack', id: 4, extra: true })
    expect(sent.slice(1)).toMatchObject([
      { t: 'failure', id: 0, failure: { code: 'invalid', text: expect.stringContaining('these are bytes') } },
      { t: 'failure', id: 0, failure: { code: 'invalid', text: expect.stringContaining('not JSON') } },
      { t: 'failure', id: 3, failure: { code: 'invalid' } },
      { t: 'failure', id: 9, failure: { code: 'invalid', text: expect.stringContaining('message.name') } },
      { t: 'failure', id: 0, failure: { code: 'invalid' } },
      { t: 'failure', id: 4, failure: { code: 'invalid' } },
    ])
  })

  it('a text over its size without parsing it', () => {
    const { say, last } = start('console', { maxRequestText: 100 })
    say(JSON.stringify({ t: 'call', id: 1, name: 'setup.demo', input: 'x'.repeat(100) }))
    expect(last()).toMatchObject({ id: 0, failure: { text: expect.stringContaining('at most 100') } })
  })

  it('further company with a screen that only sends nonsense', () => {
    const { say, close, ended, sent } = start('console', { maxBreaches: 3 })
    for (let i = 0; i < 5; i++) say('nonsense')
    expect(close).toHaveBeenCalledTimes(1)
    expect(ended).toEqual([expect.stringContaining('too many broken requests')])
    expect(sent).toHaveLength(3)
  })

  it.each(['fleet.sell', 'constructor', '__proto__', 'toString', ''])('the unknown channel %j', (name) => {
    const { say, sent } = start()
    say({ t: 'call', id: 1, name, input: {} })
    say({ t: 'open', id: 2, name, params: {} })
    expect(sent.slice(1)).toMatchObject([
      { t: 'failure', id: 1, failure: { code: 'unknown' } },
      { t: 'failure', id: 2, failure: { code: 'unknown' } },
    ])
  })

  it('input that the contract does not allow, naming the place', async () => {
    const { say, sent } = start()
    const input = { topologyVersion: 1, rows: [0, -4], fields: ['power'], fromMs: 0, toMs: 1, maxPoints: 10 }
    say({ t: 'call', id: 1, name: 'fleet.history', input })
    say({ t: 'open', id: 2, name: 'fleet.gpu', params: { host: 'h-1', slot: 'first' } })
    say({ t: 'open', id: 3, name: 'fleet.host', params: { host: 'h'.repeat(100_000) } })
    await settle()
    expect(sent).toContainEqual(
      expect.objectContaining({
        id: 1,
        failure: expect.objectContaining({ code: 'invalid', text: expect.stringContaining('input.rows[1]') }),
      }),
    )
    expect(sent).toContainEqual(
      expect.objectContaining({
        id: 2,
        failure: expect.objectContaining({ code: 'invalid', text: expect.stringContaining('params.slot') }),
      }),
    )
    // What a subscription keeps is bounded: a screen may hold many of them open.
    expect(sent).toContainEqual(
      expect.objectContaining({
        id: 3,
        failure: expect.objectContaining({ code: 'invalid', text: expect.stringContaining('params.host') }),
      }),
    )
  })

  it('acting from a wall, but not looking', async () => {
    const { say, sent } = start('wall')
    say({ t: 'call', id: 1, name: 'setup.demo', input: {} })
    say({ t: 'open', id: 2, name: 'fleet.gpu', params: { host: 'h-1', slot: 0 } })
    await settle()
    expect(sent[0]).toMatchObject({ t: 'hello', role: 'wall' })
    expect(sent.slice(1)).toMatchObject([{ id: 1, failure: { code: 'forbidden' } }])
  })

  it('the places of a failure to a wall, and tells a console all', async () => {
    const answers = []
    for (const role of ['wall', 'console'] as const) {
      const { say, last } = start(role)
      const input = { fromMs: 0, toMs: 1, maxPoints: 2, kind: 'duration', filters: {} }
      say({ t: 'call', id: 1, name: 'tokens.latency', input })
      await settle()
      answers.push(last())
    }
    expect(answers).toMatchObject([
      { failure: { text: 'cannot read (file) of (address)', nextStep: 'Look at a console for details.' } },
      { failure: { text: 'cannot read /srv/my/token of prom:9090', nextStep: 'Check /srv/my/token.' } },
    ])
  })

  it('more calls at once than its cap, and one id twice', async () => {
    const { say, sent, gates } = start('console', { maxCalls: 2 })
    for (const id of [1, 1, 2, 3]) say({ t: 'call', id, name: 'fleet.trend', input: {} })
    expect(sent.slice(1)).toMatchObject([
      { id: 1, failure: { code: 'invalid' } },
      { id: 3, failure: { code: 'busy' } },
    ])
    for (const open of gates) open()
    await settle()
    say({ t: 'call', id: 3, name: 'fleet.trend', input: {} })
    expect(gates).toHaveLength(3)
  })

  it('more subscriptions than its cap', () => {
    const { say, last, session } = start('console', { maxSubscriptions: 2 })
    for (const id of [1, 2, 3]) say({ t: 'open', id, name: 'fleet.frame', params: { fields: [] } })
    expect(last()).toMatchObject({ id: 3, failure: { code: 'busy' } })
    say({ t: 'close', id: 1 })
    say({ t: 'open', id: 3, name: 'fleet.frame', params: { fields: [] } })
    expect(session.subscriptions).toBe(2)
  })
})

describe('a session answers', () => {
  it('first of all with hello', () => {
    expect(start().sent).toEqual([{ t: 'hello', wire: 1, role: 'console', version: '0.1.0' }])
  })

  it('with what a handler returned, and with the failure that a handler chose', async () => {
    const { say, last } = start()
    say({ t: 'call', id: 1, name: 'setup.demo', input: {} })
    await settle()
    expect(last()).toEqual({ t: 'result', id: 1, output: {} })
    const draft = { site: { name: 'A', timezone: 'UTC' }, prometheus: null, exporters: [] }
    say({ t: 'call', id: 2, name: 'setup.save', input: draft })
    await settle()
    expect(last()).toMatchObject({ id: 2, failure: { text: 'The file exists.' } })
  })

  it('a defect without its details, which go to the log', async () => {
    const { say, last, defects } = start()
    say({ t: 'call', id: 1, name: 'setup.test', input: { kind: 'exporter', url: 'http://127.0.0.1:1' } })
    await settle()
    expect(JSON.stringify(last())).not.toContain('secret detail')
    expect(last()).toMatchObject({ id: 1, failure: { code: 'failed' } })
    expect(defects).toHaveLength(1)
  })

  it('an output that breaks the contract with a failure, not with the output', async () => {
    const { say, last, defects } = start()
    const input = { topologyVersion: 1, rows: [0], fields: ['power'], fromMs: 0, toMs: 1, maxPoints: 10 }
    say({ t: 'call', id: 1, name: 'fleet.history', input })
    await settle()
    expect(last()).toMatchObject({ t: 'failure', id: 1, failure: { code: 'failed' } })
    expect(String(defects[0])).toContain('output.stepMs')
  })

  it('nothing after its line was lost, and stops what was under way', async () => {
    const { say, sent, gates, signals, hangUp, topics, ended } = start()
    say({ t: 'call', id: 1, name: 'fleet.trend', input: {} })
    say({ t: 'open', id: 2, name: 'fleet.frame', params: { fields: [] } })
    hangUp()
    expect(signals[0]?.aborted).toBe(true)
    for (const open of gates) open()
    await settle()
    topics.refresh(1)
    expect(sent).toHaveLength(1)
    expect(topics.size).toBe(0)
    expect(ended).toEqual(['the screen went away'])
  })

  it('ends itself when its line breaks while sending', () => {
    const { say, wire, ended, topics } = start()
    say({ t: 'open', id: 2, name: 'fleet.frame', params: { fields: [] } })
    wire.send = () => fail()
    topics.refresh(1)
    expect(ended).toEqual([expect.stringContaining('connection broke')])
  })
})

describe('a subscription', () => {
  it('holds one item in flight and jumps to the newest when it is acknowledged', () => {
    const { say, topics, state, frames } = start()
    say({ t: 'open', id: 5, name: 'fleet.frame', params: { fields: [] } })
    for (let cut = 1; cut <= 50; cut++) {
      state.sequence = cut
      topics.refresh(cut)
    }
    expect(frames()).toHaveLength(1)
    // No subscriber was ready, so nothing was encoded either.
    expect(state.reads).toBe(1)
    say({ t: 'ack', id: 5 })
    topics.refresh(51)
    expect(frames().map((bytes) => decodeFrame(bytes).sequence)).toEqual([1, 50])
    expect(frames().map(subscriptionOf)).toEqual([5, 5])
  })

  it('asks for a refresh when it becomes ready and there is unseen news', () => {
    const { say, topics, wanted } = start()
    say({ t: 'open', id: 5, name: 'fleet.frame', params: { fields: [] } })
    expect(wanted).toHaveBeenCalledTimes(1)
    topics.refresh(1)
    say({ t: 'ack', id: 5 })
    expect(wanted).toHaveBeenCalledTimes(1)
    topics.refresh(2)
    topics.refresh(3)
    say({ t: 'ack', id: 5 })
    expect(wanted).toHaveBeenCalledTimes(2)
  })

  it('shares one encoding with every other that asked for the same', () => {
    const { say, topics, state, frames } = start()
    for (const id of [5, 6, 7]) say({ t: 'open', id, name: 'fleet.frame', params: { fields: ['power'] } })
    say({ t: 'open', id: 8, name: 'fleet.frame', params: { fields: [] } })
    topics.refresh(1)
    expect(state.reads).toBe(2)
    expect(frames().map(subscriptionOf)).toEqual([5, 6, 7, 8])
  })

  it('is sent an unchanged item once, also when it joins later', () => {
    const { say, topics, state, sent } = start()
    say({ t: 'open', id: 5, name: 'fleet.topology', params: {} })
    topics.refresh(1)
    say({ t: 'ack', id: 5 })
    topics.refresh(2)
    expect(sent.slice(1)).toMatchObject([{ t: 'item', id: 5 }])
    say({ t: 'open', id: 6, name: 'fleet.topology', params: {} })
    expect(sent.slice(2)).toMatchObject([{ t: 'item', id: 6, item: { version: 1 } }])
    state.topology = { ...EMPTY_TOPOLOGY, version: 2 }
    topics.refresh(3)
    expect(sent.slice(3)).toMatchObject([{ t: 'item', id: 5, item: { version: 2 } }])
  })

  it('ends with a failure when its reader is broken, and its neighbours go on', () => {
    const { say, topics, last, frames, session, defects } = start()
    say({ t: 'open', id: 5, name: 'fleet.findings', params: {} })
    say({ t: 'open', id: 6, name: 'fleet.frame', params: { fields: [] } })
    topics.refresh(1)
    expect(last()).toBeInstanceOf(ArrayBuffer)
    expect(frames()).toHaveLength(1)
    expect(session.subscriptions).toBe(1)
    expect(defects).toHaveLength(1)
  })

  it('survives acknowledgements that belong to nothing', () => {
    const { say, topics, frames } = start()
    say({ t: 'ack', id: 99 })
    say({ t: 'close', id: 99 })
    say({ t: 'open', id: 5, name: 'fleet.frame', params: { fields: [] } })
    topics.refresh(1)
    for (let i = 0; i < 10; i++) say({ t: 'ack', id: 5 })
    topics.refresh(2)
    expect(frames()).toHaveLength(2)
  })
})

it('refuses in messages, which read in the language of the screen; no secret is in their values', async () => {
  usedSecrets.register('canary-of-a-refusal')
  const { say, wired } = start()
  say({ t: 'call', id: 1, name: 'no.such.command canary-of-a-refusal', input: {} })
  const { failure } = JSON.parse(wired.at(-1) ?? '') as { failure: Failure }
  expect(textOf(failure.text, GERMAN)).toBe('Diese Engine kennt den Befehl "no.such.command [hidden]" nicht.')
  expect(wired.join('')).not.toContain('canary-of-a-refusal')
})
