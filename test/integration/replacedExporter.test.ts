import { afterEach, expect, it } from 'vitest'
import { startCaseFloor } from '../support/caseFloor.ts'
import { requirement } from '../support/peers.ts'

/**
 * Samples with times of their own, as a federation passes them on, get no staleness mark: a Prometheus answers with the
 * last ones of an exporter that is gone for another five minutes, beside those of the one that replaced it.
 */

const prometheus = requirement('prometheus')
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

type Figures = Readonly<Record<'GPU_TEMP' | 'GPU_UTIL' | 'POWER_USAGE' | 'XID_ERRORS', number>>

function exposition(instance: string, figures: Figures, time = ''): string {
  return Object.entries(figures)
    .map(
      ([name, value]) =>
        `DCGM_FI_DEV_${name}{gpu="0",UUID="GPU-0000000a-aaaa-4bbb-8ccc-000000000001",device="nvidia0",modelName="NVIDIA H100 80GB HBM3",Hostname="h-1",instance="${instance}"} ${value}${time}\n`,
    )
    .join('')
}

it('shows the figures of the exporter that lives, not the larger ones of its predecessor', {
  timeout: 90_000,
}, async ({ skip }) => {
  skip(!prometheus.present, prometheus.reason)
  const floor = await startCaseFloor({
    texts: [
      exposition('10.0.0.1:9400', { GPU_TEMP: 31, GPU_UTIL: 0, POWER_USAGE: 70, XID_ERRORS: 0 }),
      exposition(
        '10.0.0.5:9400',
        { GPU_TEMP: 66, GPU_UTIL: 93, POWER_USAGE: 640, XID_ERRORS: 79 },
        ` ${Date.now() - 30_000}`,
      ),
    ],
    way: 'prometheus',
    honorLabels: true,
    until: ['DCGM_FI_DEV_POWER_USAGE', 2],
  })
  cleanups.push(() => floor.close())
  const { power } = await floor.screen
    .watch('console.status', {})
    .until('the power of the living', (status) => Math.round(status.power.watts ?? 0) === 70, 30_000)
  expect(power).toMatchObject({ boards: 1, of: 1 })
  const detail = await floor.screen
    .watch('fleet.gpu', { host: 'h-1', slot: 0 })
    .until('a GPU at rest', (gpu) => gpu?.unit.state === 'zero', 30_000)
  expect(detail?.unit.readings.find(({ field }) => field === 'gpuUtil')?.value).toBe(0)
  const { findings } = await floor.screen
    .watch('fleet.findings', {})
    .until('no code of the dead', ({ findings: all }) => all.every(({ kind }) => kind !== 'xid'), 30_000)
  expect(findings).toEqual([])
})
