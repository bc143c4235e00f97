import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { useRef, useState } from 'react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useActions } from './actions.ts'
import { keepEarlyKeys, useStanding } from './early.ts'
import { useKeys } from './useKeys.ts'

let now = 0
let stop: () => void = () => undefined
const done: string[] = []
const settle = () => act(() => new Promise((resolve) => setTimeout(resolve, 10)))
const press = async (...keys: string[]) => {
  for (const key of keys)
    fireEvent.keyDown(document.activeElement ?? document.body, { key, code: `code-${key}` })
  await settle()
}

function View({ ready }: { ready: boolean }) {
  const search = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const action = (keys: string) => ({
    id: keys,
    title: keys,
    group: 'View',
    keys,
    run: () => void done.push(keys),
  })
  useActions(
    ready ? [action('l'), action('2'), { ...action('[Shift]+/'), run: () => search.current?.focus() }] : [],
  )
  useStanding(ready)
  return <input ref={search} aria-label="Filter" value={text} onChange={(e) => setText(e.target.value)} />
}

function Console({ ready, view = 'first' }: { ready: boolean; view?: string }) {
  const go = { id: 'go', title: 'Go', group: 'Go', keys: 'g t', run: () => void done.push('g t') }
  useActions([go])
  useKeys()
  return <View key={view} ready={ready} />
}

beforeEach(() => {
  now = 1000
  done.length = 0
  stop = keepEarlyKeys(window, () => now)
})
afterEach(() => {
  cleanup()
  stop()
})

describe('keys pressed before the view stands', () => {
  it('work as soon as it does, in their order and once', async () => {
    await press('l')
    const { rerender } = render(<Console ready={false} />)
    await press('2')
    expect(done).toEqual([])
    rerender(<Console ready />)
    await settle()
    expect(done).toEqual(['l', '2'])
    await press('l')
    expect(done).toEqual(['l', '2', 'l'])
  })

  it('type into the field that the first of them leads to', async () => {
    const { rerender } = render(<Console ready={false} />)
    await press('/', 'h', '-', '4')
    rerender(<Console ready />)
    await settle()
    expect(screen.getByLabelText<HTMLInputElement>('Filter').value).toBe('h-4')
    expect(document.activeElement).toBe(screen.getByLabelText('Filter'))
  })

  it('are one sequence also where the view stands in the middle of it', async () => {
    const { rerender } = render(<Console ready={false} />)
    await press('g')
    rerender(<Console ready />)
    await settle()
    await press('t')
    expect(done).toEqual(['g t'])
  })

  it('wait again on the way to the next view', async () => {
    const { rerender } = render(<Console ready />)
    await settle()
    rerender(<Console ready={false} view="second" />)
    await press('2')
    expect(done).toEqual([])
    rerender(<Console ready view="second" />)
    await settle()
    expect(done).toEqual(['2'])
  })

  it('are given up after a quarter of a minute, and where another key was understood since', async () => {
    const { rerender } = render(<Console ready={false} />)
    await press('l')
    now += 15_001
    await press('2', 'g', 't')
    rerender(<Console ready />)
    await settle()
    expect(done).toEqual(['g t'])
  })
})
