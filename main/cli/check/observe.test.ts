import { describe, expect, it } from 'vitest'
import type { WireRequest, WireResponse } from '../../../shared/contract/wire.ts'
import type { SourceHealth } from '../../../shared/model/source.ts'
import { inProcessWire } from '../../engine/session/inProcessWire.ts'
import { unknownHealth } from '../../platform/unknownHealth.ts'
import { observe } from './observe.ts'

function source(id: string, change: Partial<SourceHealth> = {}): SourceHealth {
  return { ...unknownHealth('exporter', id, id, `http://${id}:9400`), ...change }
}

const feed = { path: 'direct', since: 0, reason: '', fallback: false } as const

/** An engine that greets and answers `sources.health` with each picture after the last one was acknowledged. */
function standIn(pictures: readonly SourceHealth[][]) {
  const { engineEnd, screenEnd } = inProcessWire()
  const opened: string[] = []
  const left = [...pictures]
  const say = (response: WireResponse) => engineEnd.send(JSON.stringify(response))
  const next = (id: number) => {
    const sources = left.shift()
    if (sources !== undefined) say({ t: 'item', id, item: { at: 1, feed, sources } })
  }
  engineEnd.onMessage((message) => {
    const request = JSON.parse(typeof message === 'string' ? message : '') as WireRequest
    if (request.t === 'open') opened.push(request.name)
    if ((request.t === 'open' && request.name === 'sources.health') || request.t === 'ack') next(request.id)
  })
  say({ t: 'hello', wire: 1, role: 'wall', version: '0' })
  return { engineEnd, screenEnd, opened }
}

const failed = { consecutiveFailures: 1, error: { code: 'refused', text: 'refused.', nextStep: 'Start it.' } }

describe('observing an engine', () => {
  it('waits until every source was asked', async () => {
    const { screenEnd, opened } = standIn([
      [source('a'), source('b')],
      [source('a', failed), source('b')],
      [source('a', failed), source('b', failed)],
    ])
    const { sources, complete } = await observe(screenEnd, 10_000)
    expect(complete).toBe(true)
    expect(sources.map(({ consecutiveFailures }) => consecutiveFailures)).toEqual([1, 1])
    expect(opened).toEqual(['sources.health', 'console.status'])
  })

  it('says that time ran out', async () => {
    const { screenEnd } = standIn([[source('a', failed), source('b')]])
    const { sources, complete } = await observe(screenEnd, 50)
    expect(complete).toBe(false)
    expect(sources).toHaveLength(2)
  })

  it('ends when the engine hangs up', async () => {
    const { screenEnd, engineEnd } = standIn([])
    queueMicrotask(() => engineEnd.close())
    expect(await observe(screenEnd, 10_000)).toEqual({
      sources: [],
      status: null,
      tokens: null,
      complete: false,
    })
  })
})
