import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { FIGURE } from '../../../../shared/model/figure.ts'
import { fakeEngine, healthyStatus } from '../../../../test/fixtures/fakeEngine.ts'
import { syntheticFleet } from '../../../../test/fixtures/syntheticFleet.ts'
import { fleetStore } from '../../../state/fleet/frameStore.ts'
import { createClient } from '../../../transport/client.ts'
import { ClientProvider } from '../../../transport/context.tsx'
import { SummaryStrip } from './SummaryStrip.tsx'

afterEach(cleanup)

const { topology, first } = syntheticFleet({ gpus: 64, abnormal: 0 })

/** The strip over a floor whose exporters send only these of the fields that the frame carries. */
function showWithout(missing: readonly string[], rowState = (code: number): number => code): void {
  fleetStore.setTopology(topology)
  fleetStore.setFrame({
    ...first,
    states: first.states.map((column, index) =>
      missing.includes(first.fields[index] ?? '') ? new Uint8Array(column.length) : column,
    ),
    state: first.state.map(rowState),
    conditions: new Uint16Array(first.rows),
  })
  const client = createClient({
    connect: fakeEngine(healthyStatus(Date.now())).connect,
    onFault: () => undefined,
  })
  render(
    <ClientProvider client={client}>
      <SummaryStrip mask={null} activity="smActive" onOpen={() => undefined} />
    </ClientProvider>,
  )
  client.close()
}

const tile = (name: string) => screen.getByRole('region', { name }).textContent

it('37: calls GPU utilisation by its name where no exporter sends profiling', () => {
  showWithout(['smActive', 'grActive'])
  expect(screen.queryByRole('region', { name: /SM activity/ })).toBeNull()
  expect(tile('GPU utilisation, mean')).toMatch(/GPU utilisation: \d+\u2009%/)
})

it('37: says that XIDs are not exported instead of 0', () => {
  showWithout(['xid'])
  expect(tile('GPUs with an XID')).toContain('\u2014')
  expect(tile('GPUs with an XID')).toContain('not exported by this exporter: DCGM_FI_DEV_XID_ERRORS')
  expect(tile('GPUs with an XID')).not.toContain('0')
})

it('does not say how many are idle of a type that shows no activity', () => {
  const dark = new Set<number>([FIGURE.ok, FIGURE.zero])
  showWithout(['smActive', 'grActive', 'gpuUtil'], (code) => (dark.has(code) ? FIGURE.absent : code))
  expect(tile('By type and state')).toContain('unknown')
  expect(tile('By type and state')).not.toContain('idle')
})

it('says 0 where XIDs are exported and there are none', () => {
  showWithout([])
  expect(first.states[first.fields.indexOf('xid')]?.includes(FIGURE.zero)).toBe(true)
  expect(tile('GPUs with an XID')).toContain('0none')
})
