import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { fakeEngine, healthyStatus } from '../../../../test/fixtures/fakeEngine.ts'
import { floorOf } from '../../../../test/fixtures/syntheticFloor.ts'
import type { FleetFrame } from '../../../../shared/model/frame.ts'
import type { Topology } from '../../../../shared/model/topology.ts'
import { fleetStore } from '../../../state/fleet/frameStore.ts'
import { createClient } from '../../../transport/client.ts'
import { ClientProvider } from '../../../transport/context.tsx'
import { HostDrawer } from './HostDrawer.tsx'

// There is no canvas here to draw on.
vi.mock('../../../ui/chart/TimeChart.tsx', () => ({
  TimeChart: ({ series }: { series: readonly { label: string }[] }) => (
    <p className="lines">{series.map(({ label }) => label).join(', ')}</p>
  ),
}))
afterEach(cleanup)

const floor = floorOf(() => 1_700_000_000_000)

it('37: names GPUs by their slots where the indices have a hole, and the figure of activity by its name', async () => {
  const topology = floor.item('fleet.topology', {}) as Topology
  const frame = floor.item('fleet.frame', {}) as FleetFrame
  const host = topology.hosts[0]?.name ?? ''
  // The last of eight stands in slot 9.
  const slot = topology.gpus.slot.map((at, row) => (topology.gpus.host[row] === 0 && at === 7 ? 9 : at))
  fleetStore.setTopology({ ...topology, gpus: { ...topology.gpus, slot } })
  fleetStore.setFrame({
    ...frame,
    states: frame.states.map((states, index) =>
      /^(?:sm|gr)Active$/.test(frame.fields[index] ?? '') ? new Uint8Array(states.length) : states,
    ),
  })
  const engine = fakeEngine(healthyStatus(1_700_000_000_000))
  engine.items = floor.item
  engine.answer = () =>
    Promise.resolve({
      origin: 'memory',
      stepMs: 1000,
      times: [1, 2],
      series: topology.gpus.host.flatMap((of, row) =>
        of === 0 ? [{ row, field: 'power', values: [100, 100] }] : [],
      ),
      warnings: [],
    })
  const client = createClient({ connect: engine.connect, onFault: () => undefined })
  render(
    <ClientProvider client={client}>
      <HostDrawer host={host} onClose={() => undefined} onGpu={() => undefined} />
    </ClientProvider>,
  )
  await act(() => new Promise((done) => setTimeout(done, 50)))
  const drawer = screen.getByRole('complementary', { name: host })
  expect(drawer.querySelector('.lines')?.textContent).toContain('GPU 9')
  expect(drawer.querySelector('.lines')?.textContent).not.toContain('GPU 7')
  expect(screen.getByRole('columnheader', { name: 'GPU util' })).toBeDefined()
  client.close()
})
