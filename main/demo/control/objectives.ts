import type { z } from 'zod'
import type { configSchema } from '../../config/schema.ts'
import type { DeploymentSpec } from '../factory/catalogue.ts'

type Section = NonNullable<z.input<typeof configSchema>['objectives']>[number]

/** What the factory owes; while it is healthy it keeps all of it at every hour, with margin. */
const OWED: readonly Section[] = [
  {
    name: 'ttft-chat',
    latency: { kind: 'timeToFirstToken', within: '500ms' },
    endpoint: 'chat',
    target: 0.95,
  },
  // Strict enough to page some minutes after its agent began to loop; with 95 % owed that takes three quarters of an hour.
  {
    name: 'ttft-agents',
    latency: { kind: 'timeToFirstToken', within: '2500ms' },
    endpoint: 'agents',
    target: 0.995,
  },
  {
    name: 'ttft-code',
    latency: { kind: 'timeToFirstToken', within: '500ms' },
    endpoint: 'code',
    target: 0.95,
  },
  // No bucket of vLLM is 250 ms: it is judged by 200 ms, with 300 ms as the band.
  {
    name: 'itl-reasoning',
    latency: { kind: 'interToken', within: '250ms' },
    endpoint: 'reasoning',
    target: 0.95,
  },
  { name: 'errors-chat', availability: {}, endpoint: 'chat', target: 0.985 },
  { name: 'lost-tokens', errorTokens: {}, target: 0.98 },
]

/** Those of endpoints that this factory has: a small one has no room for all. */
export function objectivesOf(deployments: readonly Pick<DeploymentSpec, 'endpoint'>[]): Section[] {
  const there = new Set(deployments.map(({ endpoint }) => endpoint))
  return OWED.filter(({ endpoint }) => endpoint === undefined || there.has(endpoint))
}
