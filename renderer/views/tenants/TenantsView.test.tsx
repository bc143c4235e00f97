import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { STREAMS } from '../../../shared/contract/contract.ts'
import { fakeEngine, healthyStatus } from '../../../test/fixtures/fakeEngine.ts'
import { syntheticTenants, type TenantScene } from '../../../test/fixtures/syntheticTenants.ts'
import { useStatus } from '../../state/status.ts'
import { parseRoute, useNavigation } from '../../state/navigation.ts'
import { createClient } from '../../transport/client.ts'
import { ClientProvider } from '../../transport/context.tsx'
import { TenantsView } from './TenantsView.tsx'

// A page without layout has no canvas either; the charts have tests of their own.
vi.mock('./page/Trend.tsx', () => ({ Trend: () => null }))

let stop: () => void = () => undefined

beforeEach(() => {
  // A page without layout shows no rows of a virtual list: give everything the size of a screen.
  for (const property of ['offsetHeight', 'clientHeight'] as const) {
    vi.spyOn(HTMLElement.prototype, property, 'get').mockReturnValue(600)
  }
  for (const property of ['offsetWidth', 'clientWidth'] as const) {
    vi.spyOn(HTMLElement.prototype, property, 'get').mockReturnValue(1800)
  }
  useNavigation.setState({ view: 'tenants', params: {} })
})
afterEach(() => {
  cleanup()
  stop()
  vi.restoreAllMocks()
})

async function open(scene: TenantScene, params: Record<string, string> = {}) {
  const at = Date.now()
  const tenants = syntheticTenants(scene, () => at)
  const engine = fakeEngine(healthyStatus(at))
  const asked: string[][] = []
  engine.items = (name, given) => {
    if (name === 'tokens.tenants') return tenants.ranking()
    if (name === 'tokens.tenant') return tenants.detail(STREAMS[name].params.parse(given).id)
    if (name !== 'tokens.sparks') return undefined
    const { tenants: ids } = STREAMS[name].params.parse(given)
    asked.push(ids)
    return tenants.sparks(ids)
  }
  engine.answer = async () => tenants.keys('t-00003')
  useNavigation.setState({ view: 'tenants', params })
  const client = createClient({ connect: engine.connect })
  stop = () => client.close()
  render(
    <ClientProvider client={client}>
      <TenantsView />
    </ClientProvider>,
  )
  await act(() => new Promise((done) => setTimeout(done, 20)))
  return { engine, asked, tenants }
}

const rows = () => screen.getAllByRole('row').slice(1)
const text = (row: HTMLElement | undefined, cell: number) =>
  row === undefined ? '' : (within(row).getAllByRole('gridcell')[cell]?.textContent ?? '')
const params = () => useNavigation.getState().params

describe('the ranking of tenants', () => {
  it('keeps only rows in sight in the page, and asks for their shapes alone', async () => {
    const { asked } = await open('many')
    expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('10001')
    expect(rows().length).toBeLessThan(60)
    await act(() => new Promise((done) => setTimeout(done, 300)))
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.every((ids) => ids.length <= 120)).toBe(true)
    expect(document.querySelectorAll('.tenant-spark path').length).toBeGreaterThan(5)
  })

  it('asks on a wall for no usage over time, and has no column for it', async () => {
    const { status } = useStatus.getState()
    useStatus.setState({ status: { ...healthyStatus(Date.now()), role: 'wall' } })
    const { asked } = await open('few')
    await act(() => new Promise((done) => setTimeout(done, 300)))
    useStatus.setState({ status })
    expect(asked).toEqual([])
    expect(screen.queryByRole('columnheader', { name: /Recent/ })).toBeNull()
    expect(rows().length).toBeGreaterThan(0)
  })

  it('sorts by a head, both ways and back, and notes it in the address', async () => {
    await open('few')
    const press = () =>
      fireEvent.click(within(screen.getByRole('grid')).getByRole('button', { name: /^Noisy/ }))
    const sorted = () => screen.getByRole('columnheader', { name: /^Noisy/ }).getAttribute('aria-sort')
    press()
    expect([sorted(), params()['sort']]).toEqual(['descending', 'noise'])
    const scores = rows().map((row) => Number(/[\d.]+$/.exec(row.textContent ?? '')?.[0]))
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    press()
    expect([sorted(), params()['sort']]).toEqual(['ascending', 'noise.reversed'])
    press()
    expect([sorted(), params()['sort']]).toEqual(['none', undefined])
  })

  it('filters by words and by state, and leads out of an empty list', async () => {
    await open('gaps')
    fireEvent.change(screen.getByLabelText(/Filter tenants/), { target: { value: 'orbis' } })
    expect(rows().every((row) => text(row, 1).includes('Orbis'))).toBe(true)
    expect(params()['text']).toBe('orbis')
    fireEvent.change(screen.getByLabelText(/Filter tenants/), { target: { value: 'nobody' } })
    expect(screen.getByText('No tenant matches the filter.')).toBeDefined()
    fireEvent.click(screen.getByRole('button', { name: /Clear the filter/ }))
    fireEvent.click(screen.getByRole('button', { name: /^blocked/ }))
    expect(rows().map((row) => text(row, 2))).toEqual([expect.stringContaining('blocked')])
  })

  it('opens a tenant by a click, with the way back in the address', async () => {
    await open('few', { sort: 'noise' })
    const [, second] = rows()
    if (second !== undefined) fireEvent.click(second)
    expect(location.hash).toMatch(/^#\/tenants\?tenant=t-0000\d&sort=noise$/)
  })

  it('ranks those of unknown rate last, and shows them as not known', async () => {
    await open('gaps', { sort: 'tokens.reversed', text: 't-00004' })
    expect(text(rows()[0], 3)).toBe('Tokens/s: \u2014 (no value: LiteLLM at litellm:4000 did not report it.)')
  })

  it('says what to do where no metering is configured', async () => {
    await open('none')
    expect(screen.getByText(/No token metering is configured/)).toBeDefined()
    expect(screen.getByRole('button', { name: /setup/ })).toBeDefined()
  })

  it('says above everything that the metering lags', async () => {
    await open('lagging')
    expect(screen.getByText('The metering lags.')).toBeDefined()
    expect(document.querySelector('.tenants-list .figure[data-state=stale]')).not.toBeNull()
  })
})

