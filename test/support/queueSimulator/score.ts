import type { Attribution } from '../../../main/core/cause/types.ts'
import type { Scenario } from './scenarios.ts'

/**
 * What a proposal is worth against the truth. `right`: all culprits that had to be named, or none where none is to blame;
 * `narrow`: also no wider than they are; `missed`: none proposed; `part`: one of two; `innocent`: somebody who did nothing.
 */
export interface Score {
  readonly right: boolean
  readonly narrow: boolean
  readonly missed: boolean
  readonly innocent: boolean
}

export function scoreOf({ truth }: Scenario, { proposal }: Attribution): Score {
  const parts = proposal?.parts ?? []
  const guilty = new Set(truth.map(({ tenant }) => tenant))
  const named = new Set(parts.map(({ tenant }) => tenant))
  const innocent = parts.some(({ tenant }) => !guilty.has(tenant))
  const all = [...guilty].every((tenant) => named.has(tenant))
  const covers = truth.every(({ tenant, model, endpoint, key }) => {
    const part = parts.find((one) => one.tenant === tenant)
    const within = (names: readonly string[] | undefined, name: string | undefined) =>
      names === undefined || names.length === 0 || name === undefined || names.includes(name)
    return within(part?.models, model) && within(part?.endpoints, endpoint) && within(part?.keys, key)
  })
  return {
    right: !innocent && all && covers,
    narrow:
      !innocent &&
      all &&
      truth.every(({ tenant, key }) => {
        const part = parts.find((one) => one.tenant === tenant)
        return key === undefined || part?.keys.length === 0 || part?.keys.join() === key
      }),
    missed: truth.length > 0 && parts.length === 0,
    innocent,
  }
}
