import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startCaseFloor } from '../support/caseFloor.ts'
import { requirement } from '../support/peers.ts'

/**
 * The address of a Kubernetes service or a load balancer in the list of exporters (NVIDIA/gpu-operator#439, #1439): each
 * answer is of another machine. No machine is gone because the answer is another one's, and the source says what it is.
 */

const prometheus = requirement('prometheus')
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

function machine(name: string): string {
  return Object.entries({ DCGM_FI_DEV_GPU_TEMP: 45, DCGM_FI_DEV_POWER_USAGE: 420, DCGM_FI_DEV_GPU_UTIL: 93 })
    .flatMap(([series, value]) =>
      [0, 1].map(
        (gpu) =>
          `${series}{gpu="${gpu}",UUID="GPU-${name}-${gpu}",device="nvidia${gpu}",modelName="NVIDIA H100 80GB HBM3",Hostname="${name}"} ${value}`,
      ),
    )
    .join('\n')
    .concat('\n')
}

describe.each(['direct', 'prometheus'] as const)('the address of a service, %s', (way) => {
  it('makes no GPU missing, and is named for what it is', { timeout: 120_000 }, async ({ skip }) => {
    skip(way === 'prometheus' && !prometheus.present, prometheus.reason)
    const machines = Array.from({ length: 6 }, (_, i) => machine(`n${i}`))
    const floor = await startCaseFloor({
      texts: [machines[0] ?? ''],
      way,
      until: ['DCGM_FI_DEV_POWER_USAGE', 2],
    })
    cleanups.push(() => floor.close())
    const findings = floor.screen.watch('fleet.findings', {})
    await floor.screen.watch('fleet.topology', {}).until('a host', ({ hosts }) => hosts.length === 1, 20_000)
    let turn = 0
    const service = setInterval(() => floor.say(0, machines[++turn % machines.length] ?? ''), 1000)
    cleanups.push(async () => clearInterval(service))
    const said = await findings.until(
      'what stands behind the address',
      ({ findings: list }) => list.some(({ what }) => what.includes('several machines in turn')),
      60_000,
    )
    expect(said.findings.find(({ what }) => what.includes('in turn'))?.nextStep).toContain('load balancer')
    // Whoever was taken for gone before that was known is back, and a turn takes longer than the grace of a lost GPU.
    await findings.until(
      'no GPU missing',
      ({ findings: all }) => all.every(({ kind }) => kind !== 'missing'),
      60_000,
    )
    const before = turn
    while (turn < before + machines.length) await sleep(250)
    const { findings: list } = await findings.until('an item', Boolean)
    expect(list.filter(({ kind, severity }) => kind === 'missing' || severity === 'critical')).toEqual([])
  })
})
