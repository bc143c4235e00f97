import { describe, expect, it } from 'vitest'
import type { SecretUse } from '../engine/index.ts'
import { TerminalConsent, type TerminalConsentOptions } from './consent.ts'

const use: SecretUse = { reference: { env: 'PROM_TOKEN' }, origin: 'https://prom.example' }

function terminal(more: Partial<TerminalConsentOptions> = {}) {
  const said: string[] = []
  let codes = 0
  const consent = new TerminalConsent({
    allowed: [],
    interactive: true,
    say: (line) => said.push(line),
    newCode: () => `K7Q${codes++}`,
    ...more,
  })
  return { consent, said }
}

describe('consent at the terminal', () => {
  it('says what would go where, and allows it once its code was typed', () => {
    const { consent, said } = terminal()
    expect(consent.ask(use)).toMatchObject({
      given: false,
      nextStep: expect.stringContaining('allow K7Q0'),
    })
    expect(said.join('\n')).toContain('environment variable PROM_TOKEN')
    expect(said.join('\n')).toContain('to https://prom.example')
    expect(consent.typed('allow k7q0')).toBe(true)
    expect(consent.ask(use)).toEqual({ given: true })
  })

  it('allows this secret to this scheme, host and port alone', () => {
    const { consent } = terminal({ allowed: [use] })
    expect(consent.ask(use)).toEqual({ given: true })
    for (const other of [
      { ...use, origin: 'http://prom.example' },
      { ...use, origin: 'https://prom.example:8443' },
      { ...use, origin: 'https://evil.example' },
      { ...use, reference: { env: 'OTHER_TOKEN' } },
      { ...use, reference: { file: 'PROM_TOKEN' } },
    ]) {
      expect(consent.ask(other).given).toBe(false)
    }
  })

  it('asks once, however often a screen tries', () => {
    const { consent, said } = terminal()
    for (let i = 0; i < 100; i++) consent.ask(use)
    expect(said).toHaveLength(3)
    for (let i = 0; i < 100; i++) consent.ask({ ...use, origin: `https://h-${i}` })
    expect(said).toHaveLength(3 * 8)
  })

  it('takes no code that it did not give, and no other words', () => {
    const { consent, said } = terminal()
    consent.ask(use)
    expect(consent.typed('allow ZZZZ')).toBe(true)
    expect(said.at(-1)).toContain('No question')
    expect(consent.typed('')).toBe(false)
    expect(consent.typed('setup')).toBe(false)
    expect(consent.ask(use).given).toBe(false)
  })

  it('names the option where there is no terminal', () => {
    const { consent, said } = terminal({ interactive: false })
    expect(consent.ask(use)).toMatchObject({
      given: false,
      nextStep: expect.stringContaining('--allow-secret "PROM_TOKEN=https://prom.example"'),
    })
    expect(said).toEqual([])
  })
})
