import { cleanup, render } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { engineNow } from '../../transport/engineClock.ts'
import { Figure } from './Figure.tsx'
import type { FigureProps } from './figureProps.ts'
import { StaleSince } from './freshness.ts'
import { Provenance } from './Provenance.tsx'

afterEach(cleanup)

function shown(props: Partial<FigureProps>, lostSince: number | null = null) {
  const { container } = render(
    <StaleSince value={lostSince}>
      <Figure label="Power" unit="W" value={612} {...props} />
    </StaleSince>,
  )
  const figure = container.querySelector('.figure')
  return {
    state: figure?.getAttribute('data-state'),
    text: figure?.textContent?.replaceAll('\u2009', ' '),
    figure,
  }
}

describe('Figure', () => {
  it('prints an ok figure with its unit, and says its name to screen readers', () => {
    expect(shown({})).toMatchObject({ state: 'ok', text: 'Power: 612 W' })
  })

  it('prints an exact total of any size', () => {
    expect(shown({ value: 9_007_199_254_740_993n, unit: 'tok' }).text).toBe('Power: 9.01 P tok')
    expect(shown({ value: 0n }).state).toBe('zero')
  })

  it('prints an explicit zero', () => {
    expect(shown({ value: 0 })).toMatchObject({ state: 'zero', text: 'Power: 0 W' })
  })

  it.each([null, Number.NaN, Infinity])('prints a dash for %s, and never a number', (value) => {
    expect(shown({ value })).toMatchObject({ state: 'absent', text: 'Power: \u2014 (no value)' })
  })

  it('reads a state that claims a number without having one as absent', () => {
    expect(shown({ value: null, state: 'ok' }).state).toBe('absent')
  })

  it('dims a stale figure and says how old it is', () => {
    const { state, text } = shown({ state: 'stale', at: engineNow() - 41_000 })
    expect(state).toBe('stale')
    expect(text).toBe('Power: 612 W41 s (last known)')
  })

  it('never prints a refused value', () => {
    const { state, text, figure } = shown({ value: 99_999, state: 'implausible', refused: 99_999 })
    expect(state).toBe('implausible')
    expect(text).not.toMatch(/\d/)
    expect(figure?.querySelector('.glyph-implausible')).not.toBeNull()
  })

  it('shows every current figure as stale once the line is lost, and leaves the others what they are', () => {
    const lost = engineNow() - 5000
    expect(shown({}, lost).state).toBe('stale')
    expect(shown({ value: 0 }, lost).state).toBe('stale')
    expect(shown({ value: null }, lost).state).toBe('absent')
    expect(shown({ state: 'implausible' }, lost).state).toBe('implausible')
  })

  it('tells a deviation by a shape with a name, not by colour alone', () => {
    expect(
      shown({ severity: 'critical' }).figure?.querySelector('[role=img]')?.getAttribute('aria-label'),
    ).toBe('critical')
  })

  it.each([
    [12, 'up 12.0 W'],
    [-12, 'down 12.0 W'],
    [0, 'steady'],
  ])('says a change of %d in words', (trend, words) => {
    expect(
      shown({ trend }).figure?.querySelector('.figure-trend [role=img]')?.getAttribute('aria-label'),
    ).toBe(words)
  })
})

describe('Provenance', () => {
  it('gives the exact value, the age and the source', () => {
    const at = engineNow() - 4000
    const { container } = render(
      <Provenance
        label="Power"
        value={612.34}
        unit="W"
        shown="ok"
        at={at}
        source="DCGM_FI_DEV_POWER_USAGE"
        connectionLostAt={null}
      />,
    )
    expect(container.textContent).toContain('612.34 W')
    expect(container.textContent).toContain('4\u2009s ago')
    expect(container.textContent).toContain('DCGM_FI_DEV_POWER_USAGE')
  })

  it('gives every digit of an exact total', () => {
    const { container } = render(
      <Provenance
        label="Input"
        value={9_007_199_254_740_993n}
        unit="tok"
        shown="ok"
        connectionLostAt={null}
      />,
    )
    expect(container.textContent).toContain('9,007,199,254,740,993 tok')
  })

  it('shows what was refused, marked as refused', () => {
    const { container } = render(
      <Provenance
        label="Temp"
        value={null}
        refused={2147483647}
        shown="implausible"
        connectionLostAt={null}
      />,
    )
    expect(container.textContent).toContain('refused: 2147483647')
  })
})
