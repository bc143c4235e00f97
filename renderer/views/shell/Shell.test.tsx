import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConsoleStatus } from '../../../shared/contract/console.ts'
import { type FakeEngine, fakeEngine, healthyStatus } from '../../../test/fixtures/fakeEngine.ts'
import { navigate, startNavigation } from '../../state/navigation.ts'
import { sourceIn } from '../../../test/fixtures/sourceList.ts'
import { followStatus, INITIAL_STATUS, noteFault, useStatus } from '../../state/status.ts'
import { readPreferences, usePreferences } from '../../state/preferences.ts'
import { NO_FILTER, useSourcesFilter } from '../../state/sources.ts'
import { createClient } from '../../transport/client.ts'
import { ClientProvider } from '../../transport/context.tsx'
import { Shell } from './Shell.tsx'
import { said } from '../../../shared/messages/message.ts'

let engine: FakeEngine
let stop: () => void = () => undefined

const settle = () => act(() => new Promise((done) => setTimeout(done, 20)))
const plain = (element: Element | null) => element?.textContent?.replaceAll('\u2009', ' ') ?? ''
const bar = () => plain(screen.getByRole('banner'))

async function open(more: Partial<ConsoleStatus> = {}): Promise<void> {
  engine = fakeEngine({ ...healthyStatus(Date.now()), ...more })
  await show()
}

async function show(): Promise<void> {
  const client = createClient({ connect: engine.connect, onFault: noteFault })
  const leave = followStatus(client)
  stop = () => {
    leave()
    client.close()
  }
  render(
    <ClientProvider client={client}>
      <Shell />
    </ClientProvider>,
  )
  await settle()
}

beforeEach(() => {
  location.hash = '#/setup'
  startNavigation(window)
})
afterEach(() => {
  cleanup()
  stop()
  useStatus.setState(INITIAL_STATUS)
})

describe('a configuration that was edited', () => {
  const change = { at: 1, digest: 'd1', problems: [], more: 0, newRoutes: [] }

  it('is offered to a console, and applied by its button', async () => {
    const calls: unknown[] = []
    await open({ configChange: change })
    engine.answer = async (name, input) => {
      calls.push([name, input])
      return {}
    }
    expect(document.body.textContent).toContain('The configuration has changed.')
    fireEvent.click(screen.getByRole('button', { name: 'Apply' }))
    await settle()
    expect(calls).toEqual([['config.apply', { digest: 'd1' }]])
  })

  it('is shown with its errors, and cannot be applied', async () => {
    const text = 'there is no such key'
    const problem = { line: 4, column: 3, key: 'thresholds.gpuTmp', text, nextStep: 'Did you mean gpuTemp?' }
    await open({ configChange: { ...change, problems: [problem] } })
    expect(screen.queryByRole('button', { name: 'Apply' })).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Show errors' }))
    const item = screen.getAllByRole('listitem').find((each) => each.textContent?.includes(text))
    expect(item?.textContent).toContain('/etc/floorwatch/floorwatch.yaml:4:3')
    expect(item?.textContent).toContain('Did you mean gpuTemp?')
  })

  it('is none of a wall’s business', async () => {
    await open({ role: 'wall', configChange: change })
    expect(document.body.textContent).not.toContain('The configuration has changed.')
  })
})

