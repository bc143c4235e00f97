import { afterEach, describe, expect, it } from 'vitest'
import { figureState } from '../../shared/model/figure.ts'
import { caseText } from '../support/cases.ts'
import { type CaseFloor, startCaseFloor } from '../support/caseFloor.ts'
import { requirement } from '../support/peers.ts'

const prometheus = requirement('prometheus')
let floor: CaseFloor | null = null
afterEach(async () => {
  await floor?.close()
  floor = null
})

const TEXTS = ['06-mig-null-profile', '07-nvlink-rate-called-counter.t0', '38-mig-one-xid'].map((name) =>
  caseText(`${name}.prom`),
)

describe('boards with MIG instances', () => {
  it.for(['direct', 'prometheus'] as const)(
    '06, 07, 38: weighs no unknown profile, counts one XID once, draws a rate as one (%s)',
    { timeout: 60_000 },
    async (way, { skip }) => {
      skip(way === 'prometheus' && !prometheus.present, prometheus.reason)
      floor = await startCaseFloor({ texts: TEXTS, way, until: ['DCGM_FI_DEV_POWER_USAGE', 11] })
      const { screen } = floor
      const xids = (item: { findings: { kind: string; where: string }[] }) =>
        item.findings.filter(({ kind }) => kind === 'xid').map(({ where }) => where)
      const topology = await screen.watch('fleet.topology', {}).until(
        'three boards and nine instances',
        ({ gpus, instances }) => {
          return gpus.host.length === 3 && instances.gpu.length === 9
        },
        20_000,
      )
      const findings = await screen
        .watch('fleet.findings', {})
        .until('the XID', (item) => xids(item).length > 0, 20_000)
      expect(xids(findings)).toEqual(['mig-38 · GPU 0'])
      const rowOf = (host: string) => topology.gpus.host.findIndex((at) => topology.hosts[at]?.name === host)
      const frame = await screen
        .watch('fleet.frame', { fields: ['smActive', 'fbUsed', 'nvlink'] })
        .until('memory and link', ({ values }) => (values[2]?.[rowOf('h-07')] ?? 0) > 0, 20_000)
      expect(figureState(frame.states[0]?.[rowOf('h-06')] ?? -1)).toBe('absent')
      expect(frame.values[1]?.[rowOf('h-06')]).toBe(39_990)
      expect(frame.values[2]?.[rowOf('h-07')]).toBe(16_721)
      const power = await screen
        .watch('console.status', {})
        .until('the power of three boards', (item) => JSON.stringify(item).includes('"boards":3'), 20_000)
      expect(JSON.stringify(power)).toContain('"of":3')
    },
  )
})
