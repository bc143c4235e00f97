import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAdmissions } from './admission.ts'
import type { Client } from './clients.ts'
import { callTokens, shapeOf } from './shapes.ts'
import type { Admission } from './types.ts'

const shape = shapeOf('chat')
const client = (tenant: string, model: string): Client => ({
  tenant,
  key: `${tenant}-web`,
  model,
  endpoint: 'chat',
  gpuType: 'H100',
  deployment: 0,
  share: 0.1,
  days: 100,
  shape,
})
const OPEN: Admission = { tpm: null, rpm: null, maxConcurrent: null, block: false }

describe('createAdmissions', () => {
  it('lets everything pass without limits and nothing where a stream is blocked', () => {
    const admissions = createAdmissions([client('a', 'x'), client('b', 'x')])
    admissions.update(
      ({ tenant }) => ({ ...OPEN, block: tenant === 'b' }),
      () => ({ tokens: 1000, seconds: 1 }),
    )
    expect([...admissions.parts]).toEqual([1, 0])
  })

  it('shares a limit among the streams of its tenant, and a lower one counts towards it', () => {
    const admissions = createAdmissions([
      client('a', 'x'),
      client('a', 'y'),
      client('a', 'y'),
      client('b', 'x'),
    ])
    admissions.update(
      ({ tenant, model }) => ({ ...OPEN, tpm: tenant === 'b' ? null : model === 'x' ? 6000 : 60_000 }),
      () => ({ tokens: 1000, seconds: 1 }),
    )
    const [x = 0, y1 = 0, y2 = 0, other = 0] = admissions.parts
    expect(x).toBeCloseTo(0.1)
    expect(y1).toBeCloseTo(0.45)
    expect(y2).toBeCloseTo(0.45)
    expect(other).toBe(1)
  })

  it('limits requests and calls in flight in their own units', () => {
    const admissions = createAdmissions([client('a', 'x'), client('b', 'x')])
    const perCall = callTokens(shape)
    admissions.update(
      ({ tenant }) => (tenant === 'a' ? { ...OPEN, rpm: 30 } : { ...OPEN, maxConcurrent: 2 }),
      () => ({ tokens: perCall, seconds: 8 }),
    )
    expect(admissions.parts[0]).toBeCloseTo(0.5)
    expect(admissions.parts[1]).toBeCloseTo(0.25)
  })

  it('never lets a tenant past its highest limit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ limit: fc.integer({ min: 0, max: 1e6 }), asked: fc.nat({ max: 50_000 }) }), {
          minLength: 1,
          maxLength: 8,
        }),
        (streams) => {
          const clients = streams.map((_, i) => client('a', String(i)))
          const admissions = createAdmissions(clients)
          admissions.update(
            ({ model }) => ({ ...OPEN, tpm: streams[Number(model)]?.limit ?? 0 }),
            (stream) => ({ tokens: streams[stream]?.asked ?? 0, seconds: 1 }),
          )
          for (const { limit } of streams) {
            const within = streams.reduce(
              (sum, { limit: own, asked }, i) =>
                own <= limit ? sum + asked * 60 * (admissions.parts[i] ?? 0) : sum,
              0,
            )
            expect(within).toBeLessThanOrEqual(limit * (1 + 1e-9))
          }
        },
      ),
    )
  })
})