describe('the status bar', () => {
  it('answers in one second: healthy, how many, how much power, from where', async () => {
    await open()
    expect(bar()).toContain('FLOOR OK')
    expect(bar()).toContain('1,024')
    expect(bar()).toContain('612 kW')
    expect(bar()).toContain('Prometheus')
    expect(bar()).toMatch(/UTC · \d\d:\d\d CES?T/)
    expect(bar()).not.toContain('DEMO')
  })

  it('names findings in words beside their shapes', async () => {
    await open({ mode: 'demo', abnormal: { critical: 2, advisory: 1 } })
    expect(bar()).toContain('2 critical')
    expect(bar()).toContain('1 advisory')
    expect(bar()).toContain('DEMO')
    expect(bar()).not.toContain('OK')
  })

  it('says that what it counts and sums up is not whole, and why', async () => {
    const partial = 'results truncated due to limit'
    await open({
      partial: said(partial),
      abnormal: { critical: 0, advisory: 1 },
      power: { watts: 500_000, boards: 800, of: 1024 },
    })
    expect(bar()).toContain(`partial: ${partial}`)
    expect(bar()).toContain('at leastGPUs present')
    expect(bar()).toContain('at leastPower: 500 kW')
    expect(bar()).not.toContain('OK')
  })

  it('does not count GPUs before the first sample: that is not 0', async () => {
    await open({
      newestSampleAt: null,
      rollCall: { expected: null, present: 0, missing: 0, unexpected: 0 },
    })
    expect(bar()).toContain('GPUs present: \u2014 (no value: No sample has been accepted yet')
  })

  it('takes everything back when the line is lost, and says since when', async () => {
    await open()
    engine.reachable = false
    act(() => engine.drop('the engine is shutting down'))
    expect(bar()).toContain('FLOOR UNKNOWN')
    expect(bar()).not.toContain('FLOOR OK')
    expect(document.querySelectorAll('.status-bar .figure[data-state="ok"]')).toHaveLength(0)
    expect(screen.getByText('Lost connection to the engine.')).toBeDefined()
  })

  it('keeps its counts without a connection, as last known ones and no longer as an alarm', async () => {
    await open({ abnormal: { critical: 2, advisory: 7 } })
    engine.reachable = false
    act(() => engine.drop('the engine is shutting down'))
    expect(bar()).toContain('FLOOR UNKNOWN')
    expect(bar()).toMatch(/2 \(last known\) critical.*7 \(last known\) advisory/)
    expect(document.querySelector('.status-abnormal')?.hasAttribute('data-last-known')).toBe(true)
  })

  it('says that it is refused, and what to do, instead of looking unreachable', async () => {
    await open({ role: 'wall' })
    engine.reachable = false
    act(() => engine.drop('The address of this wall was revoked.', 'refused'))
    expect(screen.getByText('The engine refuses this screen.')).toBeDefined()
    const notice = plain(document.querySelector('.notices'))
    expect(notice).toContain('The address of this wall was revoked.')
    expect(notice).toContain('floorwatch wall add')
    expect(notice).not.toContain('cannot be reached')
    expect(bar()).toContain('FLOOR UNKNOWN')
  })

  it('says that a message was not understood, and keeps what it knew', async () => {
    await open()
    Object.assign(engine.status, { power: { watts: 'a lot' } })
    act(() => engine.publish())
    expect(screen.getByText(/was not understood; figures may be missing/)).toBeDefined()
    expect(bar()).toContain('612 kW')
  })
})

describe('without a connection', () => {
  const exporter = sourceIn('ok', 7, Date.now())

  async function lose(): Promise<void> {
    engine.reachable = false
    act(() => engine.drop('the engine is shutting down'))
    await settle()
  }
  const go = async (hash: string) => {
    act(() => {
      location.hash = hash
      dispatchEvent(new HashChangeEvent('hashchange'))
    })
    await settle()
  }

  it('a view that was left keeps what it showed, dated', async () => {
    engine = fakeEngine(healthyStatus(Date.now()))
    engine.sources = [exporter]
    await show()
    await go('#/sources')
    await go('#/setup')
    await lose()
    await go('#/sources')
    const main = plain(screen.getByRole('main'))
    expect(main).not.toContain('Waiting for')
    expect(main).toMatch(/last good \d\d:\d\d:\d\d CES?T/)
    expect(main).toContain('1 (last known) source')
  })

  it('a view that was never opened opens, and says that nothing is known here', async () => {
    await open()
    await lose()
    await go('#/sources')
    expect(plain(screen.getByRole('main'))).toContain(
      'Lost connection to the engine before any of this was loaded: nothing is known here.',
    )
  })

  it('what is shown is last known until the first answer over the new connection', async () => {
    engine = fakeEngine(healthyStatus(Date.now()))
    engine.sources = [exporter]
    await show()
    await go('#/sources')
    await lose()
    const { publish } = engine
    Object.assign(engine, { publish: () => undefined, reachable: true })
    await act(() => new Promise((done) => setTimeout(done, 600)))
    expect(screen.queryByText('Lost connection to the engine.')).toBeNull()
    expect(plain(screen.getByRole('main'))).toContain('last good')
    act(() => publish())
    await settle()
    expect(plain(screen.getByRole('main'))).not.toContain('last good')
  })
})

