import { afterEach, describe, expect, it } from 'vitest'
import { type CaseFloor, type CaseFloorOptions, startCaseFloor } from '../support/caseFloor.ts'
import { requirement } from '../support/peers.ts'

/**
 * Machines of one name in one answer, as federation, collectors of OpenTelemetry and stores of many clusters give them:
 * none of them is lost, and the floor says that a label distinguishes them.
 */

const prometheus = requirement('prometheus')
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function floorOf(options: CaseFloorOptions): Promise<CaseFloor> {
  const floor = await startCaseFloor(options)
  cleanups.push(() => floor.close())
  return floor
}

const SERIES = { DCGM_FI_DEV_GPU_TEMP: 45, DCGM_FI_DEV_POWER_USAGE: 420, DCGM_FI_DEV_GPU_UTIL: 93 }

/** Two boards of each machine; `serial` is what their UUIDs differ in. */
function exposition(machines: readonly { host: string; serial: string; more: string }[]): string {
  return Object.entries(SERIES)
    .flatMap(([name, value]) =>
      machines.flatMap(({ host, serial, more }) =>
        [0, 1].map(
          (gpu) =>
            `${name}{gpu="${gpu}",UUID="GPU-${serial}-aaaa-4bbb-8ccc-00000000000${gpu}",device="nvidia${gpu}",modelName="NVIDIA H100 80GB HBM3",Hostname="${host}",${more}} ${value}`,
        ),
      ),
    )
    .join('\n')
    .concat('\n')
}

const CLUSTERS = exposition([
  { host: 'gpu-01', serial: '0000000a', more: 'instance="10.0.0.1:9400",cluster="east"' },
  { host: 'gpu-01', serial: '0000000b', more: 'instance="10.0.0.1:9400",cluster="west"' },
])
const FEDERATED = exposition(
  [1, 2, 3].map((i) => ({
    host: 'localhost',
    serial: `0000000${i}`,
    more: `instance="10.0.0.${i}:9400",job="dcgm"`,
  })),
)
const LONG = { timeout: 90_000 }

describe.each(['direct', 'prometheus'] as const)('machines of one name in one answer, %s', (way) => {
  it('of two clusters are all on the floor, each under a name of its own', LONG, async ({ skip }) => {
    skip(way === 'prometheus' && !prometheus.present, prometheus.reason)
    const { screen } = await floorOf({
      texts: [CLUSTERS],
      way,
      honorLabels: true,
      until: ['DCGM_FI_DEV_POWER_USAGE', 4],
    })
    const { hosts } = await screen
      .watch('fleet.topology', {})
      .until('four GPUs', ({ gpus }) => gpus.host.length === 4, 30_000)
    expect(hosts.map(({ name }) => name)).toEqual(['gpu-01', 'gpu-01 (west)'])
    const { findings } = await screen
      .watch('fleet.findings', {})
      .until('a finding that says so', ({ total }) => total > 0, 30_000)
    expect(findings).toMatchObject([{ kind: 'source', severity: 'advisory' }])
    expect(findings[0]?.by).toContain('gpu-01 (west), by the label cluster')
    const { power } = await screen
      .watch('console.status', {})
      .until('the power of all', (status) => status.power.boards === 4, 30_000)
    expect(Math.round(power.watts ?? 0)).toBe(1680)
  })

  it('behind a federated Prometheus go by the addresses of their exporters', LONG, async ({ skip }) => {
    skip(way === 'prometheus' && !prometheus.present, prometheus.reason)
    const { screen } = await floorOf({
      texts: [FEDERATED],
      way,
      honorLabels: false,
      until: ['DCGM_FI_DEV_POWER_USAGE', 6],
    })
    const { hosts } = await screen
      .watch('fleet.topology', {})
      .until('six GPUs', ({ gpus }) => gpus.host.length === 6, 30_000)
    expect(hosts.map(({ name }) => name)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3'])
    const { findings } = await screen
      .watch('fleet.findings', {})
      .until('the wrong name', ({ total }) => total > 0, 30_000)
    expect(findings).toMatchObject([{ kind: 'source', what: expect.stringContaining('Hostname=localhost') }])
  })
})
