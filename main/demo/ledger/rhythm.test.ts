import { describe, expect, it } from 'vitest'
import { POOLS } from '../factory/catalogue.ts'
import { createDemand } from '../factory/demand.ts'
import { MONDAY } from '../testing/series.ts'
import { expectedLoad } from './rhythm.ts'

describe('expectedLoad', () => {
  const specs = Object.values(POOLS)
    .flatMap((pool) => pool.deployments)
    .filter((spec) => spec.kind === 'serving')

  it.each(specs.map((spec) => [`${spec.tenant}/${spec.endpoint}`, spec] as const))(
    'is what %s serves on average, so that the past ends where the present begins',
    (_, spec) => {
      const local = { hour: 14.5, weekend: false }
      const demand = createDemand({ spec, capacity: 1000, pods: 1 }, 0, 3, MONDAY)
      const steps = 20_000
      let sum = 0
      for (let i = 0; i < steps; i++) sum += demand.advance(4, MONDAY + i * 4000, local)
      expect(Math.abs(sum / steps - expectedLoad(spec, local))).toBeLessThan(0.05)
    },
  )
})