describe('the keyboard', () => {
  it('goes to a view by g and its letter, but not while somebody types', async () => {
    await open({ mode: 'setup' })
    const field = screen.getByLabelText(/Site name/)
    fireEvent.keyDown(field, { key: 'g', code: 'KeyG' })
    fireEvent.keyDown(field, { key: 'h', code: 'KeyH' })
    await settle()
    expect(location.hash).toBe('#/setup')
    fireEvent.keyDown(document.body, { key: 'g', code: 'KeyG' })
    fireEvent.keyDown(document.body, { key: 'h', code: 'KeyH' })
    await settle()
    expect(location.hash).toBe('#/sources')
  })

  it('lists every key under ?', async () => {
    await open()
    fireEvent.keyDown(document.body, { key: '?', code: 'Slash', shiftKey: true })
    const map = plain(screen.getByRole('dialog', { name: 'Keys' }))
    for (const title of ['Go to floor', 'Command palette', 'Explain a figure']) expect(map).toContain(title)
  })

  it('finds and runs a command in the palette', async () => {
    await open()
    fireEvent.keyDown(document.body, { key: 'k', code: 'KeyK', ctrlKey: true })
    const input = screen.getByPlaceholderText('Go to, find, do')
    fireEvent.change(input, { target: { value: 'source health' } })
    fireEvent.keyDown(input, { key: 'Enter' })
    await settle()
    expect(location.hash).toBe('#/sources')
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})

describe('the navigation', () => {
  it('shows words beside its icons, or not, and remembers it', async () => {
    usePreferences.setState({ navigation: 'labels' })
    await open()
    const rail = screen.getByRole('navigation', { name: 'Views' })
    expect(rail.dataset['labelled']).toBe('')
    expect(rail.textContent).toContain('Source health')
    fireEvent.click(screen.getByRole('button', { name: 'Hide the labels of the navigation' }))
    expect(rail.dataset['labelled']).toBeUndefined()
    expect(screen.getByRole('link', { name: 'Source health' })).toBeDefined()
    expect(
      readPreferences({ getItem: () => JSON.stringify(usePreferences.getState()), setItem: () => undefined })
        .navigation,
    ).toBe('icons')
    fireEvent.click(screen.getByRole('button', { name: 'Show the labels of the navigation' }))
    expect(rail.dataset['labelled']).toBe('')
  })
})

describe('Esc', () => {
  const escape = () =>
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape', code: 'Escape' })

  it('takes one thing away at a time: the dialog, the drawer, the filter, and leaves the field at last', async () => {
    const source = sourceIn('ok', 1, Date.now())
    useSourcesFilter.setState({ ...NO_FILTER, query: source.name })
    engine = fakeEngine(healthyStatus(Date.now()))
    engine.sources = [source]
    await show()
    act(() => navigate('sources', { source: source.id }))
    await settle()
    expect(screen.getByRole('complementary')).toBeDefined()
    const field = screen.getByLabelText(/Filter by name/)
    act(() => field.focus())
    escape()
    await settle()
    expect(screen.queryByRole('complementary')).toBeNull()
    expect(useSourcesFilter.getState().query).toBe(source.name)
    escape()
    expect(useSourcesFilter.getState().query).toBe('')
    expect(document.activeElement).not.toBe(field)
    act(() => field.focus())
    escape()
    expect(document.activeElement).not.toBe(field)
  })
})

describe('before the first word', () => {
  async function openUnreachable(refusal: string | null): Promise<void> {
    engine = fakeEngine(healthyStatus(Date.now()))
    engine.reachable = false
    engine.refusal = refusal
    await show()
  }

  it('says how long it has been trying, and what to look at', async () => {
    await openUnreachable(null)
    expect(screen.getByText(/The engine cannot be reached/)).toBeDefined()
    expect(screen.getByText(/check that Floorwatch is still running/)).toBeDefined()
  })

  it('says that it is refused, and how to get in, where that is so', async () => {
    await openUnreachable(
      'The address of this screen has expired: Floorwatch was started again, or the screen was away for 12 h.',
    )
    expect(
      screen.getByText(/The engine refuses this screen. The address of this screen has expired/),
    ).toBeDefined()
    expect(screen.getByText(/press Enter there for a new address/)).toBeDefined()
    expect(screen.queryByText(/cannot be reached/)).toBeNull()
  })
})
