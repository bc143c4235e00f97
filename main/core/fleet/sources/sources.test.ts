import { expect, it } from 'vitest'
import { createStaleLimits } from './cadences.ts'
import { createEventLog } from '../findings/events.ts'
import { DEFAULT_HOST_LABELS } from '../places/hostName.ts'
import { createRegistry } from '../places/registry.ts'
import { createSources } from './sources.ts'
import { gpuLabels, series, START } from '../testkit.ts'
import { atOnce } from '../../steps.ts'
import { createXidLedger } from '../findings/xid.ts'

const STALE_AFTER = 30_000

it('forgets sources that never fed anything, so that made-up targets do not fill the memory', () => {
  const registry = createRegistry(null, createEventLog())
  const sources = createSources(
    registry,
    createXidLedger(),
    createStaleLimits(STALE_AFTER),
    STALE_AFTER,
    DEFAULT_HOST_LABELS,
  )
  const observe = (source: string, host: string) =>
    atOnce(
      sources.bind({
        source,
        sampledAt: START,
        cadenceMs: null,
        complete: true,
        rows: {
          series: [series('power', gpuLabels(host, 0))],
          values: Float64Array.of(300),
          speaker: { name: 'Prometheus', scope: 'machine' },
        },
      }),
    )
  const real = observe('real', 'h-1').feeder
  // Sixteen hosts are within the budget of a machine; what comes then is not learnt.
  for (let i = 0; i < 15; i++) observe(`early ${i}`, `early-${i}`)
  for (let i = 0; i < 1000; i++) {
    const { feeder } = observe(`made up ${i}`, `made-up-${i}`)
    expect(feeder).toBe(16)
    sources.release(`made up ${i}`, 'gone')
    expect(sources.find(`made up ${i}`)).toBe(-1)
  }
  sources.release('real', 'silent')
  expect(sources.find('real')).toBe(real)
  expect(sources.troubleOf(real)).toBe('silent')
})
