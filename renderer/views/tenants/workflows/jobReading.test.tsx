import { cleanup, render } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import { PartTokens } from './jobReading.tsx'
import { said } from '../../../../shared/messages/message.ts'

afterEach(cleanup)

const origin = (lacks: TokenOrigin['lacks']): TokenOrigin => ({
  state: 'ok',
  name: 'Metering',
  text: null,
  nextStep: null,
  dataAsOf: 0,
  lagAllowedMs: 0,
  missing: [],
  lacks,
  corrections: [],
})
const lacking = origin([{ what: 'reasoning', text: said('Metering does not count reasoning apart.') }])

function shown(of: TokenOrigin, count: string): string {
  const { container } = render(<PartTokens part="reasoning" origin={of} label="Reasoning" count={count} />)
  const text = container.textContent ?? ''
  cleanup()
  return text
}

describe('a part of the tokens of a job', () => {
  it('is a dash with the reason where the metering does not count it apart, and 0 where it does', () => {
    expect(shown(lacking, '0')).toContain('\u2014')
    expect(shown(lacking, '0')).toContain('does not count reasoning apart')
    expect(shown(origin([]), '0')).toMatch(/: 0\stok/)
  })

  it('is what was counted all the same', () => {
    expect(shown(lacking, '12')).toMatch(/: 12\stok/)
  })
})
