import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConsoleStatus } from '../../../shared/contract/console.ts'
import { type FakeEngine, fakeEngine, healthyStatus } from '../../../test/fixtures/fakeEngine.ts'
import { followStatus, INITIAL_STATUS, useStatus } from '../../state/status.ts'
import { createClient } from '../../transport/client.ts'
import { ClientProvider } from '../../transport/context.tsx'
import { SetupView } from './SetupView.tsx'

let engine: FakeEngine
let calls: [string, unknown][]
let stop: () => void = () => undefined

beforeEach(() => {
  calls = []
})
afterEach(() => {
  cleanup()
  stop()
  useStatus.setState(INITIAL_STATUS)
})

async function open(more: Partial<ConsoleStatus>, answer: FakeEngine['answer']): Promise<void> {
  engine = fakeEngine({ ...healthyStatus(Date.now()), ...more })
  engine.answer = (name, input) => {
    calls.push([name, input])
    return answer(name, input)
  }
  const client = createClient({ connect: engine.connect })
  const leave = followStatus(client)
  stop = () => {
    leave()
    client.close()
  }
  await act(() => new Promise((done) => setTimeout(done, 5)))
  render(
    <ClientProvider client={client}>
      <SetupView />
    </ClientProvider>,
  )
}

const works = { ok: true, title: 'Prometheus 2.42.0 answers in 12 ms.', details: [], nextStep: '' }
const refused = { ok: false, title: 'Connection refused.', details: [], nextStep: 'Start Prometheus.' }
const type = (label: RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const names = () => calls.map(([name]) => name)

describe('first start', () => {
  it('tests, then saves, and says where', async () => {
    await open({ mode: 'setup' }, (name) =>
      Promise.resolve(name === 'setup.test' ? works : { path: '/etc/fw.yaml' }),
    )
    type(/Site name/, 'Lyon 2')
    type(/^Address/, 'prom:9090')
    press('Test and save')
    await screen.findByText('/etc/fw.yaml')
    expect(names()).toEqual(['setup.test', 'setup.save'])
    expect(calls[1]?.[1]).toMatchObject({ site: { name: 'Lyon 2' }, prometheus: { url: 'http://prom:9090' } })
  })

  it('does not save what failed its test, but lets the person decide', async () => {
    await open({ mode: 'setup' }, (name) => Promise.resolve(name === 'setup.test' ? refused : { path: '/x' }))
    type(/Site name/, 'Lyon 2')
    type(/^Address/, 'prom:9090')
    press('Test and save')
    await screen.findByText('Start Prometheus.')
    expect(names()).toEqual(['setup.test'])
    press('Save anyway')
    await screen.findByText('/x')
  })

  it('forgets a verdict when the address changes', async () => {
    await open({ mode: 'setup' }, () => Promise.resolve(refused))
    type(/Site name/, 'Lyon 2')
    type(/^Address/, 'prom:9090')
    press('Test and save')
    await screen.findByText('Connection refused.')
    type(/^Address/, 'prom:9091')
    expect(screen.queryByText('Connection refused.')).toBeNull()
    expect(screen.queryByRole('button', { name: 'Save anyway' })).toBeNull()
  })

  it('complains at the field, and asks the engine nothing', async () => {
    await open({ mode: 'setup' }, () => Promise.resolve(works))
    expect(screen.queryByText(/Give the site a name/)).toBeNull()
    press('Test and save')
    await screen.findByText(/Give the site a name/)
    expect(screen.getByLabelText(/Site name/).getAttribute('aria-invalid')).toBe('true')
    expect(calls).toEqual([])
  })

  it('keeps what the engine says when saving fails', async () => {
    await open({ mode: 'setup' }, (name) =>
      name === 'setup.test'
        ? Promise.resolve(works)
        : Promise.reject(new Error('/etc/fw.yaml exists already.')),
    )
    type(/Site name/, 'Lyon 2')
    type(/^Address/, 'prom:9090')
    press('Test and save')
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toContain('exists already')
    expect(alert.textContent).toContain('Look at the address.')
  })

  it('starts the demo and goes to its floor', async () => {
    location.hash = '#/setup'
    await open({ mode: 'setup' }, () => Promise.resolve({}))
    press('Look at the demo factory')
    await waitFor(() => expect(location.hash).toBe('#/floor'))
    expect(names()).toEqual(['setup.demo'])
  })

  it('explains a demo that does not start', async () => {
    await open({ mode: 'setup' }, () => Promise.reject(new Error('Port 9400 is taken.')))
    press('Look at the demo factory')
    expect((await screen.findByRole('alert')).textContent).toContain('Port 9400 is taken.')
  })
})

describe('a screen that may only look', () => {
  it('says so and does nothing', async () => {
    await open({ mode: 'setup', role: 'wall' }, () => Promise.resolve({}))
    expect(screen.getByText(/can look but not act/)).toBeDefined()
    press('Look at the demo factory')
    press('Test and save')
    expect(screen.getByRole('button', { name: 'Test and save' }).getAttribute('aria-disabled')).toBe('true')
    expect(calls).toEqual([])
  })
})

describe('a connected site', () => {
  it('shows what is watched instead of a form', async () => {
    await open({ mode: 'site' }, () => Promise.resolve({}))
    expect(screen.getByText('/etc/floorwatch/floorwatch.yaml')).toBeDefined()
    expect(screen.queryByRole('button', { name: 'Test and save' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Look at the demo factory' })).toBeNull()
    expect(screen.getByText(/No screen can point this engine at another site/)).toBeDefined()
    expect(screen.getByText('--allow-setup')).toBeDefined()
  })

  it('can be replaced while the setup is unlocked at the terminal, and says for how long', async () => {
    await open({ mode: 'site', setup: { open: true, until: Date.now() + 600_500 } }, () =>
      Promise.resolve(works),
    )
    expect(screen.getByRole('status').textContent).toMatch(/for another (10|9)\smin/)
    expect(screen.getByText('/etc/floorwatch/floorwatch.yaml')).toBeDefined()
    expect(screen.queryByText(/No screen can turn/)).toBeNull()
    press('Test and save')
    await screen.findByText(/Give the site a name/)
    expect(screen.getByRole('button', { name: 'Look at the demo factory' })).toBeDefined()
  })
})
