import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SourceHealth } from '../../../shared/model/source.ts'
import { fakeEngine, healthyStatus } from '../../../test/fixtures/fakeEngine.ts'
import { sourceIn, sourceList } from '../../../test/fixtures/sourceList.ts'
import { useNavigation } from '../../state/navigation.ts'
import { NO_FILTER, useSourcesFilter } from '../../state/sources.ts'
import { createClient } from '../../transport/client.ts'
import { ClientProvider } from '../../transport/context.tsx'
import { SourcesView } from './SourcesView.tsx'
import { said } from '../../../shared/messages/message.ts'

let stop: () => void = () => undefined

beforeEach(() => {
  // A page without layout shows no rows of a virtual list: give everything the size of a screen.
  for (const property of ['offsetHeight', 'clientHeight'] as const) {
    vi.spyOn(HTMLElement.prototype, property, 'get').mockReturnValue(600)
  }
  for (const property of ['offsetWidth', 'clientWidth'] as const) {
    vi.spyOn(HTMLElement.prototype, property, 'get').mockReturnValue(1600)
  }
  useSourcesFilter.setState(NO_FILTER)
  useNavigation.setState({ view: 'sources', params: {} })
})
afterEach(() => {
  cleanup()
  stop()
  vi.restoreAllMocks()
})

async function open(sources: readonly SourceHealth[]) {
  const engine = fakeEngine(healthyStatus(Date.now()))
  engine.sources = sources
  const client = createClient({ connect: engine.connect })
  stop = () => client.close()
  render(
    <ClientProvider client={client}>
      <SourcesView />
    </ClientProvider>,
  )
  await act(() => new Promise((done) => setTimeout(done, 5)))
  return engine
}

const now = Date.now()
const bodyRows = () => screen.getAllByRole('row').slice(1)
const namesShown = () =>
  bodyRows().map((row) => within(row).getAllByRole('gridcell')[1]?.textContent?.slice(0, 6))

describe('source health', () => {
  it('lists the worst first, in words, and keeps only rows in sight in the page', async () => {
    await open(sourceList(2048, now))
    const [first] = bodyRows()
    expect(first?.textContent).toContain('backing off')
    expect(first?.textContent).toContain('The connection was refused')
    expect(bodyRows().length).toBeLessThan(80)
    expect(screen.getByRole('grid', { name: 'Sources' }).getAttribute('aria-rowcount')).toBe('2049')
  })

  it('sorts by a column, both ways, and says so', async () => {
    await open([sourceIn('ok', 3, now), sourceIn('ok', 1, now), sourceIn('failing', 2, now)])
    expect(namesShown()).toEqual(['h-0002', 'h-0001', 'h-0003'])
    fireEvent.click(screen.getByRole('button', { name: /^Name/ }))
    expect(namesShown()).toEqual(['h-0001', 'h-0002', 'h-0003'])
    expect(screen.getByRole('columnheader', { name: /^Name/ }).getAttribute('aria-sort')).toBe('ascending')
    fireEvent.click(screen.getByRole('button', { name: /^Name/ }))
    expect(namesShown()).toEqual(['h-0003', 'h-0002', 'h-0001'])
  })

  it('filters by state and by words, counts, and leads out of an empty list', async () => {
    await open(sourceList(2048, now))
    fireEvent.click(screen.getByRole('button', { name: /^slow/ }))
    expect(bodyRows().every((row) => /slow|partial/.test(row.textContent ?? ''))).toBe(true)
    fireEvent.change(screen.getByLabelText(/Filter by name/), { target: { value: 'nobody' } })
    expect(screen.getByText('No source matches the filter.')).toBeDefined()
    fireEvent.click(screen.getByRole('button', { name: 'Clear the filter' }))
    expect(bodyRows().length).toBeGreaterThan(5)
  })

  it('holds its order under the pointer and lets it go afterwards', async () => {
    const engine = await open([sourceIn('ok', 1, now), sourceIn('ok', 2, now)])
    fireEvent.pointerMove(screen.getByRole('grid'))
    engine.sources = [sourceIn('ok', 1, now), sourceIn('backoff', 2, now)]
    await act(async () => engine.publish())
    expect(namesShown()).toEqual(['h-0001', 'h-0002'])
    expect(bodyRows()[1]?.textContent).toContain('backing off')
    expect(screen.getByText(/Order held/)).toBeDefined()
    fireEvent.pointerLeave(screen.getByRole('grid'))
    expect(namesShown()).toEqual(['h-0002', 'h-0001'])
  })

  it('is walked with j and k, and shows a source with its error and next step', async () => {
    await open([sourceIn('ok', 1, now), sourceIn('failing', 2, now)])
    fireEvent.keyDown(document.body, { key: 'j' })
    const drawer = screen.getByRole('complementary', { name: 'h-0002' })
    expect(drawer.textContent).toContain('Look at the load of the host')
    fireEvent.keyDown(screen.getByRole('grid'), { key: 'ArrowDown' })
    expect(screen.getByRole('complementary', { name: 'h-0001' })).toBeDefined()
    fireEvent.click(screen.getByRole('button', { name: /Close/ }))
    expect(screen.queryByRole('complementary')).toBeNull()
  })

  it('puts a source that contradicts itself before those that are believed, and says what is doubted', async () => {
    const doubt = {
      code: 'quarantine',
      severity: 'critical' as const,
      what: said('60,000 new hosts in one answer were refused'),
      by: said('at most 2,000 a minute'),
      nextStep: said('Look at what it exports.'),
    }
    await open([sourceIn('ok', 1, now), { ...sourceIn('ok', 2, now), doubts: [doubt], cadenceMs: 60_000 }])
    expect(namesShown()).toEqual(['h-0002', 'h-0001'])
    expect(bodyRows()[0]?.textContent).toContain('60,000 new hosts')
    fireEvent.change(screen.getByLabelText(/Filter by name/), { target: { value: 'quarantine' } })
    expect(namesShown()).toEqual(['h-0002'])
    fireEvent.keyDown(document.body, { key: 'j' })
    const drawer = screen
      .getByRole('complementary', { name: 'h-0002' })
      .textContent?.replaceAll('\u2009', ' ')
    expect(drawer).toContain('at most 2,000 a minute')
    expect(drawer).toContain('Look at what it exports.')
    expect(drawer).toContain('Cadence: 60 s')
  })

  it('shows a hostile name as text', async () => {
    const hostile = { ...sourceIn('backoff', 1, now), name: '<img src=x onerror=alert(1)>' }
    await open([hostile])
    expect(screen.getByTitle('<img src=x onerror=alert(1)>').textContent).toBe('<img src=x onerror=alert(1)>')
    expect(document.querySelector('img')).toBeNull()
  })

  it('says what to do where nothing is configured', async () => {
    await open([])
    expect(screen.getByText('No sources are configured.')).toBeDefined()
    expect(screen.getByRole('button', { name: 'Go to setup' })).toBeDefined()
  })
})
