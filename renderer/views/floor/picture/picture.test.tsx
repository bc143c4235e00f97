import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { field } from '../../../../shared/model/field.ts'
import { syntheticFleet } from '../../../../test/fixtures/syntheticFleet.ts'
import { createFrameStore } from '../../../state/fleet/frameStore.ts'
import { EmptySlotCard, HoverCard } from './HoverCard.tsx'
import { Legend } from './Legend.tsx'
import { nextAbnormal, pictureKey } from './walking.ts'
import { spokenHole, spokenRow } from './spokenRow.ts'

const { topology, first } = syntheticFleet({ gpus: 512, abnormal: 3 })
const rowWith = (state: number): number => first.state.subarray(0, 512).indexOf(state)

afterEach(cleanup)

describe('a row in words', () => {
  it('names place, type, figure and state', () => {
    const text = spokenRow(topology, first, field('smActive'), 0)
    expect(text).toMatch(/^h-0001 GPU 0, H100, SM activity \d+\u2009%, (ok|zero), R1-001, Hall A$/)
  })

  it('never gives a figure where there is none, and dates what is only last known', () => {
    expect(spokenRow(topology, first, field('smActive'), rowWith(0))).toContain('SM activity no value')
    expect(spokenRow(topology, first, field('smActive'), rowWith(3))).toContain('last known 41\u2009s ago')
    expect(spokenRow(topology, first, field('smActive'), rowWith(4))).toContain('refused as implausible')
    expect(spokenRow(topology, null, field('smActive'), 0)).toContain('no figures yet')
    const awaited = spokenRow(topology, first, field('eccDbe'), 0)
    expect(awaited).toContain('awaited')
    expect(awaited).not.toContain('absent')
  })
})

describe('an empty slot', () => {
  const withHole = { ...topology, emptySlots: { host: [0], slot: [8] } }

  it('is told by the card and in words', () => {
    expect(spokenHole(withHole, -2)).toMatch(/^h-0001 slot 8, empty: no GPU answers here.*R1-001, Hall A$/)
    const at = { x: 0, y: 0, width: 9, height: 9 }
    render(<EmptySlotCard topology={withHole} hole={-2} at={at} within={{ width: 500, height: 500 }} />)
    expect(document.body.textContent).toContain('slot 8')
  })
})

describe('the walk to what is abnormal', () => {
  const severities = Uint8Array.of(0, 2, 0, 1, 0, 2)

  it('goes round the floor in both directions', () => {
    expect(nextAbnormal(severities, 2, 1, 1)).toBe(5)
    expect(nextAbnormal(severities, 2, 5, 1)).toBe(1)
    expect(nextAbnormal(severities, 2, 0, -1)).toBe(5)
    expect(nextAbnormal(severities, 1, 1, 1)).toBe(3)
  })

  it('stays where there is nothing else', () => {
    expect(nextAbnormal(new Uint8Array(6), 1, 4, 1)).toBe(4)
    expect(nextAbnormal(Uint8Array.of(0, 2), 2, 1, -1)).toBe(1)
  })
})

describe('the keys of the picture', () => {
  const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false }
  it('walk, zoom, fit and open', () => {
    expect(pictureKey({ ...plain, key: 'ArrowUp' })).toEqual({ kind: 'walk', direction: 'up' })
    expect(pictureKey({ ...plain, key: 'ArrowUp', shiftKey: true })).toEqual({ kind: 'pan', direction: 'up' })
    expect(pictureKey({ ...plain, key: '+', shiftKey: true })).toEqual({ kind: 'zoom', inwards: true })
    expect(pictureKey({ ...plain, key: '0' })).toEqual({ kind: 'fit' })
    expect(pictureKey({ ...plain, key: 'Enter' })).toEqual({ kind: 'open' })
  })

  it('leave chords and letters to the console', () => {
    expect(pictureKey({ ...plain, key: '0', ctrlKey: true })).toBeNull()
    expect(pictureKey({ ...plain, key: 'g' })).toBeNull()
    expect(pictureKey({ ...plain, key: '1' })).toBeNull()
    expect(pictureKey({ ...plain, key: 'Escape' })).toBeNull()
  })
})

describe('the inspection card', () => {
  it('says who, what and why', () => {
    const row = first.conditions.subarray(0, 512).findIndex((bits) => (bits & 0x20) !== 0)
    render(
      <HoverCard
        topology={topology}
        frame={first}
        field="smActive"
        row={row}
        at={{ x: 0, y: 0, width: 10, height: 10 }}
        within={{ width: 800, height: 600 }}
      />,
    )
    expect(screen.getByText(/XID 79 · GPU has fallen off the bus/)).toBeDefined()
    expect(screen.getByText('Board power')).toBeDefined()
  })
})

describe('the legend', () => {
  function show(range: Parameters<typeof Legend>[0]['range'] = null) {
    const store = createFrameStore()
    store.setTopology(topology)
    store.setFrame(first)
    const onRange = vi.fn<(range: Parameters<typeof Legend>[0]['range']) => void>()
    render(<Legend store={store} field="gpuTemp" range={range} onRange={onRange} />)
    return onRange
  }

  it('marks the thresholds of the metric', () => {
    show()
    expect(screen.getByLabelText(/^advisory from 84/)).toBeDefined()
    expect(screen.getByLabelText(/^critical from 90/)).toBeDefined()
  })

  it('filters by the keyboard, with what lies beyond an end taken in', () => {
    const onRange = show()
    const lower = screen.getByRole('slider', { name: /lower end/ })
    expect(lower.getAttribute('aria-valuetext')).toBe('20\u2009°C')
    fireEvent.keyDown(lower, { key: 'PageUp' })
    expect(onRange).toHaveBeenLastCalledWith({ field: 'gpuTemp', min: 27.5, max: Number.POSITIVE_INFINITY })
  })

  it('takes the filter back', () => {
    const onRange = show({ field: 'gpuTemp', min: 50, max: 60 })
    fireEvent.keyDown(screen.getByRole('slider', { name: /upper end/ }), { key: 'Delete' })
    expect(onRange).toHaveBeenLastCalledWith(null)
    fireEvent.click(screen.getByRole('button', { name: /show all/ }))
    expect(onRange).toHaveBeenCalledTimes(2)
  })

  it('does not show the range of another metric as its own', () => {
    show({ field: 'power', min: 50, max: 60 })
    expect(screen.queryByRole('button', { name: /show all/ })).toBeNull()
  })
})