describe('the page of a tenant', () => {
  it('names its parts of the score with their sentences, its limits, quotas and keys', async () => {
    await open('page', { tenant: 't-00003' })
    expect(screen.getByRole('heading', { level: 2 }).textContent).toContain('Blue Harbour Health 3')
    expect(screen.getByRole('region', { name: 'Noisy' }).textContent).toContain(
      'of its requests are refused by a limit',
    )
    expect(screen.getByRole('region', { name: 'Quotas' }).textContent).toContain('used up')
    expect(screen.getByRole('region', { name: 'Entitlement and limits' }).textContent).toContain('req/min')
    await act(() => new Promise((done) => setTimeout(done, 20)))
    expect(screen.getByRole('region', { name: 'Keys' }).textContent).toContain('notebook of the data team')
  })

  it('says why there is no latency instead of twelve dashes', async () => {
    await open('pageGaps', { tenant: 't-00003' })
    expect(screen.getByText(/measures no latencies per tenant/)).toBeDefined()
    expect(screen.getByRole('region', { name: 'GPU types' }).textContent).toContain('LiteLLM does not know')
  })

  it('of nobody says so, and leads back to the ranking with the rest of the address', async () => {
    await open('missing', { tenant: 'ghost', sort: 'noise' })
    expect(screen.getByText(/No tenant ghost is known/)).toBeDefined()
    fireEvent.click(screen.getByRole('button', { name: /All tenants/ }))
    expect(params()).toEqual({ selected: 'ghost', sort: 'noise' })
  })
})

describe('a tenant that leaves while the order is held', () => {
  it('keeps its place under the pointer and is called no longer listed', async () => {
    const { engine, tenants } = await open('few')
    fireEvent.pointerMove(screen.getByRole('grid'))
    const { items } = engine
    engine.items = (name, given) => {
      if (name !== 'tokens.tenants') return items(name, given)
      const item = tenants.ranking()
      const keep = (values: readonly unknown[]): unknown[] => values.filter((_, place) => place !== 1)
      return {
        ...Object.fromEntries(
          Object.entries(item).map(([key, value]) => [key, Array.isArray(value) ? keep(value) : value]),
        ),
        noiseParts: Object.fromEntries(
          Object.entries(item.noiseParts).map(([part, values]) => [part, keep(values)]),
        ),
      }
    }
    await act(async () => {
      engine.publish()
      await new Promise((done) => setTimeout(done, 20))
    })
    expect(text(rows()[1], 1)).toContain('no longer listed')
    fireEvent.pointerLeave(screen.getByRole('grid'))
    expect(screen.queryByText(/no longer listed/)).toBeNull()
  })
})

it('ranks the jobs of all tenants, each with its tenant, its start and its id, and opens one on the page of its tenant', async () => {
  const at = Date.now()
  const tokens = { input: '900', output: '100', cachedInput: '0', reasoning: '0' }
  const job = (id: string, tenant: string) => ({
    id,
    name: 'nightly report',
    tenant,
    startedAt: at - 125_000,
    endedAt: at - 5000,
    outcome: 'failed',
    steps: 3,
    retries: 0,
    toolFailures: 0,
    retrievalMisses: 0,
    tokens,
    total: '1000',
    cost: null,
  })
  const { engine } = await open('few')
  const { origin } = syntheticTenants('few', () => at).ranking()
  const asked: unknown[] = []
  engine.answer = async (_name, question) => {
    asked.push(question)
    const totals = {
      started: 2,
      succeeded: 0,
      failed: 2,
      cancelled: 0,
      running: 0,
      retries: 0,
      toolFailures: 0,
    }
    return {
      origin,
      totals: { ...totals, tokens, total: '2000', cost: null, costPerSuccess: null },
      workflows: [job('job-1', 't-00003'), job('job-2', 't-00007')],
      nextCursor: null,
    }
  }
  fireEvent.click(screen.getByRole('button', { name: /^Jobs of all tenants/ }))
  act(() => useNavigation.setState(parseRoute(location.hash)))
  await act(() => new Promise((done) => setTimeout(done, 20)))
  expect(asked).toMatchObject([{ tenant: null }])
  expect(screen.getByRole('heading', { name: 'Jobs of all tenants' })).toBeDefined()
  const [, second] = rows()
  expect(second?.textContent).toContain('job-2')
  expect(second?.textContent).toContain('t-00007')
  expect(second?.textContent).toMatch(/2.min ago/u)
  if (second !== undefined) fireEvent.click(second)
  expect(parseRoute(location.hash).params).toMatchObject({ tenant: 't-00007', job: 'job-2' })
})
