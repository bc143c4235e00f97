import { describe, expect, it } from 'vitest'
import { encodeFrame } from '../../shared/codec/frame.ts'
import type { Wire } from '../../shared/contract/wire.ts'
import { type FleetFrame, NEVER } from '../../shared/model/frame.ts'
import { Arrivals } from '../bench/arrivals.ts'
import { pageOf, tally } from '../bench/page.ts'
import { type BenchResult, formatResult, markdownOf } from '../bench/result.ts'

const NOW = 1_760_000_000_000

function frameAt(at: number, ages: readonly number[]): FleetFrame {
  const rows = ages.length
  return {
    sequence: 1,
    at,
    topologyVersion: 1,
    rows,
    state: new Uint8Array(rows),
    severity: new Uint8Array(rows),
    presence: new Uint8Array(rows),
    conditions: new Uint16Array(rows),
    ageMs: Uint32Array.from(ages),
    fields: [],
    values: [],
    states: [],
  }
}

describe('arrivals', () => {
  it('takes each new sample once, with its age on arrival', () => {
    const arrivals = new Arrivals()
    arrivals.take(frameAt(NOW, [100, 4000]), NOW + 5)
    arrivals.start()
    // The first has a new sample; the second is the same one, a second older and rounded the other way.
    arrivals.take(frameAt(NOW + 1000, [40, 4999]), NOW + 1007)
    arrivals.take(frameAt(NOW + 1250, [290, 5250]), NOW + 1256)
    expect(arrivals.ages).toEqual([47])
  })

  it('counts nothing before its start nor for a row that was never seen', () => {
    const arrivals = new Arrivals()
    arrivals.take(frameAt(NOW, [NEVER, 100]), NOW)
    arrivals.take(frameAt(NOW + 1000, [NEVER, 10]), NOW + 1000)
    arrivals.start()
    arrivals.take(frameAt(NOW + 2000, [NEVER, 1010]), NOW + 2000)
    expect(arrivals.ages).toEqual([])
  })

  it('counts the bytes of a line and passes its messages on', () => {
    let deliver: (message: string | ArrayBuffer) => void = () => undefined
    const wire: Wire = {
      send: () => undefined,
      onMessage: (listener) => (deliver = listener),
      onClose: () => undefined,
      close: () => undefined,
    }
    const arrivals = new Arrivals()
    const heard: unknown[] = []
    arrivals.along(wire).onMessage((message) => heard.push(message))
    const encoded = encodeFrame(frameAt(NOW, [1]))
    deliver('before')
    arrivals.start()
    deliver('five°')
    deliver(encoded)
    arrivals.stop()
    deliver('after')
    expect(heard).toEqual(['before', 'five°', encoded, 'after'])
    expect(arrivals).toMatchObject({
      bytes: 6 + encoded.byteLength,
      frames: 1,
      frameBytes: encoded.byteLength,
    })
  })
})

describe('tables', () => {
  const result: BenchResult = {
    title: 'Parser',
    rows: [
      { name: 'speed', value: '2 MB/s' },
      { name: 'ratio', value: '9×', aim: '≥ 8×', reached: true, why: 'never said' },
      {
        name: 'memory',
        value: '500 MB',
        aim: '≤ 400 MB',
        reached: false,
        why: 'too many labels; fewer would.',
      },
    ],
    notes: ['A note.'],
  }

  it('say why an aim was missed, and nothing about those that were reached', () => {
    for (const text of [formatResult(result), markdownOf(result)]) {
      expect(text).toContain('memory: too many labels; fewer would.')
      expect(text).toContain('A note.')
      expect(text).not.toContain('never said')
    }
    expect(markdownOf(result)).toContain('| memory | 500 MB | ≤ 400 MB | **missed** |')
  })

  it('are summed up by aims', () => {
    expect(tally([result])).toMatch(/^1 of 2 aims reached\. Missed: memory \(500 MB\)\./)
    expect(tally([])).toBe('0 of 0 aims reached.')
  })

  it('name what was not measured', () => {
    const page = pageOf(
      [
        { name: 'parser', result },
        { name: 'heatmap', skipped: 'skipped, needs Chromium' },
      ],
      ['today'],
    )
    expect(page).toContain('- Not measured here: heatmap, skipped, needs Chromium')
    expect(page).toContain('## Parser')
  })
})
