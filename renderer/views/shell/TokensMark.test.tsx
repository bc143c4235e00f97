import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import type { ConsoleStatus } from '../../../shared/contract/console.ts'
import { TokensMark } from './TokensMark.tsx'

type Drift = NonNullable<ConsoleStatus['tokens']>['drift']

function mark(drift: Drift): HTMLElement {
  render(<TokensMark tokens={{ perSecond: 18_200_000, at: Date.now(), origin: 'ok', drift }} />)
  return screen.getByRole('link', { name: /^Served against metered/ })
}

afterEach(cleanup)

describe('the mark of served against metered', () => {
  it.each([
    ['critical', 'critical drift'],
    ['advisory', 'drift'],
  ] as const)('tells a drift that is %s by shape, word and link', (severity, word) => {
    const link = mark({ state: 'drifts', severity, text: 'a on H100: 9 % is not metered.' })
    expect(link.getAttribute('href')).toBe('#/yield')
    expect(link.tabIndex).toBe(0)
    expect(link.textContent).toBe(word)
    expect(link.querySelector('.glyph')?.classList.contains(`glyph-${severity}`)).toBe(true)
    expect(link.getAttribute('aria-label')).toBe(`Served against metered: ${word}`)
  })

  it('is a check only where all agrees, and unknown is not', () => {
    const agrees = mark({ state: 'agrees', severity: 'normal', text: 'All agree.' })
    expect(agrees.querySelector('.glyph-check')).not.toBeNull()
    expect(agrees.textContent).toBe('')
    cleanup()
    for (const [state, glyph] of [
      ['learning', 'standby'],
      ['unknown', 'unknown'],
    ] as const) {
      const link = mark({ state, severity: 'normal', text: 'Nobody knows.' })
      expect(link.querySelector(`.glyph-${glyph}`)).not.toBeNull()
      cleanup()
    }
  })
})
