import { afterEach, describe, expect, it } from 'vitest'
import { FIGURE, figureState } from '../../shared/model/figure.ts'
import { caseText } from '../support/cases.ts'
import { type CaseFloor, startCaseFloor } from '../support/caseFloor.ts'
import { requirement } from '../support/peers.ts'
import { quickClock } from '../support/quickClock.ts'

const prometheus = requirement('prometheus')
let floor: CaseFloor | null = null
afterEach(async () => {
  await floor?.close()
  floor = null
})

const TEXTS = ['01-prof-false-zero', '33-unlisted-models-busy', '37-no-profiling-hole'].map((name) =>
  caseText(`${name}.prom`),
)

describe('power against activity', () => {
  it.for(['direct', 'prometheus'] as const)(
    '01, 33, 37: contradicts false zeros, judges no unknown board, and finds the stuck one (%s)',
    { timeout: 90_000 },
    async (way, { skip }) => {
      skip(way === 'prometheus' && !prometheus.present, prometheus.reason)
      const until = ['DCGM_FI_DEV_POWER_USAGE', 17] as const
      // A board is stuck once it has been for half a minute.
      floor = await startCaseFloor({
        texts: TEXTS,
        way,
        until,
        ...(way === 'direct' ? { clock: quickClock(5) } : {}),
      })
      const { screen } = floor
      const topologies = screen.watch('fleet.topology', {})
      const frames = screen.watch('fleet.frame', { fields: ['smActive', 'gpuUtil'] })
      await frames.until('all boards with their figures', ({ rows, state, states }) => {
        const known = states[1]?.filter((code) => code === FIGURE.ok || code === FIGURE.zero).length
        return rows >= 17 && known === 17 && state.includes(FIGURE.implausible)
      })
      const findings = await screen
        .watch('fleet.findings', {})
        .until(
          'the board that is stuck',
          (item) => item.findings.some(({ kind }) => kind === 'busyButIdle'),
          60_000,
        )
      const said = findings.findings.map(({ kind, where }) => `${kind} ${where}`)
      expect(said).toContain('implausible h-01 · GPU 0')
      expect(said.filter((each) => each.startsWith('busyButIdle'))).toEqual(['busyButIdle dgx-37 · GPU 4'])
      expect(said.filter((each) => each.includes('mixed-01'))).toEqual([])

      const topology = topologies.latest()
      const frame = frames.latest()
      const stateOf = (host: string, slot: number) => {
        const row = topology?.gpus.host.findIndex(
          (at, i) => topology.hosts[at]?.name === host && topology.gpus.slot[i] === slot,
        )
        return [frame?.state[row ?? -1] ?? -1, frame?.states[0]?.[row ?? -1] ?? -1].map(figureState)
      }
      expect(stateOf('h-01', 0)).toEqual(['implausible', 'implausible'])
      expect(stateOf('h-01', 1)).toEqual(['zero', 'zero'])
      expect(stateOf('mixed-01', 0)).toEqual(['ok', 'absent'])
      expect(topology?.types).toContain('GB10')
    },
  )
})
