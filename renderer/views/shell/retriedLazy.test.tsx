import { cleanup, render, screen } from '@testing-library/react'
import { Suspense } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { retriedLazy } from './retriedLazy.tsx'
import { ViewBoundary } from './ViewBoundary.tsx'

afterEach(cleanup)

const Opened = () => <EmptyState reason="opened" nextStep="" />

function show(View: () => React.ReactNode) {
  return render(
    <ViewBoundary title="yield">
      <Suspense fallback={null}>
        <View />
      </Suspense>
    </ViewBoundary>,
  )
}

describe('a view in a file of its own', () => {
  it('is loaded once, ahead or when it is opened', async () => {
    const load = vi.fn(() => Promise.resolve(Opened))
    const { preload, View } = retriedLazy(load)
    await preload()
    show(View as () => React.ReactNode)
    expect(await screen.findByText('opened')).toBeDefined()
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('opens at the second try where the first could not load it', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    let reachable = false
    const { preload, View } = retriedLazy(() =>
      reachable ? Promise.resolve(Opened) : Promise.reject(new Error('net::ERR_CONNECTION_REFUSED')),
    )
    await expect(preload()).resolves.toBeUndefined()
    show(View as () => React.ReactNode)
    const again = await screen.findByRole('button', { name: 'Open it again' })
    reachable = true
    again.click()
    expect(await screen.findByText('opened')).toBeDefined()
  })
})
